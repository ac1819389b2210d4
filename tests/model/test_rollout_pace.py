# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pace of a rollout: a slow site delays nobody, waves soak without work, and a stop begins nothing more. No test looks at a watch."""

import functools
import threading

import pytest
from harness import KEY, USER
from reading import send

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.module_utils._base.url import identity_of
from ansible_collections.hostops.installatron.plugins.module_utils._core import operation as _operation
from ansible_collections.hostops.installatron.plugins.module_utils._core.tasks import Clock
from ansible_collections.hostops.installatron.plugins.module_utils._rollout.acts import Acts
from ansible_collections.hostops.installatron.plugins.module_utils._rollout.work import OPERATION, RolloutAttempt

OLD, NEW = "6.4.3", "6.5.5"
COUNT = 12
HOSTS = ["site%05d.example" % number for number in range(1, COUNT + 1)]
GOOD = {"healthy": True, "problems": [], "regressions": [], "pages": []}
BAD = {"healthy": False, "problems": ["/: HTTP status 500"], "regressions": ["/: HTTP status 500, before 200"], "pages": []}
# A limit against hanging.
LIMIT = 60


class Watched(Clock):
    """The clock of the system, which remembers long sleeps and does not sleep them."""

    def __init__(self):
        self.long = []
        self.passed = 0.0

    def wall(self):
        """Return Unix time, with the sleeps that were skipped."""
        return Clock.wall() + self.passed

    def sleep(self, seconds):
        """Sleep a moment; remember the rest."""
        if seconds >= 5:
            self.long.append(seconds)
            self.passed += seconds
        else:
            Clock.sleep(seconds)


def run(sandbox, look, clock=None, lines=None, **more):
    """Run a rollout over all sites in this process; return its result.

    Arguments:
        look: callable(host, baseline) -> health. lines: takes the lines of progress.
    """
    sandbox.reset(task_seconds=0.02)
    sandbox.control("POST", "/seed", {"count": COUNT, "user": USER, "files": True, "version": OLD})
    given = dict({"api_url": sandbox.url, "api_key": KEY, "user": USER, "poll_interval": 0.02, "max_parallel": 3, "fail_on": [],
                  "server_revert": False}, **more)
    params, messages = OPERATION.spec.validate(given)
    assert not messages, messages
    operation = OPERATION._replace(attempt=functools.partial(
        RolloutAttempt, clock=clock or Watched(), look=lambda url, _health, baseline: look(url.partition("://")[2], baseline)))
    return _operation.run(operation, params, report=lambda text, always=False: lines.append(text) if lines is not None else None).result


def test_later_wave_is_planned_from_what_the_server_has_then(sandbox, monkeypatch):
    """While the canary is looked at, somebody updates one site by hand, and what kept another one from its update goes away."""
    refused = [HOSTS[6]]
    plan = Acts.update

    def update(acts, case):
        if identity_of(case.url) in refused:
            raise InputError("in the way")
        return plan(acts, case)

    def look(host, baseline):
        if host == HOSTS[0] and baseline is not None and refused:
            refused.clear()
            ids = {row["url"].partition("://")[2]: row["id"] for row in sandbox.control("GET", "/state")["installs"]}
            send(sandbox, "POST", sandbox.url, {"key": KEY, "user": USER, "cmd": "upgrade", "id": ids[HOSTS[5]], "version": "6.4.4"})
        return GOOD

    monkeypatch.setattr(Acts, "update", update)
    result = run(sandbox, look, canary=1)
    versions = {verdict["url"].partition("://")[2]: (verdict["verdict"], verdict["version_before"]) for verdict in result["verdicts"]}
    assert versions == dict.fromkeys(HOSTS, ("updated", OLD)) | {HOSTS[5]: ("updated", "6.4.4")}


def test_slow_site_delays_nobody(sandbox):
    """The first look at one site ends only when all other sites have their verdict."""
    lines, others = [], threading.Event()

    def look(host, baseline):
        if host == HOSTS[0] and baseline is None:
            assert others.wait(LIMIT), "the others wait for the slow site: %s" % lines
        return GOOD

    class Lines(list):
        """Tells when all sites but one have their verdict."""

        def append(self, line):
            super().append(line)
            if sum(" updated " in entry for entry in self) == COUNT - 1:
                others.set()

    lines = Lines()
    result = run(sandbox, look, lines=lines)
    assert result["summary"]["updated"] == COUNT
    assert HOSTS[0] in [line for line in lines if " updated " in line][-1]


def test_soak_is_one_sleep_for_each_wave_but_the_last(sandbox):
    clock = Watched()
    result = run(sandbox, lambda _host, _baseline: GOOD, clock, canary=2, waves=["5"], soak=900)
    assert [wave["sites"] for wave in result["waves"]] == [2, 5, 5]
    assert clock.long == [900, 900] and result["summary"]["updated"] == COUNT


def test_site_that_gets_worse_in_the_soak_stops_the_rollout(sandbox):
    clock = Watched()

    def look(host, baseline):
        return BAD if host == HOSTS[0] and baseline and clock.long else GOOD

    result = run(sandbox, look, clock, canary=1, soak=900, rollback=True)
    assert result["stopped"] == "1 sites failed, and at most 0 may: http://%s" % HOSTS[0]
    verdict = result["verdicts"][0]
    assert (verdict["verdict"], verdict["reason"]) == ("attention", "soak") and "To go back: " in verdict["message"]
    assert result["summary"]["skipped"] == COUNT - 1
    assert {row["version"] for row in sandbox.control("GET", "/state")["installs"] if HOSTS[0] not in row["url"]} == {OLD}


@pytest.mark.parametrize(("allowed", "begun"), [
    ({"max_failures": 0}, 3), ({"max_failures": 1}, 4), ({"max_failures": 2}, COUNT), ({"max_failures": -1}, COUNT),
    ({"max_failures": -1, "max_fail_percentage": 5}, 3), ({"max_failures": -1, "max_fail_percentage": 10}, 4),
    ({"max_failures": -1, "max_fail_percentage": 20}, COUNT),
])
def test_stop_rule(sandbox, allowed, begun):
    """The third and the fourth site break, one site at a time: nothing is begun after the one that is too many."""
    result = run(sandbox, lambda host, baseline: BAD if baseline and host in HOSTS[2:4] else GOOD, max_parallel=1, **allowed)
    assert bool(result["stopped"]) is (begun < COUNT)
    updated = {row["url"].partition("://")[2] for row in sandbox.control("GET", "/state")["tasks"] if row["cmd"] == "upgrade"}
    assert updated == set(HOSTS[:begun])


def test_window_that_closes_lets_a_wave_end(sandbox):
    """The window is open for the first wave; the soak time outlasts it."""
    clock = Watched()
    minute = int(clock.wall() // 60) % 1440
    window = {"start": str(minute), "end": str((minute + 30) % 1440)}
    result = run(sandbox, lambda _host, _baseline: GOOD, clock, waves=["4"], soak=3600, window=window)
    assert result["stopped"].startswith("the maintenance window is closed (")
    assert (result["summary"]["updated"], result["summary"]["skipped"], result["complete"]) == (4, COUNT - 4, False)
