# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A bounded run of the model with fixed sequences; `make soak` runs new sequences for a given time."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from model_judge import FIGURES
from model_machine import Machine

# These take about a minute.
SEQUENCES, STEPS = 24, 15


@pytest.mark.timeout(900)
def test_random_sequences(sandbox, capsys):
    class Bounded(Machine):
        """The Machine against the sandbox of this test."""

    Bounded.sandbox = sandbox
    run_state_machine_as_test(Bounded, settings=settings(
        max_examples=SEQUENCES, stateful_step_count=STEPS, derandomize=True, database=None, deadline=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate], report_multiple_bugs=False))
    with capsys.disabled():
        print("\nsummary: %s" % FIGURES)
    assert FIGURES.sequences >= SEQUENCES and FIGURES.runs > FIGURES.steps
