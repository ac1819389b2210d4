# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_install: an application is removed, or only forgotten by the server."""

import pytest
from harness import api, site
from scenarios import (
    Scenario,
    assert_places_agree,
    assert_scenario,
    cases,
    main_scenarios,
    play_scenarios,
    preinstalled,
)

UNINSTALL = ["installs", "uninstall", "installs"]
DETACH = ["installs", "edit", "installs"]


def removed(record, host):
    """Assert that the server and the disk contain nothing of the site."""
    assert record.install_at(host) is None
    assert record.result["install"] is None
    assert record.page["status"] == 404
    assert record.diff["after"] == {}
    assert record.diff["before"]["url"] == "http://%s" % host


def forgotten(record, host):
    """Assert that the server has no record of the site and that the site still works."""
    assert record.install_at(host) is None
    assert record.result["install"] is None
    assert record.arguments("edit")["delete"] == "true"
    assert record.page["status"] == 200


def forced(record, host):
    """Assert that removal was forced."""
    assert record.arguments("uninstall")["force"] == "yes"
    removed(record, host)


def backed_up(sandbox, hosts, host):
    """Return preparations that install a site and back it up."""
    return preinstalled()(sandbox, hosts, host) + [api(sandbox, hosts, "backup", id="@" + host)]


def backups_of(record):
    """Return the backups of the site of a task."""
    return [row for row in record.state["backups"] if row["install"] == record.result["steps"][0]["arguments"]["id"]]


def backups_forgotten(record, host):
    """Assert that the records of the backups are gone and that the site still exists."""
    assert record.arguments("edit")["delete-backups"] == "true"
    assert backups_of(record) == []
    assert len(record.diff["before"]["backups"]) == 1 and record.diff["after"]["backups"] == []
    assert record.install_at(host)["id"] == record.result["install"]["id"]
    assert record.page["status"] == 200


def removed_with_backups(record, host):
    """Assert that the site and its backups are gone."""
    removed(record, host)
    assert backups_of(record) == []


def backups_kept(record, host):
    """Assert that the site is gone and its backups still exist."""
    removed(record, host)
    assert len(backups_of(record)) == 1


def gone(**options):
    """Return a function host -> options that remove a site."""
    return lambda host: dict({"url": "http://%s" % host, "state": "absent"}, **options)


SCENARIOS = [
    Scenario("removed", gone(), UNINSTALL, check=["installs"], before=preinstalled(), again=["installs", "installs"],
             verify=removed),
    Scenario("named", gone(application="wordpress"), UNINSTALL, check=["installs"], before=preinstalled(),
             again=["installs", "installs"], verify=removed),
    Scenario("forced", gone(force=True), UNINSTALL, check=["installs"], before=preinstalled(),
             again=["installs", "installs"], verify=forced),
    Scenario("detached", gone(state="detached"), DETACH, check=["installs"], before=preinstalled(),
             again=["installs", "installs"], verify=forgotten),
    Scenario("byid", lambda host: {"id": "{{ prior.install.id }}", "state": "absent"}, UNINSTALL, check=["installs"],
             prior=site, verify=removed),
    Scenario("https", lambda host: {"url": "https://%s/" % host, "state": "absent"}, UNINSTALL, check=["installs"],
             before=preinstalled(), again=["installs", "installs"], verify=removed),
    Scenario("tidy", lambda host: {"url": "http://%s" % host, "application": "wordpress", "delete_backups": True},
             ["installs", "backups", "edit", "installs", "backups"], check=["installs", "backups"], before=backed_up,
             again=["installs", "backups"], verify=backups_forgotten),
    Scenario("alltidy", gone(delete_backups=True), ["installs", "backups", "edit", "uninstall", "installs"],
             check=["installs", "backups"], before=backed_up, again=["installs", "installs"],
             verify=removed_with_backups),
    Scenario("kept", gone(), UNINSTALL, check=["installs"], before=backed_up, again=["installs", "installs"],
             verify=backups_kept),
]


@pytest.fixture(scope="module")
def runs(sandbox, chosen, tmp_path_factory):
    """All scenarios of this file, run by action and by module."""
    return play_scenarios(chosen(SCENARIOS), sandbox, tmp_path_factory.mktemp("gone"))


@pytest.mark.parametrize(("scenario", "place"), cases(__file__, SCENARIOS))
def test_scenario(scenario, place, runs):
    assert_scenario(scenario, runs[place])


@pytest.mark.parametrize("scenario", main_scenarios(__file__, SCENARIOS), ids=lambda scenario: scenario.name)
def test_action_and_module_agree(scenario, runs):
    assert_places_agree(scenario, runs)
