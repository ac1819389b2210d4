# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures and figures of the search for secrets."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
TOOL = HERE.parents[1] / "tools" / "matrix_venv"
# The versions of ansible-core whose handling of secrets and templates differs (2.19: templates, 2.22: secrets).
CORES = ("2.16.19", "2.19.14", "2.21.5", "2.22.0rc1")
CURRENT = "current"
PLACES = ("controller", "target")
FIGURES = {"canaries": 0, "bytes": 0, "places": 0, "found": 0, "runs": 0}

sys.path.insert(0, str(HERE.parent / "integration"))


def chosen_cores():
    """Return the versions to run on: SECRETS_CORES, a list or C(all); by default the one of the developers."""
    chosen = os.environ.get("SECRETS_CORES") or CURRENT
    return CORES if chosen == "all" else tuple(chosen.split(","))


def count(canaries, places, found, size):
    """Add one search to the figures."""
    FIGURES["runs"] += 1
    FIGURES["canaries"] += len(canaries.tokens)
    FIGURES["places"] += len(places)
    FIGURES["bytes"] += size
    FIGURES["found"] += len(found)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """Add the figures of a worker."""
    for name, value in getattr(node, "workeroutput", {}).get("figures", {}).items():
        FIGURES[name] += value


def pytest_sessionfinish(session):
    """Hand the figures of a worker on."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["figures"] = FIGURES


def pytest_terminal_summary(terminalreporter):
    """Print the figures."""
    terminalreporter.write_line(
        "summary: %(runs)d runs on ansible-core {}: %(canaries)d canaries, "
        "searched for in %(places)d places, %(bytes)d bytes, "
        "found: %(found)d".format(", ".join(chosen_cores()))
        % FIGURES
    )


@pytest.fixture(scope="session")
def canaries():
    """The secrets of the session."""
    from canaries import Canaries

    return Canaries()


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory, canaries):
    """A sandbox whose key is a canary."""
    from harness import Sandbox

    program = Sandbox(tmp_path_factory.mktemp("sandbox"), key=canaries.plain("api_key"))
    yield program
    program.stop()


@pytest.fixture(scope="session", params=chosen_cores())
def programs(request):
    """The folder with the programs of one version of ansible-core; skips where there is no Python for it."""
    if request.param == CURRENT:
        return Path(sys.executable).parent
    done = subprocess.run([sys.executable, str(TOOL), request.param], capture_output=True, text=True, check=False)
    if done.returncode == runpy.run_path(str(TOOL))["NO_PYTHON"]:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip()) / "bin"


# All tests of one place in one worker of pytest-xdist, for they share a run.
@pytest.fixture(scope="session", params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in PLACES])
def place(request):
    """Where the operation runs: in the controller's process, or as a module on the target."""
    return request.param
