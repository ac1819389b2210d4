# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_restore_drill by action and by module: parallel drills in check mode and in a run, and the state of the server afterwards."""

import pytest
from harness import KEY, PLACES, play, site, websites
from role_runs import call, install, stable_state

DRILL = "hostops.installatron.itron_restore_drill"
GOOD, BROKEN, BARE, TAKEN = HOSTS = ("good.example", "broken.example", "bare.example", "taken.example")
EVERY = [*HOSTS, *("drill." + host for host in HOSTS)]
PASSWORD = "canary-of-the-drill"


def make_fleet(sandbox):
    """Create the sites of the story: two with a backup, one without, and one whose drill URL is in use."""
    sandbox.reset()
    for host in HOSTS:
        record = install(sandbox, host, EVERY, sitetitle="Title of %s" % host)
        if host != BARE:
            call(sandbox, "backup", EVERY, id=record["id"])
    install(sandbox, "drill." + TAKEN, EVERY)
    sandbox.control("DELETE", "/requests")


def module_task(sandbox, name, check=False, **more):
    """Return one task of itron_restore_drill."""
    sites = [{"url": "http://" + host, "drill_url": "http://drill." + host, "text": "Title of good.example", "db_host": "localhost",
              "db_name": host.partition(".")[0] + "drill", "db_user": "drill", "db_pass": PASSWORD} for host in HOSTS]
    options = dict({"sites": sites, "websites": websites(*EVERY),
                    "health": {"url_ip": "127.0.0.1", "port": sandbox.ready["port"], "attempts": 1}}, **more)
    return {"name": name, DRILL: options, "check_mode": check, "diff": True, "ignore_errors": True, "register": "result"}


@pytest.fixture(scope="module", params=PLACES)
def story(request, sandbox, tmp_path_factory):
    """Check and run."""
    folder = tmp_path_factory.mktemp(request.param)
    make_fleet(sandbox)
    before = stable_state(sandbox)
    sandbox.control("DELETE", "/requests")
    run = play(sandbox, folder, [module_task(sandbox, "check", check=True), module_task(sandbox, "run")], request.param)
    assert run.warnings == []
    assert KEY not in run.output and PASSWORD not in run.output + run.log
    run.before, run.after = before, stable_state(sandbox)
    return run


def verdicts(record):
    """Return the verdicts by host."""
    return {row["url"].partition("://")[2]: row["verdict"] for row in record.result["drills"]}


def test_check_mode(story):
    check = story["check"]
    assert check.writes == [] and check.changed is True and not check.failed
    assert verdicts(check) == {GOOD: "planned", BROKEN: "planned", BARE: "no_backup", TAKEN: "occupied"}
    assert check.result["diff"] == story["run"].result["diff"]
    assert [part["before_header"] for part in check.result["diff"]] == [
        "http://drill.%s (restore drill of http://%s)" % (host, host) for host in (GOOD, BROKEN)]


def test_verdicts(story):
    run = story["run"]
    assert run.failed and "3 of 4 drills did not pass: http://broken.example (failed) /: the text 'Title of good.example' is missing; " in run.result["msg"]
    assert verdicts(run) == {GOOD: "passed", BROKEN: "failed", BARE: "no_backup", TAKEN: "occupied"}
    assert run.result["summary"] == {"passed": 1, "planned": 0, "failed": 1, "no_backup": 1, "occupied": 1, "total": 4}
    drill = run.result["drills"][0]
    assert drill["backup_size"] > 0 and drill["reason"] is None


def test_server_unchanged(story):
    assert sorted(request["command"] for request in story["run"].writes) == ["restore", "restore", "uninstall", "uninstall"]
    assert story.after == story.before


def test_database_in_use_refused(sandbox, tmp_path):
    make_fleet(sandbox)
    used = site(GOOD)
    sites = [{"url": "http://" + GOOD, "drill_url": "http://drill." + GOOD, "db_name": used["db_name"], "db_host": used["db_host"]}]
    record = play(sandbox, tmp_path, [module_task(sandbox, "run", sites=sites)])["run"]
    assert record.failed and "sites[0].db_name: the database %s belongs to http://%s" % (used["db_name"], GOOD) in record.result["msg"]
    assert [request["command"] for request in record.requests] == ["installs"]


def test_action_and_module_agree(sandbox, tmp_path):
    results = []
    for place in PLACES:
        make_fleet(sandbox)
        result = play(sandbox, tmp_path / place, [module_task(sandbox, "run", max_parallel=1)], place)["run"].comparable()
        results.append(dict(result, drills=[dict(drill, seconds=None, backup_size=None) for drill in result["drills"]]))
    assert results[0] == results[1]
