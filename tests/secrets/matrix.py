# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The versions of ansible-core for tests, and the figures of the search for secrets."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "matrix_venv.py"
# The exit status of the tool if the machine has no suitable Python.
NO_PYTHON = 3
# Versions of ansible-core that differ in the handling of secrets and templates (2.19: templates, 2.22: secrets).
CORES = ("2.16.19", "2.19.14", "2.21.5", "2.22.0rc1")
CURRENT = "current"
PLACES = ("controller", "target")
FIGURES = {"canaries": 0, "bytes": 0, "places": 0, "found": 0, "runs": 0}


def chosen_cores():
    """Return the versions to test: SECRETS_CORES, a list or C(all); by default the version of the development environment."""
    chosen = os.environ.get("SECRETS_CORES") or CURRENT
    return CORES if chosen == "all" else tuple(chosen.split(","))


def programs_of(core):
    """Return the directory with the programs of a version of ansible-core; skip the test if no suitable Python exists."""
    if core == CURRENT:
        return Path(sys.executable).parent
    done = subprocess.run([sys.executable, str(TOOL), core], capture_output=True, text=True, check=False)
    if done.returncode == NO_PYTHON:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip()) / "bin"


def count(canaries, places, found, size):
    """Add the result of a search to the figures."""
    FIGURES["runs"] += 1
    FIGURES["canaries"] += len(canaries.tokens)
    FIGURES["places"] += len(places)
    FIGURES["bytes"] += size
    FIGURES["found"] += len(found)
