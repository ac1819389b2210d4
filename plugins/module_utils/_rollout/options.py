# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Options of itron_rollout. This is a private util of the collection."""

from __future__ import annotations

import os
from typing import Any

from .._base.errors import InputError
from .._core.approval import PLANNING
from .._core.argspec import CONNECTION, HEADER, PACE, ArgumentSpec, check_websites
from .._fleet.pool import check_parallel
from .._health.options import HEALTH, check_health
from .case import VERDICTS
from .waves import check_waves, has_no_canary, window_of

SITE = {
    "url": {"type": "str"},
    "id": {"type": "str"},
    "version": {"type": "str"},
    "plugins": {"type": "list", "elements": "str"},
    "themes": {"type": "list", "elements": "str"},
    "rollback": {"type": "bool"},
    "health": {"type": "dict", "options": HEALTH},
    "user": {"type": "str"},
    "reseller": {"type": "str"},
    # check_websites() validates the items.
    "websites": {"type": "list", "elements": "dict"},
}

ROLLOUT = ArgumentSpec({
    "name": {"type": "str", "default": "rollout"},
    "sites": {"type": "list", "elements": "dict", "options": SITE, "required_one_of": [("id", "url")]},
    "application": {"type": "str"},
    "below": {"type": "str"},
    "plugin": {"type": "str"},
    "include": {"type": "list", "elements": "str"},
    "exclude": {"type": "list", "elements": "str"},
    "owned_accounts": {"type": "bool", "default": True},
    "version": {"type": "str", "default": "latest"},
    "plugins": {"type": "list", "elements": "str"},
    "themes": {"type": "list", "elements": "str"},
    "health": {"type": "dict", "options": HEALTH},
    "rollback": {"type": "bool", "default": False},
    "time_box": {"type": "float", "default": 900},
    "server_revert": {"type": "bool", "default": True},
    "max_parallel": {"type": "int", "default": 4},
    "canary": {"type": "raw", "default": 0},
    "canary_only": {"type": "bool", "default": False},
    "waves": {"type": "list", "elements": "str"},
    "soak": {"type": "float", "default": 0},
    "window": {"type": "dict", "options": {
        "days": {"type": "list", "elements": "str"},
        "start": {"type": "str"},
        "end": {"type": "str"},
        "timezone": {"type": "str"},
    }},
    "max_failures": {"type": "int", "default": 0},
    "max_fail_percentage": {"type": "float", "default": -1},
    "retry": {"type": "list", "elements": "str", "choices": ["failed", "rolled_back", "skipped", "attention"],
              "default": ["failed", "rolled_back", "skipped"]},
    "release_age": {"type": "float", "default": 0},
    "security_at_once": {"type": "bool", "default": True},
    "journal": {"type": "path"},
    "resume": {"type": "bool", "default": True},
    "report": {"type": "path"},
    "fail_on": {"type": "list", "elements": "str", "choices": list(VERDICTS), "default": ["attention", "failed", "rolled_back"]},
}).merge(PACE, CONNECTION, HEADER, PLANNING)

# Options that do not affect the planned changes of a site.
NOT_PLANNED = ("max_parallel", "retry", "journal", "resume", "report", "fail_on")
# The minimum of each number.
_LEAST = {"time_box": 0, "soak": 0, "max_failures": -1, "max_fail_percentage": -1, "release_age": 0}


def check_options(params: dict[str, Any]) -> None:
    """Validate the options without the server. Raises InputError that names the option."""
    check_parallel(params["max_parallel"])
    for option, least in _LEAST.items():
        if params[option] < least:
            raise InputError("%s: must be %d or more" % (option, least))
    for option in ("journal", "report"):
        _check_path(option, params[option])
    check_waves(params["canary"], params["waves"] or [])
    if params["canary_only"] and has_no_canary(params["canary"]):
        raise InputError("canary_only: requires canary", hint="Set canary to the number of sites to update first, or to patterns that match them.")
    window_of(params["window"])
    check_health(params["health"], "health")
    for index, site in enumerate(params["sites"] or []):
        check_health(site.get("health"), "sites[%d].health" % index)
        check_websites(site, "sites[%d]" % index)


def _check_path(option: str, path: str | None) -> None:
    """Raise InputError if the value is not the path of a file."""
    try:
        is_path = path is None or (bool(path.strip()) and b"\0" not in os.fsencode(path))
    except UnicodeEncodeError:
        is_path = False
    if not is_path:
        raise InputError("%s: %r is not the path of a file" % (option, path), hint="Omit the option, or set it to the path of a file.")


def target_of(params: dict[str, Any]) -> dict[str, Any]:
    """Return the options that define a rollout. A journal with other values belongs to another rollout."""
    target: dict[str, Any] = {name: params[name] or "" for name in ("name", "application", "below", "plugin", "version")}
    return dict(target, **{name: sorted(params[name] or []) for name in ("plugins", "themes")})
