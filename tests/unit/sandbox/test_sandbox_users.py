# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""edituser, deleteuser, and reading users through the newer interface."""

import pytest
from sandbox_program import KEY, WEBSITES


def get(sandbox, path, key=KEY, method="GET", **headers):
    """Send a request to the newer interface; return the response."""
    return sandbox.http.request(method, "http://127.0.0.1:%d%s" % (sandbox.ready["port"], path), timeout=30,
                                headers=dict({"X-API-KEY": key, "Accept": "application/json"}, **headers))


def test_edit_and_read(sandbox):
    website = dict(WEBSITES[0], path="ssh://u:p%40ss@host/x", _some_prefix="abc", reseller="root")
    sandbox.ok("edituser", user="alice", email="a@b.example", language="nl", suspended="yes", package="gold",
               websites=[website])
    user = get(sandbox, "/users/alice").json()
    assert list(user) == ["result", "status", "errcode", "errfield", "message", "data"]
    assert user["result"] is True and user["status"] == 200 and user["errcode"] is None
    data = user["data"]
    assert (data["id"], data["parent"], data["type"], data["suspended"], data["locale"], data["email"]) == (
        "alice", "admin", "user", True, "nl", "a@b.example")
    assert data["websites"][0]["parent"] == "root" and "reseller" not in data["websites"][0]
    assert data["websites"][0]["path"] == "ssh://u:p%40ss@host/x" and data["websites"][0]["_some_prefix"] == "abc"
    sandbox.ok("edituser", user="alice", suspended="no")
    again = get(sandbox, "/users/alice").json()["data"]
    assert again == dict(data, suspended=False)
    sandbox.ok("edituser", user="alice", websites=[])
    assert get(sandbox, "/users/alice").json()["data"]["websites"] == []


def test_lists(sandbox):
    for number in range(3):
        sandbox.ok("edituser", user="user%d" % number)
    sandbox.ok("edituser", user="below", reseller="user1")
    users = get(sandbox, "/users").json()
    assert [user["id"] for user in users["data"]] == ["admin", "user0", "user1", "user2", "below"]
    assert users["total_count"] == 5 and users["data"][2]["type"] == "reseller"
    page = get(sandbox, "/users?offset=1&limit=2").json()
    assert [user["id"] for user in page["data"]] == ["user0", "user1"]
    assert [user["id"] for user in get(sandbox, "/users?user=user1").json()["data"]] == ["user1", "below"]
    assert get(sandbox, "/users?limit=x").status_code == 400


def test_errors(sandbox):
    wrong = get(sandbox, "/users", key="wrong-key-000")
    assert wrong.status_code == 403 and wrong.json()["errcode"] == "invalid_api_key" and wrong.json()["status"] == 403
    unknown = get(sandbox, "/users/nobody")
    assert unknown.status_code == 404 and unknown.json()["errcode"] == "user_not_found"
    assert get(sandbox, "/users/alice", method="DELETE").json()["errcode"] == "sandbox_not_implemented"
    assert get(sandbox, "/users/admin", method="POST", **{"X-HTTP-Method-Override": "GET"}).json()["result"] is True


def test_server_without_rest(sandbox):
    sandbox.control("POST", "/settings", {"rest": "html"})
    assert "<form>" in get(sandbox, "/users").text
    sandbox.control("POST", "/settings", {"rest": "v1"})
    assert "status" not in get(sandbox, "/users").json()


def test_log_and_faults(sandbox):
    sandbox.control("POST", "/faults", {"command": "GET /users/{id}", "fault": "503"})
    assert get(sandbox, "/users/admin").status_code == 503
    assert get(sandbox, "/users/admin").status_code == 200
    entries = sandbox.control("GET", "/requests")
    assert [(entry["command"], entry["interface"], entry["outcome"], entry["write"]) for entry in entries] == [
        ("GET /users/{id}", "v2", "fault:503", False), ("GET /users/{id}", "v2", "ok", False)]


def test_websites_of_requests_stored(sandbox):
    record = sandbox.install(reseller="bob")
    user = get(sandbox, "/users/alice").json()["data"]
    assert user["parent"] == "bob" and [site["id"] for site in user["websites"]] == ["ws124"]
    sandbox.ok("edit", user="alice", id=record["id"], sitetitle="Without websites")
    assert "Without websites" in sandbox.page().text
    assert sandbox.control("GET", "/requests")[-1]["schema_errors"] == ["$: 'websites' is a required property"]
    sandbox.ok("backup", user="alice", id=record["id"],
               websites=[{"id": "more", "path": "/srv/more", "vhosts": {"http://more.example": "www"}}])
    assert len(get(sandbox, "/users/alice").json()["data"]["websites"]) == 2


def test_delete(sandbox):
    record = sandbox.install()
    backup = sandbox.ok("backup", user="alice", id=record["id"], websites=WEBSITES)
    sandbox.ok("edituser", user="below", reseller="alice")
    assert sandbox.ok("deleteuser", user="alice") == ["alice", "below"]
    assert sandbox.ok("installs", filter__ownedaccounts="") == []
    assert sandbox.root("httpdocs", "index.php").exists()
    assert sandbox.root("application_backups", backup["backup-filename"]).exists()
    assert sandbox.refused("deleteuser", user="alice") == ("user_not_found", "user")
    assert sandbox.refused("deleteuser", user="admin") == ("invalid_argument_user", "user")
    assert sandbox.refused("deleteuser") == ("empty_argument_user", "user")


@pytest.mark.parametrize("change, errfield", [({"type": "king"}, "type"), ({"suspended": "true"}, "suspended"),
                                              ({"reseller": "alice"}, "reseller"), ({"user": ""}, "user"),
                                              ({"websites": [1]}, "websites")])
def test_refusals(sandbox, change, errfield):
    assert sandbox.refused("edituser", **dict({"user": "alice"}, **change))[1] == errfield
