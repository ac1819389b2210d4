# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenarios: a task that is checked, run, run again and checked again."""

from pathlib import Path

import pytest
from harness import PLACES, api, play, site, task, websites
from quick import MAIN

PHASES = ("check", "run", "again", "check again")


def main_scenarios(file, items):
    """Return the scenarios of a file that run by action and by module. file: C(__file__) of the test."""
    return [item for item in items if item.name in MAIN[Path(file).stem]]


def cases(file, items):
    """Return the parameters (item, place): all by action, the main ones also by module."""
    main = main_scenarios(file, items)
    return [pytest.param(item, place, id="%s-%s" % (item.name, place)) for item in items for place in PLACES
            if place == "controller" or item in main]


class Scenario:
    """A desired state and the requests that reach it.

    Arguments:
        name: of the scenario; C(name).example is the host of its site.
        options: of itron_install; callable(host) -> dict.
        before: callable(sandbox, host) -> preparations (see sandbox_watch) of the first task.
        commands: names of the commands that the first real run sends, without polls of tasks.
        check: names of the commands of the first check. None: the reads of C(commands) and a dry run of each write
            that supports it.
        again: names of the commands of the second run.
        verify: callable(record of the first real run, host) that asserts the resulting state of the sandbox.
        prior: options of a task before the first one, registered as C(prior); callable(host) -> dict.
        surplus: commands that check mode cannot predict.
    """

    def __init__(self, name, options, commands, before=None, check=None, again=("installs",), verify=None, prior=None,
                 surplus=()):
        self.name = name
        self.host = "%s.example" % name
        self.options = options(self.host)
        self.commands = list(commands)
        self.before = before
        self.check = check
        self.again = list(again)
        self.verify = verify
        self.prior = prior
        self.surplus = list(surplus)

    def tasks(self, sandbox, hosts):
        """Return the tasks of all phases."""
        before = self.before(sandbox, hosts, self.host) if self.before else ()
        tasks = [task("%s: prior" % self.name, self.prior(self.host), register="prior")] if self.prior else []
        return tasks + [task("%s: %s" % (self.name, phase), self.options, check=phase.startswith("check"),
                             host=self.host, before=before if phase == "check" else ()) for phase in PHASES]


def play_scenarios(scenarios, sandbox, folder, **settings):
    """Run scenarios, a list for each place, against an empty sandbox with these settings. Return {place: Run}."""
    runs = {}
    for place in [place for place in PLACES if scenarios[place]]:
        sandbox.reset(**settings)
        hosts = [scenario.host for scenario in scenarios[place]]
        tasks = [item for scenario in scenarios[place] for item in scenario.tasks(sandbox, hosts)]
        runs[place] = play(sandbox, folder / place, tasks, place, defaults={"websites": websites(*hosts)})
        assert_no_warnings(runs[place])
    return runs


def assert_scenario(scenario, run):
    """Assert the rules of all scenarios and the expectations of this one."""
    check, first, again, last = (run["%s: %s" % (scenario.name, phase)] for phase in PHASES)
    for record in (check, first, again, last):
        assert not record.failed, (record.name, record.result["msg"])
        assert_requests_documented(record)
        assert not record.result.get("warnings") and not record.result.get("deprecations"), record.name
    assert_check_mode_predicts_run(check, first, scenario.surplus)
    assert first.changed is True
    assert first.commands == scenario.commands
    if scenario.check is not None:
        assert check.commands == list(scenario.check)
    for record in (again, last):
        assert record.changed is False, (record.name, record.diff)
        assert record.diff == {"before": {}, "after": {}}, record.name
        assert record.writes == [], record.name
        assert record.commands == scenario.again, record.name
    if scenario.verify:
        scenario.verify(first, scenario.host)


def assert_requests_documented(record):
    """Assert that the specification describes every request."""
    for request in record.requests:
        assert request["undocumented"] == [], (record.name, request["command"])
        assert request["schema_errors"] == [], (record.name, request["command"])
        assert request["outcome"] == "ok", (record.name, request["command"], request["outcome"], request["errcode"])


def assert_check_mode_predicts_run(check, first, surplus=()):
    """Assert that check mode wrote nothing and predicted the result of the run."""
    assert check.writes == [], check.name
    assert check.changed == first.changed
    assert check.diff == first.diff
    assert set(check.result) - {"invocation"} == set(first.result) - {"invocation"}
    planned = [step["command"] for step in check.result["steps"]]
    assert planned + list(surplus) == [step["command"] for step in first.result["steps"]]


def assert_no_warnings(run):
    """Assert that a whole run printed no warning and no deprecation."""
    assert run.warnings == []


def assert_places_agree(scenario, runs):
    """Assert that action and module return the same result and send the same requests."""
    for phase in PHASES:
        action, module = (runs[place]["%s: %s" % (scenario.name, phase)] for place in PLACES)
        assert action.comparable() == module.comparable(), action.name
        assert action.commands == module.commands, action.name


def preinstalled(**arguments):
    """Return preparations that install the site of a scenario through the API, with additional arguments."""
    def before(sandbox, hosts, host):
        options = site(host, version="6.4.3")
        options.update(arguments)
        return [api(sandbox, hosts, "install", **options)]
    return before
