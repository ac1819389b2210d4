# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a virtual environment with one version of ansible-core below .build/matrix, and prints its folder.

Usage: matrix_venv.py VERSION, for instance 2.16.19; without an argument it lists the versions. The exit status is 3,
with the reason on standard error, if this machine has no Python that the version runs on. An environment that is already
there is used again.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".build" / "matrix"
# Version -> the oldest and the newest Python that its controller runs on (ansible-core's support matrix).
MATRIX = {
    "2.16.19": ((3, 10), (3, 12)),
    "2.18.19": ((3, 11), (3, 13)),
    "2.19.14": ((3, 11), (3, 13)),
    "2.20.10": ((3, 12), (3, 14)),
    "2.21.5": ((3, 12), (3, 14)),
    "2.22.0rc1": ((3, 13), (3, 15)),
}
# What the collection and the callbacks of the tests need beside ansible-core.
PACKAGES = ("requests==2.34.2",)
NO_PYTHON = 3
_PROBE = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2])"


def candidates(version):
    """Yield commands that may start a Python of a version such as 3.12: of the path, of pyenv, of uv."""
    name = "python" + version
    yield name
    for root in (os.environ.get("PYENV_ROOT"), str(Path.home() / ".pyenv")):
        if root:
            yield from (str(path) for path in sorted(Path(root, "versions").glob(version + "*/bin/" + name)))
    if shutil.which("uv"):
        found = subprocess.run(["uv", "python", "find", version], capture_output=True, text=True, check=False)
        yield from found.stdout.split()


def find_python(oldest, newest):
    """Return a Python between two versions that starts and can make virtual environments, or None."""
    for minor in range(newest[1], oldest[1] - 1, -1):
        version = "3.%d" % minor
        for python in candidates(version):
            with contextlib.suppress(OSError):
                done = subprocess.run([python, "-c", _PROBE], capture_output=True, text=True, check=False)
                if done.returncode == 0 and done.stdout.strip() == version:
                    return python
    return None


def make(core):
    """Return the folder of the environment for a version of ansible-core. Raises LookupError without a Python."""
    venv, stamp = FOLDER / core, FOLDER / (core + ".stamp")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / (core + ".lock"), "w", encoding="utf-8") as lock:
        # Two suites that start together want the same environment.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text(encoding="utf-8") == " ".join(PACKAGES):
            return venv
        oldest, newest = MATRIX[core]
        python = find_python(oldest, newest)
        if python is None:
            raise LookupError(
                "ansible-core %s needs Python %d.%d to %d.%d, with its package venv; none is here"
                % ((core,) + oldest + newest)
            )
        shutil.rmtree(venv, ignore_errors=True)
        subprocess.run([python, "-m", "venv", str(venv)], check=True, stdout=sys.stderr)
        subprocess.run(
            [
                str(venv / "bin" / "python"),
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "ansible-core==" + core,
                *PACKAGES,
            ],
            check=True,
            stdout=sys.stderr,
        )
        stamp.write_text(" ".join(PACKAGES), encoding="utf-8")
    return venv


def main(arguments):
    """Do what the arguments ask for; return the exit status."""
    if not arguments:
        print("\n".join(MATRIX))
        return 0
    if arguments[0] not in MATRIX:
        print("no version of the matrix: %s" % arguments[0], file=sys.stderr)
        return 2
    try:
        print(make(arguments[0]))
    except LookupError as error:
        print(error, file=sys.stderr)
        return NO_PYTHON
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
