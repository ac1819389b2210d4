# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_install: what differs is edited with one call, and nothing else."""

import pytest
from harness import site
from scenarios import (
    Scenario,
    already_there,
    assert_places_agree,
    assert_scenario,
    cases,
    main_ones,
    play_scenarios,
)

EDIT = ["installs", "edit", "installs"]


def edited(arguments, **fields):
    """Return a verification: edit was sent with these arguments, and the sandbox holds these values."""
    def verify(record, host):
        sent = record.arguments("edit")
        row = record.install_at(host)
        assert sent.pop("id") == row["id"]
        assert sent == arguments
        assert {name: row["record"].get(name.replace("_", "-")) for name in fields} == fields
        assert record.page["status"] == 200
    return verify


def scheme_repaired(record, host):
    """Assert that the site is the same one, now under https."""
    assert record.arguments("edit")["url"] == "https://%s" % host
    assert record.install_at(host)["url"] == "https://%s" % host
    assert record.diff["before"]["url"] == "http://%s" % host
    assert record.diff["after"]["url"] == "https://%s" % host


def title_shown(record, host):
    """Assert that the site itself shows the new title."""
    assert record.arguments("edit")["sitetitle"] == "New title"
    assert "New title" in record.page["text"]
    assert record.diff["before"]["sitetitle"] == "My blog"
    assert record.result["install"]["sitetitle"] == "New title"


def one(**options):
    """Return a function host -> options of an existing site with these options, and without those of its database."""
    return lambda host: dict({"url": "http://%s" % host, "application": "wordpress"}, **options)


SCENARIOS = [
    Scenario("autoup", one(autoup="all"), EDIT, check=["installs"], before=already_there(),
             verify=edited({"autoup": "2"}, autoup="2")),
    Scenario("email", one(email="new@example.com"), EDIT, check=["installs"], before=already_there(),
             verify=edited({"email": "new@example.com"}, cf_email="new@example.com")),
    Scenario("title", one(sitetitle="New title"), EDIT, check=["installs"], before=already_there(), verify=title_shown),
    # The catalogue is read only where a change follows.
    Scenario("language", one(language="fr"), ["installs", "browser", "edit", "installs"], check=["installs", "browser"],
             before=already_there(), again=["installs"],
             verify=edited({"language": "fr"}, language="fr")),
    Scenario("silent", one(notification=[]), EDIT, check=["installs"], before=already_there(notification="all"),
             verify=edited({"notification": ""}, list_notification=[])),
    Scenario("loud", one(notification=["all"]), EDIT, check=["installs"], before=already_there(notification="update"),
             verify=edited({"notification": "all"})),
    Scenario("some", one(notification=["update", "backup"]), EDIT, check=["installs"],
             before=already_there(notification="update,clone"),
             verify=edited({"notification": "backup,update"}, list_notification=["backup", "update"])),
    Scenario("autobk", one(autobk="custom", autobk_daily=5, autobk_weekly=0), EDIT, check=["installs"],
             before=already_there(autobk="custom", autobk_daily="4", autobk_weekly="0"),
             verify=edited({"autobk_daily": "5"}, autobk_daily="5", autobk_weekly="0")),
    Scenario("schedule", one(autobk="dailyweeklymonthly"), EDIT, check=["installs"], before=already_there(),
             verify=edited({"autobk": "dailyweeklymonthly"}, autobk="dailyweeklymonthly")),
    Scenario("several", one(sitetitle="T", sitetagline="L", autoup_backup=False, login="admin2"), EDIT,
             check=["installs"], before=already_there(),
             verify=edited({"sitetitle": "T", "sitetagline": "L", "autoup_backup": "0", "login": "admin2"},
                           cf_sitetitle="T", autoup_backup="0", cf_login="admin2")),
    Scenario("scheme", lambda host: {"url": "https://%s" % host, "application": "wordpress"}, EDIT, check=["installs"],
             before=already_there(), verify=scheme_repaired),
    Scenario("settings", one(settings={"twofactor": "no", "limitloginattempts": False}),
             ["installs", "browser", "edit", "installs"], check=["installs", "browser"],
             before=already_there(twofactor="clef", limitloginattempts="yes"),
             verify=edited({"twofactor": "no", "limitloginattempts": "no"}, cf_twofactor="no")),
    Scenario("backups", one(bkloc="ftp://keeper:pw-of-backups@backup.example/two"), EDIT, check=["installs"],
             before=already_there(bkloc="ftp://keeper:pw-of-backups@backup.example/one"),
             verify=edited({"bkloc": "ftp://keeper:pw-of-backups@backup.example/two"})),
    Scenario("byid", lambda host: {"id": "{{ prior.install.id }}", "sitetitle": "By id"}, EDIT, check=["installs"],
             prior=site, verify=edited({"sitetitle": "By id"}, cf_sitetitle="By id")),
]


@pytest.fixture(scope="module")
def runs(sandbox, chosen, tmp_path_factory):
    """All scenarios of this file, played by action and by module."""
    return play_scenarios(chosen(SCENARIOS), sandbox, tmp_path_factory.mktemp("edit"))


@pytest.mark.parametrize(("scenario", "place"), cases(__file__, SCENARIOS))
def test_scenario(scenario, place, runs):
    assert_scenario(scenario, runs[place])


@pytest.mark.parametrize("scenario", main_ones(__file__, SCENARIOS), ids=lambda scenario: scenario.name)
def test_action_and_module_agree(scenario, runs):
    assert_places_agree(scenario, runs)
