# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of the sites that a run of safe_update was updating when it was killed."""

from __future__ import annotations

import json

import pytest

from ansible_collections.hostops.installatron.plugins.plugin_utils import _interrupted as decide
from ansible_collections.hostops.installatron.plugins.plugin_utils import _safe_update as update

GOOD = {"healthy": True, "problems": [], "regressions": []}
WORSE = {"healthy": False, "problems": ["/: HTTP status 500"], "regressions": ["/: HTTP status 500, before 200"]}
IDLE = {"tasks": []}
ROWS = [{"id": str(number), "url": "http://s%d.example" % number, "application": "wordpress", "version": "1.1", "owner": "alice"}
        for number in range(5)]


def report_of_a_killed_run(*numbers):
    """Return the text of the report that a run leaves which is killed while it updates some sites."""
    cases = update.find([{"id": str(number)} for number in numbers], ROWS, {"health": {"paths": ["shop/"]}})
    known = {"version_before": "1.0", "before": GOOD, "started": 100.0}
    cases = [dict(case, backup={"id": "b%s" % case["id"], "version": "1.0"}, **known) for case in cases]
    return json.dumps(update.report(update.interrupted(cases)))


def left_over(healths, tasks=None):
    """Return the verdicts of a killed run on the first sites, after a look at them."""
    verdicts = decide.read(report_of_a_killed_run(*range(len(healths))), "report.json")
    return decide.resumed(verdicts, healths, tasks or [IDLE] * len(healths))


@pytest.mark.parametrize("text", ["", "[]", "{}", "verdicts", '{"verdicts": 1}', '{"verdicts": [{"url": "http://s0.example"}]}'])
def test_another_file_is_not_taken_for_a_report(text):
    with pytest.raises(ValueError, match="^report.json is no report of safe_update"):
        decide.read(text, "report.json")


def test_the_sites_that_are_left_have_the_options_of_the_user():
    verdicts = decide.read(report_of_a_killed_run(0, 1, 2, 3), "report.json")
    verdicts[1]["reason"] = "healthy"
    sites = [{"url": "https://s0.example", "user": "alice"}, {"id": "2", "reseller": "bob"}]
    assert decide.left(verdicts, sites) == [
        {"url": "http://s0.example", "id": "0", "user": "alice", "place": 0}, {"url": "http://s2.example", "id": "2", "reseller": "bob", "place": 1},
        {"url": "http://s3.example", "id": "3"}]


@pytest.mark.parametrize(
    ("health", "tasks", "verdict", "why"),
    [
        (GOOD, IDLE, "open", ""),
        (GOOD, {"tasks": [{"state": "done"}]}, "open", ""),
        (WORSE, IDLE, "attention", "Now /: HTTP status 500, before 200"),
        (GOOD, {"tasks": [{"state": "running"}], "msg": "the time is over"}, "attention", "Its task still runs"),
        (GOOD, {"msg": "no connection."}, "attention", "Its tasks cannot be listed: no connection"),
    ],
)
def test_a_site_that_got_worse_needs_somebody(health, tasks, verdict, why):
    made = left_over([GOOD, health], [IDLE, tasks])
    assert [entry["verdict"] for entry in made] == ["open", verdict]
    words = ["The run was interrupted while the site was updated", why,
             "To go back: itron_backup with state: restored, id: b1 (version 1.0)"]
    assert made[1]["message"] == ". ".join(word for word in words if word)


def test_the_next_look_says_the_same_and_not_more():
    again = decide.resumed(left_over([WORSE]), [WORSE], [IDLE])
    assert again == left_over([WORSE])
    assert decide.resumed(again, [GOOD], [IDLE])[0]["verdict"] == "open"


def test_what_got_worse_is_not_visited_also_when_nobody_asked_for_it():
    cases = update.find([{"url": "https://s0.example"}, {"url": "https://s2.example"}], ROWS, {})
    made = decide.recall(cases, left_over([WORSE, WORSE, GOOD, GOOD]))
    assert [(case["url"], case["verdict"]) for case in made] == [
        ("http://s0.example", "attention"), ("http://s2.example", None), ("http://s1.example", "attention")]
    assert made[0]["backup"] == {"id": "b0", "version": "1.0"} and made[0]["before"] == GOOD
    assert made[0]["health"] == {"paths": ["shop/"]}
    assert update.report(made[:1] + made[2:])["summary"]["attention"] == 2


def test_what_vanished_in_the_middle_of_its_update_needs_somebody():
    made = decide.recall(update.find([{"url": "https://s0.example"}], ROWS[1:], {}), left_over([WORSE]))
    assert [(case["verdict"], case["reason"], case["id"]) for case in made] == [("attention", "interrupted", "0")]


def test_what_the_server_brought_to_its_end_is_updated():
    cases = decide.recall(update.find([{"id": "0"}], ROWS, {}), left_over([GOOD]))
    made = update.preview(cases, [{"failure": None, "outcome": "unchanged", "changed": False}])[0]
    assert (made["verdict"], made["reason"], made["version_before"], made["version_after"]) == ("updated", "resumed", "1.0", "1.1")
    assert made["backup"]["id"] == "b0"


def test_what_a_rollout_knows_of_an_earlier_run_stays_with_the_site():
    begun = {"version_before": "1.0", "backup": {"id": "b0", "version": "1.0"}}
    cases = decide.recall(update.find([{"id": "0", "begun": begun}, {"id": "1", "begun": None}], ROWS, {}), [])
    made = update.preview(cases, [{"failure": None, "outcome": "unchanged", "changed": False}] * 2)
    assert [(case["verdict"], case["version_before"]) for case in made] == [("updated", "1.0"), ("unchanged", "1.1")]


def test_what_breaks_before_its_second_visit_needs_somebody():
    cases = decide.recall(update.find([{"id": "0"}], ROWS, {}), left_over([GOOD]))
    made = update.baseline(update.preview(cases, [{"failure": None, "outcome": "changed", "changed": True}]), [WORSE])[0]
    assert (made["verdict"], made["reason"], made["backup"]["id"]) == ("attention", "interrupted", "b0")
    assert "HTTP status 500" in made["message"] and "id: b0" in made["message"]
