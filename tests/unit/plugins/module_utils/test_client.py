# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Envelope, key, header, background and dryrun, with a transport that returns given replies."""

import json

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import (
    Delivery,
    RefusedError,
    ReplyError,
    TransportError,
    shortened,
)
from ansible_collections.hostops.installatron.plugins.module_utils._redaction.redact import Redactor
from ansible_collections.hostops.installatron.plugins.module_utils._wire.client import EXCERPT, Client
from ansible_collections.hostops.installatron.plugins.module_utils._wire.reply import Reply

KEY = "the-key-of-the-server"


class Transport:
    """Returns the given replies and records the requests."""

    def __init__(self, *replies):
        self.replies = list(replies)
        self.sent = []

    def post(self, payload, repeatable):
        """Record the request and return or raise the next reply."""
        self.sent.append((payload, repeatable))
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply


def good(**body):
    """Return a successful reply of the API."""
    return Reply(json.dumps(dict({"result": True, "message": "", "data": []}, **body)).encode(), 200)


def client(*replies, read_only=False, **header):
    """Return a client and its transport."""
    transport = Transport(*replies)
    return Client(transport, KEY, header, Redactor([KEY]), read_only), transport


def test_request_key_and_header():
    made, transport = client(good(), good(data={}), user="alice", reseller=None, websites=[{"id": "w"}])
    made.installs(id="x")
    made.execute("edit", {"id": "x"})
    assert transport.sent == [
        ({"cmd": "installs", "key": KEY, "user": "alice", "id": "x"}, True),
        ({"cmd": "edit", "key": KEY, "user": "alice", "websites": [{"id": "w"}], "id": "x"}, False)]


def test_request_background():
    made, transport = client(good(), good(), good())
    made.execute("install", {}, background=True)
    made.execute("edit", {}, background=True)
    made.execute("install", {})
    assert [payload.get("background") for payload, _repeatable in transport.sent] == ["yes", None, None]


@pytest.mark.parametrize(("level", "number"), [("full", "2"), ("input", "1")])
def test_dry_run_repeatable_and_read_only(level, number):
    made, transport = client(good(), read_only=True)
    made.dry_run("install", {"url": "http://a.example"}, level)
    assert transport.sent == [({"cmd": "install", "key": KEY, "url": "http://a.example", "dryrun": number}, True)]


def test_check_mode_no_writes():
    made, transport = client(good(), read_only=True)
    with pytest.raises(AssertionError):
        made.execute("edit", {"id": "x"})
    assert transport.sent == []


def test_dry_run_complete_errcode():
    made, _transport = client(good(result=False, errcode="complete_dryrun", data=None))
    assert made.dry_run("install", {}, "full").task is None


@pytest.mark.parametrize(("task", "id"), [({"id": "7"}, "7"), ([{"id": "7"}, {"id": "8"}], "7"), ("7", "7"), (7, "7")])
def test_reply_task(task, id):
    made, _transport = client(good(task=task))
    assert made.execute("install", {}).task["id"] == id


@pytest.mark.parametrize("task", [None, [], {}, False, ""])
def test_reply_without_task(task):
    made, _transport = client(good(task=task))
    assert made.execute("install", {}).task is None


def test_refusal_members():
    made, _transport = client(good(result=False, message="Error: no %s" % KEY, errcode="e1", errfield="url", data=None))
    with pytest.raises(RefusedError) as caught:
        made.execute("install", {})
    error = caught.value
    assert (error.command, error.stage, error.errcode, error.errfield) == ("install", "write", "e1", "url")
    assert error.message.startswith("install: the server refused: Error: no ") and KEY not in error.message
    assert error.hint and error.delivery is Delivery.NOT_DONE


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(b"", 200), "empty"),
        (Reply(b"<html>login</html>", 200), "HTML"),
        (Reply(b'{"result": true, "da', 200), "truncated"),
        (Reply(b"hello", 200), "not JSON"),
        (Reply(b"Error: too busy", 200), "too busy"),
        (Reply(b"[1, 2]", 200), "not a reply of the API"),
        (Reply(b'{"result": "yes"}', 200), "not a reply of the API"),
        (Reply(b'{"result": true, "data": {}}', 200), "data is a dictionary"),
        (Reply(b'{"result": true, "data": "x"}', 200), "data is a string"),
        (Reply(b'{"result": true}', 200), "data is null"),
        (Reply(b'{"result": true, "data": [1]}', 200), "items that are not dictionaries"),
        (Reply(b'{"result": true, "data": []}', 500), "500"),
        (Reply(b"<html/>", 404), "404"),
        (Reply(b"", 302, location="https://login.example/"), "https://login.example/"),
        (Reply(b"", None, exit_status=2, stderr=b"no such file"), "exit status 2"),
        (Reply(b"<br>Warning", None, exit_status=2, stderr=b"no such\nfile"), "Warning; standard error: no such file"),
        (Reply(b"", None, exit_status=-9), "terminated by signal 9"),
        (Reply(b'{"result": true, "data": []}', None, exit_status=1), "exit status 1, but the body of the response reports success"),
    ],
)
def test_reply_invalid_message(reply, words):
    made, _transport = client(reply)
    with pytest.raises(ReplyError) as caught:
        made.installs()
    error = caught.value
    assert error.message.startswith("installs: ") and words in error.message
    assert (error.command, error.stage, error.delivery) == ("installs", "read", Delivery.NOT_DONE)
    assert error.hint and "\n" not in error.text()


@pytest.mark.parametrize(("status", "words"), [(401, "api_key"), (403, "api_key"), (429, "busy"), (503, "busy"), (500, "api_url")])
def test_reply_invalid_status_hint(status, words):
    made, _transport = client(Reply(b"<html/>", status))
    with pytest.raises(ReplyError) as caught:
        made.installs()
    assert words in caught.value.hint


def test_reply_invalid_excerpt_without_secrets():
    # The excerpt ends inside the secret.
    body = "x" * (EXCERPT - 8) + KEY + "y" * 500
    made, _transport = client(Reply(body.encode(), 200))
    with pytest.raises(ReplyError) as caught:
        made.installs()
    assert KEY[:8] not in caught.value.message
    assert "y" * 20 not in caught.value.message


@pytest.mark.parametrize(("status", "unknown"), [(200, True), (302, True), (404, False), (429, False), (500, True), (504, True)])
def test_reply_invalid_write_outcome(status, unknown):
    made, _transport = client(Reply(b"<html/>", status))
    with pytest.raises(ReplyError) as caught:
        made.execute("install", {})
    assert caught.value.delivery.is_unknown is unknown


def test_transport_error_command_and_secrets():
    made, _transport = client(TransportError("no way to http://x/?key=" + KEY, delivery=Delivery.LOST))
    with pytest.raises(TransportError) as caught:
        made.installs()
    assert caught.value.command == "installs" and KEY not in caught.value.message
    assert caught.value.delivery is Delivery.NOT_DONE


@pytest.mark.parametrize("command", ["installs", "backups", "tasks"])
def test_secrets_of_reply_masked(command):
    made, _transport = client(good(data=[{"id": "1", "db-pass": "of-the-server"}]))
    getattr(made, command)()
    assert "of-the-server" not in made.redactor.text("it is of-the-server")


@pytest.mark.parametrize(("reply", "lost"), [
    (Reply(b"", None, exit_status=127, stderr=b"not found"), True),
    (Reply(b"half an ans", None, exit_status=1), False),
    (Reply(b"", None, exit_status=0), False),
    (Reply(b"", 200), False),
])
def test_reply_of_killed_program_lost(reply, lost):
    made, _transport = client(reply)
    with pytest.raises(ReplyError) as caught:
        made.execute("install", {})
    assert caught.value.delivery is (Delivery.LOST if lost else Delivery.GARBLED)
    assert ("cli_path" in caught.value.hint) == (reply.exit_status is not None)


def test_reply_truncated_json_not_quoted():
    made, _transport = client(Reply(b'{"result": true, "data": [{"db-pass": "never-seen-before", "db-na', 200, content_type="text/json; charset=x"))
    with pytest.raises(ReplyError) as caught:
        made.installs()
    assert caught.value.message == (
        "installs: the JSON in the response is truncated or malformed at character 60 (65 bytes, text/json)")


def test_shortened_message():
    assert shortened("short") == "short"
    text = shortened("edit: " + "x" * 100000 + " the way out.")
    assert text.startswith("edit: x") and text.endswith("x the way out.") and len(text) < 4000
