# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Create a virtual environment with one version of ansible-core in .build/matrix, and print its path.

Usage: matrix_venv.py VERSION, for example 2.16.19. Without an argument, the script lists the versions. If this machine has no
suitable Python, the exit status is 3 and standard error has the reason. An existing environment is reused.
"""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

from matrix import MATRIX, find_python

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".build" / "matrix"
# Packages that the collection and the callbacks of the tests require besides ansible-core.
PACKAGES = ("requests==2.34.2",)
NO_PYTHON = 3


def make(core):
    """Return the path of the environment for a version of ansible-core. Raises LookupError if there is no suitable Python."""
    venv, stamp = FOLDER / core, FOLDER / (core + ".stamp")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / (core + ".lock"), "w", encoding="utf-8") as lock:
        # Two suites can start at the same time and use the same environment.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text(encoding="utf-8") == " ".join(PACKAGES):
            return venv
        python = find_python(core, tools=False)
        if python is None:
            oldest, newest = MATRIX[core]
            raise LookupError(
                "ansible-core %s requires Python %d.%d to %d.%d with the module venv, which was not found"
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
    """List the versions or create an environment; return the exit status."""
    if not arguments:
        print("\n".join(MATRIX))
        return 0
    if arguments[0] not in MATRIX:
        print("not a version of the matrix: %s" % arguments[0], file=sys.stderr)
        return 2
    try:
        print(make(arguments[0]))
    except LookupError as error:
        print(error, file=sys.stderr)
        return NO_PYTHON
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
