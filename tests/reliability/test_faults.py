# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One fault at every request of every scenario: C(changed) is correct, no work is duplicated, and the next run converges.

``make faults`` runs the whole matrix. Without FAULTS=all, a fixed sample runs.
"""

import os
import zlib
from collections import Counter

import pytest
from fault_matrix import FAULTS, KINDS, Baseline, Cell
from fault_scenarios import READS, WRITES
from in_process import InProcess

ALL = os.environ.get("FAULTS") == "all"
# The sample has one of this many requests.
SAMPLE = 24
CELLS = [
    (scenario, name)
    for scenario in WRITES + READS
    for name, fault in FAULTS.items()
    if not (fault.task and scenario in READS)
]


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """One sandbox for each test process, with the results of the scenarios without faults."""
    made = InProcess(tmp_path_factory.mktemp("in_process"))
    made.baseline = {}
    made.reset()
    yield made
    made.stop()


def chosen(scenario, name, positions):
    """Return the positions to test: all of them, or a sample that depends only on names."""
    if ALL:
        return positions
    return [nth for nth in positions if zlib.crc32(("%s %s %d" % (scenario.name, name, nth)).encode()) % SAMPLE == 0]


@pytest.mark.parametrize("scenario, name", CELLS, ids=["%s-%s" % (scenario.name, name) for scenario, name in CELLS])
def test_fault(bench, scenario, name, record_property):
    fault = FAULTS[name]
    baseline = bench.baseline.get(scenario.name) or bench.baseline.setdefault(scenario.name, Baseline(bench, scenario))
    numbers = chosen(scenario, name, baseline.positions(fault))
    if numbers:
        bench.reset()
    cells = [Cell(bench, scenario, fault, nth, baseline).play() for nth in numbers]
    problems = [problem for cell in cells for problem in cell.problems]
    counts = Counter(kind for kind, _text in problems)
    figures = {"runs": len(cells), "faults injected": sum(cell.struck for cell in cells)}
    for figure, count in dict(figures, **{kind: counts[kind] for kind in KINDS}).items():
        record_property("figure: " + figure, count)
    if problems:
        pytest.fail("\n".join("%s: %s" % problem for problem in problems), pytrace=False)
