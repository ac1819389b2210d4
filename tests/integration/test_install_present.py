# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_install: a site is installed, and the next run is a no-op."""

import pytest
from harness import site
from scenarios import (
    Scenario,
    assert_places_agree,
    assert_scenario,
    cases,
    main_scenarios,
    play_scenarios,
)

CREATION = ["installs", "installs", "install", "installs"]
DRY = ["installs", "installs", "install"]


def installed(version, title=None, **fields):
    """Return a check that the sandbox has the site with these values and serves it."""
    def verify(record, host):
        row = record.install_at(host)
        assert row["version"] == version
        assert {name: row["record"].get(name.replace("_", "-")) for name in fields} == fields
        assert record.result["install"]["id"] == row["id"]
        assert record.result["install"]["version"] == version
        assert record.result["install"]["application"] == row["installer"]
        assert [step["outcome"] for step in record.result["steps"]] == ["done"]
        assert record.page["status"] == 200
        assert title is None or title in record.page["text"]
    return verify


def in_folder(record, host):
    """Assert that the site has the normalized URL."""
    assert record.install_at(host)["url"] == "http://%s/blog" % host
    assert record.arguments("install")["url"] == "http://%s/blog" % host
    assert record.result["install"]["url"] == "http://%s/blog" % host


def addons_fresh(record, host):
    """Assert that all plugins of the site are up to date."""
    assert record.arguments("upgrade")["plugin"] == "akismet/akismet.php"
    assert record.arguments("upgrade")["version"] == "current"
    plugins = {plugin["id"]: plugin for plugin in record.result["install"]["list_plugins"]}
    assert plugins["akismet/akismet.php"]["version"] == "2.5.9"
    assert [plugin for plugin in plugins.values() if plugin["version_available"]] == []


def everything(host):
    """Return the options of a site that uses nearly every option of the table in section 3.3."""
    return site(
        host, version="6.4.3", sitetitle="Every <Option>", sitetagline="Tag & line", language="de", login="boss",
        passwd="pw-of-the-boss", email="boss@example.com", autoup="minor", autoup_backup=True, db_prefix="ev_",
        notification=["update", "update_error"], autobk="custom", autobk_daily=3, autobk_weekly=2, autobk_monthly=1,
        bkloc="ftp://keeper:pw-of-backups@backup.example/dir", content="no", url_ip="127.0.0.1", db_host_ip="127.0.0.1",
        settings={"twofactor": "no", "limitloginattempts": "no"})


def magento(host):
    """Return the options of a Magento shop with application-specific fields."""
    return site(host, application="magento", settings={"mode": "production", "firstname": "Ann"})


def shop_with_key(host):
    """Return the options of a Magento shop with a secret that the server accepts and does not return."""
    return site(host, application="magento", settings={"cryptkey": "key-of-the-shop-0123456789abcdef"})


def key_is_kept(record, host):
    """Assert that the server received the key, and that it is not shown."""
    installed("2.4.7")(record, host)
    assert record.arguments("install")["cryptkey"] == "key-of-the-shop-0123456789abcdef"
    assert "key-of-the-shop" not in str(record.result)


SCENARIOS = [
    Scenario("plain", site, CREATION, check=DRY, verify=installed("6.5.5", "My blog")),
    Scenario("everything", everything, ["installs", "installs", "browser", "install", "installs"],
             check=["installs", "installs", "browser", "install"],
             verify=installed("6.4.3", "Tag", **{
                 "cf_login": "boss", "cf_email": "boss@example.com", "language": "de", "autoup": "1",
                 "db_prefix": "ev_",
                 "autobk": "custom", "autobk_daily": "3", "cf_twofactor": "no", "cf_limitloginattempts": "no",
                 "list_notification": ["update", "update_error"],
                 "bkloc": "ftp://keeper:pw-of-backups@backup.example/dir"})),
    Scenario("latest", lambda host: site(host, version="latest"), CREATION, check=DRY, again=["installs", "browser"],
             verify=installed("6.5.5")),
    Scenario("subfolder", lambda host: site(host, url="http://%s/blog/" % host.upper()), CREATION, check=DRY,
             verify=in_folder),
    Scenario("input", lambda host: site(host, dryrun="input"), CREATION, check=DRY, verify=installed("6.5.5")),
    Scenario("undry", lambda host: site(host, dryrun="none"), CREATION, check=["installs", "installs"],
             verify=installed("6.5.5")),
    Scenario("joomla", lambda host: site(host, application="joomla", version="4.4.4"), CREATION, check=DRY,
             verify=installed("4.4.4", "My website")),
    Scenario("magento", magento, ["installs", "installs", "browser", "install", "installs"],
             verify=installed("2.4.7", cf_mode="production", cf_firstname="Ann")),
    Scenario("cryptkey", shop_with_key, ["installs", "installs", "browser", "install", "installs"],
             again=["installs"], verify=key_is_kept),
    Scenario("addons", lambda host: site(host, plugins=["*"]),
             ["installs", "installs", "install", "installs", "view", "installs", "view", "upgrade", "installs", "view"], check=DRY,
             again=["installs", "view"], surplus=["upgrade"], verify=addons_fresh),
]


@pytest.fixture(scope="module")
def runs(sandbox, chosen, tmp_path_factory):
    """All scenarios of this file, run by action and by module."""
    return play_scenarios(chosen(SCENARIOS), sandbox, tmp_path_factory.mktemp("present"))


@pytest.mark.parametrize(("scenario", "place"), cases(__file__, SCENARIOS))
def test_scenario(scenario, place, runs):
    assert_scenario(scenario, runs[place])


@pytest.mark.parametrize("scenario", main_scenarios(__file__, SCENARIOS), ids=lambda scenario: scenario.name)
def test_action_and_module_agree(scenario, runs):
    assert_places_agree(scenario, runs)
