# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role safe_update when it must not roll back or update: rollback disabled, time box exceeded, backup failed."""

import json

import pytest
from harness import USER
from role_story import playbook, role

OLD, NEW = "6.4.3", "6.5.5"
HOSTS = ["site%05d.example" % number for number in (1, 2)]


@pytest.fixture
def estate(sandbox, tmp_path):
    """Two sites that break on upgrade. Returns a callable(variables, *arguments) -> (Run, verdicts by host)."""
    sandbox.reset()
    sandbox.control("POST", "/seed", {"count": 2, "user": USER, "files": True, "version": OLD})
    for host in HOSTS:
        sandbox.control("POST", "/sites", {"url": "http://%s" % host, "upgrade": "page_500"})

    def run(variables, *arguments):
        report = tmp_path / "report.json"
        data = {"safe_update_sites": [{"url": "http://%s" % host} for host in HOSTS], "safe_update_poll_interval": 0.05,
                "safe_update_health_attempts": 1, "safe_update_report": str(report), "safe_update_max_parallel": 1,
                "safe_update_health": {"url_ip": "127.0.0.1", "port": sandbox.ready["port"]}}
        done = role(sandbox, tmp_path, "safe_update", dict(data, **variables), *arguments)
        assert report.exists(), done.output[-5000:]
        entries = json.loads(report.read_text())["verdicts"]
        return done, {entry["url"].partition("://")[2]: (entry["verdict"], entry["reason"]) for entry in entries}

    return run


def commands(sandbox):
    """Return the names of the write commands, without dry runs."""
    requests = sandbox.control("GET", "/requests")
    return [request["command"] for request in requests if request["write"] and not request["dryrun"]]


def test_rollback_disabled(sandbox, estate):
    run, verdicts = estate({"safe_update_max_failures": 0, "safe_update_server_revert": False})
    assert verdicts == {HOSTS[0]: ("attention", "rollback_not_allowed"), HOSTS[1]: ("skipped", "stopped")}
    assert commands(sandbox) == ["backup", "upgrade"]
    assert "To roll back: itron_backup with state: restored, id: " in run.output
    assert run.status == 2


def test_time_box_exceeded(sandbox, estate):
    run, verdicts = estate({"safe_update_rollback": True, "safe_update_time_box": 0})
    assert set(verdicts.values()) == {("attention", "time_box_over")}
    assert commands(sandbox) == ["backup", "upgrade"] * 2
    assert run.status == 2


def test_backup_failure_skips_site(sandbox, estate):
    sandbox.control("POST", "/faults", {"command": "backup", "fault": "task_fails", "message": "disk full", "times": 0})
    run, verdicts = estate({})
    assert set(verdicts.values()) == {("skipped", "no_backup")}
    assert "upgrade" not in commands(sandbox)
    assert "disk full" in run.output


def test_rollback_failure_reported(sandbox, estate):
    sandbox.control("POST", "/faults", {"command": "restore", "fault": "refused", "message": "the restore was refused", "times": 0})
    run, verdicts = estate({"safe_update_rollback": True, "safe_update_max_failures": 0})
    assert verdicts == {HOSTS[0]: ("attention", "rollback_failed"), HOSTS[1]: ("skipped", "stopped")}
    assert "the restore was refused" in run.output


def test_upgrade_not_delivered(sandbox, estate):
    # The first two requests are the dry runs of the preview.
    sandbox.control("POST", "/faults", {"command": "upgrade", "fault": "html", "after": False, "nth": 3, "times": 0})
    run, verdicts = estate({"safe_update_rollback": True})
    assert set(verdicts.values()) == {("failed", "update_failed")}
    assert run.status == 2
    assert "restore" not in commands(sandbox)
    assert {row["version"] for row in sandbox.control("GET", "/state")["installs"]} == {OLD}


def test_playbook_check_mode(sandbox, tmp_path):
    sandbox.reset()
    variables = {"safe_update_sites": [{"url": "http://%s" % host} for host in HOSTS]}
    run = playbook(sandbox, tmp_path, "safe_update", variables, "--check")
    assert run.status == 0, run.output[-3000:]
    assert "skipped 2, total 2" in run.output
