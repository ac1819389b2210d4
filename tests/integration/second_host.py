# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second host: a root of its own with the distribution's Python, without this collection and without requests.

It borrows /usr from the machine, read-only, and has everything else for itself; the vendor's program at its documented
place is the sandbox's command line. Each command gets its own mount namespace, so that nothing stays mounted. The
network is shared: the second host is the Installatron host, where the sandbox listens.
"""

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

from harness import HERE, PROGRAM

PYTHON = "/usr/bin/python3"
CLI = "/usr/local/installatron/installatron"
NAME = "second"
# Options of the action group for it; the command line needs no api_url.
LINE = {"transport": "cli", "run_on": "controller", "api_url": None}
# The oldest Python that the collection supports, and the directories in which this one finds installed packages.
PROBE = "import json, site, sys; assert sys.version_info >= (3, 9); print(json.dumps(site.getsitepackages()))"
# Where the second host has the sandbox's program and its state.
SANDBOX_PROGRAM, SANDBOX_STATE = "/opt/sandbox", "/var/lib/sandbox"
FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
    "etc/group": "root:x:0:\n",
    "etc/hosts": "127.0.0.1 localhost %s\n" % NAME,
    "etc/hostname": NAME + "\n",
}
WRAPPER = "#!/bin/sh\nPYTHONPATH=%s PYTHONPYCACHEPREFIX=/var/tmp/python exec %s -m itron_sandbox cli --state %s \"$@\"\n" % (
    SANDBOX_PROGRAM, PYTHON, SANDBOX_STATE)
ENTER = """#!/bin/sh
# Runs the shell command $1 on the second host.
exec %(unshare)s /bin/sh -ec '
%(mounts)s
exec chroot %(root)s /usr/bin/env -i PATH=/usr/sbin:/usr/bin HOME=/root LC_ALL=C.UTF-8 /bin/sh -c "$1"' enter "$1"
"""


def obstacle():
    """Return why this machine cannot have a second host, with the package that helps, or None."""
    missing = [tool for tool in ("unshare", "mount", "chroot") if not shutil.which(tool, path=_path())]
    if missing:
        return "no %s here: apt-get install util-linux coreutils" % missing[0]
    if not _works([PYTHON, "-I", "-c", PROBE]):
        return "no %s of version 3.9 or newer here: apt-get install python3" % PYTHON
    if not _works([*_unshare(), "mount", "--rbind", "/usr", "/usr"]):
        return "no mount namespaces for this user: be root, or allow user namespaces (unshare of util-linux)"
    return None


def _works(command):
    """Say whether a program is there and succeeds."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _path():
    return os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin:/sbin:/bin"


def _unshare():
    """Return the command that gives another one a mount namespace; whoever is not root becomes it in there."""
    as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    return [shutil.which("unshare", path=_path()), "--mount", *as_root]


class SecondHost:
    """The second host; C(inventory) is its line in an inventory.

    Arguments:
        folder: for its files, a new one. sandbox: the Sandbox whose command line it has. bare: whether it is an empty machine instead, without
        the vendor's program and with a /usr/local that can be written to.
    """

    name = NAME

    def __init__(self, folder, sandbox, bare=False):
        self._folder = Path(folder)
        self.root = self._folder / "root"
        for directory in ("usr", "etc", "proc", "dev", "tmp", "root", "opt/sandbox", "var/lib/sandbox", "var/tmp"):
            (self.root / directory).mkdir(parents=True)
        (self._folder / "empty").mkdir()
        for path, text in FILES.items():
            (self.root / path).write_text(text, encoding="utf-8")
        if Path("/etc/ld.so.cache").exists():
            shutil.copy("/etc/ld.so.cache", self.root / "etc")
        self.local = self._folder / "local"
        self.local.mkdir()
        self._bare = bare
        if not bare:
            self._write_program(self.local / Path(CLI).relative_to("/usr/local"), WRAPPER)
        self.enter = self._folder / "enter"
        mounts = [*self._system(), *self._packages(), (PROGRAM, SANDBOX_PROGRAM, True),
                  (sandbox.state_directory, SANDBOX_STATE, False)]
        self._write_program(self.enter, ENTER % {
            "unshare": shlex.join(_unshare()), "root": shlex.quote(str(self.root)),
            "mounts": "\n".join(self._mount(*mount) for mount in mounts)})
        self.inventory = "%s ansible_connection=second_host second_host_enter=%s ansible_python_interpreter=%s" % (
            NAME, self.enter, PYTHON)

    @property
    def environment(self):
        """What ansible-playbook needs in its environment to reach it."""
        return {"ANSIBLE_CONNECTION_PLUGINS": str(HERE / "connection_plugins"), "ANSIBLE_PIPELINING": "true"}

    def run(self, command):
        """Run a shell command; return the finished process."""
        return subprocess.run([str(self.enter), command], capture_output=True, text=True, check=False)

    def write_program(self, path, text):
        """Put a shell script into its file system, at an absolute path."""
        self._write_program(self.root / path.lstrip("/"), "#!/bin/sh\n" + text)

    @staticmethod
    def _write_program(path, text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)

    def _system(self):
        """Yield the mounts (from, to, read-only) of the system; make /bin and its like links where they are here."""
        yield "/usr", "/usr", True
        yield self.local, "/usr/local", not self._bare
        for directory in ("/proc", "/dev"):
            yield directory, directory, False
        for directory in ("bin", "sbin", "lib", "lib64"):
            real = Path("/", directory)
            if real.is_symlink():
                (self.root / directory).symlink_to(os.readlink(real))
            elif real.exists():
                (self.root / directory).mkdir()
                yield real, real, True

    def _packages(self):
        """Yield the mounts that hide the Python packages that this machine has installed."""
        found = subprocess.run([PYTHON, "-I", "-c", PROBE], capture_output=True, text=True, check=True).stdout
        for directory in json.loads(found):
            if os.path.isdir(directory) and not directory.startswith("/usr/local/"):
                yield self._folder / "empty", directory, True

    def _mount(self, source, target, read_only):
        """Return the shell commands of one mount."""
        where = shlex.quote(str(self.root) + str(target))
        commands = ["mount --rbind %s %s" % (shlex.quote(str(source)), where)]
        if read_only:
            commands.append("mount -o remount,bind,ro %s" % where)
        return "\n".join(commands)
