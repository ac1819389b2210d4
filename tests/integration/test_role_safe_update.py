# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role safe_update: twelve sites, some with faults, checked over HTTP and in the sandbox's state."""

import json

import pytest
from harness import KEY, USER
from role_story import role, slow_relay

OLD, NEW = "6.4.3", "6.5.5"
NAMES = ["good1", "good2", "good3", "good4", "good5", "good6", "current", "broken", "fails", "nobackup", "slow", "down"]
HOSTS = ["%s.example" % name for name in NAMES]
WRITES = ("backup", "upgrade", "restore")


def url(name):
    """Return the URL of a site."""
    return "http://%s.example" % name


def estate(sandbox):
    """Create the twelve sites and the faults of four of them."""
    sandbox.reset()
    for name in NAMES:
        sandbox.control("POST", "/seed", {"count": 1, "user": USER, "files": True, "domain": "%s.example" % name,
                                          "version": NEW if name == "current" else OLD,
                                          "fields": {"sitetitle": "Site %s" % name}})
    sandbox.control("POST", "/sites", {"url": url("broken"), "upgrade": "page_500"})
    sandbox.control("POST", "/sites", {"url": url("fails"), "upgrade": "task_fails"})
    down = install(sandbox, "down")
    (root_of(down) / "index.php").unlink()
    # The archive cannot be written because the backup location of this site is unreachable.
    send(sandbox, cmd="edit", id=install(sandbox, "nobackup")["id"], bkloc="ftp://u:p@nowhere.invalid/backups")
    sandbox.control("DELETE", "/requests")


def send(sandbox, **body):
    """Send a command to the API. Assert that it succeeds."""
    import requests

    answer = requests.post(sandbox.url, json=dict(body, key=KEY, user=USER), timeout=30, proxies={"http": None}).json()
    assert answer["result"], answer


def root_of(row):
    """Return the document root of an install."""
    from pathlib import Path

    return Path(row["root"])


def install(sandbox, name):
    """Return the record of a site in the sandbox."""
    return next(row for row in sandbox.control("GET", "/state")["installs"] if row["url"] == url(name))


def writes(sandbox):
    """Return (command, site id) of each write."""
    return [(request["command"], request["arguments"].get("id")) for request in sandbox.control("GET", "/requests")
            if request["write"] and not request["dryrun"]]


def data(sandbox, folder, slow_port, **more):
    """Return the file with all variables."""
    sites = [{"url": url(name), "rollback": name != "slow"} for name in NAMES]
    sites[NAMES.index("slow")]["health"] = {"port": slow_port}
    return dict({
        "safe_update_sites": sites, "safe_update_poll_interval": 0.05, "safe_update_health_delay": 0.05,
        "safe_update_health": {"url_ip": "127.0.0.1", "port": sandbox.ready["port"]},
        "safe_update_report": str(folder / "verdicts" / "report.json")}, **more)


@pytest.fixture(scope="module")
def story(sandbox, tmp_path_factory):
    """Check, run, and run again for the twelve sites, with the state of the sandbox before and after each."""
    folder = tmp_path_factory.mktemp("safe_update")
    estate(sandbox)
    outcome = {}
    with slow_relay(sandbox, 0.4) as way:
        variables = data(sandbox, folder, way.server_port)
        for step, arguments in (("check", ["--check", "--diff"]), ("run", ["--diff"]), ("again", [])):
            asked = way.count
            sandbox.control("DELETE", "/requests")
            before = sandbox.control("GET", "/state")
            run = role(sandbox, folder / step, "safe_update", variables, *arguments)
            report = folder / "verdicts" / "report.json"
            outcome[step] = {
                "run": run, "before": before, "after": sandbox.control("GET", "/state"), "writes": writes(sandbox),
                "pages": {name: sandbox.page("%s.example" % name) for name in NAMES}, "asked": way.count - asked,
                "report": json.loads(report.read_text()) if report.exists() else None}
    return outcome


def verdicts(outcome):
    """Return (verdict, reason) by site name."""
    assert outcome["report"], outcome["run"].output[-6000:]
    return {entry["url"][7:].partition(".")[0]: (entry["verdict"],
                                                 entry["reason"]) for entry in outcome["report"]["verdicts"]}


def versions(state):
    """Return versions by URL."""
    return {row["url"]: row["version"] for row in state["installs"]}


def test_verdicts(story):
    expected = dict.fromkeys(NAMES, ("updated", "healthy"))
    expected.update(current=("unchanged", "current"), broken=("rolled_back", "regression"),
                    fails=("failed", "update_failed"), nobackup=("skipped", "no_backup"), down=("skipped",
                                                                                                "down_before"))
    assert verdicts(story["run"]) == expected, story["run"]["run"].output[-6000:]
    assert story["run"]["report"]["summary"] == {"updated": 7, "unchanged": 1, "planned": 0, "skipped": 2, "failed": 1,
                                                 "rolled_back": 1, "attention": 0, "total": 12}


def test_failure_names_sites(story):
    run = story["run"]["run"]
    assert run.status == 2
    assert "2 of 12 sites need attention: " in run.output


def test_broken_site_rolled_back(story):
    page = story["run"]["pages"]["broken"]
    assert page.status_code == 200
    assert "<title>Site broken</title>" in page.text
    assert "WordPress %s" % OLD in page.text
    assert versions(story["run"]["after"])[url("broken")] == OLD


def test_other_sites_updated(story):
    after = versions(story["run"]["after"])
    for name in NAMES[:6] + ["slow"]:
        assert after[url(name)] == NEW
        page = story["run"]["pages"][name]
        assert page.status_code == 200
        assert "<title>Site %s</title>" % name in page.text
        assert "WordPress %s" % NEW in page.text


def test_other_sites_untouched(story):
    outcome = story["run"]
    ids = {row["id"]: row["url"][7:].partition(".")[0] for row in outcome["before"]["installs"]}
    done = {name: [command for command, identity in outcome["writes"] if ids.get(identity) == name] for name in NAMES}
    assert done["current"] == []
    assert done["down"] == []
    assert done["nobackup"] == ["backup"]
    assert done["good1"] == ["backup", "upgrade"]
    assert done["slow"] == ["backup", "upgrade"]
    assert done["fails"] == ["backup", "upgrade"]
    assert done["broken"][:2] == ["backup", "upgrade"]
    assert [command for command, _id in outcome["writes"]].count("restore") == 1
    for name in ("current", "down", "nobackup"):
        before = next(row for row in outcome["before"]["installs"] if row["url"] == url(name))["record"]
        after = next(row for row in outcome["after"]["installs"] if row["url"] == url(name))["record"]
        assert {key for key in before if before[key] != after.get(key)} <= {"cache-time"}


def test_backup_before_update(story):
    order = story["run"]["writes"]
    for command, identity in order:
        if command == "upgrade":
            assert order.index(("backup", identity)) < order.index(("upgrade", identity))


def test_check_mode(story):
    outcome = story["check"]
    assert outcome["run"].status == 0, outcome["run"].output[-4000:]
    assert outcome["writes"] == []
    assert outcome["before"] == outcome["after"]
    assert outcome["report"] is None
    assert "planned 10, skipped 1, total 12" in outcome["run"].output


def test_idempotency(story):
    outcome = story["again"]
    ids = {row["id"]: row["url"][7:].partition(".")[0] for row in outcome["before"]["installs"]}
    assert {ids.get(identity) for _command, identity in outcome["writes"]} <= {"broken", "fails", "nobackup", None}
    assert verdicts(outcome)["good1"] == ("unchanged", "current")


def test_page_requests(story):
    assert story["check"]["asked"] == 1
    assert story["run"]["asked"] == 2


def test_no_warnings_no_secrets(story):
    for outcome in story.values():
        assert outcome["run"].warnings == []
        assert KEY not in outcome["run"].output
