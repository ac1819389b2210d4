# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role panel: its deployment, and sites that the collection installs through the deployed hooks, with tables in MariaDB and files over SSH."""

import getpass
import json
import re
import threading
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from harness import USER, wait_for
from panel_hooks import serving
from real_servers import MariaDb, Sshd, missing_requirement
from role_runs import run_role, run_tasks

PASSWORD = "canary-database-password"
TOKEN = "canary'\"\\ %s ü"
REASON = missing_requirement("mariadbd", "mariadb", "php", "sshd", "ssh", "openssl")

pytestmark = pytest.mark.skipif(REASON is not None, reason=str(REASON))


@pytest.fixture(scope="module")
def database():
    """A MariaDB server for all tests of the file."""
    server = MariaDb(PASSWORD)
    yield server
    server.stop()


@pytest.fixture
def etc(tmp_path):
    """The directory of the server's settings."""
    path = tmp_path / "etc"
    path.mkdir()
    return path


def variables(etc, database, **more):
    """Return the variables of the role."""
    return dict({"panel_directory": str(etc), "panel_owner": getpass.getuser(), "panel_group": etc.group(), "panel_log": str(etc.parent / "panel.log"),
                 "panel_database_servers": [database.options()], "panel_secrets": {"database": PASSWORD, "other": TOKEN}}, **more)


def deploy(sandbox, etc, database, name, check=False, arguments=("--diff",), **more):
    """Run the role and return the RoleRun."""
    return run_role(sandbox, etc.parent / name, "panel", variables(etc, database, **more), check, arguments)


def content(etc):
    """Return the files of the directory with their modes, without backup copies."""
    return {path.name: (path.read_bytes(), path.stat().st_mode & 0o777) for path in etc.iterdir() if not path.name.endswith("~")}


class Watch:
    """Records the command lines of all processes while its context is active."""

    def __enter__(self):
        self.seen = set()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._scan)
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._end.set()
        self._thread.join()

    def _scan(self):
        while not self._end.is_set():
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    self.seen.add(path.read_bytes())
                except OSError:
                    continue
            time.sleep(0.01)


def test_deployment_life_cycle(sandbox, etc, database):
    absent = deploy(sandbox, etc, database, "none", check=True, panel_directory=str(etc / "missing"))
    assert absent.status == 0 and absent.changed == 1 and content(etc) == {}, absent.output
    check = deploy(sandbox, etc, database, "check", check=True)
    assert check.status == 0 and check.changed == 3 and content(etc) == {}, check.output
    assert re.search(r'^\+ +"admin_user": "panel_admin"', check.output, re.M)
    with Watch() as watch:
        first = deploy(sandbox, etc, database, "first", arguments=("--diff", "-vvvv"))
    assert first.status == 0 and first.changed == 3, first.output
    held = content(etc)
    assert {name: mode for name, (_text, mode) in held.items()} == {"panel.php": 0o600, "panel.json": 0o600, "panel-secrets.json": 0o600}
    assert json.loads(held["panel-secrets.json"][0]) == {"database": PASSWORD, "other": TOKEN}
    second = deploy(sandbox, etc, database, "second")
    assert second.status == 0 and second.changed == 0 and content(etc) == held
    outputs = check.output + first.output + second.output
    assert PASSWORD not in outputs and TOKEN not in outputs and "canary" not in outputs
    assert len(watch.seen) > 10 and not [line for line in watch.seen if b"canary" in line]
    assert b"canary" not in held["panel.json"][0] + held["panel.php"][0]
    removed = deploy(sandbox, etc, database, "removed", panel_state="absent")
    again = deploy(sandbox, etc, database, "again", panel_state="absent")
    assert (removed.status, removed.changed, again.status, again.changed, content(etc)) == (0, 1, 0, 0, {})
    assert not any(run.warnings for run in (check, first, second, removed))


def test_foreign_hooks_kept(sandbox, etc, database):
    (etc / "panel.php").write_text("<?php class i_custom extends i_panel {}\n")
    refused = deploy(sandbox, etc, database, "refused")
    assert refused.status == 2 and "set panel_replace: true" in refused.output and list(content(etc)) == ["panel.php"]
    kept = deploy(sandbox, etc, database, "kept", panel_state="absent")
    assert kept.status == 2 and list(content(etc)) == ["panel.php"]
    replaced = deploy(sandbox, etc, database, "replaced", panel_replace=True)
    assert replaced.status == 0, replaced.output
    copies = [path for path in etc.iterdir() if path.name.startswith("panel.php.")]
    assert [path.read_text() for path in copies] == ["<?php class i_custom extends i_panel {}\n"]


def test_syntax_error_not_deployed(sandbox, etc, database):
    assert deploy(sandbox, etc, database, "first").status == 0
    held = content(etc)
    php = etc.parent / "php"
    php.write_text('#!/bin/sh\ncase "$*" in *"-l "*) echo "Parse error" >&2; exit 255;; esac\nexec php "$@"\n')
    php.chmod(0o755)
    (etc / "panel.php").write_text(held["panel.php"][0].decode() + "// An older version.\n")
    held = content(etc)
    run = deploy(sandbox, etc, database, "second", panel_php=str(php), panel_prefix_variable="_other")
    assert run.status == 2 and "Parse error" in run.output and content(etc) == held


@pytest.mark.parametrize("more, message", [
    ({"panel_php": "/nonexistent/php"}, "panel_php: /nonexistent/php is not PHP 7.4"),
    ({"panel_secrets": {}}, "panel_secrets: database is missing"),
    ({"panel_paths": {"backend": "table", "table": [{"website": "a", "path": "/a", "secret": "missing"}]}}, "panel_secrets: missing is missing"),
    ({"panel_paths": {"backend": "unknown"}}, "value of backend must be one of"),
    ({"panel_paths": {"backend": "ssh", "host": "web1"}}, "identity, known_hosts"),
    ({"panel_paths": {"host": "web1"}}, "panel_paths: backend is missing"),
    ({"panel_directory": "/nonexistent/etc"}, "Install Installatron Server first"),
])
def test_invalid_input(more, message, sandbox, etc, database):
    run = deploy(sandbox, etc, database, "run", **more)
    assert run.status == 2 and message in run.output.replace("\\n", " ") and content(etc) == {}, run.output


def test_database_server_refuses(sandbox, etc, database):
    run = deploy(sandbox, etc, database, "run", panel_secrets={"database": "canary-wrong"})
    assert run.status == 2 and "database server %s" % database.options()["host"] in run.output and "canary" not in run.output, run.output


# --- sites installed through the hooks ---


@pytest.fixture
def hooked(sandbox, etc, database):
    """A sandbox that calls the deployed hooks."""
    assert deploy(sandbox, etc, database, "deploy").status == 0
    sandbox.reset(panel={"file": str(etc / "panel.php")})
    yield sandbox
    sandbox.control("POST", "/idle", {"seconds": 30})
    for name in database.databases():
        database.rows("DROP DATABASE `%s`" % name)
    for user in database.users():
        database.rows("DROP USER '%s'@'%s'" % tuple(user.split("@")))
    database.rows("DELETE FROM hostops_panel.`databases`")
    sandbox.reset(panel={})


def installs(sandbox, folder, sites, check=False, **more):
    """Run itron_installs for sites without a database, and return the run."""
    desired = [dict(site, application="wordpress") for site in sites]
    options = dict({"user": USER, "installs": desired, "max_parallel": 10}, **more)
    return run_tasks(sandbox, folder, [{"name": "Sites", "hostops.installatron.itron_installs": options}], check)


def described(host, website="ws1", path="/var/www/vhosts", **more):
    """Return a site with its website."""
    entry = {"id": website, "vhosts": {"http://" + host: host}}
    return dict({"url": "http://" + host, "websites": [dict(entry, path=path) if path else entry]}, **more)


def test_database_created_and_removed(hooked, etc, database):
    site = described("one.example", website="customer-1")
    check = installs(hooked, etc.parent / "c", [site], check=True)
    assert check.status == 0 and check.changed == 1 and database.databases() == [], check.output
    run = installs(hooked, etc.parent / "r", [site])
    assert run.status == 0 and run.changed == 1, run.output
    [name] = database.databases()
    assert name.startswith("customer_1_") and database.users() == ["%s@127.0.0.1" % name]
    # The password in the site's configuration gives access to this database only.
    record = hooked.control("GET", "/state")["installs"][0]["record"]
    assert record["db-name"] == record["db-user"] == name and record["db-host"] == database.options()["host"]
    tables = database.rows("SHOW TABLES FROM `%s`" % name, record["db-user"], record["db-pass"])
    assert ["wp_options"] in tables and hooked.page("one.example").status_code == 200
    again = installs(hooked, etc.parent / "a", [site])
    assert again.status == 0 and again.changed == 0 and not again.writes and database.databases() == [name]
    gone = installs(hooked, etc.parent / "g", [{"url": site["url"], "state": "absent", "websites": site["websites"]}])
    assert gone.status == 0 and gone.changed == 1 and database.databases() == database.users() == [], gone.output


def test_database_of_clone_and_upgrade(hooked, etc, database):
    first = described("one.example", version="6.4.3")
    assert installs(hooked, etc.parent / "r", [first]).status == 0
    copy = {"url": "http://two.example", "clone_from": first["url"], "websites": described("two.example", website="ws2")["websites"] + first["websites"]}
    run = run_tasks(hooked, etc.parent / "k", [{"name": "Copy", "hostops.installatron.itron_install": dict(copy, user=USER)}])
    assert run.status == 0 and len(database.databases()) == 2, run.output
    upgraded = installs(hooked, etc.parent / "u", [dict(first, version="latest")])
    assert upgraded.status == 0 and upgraded.changed == 1 and len(database.databases()) == 2, upgraded.output
    assert hooked.page("one.example").status_code == hooked.page("two.example").status_code == 200


def test_database_concurrent_installs(hooked, etc, database):
    sites = [described("s%02d.example" % number, website="ws%d" % (number % 5)) for number in range(50)]
    run = installs(hooked, etc.parent / "r", sites, max_parallel=50)
    assert run.status == 0, run.output
    records = [row["record"] for row in hooked.control("GET", "/state")["installs"]]
    assert len(records) == 50 and {record["db-name"] for record in records} == set(database.databases())
    assert len(set(database.databases())) == 50
    assert set(database.users()) == {"%s@127.0.0.1" % name for name in database.databases()}
    assert all(["wp_options"] in database.rows("SHOW TABLES FROM `%s`" % name) for name in database.databases())


def test_database_server_killed(hooked, etc, database):
    sites = [described("s%02d.example" % number) for number in range(20)]
    killer = threading.Thread(target=lambda: (wait_for(lambda: len(hooked.control("GET", "/state")["installs"]) >= 3, 60, "no site"), database.kill()))
    killer.start()
    run = installs(hooked, etc.parent / "r", sites, max_parallel=4)
    killer.join()
    database.start()
    before = [row["record"]["db-name"] for row in hooked.control("GET", "/state")["installs"]]
    assert run.status == 2 and 3 <= len(before) < 20
    again = installs(hooked, etc.parent / "a", sites)
    assert again.status == 0, again.output
    names = {row["record"]["db-name"] for row in hooked.control("GET", "/state")["installs"]}
    records = dict(database.rows("SELECT name, state FROM hostops_panel.`databases`"))
    assert set(before) <= names and len(names) == 20 and names <= set(database.databases()) == set(records) and set(records.values()) == {"ready"}
    # Databases of sites that failed while the server was down could not be removed. Those without tables are removed after they expire.
    # The log lists the others.
    database.rows("UPDATE hostops_panel.`databases` SET created = NOW() - INTERVAL 25 HOUR")
    assert deploy(hooked, etc, database, "later").status == 0
    left = set(database.databases())
    log = [json.loads(line) for line in (etc.parent / "panel.log").read_text().splitlines()]
    assert names <= left and left - names <= {line["database"] for line in log if line["call"] == "removeDB" and not line["result"]}
    assert {user.partition("@")[0] for user in database.users()} == left
    assert all(database.rows("SHOW TABLES FROM `%s`" % name) for name in left)
    assert installs(hooked, etc.parent / "t", sites).changed == 0


@pytest.mark.parametrize("backend", ["table", "command", "http"])
def test_path_from_command(backend, hooked, etc, database, tmp_path):
    with serving() as platform:
        platform.answer = (200, '{"path": "/home/ws1"}')
        asked = tmp_path / "asked"
        settings = {
            "table": {"table": [{"website": "ws1", "path": "/home/{id}"}]},
            "command": {"command": ["sh", "-c", "cat >>%s; echo >>%s; echo '{\"path\": \"/home/ws1\"}'" % (asked, asked)]},
            "http": {"url": "http://127.0.0.1:%d/" % platform.server_port, "token_secret": "other"},
        }[backend]
        assert deploy(hooked, etc, database, backend, panel_paths=dict(settings, backend=backend)).status == 0
        run = installs(hooked, etc.parent / "r", [described("www", path=None)])
        assert run.status == 0 and run.changed == 1, run.output
        assert (Path(hooked.state_directory) / "fs" / "home" / "ws1" / "www" / "wp-config.php").is_file()
        assert hooked.control("POST", "/paths/disable") == {"ws1": True}
        questions = [json.loads(line) for line in asked.read_text().splitlines()] if backend == "command" else [body for _token, body in platform.seen]
        assert [question["action"] for question in questions] == ([] if backend == "table" else ["enable", "disable"])
        assert database.databases() and "canary" not in run.output + (etc.parent / "panel.log").read_text()


def test_database_of_website_not_managed(hooked, etc, database):
    site = described("one.example")
    site["websites"][0]["db_mode"] = "manual"
    run = installs(hooked, etc.parent / "r", [site])
    assert run.status == 2 and "db_host" in run.output and database.databases() == []


def test_path_from_ssh(hooked, etc, database):
    sshd = Sshd()
    try:
        home = sshd.directory / "home"
        (home / "www").mkdir(parents=True)
        (home / "www" / "own.txt").write_text("of the customer")
        settings = {"backend": "ssh", "host": "127.0.0.1", "port": sshd.port, "account": sshd.account, "manager": sshd.account, "keys_file": str(sshd.keys),
                    "identity": str(sshd.identity), "known_hosts": str(sshd.known_hosts), "directory": str(home)}
        assert deploy(hooked, etc, database, "ssh", panel_paths=settings).status == 0
        site = described("www", path=None)
        run = installs(hooked, etc.parent / "r", [site])
        assert run.status == 0 and run.changed == 1, run.output
        assert (home / "www" / "wp-config.php").is_file() and (home / "www" / "own.txt").read_text() == "of the customer"
        assert "PRIVATE KEY" not in run.output and "PRIVATE KEY" not in (etc.parent / "panel.log").read_text()
        path = hooked.control("GET", "/paths")["ws1"]
        key = unquote(urlsplit(path).password)
        assert sshd.log_in(key).returncode == 0
        assert hooked.control("POST", "/paths/disable") == {"ws1": True}
        assert sshd.log_in(key).returncode != 0
        # The next command opens the path again.
        gone = installs(hooked, etc.parent / "g", [{"url": site["url"], "state": "absent", "websites": site["websites"]}])
        assert gone.status == 0 and [path.name for path in (home / "www").iterdir()] == ["own.txt"], gone.output
        assert database.databases() == []
    finally:
        hooked.control("POST", "/paths/disable")
        sshd.stop()
