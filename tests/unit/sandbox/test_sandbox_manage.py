# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""browser, installs, view, edit, upgrade, tasks."""

import sqlite3
from contextlib import closing

import pytest
from sandbox_program import DATABASE, WEBSITES

SHORT = {"user": "alice", "websites": WEBSITES}


def versions(releases):
    """Return the versions of a catalog listing."""
    return [release["version"] for release in releases]


class TestBrowser:
    """The catalog."""

    def test_lists(self, sandbox):
        every = sandbox.ok("browser")
        assert [release["id"] for release in every] == ["joomla_5.1.2", "magento_2.4.7", "wordpress_6.5.5"]
        assert versions(sandbox.ok("browser", application="wordpress"))[-2:] == ["6.5.4", "6.5.5"]
        two = sandbox.ok("browser", application=["joomla", "magento"])
        assert {release["appid"] for release in two} == {"joomla", "magento"}

    def test_upgrade_from(self, sandbox):
        releases = sandbox.ok("browser", application="wordpress", from__version="6.4.3")
        assert [(release["version"], release["upgrade_from"]) for release in releases] == [
            ("6.4.3", "none"), ("6.4.4", "auto"), ("6.5.4", "auto"), ("6.5.5", "auto")]
        assert sandbox.ok("browser", application="wordpress", from__version="3.6.1")[-1]["upgrade_from"] == "manual"

    def test_versions_available(self, sandbox):
        assert sandbox.ok("browser", application="wordpress", versions__available__from="6.4.3") == {
            "versions-available": ["6.4.4", "6.5.4", "6.5.5"], "versions-available-minor": ["6.4.4"]}
        assert sandbox.ok("browser", application="magento", versions__available__from="2.4.6") == {
            "versions-available": ["2.4.6-p5", "2.4.7"], "versions-available-minor": ["2.4.6-p5", "2.4.7"]}

    def test_refusals(self, sandbox):
        assert sandbox.refused("browser", application="nothing") == ("application_not_found", "application")
        assert sandbox.refused("browser", application="wordpress", version="1") == (
            "invalid_argument_version", "version")
        assert sandbox.refused("browser", application="wordpress", versions__available__from="x")[1] == (
            "versions-available-from")

    def test_fields(self, sandbox):
        fields = sandbox.ok("browser", application="magento", version="2.4.7")[0]["fields"]
        assert fields["cryptkey"]["type"] == "password" and fields["mode"]["type"] == "select"
        assert not fields["edition"]["settable"] and fields["edition"]["gettable"]


class TestInstalls:
    """The list of installs."""

    def test_scope(self, sandbox):
        sandbox.ok("edituser", user="carol", reseller="bob")
        sandbox.ok("edituser", user="bob", type="reseller")
        sandbox.ok("edituser", user="dora", reseller="carol")
        for number, user in enumerate(("dora", "carol", "alice", None)):
            sandbox.install("http://company.com/%d" % number, user=user)
        owners = {"dora": ["dora"], "bob": [], "admin": ["admin"]}
        for user, expected in owners.items():
            assert [record["owner"] for record in sandbox.ok("installs", user=user)] == expected
        assert [record["owner"] for record in sandbox.ok("installs")] == ["admin"]
        assert {record["owner"] for record in sandbox.ok("installs", user="bob", filter__ownedaccounts="")} == {
            "dora", "carol"}
        assert len(sandbox.ok("installs", filter__ownedaccounts="yes")) == 4
        assert sandbox.ok("installs", user="nobody") == []

    def test_search(self, sandbox):
        first = sandbox.install(sitetitle="Größe", version="6.4.3")
        second = sandbox.install("http://shop.company.com", application="joomla", sitetitle="Shop")
        for query in ("größE", "6.4", first["id"], "WORDPRESS", "//company", "alice"):
            found = sandbox.ok("installs", user="alice", q=query)
            expected = {"6.4": [], "alice": [first["id"], second["id"]]}.get(query, [first["id"]])
            assert [record["id"] for record in found] == expected, query
        assert sandbox.ok("installs", user="alice", id=second["id"])[0]["title"] == "Shop"
        assert sandbox.ok("installs", user="alice", q="shop", id=first["id"]) == []

    def test_newer_versions(self, sandbox):
        sandbox.install(version="6.4.3")
        sandbox.install("http://shop.company.com", version="6.4.4")
        sandbox.install("http://company.com/new")
        shown = [(record["version"], record.get("version-available"), record.get("version-available-minor"))
                 for record in sandbox.ok("installs", user="alice")]
        assert shown == [("6.4.3", "6.5.5", "6.4.4"), ("6.4.4", "6.5.5", None), ("6.5.5", None, None)]
        assert len(sandbox.ok("installs", user="alice", filter__version__available="yes")) == 2
        assert versions(sandbox.ok("installs", user="alice", filter__version__available__minor="yes")) == ["6.4.3"]


class TestView:
    """Visits to a site."""

    def test_details(self, sandbox):
        record = sandbox.install(notification="")
        reply = sandbox.call("view", id=record["id"], addons=1, **SHORT)
        assert reply["message"] == "The task is complete.\n"
        view = reply["data"]
        assert set(record) <= set(view)
        assert view["list-plugins"]["akismet/akismet.php"]["_ud"]["new_version"] == "2.5.9"
        assert "_ud" not in view["list-plugins"]["hello.php"] and "_ud" in view["list-themes"]["twentyeleven"]
        assert view["plugin-updates-available"] == 1 and view["list-notification"] == []
        assert "list-plugins" not in sandbox.ok("view", id=record["id"], **SHORT)

    def test_record_updated_from_site(self, sandbox):
        record = sandbox.install()
        version = sandbox.root("httpdocs", "wp-includes", "version.php")
        version.write_text(version.read_text().replace("6.5.5", "6.5.4"))
        assert sandbox.ok("installs", user="alice")[0]["version"] == "6.5.5"
        assert sandbox.ok("view", id=record["id"], **SHORT)["version-available"] == "6.5.5"
        assert sandbox.ok("installs", user="alice")[0]["version"] == "6.5.4"

    def test_missing_site(self, sandbox):
        record = sandbox.install()
        sandbox.root("httpdocs", "wp-config.php").unlink()
        assert sandbox.refused("view", id=record["id"], **SHORT)[0] == "failed_application_files"
        assert sandbox.refused("view", id="x", **SHORT) == ("install_not_found", "id")
        assert sandbox.refused("view", id=record["id"], user="mallory") == ("install_not_found", "id")


class TestEdit:
    """Changes of single members."""

    def test_fields(self, sandbox):
        record = sandbox.install(sitetagline="Old", passwd="first")
        edited = sandbox.ok("edit", id=record["id"], sitetitle="New", passwd="second", autoup="2",
                            notification="all", **SHORT)
        assert edited["title"] == edited["cf-sitetitle"] == "New" and edited["cf-sitetagline"] == "Old"
        assert edited["autoup"] == "2" and len(edited["list-notification"]) == 9
        assert "<title>New</title>" in sandbox.page().text and "Old" in sandbox.page().text
        assert "cf-passwd" not in edited
        assert edited == sandbox.ok("installs", user="alice")[0]

    def test_scheme(self, sandbox):
        record = sandbox.install()
        assert sandbox.ok("edit", id=record["id"], url="https://company.com/", **SHORT)["url"] == "https://company.com"
        assert sandbox.page().status_code == 200
        assert sandbox.refused("edit", id=record["id"], url="http://company.com/elsewhere", **SHORT)[1] == "url"

    def test_database(self, sandbox):
        record = sandbox.install()
        edited = sandbox.ok("edit", id=record["id"], db_pass="it's \\new", **SHORT)
        assert edited["db-pass"] == "it's \\new"
        assert sandbox.ok("view", id=record["id"], **SHORT)["db-pass"] == "it's \\new"
        assert sandbox.refused("edit", id=record["id"], db_name="empty", **SHORT) == (
            "failed_database_tables", "db_name")
        sandbox.control("POST", "/databases", {"host": "db2", "name": "moved", "user": "u", "pass": "p",
                                               "copy_from": {"host": "localhost", "name": "db123"}})
        sandbox.ok("edit", id=record["id"], db_host="db2", db_name="moved", db_user="u", db_pass="p", **SHORT)
        assert sandbox.page().status_code == 200

    def test_refused_edit_without_changes(self, sandbox):
        record = sandbox.install()
        assert sandbox.refused("edit", id=record["id"], sitetitle="New", autoup="7", **SHORT) == (
            "invalid_argument_autoup", "autoup")
        assert sandbox.ok("installs", user="alice")[0]["title"] == "My blog"

    def test_missing_tables(self, sandbox):
        record = sandbox.install()
        with closing(sqlite3.connect(sandbox.control("GET", "/state")["installs"][0]["database"])) as database:
            database.execute("DROP TABLE wp_options")
            database.commit()
        before = sandbox.root("httpdocs", "wp-config.php").read_text()
        change = dict(SHORT, id=record["id"], url="https://company.com", sitetitle="New")
        assert sandbox.refused("edit", **change)[0] == "failed_database_tables"
        assert sandbox.root("httpdocs", "wp-config.php").read_text() == before
        assert sandbox.ok("installs", user="alice")[0]["url"] == record["url"]

    def test_forget(self, sandbox):
        record = sandbox.install()
        sandbox.ok("backup", id=record["id"], **SHORT)
        sandbox.ok("edit", id=record["id"], delete__backups="true", **SHORT)
        assert sandbox.ok("backups", user="alice") == []
        assert len(list(sandbox.root("application_backups").iterdir())) == 1
        sandbox.ok("edit", id=record["id"], delete="true", **SHORT)
        assert sandbox.ok("installs", user="alice") == []
        assert sandbox.page().status_code == 200
        assert sandbox.refused("install", application="wordpress", url="http://company.com", **SHORT, **DATABASE) == (
            "occupied_url", "url")

    def test_dryrun_ignored(self, sandbox):
        """The table of edit has no dryrun: the vendor's server executes the command, and the log records the argument."""
        record = sandbox.install()
        sandbox.ok("edit", id=record["id"], sitetitle="New", dryrun="2", **SHORT)
        assert sandbox.ok("installs", user="alice")[0]["title"] == "New"
        entry = sandbox.control("GET", "/requests")[1]
        assert entry["dryrun"] is None and entry["write"] is True and entry["undocumented"] == ["dryrun"]


class TestUpgrade:
    """Upgrades of the application, its plugins and its themes."""

    def test_versions(self, sandbox):
        record = sandbox.install(version="6.4.3")
        upgraded = sandbox.ok("upgrade", id=record["id"], version="6.4.4", **SHORT)
        assert upgraded["version"] == "6.4.4" and upgraded["time-updated"]
        assert "WordPress 6.4.4" in sandbox.page().text
        assert sandbox.ok("upgrade", id=record["id"], **SHORT)["version"] == "6.5.5"
        for version in (None, "6.5.5", "6.4.4", "9.9"):
            assert sandbox.refused("upgrade", id=record["id"], version=version, **SHORT) == (
                "invalid_argument_version", "version")

    def test_manual_step(self, sandbox):
        record = sandbox.install(version="3.6.1")
        assert "cf-twofactor" not in record and record["version-available"] == "4.9.7"
        assert sandbox.refused("upgrade", id=record["id"], version="6.5.5", dryrun="2", **SHORT)[1] == "version"

    def test_plugins_and_themes(self, sandbox):
        record = sandbox.install(version="6.4.3")
        sandbox.ok("upgrade", id=record["id"], version="current", plugin="akismet/akismet.php", **SHORT)
        view = sandbox.ok("view", id=record["id"], addons="1", **SHORT)
        assert view["version"] == "6.4.3" and view["plugin-updates-available"] is None
        assert view["list-plugins"]["akismet/akismet.php"]["Version"] == "2.5.9"
        sandbox.ok("upgrade", id=record["id"], version="current", theme="*", **SHORT)
        assert sandbox.ok("view", id=record["id"], **SHORT)["theme-updates-available"] is None
        assert sandbox.refused("upgrade", id=record["id"], version="current", plugin="nothing", **SHORT) == (
            "invalid_argument_plugin", "plugin")

    @pytest.mark.parametrize("revert, status", [("no", 500), ("yes", 200)])
    def test_failure(self, sandbox, revert, status):
        record = sandbox.install(version="6.4.3")
        sandbox.control("POST", "/sites", {"id": record["id"], "upgrade": "task_fails"})
        assert sandbox.refused("upgrade", id=record["id"], revert=revert, **SHORT)[0] == "failed_upgrade"
        assert sandbox.page().status_code == status
        assert sandbox.ok("installs", user="alice")[0]["version"] == "6.4.3"
        assert len(sandbox.ok("backups", user="alice")) == (revert == "yes")
        sandbox.control("POST", "/sites", {"url": "http://company.com", "upgrade": "ok"})
        assert sandbox.ok("upgrade", id=record["id"], **SHORT)["version"] == "6.5.5"
        assert sandbox.page().status_code == 200

    def test_broken_page_after_upgrade(self, sandbox):
        record = sandbox.install(version="6.4.3")
        backup = sandbox.ok("backup", id=record["id"], **SHORT)
        sandbox.control("POST", "/sites", {"id": record["id"], "upgrade": "page_500"})
        task = sandbox.call("upgrade", id=record["id"], background="1", **SHORT)["task"]
        assert sandbox.finished(task)["status"] == "complete"
        assert sandbox.page().status_code == 500
        restored = sandbox.ok("restore", id=backup["id"], **SHORT)
        assert restored["version"] == "6.4.3" and restored["id"] == record["id"]
        assert "WordPress 6.4.3" in sandbox.page().text


class TestTasks:
    """Background tasks."""

    ROW = {"id", "user", "ws_label", "url", "title", "label", "status", "rate", "percentMin", "percentMax", "message",
           "cmd", "install", "time"}

    def test_progress(self, sandbox):
        sandbox.control("POST", "/settings", {"task_seconds": 0.4})
        reply = sandbox.call("install", application="wordpress", url="http://company.com", background="", **SHORT,
                             **DATABASE)
        assert list(reply) == ["result", "message", "data", "task"] and reply["data"] is None
        assert set(reply["task"]) == self.ROW and len(reply["task"]["id"]) == 18
        seen = {}
        while seen.get("status") != "complete":
            row = sandbox.ok("tasks")[0]
            assert row["percentMin"] >= seen.get("percentMin", 0) and row["status"] in ("processing", "complete")
            seen = row
        assert seen["install"] == sandbox.ok("installs", user="alice")[0]["id"]
        assert seen["cmd"] == "install" and seen["user"] == "alice" and seen["ws_label"] == "ws124"

    def test_scope_and_vanishing(self, sandbox):
        record = sandbox.install()
        sandbox.finished(sandbox.call("backup", id=record["id"], background="1", **SHORT)["task"])
        assert len(sandbox.ok("tasks", user="alice")) == 1 and sandbox.ok("tasks", user="bob") == []
        sandbox.control("POST", "/settings", {"finished_tasks": "vanish"})
        assert sandbox.finished(sandbox.call("backup", id=record["id"], background="1", **SHORT)["task"]) is None
        assert len(sandbox.ok("backups", user="alice")) == 2

    def test_writes_serialized_per_site(self, sandbox):
        sandbox.control("POST", "/settings", {"task_seconds": 0.1})
        record = sandbox.install(version="6.4.3")
        tasks = [sandbox.call(command, id=record["id"], background="1", **SHORT)["task"]
                 for command in ("backup", "upgrade", "backup", "uninstall")]
        assert [sandbox.finished(task)["status"] for task in tasks][-1] == "complete"
        assert sandbox.ok("installs", user="alice") == []
