# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""backup, backups, restore, delete, importbackup, clone, import and migration."""

import json
import shutil
import sqlite3
import tarfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sandbox_program import DATABASE, WEBSITES

SHORT = {"user": "alice", "websites": WEBSITES}
OTHER = {"db_host": "localhost", "db_name": "db456", "db_user": "db456", "db_pass": "other-pass"}
REMOTE = [{"id": "old", "path": "ftp://olduser:oldpass@old.host", "vhosts": {"http://old.example": "public_html"}}]


def shop_files(sandbox):
    """Return the names in the document root of the shop."""
    return sorted(path.name for path in sandbox.root("shop").iterdir()) if sandbox.root("shop").exists() else []


class TestBackup:
    """Archives and their records."""

    def test_archive(self, sandbox):
        record = sandbox.install(sitetitle="My Blog (3)")
        backup = sandbox.ok("backup", id=record["id"], **SHORT)
        assert backup["backup-filename"].startswith("app_company-com_My-Blog-3_20")
        path = sandbox.root("application_backups", backup["backup-filename"])
        with tarfile.open(str(path)) as archive:
            names = archive.getnames()
            tables = json.loads(archive.extractfile("tables.json").read())
        assert "files/wp-config.php" in names and any("My Blog (3)" in statement for statement in tables)
        assert sandbox.ok("backups", user="alice") == [backup]
        assert backup["backup-install"] == record["id"] and int(backup["cache-archive"]) == path.stat().st_size

    def test_list(self, sandbox):
        first, second = sandbox.install(), sandbox.install("http://shop.company.com", sitetitle="Shop")
        ids = [sandbox.ok("backup", id=record["id"], **SHORT)["id"] for record in (first, second, second)]
        assert [row["id"] for row in sandbox.ok("backups", user="alice")] == ids
        assert [row["id"] for row in sandbox.ok("backups", user="alice", pid=second["id"])] == ids[1:]
        assert [row["id"] for row in sandbox.ok("backups", user="alice", q="SHOP", pid=first["id"])] == []
        assert [row["id"] for row in sandbox.ok("backups", user="alice", id=ids[0])] == ids[:1]
        assert sandbox.ok("backups") == [] and len(sandbox.ok("backups", filter__ownedaccounts="")) == 3
        shown = sandbox.ok("installs", user="alice", id=second["id"])[0]
        assert shown["cache-numbackups"] == "2" and shown["backup-time"]

    def test_remote_location(self, sandbox):
        record = sandbox.install(bkloc="sftp://saver:pw@vault.example/dir")
        backup = sandbox.ok("backup", id=record["id"], expiry="30", **SHORT)
        assert (sandbox.state / "remote" / "saver@vault.example" / "dir" / backup["backup-filename"]).is_file()
        assert backup["backup-expiry"] == "30"
        sandbox.ok("edit", id=record["id"], bkloc="sftp://saver:pw@vault.invalid/dir", **SHORT)
        assert sandbox.refused("backup", id=record["id"], **SHORT)[0] == "failed_filesystem_host"

    def test_delete(self, sandbox):
        backup = sandbox.ok("backup", id=sandbox.install()["id"], **SHORT)
        path = sandbox.root("application_backups", backup["backup-filename"])
        path.rename(str(path) + ".away")
        assert sandbox.refused("delete", id=backup["id"], **SHORT)[0] == "failed_backup_location"
        shutil.move(str(path) + ".away", str(path))
        task = sandbox.call("delete", id=backup["id"], background="1", **SHORT)["task"]
        assert sandbox.finished(task)["status"] == "complete" and not path.exists()
        assert sandbox.refused("delete", id=backup["id"], **SHORT) == ("backup_not_found", "id")

    def test_concurrent_backups(self, sandbox):
        """Backups of sites with the same domain and title have unique archives, even within one second."""
        installs = [sandbox.install("http://company.com/%d" % number, sitetitle="My blog") for number in range(8)]
        with ThreadPoolExecutor(max_workers=8) as pool:
            made = list(pool.map(lambda record: sandbox.ok("backup", id=record["id"], **SHORT), installs))
        assert len({backup["backup-filename"] for backup in made}) == 8
        for record, backup in zip(installs, made):
            with tarfile.open(str(sandbox.root("application_backups", backup["backup-filename"]))) as archive:
                assert json.loads(archive.extractfile("installatron.json").read())["id"] == record["id"]
        assert not list(sandbox.root("application_backups").glob("*.partial"))

    def test_ages_and_lost_archives(self, sandbox):
        record = sandbox.install()
        rows = [sandbox.ok("backup", id=record["id"], **SHORT) for _number in range(2)]
        ids = [row["id"] for row in rows]
        assert sandbox.control("POST", "/backups", {"url": record["url"], "ages": [86400, 60]}) == {"ids": ids}
        older, younger = (int(row["backup-time"]) for row in sandbox.ok("backups", user="alice"))
        assert 86339 <= younger - older <= 86341
        path = sandbox.root("application_backups", rows[0]["backup-filename"])
        sandbox.control("POST", "/backups", {"url": record["url"], "forgotten": True})
        assert path.exists() and sandbox.ok("backups", user="alice") == []
        archives = sandbox.control("GET", "/state")["archives"]
        assert len(archives) == 2 and archives[str(path)] == path.stat().st_size
        backup = sandbox.ok("importbackup", user="alice", path="application_backups/" + path.name)
        sandbox.control("POST", "/backups", {"url": record["url"], "lost": True})
        assert not path.exists() and [row["id"] for row in sandbox.ok("backups", user="alice")] == [backup["id"]]


class TestRestore:
    """Files and data are restored."""

    def test_in_place(self, sandbox):
        record = sandbox.install(sitetitle="Before", version="6.4.3")
        backup = sandbox.ok("backup", id=record["id"], **SHORT)
        sandbox.ok("edit", id=record["id"], sitetitle="After", autoup="2", **SHORT)
        sandbox.ok("upgrade", id=record["id"], **SHORT)
        sandbox.root("httpdocs", "wp-content", "new.txt").write_text("new")
        sandbox.root("httpdocs", "mine.txt").write_text("mine")
        reply = sandbox.call("restore", id=backup["id"], dryrun="2", **SHORT)
        assert reply["result"] and "After" in sandbox.page().text
        restored = sandbox.ok("restore", id=backup["id"], **SHORT)
        assert restored["id"] == record["id"] and restored["title"] == "Before" and restored["version"] == "6.4.3"
        assert restored["autoup"] == "2"
        assert "Before" in sandbox.page().text and "6.4.3" in sandbox.page().text
        assert not sandbox.root("httpdocs", "wp-content", "new.txt").exists()
        assert sandbox.root("httpdocs", "mine.txt").exists()

    def test_after_uninstall(self, sandbox):
        record = sandbox.install()
        backup = sandbox.ok("backup", id=record["id"], **SHORT)
        sandbox.ok("uninstall", id=record["id"], **SHORT)
        assert sandbox.refused("restore", id=backup["id"], db="manual", **SHORT) == (
            "failed_database_name", "db_name")
        assert sandbox.ok("restore", id=backup["id"], **SHORT)["id"] == record["id"]
        assert sandbox.page().status_code == 200

    def test_database_name_not_reused(self, sandbox):
        """Database automation does not reuse the name of a database that a backup contains."""
        sandbox.control("POST", "/settings", {"database_automation": True})
        site = {"user": "alice", "websites": WEBSITES, "application": "wordpress"}
        first = sandbox.ok("install", url="http://company.com/one", sitetitle="One", **site)
        backup = sandbox.ok("backup", id=first["id"], **SHORT)
        sandbox.ok("uninstall", id=first["id"], **SHORT)
        sandbox.ok("install", url="http://company.com/two", sitetitle="Two", **site)
        sandbox.ok("restore", id=backup["id"], **SHORT)
        assert [("One" in sandbox.page(path=path).text, "Two" in sandbox.page(path=path).text)
                for path in ("/one", "/two")] == [(True, False), (False, True)]

    def test_occupied_location(self, sandbox):
        record = sandbox.install()
        backup = sandbox.ok("backup", id=record["id"], **SHORT)
        sandbox.ok("uninstall", id=record["id"], **SHORT)
        sandbox.install(application="joomla")
        assert sandbox.refused("restore", id=backup["id"], **SHORT) == ("occupied_url", "url")

    def test_another_location(self, sandbox):
        record = sandbox.install(sitetitle="Copy me")
        backup = sandbox.ok("backup", id=record["id"], **SHORT)
        assert sandbox.refused("restore", id=backup["id"], url="http://shop.company.com", **SHORT) == (
            "empty_argument_db_host", "db_host")
        copy = sandbox.ok("restore", id=backup["id"], url="http://shop.company.com", db_prefix="shop_", **SHORT,
                          **OTHER)
        assert copy["id"] != record["id"] and "shop_options" in copy["list-tables"]
        sandbox.ok("edit", id=copy["id"], sitetitle="Changed", **SHORT)
        assert "Changed" in sandbox.page("shop.company.com").text and "Copy me" in sandbox.page().text

    def test_broken_archive(self, sandbox):
        backup = sandbox.ok("backup", id=sandbox.install()["id"], **SHORT)
        path = sandbox.root("application_backups", backup["backup-filename"])
        path.write_bytes(path.read_bytes()[:100])
        assert sandbox.refused("restore", id=backup["id"], **SHORT)[0] == "invalid_backup_archive"
        assert sandbox.page().status_code == 200


class TestImportBackup:
    """An archive from another server."""

    def test_import(self, sandbox):
        record = sandbox.install()
        backup = sandbox.ok("backup", id=record["id"], **SHORT)
        name = "application_backups/" + backup["backup-filename"]
        assert sandbox.refused("importbackup", user="alice", path=name)[0] == "invalid_argument_path"
        sandbox.root("old.tar.gz").write_bytes(sandbox.root(name).read_bytes())
        found = sandbox.ok("importbackup", user="alice", path="old.tar.gz")
        assert found["backup-install"] == record["id"] and found["backup-filename"] == "old.tar.gz"
        sandbox.ok("restore", id=found["id"], **SHORT)
        assert sandbox.control("GET", "/requests")[3]["schema_errors"] == []

    @pytest.mark.parametrize("path, errcode", [("missing.tar.gz", "backup_not_found"),
                                               ("../../etc/x", "invalid_argument_path"),
                                               ("httpdocs/index.php", "invalid_backup_archive"),
                                               ("", "empty_argument_path")])
    def test_refusals(self, sandbox, path, errcode):
        sandbox.install()
        assert sandbox.refused("importbackup", user="alice", path=path) == (errcode, "path")
        assert sandbox.refused("importbackup", path="a")[0] == "empty_argument_user"


class TestClone:
    """A copy at another URL."""

    def test_clone(self, sandbox):
        record = sandbox.install(sitetitle="Original")
        copy = sandbox.ok("clone", id=record["id"], url="http://shop.company.com/stage", **SHORT, **OTHER)
        assert copy["id"] != record["id"] and copy["url"] == "http://shop.company.com/stage"
        sandbox.ok("edit", id=copy["id"], sitetitle="Stage", **SHORT)
        assert "Original" in sandbox.page().text
        assert "Stage" in sandbox.page("shop.company.com", "/stage/").text
        sandbox.ok("uninstall", id=copy["id"], **SHORT)
        assert shop_files(sandbox) == [] and sandbox.page().status_code == 200

    def test_same_database(self, sandbox):
        record = sandbox.install()
        copy = sandbox.ok("clone", id=record["id"], url="http://shop.company.com", **SHORT, **DATABASE)
        assert copy["db-prefix"] == "wp2_" and sandbox.page("shop.company.com").status_code == 200

    @pytest.mark.parametrize("change, errfield", [
        ({"url": "http://company.com"}, "url"), ({"url": "http://other.example"}, "url"), ({"url": None}, "url"),
        ({"db_name": None}, "db_name"), ({"db_host": "x.invalid"}, "db_host"), ({"id": "nothing"}, "id")])
    def test_refusals(self, sandbox, change, errfield):
        record = sandbox.install()
        arguments = dict({"id": record["id"], "url": "http://shop.company.com"}, **SHORT, **OTHER)
        arguments.update(change)
        assert sandbox.refused("clone", **arguments)[1] == errfield
        assert sandbox.refused("clone", dryrun="2", **arguments)[1] == errfield
        assert shop_files(sandbox) == [] and len(sandbox.ok("installs", user="alice")) == 1

    def test_failed_task_rolled_back(self, sandbox):
        record = sandbox.install()
        sandbox.control("POST", "/faults", {"command": "clone", "fault": "task_fails", "message": "Error: No."})
        task = sandbox.call("clone", id=record["id"], url="http://shop.company.com", background="1", **SHORT,
                            **OTHER)["task"]
        row = sandbox.finished(task)
        assert row["status"] == "failed" and row["message"] == "Error: No."
        assert shop_files(sandbox) == [] and len(sandbox.ok("installs", user="alice")) == 1
        sandbox.ok("clone", id=record["id"], url="http://shop.company.com", **SHORT, **OTHER)


class TestImport:
    """Import of existing sites, and migration of remote ones."""

    def test_import(self, sandbox):
        sandbox.control("POST", "/unmanaged", dict(DATABASE, websites=WEBSITES, url="http://company.com",
                                                   application="wordpress", version="6.4.3", sitetitle="Found"))
        assert sandbox.ok("installs", filter__ownedaccounts="") == []
        reply = sandbox.call("import", application="wordpress", url="http://company.com", dryrun=2, **SHORT)
        assert reply["result"] and sandbox.ok("installs", user="alice") == []
        record = sandbox.ok("import", application="wordpress", url="http://company.com", **SHORT)
        assert record["version"] == "6.4.3" and record["title"] == "Found" and record["db-name"] == "db123"
        assert record["owner"] == "alice" and record["db-pass"] == "sdfsdf1" and record["cf-login"] == "admin"
        assert sandbox.refused("import", application="wordpress", url="http://company.com", **SHORT)[0] == (
            "occupied_url")

    def test_no_application(self, sandbox):
        for application in ("wordpress", "joomla"):
            assert sandbox.refused("import", application=application, url="http://company.com", **SHORT) == (
                "failed_application_files", "url")

    def test_migration(self, sandbox):
        sandbox.control("POST", "/unmanaged", dict(DATABASE, websites=REMOTE, url="http://old.example/blog",
                                                   application="wordpress", sitetitle="Old", version="6.4.4"))
        arguments = dict(SHORT, application="wordpress", url="http://company.com",
                         source_url="http://old.example/blog", source_ftu="ftp://olduser:oldpass@old.host")
        task = sandbox.call("import", background="1", **arguments)["task"]
        assert sandbox.finished(task)["status"] == "complete"
        record = sandbox.ok("installs", user="alice")[0]
        assert record["title"] == "Old" and record["version"] == "6.4.4" and record["db-name"] != "db123"
        sandbox.ok("edit", id=record["id"], sitetitle="Moved", **SHORT)
        assert "Moved" in sandbox.page().text and "Old" in sandbox.page("old.example", "/blog/").text

    @pytest.mark.parametrize("ftu", ["ftp://keeper:pw@old.host", "ssh://keeper@old.host:22/httpdocs", "app://admin:right"])
    def test_migration_from_a_second_sandbox(self, sandbox, own_sandbox, ftu):
        other = own_sandbox.start()
        other.control("POST", "/settings", {"task_seconds": 0})
        site = other.install("http://old.example/blog", sitetitle="Far away", passwd="right",
                             websites=[{"id": "w", "path": "/home/old", "vhosts": {"http://old.example": "httpdocs"}}])
        home = Path(next(row["root"] for row in other.control("GET", "/state")["installs"])).parents[1]
        account = "old.example" if ftu.startswith("app") else ftu.partition("@")[2].partition("/")[0]
        directory = home / "httpdocs" if ftu.startswith("app") else home
        if not ftu.startswith("app"):
            account = "keeper@" + account
        sandbox.control("POST", "/settings", {"remote_directories": {account: str(directory)}})
        record = sandbox.ok("import", application="wordpress", url="http://company.com", source_url="http://old.example/blog",
                            source_ftu=ftu, **SHORT)
        assert record["title"] == "Far away" and record["version"] == site["version"]
        other.stop()
        assert "Far away" in sandbox.page().text
        sandbox.ok("edit", id=record["id"], sitetitle="Here", **SHORT)
        assert "Here" in sandbox.page().text

    @pytest.mark.parametrize("ftu, errcode", [
        (None, "empty_argument_source_ftu"), ("ftp://u:p@x.invalid", "failed_filesystem_host"),
        ("ftp://other@old.host", "failed_application_files"), ("gopher://x", "invalid_argument_source_ftu"),
        ("app://nobody:secret", "cannot_find_uid"), ("app://admin:wrong", "invalid_password"), ("app://admin:right",
                                                                                                None)])
    def test_logins(self, sandbox, ftu, errcode):
        sandbox.control("POST", "/unmanaged", dict(DATABASE, websites=REMOTE, url="http://old.example",
                                                   application="wordpress", passwd="right"))
        reply = sandbox.call("import", application="wordpress", url="http://company.com",
                             source_url="http://old.example", source_ftu=ftu, **SHORT)
        assert (reply["result"], reply.get("errcode")) == (errcode is None, errcode)

    def test_unknown_source(self, sandbox):
        reply = sandbox.call("import", application="wordpress", url="http://company.com",
                             source_url="http://nowhere.example", source_ftu="app://admin:x", **SHORT)
        # The sample of section 3.4.
        assert reply["errcode"] == "invalid_worker_plugin_upload" and reply["data"] is None
        assert reply["message"].startswith("Error: Could not connect to the web hosting server.")


def test_dump_blobs_and_quotes(sandbox):
    record = sandbox.install()
    path = sandbox.control("GET", "/state")["installs"][0]["database"]
    with closing(sqlite3.connect(path)) as database:
        database.execute("INSERT INTO wp_links VALUES (?, ?)", (1, "it's \"quoted\"\n;"))
        database.execute("INSERT INTO wp_links VALUES (?, ?)", (None, b"\x00\xff"))
        database.commit()
    backup = sandbox.ok("backup", id=record["id"], **SHORT)
    sandbox.ok("uninstall", id=record["id"], **SHORT)
    sandbox.ok("restore", id=backup["id"], **SHORT)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT * FROM wp_links").fetchall() == [(1, "it's \"quoted\"\n;"),
                                                                         (None, b"\x00\xff")]
