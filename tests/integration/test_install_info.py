# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_install_info: searches, filters, accounts below a reseller, and visits to sites."""

import pytest
from harness import KEY, PLACES, websites
from reading import Reading, assert_places_agree, assert_reading, installed, play_reading_tasks, play_readings, reading_task, send
from scenarios import cases, main_scenarios

MODULE = "itron_install_info"
HOSTS = ("one.example", "two.example", "three.example")
NEWEST = "6.5.5"


def prepare(sandbox):
    """Install three sites of alice and one of bob; a reseller owns both."""
    for name, more in (
        ("dealer", {"type": "reseller"}),
        ("alice", {"reseller": "dealer"}),
        ("bob", {"reseller": "dealer"}),
    ):
        send(sandbox, "POST", sandbox.url, dict({"key": KEY, "cmd": "edituser", "user": name}, **more))
    installed(sandbox, HOSTS, "one.example", sitetitle="Number one")
    installed(sandbox, HOSTS, "two.example", version=NEWEST)
    installed(sandbox, HOSTS, "three.example", application="joomla", version=None, sitetitle="Number three")
    installed(sandbox, ["bobs.example"], "bobs.example", user="bob")


def lists(*hosts):
    """Return a check that exactly the sites on these hosts are listed, with the data of the sandbox."""

    def verify(record):
        found = {install["url"].partition("://")[2]: install for install in record.result["installs"]}
        assert sorted(found) == sorted(hosts) and len(record.result["installs"]) == len(hosts)
        assert record.result["not_visited"] == []
        for host, install in found.items():
            held = record.install_at(host)
            assert (install["id"], install["version"], install["application"], install["owner"]) == (
                held["id"],
                held["version"],
                held["installer"],
                held["owner"],
            )
            assert isinstance(install["cache_files"], int) and install["time"].endswith("Z")
            assert "db_pass" not in install

    return verify


def with_plugins(record):
    """Assert that plugins are listed for WordPress only."""
    lists(*HOSTS)(record)
    assert {install["application"]: bool(install["list_plugins"]) for install in record.result["installs"]} == {
        "wordpress": True,
        "joomla": False,
    }
    plugin = record.result["installs"][0]["list_plugins"][0]
    assert set(plugin) == {"id", "name", "version", "version_available"}


def newer(record):
    """Assert the newer versions that the server reports."""
    lists("one.example")(record)
    assert record.result["installs"][0]["version_available"] == NEWEST
    assert record.result["installs"][0]["version_available_minor"] == "6.4.4"


READINGS = [
    Reading("all", MODULE, {}, ["installs"], lists(*HOSTS)),
    Reading("search", MODULE, {"q": "number"}, ["installs"], lists("one.example", "three.example")),
    Reading("application", MODULE, {"q": "joomla"}, ["installs"], lists("three.example")),
    Reading("url", MODULE, {"url": "HTTPS://One.example:443/"}, ["installs"], lists("one.example")),
    Reading("nothing there", MODULE, {"url": "http://four.example"}, ["installs", "installs"], lists()),
    Reading("no such id", MODULE, {"id": "nosuchid"}, ["installs"], lists()),
    Reading("newer", MODULE, {"version_available": True, "q": "wordpress"}, ["installs"], newer),
    Reading("newer minor", MODULE, {"version_available_minor": True, "q": "wordpress"}, ["installs"], newer),
    Reading("owned", MODULE, {"user": "dealer", "owned_accounts": True}, ["installs"], lists("bobs.example", *HOSTS)),
    Reading(
        "visits below a reseller",
        MODULE,
        {"user": "dealer", "owned_accounts": True, "refresh": True},
        ["installs"] + 4 * ["view"],
        lists("bobs.example", *HOSTS),
    ),
    Reading("not owned", MODULE, {"user": "dealer"}, ["installs"], lists()),
    Reading("another user", MODULE, {"user": "bob"}, ["installs"], lists("bobs.example")),
    Reading("addons", MODULE, {"addons": True}, ["installs", "view", "view"], with_plugins),
    Reading("refresh", MODULE, {"refresh": True}, ["installs", "view", "view", "view"], lists(*HOSTS)),
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
    assert_places_agree(reading, runs)


def fault(name, command, **more):
    """Return the preparations that set only this fault."""
    return [["DELETE", "/faults", None], ["POST", "/faults", dict({"command": command, "fault": name}, **more)]]


@pytest.fixture(scope="module", params=PLACES)
def trouble(request, sandbox, tmp_path_factory):
    """Reading tasks that meet faults, by action or by module."""
    sandbox.reset()
    prepare(sandbox)
    tasks = [
        reading_task(
            "one of many",
            MODULE,
            {"refresh": True},
            before=fault("refused", "view", nth=2, errcode="connection_error", message="Error: visit refused"),
        ),
        reading_task(
            "the only one",
            MODULE,
            {"refresh": True, "url": "http://one.example"},
            before=fault("refused", "view", errcode="connection_error"),
        ),
        reading_task("refused", MODULE, {}, before=fault("refused", "installs", errcode="user_not_found")),
        reading_task("cut", MODULE, {}, before=fault("cut_json", "installs")),
        reading_task("again", MODULE, {}, before=fault("503", "installs")),
        reading_task("id and q", MODULE, {"id": "x", "q": "y"}),
        reading_task("no url", MODULE, {"url": "one.example"}),
    ]
    return play_reading_tasks(
        sandbox, tmp_path_factory.mktemp("trouble"), tasks, request.param, websites=websites(*HOSTS), timeout=5
    )


def test_visit_failure_keeps_other_sites(trouble):
    record = trouble["one of many"]
    assert not record.failed and len(record.result["installs"]) == 3
    (row,) = record.result["not_visited"]
    assert row["url"] == "http://two.example" and row["errcode"] == "connection_error" and "visit refused" in row["msg"]
    assert "the server refused to visit 1 of the sites (%s)" % row["id"] in trouble.words


def test_visit_failure_of_only_site(trouble):
    record = trouble["the only one"]
    assert record.failed and record.result["failure"]["command"] == "view"
    assert record.result["failure"]["errcode"] == "connection_error"


def test_failure_hints(trouble):
    assert trouble["refused"].result["failure"] == {
        "command": "installs",
        "stage": "read",
        "errcode": "user_not_found",
        "errfield": None,
        "http_status": 200,
        "hint": "Check user, or create it first.",
    }
    assert trouble["cut"].failed and trouble["cut"].result["installs"] == []
    assert trouble["again"].failed is False and len(trouble["again"].requests) == 2
    assert trouble["id and q"].failed and trouble["id and q"].requests == []
    assert trouble["no url"].result["msg"].startswith("url: ") and trouble["no url"].requests == []
