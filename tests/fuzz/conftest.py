# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures and figures of the tests with bad input."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
for folder in ("integration", "secrets", "fuzz"):
    sys.path.insert(0, str(HERE.parent / folder))

from bounds import FIGURES  # noqa: E402 # pylint: disable=wrong-import-position
from matrix import chosen_cores, programs_of  # noqa: E402 # pylint: disable=wrong-import-position


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """Add the figures of a worker."""
    for name, value in getattr(node, "workeroutput", {}).get("fuzz", {}).items():
        FIGURES[name] += value


def pytest_sessionfinish(session):
    """Hand the figures of a worker on."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["fuzz"] = FIGURES


def pytest_terminal_summary(terminalreporter):
    """Print the figures."""
    terminalreporter.write_line(
        "summary: %(inputs)d inputs, tracebacks: %(tracebacks)d, errors that do not name their option: %(unnamed)d, "
        "requests against the specification: %(undocumented)d, evaluated templates: %(evaluated)d" % FIGURES
    )


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    """One sandbox for all tests of a file."""
    from harness import Sandbox

    program = Sandbox(tmp_path_factory.mktemp("sandbox"))
    yield program
    program.stop()


@pytest.fixture(scope="session", params=chosen_cores())
def programs(request):
    """The folder with the programs of one version of ansible-core."""
    return programs_of(request.param)
