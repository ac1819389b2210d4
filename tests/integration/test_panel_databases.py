# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Databases on demand: generateDB, createDB and removeDB of the role panel with a real MariaDB."""

import signal
import subprocess

import pytest
from panel_hooks import Hooks
from real_servers import MariaDb, missing_requirement

PASSWORD = "canary-of-the-administrator"
HOSTILE = ["a`b", "a'b", 'a"b', "a%", "a;DROP DATABASE x", "datenbänke", "x" * 65, "x" * 200, "", "../x", "mysql", "MySQL", "hostops_panel",
           "information_schema"]

REASON = missing_requirement("mariadbd", "mariadb", "php", "openssl")

pytestmark = pytest.mark.skipif(REASON is not None, reason=str(REASON))


@pytest.fixture(scope="module")
def servers():
    """Two MariaDB servers for all tests of the file."""
    found = [MariaDb(PASSWORD), MariaDb(PASSWORD)]
    yield found
    for server in found:
        server.stop()


@pytest.fixture
def server(servers):
    """The first server, empty."""
    yield servers[0]
    for each in servers:
        for name in [*each.databases(), "hostops_panel"]:
            each.rows("DROP DATABASE IF EXISTS `%s`" % name)
        for user in each.users():
            each.rows("DROP USER '%s'@'%s'" % tuple(user.split("@")))


@pytest.fixture
def hooks(server, tmp_path):
    """Hooks with one server."""
    return Hooks(tmp_path, {"database": PASSWORD}, database_servers=[server.options()])


def create_database(hooks, session, host=None):
    """Generate and create a database. Return its name, user, password and host."""
    name, user, password, found, _prefix = hooks.call("generateDB", "mysql", session=session)
    assert hooks.call("createDB", name, user, password, "mysql", host or found, session=session) is True
    return name, user, password, found


def test_grants_limited_to_database(hooks, server):
    name, user, password, host = create_database(hooks, {"id": "ws_1"})
    assert name.startswith("ws_1_") and user == name and host == "127.0.0.1:%d" % server.port
    # In GRANT, an underscore matches any character. This name differs only there.
    neighbor = name.replace("_", "x")
    server.rows("CREATE DATABASE `%s`" % neighbor)
    assert server.users() == ["%s@127.0.0.1" % user]
    assert sorted(server.rows("SHOW DATABASES", user, password)) == sorted([[name], ["information_schema"]])
    server.rows("CREATE TABLE `%s`.t (a INT)" % name, user, password)
    assert server.rows("SELECT DEFAULT_CHARACTER_SET_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '%s'" % name) == [["utf8mb4"]]


def test_removal_idempotent(hooks, server):
    name, _user, _password, _host = create_database(hooks, {"id": "ws1"})
    assert hooks.call("removeDB", name, "mysql", session={"id": "ws1"}) is True
    assert server.databases() == [] and server.users() == []
    assert hooks.call("removeDB", name, "mysql") is True
    assert server.rows("SELECT COUNT(*) FROM hostops_panel.`databases`") == [["0"]]


def test_removal_keeps_shared_user(hooks, server):
    name, user, password, _host = create_database(hooks, {"id": "ws1"})
    server.rows("CREATE DATABASE other")
    server.rows("GRANT SELECT ON other.* TO '%s'@'127.0.0.1'" % user)
    assert hooks.call("removeDB", name, "mysql") is True
    assert server.databases() == ["other"] and server.users() == ["%s@127.0.0.1" % user]
    assert [row for row in server.rows("SHOW DATABASES", user, password) if row[0] != "information_schema"] == [["other"]]


def test_removal_refuses_foreign_database(hooks, server):
    server.rows("CREATE DATABASE foreign_one")
    assert hooks.call("removeDB", "foreign_one", "mysql") is False
    assert server.databases() == ["foreign_one"] and "was not created by the hooks" in hooks.log[-1]["error"]
    hooks.configure(database_servers=[server.options()], remove_foreign=True)
    assert hooks.call("removeDB", "foreign_one", "mysql") is True and server.databases() == []
    assert hooks.call("removeDB", "mysql", "mysql") is False


def test_removal_refuses_other_website(hooks, server):
    name, _user, _password, _host = create_database(hooks, {"id": "a-b"})
    other, _user, _password, _host = create_database(hooks, {"id": "a_b"})
    assert name[:4] == other[:4] == "a_b_" and name != other
    assert hooks.call("removeDB", name, "mysql", session={"id": "a_b"}) is False
    assert sorted(server.databases()) == sorted([name, other])
    hooks.configure(database_servers=[server.options()], same_website=False)
    assert hooks.call("removeDB", name, "mysql", session={"id": "a_b"}) is True


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names(name, hooks, server):
    host = server.options()["host"]
    server.rows("CREATE DATABASE x")
    before = server.rows("SHOW DATABASES")
    assert hooks.call("createDB", name, "user1", "secret", "mysql", host) is False
    # A user may have the name of a system database.
    assert hooks.call("createDB", "fine", name, "secret", "mysql", host) is (name.isidentifier() and name.isascii() and len(name) < 33)
    hooks.call("removeDB", name, "mysql")
    assert [row for row in server.rows("SHOW DATABASES") if row[0] not in ("hostops_panel", "fine")] == before
    for variable in ("id", "_db_prefix"):
        generated = hooks.call("generateDB", "mysql", session={variable: name})
        assert len(generated[0]) <= 32 and generated[0].replace("_", "").isalnum() and generated[0].isascii()


@pytest.mark.parametrize("website", ["ü" * 300, ["a"], 7, None])
def test_website_ids(website, hooks, server):
    name, _user, _password, _host = create_database(hooks, {"id": website})
    assert hooks.call("removeDB", name, "mysql", session={"id": website}) is True and server.databases() == []


def test_invalid_arguments(hooks, server):
    host = server.options()["host"]
    assert hooks.call("generateDB", "mssql") is False
    assert hooks.call("createDB", "a", "a", "secret", "mssql", host) is False
    assert hooks.call("createDB", "a", "a", "", "mysql", host) is False
    assert hooks.call("createDB", "a", "a", "secret", "mysql", "elsewhere") is False
    assert hooks.call("createDB", "a", "a", "se'c\"r\\et", "mysql", host) is True
    server.rows("CREATE TABLE a.t (a INT)", "a", "se'c\"r\\et")
    assert hooks.call("createDB", "a", "b", "secret", "mysql", host) is False
    assert hooks.call("createDB", "b", "a", "secret", "mysql", host) is False
    assert server.databases() == ["a"] and server.users() == ["a@127.0.0.1"]


def test_creation_failure_leaves_nothing(hooks, server):
    # The database can be created. The user for the second host cannot, because the host is longer than MariaDB allows.
    hooks.configure(database_servers=[server.options(grant_hosts=["127.0.0.1", "h" * 300])])
    name, user, password, host, _prefix = hooks.call("generateDB", "mysql", session={"id": "ws1"})
    assert hooks.call("createDB", name, user, password, "mysql", host) is False
    assert server.databases() == [] and server.users() == []
    assert server.rows("SELECT COUNT(*) FROM hostops_panel.`databases`") == [["0"]]


def test_creation_interrupted(hooks, server):
    name, user, _password, host = create_database(hooks, {"id": "ws1"})
    used, _user, _password, _host = create_database(hooks, {"id": "ws2"})
    # The state after the server dies between CREATE USER and the response: the record shows that the database was not handed out.
    server.rows("UPDATE hostops_panel.`databases` SET state = 'creating'")
    server.rows("CREATE TABLE `%s`.t (a INT)" % used)
    third, _user, _password, _host = create_database(hooks, {"id": "ws3"})
    assert sorted(server.databases()) == sorted([used, third]) and "%s@127.0.0.1" % user not in server.users()


def test_abandoned_database_removed(hooks, server):
    unused, _user, _password, _host = create_database(hooks, {"id": "ws1"})
    used, user, password, _host = create_database(hooks, {"id": "ws2"})
    server.rows("CREATE TABLE `%s`.t (a INT)" % used, user, password)
    young, _user, _password, _host = create_database(hooks, {"id": "ws3"})
    server.rows("UPDATE hostops_panel.`databases` SET created = NOW() - INTERVAL 25 HOUR WHERE name IN ('%s', '%s')" % (unused, used))
    last, _user, _password, _host = create_database(hooks, {"id": "ws4"})
    assert sorted(server.databases()) == sorted([used, young, last])
    assert dict(server.rows("SELECT name, state FROM hostops_panel.`databases`")) == {used: "used", young: "ready", last: "ready"}
    # If it is emptied later, it still belongs to a site.
    server.rows("DROP TABLE `%s`.t" % used)
    create_database(hooks, {"id": "ws5"})
    assert used in server.databases()


def test_creation_server_killed(hooks, server):
    host = server.options()["host"]
    create_database(hooks, {"id": "first"})
    calls = {"d%d" % number: hooks.start("createDB", "d%d" % number, "d%d" % number, "secret", "mysql", host) for number in range(20)}
    succeeded = [name for name, call in list(calls.items())[:4] if hooks.end(call)]
    server.kill()
    succeeded += [name for name, call in list(calls.items())[4:] if hooks.end(call)]
    server.start()
    create_database(hooks, {"id": "last"})
    # A creation whose response was lost may have succeeded. Its record then exists, too.
    records = dict(server.rows("SELECT name, state FROM hostops_panel.`databases`"))
    assert set(succeeded) <= set(records) == set(server.databases()) and set(records.values()) == {"ready"}
    assert set(server.users()) == {"%s@127.0.0.1" % name for name in records}


def test_concurrent_creation(hooks, server):
    calls = [hooks.start("generateDB", "mysql", session={"id": "same"}) for _number in range(50)]
    found = [hooks.end(call) for call in calls]
    calls = [hooks.start("createDB", *database[:3], "mysql", database[3], session={"id": "same"}) for database in found]
    assert [hooks.end(call) for call in calls] == [True] * 50
    assert len(set(server.databases())) == len(set(server.users())) == 50


def test_tls_required(hooks, server):
    hooks.configure(database_servers=[server.options(ca=str(server.other_ca))])
    assert hooks.call("generateDB", "mysql") is False
    hooks.configure(database_servers=[server.options(ca=str(server.ca), require_tls=True)])
    _name, user, password, _host = create_database(hooks, {"id": "ws1"})
    assert server.rows("SELECT 1", user, password, tls=True) == [["1"]]
    with pytest.raises(subprocess.CalledProcessError):
        server.rows("SELECT 1", user, password)


def test_character_set(hooks, server):
    hooks.configure(database_servers=[server.options(charset="latin1", collation="latin1_german1_ci")])
    name, _user, _password, _host = create_database(hooks, {"id": "ws1"})
    rows = server.rows("SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '%s'" % name)
    assert rows == [["latin1", "latin1_german1_ci"]]
    hooks.configure(database_servers=[server.options(charset="latin1; DROP DATABASE mysql")])
    name, user, password, host, _prefix = hooks.call("generateDB", "mysql")
    assert hooks.call("createDB", name, user, password, "mysql", host) is False and not server.rows("SHOW DATABASES LIKE '%s'" % name)


def test_user_name_length(hooks, server):
    hooks.configure(database_servers=[server.options(user_length=16)])
    name, user, _password, _host = create_database(hooks, {"id": "a-website-with-a-long-name"})
    assert len(user) == 16 and name == user and name.startswith("a_web_")


def test_server_selection(hooks, servers, server):
    first, second = (each.options() for each in servers)
    hosts = [each["host"] for each in (first, second)]

    def chosen(website):
        found = hooks.call("generateDB", "mysql", session={"id": website})
        return found and found[3]

    hooks.configure(database_servers=[dict(first, websites=["shop-*"]), dict(second, websites=["shop-7", "blog"])])
    assert [chosen("shop-1"), chosen("shop-7"), chosen("blog"), chosen("other")] == [hosts[0], hosts[1], hosts[1], False]
    session = {"id": "shop-1", "mysql_host": hosts[1]}
    assert hooks.call("generateDB", "mysql", session=session)[3] == hosts[1]
    hooks.configure(database_servers=[first, dict(second, weight=2)])
    assert {create_database(hooks, {"id": "ws"})[3] for _number in range(3)} == set(hosts) and [len(each.databases()) for each in servers] == [1, 2]
    hooks.configure(database_servers=[dict(first, max_databases=1), dict(second, max_databases=2)])
    assert chosen("ws") is False
    assert "max_databases is 2" in hooks.log[-1]["error"]


def test_server_down(hooks, servers, server):
    first, second = (each.options(timeout=2) for each in servers)
    hooks.configure(database_servers=[first, second])
    mine = create_database(hooks, {"id": "ws1"})[0]
    down = servers[0] if mine in servers[0].databases() else servers[1]
    down.kill()
    try:
        assert hooks.call("generateDB", "mysql", session={"id": "ws1"})[3] != down.options()["host"]
        assert hooks.call("removeDB", mine, "mysql") is False and "unreachable server" in hooks.log[-1]["error"]
    finally:
        down.start()
    assert hooks.call("removeDB", mine, "mysql") is True and mine not in down.databases()


def test_server_timeout(hooks, server):
    hooks.configure(database_servers=[server.options(timeout=1)])
    create_database(hooks, {"id": "ws1"})
    server.process.send_signal(signal.SIGSTOP)
    try:
        assert hooks.call("generateDB", "mysql", session={"id": "ws1"}) is False
    finally:
        server.process.send_signal(signal.SIGCONT)


def test_log_without_secrets(hooks, server):
    _name, _user, password, _host = create_database(hooks, {"id": "ws1"})
    hooks.call("createDB", "with space", "u", "canary-of-the-site", "mysql", server.options()["host"])
    text = (hooks.directory / "log").read_text()
    assert [line["call"] for line in hooks.log] == ["generateDB", "createDB", "createDB"] and [line["result"] for line in hooks.log] == [True, True, False]
    assert PASSWORD not in text and password not in text and "canary-of-the-site" not in text
    assert (hooks.directory / "log").stat().st_mode & 0o777 == 0o600


def test_broken_configuration(hooks):
    (hooks.directory / "panel.json").write_text("{")
    process = hooks.start("generateDB", "mysql")
    assert process.stdout.read() == '{"answer":false}' and "panel.json is not a JSON object" in process.stderr.read()
    process.wait()
