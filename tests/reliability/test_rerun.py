# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that starts while the server still works for an earlier run waits for it and duplicates no work."""

from collections import Counter

import pytest
from fault_matrix import finished, prepared
from fault_scenarios import WRITES
from in_process import InProcess

pytestmark = pytest.mark.xdist_group("rerun")
# Duration of a task in seconds.
WORK = 1.0
NAMES = (
    "install",
    "upgrade",
    "uninstall",
    "clone",
    "import",
    "migrate",
    "restore_missing",
    "backup",
    "backup_and_keep",
    "installs",
)
RESTORE = next(scenario for scenario in WRITES if scenario.name == "restore")
SCENARIOS = [scenario for scenario in WRITES if scenario.name in NAMES]


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """One sandbox for all tests of this file."""
    made = InProcess(tmp_path_factory.mktemp("in_process"))
    yield made
    made.stop()


def start_first_run(bench, scenario):
    """Start a run without waiting; return (place, options, finished work before it)."""
    bench.reset()
    place = prepared(bench, scenario)
    options = scenario.options(place)
    before = finished(place)
    place.kept["tasks"] = place.tasks()
    bench.sandbox.control("POST", "/settings", {"task_seconds": WORK})
    first = bench.run(scenario.operation, options, place, wait=False)
    assert not first.failed and first.changed, first.result
    assert finished(place) == before, "the task finished too early for this test"
    return place, options, before


def assert_once(bench, scenario, place, options, before):
    """Assert that all work is done exactly once, and that a further run is a no-op."""
    last = bench.run(scenario.operation, options, place)
    assert not last.failed, last.result["msg"]
    done = finished(place) - before
    # Some work consists of several steps; no step may run twice.
    tasks = Counter((row["cmd"], row["url"]) for row in place.tasks() if row["status"] == "complete")
    assert done and all(count == 1 for key, count in tasks.items() if key[0] != "delete" and before[key[0]] == 0), tasks
    assert bench.run(scenario.operation, options, place).changed is False


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_second_run_waits(bench, scenario):
    place, options, before = start_first_run(bench, scenario)
    second = bench.run(scenario.operation, options, place)
    assert not second.failed, second.result["msg"]
    assert finished(place) != before, "the run did not wait for the task"
    assert_once(bench, scenario, place, options, before)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_second_run_without_wait(bench, scenario):
    place, options, before = start_first_run(bench, scenario)
    tasks = len(place.tasks())
    second = bench.run(scenario.operation, options, place, wait=False)
    assert not second.failed, second.result["msg"]
    assert len(place.tasks()) == tasks, [(row["cmd"], row["url"], row["status"]) for row in place.tasks()]
    assert second.changed is False, second.result
    place.wait_until_quiet()
    assert_once(bench, scenario, place, options, before)


@pytest.mark.parametrize("wait", [True, False])
def test_second_restore_waits(bench, wait):
    place, options, _before = start_first_run(bench, RESTORE)
    second = bench.run(RESTORE.operation, options, place, wait=wait)
    assert not second.failed, second.result["msg"]
    tasks = place.tasks()
    # Each request for a restore is executed, but never two at the same time.
    assert second.changed is wait and len(tasks) == len(place.kept["tasks"]) + (2 if wait else 1)
    assert wait or second.result["task"]["id"] == tasks[-1]["id"]
    sent = [entry["time"] for entry in bench.sandbox.control("GET", "/requests") if entry["command"] == "restore"]
    assert not wait or sent[-1] - sent[-2] > WORK * 0.9, "the run did not wait for the first one"
    place.wait_until_quiet()
    assert place.tasks()[-1]["status"] == "complete"


@pytest.mark.parametrize("name", ["install", "upgrade", "backup"])
def test_second_run_after_failed_task(bench, name):
    scenario = next(scenario for scenario in WRITES if scenario.name == name)
    bench.reset()
    place = prepared(bench, scenario)
    options = scenario.options(place)
    before = finished(place)
    bench.sandbox.control("POST", "/settings", {"task_seconds": WORK})
    bench.sandbox.control("POST", "/faults", {"command": name, "fault": "task_fails"})
    bench.run(scenario.operation, options, place, wait=False)
    second = bench.run(scenario.operation, options, place)
    assert not second.failed and second.changed, second.result.get("msg")
    assert any("an earlier run failed" in warning for warning in second.warnings), second.warnings
    assert_once(bench, scenario, place, options, before)
