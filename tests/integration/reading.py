# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenarios of modules that only read: each is checked, run, run again and checked again."""

from harness import PLACES, api, play, site, websites
from scenarios import PHASES, assert_no_warnings, assert_requests_documented


class Reading:
    """One reading task and its expected result.

    Arguments:
        name: of the scenario. module: without its collection. options: of the module.
        commands: names of the commands that each phase sends, without polls of tasks.
        verify: callable(record) that asserts the result of each phase.
        before: preparations (see sandbox_watch) of every phase.
    """

    def __init__(self, name, module, options, commands, verify, before=()):
        self.name = name
        self.module = module
        self.options = options
        self.commands = list(commands)
        self.verify = verify
        self.before = list(before)

    def tasks(self, sandbox):
        """Return the tasks of all phases."""
        return [
            reading_task(
                "%s: %s" % (self.name, phase),
                self.module,
                self.options,
                phase.startswith("check"),
                [step(sandbox) if callable(step) else step for step in self.before],
            )
            for phase in PHASES
        ]


def reading_task(name, module, options, check=False, before=(), **keywords):
    """Return one task of a reading module. before is for sandbox_watch."""
    return dict(
        {
            "name": name,
            "hostops.installatron.%s" % module: options,
            "check_mode": check,
            "diff": True,
            "ignore_errors": True,
            "vars": {"sandbox_before": list(before)},
        },
        **keywords,
    )


def play_readings(readings, sandbox, folder, prepare, hosts=(), **settings):
    """Run readings, a list for each place, against a sandbox that prepare(sandbox) populated. Return {place: Run}."""
    runs = {}
    for place in [place for place in PLACES if readings[place]]:
        sandbox.reset(**settings)
        prepare(sandbox)
        tasks = [item for reading in readings[place] for item in reading.tasks(sandbox)]
        runs[place] = play_reading_tasks(
            sandbox, folder / place, tasks, place, websites=websites(*hosts) if hosts else None
        )
        assert_no_warnings(runs[place])
    return runs


def play_reading_tasks(sandbox, folder, tasks, place, arguments=(), more_environment=None, **defaults):
    """Run tasks of reading modules, with more options for the action group and without the one for waiting."""
    return play(sandbox, folder, tasks, place, arguments, dict({"poll_interval": None}, **defaults), more_environment)


def assert_reading(reading, run):
    """Assert that every phase succeeds with the same result and the same documented requests, and writes nothing."""
    for phase in PHASES:
        record = run["%s: %s" % (reading.name, phase)]
        assert not record.failed, (record.name, record.result["msg"])
        assert record.changed is False
        assert "diff" not in record.result and "steps" not in record.result, record.name
        assert record.writes == [], record.name
        assert record.commands == reading.commands, record.name
        assert_requests_documented(record)
        reading.verify(record)


def assert_places_agree(reading, runs):
    """Assert that action and module return the same result."""
    for phase in PHASES:
        action, module = (runs[place]["%s: %s" % (reading.name, phase)] for place in PLACES)
        assert action.comparable() == module.comparable(), action.name


def send(sandbox, method, path, body):
    """Send one preparation now. Return the parsed response."""
    answer = sandbox._http.request(
        method, path if "://" in path else sandbox.ready["control_url"] + path, json=body, timeout=30
    ).json()
    assert answer.get("result") is not False, answer
    return answer


def installed(sandbox, hosts, host, user=None, **more):
    """Install a WordPress site through the API now. Return its row."""
    method, url, body = api(sandbox, hosts, "install", **dict(site(host, version="6.4.3"), **more))
    return send(sandbox, method, url, dict(body, user=user or body["user"]))["data"]


def backed_up(sandbox, hosts, row):
    """Create a backup of a site through the API now."""
    method, url, body = api(sandbox, hosts, "backup", id=row["id"])
    send(sandbox, method, url, dict(body, user=row["owner"]))
