# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ``ansible-test sanity`` on a copy of the collection, with a separate home directory below .build.

ansible-test requires a path that ends with ``ansible_collections/<namespace>/<name>`` inside a git checkout, stores its
virtual environments in ``~/.ansible/test``, and passes almost no environment variables to pip. This script therefore

- copies the tracked and untracked (not ignored) files to .build/sanity/ansible_collections/hostops/installatron,
- sets the home directory of ansible-test to .build/sanity/home, where the virtual environments are kept between runs,
- takes packages from the package index that ansible-test requests from an unreachable host (dill from GitHub, in 2.22),
- writes the caller's pip configuration to that home directory, and the bootstrap script for pip that ansible-test would
  otherwise download,
- prints a summary of the tests that ran and of those that could not run.

Arguments are passed to ``ansible-test sanity``, for example ``--test pep8``. ``--prime-venvs`` creates the virtual environments
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

# The oldest Python that the collection supports, see tests/config.yml.
OLDEST_PYTHON = (3, 9)

PRIME = "--prime-venvs"

# ansible-test runs this script in an empty virtual environment with the arguments of get-pip. The script uses the pip of this
# program or, if that does not support the Python of the environment, the pip bundled with Python.
# pip runs in a separate process, because the wrapper of ansible-test changes logging and thereby pip's configuration.
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
    """Return the output of a command; raise CalledProcessError if it fails."""
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def copy_collection() -> None:
    """Copy the current tracked and untracked (not ignored) files to a new git repository."""
    worktree.copy(COPY)
    for command in (["init", "--quiet"], ["add", "--all", "--force"]):
        subprocess.run(["git", *command], cwd=COPY, check=True, env=environment())


def environment() -> dict[str, str]:
    """Return the environment for ansible-test: the caller's, without variables that change results, and with another home."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "GIT_", "PYTHON"))}
    return {**env, "HOME": str(HOME), "XDG_CACHE_HOME": str(pathlib.Path.home() / ".cache")}


def write_pip_configuration() -> None:
    """Write the caller's effective pip configuration to the file that pip reads in the other home directory.

    ansible-test does not pass on ``PIP_*`` and ``XDG_*`` variables, so environment variables become lines of the file.
    """
    sections: dict[str, dict[str, str]] = {}
    for line in output(sys.executable, "-m", "pip", "config", "list").splitlines():
        key, _equals, value = line.partition("=")
        section, _dot, option = key.rpartition(".")
        # pip lists environment variables before files, and they take precedence: keep the first value.
        options = sections.setdefault("global" if section == ":env:" else section, {})
        options.setdefault(option, ast.literal_eval(value).replace("\n", "\n    "))
    sections.setdefault("global", {})["quiet"] = "2"  # ansible-test prints the output of pip; show errors only
    lines = []
    for section, options in sections.items():
        lines += [f"[{section}]", *(f"{name} = {value}" for name, value in options.items() if name != "config-file")]
    path = HOME / ".config" / "pip" / "pip.conf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)  # the URL of an index can contain a password
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_get_pip() -> None:
    """Write the bootstrap script for pip to the cache of ansible-test, so that it downloads none."""
    source = pathlib.Path(python_requirements.__file__).read_text(encoding="utf-8")
    version = re.search(r"pip='([\d.]+)'", source)
    if version is None:
        raise SystemExit("sanity: the pip version of this ansible-test was not found")
    path = HOME / ".ansible" / "test" / "cache" / f"get_pip_{version[1].replace('.', '_')}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(GET_PIP.format(python=sys.executable), encoding="utf-8")


def take_from_index() -> list[str]:
    """Replace requirements of ansible-test that are files on an unreachable host; return the names of the packages."""
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
    """Return whether a host accepts HTTPS connections within two seconds."""
    try:
        with socket.create_connection((host, 443), timeout=2):
            return True
    except OSError:
        return False


def other_pythons() -> list[str]:
    """Return the versions of the other working Pythons on this machine that the modules support."""
    own = "{}.{}".format(*sys.version_info[:2])
    known = constants.REMOTE_ONLY_PYTHON_VERSIONS + constants.CONTROLLER_PYTHON_VERSIONS
    supported = [version for version in known if tuple(map(int, version.split("."))) >= OLDEST_PYTHON]
    return [version for version in supported if version != own and starts(f"python{version}")]


def starts(python: str) -> bool:
    """Return whether a Python exists and works. pyenv, for example, leaves commands that only print an error."""
    if shutil.which(python) is None:
        return False
    return subprocess.run([python, "-c", ""], check=False, capture_output=True).returncode == 0


def run(version: str, arguments: list[str]) -> tuple[int, list[str], list[str]]:
    """Run ansible-test and print its output; return its status, the tests that ran, and the reasons for skipped tests."""
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
    """Run every test on this Python, and compile and import on the others; return 0 if all passed."""
    copy_collection()
    write_pip_configuration()
    write_get_pip()
    taken = take_from_index()
    own = "{}.{}".format(*sys.version_info[:2])
    status, ran, missing = run(own, arguments)
    # In a row of the matrix, only the own Python is tested; make test covers the others.
    others = [] if set(arguments) - {PRIME} or os.environ.get("SANITY_OWN_PYTHON_ONLY") else other_pythons()
    for version in others:
        other_status, _ran, reasons = run(version, ["--test", "compile", "--test", "import", *arguments])
        status = status or other_status
        missing += reasons
    core = output("ansible-test", "--version").split()[-1]
    print(f"summary: {len(ran)} sanity tests, ansible-core {core}, Python {own}")
    if others:
        print(f"summary: compile and import also on Python {', '.join(others)}")
    for name in taken:
        print(f"summary: {name} was installed from the package index, because the host that ansible-test uses is unreachable")
    for reason in missing:
        print(f"summary: not run: {reason}")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
