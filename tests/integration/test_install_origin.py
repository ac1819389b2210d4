# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_install: a missing site is created from existing files, another server, a clone or a backup."""

from pathlib import Path

import pytest
from harness import KEY, PLACES, api, site
from scenarios import (
    Scenario,
    assert_places_agree,
    assert_scenario,
    cases,
    main_scenarios,
    play_scenarios,
    preinstalled,
)

FTP = "ftp://keeper:pw-of-keeper@old.example.net"
ABSENT = ["installs", "installs"]
# The commands after the first one: verification, another list, one edit, verification.
THEN_EDIT = ["installs", "installs", "edit", "installs"]


def titled(title):
    """Return a check that the site serves this title from its own files."""
    def verify(record, host):
        install = record.install_at(host)
        assert record.result["install"]["id"] == install["id"]
        assert record.result["install"]["sitetitle"] == title
        assert record.page["status"] == 200
        assert "<title>%s</title>" % title in record.page["text"]
    return verify


def cloned(record, host):
    """Assert that the clone has separate files and a separate database, and that the source is unchanged."""
    titled("A copy")(record, host)
    source, copy = record.install_at("source.example"), record.install_at(host)
    assert source["root"] != copy["root"]
    assert source["database"] != copy["database"]
    assert Path(copy["root"], "index.php").exists()


def migrated(record, host):
    """Assert that the site serves the content of the source, and that no password is shown."""
    titled("From another server")(record, host)
    assert record.result["steps"][0]["arguments"]["source_ftu"] == "ftp://keeper:********@old.example.net/public_html"


def installed_on_source(sandbox, hosts, host):
    """Return preparations that install a site on another server for another user."""
    options = site("old.example.net", version="6.4.3", sitetitle="From another server")
    options["websites"] = [{"id": "old", "path": FTP, "vhosts": {"http://old.example.net": "public_html"}}]
    return [["POST", sandbox.url, dict(options, key=KEY, user="bob", cmd="install")]]


def forgotten(sandbox, hosts, host):
    """Return preparations that leave the files of a site without its record on the server."""
    return preinstalled(sitetitle="From existing files")(sandbox, hosts, host) + [api(sandbox, hosts, "edit", id="@" + host, delete="true")]


def only_backup_left(sandbox, hosts, host):
    """Return preparations that leave only a backup of a site."""
    return preinstalled(sitetitle="From a backup")(sandbox, hosts, host) + [
        api(sandbox, hosts, "backup", id="@" + host), api(sandbox, hosts, "uninstall", id="@" + host)]


def copied(host):
    """Return the options of a site without the application, which the source determines."""
    return {name: value for name, value in site(host).items() if name != "application"}


# Settings of the sandbox: it creates databases that the request does not name.
SETTINGS = {"database_automation": True}
MIGRATION = {"source_url": "http://old.example.net", "source_ftu": FTP + "/public_html"}
SCENARIOS = [
    Scenario("source", lambda host: site(host, version="6.4.3", sitetitle="The source"), ABSENT + ["install", "installs"], again=["installs"]),
    Scenario("clone", lambda host: dict(copied(host), clone_from="http://source.example", sitetitle="A copy"),
             ABSENT + ["installs", "clone"] + THEN_EDIT, surplus=["edit"], verify=cloned),
    Scenario("imported", lambda host: {"url": "http://%s" % host, "application": "wordpress", "import_existing": True, "sitetitle": "From existing files"},
             ABSENT + ["import", "installs", "installs"], before=forgotten, verify=titled("From existing files")),
    Scenario("migrated", lambda host: {"url": "http://%s" % host, "application": "wordpress", "migrate_from": MIGRATION, "autoup": "minor"},
             ABSENT + ["import"] + THEN_EDIT, before=installed_on_source, surplus=["edit"], verify=migrated),
    Scenario("restored", lambda host: {"url": "http://%s" % host, "restore_from": "latest"},
             ABSENT + ["backups", "restore", "installs", "installs"], before=only_backup_left, verify=titled("From a backup")),
]


@pytest.fixture(scope="module")
def runs(sandbox, chosen, tmp_path_factory):
    """All scenarios, by action and by module."""
    return play_scenarios(chosen(SCENARIOS), sandbox, tmp_path_factory.mktemp("runs"), **SETTINGS)


@pytest.mark.parametrize(("scenario", "place"), cases(__file__, SCENARIOS))
def test_scenario(runs, scenario, place):
    assert_scenario(scenario, runs[place])


@pytest.mark.parametrize("scenario", main_scenarios(__file__, SCENARIOS), ids=lambda scenario: scenario.name)
def test_action_and_module_agree(runs, scenario):
    (assert_migrations_agree if scenario.name == "migrated" else assert_places_agree)(scenario, runs)


def assert_migrations_agree(scenario, runs):
    """Assert that action and module agree. The server chooses a new name for the database of each migrated site."""
    action, module = (runs[place]["%s: run" % scenario.name] for place in PLACES)
    assert action.commands == module.commands
    assert [action.result[key] for key in ("changed", "diff")] == [module.result[key] for key in ("changed", "diff")]
    generated = {"id", "db_name", "db_user", "time", "cache_time"}
    one, other = ({name: value for name, value in record.result["install"].items() if name not in generated} for record in (action, module))
    assert one == other


def test_secrets_not_shown(runs):
    for run in runs.values():
        assert "pw-of-keeper" not in run.output + run.log
