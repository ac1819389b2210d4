# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Options of itron_restore_drill and their validation. This is a private util of the collection."""

from __future__ import annotations

import re
from typing import Any

from .._backup.work import PLACE
from .._base.errors import InputError
from .._base.url import identity_of, site_identity
from .._core.argspec import CONNECTION, HEADER, PACE, ArgumentSpec, check_websites
from .._fleet.pool import check_parallel
from .._health.options import HEALTH, check_health

# passed: the newest backup was restored, and the copy worked. planned: check mode. failed: the backup was not restored, the copy
# did not work, or the copy could not be removed. no_backup: the site has none. occupied: the drill URL is not free.
VERDICTS = ("passed", "planned", "failed", "no_backup", "occupied")

SITE = {
    "url": {"type": "str", "required": True},
    "drill_url": {"type": "str", "required": True},
    "text": {"type": "str"},
    "user": {"type": "str"},
    "reseller": {"type": "str"},
    # check_websites() validates the items.
    "websites": {"type": "list", "elements": "dict"},
    **{name: {"type": "str", "no_log": True} if name == "db_pass" else {"type": "str"} for name in PLACE},
}

DRILL = ArgumentSpec({
    "sites": {"type": "list", "elements": "dict", "options": SITE, "required": True},
    "pattern": {"type": "str", "default": "(^|[./-])(drill|restore|test)([0-9]*)([./-]|$)"},
    "replace": {"type": "bool", "default": False},
    # Without status and follow_redirects: a copy that redirects to the original site would prove nothing.
    "health": {"type": "dict", "options": {name: HEALTH[name] for name in (
        "paths", "keywords", "timeout", "validate_certs", "url_ip", "port", "attempts", "delay")}},
    "max_parallel": {"type": "int", "default": 4},
    "fail_on": {"type": "list", "elements": "str", "choices": list(VERDICTS), "default": ["failed", "no_backup", "occupied"]},
}).merge(PACE, CONNECTION, HEADER)


def check_options(params: dict[str, Any]) -> None:
    """Validate the options without the server. Raises InputError that names the option."""
    check_parallel(params["max_parallel"])
    check_health(params["health"], "health")
    try:
        pattern = re.compile(params["pattern"])
    except re.error as error:
        raise InputError("pattern: %r is not a regular expression: %s" % (params["pattern"], error)) from error
    sites = {identity_of(site["url"]) for site in params["sites"]}
    for index, site in enumerate(params["sites"]):
        where = "sites[%d]" % index
        place = site_identity(site["drill_url"], where + ".drill_url")
        if not pattern.search(place):
            raise InputError("%s.drill_url: %s does not match pattern, which prevents a drill from using the URL of a production site" % (
                where, site["drill_url"]),
                hint="Nothing was changed. Correct drill_url or pattern.")
        if place in sites:
            raise InputError("%s.drill_url: %s is the url of a site" % (where, site["drill_url"]), hint="Nothing was changed. Set another drill_url.")
        check_websites(site, where)


def refuse_used_databases(sites: list[dict[str, Any]], rows: list[dict[str, Any]]) -> None:
    """Raise InputError if a restore would use the tables of an installed application. rows: of C(installs) (section 3.5)."""
    for index, site in enumerate(sites):
        for row in rows if site.get("db_name") else ():
            if identity_of(row.get("url")) != identity_of(site["drill_url"]) and _shares_tables(site, row):
                raise InputError("sites[%d].db_name: the database %s belongs to %s" % (index, site["db_name"], row.get("url")),
                                 hint="Nothing was changed. Set db_name or db_prefix to a value that no site uses.")


def _shares_tables(site: dict[str, Any], row: dict[str, Any]) -> bool:
    """Return whether a drill and an installed application may share tables."""
    if str(row.get("db-name")) != site["db_name"] or _server(row.get("db-host")) != _server(site.get("db_host")):
        return False
    # Without a prefix, the copy has the prefix of the site. Removing the tables wp_* removes wp_2_* as well.
    mine, other = site.get("db_prefix") or "", str(row.get("db-prefix") or "")
    return mine.startswith(other) or other.startswith(mine)


def _server(host: object) -> str:
    """Return the name of a database server, normalized for the local host."""
    name = str(host or "").lower()
    return "localhost" if name in ("", "127.0.0.1", "::1") else name


def lanes(sites: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Return the sites in groups whose drills must not run in parallel: their drill URLs are the same or nested, or they share a database."""
    places = {identity_of(site["drill_url"]) for site in sites}
    lane = list(range(len(sites)))
    first: dict[object, int] = {}
    for number, site in enumerate(sites):
        keys: list[object] = [place for place in _with_parents(identity_of(site["drill_url"])) if place in places]
        if site.get("db_name"):
            keys.append((_server(site.get("db_host")), site["db_name"]))
        for key in keys:
            mine, other = lane[number], lane[first.setdefault(key, number)]
            if mine != other:
                lane = [other if entry == mine else entry for entry in lane]
    grouped: dict[int, list[dict[str, Any]]] = {}
    for entry, site in zip(lane, sites):
        grouped.setdefault(entry, []).append(site)
    return list(grouped.values())


def _with_parents(place: str) -> list[str]:
    """Return the identity of a URL and those of its parent folders."""
    parts = place.split("/")
    return ["/".join(parts[:number]) for number in range(1, len(parts) + 1)]
