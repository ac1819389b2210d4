# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sample of the fault matrix through ansible-playbook, by action and by module; test_faults.py runs the whole matrix.

FAULTS=all: every fault of the sandbox, each in one more scenario.
"""

import itertools
import os

import pytest
from fault_matrix import BACKGROUND, FAULTS, finished, prepared_in
from fault_scenarios import WRITES
from harness import PLACES, Sandbox, play

# Tests in one process share the playbook runs.
pytestmark = pytest.mark.xdist_group("playbook")
SCENARIOS = {scenario.name: scenario for scenario in WRITES}
# Scenario, fault, and the command whose first request the fault affects.
SAMPLE = [
    ("install", "reset_after", "install"),
    ("install", "late_answer", "install"),
    ("install", "503", "installs"),
    ("upgrade", "504_after", "upgrade"),
    ("edit", "cut_json", "edit"),
    ("uninstall", "empty", "uninstall"),
    ("clone", "task_vanishes", "clone"),
    ("migrate", "task_fails", "import"),
    ("restore_missing", "html_after", "restore"),
    ("backup", "reset_after", "backup"),
    ("backup", "late_answer", "backup"),
    ("backup_and_keep", "reset_before", "delete"),
    ("delete_backup", "500_after", "delete"),
    ("edituser", "reset_after", "edituser"),
    ("deleteuser", "plain_error_after", "deleteuser"),
    ("installs", "reset_after", "install"),
    ("installs", "task_never_ends", "upgrade"),
    ("installs", "redirect", "edit"),
]
# The main command of each scenario.
WRITTEN = {
    "install": "install",
    "edit": "edit",
    "upgrade": "upgrade",
    "uninstall": "uninstall",
    "detach": "edit",
    "clone": "clone",
    "import": "import",
    "migrate": "import",
    "restore_missing": "restore",
    "backup": "backup",
    "backup_and_keep": "delete",
    "delete_backup": "delete",
    "importbackup": "importbackup",
    "edituser": "edituser",
    "deleteuser": "deleteuser",
    "installs": "upgrade",
}


def rotated():
    """Yield a cell for each fault, with rotating scenarios."""
    scenarios = itertools.cycle(WRITTEN.items())
    for name, fault in FAULTS.items():
        # Refused connections and lasting failures are tested in-process only.
        if fault.members is None or fault.lasting:
            continue
        fitting = (item for item in scenarios if item[1] in BACKGROUND or not fault.task)
        yield from ((scenario, name, command) for scenario, command in itertools.islice(fitting, 1))


if os.environ.get("FAULTS") == "all":
    SAMPLE += [cell for cell in rotated() if cell not in SAMPLE]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    """One sandbox for all tests of this file."""
    program = Sandbox(tmp_path_factory.mktemp("sandbox"))
    yield program
    program.stop()


def module_of(scenario, options, name, before, timing):
    """Return a task that runs the module of a scenario."""
    options = {
        option: value
        for option, value in dict(options, poll_interval=0.05, **timing).items()
        if option in scenario.operation.spec.options
    }
    return {
        "name": name,
        "hostops.installatron." + scenario.operation.name: options,
        "diff": True,
        "ignore_errors": True,
        "vars": {"sandbox_before": before},
    }


def tasks_of(place, scenario, fault, command, word):
    """Return three tasks: with the fault, without it, and once more."""
    options = dict(scenario.options(place), user=place.user)
    cleanup = [["DELETE", "/faults", None], ["DELETE", "/tasks", None]]
    strike = ["POST", "/faults", dict(fault.members, command=command)]
    return [
        module_of(
            scenario,
            options,
            word + ": struck",
            [["DELETE", "/faults", None], strike],
            dict({"timeout": 4}, **fault.timing),
        ),
        module_of(scenario, options, word + ": next", cleanup, {}),
        module_of(scenario, options, word + ": last", cleanup, {}),
    ]


@pytest.fixture(scope="module", params=PLACES)
def runs(request, sandbox, tmp_path_factory):
    """All cells in one playbook: (Run, places, states and work before the run)."""
    sandbox.reset(database_automation=True)
    places, tasks, before = [], [], []
    for name, fault, command in SAMPLE:
        place = prepared_in(sandbox, SCENARIOS[name])
        before.append((place.state(), finished(place)))
        places.append(place)
        tasks += tasks_of(place, SCENARIOS[name], FAULTS[fault], command, "%s %s" % (name, fault))
    run = play(sandbox, tmp_path_factory.mktemp("run"), tasks, request.param, defaults={"poll_interval": None})
    return run, places, before


@pytest.mark.parametrize("number", range(len(SAMPLE)), ids=["-".join(cell[:2]) for cell in SAMPLE])
def test_cell(runs, number, record_property):
    run, places, before = runs
    name, fault, command = SAMPLE[number]
    struck, following, last = (run["%s %s: %s" % (name, fault, word)] for word in ("struck", "next", "last"))
    record_property("figure: runs", 1)
    record_property("figure: faults injected", 1)
    assert any(entry["command"] == command for entry in struck.requests), struck.result
    if struck.failed:
        assert struck.result["failure"]["command"] in struck.result["msg"]
    state = places[number].pick(struck.state)
    assert struck.changed == (state != before[number][0]) or (struck.failed and FAULTS[fault].timing), (
        struck.result.get("msg")
    )
    assert not following.failed, following.result["msg"]
    assert not last.failed and last.changed is False and last.writes == [], last.result
    done = finished(places[number]) - before[number][1]
    assert all(done[work] <= 1 for work in ("install", "import", "clone", "backup", "restore")), done
    held = places[number].pick(last.state)
    addresses = [row["url"] for row in held["installs"]]
    assert len(addresses) == len(set(addresses))
    assert held == places[number].state()
