# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the model-based tests."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "integration"))
pytest.register_assert_rewrite("harness", "model_judge", "model_machine")


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    """One sandbox for all sequences."""
    from harness import Sandbox

    program = Sandbox(tmp_path_factory.mktemp("sandbox"))
    yield program
    program.stop()
