# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role and playbook restore_drill: the restored copy is checked and removed, and nothing else changes."""

import json
from collections import Counter

import pytest
from harness import USER, websites
from role_runs import call, install, installs_by_host, run_playbook, run_role, stable_state

GOOD, BARE = "good.example", "bare.example"
DRILLS = {host: "drill.%s" % host for host in (GOOD, BARE)}
EVERY = [*DRILLS, *DRILLS.values()]
PASSWORD = "canary-drill-password"


@pytest.fixture
def filled(sandbox):
    """A site with a backup and one without."""
    sandbox.reset()
    for host in DRILLS:
        install(sandbox, host, EVERY, sitetitle="Title of %s" % host)
    call(sandbox, "backup", EVERY, id=next(row["id"] for host, row in installs_by_host(sandbox).items() if host == GOOD))
    return sandbox


def drills(*hosts, **more):
    """Return the descriptions of drills."""
    return [dict({"url": "http://%s" % host, "drill_url": "http://%s" % DRILLS[host], "user": USER,
                  "websites": websites(*EVERY), "db_host": "localhost", "db_name": "drill", "db_user": "drill",
                  "db_pass": PASSWORD}, **more) for host in hosts]


def variables(sandbox, sites, **more):
    """Return the variables of the role."""
    return dict({"restore_drill_sites": sites, "restore_drill_retries": 1, "restore_drill_delay": 0,
                 "restore_drill_address": "127.0.0.1:%d" % sandbox.ready["port"]}, **more)


def results(run):
    """Return the result of the module."""
    return next(record.result for record in run.records if "drills" in record.result)


def verdicts(run):
    """Return the verdicts by site."""
    return {row["url"].partition("://")[2]: row["verdict"] for row in results(run)["drills"]}


def test_drill_passes(filled, tmp_path):
    before = stable_state(filled)
    sites = drills(GOOD, text="Title of good.example")
    check = run_role(filled, tmp_path / "check", "restore_drill", variables(filled, sites), check=True)
    assert check.status == 0 and check.writes == [] and verdicts(check) == {GOOD: "planned"}, check.output
    run = run_role(filled, tmp_path / "run", "restore_drill",
                   variables(filled, sites, restore_drill_json="drill.json", restore_drill_markdown="drill.md"))
    assert run.status == 0, run.output
    assert run.commands == ["restore", "uninstall"] and stable_state(filled) == before
    (row,) = json.loads((tmp_path / "run" / "drill.json").read_text(encoding="utf-8"))
    assert row["verdict"] == "passed" and row["backup_size"] > 0 and row["reason"] is None
    text = (tmp_path / "run" / "drill.md").read_text(encoding="utf-8")
    assert "| http://good.example | passed |" in text and text.startswith("# Restore drill\n\n|")
    assert filled.page(DRILLS[GOOD]).status_code == 404 and filled.page(GOOD).status_code == 200
    for result in (check, run):
        assert result.warnings == [] and PASSWORD not in result.output


def test_verdicts(filled, tmp_path):
    before = stable_state(filled)
    run = run_role(filled, tmp_path / "run", "restore_drill", variables(filled, drills(BARE, GOOD)))
    assert run.status == 2 and stable_state(filled) == before
    assert verdicts(run) == {BARE: "no_backup", GOOD: "passed"}


def test_missing_keyword_fails(filled, tmp_path):
    before = stable_state(filled)
    run = run_role(filled, tmp_path / "run", "restore_drill", variables(filled, drills(GOOD, text="Missing text")))
    assert run.status == 2 and verdicts(run) == {GOOD: "failed"} and stable_state(filled) == before
    assert run.commands == ["restore", "uninstall"]


def test_lost_archive_fails(filled, tmp_path):
    filled.control("POST", "/backups", {"url": "http://%s" % GOOD, "lost": True})
    before = stable_state(filled)
    run = run_role(filled, tmp_path / "run", "restore_drill", variables(filled, drills(GOOD)))
    assert run.status == 2 and verdicts(run) == {GOOD: "failed"} and stable_state(filled) == before


def test_existing_site_not_touched(filled, tmp_path):
    install(filled, DRILLS[GOOD], EVERY)
    before = stable_state(filled)
    run = run_role(filled, tmp_path / "run", "restore_drill", variables(filled, drills(GOOD)))
    assert run.status == 2 and verdicts(run) == {GOOD: "occupied"}
    assert run.writes == [] and stable_state(filled) == before


@pytest.mark.parametrize(("database", "verdict"), [("drill", "passed"), ("shop", "occupied")])
def test_replace_leftovers(database, verdict, filled, tmp_path):
    before = stable_state(filled)
    install(filled, DRILLS[GOOD], EVERY, db_name=database)
    occupied = stable_state(filled)
    check = run_role(filled, tmp_path / "check", "restore_drill", variables(filled, drills(GOOD), restore_drill_replace=True), check=True)
    assert check.writes == [] and verdicts(check) == {GOOD: {"passed": "planned"}.get(verdict, verdict)}, check.output
    run = run_role(filled, tmp_path / "run", "restore_drill", variables(filled, drills(GOOD), restore_drill_replace=True))
    assert verdicts(run) == {GOOD: verdict}, run.output
    assert run.commands == (["uninstall", "restore", "uninstall"] if verdict == "passed" else [])
    assert stable_state(filled) == (before if verdict == "passed" else occupied)


@pytest.mark.parametrize("url", ["http://shop.example", "http://%s" % GOOD])
def test_drill_url_refused(url, filled, tmp_path):
    run = run_role(filled, tmp_path / "run", "restore_drill", variables(filled, drills(GOOD, drill_url=url)))
    assert run.status == 2 and run.requests == []


def test_playbook_check_mode(sandbox, tmp_path):
    sandbox.reset()
    run = run_playbook(sandbox, tmp_path / "a", "restore_drill", variables(sandbox, drills(GOOD, BARE)), check=True)
    assert run.status == 0 and Counter(verdicts(run).values()) == {"no_backup": 2}, run.output
