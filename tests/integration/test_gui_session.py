# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_gui_session: sessions that the graphical interface accepts, and their secrets."""

import json

import pytest
from harness import KEY, PLACES
from reading import play_reading_tasks, reading_task
from test_user import HOME, account, preparation

PASSWORD = "canary-database-password"
WEBSITES = [dict(HOME, db_mode="manual", databases=[{"host": "localhost", "name": "d", "user": "d", "pass": PASSWORD}])]
OWNER = {"user": "owner", "language": "nl", "email": "o@b.example", "package": "gold", "websites": WEBSITES}


def session(name, options, check=False, before=()):
    """Return one task of itron_gui_session."""
    return reading_task(name, "itron_gui_session", options, check, before)


@pytest.fixture(scope="module", params=PLACES)
def run(request, sandbox, tmp_path_factory):
    """All tasks, by action or by module."""
    sandbox.reset()
    base = sandbox.url[: -len("/server/v1")]
    tasks = [
        session("owner: check", OWNER, check=True),
        session("owner", OWNER),
        session("owner: again", OWNER),
        session("reseller", {"type": "reseller", "user": "boss", "websites": WEBSITES}),
        session("administrator", {"type": "administrator", "user": "owner", "reseller": "boss", "websites": WEBSITES}),
        session("gui_url with query", dict(OWNER, gui_url=base + "/installatron/?lang=nl")),
        session("gui_url without path", dict(OWNER, gui_url=base)),
        session("plain cli", dict(OWNER, transport="cli", cli_path=sandbox.ready["cli"])),
        session(
            "cli with gui_url",
            dict(OWNER, transport="cli", cli_path=sandbox.ready["cli"], gui_url=base + "/index.php"),
        ),
        session("no user", {"type": "owner"}),
        session("mixed", {"type": "reseller", "user": "boss", "language": "nl"}),
        session("invalid gui_url", dict(OWNER, gui_url="gui.example.com")),
        session(
            "no session for the account", {"type": "reseller", "user": "plain"}, before=[preparation(sandbox, "plain", websites=[HOME])]
        ),
        session(
            "refused",
            OWNER,
            before=[["POST", "/faults", {"command": "guixfer", "fault": "refused", "message": "Error: no"}]],
        ),
        session("lost", OWNER, before=[["POST", "/faults", {"command": "guixfer", "fault": "reset_after"}]]),
    ]
    return play_reading_tasks(
        sandbox,
        tmp_path_factory.mktemp("gui") / request.param,
        tasks,
        request.param,
        arguments=["-vvvv"],
        user=None,
        timeout=5,
    )


@pytest.mark.parametrize(
    ("name", "user"),
    [
        ("owner", "owner"),
        ("owner: again", "owner"),
        ("reseller", "boss"),
        ("administrator", "admin"),
        ("gui_url with query", "owner"),
        ("gui_url without path", "owner"),
        ("cli with gui_url", "owner"),
    ],
)
def test_url_accepted(name, user, run, sandbox):
    record = run[name]
    assert not record.failed and record.changed is True and record.commands == ["guixfer"]
    assert record.requests[0]["undocumented"] == [] and record.requests[0]["schema_errors"] == []
    assert record.result["url"].endswith("s=" + record.result["session_id"])
    page = sandbox._http.get(record.result["url"], timeout=30)
    assert page.status_code == 200 and "<h1>%s</h1>" % user in page.text
    assert "task" not in record.result and record.result["steps"][0]["outcome"] == "done"


def test_url_default(run, sandbox):
    assert run["owner"].result["url"] == "%s/index.php?s=%s" % (
        sandbox.url[: -len("/server/v1")],
        run["owner"].result["session_id"],
    )
    assert run["gui_url without path"].result["url"].startswith(sandbox.url[: -len("/server/v1")] + "/index.php?s=")


def test_session_always_new(run):
    assert run["owner"].result["session_id"] != run["owner: again"].result["session_id"]


def test_check_mode_no_session(run):
    check = run["owner: check"]
    assert (
        check.changed is True
        and check.requests == []
        and check.diff == run["owner"].diff == {"before": {}, "after": {"user": "owner", "type": "owner"}}
    )
    assert check.result["session_id"] is None and check.result["url"] is None


def test_request_content(run):
    user = account(run["owner"], "owner")
    assert (user["language"], user["email"], user["package"]) == ("nl", "o@b.example", "gold")
    assert user["websites"][0]["databases"][0]["pass"] == PASSWORD and user["websites"][0]["db_mode"] == "manual"


def test_websites_only_of_owners(run):
    for name, expected in (
        ("reseller", {"user": "boss", "type": "reseller"}),
        ("administrator", {"user": "admin", "type": "reseller"}),
    ):
        arguments = run[name].requests[0]["arguments"]
        assert {key: value for key, value in arguments.items() if key not in ("cmd", "key")} == expected
    assert account(run["administrator"], "owner")["type"] == "user"


def test_transport_cli_requires_url(run):
    record = run["plain cli"]
    assert not record.failed and record.result["session_id"] and record.result["url"] is None


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("no user", "user"),
        ("mixed", "language: only valid with type=owner"),
        ("invalid gui_url", "gui_url:"),
        ("no session for the account", "guixfer: the server refused"),
        ("refused", "guixfer: the server refused"),
    ],
)
def test_failures(name, word, run):
    record = run[name]
    assert record.failed and record.changed is False and word in record.result["msg"]


def test_lost_answer_not_repeated(run):
    record = run["lost"]
    assert record.failed and record.changed is True and record.commands == ["guixfer"]
    assert record.result["session_id"] is None and "run the play again" in record.result["msg"]


def test_secrets_masked(run):
    results = json.dumps([record.result for record in run.records.values()])
    for secret in (PASSWORD, KEY):
        assert secret not in results and secret not in run.output
    assert run.warnings == []
