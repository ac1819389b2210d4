# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_app_facts: one, several and all applications, and available upgrades."""

import json

import pytest
from harness import PLACES, PROGRAM
from reading import Reading, assert_places_agree, assert_reading, play_reading_tasks, play_readings, reading_task
from scenarios import cases, main_scenarios

MODULE = "itron_app_facts"
CATALOG = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in (PROGRAM / "itron_sandbox" / "catalog").glob("*.json")
}


def versions(application, wanted=lambda release: True):
    """Return the versions of an application in the catalog, in order."""
    return [release["version"] for release in CATALOG[application]["releases"] if wanted(release)]


def apps(record):
    """Return the entries of the fact, the only result of the module."""
    assert set(record.result) - {"invocation", "changed"} <= {"ansible_facts"} | {
        key for key in record.result if key.startswith("_ansible")
    }
    assert set(record.result["ansible_facts"]) == {"itron_apps"}
    return record.result["ansible_facts"]["itron_apps"]


def releases(expected):
    """Return a check that exactly these releases are listed: (application, version), in order."""

    def verify(record):
        assert [(entry["application"], entry["version"]) for entry in apps(record)] == expected
        for entry in apps(record):
            assert entry["id"] == "%s_%s" % (entry["application"], entry["version"])
            assert isinstance(entry["requirements"]["diskspace"], int)
            assert entry["fields"]["passwd"]["label"] and entry["fields"]["passwd"]["gettable"] is False

    return verify


def newer(record):
    """Assert the versions that are available as upgrades."""
    (entry,) = apps(record)
    assert entry["application"] == "wordpress" and entry["version"] == "6.4.3"
    assert entry["versions_available"][-1] == versions("wordpress")[-1]
    assert entry["versions_available_minor"] == ["6.4.4"]


def upgradable(record):
    """Assert that each release lists the upgrade path from the old version."""
    releases([("wordpress", version) for version in versions("wordpress") if version.split(".") >= ["6", "3", "5"]])(
        record
    )
    assert apps(record)[0]["upgrade_from"] == "none" and apps(record)[-1]["upgrade_from"] == "auto"


LATEST = [(name, versions(name)[-1]) for name in sorted(CATALOG)]
READINGS = [
    Reading("all", MODULE, {}, ["browser"], releases(LATEST)),
    Reading(
        "one",
        MODULE,
        {"application": "wordpress"},
        ["browser"],
        releases([("wordpress", version) for version in versions("wordpress")]),
    ),
    Reading(
        "several",
        MODULE,
        {"application": ["joomla", "magento", "joomla"]},
        ["browser"],
        releases([(name, version) for name in ("joomla", "magento") for version in versions(name)]),
    ),
    Reading(
        "version",
        MODULE,
        {"application": ["wordpress"], "version": "6.4.3", "language": "de"},
        ["browser"],
        releases([("wordpress", "6.4.3")]),
    ),
    Reading("from version", MODULE, {"application": "wordpress", "from_version": "6.3.5"}, ["browser"], upgradable),
    Reading("available", MODULE, {"application": "wordpress", "versions_available_from": "6.4.3"}, ["browser"], newer),
    Reading("name", MODULE, {"name": "PRESS"}, ["browser"], releases([("wordpress", versions("wordpress")[-1])])),
    Reading(
        "category",
        MODULE,
        {"category": [CATALOG["magento"]["category"].upper()]},
        ["browser"],
        releases(
            [
                (name, version)
                for name, version in LATEST
                if CATALOG[name]["category"] == CATALOG["magento"]["category"]
            ]
        ),
    ),
    Reading(
        "tags",
        MODULE,
        {"application": "wordpress", "tags": ["Security", "nonsense"]},
        ["browser"],
        releases(
            [("wordpress", version) for version in versions("wordpress", lambda release: "security" in release["tags"])]
        ),
    ),
    Reading(
        "branch",
        MODULE,
        {"application": "wordpress", "branch": ["current"]},
        ["browser"],
        releases(
            [
                ("wordpress", version)
                for version in versions("wordpress", lambda release: release["branch"] == "current")
            ]
        ),
    ),
    Reading("no match", MODULE, {"name": "nonsense"}, ["browser"], releases([])),
]


def nothing(sandbox):
    """Leave the sandbox empty. The catalog always exists."""


@pytest.fixture(scope="module")
def runs(sandbox, chosen, tmp_path_factory):
    """All readings, by action and by module."""
    return play_readings(chosen(READINGS), sandbox, tmp_path_factory.mktemp("runs"), nothing)


@pytest.mark.parametrize(("reading", "place"), cases(__file__, READINGS))
def test_reading(runs, reading, place):
    assert_reading(reading, runs[place])


@pytest.mark.parametrize("reading", main_scenarios(__file__, READINGS), ids=lambda reading: reading.name)
def test_action_and_module_agree(runs, reading):
    assert_places_agree(reading, runs)


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: reading.name)
def test_request_arguments(runs, reading):
    names = {
        "application": "application",
        "version": "version",
        "from_version": "from-version",
        "versions_available_from": "versions-available-from",
        "language": "language",
    }
    sent = runs["controller"]["%s: run" % reading.name].arguments("browser")
    assert set(sent) == {names[option] for option in reading.options if option in names}


WRONG = [
    ("unknown", {"application": "nonsense"}, "application_not_found"),
    ("no such version", {"application": "wordpress", "version": "99.9"}, None),
    ("version of all", {"version": "6.4.3"}, "version: requires exactly one application"),
    (
        "version of two",
        {"application": ["wordpress", "joomla"], "from_version": "6.4.3"},
        "from_version: requires exactly one application",
    ),
    ("empty", {"application": []}, "application: must not be empty"),
    ("two versions", {"application": "wordpress", "version": "6.4.3", "from_version": "6.4.3"}, "mutually exclusive"),
    (
        "filter",
        {"application": "wordpress", "versions_available_from": "6.4.3", "tags": ["x"]},
        "tags: cannot be combined with versions_available_from",
    ),
]


@pytest.fixture(scope="module", params=PLACES)
def wrong(request, sandbox, tmp_path_factory):
    """Invalid reading tasks, by action or by module."""
    sandbox.reset()
    tasks = [reading_task(name, MODULE, options) for name, options, _message in WRONG]
    return play_reading_tasks(sandbox, tmp_path_factory.mktemp("wrong"), tasks, request.param)


@pytest.mark.parametrize(("name", "message"), [(name, message) for name, _options, message in WRONG])
def test_unknown_application(wrong, name, message):
    record = wrong[name]
    assert record.failed and "ansible_facts" not in record.result
    if message == "application_not_found":
        assert record.result["failure"]["errcode"] == message
        assert "itron_app_facts without application lists the catalog of the server" in record.result["msg"]
    elif message:
        assert message in record.result["msg"] and record.requests == []
