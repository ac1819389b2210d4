# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of itron_user, itron_user_info and itron_gui_session against a server made of a dictionary of accounts."""

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
    """A transport with accounts behind it.

    Arguments:
        rows: accounts by name. v2: whether it can be read. ignore: arguments of edituser that have no effect; with
        C(user) the command has none at all. lose: raised once instead of the answer to a write.
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
def carry_out(monkeypatch):
    """Return a function that carries out an operation against a Server and returns the Outcome."""

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


def test_check_run_and_again(carry_out):
    server, desired = (
        Server(),
        {"user": "alice", "language": "nl", "suspended": True, "websites": [{"id": "a", "path": "/a"}]},
    )
    check = carry_out(USER, server, True, **desired).result
    assert server.sent == ["/users/alice"] and check["changed"] is True and check["user"]["language"] == "nl"
    first = carry_out(USER, server, **desired).result
    assert first["diff"] == check["diff"] and first["user"]["websites"][0]["path"] == "/a"
    again = carry_out(USER, server, **desired)
    assert again.result["changed"] is False and again.result["steps"] == [] and again.warnings == []
    assert "task" not in again.result


@pytest.mark.parametrize(("state", "rows", "words"), [("present", [], "not there"), ("absent", [ALICE], "still there")])
def test_a_success_that_is_none_is_an_error(state, rows, words, carry_out):
    result = carry_out(USER, Server(rows, ignore=["user"]), user="alice", state=state).result
    assert result["failed"] is True and words in result["msg"] and result["failure"]["stage"] == "verify"
    assert result["changed"] is False


def test_what_the_server_does_not_take_is_spoken_of(carry_out):
    outcome = carry_out(
        USER, Server([ALICE], ignore=["email", "websites"]), user="alice", email="x@y.example", websites=[{"id": "a"}]
    )
    assert outcome.result["changed"] is True
    assert [warning.partition(":")[0] for warning in outcome.warnings] == ["email", "websites"]


@pytest.mark.parametrize("v2", [True, False])
def test_a_lost_answer(v2, carry_out):
    server = Server([ALICE], v2=v2, lose=TransportError("lost", delivery=Delivery.LOST))
    result = carry_out(USER, server, user="alice", email="x@y.example").result
    assert result.get("failed") is None and result["changed"] is True
    assert server.sent.count("edituser") == (1 if v2 else 2)


def test_a_request_that_never_left_changed_nothing(carry_out):
    result = carry_out(
        USER, Server([ALICE], v2=False, lose=TransportError("no connection", delivery=Delivery.UNREACHED)), user="alice"
    ).result
    assert result["failed"] is True and result["changed"] is False


def test_absent(carry_out):
    server = Server([ALICE])
    assert carry_out(USER, server, True, user="alice", state="absent").result["user"] is None
    assert carry_out(USER, server, user="alice", state="absent").result["changed"] is True
    assert carry_out(USER, server, user="alice", state="absent").result["changed"] is False
    assert server.sent.count("deleteuser") == 1 and server.sent.count("installs") == 2


def test_absent_of_a_reseller_with_accounts(carry_out):
    result = carry_out(USER, Server([ALICE, BOSS]), user="boss", state="absent").result
    assert result["failed"] is True and "alice" in result["msg"] and result["failure"]["stage"] == "plan"


def test_absent_without_v2(carry_out):
    server = Server([ALICE], v2=False)
    assert carry_out(USER, server, user="alice", state="absent").result["changed"] is True
    again = carry_out(USER, server, user="alice", state="absent").result
    assert again["changed"] is False and again["steps"][0]["outcome"] == "unneeded"


def test_v1_and_v2_on_demand(carry_out):
    server = Server([ALICE])
    assert carry_out(USER, server, user="alice", users_api="v1").result["changed"] is True
    assert server.sent == ["edituser"]
    assert carry_out(USER, Server(v2=False), user="alice", users_api="v2").result["failure"]["stage"] == "read"


def test_an_account_cannot_own_itself(carry_out):
    assert "reseller:" in carry_out(USER, Server(), user="alice", reseller="alice").result["msg"]


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
def test_user_info(options, names, carry_out):
    result = carry_out(USER_INFO, Server([ALICE, BOSS]), **options).result
    assert [user["id"] for user in result["users"]] == names and result["changed"] is False


def test_a_session(carry_out):
    server = Server()
    check = carry_out(GUI_SESSION, server, True, user="alice").result
    assert server.sent == [] and check["session_id"] is None and check["changed"] is True
    result, _warnings, redactor = carry_out(GUI_SESSION, server, user="alice", language="nl")
    assert "key-of-the-server" in redactor.maskable and not [secret for secret in redactor.maskable if "a-session" in secret]
    assert (result["session_id"], result["url"]) == ("a-session", "http://127.0.0.1:9/index.php?s=a-session")


def test_a_session_whose_answer_is_lost(carry_out):
    server = Server(lose=TransportError("lost", delivery=Delivery.LOST))
    result = carry_out(GUI_SESSION, server, type="administrator").result
    assert result["failed"] is True and result["changed"] is True and server.sent == ["guixfer"]


def test_a_session_of_a_reseller_has_no_language(carry_out):
    assert "language:" in carry_out(GUI_SESSION, Server(), type="reseller", user="boss", language="nl").result["msg"]
