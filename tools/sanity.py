# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ``ansible-test sanity`` on a copy of the collection, with a home directory of its own below .build.

ansible-test insists on a path that ends in ``ansible_collections/<namespace>/<name>`` inside a git checkout, keeps its
virtual environments in ``~/.ansible/test`` and passes almost nothing of the environment to pip. So this script

- copies the files that git knows or would add to .build/sanity/ansible_collections/hostops/installatron,
- gives ansible-test the home .build/sanity/home, where its virtual environments survive from run to run,
- takes from the package index what ansible-test asks for from a host that cannot be reached (dill from GitHub, in 2.22),
- puts there what pip's configuration is for the caller, and the bootstrap script for pip that ansible-test would
  otherwise download,
- says at the end which tests ran and which could not.

Arguments are handed to ``ansible-test sanity``, for instance ``--test pep8``; ``--prime-venvs`` makes the virtual environments
and runs no test.
"""

from __future__ import annotations

import ast
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys

import ansible_test
import worktree
from ansible_test._internal import python_requirements
from ansible_test._util.target.common import constants

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / ".build" / "sanity"
COPY = WORK / "ansible_collections" / "hostops" / "installatron"
HOME = WORK / "home"

# The oldest Python that the collection supports, as tests/config.yml says.
OLDEST_PYTHON = (3, 9)

PRIME = "--prime-venvs"

# Runs in an empty virtual environment, started by ansible-test with the arguments of get-pip. A pip that is at hand
# does what get-pip would, or, if it does not support the Python of that environment, the one that comes with Python.
# It has to be a process of its own, for ansible-test's wrapper changes logging, and with it pip's configuration.
GET_PIP = """\
import subprocess
import sys

arguments = [argument for argument in sys.argv[1:] if argument not in ("--no-setuptools", "--no-wheel")]
install = ["install", "--quiet"] + arguments
other_pip = [{python!r}, "-m", "pip", "--python", sys.executable]
if subprocess.run(other_pip + install).returncode:
    subprocess.run([sys.executable, "-m", "ensurepip"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([sys.executable, "-m", "pip"] + install, check=True)
"""


def output(*command: str) -> str:
    """Return what a command prints; raise CalledProcessError if it fails."""
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def copy_collection() -> None:
    """Copy the tracked and the not ignored files, as they are now, into a git repository of their own."""
    worktree.copy(COPY)
    for command in (["init", "--quiet"], ["add", "--all", "--force"]):
        subprocess.run(["git", *command], cwd=COPY, check=True, env=environment())


def environment() -> dict[str, str]:
    """Return the environment for ansible-test: the caller's, but for the home and for variables that change results."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "GIT_", "PYTHON"))}
    return {**env, "HOME": str(HOME), "XDG_CACHE_HOME": str(pathlib.Path.home() / ".cache")}


def write_pip_configuration() -> None:
    """Write the configuration of pip that is in force for the caller where pip finds it under the other home.

    ansible-test hands neither ``PIP_*`` nor ``XDG_*`` variables on, so environment variables become lines of the file.
    """
    sections: dict[str, dict[str, str]] = {}
    for line in output(sys.executable, "-m", "pip", "config", "list").splitlines():
        key, _equals, value = line.partition("=")
        section, _dot, option = key.rpartition(".")
        # pip lists the environment before its files, and the environment counts more: the first one found stays.
        options = sections.setdefault("global" if section == ":env:" else section, {})
        options.setdefault(option, ast.literal_eval(value).replace("\n", "\n    "))
    sections.setdefault("global", {})["quiet"] = "2"  # ansible-test prints what pip prints; errors are enough
    lines = []
    for section, options in sections.items():
        lines += [f"[{section}]", *(f"{name} = {value}" for name, value in options.items() if name != "config-file")]
    path = HOME / ".config" / "pip" / "pip.conf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)  # an index's address may hold a password
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_get_pip() -> None:
    """Put the bootstrap script for pip where ansible-test looks for it before it downloads one."""
    source = pathlib.Path(python_requirements.__file__).read_text(encoding="utf-8")
    version = re.search(r"pip='([\d.]+)'", source)
    if version is None:
        raise SystemExit("sanity: this ansible-test does not name its version of pip where expected")
    path = HOME / ".ansible" / "test" / "cache" / f"get_pip_{version[1].replace('.', '_')}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(GET_PIP.format(python=sys.executable), encoding="utf-8")


def take_from_index() -> list[str]:
    """Replace requirements of ansible-test that are files on a host which cannot be reached; return the names of these packages."""
    taken = []
    for path in sorted(pathlib.Path(ansible_test.__file__).parent.glob("_data/requirements/sanity.*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines):
            direct = re.match(r"(\S+) @ https://([^/:]+)/", line)
            if direct and not reachable(direct[2]):
                lines[number] = direct[1]
                taken.append(direct[1])
        if lines != path.read_text(encoding="utf-8").splitlines():
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return taken


def reachable(host: str) -> bool:
    """Tell whether a host answers to HTTPS within two seconds."""
    try:
        with socket.create_connection((host, 443), timeout=2):
            return True
    except OSError:
        return False


def other_pythons() -> list[str]:
    """Return the versions of the other Pythons on this machine that modules support and that really start."""
    own = "{}.{}".format(*sys.version_info[:2])
    known = constants.REMOTE_ONLY_PYTHON_VERSIONS + constants.CONTROLLER_PYTHON_VERSIONS
    supported = [version for version in known if tuple(map(int, version.split("."))) >= OLDEST_PYTHON]
    return [version for version in supported if version != own and starts(f"python{version}")]


def starts(python: str) -> bool:
    """Tell whether a Python is there and works; pyenv, for one, leaves commands that only print an error."""
    if shutil.which(python) is None:
        return False
    return subprocess.run([python, "-c", ""], check=False, capture_output=True).returncode == 0


def run(version: str, arguments: list[str]) -> tuple[int, list[str], list[str]]:
    """Run ansible-test, show its output as it comes; return its status, the tests that ran and those that could not."""
    command = ["ansible-test", "sanity", "--local", "--python", version, "--color", "no", *arguments]
    ran, missing = [], []
    with subprocess.Popen(
        command, cwd=COPY, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            ran += re.findall(r"^Running sanity test \"([\w-]+)\"", line)
            missing += re.findall(r"^WARNING: (.*(?:[Ss]kipp|[Mm]issing|[Rr]equired).*)", line)
    return process.returncode, ran, missing


def main(arguments: list[str]) -> int:
    """Run every test on this Python, those of syntax and imports on the others too; return 0 if all passed."""
    copy_collection()
    write_pip_configuration()
    write_get_pip()
    taken = take_from_index()
    own = "{}.{}".format(*sys.version_info[:2])
    status, ran, missing = run(own, arguments)
    # A row of the matrix leaves the other Pythons to make test.
    others = [] if set(arguments) - {PRIME} or os.environ.get("SANITY_OWN_PYTHON_ONLY") else other_pythons()
    for version in others:
        other_status, _ran, reasons = run(version, ["--test", "compile", "--test", "import", *arguments])
        status = status or other_status
        missing += reasons
    core = output("ansible-test", "--version").split()[-1]
    print(f"summary: {len(ran)} sanity tests, ansible-core {core}, Python {own}")
    if others:
        print(f"summary: compile and import on Python {', '.join(others)} too")
    for name in taken:
        print(f"summary: {name} came from the package index, for the host that ansible-test names cannot be reached")
    for reason in missing:
        print(f"summary: not run: {reason}")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
