# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_backups by action and by module: an audit, a check, and two runs, on three sites that violate their policy and one that does not."""

import pytest
from harness import KEY, PLACES, USER, play, websites
from role_runs import call, install

BACKUPS = "hostops.installatron.itron_backups"
FRESH, OLD, MANY, NONE = HOSTS = ("fresh.example", "old.example", "many.example", "none.example")
DAY = 86400
AGES = {FRESH: [60], OLD: [3 * DAY], MANY: [3 * DAY, 2 * DAY, 60]}
LOCATION = "ftp://store:canary-of-the-store@far.example/backups"


def make_fleet(sandbox):
    """Create the sites of the story."""
    sandbox.reset()
    for host in HOSTS:
        record = install(sandbox, host)
        for _age in AGES.get(host, ()):
            call(sandbox, "backup", [host], id=record["id"])
        if host in AGES:
            sandbox.control("POST", "/backups", {"url": record["url"], "ages": AGES[host]})
    sandbox.control("DELETE", "/requests")


def module_task(name, check=False, **more):
    """Return one task of itron_backups."""
    options = dict({"websites": websites(*HOSTS), "defaults": {"max_age": "24h", "keep": 2}}, **more)
    return {"name": name, BACKUPS: options, "check_mode": check, "diff": True, "ignore_errors": True, "register": "result"}


@pytest.fixture(scope="module", params=PLACES)
def story(request, sandbox, tmp_path_factory):
    """Audit, check, run, and run again. The last run changes the location of one site."""
    folder = tmp_path_factory.mktemp(request.param)
    make_fleet(sandbox)
    moved = {"policies": [{"install": "http://" + FRESH, "location": LOCATION}]}
    tasks = [module_task("audit", audit=True), module_task("check", check=True), module_task("run"), module_task("again"), module_task("move", **moved)]
    run = play(sandbox, folder, tasks, request.param)
    assert run.warnings == []
    assert KEY not in run.output and "canary-of-the-store" not in run.output + run.log
    return run


def findings(record):
    """Return the findings by host, in the order of the report."""
    return {row["url"].partition("://")[2]: row["findings"] for row in record.result["sites"]}


def outcomes(record):
    """Return the outcomes by host."""
    return {row["url"].partition("://")[2]: row["outcome"] for row in record.result["results"]}


def test_audit_read_only(story):
    audit = story["audit"]
    assert audit.writes == [] and audit.changed is False and audit.failed
    assert list(findings(audit).items()) == [(NONE, ["no_backup"]), (OLD, ["too_old"]), (MANY, ["too_many"]), (FRESH, [])]
    assert [row["url"] for row in audit.result["worst"]] == ["http://" + host for host in (NONE, OLD, MANY)]
    assert audit.result["msg"].startswith("3 of 4 sites do not meet their backup policy: http://%s, " % NONE)
    assert [request["command"] for request in audit.requests] == ["installs", "backups"]


def test_check_mode_predicts_run(story):
    check = story["check"]
    assert check.writes == [] and check.changed is True and not check.failed
    assert outcomes(check) == dict.fromkeys((NONE, OLD, MANY), "planned")
    assert [request["command"] for request in check.requests] == ["installs", "backups"]
    assert check.result["diff"] == story["run"].result["diff"]
    assert [part["before_header"] for part in check.result["diff"]] == ["http://%s (backups)" % host for host in (NONE, OLD, MANY)]


def test_run_meets_policies(story):
    run = story["run"]
    assert not run.failed and outcomes(run) == dict.fromkeys((NONE, OLD, MANY), "changed")
    assert findings(run) == dict.fromkeys(HOSTS, [])
    hosts = {row["id"]: row["url"].partition("://")[2] for row in run.state["installs"]}
    kept = sorted(hosts[row["install"]] for row in run.state["backups"])
    assert kept == sorted([FRESH, OLD, OLD, MANY, MANY, NONE])
    assert all(run.state["archives"][row["archive"]] > 0 for row in run.state["backups"])


def test_idempotency(story):
    again = story["again"]
    assert again.changed is False and not again.failed and again.writes == []
    assert (again.result["results"], again.result["diff"]) == ([], [])


def test_location_set_before_backup(story):
    move = story["move"]
    assert not move.failed and [request["command"] for request in move.writes] == ["edit", "backup"]
    assert [row["findings"] for row in move.result["sites"]] == [[]]
    assert move.result["sites"][0]["location"] == "ftp://store:********@far.example/backups"


def test_action_and_module_agree(sandbox, tmp_path):
    results = []
    for place in PLACES:
        make_fleet(sandbox)
        result = play(sandbox, tmp_path / place, [module_task("run", max_parallel=1)], place)["run"].comparable()
        results.append(dict(result, sites=[dict(row, age=None, size=None, total_size=None) for row in result["sites"]],
                            summary=dict(result["summary"], total_size=None)))
    assert results[0] == results[1]


@pytest.mark.parametrize("user", [USER, None])
def test_owned_accounts(sandbox, tmp_path, user):
    make_fleet(sandbox)
    record = play(sandbox, tmp_path, [module_task("run", check=True, websites=None)], defaults={"user": user})["run"]
    assert outcomes(record) == dict.fromkeys((NONE, OLD, MANY), "planned")
