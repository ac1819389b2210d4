# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The decisions of the role safe_update, stage by stage."""

from __future__ import annotations

import pytest

from ansible_collections.hostops.installatron.plugins.plugin_utils import _safe_update as decide

GOOD = {"healthy": True, "problems": [], "regressions": []}
WORSE = {"healthy": False, "problems": ["/: HTTP status 500"], "regressions": ["/: HTTP status 500, before 200"]}
DONE = {"failure": None, "outcome": "changed", "changed": True}
BROKEN = {"failure": {"msg": "upgrade: no"}, "outcome": "failed", "changed": True}
QUIET = {"tasks": []}


def row(version="1.0", **more):
    """Return an installed application."""
    return dict({"id": "a", "url": "http://a.example", "application": "wordpress", "version": version,
                 "owner": "alice"}, **more)


def case(**more):
    """Return the case of a site that is about to be updated."""
    made = decide.find([dict({"url": "https://a.example/"}, **more)], [row()], {"version": "latest"})
    backup = {"id": "b1", "version": "1.0", "size": 9, "filename": "f", "time": None}
    return dict(made[0], before=GOOD, backup=backup, started=100.0)


def test_a_site_is_found_by_its_url_without_the_scheme():
    found = case()
    assert (found["id"], found["version_before"], found["verdict"], found["header"]) == ("a", "1.0", None,
                                                                                         {"user": "alice"})
    assert decide.items([found]) == [{"id": "a", "revert": True, "user": "alice", "version": "latest"}]


def test_websites_are_in_no_case_and_in_the_items():
    site = {"url": "https://a.example/", "websites": [{"path": "ssh://bob:hunter2@h"}]}
    found = case(**site)
    assert "hunter2" not in str(found) and found["place"] == 0
    assert decide.items([found], sites=[site])[0]["websites"] == site["websites"]


def test_what_is_not_there_twice_or_ambiguous_is_skipped():
    rows = [row(), row(id="b", url="https://b.example"), row(id="c", url="http://b.example")]
    sites = [{"url": "http://a.example"}, {"id": "a"}, {"url": "http://z.example"}, {"url": "http://b.example:80"},
             {"url": "http://b.example"}]
    reasons = [found["reason"] for found in decide.find(sites, rows, {})]
    assert reasons == [None, "twice", "not_installed", "ambiguous", None]


@pytest.mark.parametrize(
    ("older", "begun", "task", "newer", "expected"),
    [
        ({"backups": []}, {"task": {"id": "1"}}, {"id": "1", "state": "done"}, [{"id": "n", "size": 5,
                                                                                 "version": "1.0"}], None),
        ({"backups": []}, {"task": None}, None, [{"id": "n", "size": 5, "version": "1.0"}], None),
        ({"backups": [{"id": "o"}]}, {"task": None}, None, [{"id": "o", "size": 5, "version": "1.0"}],
         "does not list it"),
        ({"backups": []}, {"task": None}, None, [{"id": "n", "size": 0, "version": "1.0"}], "empty"),
        ({"backups": []}, {"task": None}, None, [{"id": "n", "size": 5, "version": "0.9"}], "another version"),
        ({"backups": []}, {"msg": "disk full", "failed": False}, None, [], "disk full"),
        ({"backups": []}, {"task": {"id": "1"}}, {"id": "1", "state": "failed", "message": "no space"}, [], "no space"),
        ({"backups": []}, {"task": {"id": "1"}}, {"id": "1", "state": "running"}, [], "still ran"),
        ({"msg": "refused"}, {"task": None}, None, [{"id": "n", "size": 5, "version": "1.0"}],
         "cannot be listed: refused"),
    ],
)
def test_only_a_verified_backup_of_this_run_counts(older, begun, task, newer, expected):
    (made,) = decide.backups([case()], [older], [begun], [task] if task else [], [{"backups": newer}])
    if expected is None:
        assert (made["verdict"], made["backup"]["id"]) == (None, "n")
    else:
        assert (made["verdict"], made["reason"]) == ("skipped", "no_backup")
        assert expected in made["message"]


@pytest.mark.parametrize(
    ("options", "result", "look", "tasks", "health", "expected"),
    [
        ({}, DONE, row("2.0"), QUIET, GOOD, ("updated", "healthy", False)),
        ({}, DONE, row("2.0"), QUIET, WORSE, ("attention", "rollback_not_allowed", False)),
        ({"rollback": True}, DONE, row("2.0"), QUIET, WORSE, (None, "regression", True)),
        ({"rollback": True}, BROKEN, row("1.0"), QUIET, GOOD, ("failed", "update_failed", False)),
        ({"rollback": True}, BROKEN, row("1.0"), QUIET, WORSE, (None, "update_failed", True)),
        ({"rollback": True}, BROKEN, row("2.0"), QUIET, GOOD, (None, "update_failed", True)),
        ({"rollback": True}, BROKEN, row("1.0"), {"tasks": [{"state": "running"}]}, WORSE, ("attention",
                                                                                            "still_running", False)),
        ({"rollback": True}, BROKEN, row("1.0"), {"msg": "no answer"}, WORSE, ("attention", "unknown", False)),
        ({"rollback": True}, BROKEN, None, QUIET, WORSE, ("attention", "unknown", False)),
        ({}, dict(BROKEN, outcome="not_started"), row("1.0"), QUIET, GOOD, ("skipped", "stopped", False)),
    ],
)
def test_after_the_update(options, result, look, tasks, health, expected):
    looks = [{"installs": [look] if look else []}]
    (made,) = decide.updated([case(**options)], [result], looks, [tasks], [health], 160.0)
    assert (made["verdict"], made["reason"], made["restore"]) == expected
    if made["verdict"] == "attention":
        assert "state: restored, id: b1" in made["message"]


@pytest.mark.parametrize(
    ("result", "look", "health", "expected"),
    [
        ({}, row("1.0", id="new"), GOOD, ("rolled_back", "regression")),
        ({}, row("2.0"), GOOD, ("attention", "rollback_failed")),
        ({}, row("1.0"), WORSE, ("attention", "rollback_failed")),
        ({"msg": "no archive"}, row("2.0"), WORSE, ("attention", "rollback_failed")),
        ({"skipped": True}, row("2.0"), WORSE, ("attention", "time_box_over")),
    ],
)
def test_after_the_restore(result, look, health, expected):
    waiting = dict(case(rollback=True), restore=True, reason="regression", message="worse")
    (made,) = decide.restored([waiting], [result], [{"installs": [look]}], [health], 200.0)
    assert (made["verdict"], made["reason"]) == expected
    assert made["seconds"] == 100.0


def test_a_stop_tells_untouched_sites_from_others():
    touched, untouched = case(), dict(case(), started=None)
    verdicts = [made["verdict"] for made in decide.stop([touched, untouched], "stopped", "trouble")]
    assert verdicts == ["attention", "skipped"]


def test_an_interrupted_update_names_the_backup():
    (made,) = decide.interrupted([case()])
    assert (made["verdict"], made["reason"]) == ("attention", "interrupted")
    assert "b1" in made["message"]


def test_the_report_counts_and_shows_no_inner_workings():
    made = decide.report([decide.closed(case(), "updated", "healthy"), decide.closed(case(), "skipped", "no_backup")])
    assert (made["summary"]["updated"], made["summary"]["skipped"], made["summary"]["total"]) == (1, 1, 2)
    assert "header" not in made["verdicts"][0]
    assert decide.failures(made["verdicts"]) == 1


def test_results_that_do_not_fit_the_sites_are_refused():
    with pytest.raises(ValueError, match="2 results for 1 sites"):
        decide.preview([case()], [DONE, DONE])
