# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans for users and resellers, and reading them through the API v2."""

import json

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import (
    InputError,
    ItronError,
    NoRestError,
    RefusedError,
    ReplyError,
)
from ansible_collections.hostops.installatron.plugins.module_utils._gui_session.work import gui_page, session_url
from ansible_collections.hostops.installatron.plugins.module_utils._redaction.redact import Redactor
from ansible_collections.hostops.installatron.plugins.module_utils._user.plan import (
    CurrentUser,
    DesiredUser,
    owned_accounts,
    plan_user,
)
from ansible_collections.hostops.installatron.plugins.module_utils._user.work import checked_name, read_user
from ansible_collections.hostops.installatron.plugins.module_utils._wire.client import Client
from ansible_collections.hostops.installatron.plugins.module_utils._wire.reply import Reply

ROW = {
    "id": "alice",
    "parent": "admin",
    "type": "user",
    "suspended": False,
    "locale": "en",
    "email": "a@b.example",
    "websites": [],
}


def plan(fields, row="listed", readable=True, **more):
    """Return the plan for an account with some desired fields. The current row is ROW by default."""
    row = ROW if row == "listed" else row
    options = dict({"state": "present", "websites": None, "force": False, "update_package": "with_changes"}, **more)
    return plan_user(DesiredUser(name="alice", fields=fields, **options), CurrentUser(row, readable))


def test_plan_no_differences():
    made = plan(
        {"type": "user", "language": "en", "email": "a@b.example", "reseller": "admin", "suspended": False}, websites=[]
    )
    assert made.steps == () and made.notes == ()


def test_plan_sends_only_differences():
    made = plan({"type": "user", "language": "nl", "suspended": True}, websites=[])
    assert made.steps[0].command == "edituser"
    assert made.steps[0].arguments == {"user": "alice", "language": "nl", "suspended": "yes"}
    assert made.before == {"id": "alice", "language": "en", "suspended": False}
    assert made.after == {"id": "alice", "language": "nl", "suspended": True}


@pytest.mark.parametrize(
    ("row", "more", "sent", "warned"),
    [
        (ROW, {}, None, True),
        (ROW, {"update_package": "always"}, {"user": "alice", "package": "gold"}, False),
        (dict(ROW, package="gold"), {}, None, False),
        (dict(ROW, package=""), {}, {"user": "alice", "package": "gold"}, False),
        (None, {}, {"user": "alice", "package": "gold"}, False),
    ],
)
def test_plan_package_hidden_by_server(row, more, sent, warned):
    made = plan({"package": "gold"}, row, **more)
    assert [step.arguments for step in made.steps] == ([sent] if sent else [])
    assert bool(made.notes) == warned


def test_plan_package_sent_with_changes():
    assert plan({"package": "gold", "email": "x@y.example"}).steps[0].arguments == {
        "user": "alice",
        "package": "gold",
        "email": "x@y.example",
    }


def test_plan_hidden_passwords_noted():
    made = plan(
        {},
        dict(ROW, websites=[{"id": "a", "path": "ftp://h.example"}]),
        websites=[{"id": "a", "path": "ftp://u:p@h.example"}],
    )
    assert made.steps == () and "not compared" in made.notes[0]


def test_plan_field_hidden_by_server():
    assert plan({"email": "x@y.example"}, {"id": "alice"}).before == {"id": "alice", "email": None}


def test_plan_unreadable_account():
    made = plan(
        {"language": "nl"}, None, readable=False, websites=[{"id": "a", "path": "ftp://u:secret-word@h.example"}]
    )
    assert made.steps[0].arguments["language"] == "nl" and made.steps[0].arguments["websites"][0]["id"] == "a"
    assert made.before == {} and "secret-word" not in json.dumps(made.after) and len(made.notes) == 1


def absent(row="listed", readable=True, installs=(), accounts=(), force=False):
    """Return the plan that removes an account. The current row is ROW by default."""
    row = ROW if row == "listed" else row
    return plan_user(
        DesiredUser("absent", "alice", {}, None, force, "with_changes"), CurrentUser(row, readable, installs, accounts)
    )


def test_plan_absent():
    assert absent(None).steps == ()
    assert absent().steps[0] == ("deleteuser", {"user": "alice"})
    assert absent(None, readable=False).notes and absent(None, readable=False).steps


@pytest.mark.parametrize(
    "current",
    [
        {"installs": [{"url": "http://%d.example" % number} for number in range(7)]},
        {"accounts": ["bob"]},
        {"row": None, "readable": False, "installs": [{"url": "http://0.example"}]},
    ],
)
def test_plan_absent_with_sites_or_accounts_refused(current):
    with pytest.raises(ItronError, match="user: alice still has") as caught:
        absent(**current)
    assert caught.value.text().count("example") <= 5
    made = absent(force=True, **current)
    assert made.steps and set(made.before) > {"id"}


def test_owned_accounts():
    rows = [
        {"id": name, "parent": parent}
        for name, parent in (
            ("admin", ""),
            ("boss", "admin"),
            ("sub", "boss"),
            ("alice", "sub"),
            ("bob", "admin"),
            ("x", "y"),
            ("y", "x"),
        )
    ]
    assert owned_accounts(rows, "boss") == ["sub", "alice"]
    assert owned_accounts(rows, "admin") == ["boss", "sub", "alice", "bob"]
    assert owned_accounts(rows, "alice") == []
    assert owned_accounts(rows, "x") == ["y"]


@pytest.mark.parametrize("name", ["", ".", "..", " alice"])
def test_checked_name_refused(name):
    with pytest.raises(InputError):
        checked_name(name)


class Transport:
    """Returns the given replies and records the requested resources."""

    def __init__(self, *replies):
        self.replies, self.asked = list(replies), []

    def get(self, resource):
        """Return the next reply."""
        self.asked.append(resource)
        return self.replies.pop(0)


def answer(data=None, status=200, text=None, **more):
    """Return a reply of v2."""
    body = dict({"result": status == 200, "status": status, "errcode": None, "message": "", "data": data}, **more)
    return Reply((json.dumps(body) if text is None else text).encode(), status)


def client(*replies):
    """Return a client and its transport."""
    transport = Transport(*replies)
    return Client(transport, "the-key-of-the-server", {}, Redactor()), transport


def test_client_user():
    made, transport = client(answer(ROW), answer(None, 404, errcode="user_not_found"))
    assert made.user("al/ice") == ROW and made.user("bob") is None
    assert transport.asked == ["/users/al%2Fice", "/users/bob"]


def test_client_user_refused_id():
    made, transport = client(answer(None, 403, errcode="invalid_argument_id"), answer([ROW]))
    assert made.user("bob") is None and len(transport.asked) == 2
    made, transport = client(answer(None, 403, errcode="invalid_argument_id"), answer([ROW]))
    with pytest.raises(RefusedError):
        made.user("alice")


@pytest.mark.parametrize(
    "reply",
    [
        answer(text="<html>login</html>"),
        answer(text="<html>no such page</html>", status=404),
        answer(text="", status=404),
        answer(text="Error: unknown"),
        answer(text='{"result": false, "message": "Error: Unknown command."}'),
        answer(text="[]"),
        answer(text='{"users": []}'),
        Reply(b"usage: installatron", exit_status=0),
    ],
)
def test_client_without_v2(reply):
    with pytest.raises(NoRestError, match=r"no REST interface \(v2\)"):
        client(reply)[0].user("alice")


@pytest.mark.parametrize(
    "reply",
    [
        answer(text="<html>forbidden</html>", status=403),
        answer(text="<html>unauthorized</html>", status=401),
        answer(text="<html></html>", status=500),
        answer(text="slow down", status=429),
        answer(text='{"result": true, "sta'),
        answer(text=""),
        Reply(b"", 302, "https://login.example"),
        Reply(b"permission denied", exit_status=1),
        answer("text"),
        answer([ROW]),
    ],
)
def test_client_v2_errors(reply):
    with pytest.raises(ReplyError) as caught:
        client(reply)[0].user("alice")
    assert not isinstance(caught.value, NoRestError)
    assert caught.value.stage == "read" and caught.value.message.startswith("GET /users/alice:")


def pages(*sizes, **more):
    """Yield replies with the given numbers of distinct users."""
    start = 0
    for size in sizes:
        yield answer([{"id": "u%d" % number} for number in range(start, start + size)], **more)
        start += size


@pytest.mark.parametrize(
    ("replies", "count", "requests"),
    [
        (list(pages(3)), 3, 1),
        (list(pages(0)), 0, 1),
        (list(pages(50, 50, 20)), 120, 3),
        (list(pages(500, 1, total_count=501)), 501, 2),
        # A server without paging returns all users for each page.
        (list(pages(60)) + list(pages(60)), 60, 2),
    ],
)
def test_client_users_paged(replies, count, requests):
    made, transport = client(*replies)
    assert len(made.users()) == count and len(transport.asked) == requests and transport.replies == []


def test_read_user_wrong_account():
    with pytest.raises(ReplyError, match="another account"):
        read_user(client(answer(dict(ROW, id="admin")))[0], "alice")


@pytest.mark.parametrize(
    ("options", "page"),
    [
        ({"api_url": "https://h.example:8443/server/v1"}, "https://h.example:8443/index.php"),
        ({"api_url": "https://h.example/x", "gui_url": "https://gui.example"}, "https://gui.example/index.php"),
        ({"gui_url": "https://gui.example/panel?lang=nl"}, "https://gui.example/panel?lang=nl"),
        ({"api_url": None}, None),
        ({"api_url": "https://h.example", "transport": "cli"}, None),
    ],
)
def test_gui_page(options, page):
    assert gui_page(dict({"transport": "http", "gui_url": None, "api_url": None}, **options)) == page


@pytest.mark.parametrize(
    "address", ["gui.example", "ftp://gui.example", "https://u:p@gui.example", "https://gui.example/#x", "https://", "http://[",
                "http://\u2100.example"]
)
def test_gui_page_refused(address):
    with pytest.raises(InputError, match="gui_url:"):
        gui_page({"gui_url": address, "transport": "http"})


def test_session_url():
    assert session_url("https://h.example/index.php", "a b") == "https://h.example/index.php?s=a%20b"
    assert session_url("https://h.example/x?l=nl", "ab") == "https://h.example/x?l=nl&s=ab"
    assert session_url(None, "ab") is None
