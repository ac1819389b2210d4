# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""install, dry runs, uninstall: effects on disk, and refusals."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sandbox_program import DATABASE, WEBSITES


def snapshot(sandbox):
    """Return the content of all files except the state file, and the state of the server."""
    files = {str(path): path.read_bytes() for folder in ("fs", "remote", "databases")
             for path in (sandbox.state / folder).rglob("*") if path.is_file()}
    return files, sandbox.control("GET", "/state")


def arguments(**more):
    """Return the arguments of a valid install with changes; None omits an argument."""
    merged = dict({"user": "alice", "websites": WEBSITES, "application": "wordpress", "url": "http://company.com"},
                  **DATABASE)
    merged.update(more)
    return {name: value for name, value in merged.items() if value is not None}


def test_site_and_database(sandbox):
    record = sandbox.install(sitetitle="Mine & yours", sitetagline="A <b> tagline", db_prefix="abc_", content="no")
    page = sandbox.page()
    assert "<title>Mine &amp; yours</title>" in page.text and "A &lt;b&gt; tagline" in page.text
    assert 'content="WordPress 6.5.5"' in page.text and "Hello world" not in page.text
    install = sandbox.control("GET", "/state")["installs"][0]
    with closing(sqlite3.connect(install["database"])) as database:
        options = dict(database.execute("SELECT option_name, option_value FROM abc_options"))
    assert options["blogname"] == "Mine & yours"
    assert record["title"] == record["cf-sitetitle"] == "Mine & yours"
    assert install["root"] == str(sandbox.root("httpdocs"))


def test_site_pages(sandbox):
    sandbox.install()
    sandbox.root("httpdocs", "robots.txt").write_text("User-agent: *")
    assert sandbox.page(path="/robots.txt").text == "User-agent: *"
    assert sandbox.page(path="/wp-login.php").status_code == 200
    assert "sdfsdf1" not in sandbox.page(path="/wp-config.php").text
    assert sandbox.page(path="/missing").status_code == 404
    assert sandbox.page(host="shop.company.com").status_code == 404
    assert sandbox.page(host="unknown.example").status_code == 404
    config = sandbox.root("httpdocs", "wp-config.php")
    config.write_text(config.read_text().replace("db123", "nothing"))
    assert sandbox.page().status_code == 500


@pytest.mark.parametrize("application, generator", [("joomla", "Joomla 5.1.2"), ("magento", "Magento 2.4.7")])
def test_other_applications(sandbox, application, generator):
    record = sandbox.install(application=application, sitetitle="Shop", passwd="It's \\ a secret")
    assert generator in sandbox.page().text and "Shop" in sandbox.page().text
    view = sandbox.ok("view", user="alice", id=record["id"], websites=WEBSITES, addons="1")
    assert view["db-pass"] == "sdfsdf1" and "list-plugins" not in view and view["cf-passwd"] == ""


def test_management_and_fields(sandbox):
    record = sandbox.install(autoup="1", autoup_backup="0", notification="update,update_error", autobk="custom",
                             autobk_daily=2, autobk_weekly="1", bkloc="ftp://u:p@backup.example/dir", login="boss",
                             passwd="secret!", email="boss@company.com", limitloginattempts="no", language="de")
    assert record["autoup"] == "1" and record["autoup-backup"] == "0" and record["autobk-daily"] == "2"
    assert record["list-notification"] == ["update", "update_error"] and record["bkloc"].startswith("ftp://")
    assert record["cf-login"] == "boss" and record["cf-limitloginattempts"] == "no" and record["language"] == "de"
    assert "cf-passwd" not in record and "cf-multisite" not in record
    entry = sandbox.control("GET", "/requests")[0]
    assert entry["undocumented"] == [] and entry["schema_errors"] == []


@pytest.mark.parametrize("change, errcode, errfield", [
    ({"application": None}, "empty_argument_application", "application"),
    ({"application": "nothing"}, "application_not_found", "application"),
    ({"url": None}, "empty_argument_url", "url"),
    ({"url": "company.com"}, "invalid_argument_url", "url"),
    ({"url": "http://company.com/../x"}, "invalid_argument_url", "url"),
    ({"url": "http://other.example"}, "failed_website_vhost", "url"),
    ({"websites": None}, "failed_website_vhost", "url"),
    ({"websites": "x"}, "invalid_argument_websites", "websites"),
    ({"websites": [{"path": "/a/../b", "vhosts": {"http://company.com": "x"}}]}, "invalid_argument_websites",
     "websites"),
    ({"websites": [{"path": "gopher://a", "vhosts": {"http://company.com": "x"}}]}, "invalid_argument_websites",
     "websites"),
    ({"websites": [{"vhosts": {"http://company.com": "x"}}]}, "empty_argument_path", "path"),
    ({"version": "9.9.9"}, "invalid_argument_version", "version"),
    ({"db_name": None}, "empty_argument_db_name", "db_name"),
    ({"db_prefix": "a-b"}, "invalid_argument_db_prefix", "db_prefix"),
    ({"autoup": "3"}, "invalid_argument_autoup", "autoup"),
    ({"autobk": "sometimes"}, "invalid_argument_autobk", "autobk"),
    ({"autobk_daily": "many"}, "invalid_argument_autobk_daily", "autobk_daily"),
    ({"bkloc": "gopher://a"}, "invalid_argument_bkloc", "bkloc"),
    ({"notification": "everything"}, "invalid_argument_notification", "notification"),
    ({"language": "xx"}, "invalid_argument_language", "language"),
    ({"twofactor": "maybe"}, "invalid_argument_twofactor", "twofactor"),
    ({"url_ip": "1.2.3"}, "invalid_argument_url_ip", "url_ip"),
    ({"user": "a/b"}, "invalid_argument_user", "user"),
    ({"dryrun": "3"}, "invalid_argument_dryrun", "dryrun"),
    ({"sitetitle": ["a"]}, "invalid_argument_sitetitle", "sitetitle"),
])
def test_input_refused(sandbox, change, errcode, errfield):
    """The command, a dry run of the input, and a background request refuse it immediately."""
    before = snapshot(sandbox)
    for more in ({}, {"dryrun": "1"}, {"background": "1"}):
        assert sandbox.refused("install", **dict(arguments(**change), **{**more, **change})) == (errcode, errfield)
    assert snapshot(sandbox) == before


UNREACHABLE = [{"path": "ftp://u:p@gone.invalid", "vhosts": {"http://company.com": "x"}}]
WRONG_LOGIN = [{"path": "sftp://u:wrong@host.example", "vhosts": {"http://company.com": "x"}}]


@pytest.mark.parametrize("change, errcode, errfield", [
    ({"websites": UNREACHABLE}, "failed_filesystem_host", "websites"),
    ({"websites": WRONG_LOGIN}, "failed_filesystem_login", "websites"),
    ({"url": "http://company.com/blog", "db_host": "db.invalid"}, "failed_database_host", "db_host"),
    ({"url": "http://www.company.com"}, "occupied_url", "url"),
    ({"url": "http://company.com/blog", "db_prefix": "wp_"}, "occupied_db_prefix", "db_prefix"),
])
def test_environment_refused(sandbox, change, errcode, errfield):
    """The command and a full dry run refuse it; a dry run of the input cannot detect it."""
    sandbox.install()
    before = snapshot(sandbox)
    for more in ({}, {"dryrun": "2"}, {"background": ""}):
        assert sandbox.refused("install", **dict(arguments(**change), **more)) == (errcode, errfield)
    assert sandbox.call("install", **arguments(dryrun=1, **change))["result"] is True
    assert snapshot(sandbox) == before


@pytest.mark.parametrize("level", ["1", "2", 1, 2])
def test_dryrun_without_changes(sandbox, level):
    before = snapshot(sandbox)
    reply = sandbox.call("install", **arguments(dryrun=level, background="1"))
    assert reply["result"] is True and reply["data"] is None and "task" not in reply
    assert snapshot(sandbox) == before
    entry = sandbox.control("GET", "/requests")[0]
    assert entry["write"] is True and entry["dryrun"] == str(level)


def test_temporary_database_address(sandbox):
    record = sandbox.install(db_host="db.invalid", db_host_ip="127.0.0.1")
    assert record["db-host"] == "db.invalid"


def test_database_automation(sandbox):
    sandbox.control("POST", "/settings", {"database_automation": True})
    record = sandbox.install(db_host=None, db_name=None, db_user=None, db_pass=None)
    assert record["db-name"] == "alice_wp1" and record["db-pass"]


def test_database_automation_unique_names(sandbox):
    sandbox.control("POST", "/settings", {"database_automation": True})
    no_database = dict.fromkeys(DATABASE)
    with ThreadPoolExecutor(8) as pool:
        records = list(pool.map(lambda number: sandbox.install("http://company.com/s%d" % number, **no_database), range(8)))
    assert sorted(record["db-name"] for record in records) == sorted("alice_wp%d" % number for number in range(1, 9))


def test_databases_precreated(sandbox):
    sandbox.control("POST", "/settings", {"databases_precreated": True})
    assert sandbox.refused("install", **arguments()) == ("failed_database_name", "db_name")
    sandbox.control("POST", "/databases", {"host": "localhost", "name": "db123", "user": "db123", "pass": "other"})
    assert sandbox.refused("install", **arguments()) == ("failed_database_login", "db_pass")
    sandbox.control("POST", "/databases", {"host": "localhost", "name": "db123", "user": "db123", "pass": "sdfsdf1"})
    sandbox.install()
    assert sandbox.page().status_code == 200


def test_other_files_not_overwritten(sandbox):
    sandbox.root("httpdocs").mkdir(parents=True)
    sandbox.root("httpdocs", "index.php").write_text("mine")
    assert sandbox.refused("install", **arguments()) == ("occupied_url", "url")
    assert sandbox.root("httpdocs", "index.php").read_text() == "mine"


def test_uninstall_keeps_other_files(sandbox):
    record = sandbox.install()
    blog = sandbox.install("http://company.com/blog")
    sandbox.root("httpdocs", "mine.txt").write_text("mine")
    assert sandbox.ok("uninstall", user="alice", id=record["id"], websites=WEBSITES) == []
    assert sorted(path.name for path in sandbox.root("httpdocs").iterdir()) == ["blog", "mine.txt"]
    assert sandbox.page(path="/blog/").status_code == 200
    with closing(sqlite3.connect(sandbox.control("GET", "/state")["installs"][0]["database"])) as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert sorted(tables) == sorted(blog["list-tables"])
    sandbox.ok("uninstall", user="alice", id=blog["id"], websites=WEBSITES)
    assert [path.name for path in sandbox.root("httpdocs").iterdir()] == ["mine.txt"]
    assert list((sandbox.state / "databases" / "localhost").iterdir()) == []
    assert sandbox.refused("uninstall", user="alice", id=blog["id"]) == ("install_not_found", "id")


def test_forced_uninstall(sandbox):
    record = sandbox.install()
    gone = [dict(WEBSITES[0], path="ftp://u@gone.invalid")]
    assert sandbox.refused("uninstall", user="alice", id=record["id"], websites=gone) == (
        "failed_filesystem_host", "websites")
    sandbox.ok("uninstall", user="alice", id=record["id"], websites=gone, force="1")
    assert sandbox.ok("installs", user="alice") == []
    assert sandbox.root("httpdocs", "index.php").exists()


def test_wrong_key(sandbox):
    for key in ("wrong-key-0000", "", None, 5):
        reply = sandbox.post({"cmd": "installs", "key": key})
        assert reply.status_code == 200
        assert reply.json()["result"] is False and reply.json()["errcode"] == "invalid_api_key"
        assert reply.json()["data"] is None
    assert sandbox.refused("nonsense") == ("invalid_argument_cmd", "cmd")


def test_concurrent_installs_at_one_url(sandbox):
    """Of several concurrent installs to one URL, one succeeds and the others are refused."""
    replies = []
    threads = [threading.Thread(target=lambda: replies.append(sandbox.post(
        dict(arguments(), key="8327b11a311aad5a8092d26d209c9e13", cmd="install")).json())) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [reply["result"] for reply in replies].count(True) == 1
    assert {reply.get("errcode") for reply in replies if not reply["result"]} == {"occupied_url"}
    assert len(sandbox.ok("installs", user="alice")) == 1


def test_log_without_secrets(sandbox):
    sandbox.install(passwd="canary-passwd", db_pass="canary-dbpass", bkloc="ftp://u:canary-bkloc@backup.example")
    assert "canary" not in sandbox.log() and "8327b11a" not in sandbox.log() and "install: ok" in sandbox.log()
