# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second host: a separate root directory with the distribution's Python, without this collection and without requests.

It shares /usr with the machine, read-only. Everything else is separate. The vendor's program at its documented path is the
sandbox's command line. Each command runs in a new mount namespace, so that no mounts remain. The network is shared: the second
host is the Installatron host, where the sandbox listens.
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
# Options of the action group for this host. The command line does not need api_url.
CLI_OPTIONS = {"transport": "cli", "run_on": "controller", "api_url": None}
# Checks for the oldest Python that the collection supports, and prints the directories of installed packages.
PROBE = "import json, site, sys; assert sys.version_info >= (3, 9); print(json.dumps(site.getsitepackages()))"
# The sandbox's program and its state on the second host.
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


def missing_requirement():
    """Return why this machine cannot run a second host and the package to install, or None."""
    missing = [tool for tool in ("unshare", "mount", "chroot") if not shutil.which(tool, path=_path())]
    if missing:
        return "%s is not installed: apt-get install util-linux coreutils" % missing[0]
    if not _works([PYTHON, "-I", "-c", PROBE]):
        return "no %s of version 3.9 or newer: apt-get install python3" % PYTHON
    if not _works([*_unshare(), "mount", "--rbind", "/usr", "/usr"]):
        return "this user cannot create mount namespaces: run as root, or allow user namespaces (unshare of util-linux)"
    return None


def _works(command):
    """Return whether a program exists and succeeds."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _path():
    return os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin:/sbin:/bin"


def _unshare():
    """Return the command that runs another one in a mount namespace, as root."""
    as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    return [shutil.which("unshare", path=_path()), "--mount", *as_root]


class SecondHost:
    """The second host. C(inventory) is its line in an inventory.

    Arguments:
        folder: for its files; must be new. sandbox: the Sandbox that its command line uses. bare: whether it is an empty machine instead, without
        the vendor's program and with a writable /usr/local.
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
        """The environment variables that ansible-playbook needs to reach it."""
        return {"ANSIBLE_CONNECTION_PLUGINS": str(HERE / "connection_plugins"), "ANSIBLE_PIPELINING": "true"}

    def run(self, command):
        """Run a shell command. Return the finished process."""
        return subprocess.run([str(self.enter), command], capture_output=True, text=True, check=False)

    def write_program(self, path, text):
        """Write a shell script to its file system, at an absolute path."""
        self._write_program(self.root / path.lstrip("/"), "#!/bin/sh\n" + text)

    @staticmethod
    def _write_program(path, text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)

    def _system(self):
        """Yield the mounts (from, to, read-only) of the system. Create symbolic links such as /bin as on this machine."""
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
        """Yield the mounts that hide the installed Python packages of this machine."""
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
