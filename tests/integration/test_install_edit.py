# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_install: one edit request changes the differences, and nothing else."""

import pytest
from harness import site
from scenarios import (
    Scenario,
    assert_places_agree,
    assert_scenario,
    cases,
    main_scenarios,
    play_scenarios,
    preinstalled,
)

EDIT = ["installs", "edit", "installs"]


def edited(arguments, **fields):
    """Return a check that edit was sent with these arguments and that the sandbox has these values."""
    def verify(record, host):
        sent = record.arguments("edit")
        row = record.install_at(host)
        assert sent.pop("id") == row["id"]
        assert sent == arguments
        assert {name: row["record"].get(name.replace("_", "-")) for name in fields} == fields
        assert record.page["status"] == 200
    return verify


def scheme_repaired(record, host):
    """Assert that the site is still the same one, now with https."""
    assert record.arguments("edit")["url"] == "https://%s" % host
    assert record.install_at(host)["url"] == "https://%s" % host
    assert record.diff["before"]["url"] == "http://%s" % host
    assert record.diff["after"]["url"] == "https://%s" % host


def title_shown(record, host):
    """Assert that the site serves the new title."""
    assert record.arguments("edit")["sitetitle"] == "New title"
    assert "New title" in record.page["text"]
    assert record.diff["before"]["sitetitle"] == "My blog"
    assert record.result["install"]["sitetitle"] == "New title"


def existing(**options):
    """Return a function host -> options of an existing site with these options, without database options."""
    return lambda host: dict({"url": "http://%s" % host, "application": "wordpress"}, **options)


SCENARIOS = [
    Scenario("autoup", existing(autoup="all"), EDIT, check=["installs"], before=preinstalled(),
             verify=edited({"autoup": "2"}, autoup="2")),
    Scenario("email", existing(email="new@example.com"), EDIT, check=["installs"], before=preinstalled(),
             verify=edited({"email": "new@example.com"}, cf_email="new@example.com")),
    Scenario("title", existing(sitetitle="New title"), EDIT, check=["installs"], before=preinstalled(), verify=title_shown),
    # The catalog is read only if a change follows.
    Scenario("language", existing(language="fr"), ["installs", "browser", "edit", "installs"], check=["installs", "browser"],
             before=preinstalled(), again=["installs"],
             verify=edited({"language": "fr"}, language="fr")),
    Scenario("silent", existing(notification=[]), EDIT, check=["installs"], before=preinstalled(notification="all"),
             verify=edited({"notification": ""}, list_notification=[])),
    Scenario("loud", existing(notification=["all"]), EDIT, check=["installs"], before=preinstalled(notification="update"),
             verify=edited({"notification": "all"})),
    Scenario("some", existing(notification=["update", "backup"]), EDIT, check=["installs"],
             before=preinstalled(notification="update,clone"),
             verify=edited({"notification": "backup,update"}, list_notification=["backup", "update"])),
    Scenario("autobk", existing(autobk="custom", autobk_daily=5, autobk_weekly=0), EDIT, check=["installs"],
             before=preinstalled(autobk="custom", autobk_daily="4", autobk_weekly="0"),
             verify=edited({"autobk_daily": "5"}, autobk_daily="5", autobk_weekly="0")),
    Scenario("schedule", existing(autobk="dailyweeklymonthly"), EDIT, check=["installs"], before=preinstalled(),
             verify=edited({"autobk": "dailyweeklymonthly"}, autobk="dailyweeklymonthly")),
    Scenario("several", existing(sitetitle="T", sitetagline="L", autoup_backup=False, login="admin2"), EDIT,
             check=["installs"], before=preinstalled(),
             verify=edited({"sitetitle": "T", "sitetagline": "L", "autoup_backup": "0", "login": "admin2"},
                           cf_sitetitle="T", autoup_backup="0", cf_login="admin2")),
    Scenario("scheme", lambda host: {"url": "https://%s" % host, "application": "wordpress"}, EDIT, check=["installs"],
             before=preinstalled(), verify=scheme_repaired),
    Scenario("settings", existing(settings={"twofactor": "no", "limitloginattempts": False}),
             ["installs", "browser", "edit", "installs"], check=["installs", "browser"],
             before=preinstalled(twofactor="clef", limitloginattempts="yes"),
             verify=edited({"twofactor": "no", "limitloginattempts": "no"}, cf_twofactor="no")),
    Scenario("backups", existing(bkloc="ftp://keeper:pw-of-backups@backup.example/two"), EDIT, check=["installs"],
             before=preinstalled(bkloc="ftp://keeper:pw-of-backups@backup.example/one"),
             verify=edited({"bkloc": "ftp://keeper:pw-of-backups@backup.example/two"})),
    Scenario("byid", lambda host: {"id": "{{ prior.install.id }}", "sitetitle": "By id"}, EDIT, check=["installs"],
             prior=site, verify=edited({"sitetitle": "By id"}, cf_sitetitle="By id")),
]


@pytest.fixture(scope="module")
def runs(sandbox, chosen, tmp_path_factory):
    """All scenarios of this file, run by action and by module."""
    return play_scenarios(chosen(SCENARIOS), sandbox, tmp_path_factory.mktemp("edit"))


@pytest.mark.parametrize(("scenario", "place"), cases(__file__, SCENARIOS))
def test_scenario(scenario, place, runs):
    assert_scenario(scenario, runs[place])


@pytest.mark.parametrize("scenario", main_scenarios(__file__, SCENARIOS), ids=lambda scenario: scenario.name)
def test_action_and_module_agree(scenario, runs):
    assert_places_agree(scenario, runs)
