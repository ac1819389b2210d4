# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main scenarios of all files (tests/quick.py) over the command line of a second host. A new file needs no change here.

A file defines SCENARIOS, run with its SETTINGS of the sandbox, or READINGS, run after its prepare(sandbox).
"""

import importlib

import pytest
from harness import HERE, play, websites
from reading import assert_reading
from scenarios import assert_no_warnings, assert_scenario, main_scenarios
from second_host import CLI_OPTIONS

# Changes to the defaults of the action group for the readings of a file. The tasks of test_user_info set their own user.
MORE = {"test_user_info": {"user": None}}


def files_with(word):
    """Return the test modules that define SCENARIOS or READINGS, by name."""
    paths = sorted(HERE.glob("test_*.py"))
    names = [path.stem for path in paths if "\n%s = [" % word in path.read_text(encoding="utf-8")]
    return {name: importlib.import_module(name) for name in names}


SCENARIOS = files_with("SCENARIOS")
READINGS = files_with("READINGS")


def items_of(module, word):
    """Return the main scenarios or readings of a file."""
    return main_scenarios(module.__file__, getattr(module, word))


def named(files, word):
    """Return the parameters (file, item) for the main items in these files."""
    return [pytest.param(name, item, id="%s-%s" % (name[len("test_"):], item.name))
            for name, module in files.items() for item in items_of(module, word)
            if item.name not in getattr(module, "MISSING", ())]


@pytest.fixture(scope="module")
def run_of(sandbox, second, tmp_path_factory):
    """A function that runs all items of a file, once."""
    runs = {}

    def get(name):
        if name not in runs:
            tasks, hosts = (scenario_tasks if name in SCENARIOS else reading_tasks)(name, sandbox)
            defaults = dict(CLI_OPTIONS, websites=websites(*hosts) if hosts else None)
            if name in READINGS:
                defaults.update({"poll_interval": None}, **MORE.get(name, {}))
            runs[name] = play(sandbox, tmp_path_factory.mktemp(name), tasks, host=second, defaults=defaults)
        return runs[name]

    return get


def scenario_tasks(name, sandbox):
    """Prepare the sandbox for the scenarios of a file. Return their tasks and hosts."""
    module = SCENARIOS[name]
    scenarios = items_of(module, "SCENARIOS")
    hosts = [scenario.host for scenario in scenarios]
    sandbox.reset(**getattr(module, "SETTINGS", {}))
    return [item for scenario in scenarios for item in scenario.tasks(sandbox, hosts)], hosts


def reading_tasks(name, sandbox):
    """Prepare the sandbox for the readings of a file. Return their tasks and hosts."""
    module = READINGS[name]
    sandbox.reset()
    if hasattr(module, "prepare"):
        module.prepare(sandbox)
    return [item for reading in items_of(module, "READINGS") for item in reading.tasks(sandbox)], getattr(module, "HOSTS", ())


def test_scenarios_complete():
    assert SCENARIOS and READINGS


@pytest.mark.parametrize(("file", "scenario"), named(SCENARIOS, "SCENARIOS"))
def test_scenario(file, scenario, run_of):
    assert_scenario(scenario, run_of(file))


@pytest.mark.parametrize(("file", "reading"), named(READINGS, "READINGS"))
def test_reading(file, reading, run_of):
    assert_reading(reading, run_of(file))


@pytest.mark.parametrize("file", [*SCENARIOS, *READINGS])
def test_requests_over_command_line(file, run_of):
    requests = [request for record in run_of(file).records.values() for request in record.requests]
    assert {request["interface"] for request in requests} == {"cli"}
    assert_no_warnings(run_of(file))
