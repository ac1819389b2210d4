# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role rollout: a hundred sites in waves, a stop in the middle, and a resumed run, checked in the sandbox."""

import datetime

import pytest
from harness import USER
from role_story import journal, playbook, role

OLD, NEW = "6.4.3", "6.5.5"
HOSTS = ["site%05d.example" % number for number in range(1, 101)]
BROKEN = HOSTS[14:16]
# The canary is one site, the first wave has ten, and the second starts with fifteen in parallel. Two of them break.
PARALLEL = 15


def seed(sandbox, count, version=OLD):
    """Create sites with files on the disk."""
    sandbox.reset()
    sandbox.control("POST", "/seed", {"count": count, "user": USER, "files": True, "version": version})


def data(sandbox, folder, **more):
    """Return the file with all variables."""
    return dict({
        "rollout_waves": ["10%", "100%"], "rollout_soak": 0,
        "rollout_state_file": str(folder / "state" / "rollout.json"),
        "safe_update_rollback": True, "safe_update_max_parallel": PARALLEL, "safe_update_poll_interval": 0.05,
        "safe_update_server_revert": False, "safe_update_health_delay": 0.05, "safe_update_health_attempts": 2,
        "safe_update_health": {"url_ip": "127.0.0.1", "port": sandbox.ready["port"]}}, **more)


def versions(sandbox):
    """Return versions by host."""
    return {row["url"].partition("://")[2]: row["version"] for row in sandbox.control("GET", "/state")["installs"]}


def touched(sandbox):
    """Return the hosts of the sites that received a write command since the log was cleared, and clear the log."""
    names = {row["id"]: row["url"].partition("://")[2] for row in sandbox.control("GET", "/state")["installs"]}
    hosts = {names.get(request["arguments"].get("id")) for request in sandbox.control("GET", "/requests")
             if request["write"] and not request["dryrun"] and request["command"] in ("backup", "upgrade")}
    sandbox.control("DELETE", "/requests")
    return hosts


@pytest.fixture(scope="module")
def story(sandbox, tmp_path_factory):
    """A run that stops, and one that resumes after the cause is fixed."""
    folder = tmp_path_factory.mktemp("rollout")
    seed(sandbox, 100)
    for host in BROKEN:
        sandbox.control("POST", "/sites", {"url": "http://%s" % host, "upgrade": "page_500"})
    sandbox.control("DELETE", "/requests")
    state = folder / "state" / "rollout.json"
    outcome = {}
    for step, parallel in (("stopped", PARALLEL), ("resumed", 40)):
        variables = data(sandbox, folder, safe_update_max_parallel=parallel)
        run = role(sandbox, folder / step, "rollout", variables)
        assert state.exists(), run.output[-5000:]
        outcome[step] = {"run": run, "touched": touched(sandbox), "versions": versions(sandbox),
                         "state": journal(state),
                         "pages": {host: sandbox.page(host).status_code for host in BROKEN + HOSTS[-1:]}}
        for host in BROKEN:
            sandbox.control("POST", "/sites", {"url": "http://%s" % host, "upgrade": "ok"})
    return outcome


def test_stops_after_failures(story):
    outcome = story["stopped"]
    assert outcome["run"].status == 2
    assert "2 sites failed, but the limit is 0: http://%s, http://%s" % tuple(BROKEN) in outcome["run"].output
    updated = {host for host, version in outcome["versions"].items() if version == NEW}
    assert set(HOSTS[:14]) <= updated and not updated & set(BROKEN)
    # Sites do not wait for each other, so a few more start before the failures are known. Each has a verdict.
    assert set(outcome["state"]["verdicts"]) == updated | set(BROKEN)
    assert not updated & set(HOSTS[80:])
    # A restored site has a new id, so the log does not contain its name.
    assert outcome["touched"] - {None} <= updated | set(BROKEN)


def test_failed_sites_rolled_back(story):
    outcome = story["stopped"]
    for host in BROKEN:
        assert outcome["state"]["verdicts"][host]["verdict"] == "rolled_back"
        assert outcome["versions"][host] == OLD
        assert outcome["pages"][host] == 200


def test_resume(story):
    outcome = story["resumed"]
    assert outcome["run"].status == 0, outcome["run"].output[-5000:]
    before = story["stopped"]["versions"]
    assert outcome["touched"] == {host for host in HOSTS if before[host] == OLD}
    assert set(outcome["versions"].values()) == {NEW}
    assert set(outcome["pages"].values()) == {200}
    assert outcome["state"]["complete"] is True
    assert outcome["state"]["runs"] == 2
    assert {verdict["verdict"] for verdict in outcome["state"]["verdicts"].values()} == {"updated"}


def test_canary_failure_stops(sandbox, tmp_path):
    seed(sandbox, 4)
    sandbox.control("POST", "/sites", {"url": "http://%s" % HOSTS[2], "upgrade": "page_500"})
    sandbox.control("DELETE", "/requests")
    run = role(sandbox, tmp_path, "rollout", data(sandbox, tmp_path, rollout_canary=[HOSTS[2]], rollout_max_failures=5))
    assert run.status == 2, run.output[-4000:]
    assert set(versions(sandbox).values()) == {OLD}


def test_check_mode(sandbox, tmp_path):
    sandbox.reset()
    sites = [{"url": "http://%s" % host} for host in HOSTS[:3]]
    run = role(sandbox, tmp_path, "rollout", data(sandbox, tmp_path, rollout_sites=sites, rollout_release_age=5),
               "--check")
    assert run.status == 0, run.output[-4000:]
    assert not (tmp_path / "state").exists()
    assert [request for request in sandbox.control("GET", "/requests") if request["write"]] == []


def test_window_closed(sandbox, tmp_path):
    seed(sandbox, 2)
    sandbox.control("DELETE", "/requests")
    # It opens in twelve hours, for a minute.
    opens = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=12)).hour
    window = {"start": "%02d:00" % opens, "end": "%02d:01" % opens}
    run = role(sandbox, tmp_path, "rollout", data(sandbox, tmp_path, rollout_window=window))
    assert run.status == 2
    assert "the maintenance window is closed" in run.output
    assert touched(sandbox) == set()


def test_emergency_patch(sandbox, tmp_path):
    seed(sandbox, 3, version=["6.3.5", "6.5.4", NEW])
    sandbox.control("DELETE", "/requests")
    variables = {name: value for name, value in data(sandbox, tmp_path).items() if not name.startswith("rollout_")}
    variables.update(emergency_patch_below="6.5.4", emergency_patch_soak=1)
    run = playbook(sandbox, tmp_path, "emergency_patch", variables)
    assert run.status == 0, run.output[-4000:]
    assert versions(sandbox) == {HOSTS[0]: "6.5.4", HOSTS[1]: "6.5.4", HOSTS[2]: NEW}
    assert touched(sandbox) == {HOSTS[0]}


def test_emergency_patch_refuses_other_journal(sandbox, tmp_path):
    seed(sandbox, 2)
    sandbox.control("DELETE", "/requests")
    run = playbook(sandbox, tmp_path, "emergency_patch", {"emergency_patch_below": NEW, "rollout_below": "5"})
    assert run.status == 2 and "use emergency_patch_application" in run.output, run.output[-4000:]
    assert sandbox.control("GET", "/requests") == []


def test_variables_as_text(sandbox, tmp_path):
    """Variables from -e name=value and surveys are strings."""
    seed(sandbox, 4)
    sandbox.control("POST", "/sites", {"url": "http://%s" % HOSTS[2], "upgrade": "page_500"})
    texts = {"rollout_canary": "1", "rollout_waves": "50%,100%", "rollout_exclude": "%s, nobody" % HOSTS[1], "rollout_max_failures": "-1",
             "rollout_soak": "0", "rollout_release_age": "0", "rollout_owned_accounts": "true", "rollout_retry": "failed,skipped",
             "safe_update_rollback": "false", "safe_update_max_parallel": "2", "safe_update_poll_interval": "0.05",
             "safe_update_server_revert": "no", "safe_update_health_attempts": "2", "safe_update_health_delay": "0.05"}
    run = role(sandbox, tmp_path, "rollout", dict(data(sandbox, tmp_path), **texts))
    assert run.status == 2 and "need attention: " in run.output, run.output[-4000:]
    kept = journal(tmp_path / "state" / "rollout.json")["verdicts"]
    assert {host: (verdict["verdict"], verdict["reason"], verdict["wave"]) for host, verdict in kept.items()} == {
        HOSTS[0]: ("updated", "healthy", "canary"), HOSTS[2]: ("attention", "rollback_not_allowed", "wave 1"),
        HOSTS[3]: ("updated", "healthy", "wave 2")}
    assert versions(sandbox)[HOSTS[1]] == OLD
