# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role backup_policy and playbook backup_audit: the tests check the backups and archives of the sandbox, not only the role's report."""

import json
from collections import Counter

import pytest
from harness import KEY, USER
from role_runs import call, described, install, installs_by_host, run_playbook, run_role, stable_state

FRESH, OLD, MANY, NONE = "fresh.example", "old.example", "many.example", "none.example"
HOSTS = (FRESH, OLD, MANY, NONE)
DAY = 86400
PASSWORD = "canary-backup-password"


@pytest.fixture
def filled(sandbox):
    """Four sites: one with a recent backup, one with an old one, one with three, and one without."""
    sandbox.reset()
    for host, ages in ((FRESH, [60]), (OLD, [3 * DAY]), (MANY, [3 * DAY, 2 * DAY, 60]), (NONE, [])):
        record = install(sandbox, host)
        for _age in ages:
            call(sandbox, "backup", [host], id=record["id"])
        if ages:
            sandbox.control("POST", "/backups", {"url": record["url"], "ages": ages})
    # The account has the websites of the last request that contained any.
    call(sandbox, "edituser", HOSTS)
    return sandbox


def kept(sandbox):
    """Return the number of backups with an archive on the disk, by host."""
    state = sandbox.control("GET", "/state")
    hosts = {row["id"]: row["url"].partition("://")[2] for row in state["installs"]}
    assert all(state["archives"][row["archive"]] > 0 for row in state["backups"])
    return Counter(hosts[row["install"]] for row in state["backups"])


def policy(**values):
    """Return the descriptions of all sites with one policy."""
    return [described(host, backup=values) for host in HOSTS]


def results(run):
    """Return the result of the module."""
    return next(record.result for record in run.records if "worst" in record.result)


def findings(run):
    """Return the findings in the order of the report."""
    return {row["url"].partition("://")[2]: row["findings"] for row in results(run)["sites"]}


def test_audit(filled, tmp_path):
    before = stable_state(filled)
    run = run_role(filled, tmp_path / "a", "backup_policy", {
        "backup_policy_audit": True, "backup_policy_defaults": {"max_age": "24h", "keep": 2},
        "backup_policy_json": "audit.json", "backup_policy_markdown": "audit.md"})
    assert run.status == 2 and run.writes == [] and stable_state(filled) == before
    assert list(findings(run).items()) == [(NONE, ["no_backup"]), (OLD, ["too_old"]), (MANY, ["too_many"]), (FRESH, [])]
    with open(tmp_path / "a" / "audit.json", encoding="utf-8") as file:
        rows = json.load(file)["sites"]
    assert [row["count"] for row in rows] == [0, 1, 3, 1]
    assert 3 * DAY <= rows[1]["age"] < 3 * DAY + 300 and rows[1]["location"] == "local" and rows[1]["size"] > 0
    text = (tmp_path / "a" / "audit.md").read_text(encoding="utf-8")
    assert text.index("//%s" % NONE) < text.index("//%s" % OLD) < text.index("//%s" % FRESH)
    assert "3 of 4 sites do not meet their backup policy" in " ".join(run.output.split())


def test_idempotency(filled, tmp_path):
    variables = {"backup_policy_sites": policy(max_age="24h", keep=2)}
    before = stable_state(filled)
    check = run_role(filled, tmp_path / "check", "backup_policy", variables, check=True)
    assert check.status == 0, check.output
    assert check.writes == [] and stable_state(filled) == before
    run = run_role(filled, tmp_path / "run", "backup_policy", variables)
    assert run.status == 0, run.output
    assert Counter(run.commands) == {"backup": 2, "delete": 1}
    assert kept(filled) == {FRESH: 1, OLD: 2, MANY: 2, NONE: 1}
    assert findings(run) == dict.fromkeys(findings(run), [])
    assert check.changed == run.changed == 1
    again = run_role(filled, tmp_path / "again", "backup_policy", variables)
    assert again.status == 0 and again.writes == [] and again.changed == 0
    for result in (check, run, again):
        assert result.warnings == []
        assert "pw-of" not in result.output and KEY not in result.output


def test_last_backup_kept(filled, tmp_path):
    run = run_role(filled, tmp_path / "run", "backup_policy", {"backup_policy_sites": policy(keep=1)})
    assert run.status == 0, run.output
    assert kept(filled) == dict.fromkeys(HOSTS, 1)


def test_location_needs_own_backup(filled, tmp_path):
    location = "ftp://store:%s@far.example/backups" % PASSWORD
    variables = {"backup_policy_sites": policy(location=location)}
    run = run_role(filled, tmp_path / "run", "backup_policy", variables, arguments=["-vvvv", "--diff"])
    assert run.status == 0, run.output
    assert Counter(run.commands) == {"edit": 4, "backup": 4}
    assert {record["bkloc"] for record in installs_by_host(filled).values()} == {location}
    again = run_role(filled, tmp_path / "again", "backup_policy", variables)
    assert again.status == 0 and again.writes == [], again.output
    for result in (run, again):
        # Ansible does not print the variables of this play, even at -vvvv.
        assert PASSWORD not in result.output and PASSWORD not in json.dumps(
            [record.result for record in result.records])


def test_one_site_fails(filled, tmp_path):
    filled.control("POST", "/faults", {"command": "backup", "fault": "refused", "message": "No.", "errcode": "failed"})
    variables = {"backup_policy_defaults": {"max_age": "24h"}}
    run = run_role(filled, tmp_path / "run", "backup_policy", variables)
    filled.control("DELETE", "/faults")
    assert run.status == 2
    assert [found for found in findings(run).values() if found] in ([["no_backup"]], [["too_old"]])
    assert run_role(filled, tmp_path / "again", "backup_policy", variables).status == 0
    assert kept(filled) == {FRESH: 1, OLD: 2, MANY: 3, NONE: 1}


def test_check_mode_empty_server(sandbox, tmp_path):
    sandbox.reset()
    run = run_role(sandbox, tmp_path / "a", "backup_policy", {"backup_policy_sites": policy(max_age="1d")}, check=True)
    assert run.status == 0, run.output
    assert set(sum(findings(run).values(), [])) == {"not_installed"}
    assert run_role(sandbox, tmp_path / "b", "backup_policy", {"backup_policy_sites": policy(max_age="1d")}).status == 2


def test_empty_list(filled, tmp_path):
    run = run_role(filled, tmp_path / "a", "backup_policy", {
        "backup_policy_sites": [], "backup_policy_defaults": {"max_age": "1m", "keep": 1}})
    assert run.status == 0 and run.writes == [] and findings(run) == {}, run.output


@pytest.mark.parametrize("data", [{}, {"itron_sites": policy(max_age="24h")}], ids=["all", "described"])
def test_playbook(data, filled, tmp_path):
    run = run_playbook(filled, tmp_path / "a", "backup_audit", dict(data, backup_policy_defaults={"max_age": "24h"}))
    assert run.status == 2 and run.writes == [], run.output
    assert [host for host, found in findings(run).items() if found] == [NONE, OLD]
    assert USER not in run.warnings
