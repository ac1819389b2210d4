# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures: a running sandbox."""

import sys

import pytest
from sandbox_program import FILES, Sandbox

# Some tests import modules of the program.
sys.path.insert(0, str(FILES))


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    """A running program for all tests."""
    sandbox = Sandbox(tmp_path_factory.mktemp("sandbox")).start()
    yield sandbox
    assert sandbox.stop() == 0, sandbox.log()


@pytest.fixture
def sandbox(program):
    """The running program with an empty state and tasks without duration."""
    program.control("POST", "/reset")
    program.control("POST", "/settings", {"task_seconds": 0})
    return program


@pytest.fixture
def own_sandbox(tmp_path):
    """A program for tests that start and stop it themselves."""
    (tmp_path / "state").mkdir()
    sandbox = Sandbox(tmp_path / "state")
    yield sandbox
    if sandbox.process and sandbox.process.poll() is None:
        sandbox.stop()
