# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Options of a health check, and the check itself. This is a private util of the collection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._base.errors import InputError
from .._wire.transport import REQUESTS_IMPORT_ERROR
from .probe import check_site

# Options of the probe, and of its attempts and limits.
HEALTH = {
    "paths": {"type": "list", "elements": "str"},
    "keywords": {"type": "list", "elements": "str", "no_log": False},
    "status": {"type": "int"},
    "timeout": {"type": "float"},
    "validate_certs": {"type": "bool"},
    "follow_redirects": {"type": "bool"},
    "url_ip": {"type": "str"},
    "port": {"type": "int"},
    "attempts": {"type": "int"},
    "delay": {"type": "float"},
    "slower_factor": {"type": "float"},
    "slower_margin": {"type": "float"},
}
HEALTH_DEFAULTS = {"attempts": 3, "delay": 5.0, "slower_factor": 3.0, "slower_margin": 2.0}
# The minimum of each number.
_LEAST = {"status": 100, "timeout": 0.001, "port": 1, "attempts": 1, "delay": 0, "slower_factor": 1, "slower_margin": 0}


def check_health(health: dict[str, Any] | None, where: str) -> None:
    """Raise InputError for invalid numbers. where: name of the option."""
    for option, least in _LEAST.items():
        value = (health or {}).get(option)
        if value is not None and value < least:
            raise InputError("%s.%s: must be %g or more" % (where, option, least))


def need_requests() -> None:
    """Raise InputError if the library for requesting pages is missing."""
    if REQUESTS_IMPORT_ERROR:
        raise InputError("health: the check of the sites requires the Python library requests", hint="Install it on the host that runs this task.")


def look_at(url: str, health: dict[str, Any], baseline: dict[str, Any] | None, sleep: Callable[[float], None]) -> dict[str, Any]:
    """Request the pages of a site and return its health (see judge).

    Arguments:
        url: of the site. health: options of HEALTH; None for options that are not set. baseline: its health before, or None.
        sleep: callable(seconds).
    """
    terms = dict(HEALTH_DEFAULTS, **{name: value for name, value in health.items() if value is not None})
    site = {name: value for name, value in terms.items() if name not in HEALTH_DEFAULTS}
    return check_site(dict(site, url=url, baseline=baseline), int(terms["attempts"]), terms["delay"], terms["slower_factor"], terms["slower_margin"], sleep)
