# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures and figures of the fuzz tests."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
for folder in ("integration", "secrets", "fuzz"):
    sys.path.insert(0, str(HERE.parent / folder))

from bounds import FIGURES  # noqa: E402 # pylint: disable=wrong-import-position
from matrix import chosen_cores, programs_of  # noqa: E402 # pylint: disable=wrong-import-position
from xdist_figures import XdistFigures  # noqa: E402 # pylint: disable=wrong-import-position


def pytest_configure(config):
    """Register the output of the figures."""
    line = (
        "%(inputs)d inputs, tracebacks: %(tracebacks)d, errors that do not name their option: %(unnamed)d, "
        "requests that violate the specification: %(undocumented)d, evaluated templates: %(evaluated)d, "
        "slowest request with timeout 1: %(max_seconds).1f s, memory for a hostile reply: at most %(max_memory)d MiB"
    )
    config.pluginmanager.register(XdistFigures(FIGURES, line))


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    """One sandbox for all tests of a file."""
    from harness import Sandbox

    program = Sandbox(tmp_path_factory.mktemp("sandbox"))
    yield program
    program.stop()


@pytest.fixture(scope="session", params=chosen_cores())
def programs(request):
    """The directory with the programs of one version of ansible-core."""
    return programs_of(request.param)
