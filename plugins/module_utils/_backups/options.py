# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The options of itron_backups and their validation. This is a private util of the collection."""

from __future__ import annotations

from typing import Any

from .._base.errors import InputError
from .._base.url import id_or_url
from .._core.argspec import CONNECTION, HEADER, PACE, ArgumentSpec, check_websites, given
from .._fleet.pool import check_parallel
from .audit import Policy, age_limit

# The rules of a policy. Its other options identify the site.
RULES = {
    "max_age": {"type": "str"},
    "keep": {"type": "int"},
    "expiry": {"type": "str"},
    "location": {"type": "str"},
    "schedule": {"type": "str"},
    "daily": {"type": "int"},
    "weekly": {"type": "int"},
    "monthly": {"type": "int"},
}
POLICY = {
    "install": {"type": "str", "required": True},
    "user": {"type": "str"},
    "reseller": {"type": "str"},
    # Validated like the option websites of the task.
    "websites": {"type": "list", "elements": "dict"},
    **RULES,
}
BACKUPS = ArgumentSpec({
    "policies": {"type": "list", "elements": "dict", "options": POLICY},
    "defaults": {"type": "dict", "options": RULES},
    "owned_accounts": {"type": "bool", "default": True},
    "audit": {"type": "bool", "default": False},
    "places": {"type": "bool", "default": True},
    "fail_on_findings": {"type": "bool", "default": True},
    "max_parallel": {"type": "int", "default": 4},
}).merge(PACE, CONNECTION, HEADER)


def read_policies(params: dict[str, Any]) -> tuple[list[Policy], Policy | None]:
    """Return (policies of single sites, policy of all sites or None). Raises InputError that names the option."""
    check_parallel(params["max_parallel"])
    defaults = given(params["defaults"])
    _check(defaults, "defaults")
    if params["policies"] is None:
        return [], defaults
    policies = [dict(defaults, **given(policy)) for policy in params["policies"]]
    for index, policy in enumerate(policies):
        where = "policies[%d]" % index
        id_or_url(policy["install"], "%s.install" % where)
        _check(policy, where)
        check_websites(policy, where)
    return policies, None


def _check(rules: Policy, where: str) -> None:
    """Raise InputError for invalid rules. where: name of the policy."""
    if rules.get("keep") is not None and rules["keep"] < 1:
        raise InputError("%s.keep: must be 1 or more; the last backup is never removed" % where)
    age_limit(rules, "%s.max_age" % where)
