# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The decisions of the role rollout."""

from __future__ import annotations

import datetime

import pytest

from ansible_collections.hostops.installatron.plugins.plugin_utils import _rollout as decide

NOW = datetime.datetime(2026, 3, 4, 23, 30, tzinfo=datetime.timezone.utc).timestamp()  # a Wednesday
SITES = [{"url": "http://s%d.example" % number, "id": str(number)} for number in range(10)]


def row(number, version="6.4.3", **more):
    """Return an installed application."""
    return dict(SITES[number], application="wordpress", version=version, owner="alice", **more)


def names(sites):
    """Return the ids of sites."""
    return "".join(site["id"] for site in sites)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "012"),
        ({"below": "6.5.0"}, "02"),
        ({"application": "joomla"}, ""),
        ({"include": ["s[12]*"]}, "12"),
        ({"exclude": ["http://s0.*", "2"]}, "1"),
        ({"include": ["alice"]}, "012"),
        ({"include": "s0.*, s2.*", "exclude": "s2.*"}, "0"),
        ({"sites": [{"url": "https://s2.example", "rollback": True}]}, "2"),
        ({"plugin": "akismet"}, "02"),
        ({"plugin": "akismet", "below": "5.3"}, "0"),
    ],
)
def test_selection(options, expected):
    plugins = [{"id": "akismet/akismet.php", "version": "5.2"}]
    newer = [{"id": "akismet/akismet.php", "version": "5.10"}]
    rows = [row(0, list_plugins=plugins), row(1, "6.5.5", list_plugins=[]), row(2, list_plugins=newer)]
    assert names(decide.select(rows, **options)) == expected


@pytest.mark.parametrize(
    ("canary", "sizes", "expected"),
    [
        (1, ["10%", "100%"], ["0", "1", "23456789"]),
        (2, [3], ["01", "234", "56789"]),
        (0, ["50%", "50%"], ["01234", "56789"]),
        (["s7.*"], ["100%"], ["7", "012345689"]),
        ("2", "3,100%", ["01", "234", "56789"]),
        ("s7.*, s1.*", "100%", ["17", "02345689"]),
    ],
)
def test_waves(canary, sizes, expected):
    assert [names(wave["sites"]) for wave in decide.waves(SITES, canary, sizes)] == expected


def test_what_is_done_is_not_visited_again():
    verdicts = {"s0.example": "updated", "s1.example": "rolled_back",
                "s2.example": "attention", "s3.example": "unchanged"}
    state = {"verdicts": {name: {"verdict": verdict} for name, verdict in verdicts.items()}}
    made = decide.waves(SITES, 1, ["50%"], state)
    assert [(wave["name"], names(wave["sites"])) for wave in made] == [("wave 1", "145"), ("wave 2", "6789")]


@pytest.mark.parametrize(
    ("name", "failed", "number", "share", "expected"),
    [("canary", 0, 5, 50, 0), ("wave 1", 1, 3, -1, 2), ("wave 1", 4, 3, -1, 0),
     ("wave 1", 0, -1, 25, 2), ("wave 1", 0, 1, 25, 1),
     ("wave 1", 9, -1, -1, -1)],
)
def test_the_stop_rule(name, failed, number, share, expected):
    assert decide.budget({"name": name, "sites": SITES}, failed, number, share) == expected


def test_why_it_stops():
    verdicts = [{"url": "http://x.example", "verdict": "failed", "reason": "update_failed"}]
    assert decide.why_stop(verdicts, 0) == "1 sites failed, and at most 0 may: http://x.example"
    assert decide.why_stop(verdicts, 1) == ""
    assert decide.why_stop(verdicts, -1) == ""


@pytest.mark.parametrize(
    ("window", "is_open"),
    [
        ({}, True),
        ({"start": "23:00", "end": "24:00"}, True),
        ({"start": "22:00", "end": "05:00", "days": ["wed"]}, True),
        ({"start": "22:00", "end": "05:00", "days": ["Thursday"]}, False),
        ({"start": "00:00", "end": "01:00", "timezone": "Europe/Berlin"}, True),
        ({"start": 1320, "end": "05:00", "timezone": "Europe/Berlin", "days": ["wed"]}, True),
        ({"start": "08:00", "end": "18:00"}, False),
    ],
)
def test_the_window(window, is_open):
    assert (decide.in_window(window, NOW) is None) is is_open


@pytest.mark.parametrize("window", [{"days": ["someday"]}, {"start": "noon"}, {"start": "25:00"}])
def test_a_window_that_is_none_is_refused(window):
    with pytest.raises(ValueError):
        decide.in_window(window, NOW)


@pytest.mark.parametrize(
    ("tags", "options", "versions", "held"),
    [
        ([], {"days": 7}, ["6.4.4"], 0),
        (["security"], {"days": 7}, ["6.5.5"], 0),
        (["security"], {"days": 7, "security": False}, ["6.4.4"], 0),
        ([], {"days": 7, "version": "6.5.5"}, [], 1),
        ([], {"days": 0}, [None], 0),
        ([], {"days": 7, "version": "latest_minor"}, ["6.4.4"], 0),
    ],
)
def test_fresh_releases_are_held(tags, options, versions, held):
    releases = [{"application": "wordpress", "version": "6.4.4", "date": "2026-01-01", "tags": []},
                {"application": "wordpress", "version": "6.5.5", "date": "2026-03-03", "tags": tags}]
    made = decide.hold(SITES[:1], [row(0)], releases, NOW, **options)
    assert [site.get("version") for site in made["sites"]] == versions
    assert len(made["held"]) == held


def test_a_state_is_taken_up_for_the_same_target_only():
    verdict = dict.fromkeys(("id", "message", "version_before", "version_after", "backup"))
    interrupted = [dict(verdict, url="http://s0.example", verdict="attention", reason="interrupted")]
    first = decide.begin({}, {"version": "latest"}, NOW)
    again = decide.begin(first, {"version": "latest"}, NOW, interrupted)
    assert again["runs"] == 2
    assert again["verdicts"]["s0.example"]["reason"] == "interrupted"
    assert decide.begin(again, {"version": "6.5"}, NOW)["verdicts"] == {}
    assert decide.begin(dict(again, complete=True), {"version": "latest"}, NOW)["verdicts"] == {}
    other = decide.begin(first, {"version": "6.5"}, NOW, interrupted + [dict(verdict, url="http://s1.example", verdict="updated", reason="healthy")])
    assert list(other["verdicts"]) == ["s0.example"]
    with pytest.raises(ValueError, match="another format"):
        decide.begin(dict(first, format=0), {}, NOW)


def left_by_a_kill(number, **more):
    """Return the verdict on a site whose update an earlier run did not see the end of."""
    return dict({"url": "http://s%d.example" % number, "id": str(number), "verdict": "attention", "reason": "interrupted",
                 "version_before": "6.4.3", "version_after": None, "backup": {"id": "b%d" % number}, "message": ""}, **more)


def test_what_an_interrupted_run_began_goes_with_the_site_until_it_has_a_verdict():
    left = [left_by_a_kill(0, verdict="open"), left_by_a_kill(1), left_by_a_kill(2, verdict="updated", reason="healthy")]
    state = decide.begin(decide.begin({}, {}, NOW), {}, NOW, left)
    waves = decide.waves(SITES[:4], state=state)
    assert [(site["id"], (site["begun"] or {}).get("backup")) for wave in waves for site in wave["sites"]] == [
        ("0", {"id": "b0"}), ("3", None)]
    stopped = decide.merge(state, [left_by_a_kill(0, verdict="skipped", reason="stopped")])
    assert list(stopped["begun"]) == ["s0.example"] and "s0.example" not in stopped["verdicts"]
    merged = decide.merge(stopped, [left_by_a_kill(0, verdict="updated", reason="resumed")])
    assert merged["begun"] == {} and merged["verdicts"]["s0.example"]["backup"] == {"id": "b0"}


def test_a_site_of_this_rollout_stays_in_it_when_its_version_is_reached():
    state = decide.begin({}, {}, NOW)
    state = decide.merge(state, [left_by_a_kill(0, reason="rollback_failed")], "canary")
    state = dict(state, begun={"s1.example": {}})
    rows = [row(number, "6.5.5") for number in range(3)] + [row(3)]
    assert names(decide.select(rows, below="6.5.0", state=state)) == "013"
    assert names(decide.select(rows, below="6.5.0", state=state, exclude=["s0.*"])) == "13"


def test_sites_that_a_stop_left_out_stay_open():
    verdict = dict.fromkeys(("id", "message", "version_before", "version_after", "backup"))
    state = decide.begin({}, {}, NOW)
    merged = decide.merge(state, [dict(verdict, url="http://s0.example", verdict="skipped", reason="stopped"),
                                  dict(verdict, url="http://s1.example", verdict="updated", reason="healthy")], "wave 1")
    assert list(merged["verdicts"]) == ["s1.example"]
    made = decide.summary(merged, SITES[:2], [], "a reason")
    assert (made["complete"], made["counts"]) == (False, {"open": 1, "updated": 1})


def test_a_site_that_gets_worse_in_the_soak_time_needs_somebody():
    verdicts = [{"url": "http://s0.example", "verdict": "failed"}, {"url": "http://s1.example", "verdict": "updated"}]
    made = decide.soaked(verdicts, [{"healthy": False, "regressions": ["/: HTTP status 500, before 200"]}])
    assert [verdict["verdict"] for verdict in made] == ["failed", "attention"]
