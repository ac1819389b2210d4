# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_install: updates of the application, its plugins and its themes."""

import pytest
from scenarios import (
    Scenario,
    assert_places_agree,
    assert_scenario,
    cases,
    main_scenarios,
    play_scenarios,
    preinstalled,
)

UPGRADE = ["installs", "upgrade", "installs"]


def to(installed, backups, **arguments):
    """Return a check that upgrade was sent with these arguments, that the site has this version, and that the backups exist."""
    def verify(record, host):
        sent = record.arguments("upgrade")
        row = record.install_at(host)
        assert sent.pop("id") == row["id"]
        assert sent.pop("background") == "yes"
        assert sent == arguments
        assert row["version"] == installed
        assert record.result["install"]["version"] == installed
        assert len([backup for backup in record.state["backups"] if backup["install"] == row["id"]]) == backups
        assert record.page["status"] == 200 and installed in record.page["text"]
    return verify


def addons_updated(record, host):
    """Assert that plugin and theme were updated and the application was not."""
    sent = record.arguments("upgrade")
    assert (sent["version"], sent["plugin"], sent["theme"]) == ("current", "akismet/akismet.php", "twentyeleven")
    assert record.install_at(host)["version"] == "6.4.3"
    assert record.diff["before"]["plugins"] == {"akismet/akismet.php": "2.5.8"}
    assert record.diff["after"]["plugins"] == {"akismet/akismet.php": "2.5.9"}
    assert record.diff["after"]["themes"] == {"twentyeleven": "1.7"}


def theme_updated(record, host):
    """Assert that only the theme was updated."""
    sent = record.arguments("upgrade")
    assert "plugin" not in sent
    assert (sent["version"], sent["theme"]) == ("current", "twentyeleven")
    plugins = {plugin["id"]: plugin["version"] for plugin in record.result["install"]["list_plugins"]}
    assert plugins["akismet/akismet.php"] == "2.5.8"


def edited_then_upgraded(record, host):
    """Assert that one edit was sent, before the upgrade."""
    assert [step["command"] for step in record.result["steps"]] == ["edit", "upgrade"]
    assert [step["outcome"] for step in record.result["steps"]] == ["done", "done"]
    row = record.install_at(host)
    assert (row["version"], row["record"]["cf-sitetitle"], row["record"]["autoup"]) == ("6.5.5", "Both", "1")


def existing(**options):
    """Return a function host -> options of an existing site with these options."""
    return lambda host: dict({"url": "http://%s" % host, "application": "wordpress"}, **options)


SCENARIOS = [
    Scenario("exact", existing(version="6.4.4"), UPGRADE, check=["installs", "upgrade"], before=preinstalled(),
             verify=to("6.4.4", 1, version="6.4.4", revert="yes")),
    Scenario("unprotected", existing(version="6.5.4", revert=False), UPGRADE, check=["installs", "upgrade"],
             before=preinstalled(), verify=to("6.5.4", 0, version="6.5.4")),
    Scenario("latest", existing(version="latest"), ["installs", "browser", "upgrade", "installs"],
             check=["installs", "browser", "upgrade"], before=preinstalled(), again=["installs", "browser"],
             verify=to("6.5.5", 1, version="6.5.5", revert="yes")),
    Scenario("minor", existing(version="latest_minor"), ["installs", "browser", "upgrade", "installs"],
             check=["installs", "browser", "upgrade"], before=preinstalled(), again=["installs", "browser"],
             verify=to("6.4.4", 1, version="6.4.4", revert="yes")),
    Scenario("undry", existing(version="6.4.4", dryrun="none"), UPGRADE, check=["installs"], before=preinstalled(),
             verify=to("6.4.4", 1, version="6.4.4", revert="yes")),
    Scenario("addons", existing(plugins=["*"], themes=["*"]), ["installs", "view", "upgrade", "installs", "view"],
             check=["installs", "view", "upgrade"], before=preinstalled(), again=["installs", "view"],
             verify=addons_updated),
    Scenario("theme", existing(themes=["twentyeleven"]), ["installs", "view", "upgrade", "installs", "view"],
             check=["installs", "view", "upgrade"], before=preinstalled(), again=["installs", "view"],
             verify=theme_updated),
    Scenario("both", existing(version="6.5.5", sitetitle="Both", autoup="minor"),
             ["installs", "edit", "upgrade", "installs"], check=["installs", "upgrade"], before=preinstalled(),
             verify=edited_then_upgraded),
]


@pytest.fixture(scope="module")
def runs(sandbox, chosen, tmp_path_factory):
    """All scenarios of this file, run by action and by module."""
    return play_scenarios(chosen(SCENARIOS), sandbox, tmp_path_factory.mktemp("upgrade"))


@pytest.mark.parametrize(("scenario", "place"), cases(__file__, SCENARIOS))
def test_scenario(scenario, place, runs):
    assert_scenario(scenario, runs[place])


@pytest.mark.parametrize("scenario", main_scenarios(__file__, SCENARIOS), ids=lambda scenario: scenario.name)
def test_action_and_module_agree(scenario, runs):
    assert_places_agree(scenario, runs)
