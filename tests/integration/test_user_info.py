# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_user_info: one account, owned accounts, all accounts, and servers without v2."""

import json

import pytest
from harness import KEY, PLACES
from reading import Reading, assert_places_agree, assert_reading, play_reading_tasks, reading_task, send
from scenarios import assert_no_warnings, cases, main_scenarios
from test_user import preparation

ONE, ALL = "GET /users/{id}", "GET /users"
PASSWORD = "canary-path-password"
HOME = {
    "id": "one",
    "path": "sftp://u:%s@files.example/home" % PASSWORD,
    "vhosts": {"http://one.example": "www"},
    "uid": "1001",
    "databases": [{"name": "d", "pass": "canary-database-password"}],
    "_secret": "canary-custom-value",
    "_plan": "gold",
}


def prepare(sandbox):
    """Create accounts at three levels."""
    for name, arguments in (
        ("boss", {"type": "reseller"}),
        ("sub", {"type": "reseller", "reseller": "boss"}),
        ("alice", {"reseller": "sub", "websites": [HOME], "suspended": "yes"}),
        ("bob", {}),
    ):
        send(sandbox, *preparation(sandbox, name, **arguments))
    sandbox.control("DELETE", "/requests")


def one(record):
    """Assert the details of one account."""
    (row,) = record.result["users"]
    assert (row["id"], row["type"], row["reseller"], row["suspended"], row["language"], row["package"]) == (
        "alice",
        "user",
        "sub",
        True,
        "en",
        None,
    )
    (website,) = row["websites"]
    assert (
        website["path"] == "sftp://u:********@files.example/home"
        and website["uid"] == 1001
        and website["reseller"] == "sub"
    )
    assert website["databases"] == [{"type": None, "host": None, "name": "d", "user": None}] and website["custom"] == {
        "_plan": "gold"
    }


def names(*wanted):
    """Return a check that these accounts are listed."""

    def verify(record):
        assert [row["id"] for row in record.result["users"]] == list(wanted)

    return verify


READINGS = [
    Reading("one", "itron_user_info", {"user": "alice"}, [ONE], one),
    Reading("nobody", "itron_user_info", {"user": "nobody"}, [ONE], names()),
    Reading("below", "itron_user_info", {"user": "boss", "owned_accounts": True}, [ALL], names("boss", "sub", "alice")),
    Reading("everybody", "itron_user_info", {}, [ALL], names("admin", "boss", "sub", "alice", "bob")),
    Reading(
        "administrator",
        "itron_user_info",
        {"user": "admin", "owned_accounts": True},
        [ALL],
        names("admin", "boss", "sub", "alice", "bob"),
    ),
]
# A request for a missing account returns HTTP status 404.
MISSING = {"nobody"}


@pytest.fixture(scope="module")
def runs(sandbox, chosen, tmp_path_factory):
    """All readings, by action and by module, without the user of the action group."""
    folder, found = tmp_path_factory.mktemp("info"), {}
    for place, readings in chosen(READINGS).items():
        if not readings:
            continue
        sandbox.reset()
        prepare(sandbox)
        tasks = [task for reading in readings for task in reading.tasks(sandbox)]
        found[place] = play_reading_tasks(sandbox, folder / place, tasks, place, user=None)
        assert_no_secrets_no_warnings(found[place])
    return found


def assert_no_secrets_no_warnings(run):
    """Assert that a whole run shows neither a secret nor a warning."""
    results = json.dumps([record.result for record in run.records.values()])
    for secret in (PASSWORD, "canary-database-password", "canary-custom-value", KEY):
        assert secret not in results and secret not in run.output
    assert_no_warnings(run)


@pytest.mark.parametrize(("reading", "place"), cases(__file__, [reading for reading in READINGS if reading.name not in MISSING]))
def test_reading(reading, place, runs):
    assert_reading(reading, runs[place])


@pytest.mark.parametrize(("reading", "place"), cases(__file__, [reading for reading in READINGS if reading.name in MISSING]))
def test_no_accounts(reading, place, runs):
    record = runs[place]["%s: run" % reading.name]
    assert not record.failed and record.result["users"] == [] and record.commands == [ONE]


@pytest.mark.parametrize("reading", main_scenarios(__file__, READINGS), ids=lambda reading: reading.name)
def test_action_and_module_agree(reading, runs):
    assert_places_agree(reading, runs)


@pytest.mark.parametrize("place", PLACES)
def test_server_without_v2(place, sandbox, tmp_path):
    sandbox.reset()
    tasks = [
        reading_task("html", "itron_user_info", {}, before=[["POST", "/settings", {"rest": "html"}]]),
        reading_task("v1", "itron_user_info", {"user": "alice"}, before=[["POST", "/settings", {"rest": "v1"}]]),
        reading_task(
            "elsewhere",
            "itron_user_info",
            {"user": "admin", "api_url": "http://127.0.0.1:9/server/v1", "rest_url": sandbox.url[: -len("/server/v1")]},
            before=[["POST", "/settings", {"rest": "served"}]],
        ),
    ]
    run = play_reading_tasks(sandbox, tmp_path, tasks, place, user=None)
    for name in ("html", "v1"):
        record = run[name]
        assert record.failed and record.changed is False and record.result["users"] == []
        assert "no REST interface (v2)" in record.result["msg"] and "rest_url" in record.result["msg"]
    assert [row["id"] for row in run["elsewhere"].result["users"]] == ["admin"]


@pytest.mark.parametrize("transport", ["http", "cli"])
def test_pagination(transport, sandbox, tmp_path):
    sandbox.reset()
    for number in range(510):
        send(sandbox, *preparation(sandbox, "user%d" % number))
    sandbox.control("DELETE", "/requests")
    run = play_reading_tasks(
        sandbox,
        tmp_path,
        [reading_task("all", "itron_user_info", {"transport": transport, "cli_path": sandbox.ready["cli"]})],
        "controller",
        user=None,
    )
    assert len(run["all"].result["users"]) == 511 and run["all"].commands == [ALL, ALL]
    assert [request["arguments"] for request in run["all"].requests] == [
        {"offset": "0", "limit": "500"},
        {"offset": "500", "limit": "500"},
    ]
