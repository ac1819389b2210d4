# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Envelope, key, header, background and dryrun, with a transport that answers what the test says."""

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
    """Answers with the given replies and remembers what was sent."""

    def __init__(self, *replies):
        self.replies = list(replies)
        self.sent = []

    def post(self, payload, repeatable):
        """Remember the request, return or raise the next reply."""
        self.sent.append((payload, repeatable))
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply


def good(**body):
    """Return a reply of the API."""
    return Reply(json.dumps(dict({"result": True, "message": "", "data": []}, **body)).encode(), 200)


def client(*replies, read_only=False, **header):
    """Return a client and its transport."""
    transport = Transport(*replies)
    return Client(transport, KEY, header, Redactor([KEY]), read_only), transport


def test_the_key_goes_into_every_request_and_the_header_where_its_table_lists_it():
    made, transport = client(good(), good(data={}), user="alice", reseller=None, websites=[{"id": "w"}])
    made.installs(id="x")
    made.execute("edit", {"id": "x"})
    assert transport.sent == [
        ({"cmd": "installs", "key": KEY, "user": "alice", "id": "x"}, True),
        ({"cmd": "edit", "key": KEY, "user": "alice", "websites": [{"id": "w"}], "id": "x"}, False)]


def test_background_only_where_the_command_knows_it():
    made, transport = client(good(), good(), good())
    made.execute("install", {}, background=True)
    made.execute("edit", {}, background=True)
    made.execute("install", {})
    assert [payload.get("background") for payload, _repeatable in transport.sent] == ["yes", None, None]


@pytest.mark.parametrize(("level", "number"), [("full", "2"), ("input", "1")])
def test_a_dry_run_may_be_repeated_and_is_allowed_in_check_mode(level, number):
    made, transport = client(good(), read_only=True)
    made.dry_run("install", {"url": "http://a.example"}, level)
    assert transport.sent == [({"cmd": "install", "key": KEY, "url": "http://a.example", "dryrun": number}, True)]


def test_nothing_that_writes_leaves_in_check_mode():
    made, transport = client(good(), read_only=True)
    with pytest.raises(AssertionError):
        made.execute("edit", {"id": "x"})
    assert transport.sent == []


def test_a_dry_run_that_passed_may_carry_its_own_code():
    made, _transport = client(good(result=False, errcode="complete_dryrun", data=None))
    assert made.dry_run("install", {}, "full").task is None


@pytest.mark.parametrize(("task", "id"), [({"id": "7"}, "7"), ([{"id": "7"}, {"id": "8"}], "7"), ("7", "7"), (7, "7")])
def test_the_task_of_an_answer(task, id):
    made, _transport = client(good(task=task))
    assert made.execute("install", {}).task["id"] == id


@pytest.mark.parametrize("task", [None, [], {}, False, ""])
def test_no_task_in_an_answer(task):
    made, _transport = client(good(task=task))
    assert made.execute("install", {}).task is None


def test_a_refusal_carries_what_the_server_said():
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
        (Reply(b'{"result": true, "da', 200), "cut off"),
        (Reply(b"hello", 200), "no JSON"),
        (Reply(b"Error: too busy", 200), "too busy"),
        (Reply(b"[1, 2]", 200), "no reply of the API"),
        (Reply(b'{"result": "yes"}', 200), "no reply of the API"),
        (Reply(b'{"result": true, "data": {}}', 200), "data is a table"),
        (Reply(b'{"result": true, "data": "x"}', 200), "data is a text"),
        (Reply(b'{"result": true}', 200), "data is nothing"),
        (Reply(b'{"result": true, "data": [1]}', 200), "something else than tables"),
        (Reply(b'{"result": true, "data": []}', 500), "500"),
        (Reply(b"<html/>", 404), "404"),
        (Reply(b"", 302, location="https://login.example/"), "https://login.example/"),
        (Reply(b"", None, exit_status=2, stderr=b"no such file"), "exit status 2"),
        (Reply(b"<br>Warning", None, exit_status=2, stderr=b"no such\nfile"), "Warning; standard error: no such file"),
        (Reply(b"", None, exit_status=-9), "ended by signal 9"),
        (Reply(b'{"result": true, "data": []}', None, exit_status=1), "exit status 1, the answer inside says success"),
    ],
)
def test_what_is_no_reply_is_a_clear_error(reply, words):
    made, _transport = client(reply)
    with pytest.raises(ReplyError) as caught:
        made.installs()
    error = caught.value
    assert error.message.startswith("installs: ") and words in error.message
    assert (error.command, error.stage, error.delivery) == ("installs", "read", Delivery.NOT_DONE)
    assert error.hint and "\n" not in error.text()


@pytest.mark.parametrize(("status", "words"), [(401, "api_key"), (403, "api_key"), (429, "busy"), (503, "busy"), (500, "api_url")])
def test_the_status_of_what_is_no_reply_has_a_way_out(status, words):
    made, _transport = client(Reply(b"<html/>", status))
    with pytest.raises(ReplyError) as caught:
        made.installs()
    assert words in caught.value.hint


def test_a_body_is_shown_in_part_and_without_secrets():
    # The secret lies across the place where the excerpt ends.
    body = "x" * (EXCERPT - 8) + KEY + "y" * 500
    made, _transport = client(Reply(body.encode(), 200))
    with pytest.raises(ReplyError) as caught:
        made.installs()
    assert KEY[:8] not in caught.value.message
    assert "y" * 20 not in caught.value.message


@pytest.mark.parametrize(("status", "unknown"), [(200, True), (302, True), (404, False), (429, False), (500, True), (504, True)])
def test_a_spoilt_answer_of_a_write_may_have_worked(status, unknown):
    made, _transport = client(Reply(b"<html/>", status))
    with pytest.raises(ReplyError) as caught:
        made.execute("install", {})
    assert caught.value.delivery.is_unknown is unknown


def test_an_error_of_the_transport_names_the_command_and_keeps_no_secret():
    made, _transport = client(TransportError("no way to http://x/?key=" + KEY, delivery=Delivery.LOST))
    with pytest.raises(TransportError) as caught:
        made.installs()
    assert caught.value.command == "installs" and KEY not in caught.value.message
    assert caught.value.delivery is Delivery.NOT_DONE


@pytest.mark.parametrize("command", ["installs", "backups", "tasks"])
def test_secrets_of_the_server_are_learnt(command):
    made, _transport = client(good(data=[{"id": "1", "db-pass": "of-the-server"}]))
    getattr(made, command)()
    assert "of-the-server" not in made.redactor.text("it is of-the-server")


@pytest.mark.parametrize(("reply", "lost"), [
    (Reply(b"", None, exit_status=127, stderr=b"not found"), True),
    (Reply(b"half an ans", None, exit_status=1), False),
    (Reply(b"", None, exit_status=0), False),
    (Reply(b"", 200), False),
])
def test_a_program_that_died_without_a_word_is_a_lost_request(reply, lost):
    made, _transport = client(reply)
    with pytest.raises(ReplyError) as caught:
        made.execute("install", {})
    assert caught.value.delivery is (Delivery.LOST if lost else Delivery.GARBLED)
    assert ("cli_path" in caught.value.hint) == (reply.exit_status is not None)


def test_a_broken_answer_is_described_and_not_quoted():
    made, _transport = client(Reply(b'{"result": true, "data": [{"db-pass": "never-seen-before", "db-na', 200, content_type="text/json; charset=x"))
    with pytest.raises(ReplyError) as caught:
        made.installs()
    assert caught.value.message == (
        "installs: the JSON of the answer is cut off or broken at character 60 (65 bytes, text/json)")


def test_a_message_without_end_is_cut():
    assert shortened("short") == "short"
    text = shortened("edit: " + "x" * 100000 + " the way out.")
    assert text.startswith("edit: x") and text.endswith("x the way out.") and len(text) < 4000
