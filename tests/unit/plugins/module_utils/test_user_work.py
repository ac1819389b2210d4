# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_user, itron_user_info and itron_gui_session against a server that is a dictionary of accounts."""

import json

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import Delivery, TransportError
from ansible_collections.hostops.installatron.plugins.module_utils._core import connection as _connection
from ansible_collections.hostops.installatron.plugins.module_utils._core import operation as _operation
from ansible_collections.hostops.installatron.plugins.module_utils._gui_session.work import OPERATION as GUI_SESSION
from ansible_collections.hostops.installatron.plugins.module_utils._user.info import OPERATION as USER_INFO
from ansible_collections.hostops.installatron.plugins.module_utils._user.work import OPERATION as USER
from ansible_collections.hostops.installatron.plugins.module_utils._wire.reply import Reply

V2_NAMES = {"language": "locale", "reseller": "parent"}


class Server:
    """A transport to a server with accounts.

    Arguments:
        rows: the accounts. v2: whether the server supports v2. ignore: arguments of edituser without effect; with C(user),
        no command has an effect. lose: an error that is raised once instead of the reply to a write.
    """

    def __init__(self, rows=(), v2=True, ignore=(), lose=None):
        self.rows = {row["id"]: dict(row) for row in rows}
        self.v2, self.ignore, self.lose = v2, set(ignore), lose
        self.sent = []

    def get(self, resource):
        """Answer a request of v2."""
        self.sent.append(resource)
        if not self.v2:
            return Reply(b"<html></html>", 200)
        if resource.startswith("/users?"):
            return self._reply(data=list(self.rows.values()), status=200, total_count=len(self.rows))
        row = self.rows.get(resource.rpartition("/")[2])
        if row is None:
            return self._reply(result=False, status=404, errcode="user_not_found")
        return self._reply(data=row, status=200)

    def post(self, payload, repeatable):
        """Answer a request of v1."""
        command, name = payload["cmd"], payload["user"]
        self.sent.append(command)
        if command == "installs":
            return self._reply(data=[])
        if command == "deleteuser" and name not in self.rows:
            return self._reply(result=False, errcode="user_not_found", message="Error: none")
        if "user" not in self.ignore:
            self._write(command, name, payload)
        lost, self.lose = self.lose, None
        if lost:
            raise lost
        return self._reply(data=None, **({"session_id": "a-session"} if command == "guixfer" else {}))

    def _write(self, command, name, payload):
        if command == "deleteuser":
            del self.rows[name]
            return
        row = self.rows.setdefault(
            name, {"id": name, "parent": "admin", "type": "user", "suspended": False, "websites": []}
        )
        for key, value in payload.items():
            if key not in {"cmd", "key", "user", "package"} | self.ignore:
                row[V2_NAMES.get(key, key)] = value == "yes" if key == "suspended" else value

    @staticmethod
    def _reply(**body):
        return Reply(json.dumps(dict({"result": True, "message": ""}, **body)).encode(), body.get("status", 200))


@pytest.fixture
def run_operation(monkeypatch):
    """A function that runs an operation against a Server and returns the Outcome."""

    def go(operation, server, check_mode=False, **options):
        monkeypatch.setattr(_connection, "_http_transport", lambda params, warnings: server)
        params = {name: option.get("default") for name, option in operation.spec.options.items()}
        params.update(
            {"api_url": "http://127.0.0.1:9/server/v1", "api_key": "key-of-the-server", "timeout": 1}, **options
        )
        return _operation.run(operation, params, check_mode, diff=True)

    return go


ALICE = {
    "id": "alice",
    "parent": "boss",
    "type": "user",
    "suspended": False,
    "locale": "en",
    "email": "",
    "websites": [],
}
BOSS = {"id": "boss", "parent": "admin", "type": "reseller", "suspended": False, "websites": []}


def test_present_check_run_and_second_run(run_operation):
    server, desired = (
        Server(),
        {"user": "alice", "language": "nl", "suspended": True, "websites": [{"id": "a", "path": "/a"}]},
    )
    check = run_operation(USER, server, True, **desired).result
    assert server.sent == ["/users/alice"] and check["changed"] is True and check["user"]["language"] == "nl"
    first = run_operation(USER, server, **desired).result
    assert first["diff"] == check["diff"] and first["user"]["websites"][0]["path"] == "/a"
    again = run_operation(USER, server, **desired)
    assert again.result["changed"] is False and again.result["steps"] == [] and again.warnings == []
    assert "task" not in again.result


@pytest.mark.parametrize(("state", "rows", "words"), [("present", [], "missing"), ("absent", [ALICE], "still there")])
def test_result_not_verified(state, rows, words, run_operation):
    result = run_operation(USER, Server(rows, ignore=["user"]), user="alice", state=state).result
    assert result["failed"] is True and words in result["msg"] and result["failure"]["stage"] == "verify"
    assert result["changed"] is False


def test_ignored_fields_warn(run_operation):
    outcome = run_operation(
        USER, Server([ALICE], ignore=["email", "websites"]), user="alice", email="x@y.example", websites=[{"id": "a"}]
    )
    assert outcome.result["changed"] is True
    assert [warning.partition(":")[0] for warning in outcome.warnings] == ["email", "websites"]


@pytest.mark.parametrize("v2", [True, False])
def test_lost_answer(v2, run_operation):
    server = Server([ALICE], v2=v2, lose=TransportError("lost", delivery=Delivery.LOST))
    result = run_operation(USER, server, user="alice", email="x@y.example").result
    assert result.get("failed") is None and result["changed"] is True
    assert server.sent.count("edituser") == (1 if v2 else 2)


def test_unsent_request_unchanged(run_operation):
    result = run_operation(
        USER, Server([ALICE], v2=False, lose=TransportError("no connection", delivery=Delivery.UNREACHED)), user="alice"
    ).result
    assert result["failed"] is True and result["changed"] is False


def test_absent(run_operation):
    server = Server([ALICE])
    assert run_operation(USER, server, True, user="alice", state="absent").result["user"] is None
    assert run_operation(USER, server, user="alice", state="absent").result["changed"] is True
    assert run_operation(USER, server, user="alice", state="absent").result["changed"] is False
    assert server.sent.count("deleteuser") == 1 and server.sent.count("installs") == 2


def test_absent_reseller_with_accounts_refused(run_operation):
    result = run_operation(USER, Server([ALICE, BOSS]), user="boss", state="absent").result
    assert result["failed"] is True and "alice" in result["msg"] and result["failure"]["stage"] == "plan"


def test_absent_without_v2(run_operation):
    server = Server([ALICE], v2=False)
    assert run_operation(USER, server, user="alice", state="absent").result["changed"] is True
    again = run_operation(USER, server, user="alice", state="absent").result
    assert again["changed"] is False and again["steps"][0]["outcome"] == "unneeded"


def test_users_api_option(run_operation):
    server = Server([ALICE])
    assert run_operation(USER, server, user="alice", users_api="v1").result["changed"] is True
    assert server.sent == ["edituser"]
    assert run_operation(USER, Server(v2=False), user="alice", users_api="v2").result["failure"]["stage"] == "read"


def test_reseller_same_as_user_refused(run_operation):
    assert "reseller:" in run_operation(USER, Server(), user="alice", reseller="alice").result["msg"]


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, ["alice", "boss"]),
        ({"user": "alice"}, ["alice"]),
        ({"user": "bob"}, []),
        ({"user": "boss", "owned_accounts": True}, ["alice", "boss"]),
        ({"user": "alice", "owned_accounts": True}, ["alice"]),
    ],
)
def test_user_info(options, names, run_operation):
    result = run_operation(USER_INFO, Server([ALICE, BOSS]), **options).result
    assert [user["id"] for user in result["users"]] == names and result["changed"] is False


def test_session(run_operation):
    server = Server()
    check = run_operation(GUI_SESSION, server, True, user="alice").result
    assert server.sent == [] and check["session_id"] is None and check["changed"] is True
    result, _warnings, redactor = run_operation(GUI_SESSION, server, user="alice", language="nl")
    assert "key-of-the-server" in redactor.maskable and not [secret for secret in redactor.maskable if "a-session" in secret]
    assert (result["session_id"], result["url"]) == ("a-session", "http://127.0.0.1:9/index.php?s=a-session")


def test_session_lost_answer(run_operation):
    server = Server(lose=TransportError("lost", delivery=Delivery.LOST))
    result = run_operation(GUI_SESSION, server, type="administrator").result
    assert result["failed"] is True and result["changed"] is True and server.sent == ["guixfer"]


def test_session_language_of_reseller_refused(run_operation):
    assert "language:" in run_operation(GUI_SESSION, Server(), type="reseller", user="boss", language="nl").result["msg"]
