# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The roles safe_update and rollout, killed during a run: the server continues its tasks, and the next run starts immediately."""

import json
import signal
from collections import Counter

import pytest
from harness import USER, wait_for
from role_runs import call
from role_story import begin, journal, role

OLD, NEW = "6.4.3", "6.5.5"
HOSTS = ["site%05d.example" % number for number in range(1, 6)]
BROKEN = HOSTS[2]


@pytest.fixture
def data(sandbox, tmp_path):
    """Create sites on a slow server. Returns the variables of both roles."""
    sandbox.reset()
    sandbox.control("POST", "/seed", {"count": len(HOSTS), "user": USER, "files": True, "version": OLD})
    sandbox.control("POST", "/settings", {"task_seconds": 2})
    return {"rollout_waves": ["100%"], "rollout_soak": 0, "rollout_below": NEW,
            "rollout_state_file": str(tmp_path / "reports" / "rollout.json"),
            "safe_update_rollback": True, "safe_update_max_parallel": len(HOSTS), "safe_update_poll_interval": 0.2,
            "safe_update_server_revert": False, "safe_update_health_delay": 0.05, "safe_update_health_attempts": 2,
            "safe_update_health": {"url_ip": "127.0.0.1", "port": sandbox.ready["port"]}}


def kill(sandbox, folder, name, data, moment, number):
    """Start a playbook, and kill it while the server works on all sites except the first, which is the canary of a rollout.

    Arguments:
        name: of the playbook. moment: the command that the server is running. number: of the signal.
    """
    def at_work():
        return [row for row in sandbox.control("GET", "/state")["tasks"]
                if row["cmd"] == moment and row["status"] == "processing" and HOSTS[0] not in row["url"]]

    process = begin(sandbox, folder, name, data)
    try:
        wait_for(lambda: len(at_work()) == len(HOSTS) - 1 or process.poll() is not None, 60, "nothing was started")
        process.send_signal(number)
        # Ansible sometimes fails when a worker is killed, and exits with another status.
        assert process.wait(60) != 0, (folder / "output").read_text()
    finally:
        process.kill()
        process.wait()


def state(sandbox):
    """Return the versions by host, the number of upgrades of each, and the ids of the backups."""
    held = sandbox.control("GET", "/state")
    versions = {row["url"].partition("://")[2]: row["version"] for row in held["installs"]}
    upgraded = Counter(row["url"].partition("://")[2] for row in held["tasks"]
                       if row["cmd"] == "upgrade" and row["status"] == "complete")
    return versions, upgraded, {row["id"] for row in held["backups"]}


def rollout_state(data):
    """Return the state of a rollout after a run."""
    return journal(data["rollout_state_file"])


def test_rollout_ignores_safe_update_variables(sandbox, tmp_path, data):
    """The test passes them as extra variables, which take precedence over all others."""
    sites = [{"url": "http://%s" % HOSTS[3]}]
    run = role(sandbox, tmp_path / "run", "rollout", dict(data, safe_update_sites=sites, safe_update_version="", safe_update_user="nobody"))
    assert run.status == 0, run.output[-5000:]
    assert state(sandbox)[0] == dict.fromkeys(HOSTS, NEW)


@pytest.mark.parametrize("moment, number", [("backup", signal.SIGTERM), ("upgrade", signal.SIGKILL)],
                         ids=lambda value: getattr(value, "name", value))
def test_rollout_resumed(sandbox, tmp_path, data, moment, number):
    kill(sandbox, tmp_path / "killed", "rollout", data, moment, number)
    assert set(rollout_state(data)["verdicts"]) == {HOSTS[0]}

    run = role(sandbox, tmp_path / "resumed", "rollout", data)
    assert run.status == 0, run.output[-5000:]
    versions, upgraded, backups = state(sandbox)
    assert versions == dict.fromkeys(HOSTS, NEW)
    assert upgraded == dict.fromkeys(HOSTS, 1)
    assert {sandbox.page(host).status_code for host in HOSTS} == {200}
    after = rollout_state(data)
    assert (after["complete"], after["runs"], set(after["verdicts"])) == (True, 2, set(HOSTS))
    for verdict in after["verdicts"].values():
        assert (verdict["verdict"], verdict["version_before"], verdict["version_after"]) == ("updated", OLD, NEW)
        assert verdict["backup"]["version"] == OLD and verdict["backup"]["id"] in backups


def test_rollout_reports_unverified_update(sandbox, tmp_path, data):
    """The updated site is no longer below the version of the rollout but still belongs to it."""
    sandbox.control("POST", "/sites", {"url": "http://%s" % BROKEN, "upgrade": "page_500"})
    kill(sandbox, tmp_path / "killed", "rollout", data, "upgrade", signal.SIGTERM)
    for time in ("first", "second"):
        run = role(sandbox, tmp_path / time, "rollout", data)
        assert run.status == 2 and "need attention: " in run.output, run.output[-5000:]
        after = rollout_state(data)
        assert {host: verdict["verdict"] for host, verdict in after["verdicts"].items()} == dict(
            dict.fromkeys(HOSTS, "updated"), **{BROKEN: "attention"})
        broken = after["verdicts"][BROKEN]
        assert broken["reason"] == "interrupted" and "HTTP status 500" in broken["message"]
        assert broken["backup"]["version"] == OLD and "id: %s" % broken["backup"]["id"] in broken["message"]
        assert after["complete"] is False
    assert state(sandbox)[1] == dict.fromkeys(HOSTS, 1)


def test_safe_update_reports_unverified_update(sandbox, tmp_path, data):
    """Both of the next runs report it, although the second is for other sites. After the fix, it is handled like any other site."""
    report = tmp_path / "reports" / "safe_update.json"

    def variables(hosts):
        return dict(data, safe_update_sites=[{"url": "http://%s" % host} for host in hosts], safe_update_report=str(report))

    sandbox.control("POST", "/sites", {"url": "http://%s" % BROKEN, "upgrade": "page_500"})
    kill(sandbox, tmp_path / "killed", "safe_update", variables(HOSTS), "upgrade", signal.SIGKILL)

    def again(folder, *hosts):
        run = role(sandbox, tmp_path / folder, "safe_update", variables(hosts))
        with report.open(encoding="utf-8") as file:
            verdicts = {verdict["url"].partition("://")[2]: verdict for verdict in json.load(file)["verdicts"]}
        return run, verdicts, {host: (verdict["verdict"], verdict["reason"]) for host, verdict in verdicts.items()}

    run, verdicts, short = again("first", *HOSTS)
    assert run.status == 2, run.output[-5000:]
    assert short == dict(dict.fromkeys(HOSTS, ("updated", "resumed")), **{BROKEN: ("attention", "interrupted")})
    assert {verdict["backup"]["version"] for verdict in verdicts.values()} == {OLD}
    assert {verdict["backup"]["id"] for verdict in verdicts.values()} <= state(sandbox)[2]
    message = verdicts[BROKEN]["message"]
    assert "HTTP status 500" in message and "id: %s" % verdicts[BROKEN]["backup"]["id"] in message

    run, verdicts, short = again("others", HOSTS[0])
    assert run.status == 2 and short == {HOSTS[0]: ("unchanged", "current"), BROKEN: ("attention", "interrupted")}
    assert verdicts[BROKEN]["message"] == message

    sandbox.control("POST", "/settings", {"task_seconds": 0})
    call(sandbox, "restore", id=verdicts[BROKEN]["backup"]["id"])
    wait_for(lambda: sandbox.page(BROKEN).status_code == 200, 30, "the site was not restored")
    sandbox.control("POST", "/sites", {"url": "http://%s" % BROKEN, "upgrade": "ok"})
    run, verdicts, short = again("mended", HOSTS[0], BROKEN)
    assert run.status == 0, run.output[-5000:]
    assert short == {HOSTS[0]: ("unchanged", "current"), BROKEN: ("updated", "healthy")}
    assert state(sandbox)[0] == dict.fromkeys(HOSTS, NEW) and sandbox.page(BROKEN).status_code == 200
