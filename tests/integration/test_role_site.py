# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role site, playbooks onboard and offboard: from an empty server to accounts, pages and backups, and the reverse."""

from collections import Counter

from harness import KEY, USER
from role_runs import call, described, install, installs_by_host, run_playbook, run_role, stable_state

HOSTS = ("one.example", "two.example")
SECRETS = ("pw-of-", "canary-admin-password", KEY)


def estate():
    """Return the descriptions of two sites of one account."""
    sites = [described(host, sitetitle="Title of %s" % host, passwd="canary-admin-password") for host in HOSTS]
    sites[0]["account"] = {"email": "alice@one.example", "language": "nl"}
    sites[1]["settings"] = {"limitloginattempts": "no"}
    return sites


VARIABLES = {
    "site_sites": estate(),
    "site_defaults": {"autoup": "minor", "backup": {"max_age": "24h", "keep": 2, "daily": 3}},
}


def test_empty_server(sandbox, tmp_path):
    sandbox.reset()
    empty = stable_state(sandbox)
    check = run_role(sandbox, tmp_path / "check", "site", VARIABLES, check=True)
    assert check.status == 0, check.output
    assert check.writes == [] and stable_state(sandbox) == empty
    run = run_role(sandbox, tmp_path / "run", "site", VARIABLES, arguments=["-vvv", "--diff"])
    assert run.status == 0, run.output
    assert Counter(run.commands) == {"edituser": 1, "install": 2, "backup": 2}
    state = sandbox.control("GET", "/state")
    (account,) = [user for user in state["users"] if user["id"] == USER]
    assert (account["email"], account["language"]) == ("alice@one.example", "nl")
    assert [website["id"] for website in account["websites"]] == ["ws-one.example", "ws-two.example"]
    assert sorted(installs_by_host(sandbox)) == sorted(HOSTS) and len(state["backups"]) == 2
    assert {record["autobk-daily"] for record in installs_by_host(sandbox).values()} == {"3"}
    assert installs_by_host(sandbox)["two.example"]["cf-limitloginattempts"] == "no"
    for host in HOSTS:
        assert "Title of %s" % host in sandbox.page(host).text
    again = run_role(sandbox, tmp_path / "again", "site", VARIABLES)
    assert again.status == 0 and again.writes == [] and again.changed == 0, again.output
    assert run.fact("site_result")["summary"]["changed"] == 2
    for result in (check, run, again):
        assert result.warnings == []
        assert [secret for secret in SECRETS if secret in result.output] == []


def test_check_mode_new_account(sandbox, tmp_path):
    sandbox.reset()
    sites = estate()
    for site in sites:
        # The websites of the account are described once, with its first site.
        every = site.pop("websites")
        sites[0].setdefault("websites", []).extend(every)
    check = run_role(sandbox, tmp_path / "check", "site", {"site_sites": sites}, check=True)
    assert check.status == 0 and check.writes == [], check.output
    assert [result["outcome"] for result in check.fact("site_result")["results"]] == ["planned", "planned"]
    run = run_role(sandbox, tmp_path / "run", "site", {"site_sites": sites})
    assert run.status == 0 and sorted(installs_by_host(sandbox)) == sorted(HOSTS), run.output


def test_differences_changed(sandbox, tmp_path):
    sandbox.reset()
    for host in HOSTS:
        install(sandbox, host, sitetitle="Old title")
    sites = [dict(site, account=None) for site in estate()]
    run = run_role(sandbox, tmp_path / "run", "site", {"site_sites": sites, "site_backups": False})
    assert run.status == 0, run.output
    assert Counter(run.commands) == {"edit": 2}
    assert "Title of one.example" in sandbox.page("one.example").text


def test_contradiction_refused(sandbox, tmp_path):
    sandbox.reset()
    sites = estate()
    sites[1]["account"] = {"email": "bob@one.example"}
    run = run_role(sandbox, tmp_path / "run", "site", {"site_sites": sites})
    assert run.status == 2 and run.requests == []
    assert "account.email of alice differs" in run.output


def test_onboard_and_offboard(sandbox, tmp_path):
    sandbox.reset()
    run = run_playbook(sandbox, tmp_path / "on", "onboard", {"itron_sites": estate()})
    assert run.status == 0, run.output
    assert all(sandbox.page(host).status_code == 200 for host in HOSTS)
    leaving = {"offboard_urls": ["http://%s" % HOSTS[0], "http://never.example"], "offboard_user": USER}
    before = stable_state(sandbox)
    refused = run_playbook(sandbox, tmp_path / "refused", "offboard", leaving)
    assert refused.status == 2 and refused.requests == [] and "offboard_confirmed=true" in refused.output
    check = run_playbook(sandbox, tmp_path / "check", "offboard", leaving, check=True)
    assert check.status == 0 and check.writes == [] and stable_state(sandbox) == before, check.output
    run = run_playbook(sandbox, tmp_path / "off", "offboard", dict(leaving, offboard_confirmed=True))
    assert run.status == 0, run.output
    assert run.commands == ["backup", "uninstall"]
    assert sandbox.page(HOSTS[0]).status_code == 404 and sandbox.page(HOSTS[1]).status_code == 200
    again = run_playbook(sandbox, tmp_path / "again", "offboard", dict(leaving, offboard_confirmed=True))
    assert again.status == 0 and again.writes == [], again.output
    # The playbook prints how to undo it.
    (backup,) = sandbox.control("GET", "/state")["backups"]
    call(sandbox, "restore", HOSTS, id=backup["id"])
    assert "Title of one.example" in sandbox.page(HOSTS[0]).text


def test_offboard_needs_backup(sandbox, tmp_path):
    sandbox.reset()
    call(sandbox, "edituser", HOSTS)
    install(sandbox, HOSTS[0])
    sandbox.control("POST", "/faults", {"command": "backup", "fault": "task_fails", "times": 0})
    run = run_playbook(sandbox, tmp_path / "off", "offboard", {
        "offboard_urls": ["http://%s" % HOSTS[0]], "offboard_confirmed": True, "offboard_user": USER})
    sandbox.control("DELETE", "/faults")
    assert run.status == 2 and "uninstall" not in run.commands
    assert sandbox.page(HOSTS[0]).status_code == 200
