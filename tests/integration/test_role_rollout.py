# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role rollout: a hundred sites in waves, a stop in the middle, and the way on; seen in the sandbox."""

import datetime

import pytest
from harness import USER
from role_story import journal, playbook, role

OLD, NEW = "6.4.3", "6.5.5"
HOSTS = ["site%05d.example" % number for number in range(1, 101)]
BROKEN = HOSTS[14:16]
# The canary is one site, the first wave takes ten, and the second begins with fifteen at the same time; two of them break.
PARALLEL = 15


def seed(sandbox, count, version=OLD):
    """Make sites with their files on the disk."""
    sandbox.reset()
    sandbox.control("POST", "/seed", {"count": count, "user": USER, "files": True, "version": version})


def data(sandbox, folder, **more):
    """Return the one file with all variables."""
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
    """Return the hosts of the sites that got a command that writes since the log was emptied, and empty the log."""
    names = {row["id"]: row["url"].partition("://")[2] for row in sandbox.control("GET", "/state")["installs"]}
    hosts = {names.get(request["arguments"].get("id")) for request in sandbox.control("GET", "/requests")
             if request["write"] and not request["dryrun"] and request["command"] in ("backup", "upgrade")}
    sandbox.control("DELETE", "/requests")
    return hosts


@pytest.fixture(scope="module")
def story(sandbox, tmp_path_factory):
    """A run that stops, and one that goes on after the cause is gone."""
    folder = tmp_path_factory.mktemp("rollout")
    seed(sandbox, 100)
    for host in BROKEN:
        sandbox.control("POST", "/sites", {"url": "http://%s" % host, "upgrade": "page_500"})
    sandbox.control("DELETE", "/requests")
    state = folder / "state" / "rollout.json"
    told = {}
    for step, parallel in (("stopped", PARALLEL), ("resumed", 40)):
        variables = data(sandbox, folder, safe_update_max_parallel=parallel)
        run = role(sandbox, folder / step, "rollout", variables)
        assert state.exists(), run.output[-5000:]
        told[step] = {"run": run, "touched": touched(sandbox), "versions": versions(sandbox),
                      "state": journal(state),
                      "pages": {host: sandbox.page(host).status_code for host in BROKEN + HOSTS[-1:]}}
        for host in BROKEN:
            sandbox.control("POST", "/sites", {"url": "http://%s" % host, "upgrade": "ok"})
    return told


def test_it_stops_and_leaves_the_rest_alone(story):
    told = story["stopped"]
    assert told["run"].status == 2
    assert "2 sites failed, and at most 0 may: http://%s, http://%s" % tuple(BROKEN) in told["run"].output
    updated = {host for host, version in told["versions"].items() if version == NEW}
    assert set(HOSTS[:14]) <= updated and not updated & set(BROKEN)
    # No site waits for another one, so some more are begun before the broken ones are known; each has its verdict.
    assert set(told["state"]["verdicts"]) == updated | set(BROKEN)
    assert not updated & set(HOSTS[80:])
    # A restored site has a new id, and with it no name in the log any more.
    assert told["touched"] - {None} <= updated | set(BROKEN)


def test_the_broken_sites_are_back(story):
    told = story["stopped"]
    for host in BROKEN:
        assert told["state"]["verdicts"][host]["verdict"] == "rolled_back"
        assert told["versions"][host] == OLD
        assert told["pages"][host] == 200


def test_it_resumes_without_repeating(story):
    told = story["resumed"]
    assert told["run"].status == 0, told["run"].output[-5000:]
    before = story["stopped"]["versions"]
    assert told["touched"] == {host for host in HOSTS if before[host] == OLD}
    assert set(told["versions"].values()) == {NEW}
    assert set(told["pages"].values()) == {200}
    assert told["state"]["complete"] is True
    assert told["state"]["runs"] == 2
    assert {verdict["verdict"] for verdict in told["state"]["verdicts"].values()} == {"updated"}


def test_a_failing_canary_stops_at_once(sandbox, tmp_path):
    seed(sandbox, 4)
    sandbox.control("POST", "/sites", {"url": "http://%s" % HOSTS[2], "upgrade": "page_500"})
    sandbox.control("DELETE", "/requests")
    run = role(sandbox, tmp_path, "rollout", data(sandbox, tmp_path, rollout_canary=[HOSTS[2]], rollout_max_failures=5))
    assert run.status == 2, run.output[-4000:]
    assert set(versions(sandbox).values()) == {OLD}


def test_check_mode_from_an_empty_server(sandbox, tmp_path):
    sandbox.reset()
    sites = [{"url": "http://%s" % host} for host in HOSTS[:3]]
    run = role(sandbox, tmp_path, "rollout", data(sandbox, tmp_path, rollout_sites=sites, rollout_release_age=5),
               "--check")
    assert run.status == 0, run.output[-4000:]
    assert not (tmp_path / "state").exists()
    assert [request for request in sandbox.control("GET", "/requests") if request["write"]] == []


def test_a_closed_window_begins_nothing(sandbox, tmp_path):
    seed(sandbox, 2)
    sandbox.control("DELETE", "/requests")
    # It opens in twelve hours, for a minute.
    opens = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=12)).hour
    window = {"start": "%02d:00" % opens, "end": "%02d:01" % opens}
    run = role(sandbox, tmp_path, "rollout", data(sandbox, tmp_path, rollout_window=window))
    assert run.status == 2
    assert "the maintenance window is closed" in run.output
    assert touched(sandbox) == set()


def test_emergency_patch_takes_what_is_below(sandbox, tmp_path):
    seed(sandbox, 3, version=["6.3.5", "6.5.4", NEW])
    sandbox.control("DELETE", "/requests")
    variables = {name: value for name, value in data(sandbox, tmp_path).items() if not name.startswith("rollout_")}
    variables.update(emergency_patch_below="6.5.4", emergency_patch_soak=1)
    run = playbook(sandbox, tmp_path, "emergency_patch", variables)
    assert run.status == 0, run.output[-4000:]
    assert versions(sandbox) == {HOSTS[0]: "6.5.4", HOSTS[1]: "6.5.4", HOSTS[2]: NEW}
    assert touched(sandbox) == {HOSTS[0]}


def test_emergency_patch_refuses_what_another_rollout_is_about(sandbox, tmp_path):
    seed(sandbox, 2)
    sandbox.control("DELETE", "/requests")
    run = playbook(sandbox, tmp_path, "emergency_patch", {"emergency_patch_below": NEW, "rollout_below": "5"})
    assert run.status == 2 and "emergency_patch_application and the like say it" in run.output, run.output[-4000:]
    assert sandbox.control("GET", "/requests") == []


def test_variables_may_be_texts(sandbox, tmp_path):
    """As those of -e name=value are, and those of a survey."""
    seed(sandbox, 4)
    sandbox.control("POST", "/sites", {"url": "http://%s" % HOSTS[2], "upgrade": "page_500"})
    texts = {"rollout_canary": "1", "rollout_waves": "50%,100%", "rollout_exclude": "%s, nobody" % HOSTS[1], "rollout_max_failures": "-1",
             "rollout_soak": "0", "rollout_release_age": "0", "rollout_owned_accounts": "true", "rollout_retry": "failed,skipped",
             "safe_update_rollback": "false", "safe_update_max_parallel": "2", "safe_update_poll_interval": "0.05",
             "safe_update_server_revert": "no", "safe_update_health_attempts": "2", "safe_update_health_delay": "0.05"}
    run = role(sandbox, tmp_path, "rollout", dict(data(sandbox, tmp_path), **texts))
    assert run.status == 2 and "need somebody: " in run.output, run.output[-4000:]
    kept = journal(tmp_path / "state" / "rollout.json")["verdicts"]
    assert {host: (verdict["verdict"], verdict["reason"], verdict["wave"]) for host, verdict in kept.items()} == {
        HOSTS[0]: ("updated", "healthy", "canary"), HOSTS[2]: ("attention", "rollback_not_allowed", "wave 1"),
        HOSTS[3]: ("updated", "healthy", "wave 2")}
    assert versions(sandbox)[HOSTS[1]] == OLD
