# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the individual promises, in this process. Each test catches a defect of tests/defects."""

import time

import pytest
import requests
from harness import KEY
from model_judge import Judge
from model_options import SITES, database, website
from model_state import Allowance, identity

from ansible_collections.hostops.installatron.plugins.module_utils._backup import present as _present
from ansible_collections.hostops.installatron.plugins.module_utils._base import errors as _errors
from ansible_collections.hostops.installatron.plugins.module_utils._redaction import redact as _redact
from ansible_collections.hostops.installatron.plugins.module_utils._wire import client as _client
from ansible_collections.hostops.installatron.plugins.module_utils._wire import transport as _transport

A, BLOG, B, X = "http://a.example", "http://a.example/blog", "https://b.example", "http://x.example"


@pytest.fixture
def judge(sandbox):
    """A Judge of a server that has the users and their websites, but no sites."""
    sandbox.reset()
    for user in SITES:
        send(sandbox, "edituser", user, websites=[website(user)])
    sandbox.control("DELETE", "/requests")
    return Judge(sandbox)


def send(sandbox, command, user, **arguments):
    """Send one command to the API and wait until it is finished."""
    reply = requests.post(sandbox.url, json=dict(arguments, cmd=command, key=KEY, user=user), timeout=30).json()
    sandbox.control("POST", "/idle", {"seconds": 10})
    assert reply["result"] is True, reply
    return reply["data"]


def site(url, **more):
    """Return the options of a new site."""
    return dict({"url": url, "application": "wordpress", "version": "6.4.3"}, **database(url), **more)


def install_sites(judge, *urls, user="alice"):
    """Install sites without the collection; return their ids."""
    for url in urls:
        send(judge.sandbox, "install", user, **site(url))
    judge.sandbox.control("DELETE", "/requests")
    return [judge.look().at(url)[0]["id"] for url in urls]


def fault(judge, command, name, **more):
    """Add a fault for the next request of a command."""
    judge.sandbox.control("POST", "/faults", dict({"command": command, "fault": name}, **more))


def sent(judge, command):
    """Return how often a command was sent."""
    return [entry["command"] for entry in judge.sandbox.control("GET", "/requests")].count(command)


def allow_only(*urls):
    """Return an Allowance for these sites."""
    return lambda before, after: Allowance(
        {identity(url): None for url in urls},
        backups=[row["id"] for url in urls for state in (before, after) for row in state.at(url)])


def alice(**options):
    """Return options with the user alice."""
    return dict(options, user="alice")


def test_install_not_repeated_after_lost_reply(judge):
    fault(judge, "install", "reset_after")
    result = judge.run("install", alice(**site(A)))
    assert not result.get("failed") and result["changed"] is True, result
    assert sent(judge, "install") == 1


def test_backup_not_repeated_after_lost_connection(judge):
    install_sites(judge, A)
    fault(judge, "backup", "reset_before")
    result = judge.run("backup", alice(install=A))
    assert result["failed"] and result["changed"] is False
    assert sent(judge, "backup") == 1
    assert "itron_task_info" in result["msg"]


def test_write_not_repeated_after_503(judge):
    install_sites(judge, A)
    fault(judge, "edit", "503", after=True, retry_after=0)
    result = judge.run("install", alice(url=A, sitetitle="Busy"))
    assert not result.get("failed") and result["changed"] is True
    assert sent(judge, "edit") == 1


@pytest.mark.parametrize("options", [
    site(B), {"url": A, "sitetitle": "New"}, {"url": A, "version": "6.4.4"}, {"url": A, "state": "absent"}],
    ids=["install", "edit", "upgrade", "uninstall"])
def test_check_mode_and_idempotency(judge, options):
    install_sites(judge, A)
    result = judge.judge("install", alice(**options), allow_only(options["url"]))
    assert not result.get("failed") and result["changed"] is True


def test_check_mode_server_dryrun(judge):
    install_sites(judge, A)
    send(judge.sandbox, "edit", "alice", id=judge.look().at(A)[0]["id"], delete="true")
    result = judge.run("install", alice(**site(A)), check=True)
    assert result["failed"] and result["failure"]["errcode"] == "occupied_url", result
    assert sent(judge, "install") == 1


def test_result_refreshed(judge):
    install_sites(judge, A)
    result = judge.run("install", alice(url=A, sitetitle="Read again", version="6.4.4"))
    assert (result["install"]["title"], result["install"]["version"]) == ("Read again", "6.4.4")


def test_vanished_task_not_successful(judge):
    fault(judge, "install", "task_vanishes", done=False)
    result = judge.run("install", alice(**site(A)))
    assert result["failed"] and result["changed"] is False


def test_retention_waits_for_verified_backup(judge, monkeypatch):
    [id] = install_sites(judge, A)
    for _number in range(2):
        send(judge.sandbox, "backup", "alice", id=id)
    judge.sandbox.control("POST", "/backups", {"url": A, "ages": [200000, 100000]})
    before = set(judge.look().backups)
    monkeypatch.setattr(
        _present.PresentWork, "missing", lambda work, step, current, now: "it is broken" if step.command == "backup" else None)
    result = judge.run("backup", alice(install=A, max_age="1h", keep=1))
    assert result["failed"] and "it is broken" in result["msg"]
    assert before < set(judge.look().backups)
    assert sent(judge, "delete") == 0


def test_backup_before_retention(judge):
    [id] = install_sites(judge, A)
    send(judge.sandbox, "backup", "alice", id=id)
    judge.sandbox.control("POST", "/backups", {"url": A, "ages": [100000]})
    judge.sandbox.control("DELETE", "/requests")
    result = judge.run("backup", alice(install=A, max_age="1h", keep=1))
    assert [step["command"] for step in result["steps"]] == ["backup", "delete"]
    order = [entry["command"] for entry in judge.sandbox.control("GET", "/requests") if entry["write"]]
    assert order == ["backup", "delete"]


def test_prune_scope(judge):
    install_sites(judge, A, B)
    install_sites(judge, X, user="bob")
    result = judge.judge("installs", alice(installs=[{"url": B}], prune="absent"), allow_only(A))
    assert not result.get("failed") and result["changed"] is True
    assert [row["url"] for row in judge.look().installs.values()] == [B, X]


def test_prune_skipped_after_failed_item(judge):
    install_sites(judge, A, B)
    items = [{"url": B, "application": "joomla"}]
    result = judge.run("installs", alice(installs=items, prune="absent"))
    assert result["failed"] and len(judge.look().installs) == 2


def test_prune_limit(judge):
    install_sites(judge, A, B)
    result = judge.run("installs", alice(installs=[], prune="absent", prune_limit=1))
    assert result["failed"] and "prune_limit" in result["msg"]
    assert len(judge.look().installs) == 2


def test_duplicate_sites_refused(judge):
    items = [site("http://b.example", sitetitle="One"), site("https://B.example/", sitetitle="Two")]
    result = judge.run("installs", alice(installs=items))
    assert result["failed"] and "same site" in result["msg"]
    assert sent(judge, "install") == 0


def test_installs_changed_per_site(judge):
    install_sites(judge, A, B)
    items = [{"url": A, "sitetitle": "Other"}, {"url": B}]
    result = judge.judge("installs", alice(installs=items), allow_only(A))
    assert [entry["changed"] for entry in result["results"]] == [True, False]


def test_running_backup_not_repeated(judge):
    install_sites(judge, A)
    judge.sandbox.control("POST", "/settings", {"task_seconds": 1})
    started = judge.run("backup", alice(install=A, wait=False))
    assert started["task"]
    result = judge.run("backup", alice(install=A))
    assert not result.get("failed") and result["changed"] is False, result
    judge.sandbox.control("POST", "/idle", {"seconds": 10})
    assert len(judge.look().backups) == 1


def test_changed_after_failed_step(judge):
    shop = site(A)
    shop.update(application="magento", version="2.4.5")
    send(judge.sandbox, "install", "alice", **shop, cryptkey="0123456789abcdef0123456789abcdef")
    fault(judge, "upgrade", "task_fails")
    # The list does not show a changed key.
    shop.update(user="alice", version="2.4.6", settings={"cryptkey": "canary-password-23456789abcdef01"},
                update_password="always", revert=False)
    result = judge.run("install", shop)
    assert result["failed"] and result["changed"] is True
    assert [step["outcome"] for step in result["steps"]] == ["done", "failed"]


def test_changed_after_failed_restore(judge):
    [id] = install_sites(judge, A)
    send(judge.sandbox, "backup", "alice", id=id)
    fault(judge, "restore", "task_fails")
    result = judge.run("backup", alice(state="restored", install=A, id="latest"))
    assert result["failed"] and result["changed"] is True


def test_absent_only_by_complete_list(judge):
    install_sites(judge, A)
    fault(judge, "installs", "wrong_data_type", data=[])
    result = judge.run("install", alice(**site(A)))
    assert not result.get("failed") and result["changed"] is False, result
    assert sent(judge, "install") == 0


def test_unreadable_list_fails(judge):
    install_sites(judge, A)
    fault(judge, "installs", "refused", errcode="invalid_argument_user", times=0)
    result = judge.run("install", alice(url=A, state="absent"))
    assert result["failed"] and result["failure"]["errcode"] == "invalid_argument_user"


def test_wait_timeout(judge):
    fault(judge, "install", "task_never_ends")
    start = time.monotonic()
    result = judge.run("install", alice(**site(A), wait_timeout=0.5))
    assert result["failed"] and "itron_task_info" in result["msg"]
    assert time.monotonic() - start < 60


def test_notification_order_ignored(judge):
    install_sites(judge, A)
    options = alice(url=A, notification=["update", "backup_error"])
    assert judge.judge("install", options, allow_only(A))["changed"] is True
    assert judge.run("install", alice(url=A, notification=["backup_error", "update"]))["changed"] is False


def test_password_not_updated_by_default(judge):
    install_sites(judge, A)
    result = judge.run("install", alice(url=A, passwd="canary-password"))
    assert result["changed"] is False and sent(judge, "edit") == 0


def test_user_with_sites_not_deleted(judge):
    install_sites(judge, "http://c.example", user="carol")
    result = judge.run("user", {"user": "carol", "state": "absent"})
    assert result["failed"] and "c.example" in result["msg"]
    assert "carol" in judge.look().users


class Gate:
    """A transport that answers every request with HTTP 403."""

    def post(self, payload, repeatable):
        """Return the response."""
        return _transport.Reply(b"<html>Forbidden</html>", status=403)


def test_http_403_not_absent():
    client = _client.Client(Gate(), KEY, {}, _redact.Redactor())
    with pytest.raises(_errors.ReplyError, match="403"):
        client.installs()
