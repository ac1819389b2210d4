# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_user: servers without v2, refusals that protect sites, faults, and lost responses."""

import pytest
from reading import play_reading_tasks, reading_task
from test_user import HOME, READ, account, installed, preparation


def rest(mode):
    """Return the preparation that sets the response of the server to v2 requests."""
    return ["POST", "/settings", {"rest": mode}]


def fault(name, command, **more):
    """Return the preparations for one fault."""
    return [["DELETE", "/faults", None], ["POST", "/faults", dict({"command": command, "fault": name}, **more)]]


def user(name, options, before=(), check=False):
    """Return one task of itron_user."""
    return reading_task(name, "itron_user", options, check, before)


def without_v2(sandbox):
    """Return tasks against a server without v2, for both of its possible responses."""
    desired = {"user": "plain", "email": "a@b.example", "websites": [HOME]}
    return [
        user("html: check", desired, [rest("html")], check=True),
        user("html: run", desired),
        user("html: again", desired),
        user("v1: run", dict(desired, user="other"), [rest("v1")]),
        user("v1: again", dict(desired, user="other")),
        user("requested: run", dict(desired, user="third", users_api="v1"), [rest("served")]),
        user("html: absent", {"user": "plain", "state": "absent"}, [rest("html")]),
        user("html: absent again", {"user": "plain", "state": "absent"}),
        user("html: v2 required", dict(desired, users_api="v2")),
        user("html: with sites", {"user": "sited", "state": "absent"}, installed(sandbox, "sited")),
    ]


def protected(sandbox):
    """Return tasks that must not delete anything."""
    below = installed(sandbox, "below")
    below[0][2]["reseller"] = "above"
    return [
        user("sites", {"user": "owner", "state": "absent"}, [rest("served")] + installed(sandbox, "owner")),
        user("sites: check", {"user": "owner", "state": "absent"}, check=True),
        user(
            "sites below",
            {"user": "above", "state": "absent"},
            [preparation(sandbox, "above", type="reseller"), *below],
        ),
        user("accounts below", {"user": "upper", "state": "absent"}, [preparation(sandbox, "lower", reseller="upper")]),
        user("accounts below: forced", {"user": "upper", "state": "absent", "force": True}),
        user("itself", {"user": "own", "reseller": "own"}),
        user("twice", {"user": "own", "websites": [HOME, HOME]}),
        user("dots", {"user": ".."}),
    ]


def troubled(sandbox):
    """Return tasks that meet a fault."""
    desired = {"email": "new@example.com"}

    def one(name, *faults):
        return user(
            name, dict(desired, user=name), [rest("served"), preparation(sandbox, name, email="old@example.com"), *faults]
        )

    return [
        one("busy", *fault("503", READ)),
        one("down", *fault("500", READ, times=0)),
        one("cut", *fault("cut_json", READ, times=0)),
        one("redirected", *fault("redirect", READ, times=0)),
        one("refused", *fault("refused", "edituser", errcode="invalid_argument_email")),
        one("lost", *fault("reset_after", "edituser")),
        one("never", *fault("reset_before", "edituser")),
        one("garbled", *fault("html", "edituser", after=True)),
        user("v1lost", dict(desired, user="v1lost", users_api="v1"), fault("reset_after", "edituser")),
        user("v1garbled", dict(desired, user="v1garbled", users_api="v1"), fault("html", "edituser", after=True)),
        user("deletion lost", {"user": "busy", "state": "absent"}, fault("reset_after", "deleteuser")),
        user("key", {"user": "busy", "api_key": "0123456789"}, [["DELETE", "/faults", None]]),
    ]


@pytest.fixture(scope="module")
def run(sandbox, tmp_path_factory):
    """All tasks, by action only: a module runs the same operation."""
    sandbox.reset()
    tasks = without_v2(sandbox) + protected(sandbox) + troubled(sandbox)
    return play_reading_tasks(
        sandbox,
        tmp_path_factory.mktemp("trouble"),
        tasks,
        "controller",
        user=None,
        timeout=3,
        retries=1,
    )


@pytest.mark.parametrize("name", ["html: run", "html: again", "v1: run", "v1: again", "requested: run"])
def test_no_v2_always_sends(name, run):
    record = run[name]
    assert not record.failed and record.changed is True
    assert [request["command"] for request in record.writes] == ["edituser"]
    assert record.commands == (
        ["edituser"] if name == "requested: run" or name.startswith("html") else [READ, "edituser"]
    )
    assert any("no values can be compared" in warning for warning in record.result["warnings"])
    assert record.diff["before"] == {} and sorted(record.diff["after"]) == ["email", "id", "websites"]
    assert account(record, record.result["user"]["id"])["email"] == "a@b.example"
    assert record.result["user"]["websites"][0]["vhosts"] == HOME["vhosts"]


def test_no_v2_check_mode(run):
    check = run["html: check"]
    assert check.changed is True and check.writes == [] and check.diff == run["html: run"].diff


def test_no_v2_absent_idempotent(run):
    first, again = run["html: absent"], run["html: absent again"]
    assert first.changed is True and account(first, "plain") is None and first.commands == ["installs", "deleteuser"]
    assert not again.failed and again.changed is False and again.result["steps"][0]["outcome"] == "unneeded"
    assert again.diff == {"before": {}, "after": {}}


def test_v2_required(run):
    record = run["html: v2 required"]
    assert record.failed and record.changed is False and record.writes == []
    assert "no REST interface (v2)" in record.result["msg"] and "rest_url" in record.result["msg"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("html: with sites", ["1 installed applications (http://sited.example)", "force=true"]),
        ("sites", ["1 installed applications (http://owner.example)", "force=true"]),
        ("sites: check", ["1 installed applications (http://owner.example)"]),
        ("sites below", ["1 installed applications (http://below.example)"]),
        ("accounts below", ["1 owned accounts (lower)"]),
        ("itself", ["reseller:"]),
        ("twice", ["websites:", "one"]),
        ("dots", ["user:"]),
    ],
)
def test_delete_refused(name, words, run):
    record = run[name]
    assert record.failed and record.changed is False and record.writes == []
    for word in words:
        assert word in record.result["msg"]


def test_delete_forced(run):
    record = run["accounts below: forced"]
    assert record.changed is True and account(record, "lower") is None
    assert record.diff["before"] == {"id": "upper", "accounts": ["lower"]}


@pytest.mark.parametrize("name", ["busy", "lost", "never"])
def test_fault_retried(name, run):
    record = run[name]
    assert not record.failed and record.changed is True, record.result.get("msg")
    assert account(record, name)["email"] == "new@example.com"
    assert record.result["user"]["email"] == "new@example.com"


def test_garbled_answer_checked(run):
    record = run["garbled"]
    assert not record.failed and record.changed is True and record.commands.count("edituser") == 1


@pytest.mark.parametrize("name", ["down", "cut", "redirected", "refused", "key"])
def test_fault_is_not_missing_v2(name, run):
    record = run[name]
    assert record.failed and record.changed is False
    if name != "refused":
        assert record.writes == [] and record.result["failure"]["stage"] == "read"
        assert account(record, "down")["email"] == "old@example.com"


def test_no_v2_lost_answer_repeated(run):
    record = run["v1lost"]
    assert not record.failed and record.changed is True and record.commands == ["edituser", "edituser"]


def test_no_v2_garbled_answer(run):
    record = run["v1garbled"]
    assert record.failed and record.changed is True and record.commands == ["edituser"]
    assert "run the play again" in record.result["msg"]


def test_lost_answer_delete(run):
    record = run["deletion lost"]
    assert not record.failed and record.changed is True and record.commands.count("deleteuser") == 1
    assert account(record, "busy") is None
