# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_backup_info: backups of a site, of a removed site, of a user, and of all users below a reseller."""

from pathlib import Path

import pytest
from harness import KEY, PLACES, api
from reading import Reading, assert_reading, backed_up, installed, play_reading_tasks, play_readings, reading_task, send
from scenarios import cases, main_scenarios

MODULE = "itron_backup_info"
HOSTS = ("one.example", "two.example", "gone.example")


def prepare(sandbox):
    """Create backups of two sites, of one that is then removed, and of a site of bob."""
    for name, more in (
        ("dealer", {"type": "reseller"}),
        ("alice", {"reseller": "dealer"}),
        ("bob", {"reseller": "dealer"}),
    ):
        send(sandbox, "POST", sandbox.url, dict({"key": KEY, "cmd": "edituser", "user": name}, **more))
    one, _two, gone = (installed(sandbox, HOSTS, host) for host in HOSTS)
    for row in (one, gone, one):
        backed_up(sandbox, HOSTS, row)
    send(sandbox, *api(sandbox, HOSTS, "uninstall", id=gone["id"]))
    backed_up(sandbox, ["bobs.example"], installed(sandbox, ["bobs.example"], "bobs.example", user="bob"))


def lists(*hosts):
    """Return a check that the listed backups of the sites on these hosts match the sandbox."""

    def verify(record):
        backups = record.result["backups"]
        assert sorted(backup["url"].partition("://")[2] for backup in backups) == sorted(hosts)
        held = {backup["id"]: backup for backup in record.state["backups"]}
        for backup in backups:
            assert backup["filename"] == Path(held[backup["id"]]["archive"]).name
            assert backup["install"] == held[backup["id"]]["install"]
            assert backup["time"].endswith("Z") and "db_pass" not in backup
        assert [backup["time"] for backup in backups] == sorted((backup["time"] for backup in backups), reverse=True)

    return verify


READINGS = [
    Reading("all", MODULE, {}, ["backups"], lists("one.example", "one.example", "gone.example")),
    Reading(
        "url", MODULE, {"install": "https://ONE.example/"}, ["installs", "backups"], lists("one.example", "one.example")
    ),
    Reading("none", MODULE, {"install": "http://two.example"}, ["installs", "backups"], lists()),
    Reading(
        "gone", MODULE, {"install": "http://gone.example"}, ["installs", "installs", "backups"], lists("gone.example")
    ),
    Reading("search", MODULE, {"q": "gone"}, ["backups"], lists("gone.example")),
    Reading("no such id", MODULE, {"id": "nosuchid"}, ["backups"], lists()),
    Reading("no such install", MODULE, {"install": "nosuchid"}, ["backups"], lists()),
    Reading(
        "owned",
        MODULE,
        {"user": "dealer", "owned_accounts": True},
        ["backups"],
        lists("one.example", "one.example", "gone.example", "bobs.example"),
    ),
    Reading(
        "owned url",
        MODULE,
        {"user": "dealer", "owned_accounts": True, "install": "http://bobs.example"},
        ["installs", "backups"],
        lists("bobs.example"),
    ),
    Reading("another user", MODULE, {"user": "bob"}, ["backups"], lists("bobs.example")),
]


@pytest.fixture(scope="module")
def runs(sandbox, chosen, tmp_path_factory):
    """All readings, by action and by module."""
    return play_readings(chosen(READINGS), sandbox, tmp_path_factory.mktemp("runs"), prepare, HOSTS)


@pytest.mark.parametrize(("reading", "place"), cases(__file__, READINGS))
def test_reading(runs, reading, place):
    assert_reading(reading, runs[place])


@pytest.mark.parametrize("reading", main_scenarios(__file__, READINGS), ids=lambda reading: reading.name)
def test_action_and_module_agree(runs, reading):
    # The archives have different names and sizes because they were created at different times.
    answers = [
        [
            (backup["url"], backup["application"], backup["location"], sorted(backup))
            for backup in runs[place]["%s: run" % reading.name].result["backups"]
        ]
        for place in PLACES
    ]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("place", PLACES)
def test_ids_of_installs_and_backups(sandbox, tmp_path, place):
    sandbox.reset()
    prepare(sandbox)
    state = sandbox.control("GET", "/state")
    one = next(row for row in state["installs"] if row["url"] == "http://one.example")
    backup = state["backups"][0]
    run = play_reading_tasks(
        sandbox,
        tmp_path,
        [
            reading_task("of an id", MODULE, {"install": one["id"]}),
            reading_task("one backup", MODULE, {"id": backup["id"], "install": one["id"]}),
            reading_task("no url", MODULE, {"install": "one.example/"}),
        ],
        place,
    )
    assert {item["install"] for item in run["of an id"].result["backups"]} == {one["id"]}
    assert len(run["of an id"].result["backups"]) == 2
    assert [item["id"] for item in run["one backup"].result["backups"]] == [backup["id"]]
    assert [item["size"] for item in run["one backup"].result["backups"]] == [Path(backup["archive"]).stat().st_size]
    assert run["no url"].failed and run["no url"].requests == []
    assert "install: 'one.example/' is neither an id nor a URL" in run["no url"].result["msg"]
