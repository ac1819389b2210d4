# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures and figures of the search for secrets."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
for folder in (HERE, HERE.parent / "integration"):
    sys.path.insert(0, str(folder))

from matrix import FIGURES, PLACES, chosen_cores, programs_of  # noqa: E402 # pylint: disable=wrong-import-position


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
        "found: %(found)d".format(", ".join(chosen_cores())) % FIGURES
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
    """The folder with the programs of one version of ansible-core."""
    return programs_of(request.param)


# All tests of one place in one worker of pytest-xdist, for they share a run.
@pytest.fixture(scope="session", params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in PLACES])
def place(request):
    """Where the operation runs: in the controller's process, or as a module on the target."""
    return request.param
