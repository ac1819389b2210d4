# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role staging: a copy is created, recreated and removed, and the source site is only read."""

import pytest
from harness import USER, websites
from role_runs import call, install, installs_by_host, run_role, stable_state

SITE, COPY = "shop.example", "staging.shop.example"
PASSWORD = "canary-staging-password"


def variables(state="present", **more):
    """Return the variables of the role."""
    return dict({
        "staging_source": "http://%s" % SITE, "staging_url": "http://%s" % COPY, "staging_state": state,
        "staging_user": USER, "staging_websites": websites(SITE, COPY),
        "staging_options": {"db_host": "localhost", "db_name": "copy", "db_user": "copy", "db_pass": PASSWORD}}, **more)


@pytest.fixture
def filled(sandbox):
    """The site, without a copy."""
    sandbox.reset()
    install(sandbox, SITE, [SITE, COPY], sitetitle="First title")
    return sandbox


def test_life_cycle(filled, tmp_path):
    check = run_role(filled, tmp_path / "check", "staging", variables(), check=True)
    assert check.status == 0 and check.writes == [] and list(installs_by_host(filled)) == [SITE], check.output
    run = run_role(filled, tmp_path / "run", "staging", variables())
    assert run.status == 0 and run.commands == ["clone"], run.output
    assert "First title" in filled.page(COPY).text and "First title" in filled.page(SITE).text
    again = run_role(filled, tmp_path / "again", "staging", variables())
    assert again.status == 0 and again.writes == [] and again.changed == 0, again.output
    site = installs_by_host(filled)[SITE]
    call(filled, "edit", [SITE, COPY], id=site["id"], sitetitle="Second title")
    site = installs_by_host(filled)[SITE]
    before = stable_state(filled)
    check = run_role(filled, tmp_path / "check2", "staging", variables("refreshed"), check=True)
    assert check.status == 0 and check.changed == 1 and stable_state(filled) == before, check.output
    run = run_role(filled, tmp_path / "refreshed", "staging", variables("refreshed"))
    assert run.status == 0 and run.commands == ["uninstall", "clone"], run.output
    assert "Second title" in filled.page(COPY).text and PASSWORD not in run.output
    run = run_role(filled, tmp_path / "gone", "staging", variables("absent"))
    assert run.status == 0 and run.commands == ["uninstall"] and installs_by_host(filled) == {SITE: site}, run.output
    assert filled.page(COPY).status_code == 404 and "Second title" in filled.page(SITE).text
    again = run_role(filled, tmp_path / "gone2", "staging", variables("absent"))
    assert again.status == 0 and again.writes == [], again.output


@pytest.mark.parametrize("url", ["http://%s" % SITE, "http://other.example"])
def test_url_refused(url, filled, tmp_path):
    run = run_role(filled, tmp_path / "run", "staging", variables("absent", staging_url=url))
    assert run.status == 2 and run.requests == []


def test_missing_source_keeps_copy(filled, tmp_path):
    install(filled, COPY, [SITE, COPY])
    before = stable_state(filled)
    run = run_role(filled, tmp_path / "run", "staging",
                   variables("refreshed", staging_source="http://typing-error.example"))
    assert run.status == 2 and run.writes == [] and stable_state(filled) == before


@pytest.mark.parametrize("state", ["present", "refreshed", "absent"])
def test_check_mode_empty_server(state, sandbox, tmp_path):
    sandbox.reset()
    run = run_role(sandbox, tmp_path / state, "staging", variables(state), check=True)
    assert run.status == 0, run.output
