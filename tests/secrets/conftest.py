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
from xdist_figures import XdistFigures  # noqa: E402 # pylint: disable=wrong-import-position


def pytest_configure(config):
    """Register the output of the figures."""
    line = (
        "%(runs)d runs on ansible-core {}: %(canaries)d canaries, "
        "searched for in %(places)d places, %(bytes)d bytes, found: %(found)d"
    )
    config.pluginmanager.register(XdistFigures(FIGURES, line.format(", ".join(chosen_cores()))))


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
    """The directory with the programs of one version of ansible-core."""
    return programs_of(request.param)


# Tests of the same place share a run, so they must run in the same worker of pytest-xdist.
@pytest.fixture(scope="session", params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in PLACES])
def place(request):
    """Where the operation runs: in the controller's process, or as a module on the target."""
    return request.param
