# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_rollout by action and by module: a fleet with one site that breaks, in check mode, in a run, and in a repeated run."""

import re

import pytest
from harness import KEY, PLACES, USER, play

ROLLOUT = "hostops.installatron.itron_rollout"
OLD, NEW = "6.4.3", "6.5.5"
HOSTS = ["%s.example" % name for name in ("a", "b", "broken", "current", "d")]


def make_fleet(sandbox):
    """Create the sites of the story."""
    sandbox.reset()
    for host in HOSTS:
        sandbox.control("POST", "/seed", {"count": 1, "user": USER, "files": True, "domain": host, "version": NEW if host.startswith("current") else OLD})
    sandbox.control("POST", "/sites", {"url": "http://broken.example", "upgrade": "page_500"})
    sandbox.control("DELETE", "/requests")


def rollout(sandbox, folder, **more):
    """Return the options of the task."""
    return dict({"canary": ["a.example"], "waves": ["1"], "rollback": True, "server_revert": False, "fail_on": [], "max_failures": -1,
                 "journal": str(folder / "journal"), "report": str(folder / "report.json"), "soak": 0.1,
                 "health": {"url_ip": "127.0.0.1", "port": sandbox.ready["port"], "delay": 0.05}}, **more)


def module_task(name, options, check=False):
    """Return one task of itron_rollout."""
    return {"name": name, ROLLOUT: options, "check_mode": check, "diff": True, "ignore_errors": True, "register": "result"}


def verdicts_of(record):
    """Return (verdict, reason, wave, versions) by host."""
    return {verdict["url"].partition("://")[2]: tuple(verdict[name] for name in ("verdict", "reason", "wave", "version_before", "version_after"))
            for verdict in record.result["verdicts"]}


@pytest.fixture(scope="module", params=PLACES)
def story(request, sandbox, tmp_path_factory):
    """Check, run, and run again, with the state of the sandbox after each task."""
    folder = tmp_path_factory.mktemp(request.param)
    make_fleet(sandbox)
    options = rollout(sandbox, folder)
    tasks = [module_task("check", options, check=True), module_task("run", options), module_task("again", dict(options, retry=[]))]
    run = play(sandbox, folder, tasks, request.param)
    assert run.warnings == []
    assert KEY not in run.output and KEY not in run.log
    run.place, run.folder = request.param, folder
    return run


def test_check_mode_predicts_run(story):
    check = story["check"]
    assert check.writes == [] and check.changed is True
    waves = {"a.example": "canary", "b.example": "wave 1", "broken.example": "wave 2", "d.example": "wave 2"}
    assert verdicts_of(check) == {host: ("planned", "check_mode", wave, OLD, None) for host, wave in waves.items()}
    sizes = [{"name": "canary", "sites": 1}, {"name": "wave 1", "sites": 1}, {"name": "wave 2", "sites": 2}]
    assert check.result["waves"] == story["run"].result["waves"] == sizes
    assert check.result["diff"] == story["run"].result["diff"]


def test_diff_per_site(story):
    diff = story["run"].result["diff"]
    assert [part["before_header"] for part in diff] == ["http://%s (update)" % host for host in HOSTS if host != "current.example"]
    assert [(part["before"]["version"], part["after"]["version"]) for part in diff] == [(OLD, NEW)] * 4


def test_verdicts(story):
    run = story["run"]
    assert verdicts_of(run) == {"a.example": ("updated", "healthy", "canary", OLD, NEW), "b.example": ("updated", "healthy", "wave 1", OLD, NEW),
                                "broken.example": ("rolled_back", "regression", "wave 2", OLD, OLD), "d.example": ("updated", "healthy", "wave 2", OLD, NEW)}
    assert run.result["summary"] == {"updated": 3, "unchanged": 1, "planned": 0, "skipped": 0, "failed": 0, "rolled_back": 1, "attention": 0, "total": 5}
    assert (run.result["stopped"], run.result["complete"], run.result["held"]) == ("", False, [])


def test_server_state_matches_verdicts(story):
    state = story["run"].state
    assert {row["url"].partition("://")[2]: row["version"] for row in state["installs"]} == dict.fromkeys(HOSTS, NEW) | {"broken.example": OLD}
    assert sorted(request["command"] for request in story["run"].writes) == ["backup"] * 4 + ["restore"] + ["upgrade"] * 4
    assert {verdict["backup"]["id"] for verdict in story["run"].result["verdicts"]} == {row["id"] for row in state["backups"]}


def test_idempotency(story):
    again = story["again"]
    assert again.changed is False and again.writes == [] and again.result["diff"] == []
    assert verdicts_of(again) == verdicts_of(story["run"])


def test_requests_per_site(story):
    """The list, the catalog, and for each updated site: a dry run, a backup and two lists of backups, an update, and its row."""
    commands = [request["command"] for request in story["run"].requests if request["command"] not in ("tasks", "browser")]
    waves, updates, rollback = 3, 4, 7
    assert len(commands) == waves + 6 * updates + rollback


def test_progress_lines(story):
    if story.place != "controller":
        # A module cannot print while it runs.
        assert "canary" not in story.output
        return
    lines = [re.sub(r", \d+ s.*", "", line.partition("itron_rollout: ")[2]) for line in story.output.splitlines() if "itron_rollout: " in line]
    run = lines[lines.index("canary: 1 of 4 sites", 1 + lines.index("canary: 1 of 4 sites")):]
    assert run[:4] == ["canary: 1 of 4 sites", "[1/4] updated a.example %s -> %s" % (OLD, NEW), "canary: soaking for 0 s", "wave 1: 1 of 4 sites"]
    assert "updated 3, unchanged 1, rolled_back 1, total 5" in run
    # Only the site that needs attention has a line at the end.
    end = run[run.index("updated 3, unchanged 1, rolled_back 1, total 5") + 1:]
    assert end[0].startswith("rolled_back http://broken.example (regression) /: HTTP status 500")
    assert "[4/4] would update d.example %s -> %s" % (OLD, NEW) in lines or "[3/4] would update d.example %s -> %s" % (OLD, NEW) in lines


def test_action_and_module_agree(sandbox, tmp_path):
    results = []
    for place in PLACES:
        make_fleet(sandbox)
        (tmp_path / place).mkdir()
        options = rollout(sandbox, tmp_path / place, max_parallel=1, soak=0, sites=[{"url": "http://%s" % host} for host in [*HOSTS, "nowhere.example"]])
        record = play(sandbox, tmp_path / place, [module_task("run", options)], place)["run"]
        result = record.comparable()
        for verdict in result["verdicts"]:
            verdict.update(seconds=None, started=None, backup=dict(verdict["backup"] or {}, filename=None, size=None))
            verdict["message"] = re.sub(r"\d+\.\d s", "", verdict["message"])
        results.append(result)
    assert results[0] == results[1]
    assert {verdict["reason"] for verdict in results[0]["verdicts"]} == {"healthy", "regression", "not_installed"}


@pytest.mark.parametrize(("options", "message"), [
    ({"sites": [{"rollback": True}]}, "one of the following is required: id, url found in sites"),
    ({"window": {"start": "noon"}}, "window.start: 'noon' is not a time of day"),
    ({"waves": ["much"]}, "waves: 'much' is neither a number of sites nor a share such as 10%"),
    ({"report": "hosts"}, "report: hosts is not the report of a rollout; move it away, or set report to another file"),
    ({"journal": "hosts"}, "journal: hosts is not the journal of a rollout. Nothing was sent. Set journal to another file."),
])
def test_options_refused(sandbox, tmp_path, options, message):
    sandbox.reset()
    given = {name: value for name, value in rollout(sandbox, tmp_path).items() if name not in ("journal", "report")}
    record = play(sandbox, tmp_path, [module_task("run", dict(given, **options))])["run"]
    assert record.failed and message in record.result["msg"], record.result["msg"]
    assert record.requests == []
