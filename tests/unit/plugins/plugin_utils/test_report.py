# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fleet report: numbers are computed from the rows, and the history from an earlier report."""

import copy
import json

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.plugin_utils._report import fleet_report
from ansible_collections.hostops.installatron.plugins.plugin_utils._report_history import KEPT

NOW = "2026-02-10T12:00:00Z"
MIB = 1024 * 1024
RELEASES = (
    {"application": "wordpress", "version": "6.5.0", "name": "WordPress", "date": "2026-01-20", "tags": ["security"]},
    # The catalog lists only the newest release; the report does not rely on this.
    {"application": "wordpress", "version": "6.4.9", "name": "WordPress", "date": "2025-01-20", "tags": []},
    {"application": "joomla", "version": "5.1.0", "name": "Joomla", "date": "2026-01-02", "tags": []},
)


def install(id, **more):
    """Return an installed application as itron_install_info lists it, with a canary in every member that the report must not contain."""
    return dict({"id": id, "url": "https://%s.example" % id, "title": "Site %s" % id, "owner": "alice",
                 "application": "wordpress", "version": "6.5.0", "version_available": None,
                 "version_available_minor": None, "autoup": "minor", "time_updated": "2026-02-01T00:00:00Z",
                 "cache_files": 10 * MIB, "cache_tables": 2 * MIB, "cache_time": "2026-02-10T03:00:00Z",
                 "path": "ftp://u:********@h/x", "db_user": "canary", "login": "canary", "email": "canary@x.example",
                 "settings": {"x": "canary"}, "bkloc": "ftp://canary@h"}, **more)


def backup(install, time, size=5 * MIB):
    """Return a backup as itron_backup_info lists it."""
    return {"id": "b-%s" % time, "install": install, "time": time, "size": size, "file": "/canary"}


def report(installs=(), backups=(), tasks=(), releases=RELEASES, now=NOW, **more):
    """Return the report on a fleet."""
    return fleet_report(list(installs), list(backups), list(tasks), list(releases), now, **more)


def site(**more):
    """Return the site entry of a report on one installed application."""
    return report([install("a", **more)])["sites"][0]


@pytest.mark.parametrize(("facts", "newest", "status", "security"), [
    ({"version": "6.5.0"}, "6.5.0", "current", False),
    ({"version": "6.5"}, "6.5.0", "current", False),
    ({"version": "6.4.2", "version_available": "6.5.0"}, "6.5.0", "upgrade", True),
    ({"version": "6.4.2", "version_available": "6.5.0", "version_available_minor": "6.4.3"}, "6.5.0", "patch", True),
    ({"version": "6.4.2"}, "6.5.0", "upgrade", True),
    # The server reports a newer version than the catalog.
    ({"version": "6.5.0", "version_available": "6.6.0"}, "6.6.0", "upgrade", False),
    ({"version": "6.5.0", "version_available_minor": "6.4.9"}, "6.5.0", "current", False),
    ({"version": "6.10.0"}, "6.5.0", "current", False),
    ({"application": "joomla", "version": "5.0.9"}, "5.1.0", "upgrade", False),
    ({"application": "unknown", "version": "1.0"}, None, "unknown", False),
    ({"application": "unknown", "version": "1.0", "version_available": "2.0"}, "2.0", "upgrade", False),
    ({"version": None}, "6.5.0", "unknown", False),
])
def test_status_of_a_version(facts, newest, status, security):
    found = site(**facts)
    assert (found["newest"], found["status"], found["security"]) == (newest, status, security)


@pytest.mark.parametrize(("times", "state", "age", "bucket"), [
    ([], "none", None, "none"),
    (["2026-02-10T11:00:00Z", "2026-01-01T00:00:00Z"], "fresh", 3600, "day"),
    (["2026-02-10T13:00:00Z"], "fresh", 0, "day"),
    (["2026-02-08T12:00:00Z"], "fresh", 172800, "week"),
    (["2026-02-08T11:59:59Z"], "old", 172801, "week"),
    (["2026-01-20T12:00:00Z"], "old", 21 * 86400, "month"),
    (["2025-01-20T12:00:00Z"], "old", 386 * 86400, "older"),
    ([None], "none", None, "none"),
])
def test_backup_age(times, state, age, bucket):
    found = report([install("a"), install("b")], [backup("a", time) for time in times])
    row = found["sites"][0]
    assert (row["backup"], row["backup_age"], row["backups"]) == (state, age, len(times))
    assert row["backup_size"] == 5 * MIB * len(times)
    counts = {entry["age"]: entry["sites"] for entry in found["backup_age"]}
    assert sum(entry["fresh"] for entry in found["backup_age"]) == (state == "fresh")
    assert sum(entry["old"] for entry in found["backup_age"]) == (state == "old")
    assert counts.pop(bucket) == (2 if bucket == "none" else 1)
    assert sum(counts.values()) == (0 if bucket == "none" else 1)


def test_summary_and_groups():
    found = report(
        [install("a"), install("b", version="6.4.2"), install("c", version="6.4.2", autoup="none", cache_files=None),
         install("d", application="joomla", version="5.1.0", autoup=None, cache_files=None, cache_tables=None)],
        [backup("a", "2026-02-10T03:00:00Z", None), backup("b", "2026-01-01T03:00:00Z", 7)],
        [{"id": "1", "state": "running"}, {"id": "2", "state": "done"}])
    assert found["summary"] == {
        "sites": 4, "applications": 2, "current": 2, "patch": 0, "upgrade": 2, "unknown": 0, "outdated": 2,
        "security": 2, "autoup_off": 1, "backup_fresh": 1, "backup_old": 1, "backup_none": 2, "backups": 2,
        "backup_size": 7, "disk": 26 * MIB, "disk_unknown": 1, "failed_tasks": 0, "running_tasks": 1, "growth": None}
    assert [(row["name"], row["sites"], row["current"], row["upgrade"], row["newest"], row["disk"])
            for row in found["applications"]] == [("WordPress", 3, 1, 2, "6.5.0", 26 * MIB),
                                                  ("Joomla", 1, 1, 0, "5.1.0", 0)]
    assert [(row["application"], row["version"], row["sites"], row["upgrade"]) for row in found["versions"]] == [
        ("joomla", "5.1.0", 1, 0), ("wordpress", "6.5.0", 1, 0), ("wordpress", "6.4.2", 2, 2)]
    assert {row["policy"]: row["sites"] for row in found["autoup"]} == {"all": 0, "minor": 2, "none": 1, "unknown": 1}


def test_failed_tasks_newest_first():
    tasks = [{"id": str(number), "state": state, "install": "a", "time": time, "message": "m", "user": "alice"}
             for number, (state, time) in enumerate([
                 ("failed", "2026-02-01T00:00:00Z"), ("failed", "2026-02-02T00:00:00Z"), ("done", None),
                 ("failed", None), ("gone", None)])]
    found = report([install("a"), install("b")], tasks=tasks)
    assert [task["id"] for task in found["failed_tasks"]] == ["1", "0", "3"]
    assert [row["failed_tasks"] for row in found["sites"]] == [3, 0] and found["summary"]["failed_tasks"] == 3


def test_growth_since_previous_day():
    first = report([install("a"), install("gone")], now="2026-02-09T01:00:00Z")
    grown = [install("a", cache_files=15 * MIB), install("new")]
    second = report(grown, previous=first)
    assert second["since"] == first["time"] and second["summary"]["growth"] == 5 * MIB
    assert [(row["id"], row["disk_before"], row["growth"]) for row in second["sites"]] == [
        ("a", 12 * MIB, 5 * MIB), ("new", None, None)]
    assert [(point["day"], point["disk"]) for point in second["history"]] == [
        ("2026-02-09", 24 * MIB), ("2026-02-10", 29 * MIB)]
    # A second report on the same day, with the previous report as input, is identical.
    again = report(grown, previous=json.loads(json.dumps(second)))
    assert again == second
    third = report([install("a", cache_files=14 * MIB)], previous=again, now="2026-02-11T00:00:00Z")
    assert third["since"] == NOW and third["sites"][0]["growth"] == -MIB and len(third["history"]) == 3


def test_previous_report_from_future_ignored():
    later = report([install("a")], previous=report([install("a")], now="2026-02-09T01:00:00Z"))
    found = report([install("a")], now="2026-02-01T00:00:00Z", previous=later)
    assert found["since"] is None and len(found["history"]) == 1 and found["sites"][0]["disk_before"] is None


def test_history_limited():
    first = report([install("a")])
    point = first["history"][0]
    first["history"] = [dict(point, day="20%02d-%02d-%02d" % (year, month, day))
                        for year in range(10, 26) for month in range(1, 13) for day in range(1, 29)]
    found = report([install("a")], previous=first)["history"]
    assert len(found) == KEPT and found[-1]["day"] == NOW[:10]


def test_order_of_input_irrelevant():
    installs = [install("b"), install("a"), install("c", url="https://a.example")]
    backups = [backup("a", "2026-02-10T03:00:00Z"), backup("a", "2026-02-09T03:00:00Z")]
    one = report(installs, backups)
    assert json.dumps(report(installs[::-1], backups[::-1], releases=RELEASES[::-1])) == json.dumps(one)
    assert [row["id"] for row in one["sites"]] == ["a", "c", "b"]


def test_report_has_only_known_members():
    text = json.dumps(report([install("a")], [backup("a", NOW)], [{"id": "1", "state": "failed", "install": "a",
                                                                  "time": None, "x": "canary"}]))
    assert "canary" not in text and "********" not in text


def test_report_empty_fleet():
    found = report()
    assert found["sites"] == found["applications"] == found["versions"] == [] and found["summary"]["sites"] == 0


def test_arguments_not_modified():
    installs, previous = [install("a")], report([install("a")], now="2026-02-09T01:00:00Z")
    kept = copy.deepcopy((installs, previous))
    report(installs, previous=previous)
    assert (installs, previous) == kept


@pytest.mark.parametrize("spoil", [
    {"format": 2}, {"time": 5}, {"history": None}, {"history": [{}]}, {"history": [{"day": "x"}]}, {"sites": "x"},
    {"sites": [{}]}, {"sites": [{"id": "a", "disk": "big"}]}, {"history": [{"day": "2026-01-01"}]},
])
def test_previous_report_invalid(spoil):
    earlier = dict(report([install("a")], now="2026-02-09T01:00:00Z"), **spoil)
    with pytest.raises(InputError, match="previous: the value is not a report"):
        report([install("a")], previous=earlier)


def test_previous_report_as_text():
    first = report([install("a")], now="2026-02-09T01:00:00Z")
    assert report([install("a")], previous=json.dumps(first)) == report([install("a")], previous=first)


@pytest.mark.parametrize("previous", [None, ""])
def test_previous_report_empty(previous):
    assert report(previous=previous) == report()


@pytest.mark.parametrize("previous", [["x"], "text", 5, {}, [], 0])
def test_previous_report_wrong_type(previous):
    with pytest.raises(InputError, match="previous: the value is not a report"):
        report(previous=previous)


@pytest.mark.parametrize("now", ["", "2026-02-10", "2026-02-10T12:00:00+01:00", 5, None])
def test_now_invalid(now):
    with pytest.raises(InputError, match="now: "):
        report(now=now)


def test_max_backup_age_invalid():
    with pytest.raises(InputError, match="max_backup_age"):
        report(max_backup_age="young")
