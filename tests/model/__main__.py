# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run random sequences for a given time: `make soak`, SOAK_SECONDS=600.

SOAK_SEED=N repeats the sequences of a seed. SOAK_SHRINK=1 shrinks a failing sequence.
"""

import os
import random
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE.parent / "integration"), str(ROOT / ".build" / "collections")]

from harness import Sandbox  # noqa: E402
from hypothesis import HealthCheck, Phase, seed, settings  # noqa: E402
from hypothesis.stateful import run_state_machine_as_test  # noqa: E402
from model_judge import FIGURES  # noqa: E402
from model_machine import Machine  # noqa: E402
from test_rollout_kills import play_random  # noqa: E402

# Sequences for each seed, and steps for each sequence.
SEQUENCES, STEPS = 5, 40
# Rollouts for each seed, each killed up to three times.
ROLLOUTS = 10


def play(sandbox, number):
    """Run the sequences of one seed; raise an error for the first sequence that finds a defect."""
    machine = seed(number)(type("Soak", (Machine,), {"sandbox": sandbox}))
    shrink = [Phase.shrink] if os.environ.get("SOAK_SHRINK") else []
    run_state_machine_as_test(machine, settings=settings(
        max_examples=SEQUENCES, stateful_step_count=STEPS, database=None, deadline=None, print_blob=False,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate, *shrink], report_multiple_bugs=False))


def play_rollouts(sandbox, number):
    """Run the rollouts of one seed. Raises AssertionError for a broken promise."""
    chance = random.Random(number)
    for _rollout in range(ROLLOUTS):
        with tempfile.TemporaryDirectory(prefix="itron-soak-") as folder:
            played, problems = play_random(sandbox, Path(folder), chance)
        assert not problems, (played, problems)


def main():
    """Run seeds until the time is over, and print figures; return the exit status."""
    seconds = float(os.environ.get("SOAK_SECONDS", "600"))
    fixed = os.environ.get("SOAK_SEED")
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="itron-soak-") as folder:
        sandbox = Sandbox(Path(folder) / "sandbox")
        try:
            while time.monotonic() < end:
                number = int(fixed or random.SystemRandom().randrange(10 ** 9))
                print("seed %d" % number, flush=True)
                try:
                    play(sandbox, number)
                    play_rollouts(sandbox, number)
                except BaseException:
                    print("failed: repeat with SOAK_SEED=%d SOAK_SHRINK=1\n%s" % (number, FIGURES))
                    raise
                print("%4d s left: %s" % (max(0, end - time.monotonic()), FIGURES), flush=True)
                if fixed:
                    break
        finally:
            sandbox.stop()
    print("summary: %s; no defects found" % FIGURES)
    return 0


if __name__ == "__main__":
    sys.exit(main())
