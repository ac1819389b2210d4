# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pace of a rollout: a slow site delays no other site, waves soak, and a stopped rollout starts no more updates."""

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
# Timeout in seconds, so that a failing test does not hang.
LIMIT = 60


class Watched(Clock):
    """The system clock, which records long sleeps and skips them."""

    def __init__(self):
        self.long = []
        self.passed = 0.0

    def wall(self):
        """Return Unix time plus the skipped sleeps."""
        return Clock.wall() + self.passed

    def sleep(self, seconds):
        """Sleep briefly, or record and skip a long sleep."""
        if seconds >= 5:
            self.long.append(seconds)
            self.passed += seconds
        else:
            Clock.sleep(seconds)


def run(sandbox, look, clock=None, lines=None, **more):
    """Run a rollout of all sites in this process; return its result.

    Arguments:
        look: callable(host, baseline) -> health. lines: list for the progress lines.
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


def test_later_wave_plan_refreshed(sandbox, monkeypatch):
    """During the canary's health check, one site is updated externally, and the obstacle to another site's update disappears."""
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


def test_slow_site_does_not_delay_others(sandbox):
    """The first health check of one site finishes only after all other sites have a verdict."""
    lines, others = [], threading.Event()

    def look(host, baseline):
        if host == HOSTS[0] and baseline is None:
            assert others.wait(LIMIT), "other sites wait for the slow site: %s" % lines
        return GOOD

    class Lines(list):
        """Sets the event when all sites except one have a verdict."""

        def append(self, line):
            super().append(line)
            if sum(" updated " in entry for entry in self) == COUNT - 1:
                others.set()

    lines = Lines()
    result = run(sandbox, look, lines=lines)
    assert result["summary"]["updated"] == COUNT
    assert HOSTS[0] in [line for line in lines if " updated " in line][-1]


def test_soak_between_waves(sandbox):
    clock = Watched()
    result = run(sandbox, lambda _host, _baseline: GOOD, clock, canary=2, waves=["5"], soak=900)
    assert [wave["sites"] for wave in result["waves"]] == [2, 5, 5]
    assert clock.long == [900, 900] and result["summary"]["updated"] == COUNT


def test_regression_during_soak(sandbox):
    clock = Watched()

    def look(host, baseline):
        return BAD if host == HOSTS[0] and baseline and clock.long else GOOD

    result = run(sandbox, look, clock, canary=1, soak=900, rollback=True)
    assert result["stopped"] == "1 sites failed, but the limit is 0: http://%s" % HOSTS[0]
    verdict = result["verdicts"][0]
    assert (verdict["verdict"], verdict["reason"]) == ("attention", "soak") and "To roll back: " in verdict["message"]
    assert result["summary"]["skipped"] == COUNT - 1
    assert {row["version"] for row in sandbox.control("GET", "/state")["installs"] if HOSTS[0] not in row["url"]} == {OLD}


@pytest.mark.parametrize(("allowed", "started"), [
    ({"max_failures": 0}, 3), ({"max_failures": 1}, 4), ({"max_failures": 2}, COUNT), ({"max_failures": -1}, COUNT),
    ({"max_failures": -1, "max_fail_percentage": 5}, 3), ({"max_failures": -1, "max_fail_percentage": 10}, 4),
    ({"max_failures": -1, "max_fail_percentage": 20}, COUNT),
])
def test_stop_rule(sandbox, allowed, started):
    """The third and the fourth site break, with one site at a time: no further site is updated after the limit is exceeded."""
    result = run(sandbox, lambda host, baseline: BAD if baseline and host in HOSTS[2:4] else GOOD, max_parallel=1, **allowed)
    assert bool(result["stopped"]) is (started < COUNT)
    updated = {row["url"].partition("://")[2] for row in sandbox.control("GET", "/state")["tasks"] if row["cmd"] == "upgrade"}
    assert updated == set(HOSTS[:started])


def test_window_closes_after_wave(sandbox):
    """The window is open for the first wave, and closes during the soak time."""
    clock = Watched()
    minute = int(clock.wall() // 60) % 1440
    window = {"start": str(minute), "end": str((minute + 30) % 1440)}
    result = run(sandbox, lambda _host, _baseline: GOOD, clock, waves=["4"], soak=3600, window=window)
    assert result["stopped"].startswith("the maintenance window is closed (")
    assert (result["summary"]["updated"], result["summary"]["skipped"], result["complete"]) == (4, COUNT - 4, False)
