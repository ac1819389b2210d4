# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles accept numbers and booleans as strings, as from -e name=value, surveys, and templates before ansible-core 2.19."""

import pytest
import yaml
from harness import ROOT
from role_runs import install, run_playbook, run_role, stable_state

DEFAULTS = {"restore_drill": {"restore_drill_sites": []}, "drift": {"drift_sites": []}, "site": {"site_sites": []}}
ROLES = ("backup_policy", "drift", "report", "restore_drill", "rollout", "safe_update", "site")


def variables_as_strings(role):
    """Return the numeric and boolean variables of a role, with their defaults as strings."""
    text = (ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    options = yaml.safe_load(text)["argument_specs"]["main"]["options"]
    return {name: str(option["default"]).lower() for name, option in options.items()
            if option["type"] in ("bool", "int", "float") and "default" in option}


@pytest.mark.parametrize("role", ROLES)
def test_variables_as_text(role, sandbox, tmp_path):
    sandbox.reset()
    install(sandbox, "one.example")
    variables = DEFAULTS.get(role, {})
    plain = run_role(sandbox, tmp_path / "plain", role, variables, check=True)
    texts = run_role(sandbox, tmp_path / "texts", role, dict(variables, **variables_as_strings(role)), check=True)
    assert texts.status == plain.status and plain.status in (0, 2), texts.output
    assert [request["command"] for request in texts.requests] == [request["command"] for request in plain.requests]
    assert [record.name for record in texts.records] == [record.name for record in plain.records]


def test_boolean_as_text(sandbox, tmp_path):
    sandbox.reset()
    install(sandbox, "one.example")
    before = stable_state(sandbox)
    policy = {"backup_policy_defaults": {"max_age": "24h"}, "backup_policy_fail": "no"}
    run = run_role(sandbox, tmp_path / "audit", "backup_policy", dict(policy, backup_policy_audit="yes"))
    assert run.status == 0 and run.writes == [] and stable_state(sandbox) == before, run.output
    run = run_role(sandbox, tmp_path / "act", "backup_policy", dict(policy, backup_policy_audit="no"))
    assert run.status == 0 and run.commands == ["backup"], run.output


@pytest.mark.parametrize("no", [False, "false"], ids=repr)
def test_audit_extra_variables(no, sandbox, tmp_path):
    sandbox.reset()
    install(sandbox, "one.example")
    run = run_playbook(sandbox, tmp_path / "a", "backup_audit", {"backup_policy_defaults": {"max_age": "24h"}, "backup_policy_audit": no})
    assert run.status == 2 and run.requests == [] and "this playbook only reports" in run.output, run.output


def test_backups_extra_variables(sandbox, tmp_path):
    sandbox.reset()
    install(sandbox, "one.example")
    other = [{"url": "http://one.example", "backup": {"max_age": "24h"}}]
    run = run_playbook(sandbox, tmp_path / "a", "onboard", {"itron_sites": [], "backup_policy_sites": other})
    assert run.status == 2 and run.requests == [] and "in site_sites" in run.output, run.output
