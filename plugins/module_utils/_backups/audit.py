# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Backups against a policy: age, count, size and location of each site's, and what is to be done. This is a private util of the collection."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any, NamedTuple

from .._backup.plan import age_seconds
from .._base.url import identity_of

Policy = dict[str, Any]

# What can be wrong, the worst first; the report is in this order.
FINDINGS = ("no_backup", "not_installed", "empty", "too_old", "wrong_location", "too_many")
# Findings that a backup or retention repairs.
_REPAIRED = frozenset(("no_backup", "empty", "too_old", "wrong_location", "too_many"))
# Findings that need a new backup though there is one that is young enough.
_FORCED = frozenset(("empty", "wrong_location"))
# More than this nobody reads on a terminal; all of them are in the report.
MAX_WORST = 100

# Sections 3.3 and 3.8 of the specification: bkloc, autobk and its numbers belong to the installed application.
PLACE_OPTIONS = {"location": "bkloc", "schedule": "autobk", "daily": "autobk_daily", "weekly": "autobk_weekly", "monthly": "autobk_monthly"}


class Audit(NamedTuple):
    """Backups compared with their policies.

    sites: a row for each site, the worst first. due: the options of itron_backup that repair what can be repaired. places: the items
    of itron_installs that set where and when the server backs up by itself. summary: counts.
    """

    sites: list[dict[str, Any]]
    due: list[dict[str, Any]]
    places: list[dict[str, Any]]
    summary: dict[str, int]

    @property
    def worst(self) -> list[dict[str, Any]]:
        """The first sites that do not meet their policy."""
        return [row for row in self.sites[:MAX_WORST] if row["findings"]]


def audit_backups(policies: Iterable[Policy], installs: list[dict[str, Any]], backups: list[dict[str, Any]], now: float,
                  everything: Policy | None = None) -> Audit:
    """Compare backups with policies.

    Arguments:
        policies: tables with the options of POLICY. installs, backups: results of itron_install_info and itron_backup_info.
        now: Unix seconds. everything: policy of all installed applications that have none in policies; without it they are
            not looked at.
    """
    listing = _Listing(installs)
    pairs = [(policy, listing.find(policy["install"])) for policy in policies]
    if everything is not None:
        known = {id(install) for _policy, install in pairs if install is not None}
        pairs += [(_policy_for(install, everything), install) for install in installs if id(install) not in known]
    by_install: dict[str, list[dict[str, Any]]] = {}
    for backup in backups:
        by_install.setdefault(str(backup.get("install") or ""), []).append(backup)
    judged = [(_row(policy, install, by_install.get(str(install["id"]), []) if install else [], now), policy) for policy, install in pairs]
    judged.sort(key=lambda pair: _order(pair[0]))
    rows = [row for row, _policy in judged]
    due = [_due(row, policy) for row, policy in judged if _REPAIRED.intersection(row["findings"])]
    places = [_place_item(policy, install) for policy, install in pairs if install is not None and place_options(policy)]
    return Audit(rows, due, places, _summary(rows))


class _Listing:
    """Installed applications, found by id or URL."""

    def __init__(self, installs: list[dict[str, Any]]) -> None:
        self.sites = installs
        self._by_id = {str(install["id"]): install for install in installs}
        self._by_site: dict[str, dict[str, Any]] = {}
        for install in installs:
            self._by_site.setdefault(identity_of(str(install.get("url"))), install)

    def find(self, wanted: str) -> dict[str, Any] | None:
        """Return the install with an id or at a URL, or None."""
        return self._by_id.get(str(wanted)) or (self._by_site.get(identity_of(wanted)) if "://" in wanted else None)


def _policy_for(install: dict[str, Any], everything: Policy) -> Policy:
    """Return the policy of an installed application that nobody described."""
    policy = {"install": str(install["id"])}
    if install.get("owner"):
        policy["user"] = str(install["owner"])
    return dict(everything, **policy)


def _row(policy: Policy, install: dict[str, Any] | None, backups: list[dict[str, Any]], now: float) -> dict[str, Any]:
    """Return what the report says of one site."""
    dated = sorted((backup for backup in backups if backup.get("time")), key=lambda backup: str(backup["time"]))
    newest = dated[-1] if dated else None
    install = install or {}
    row = {
        "url": install.get("url") or policy["install"], "id": install.get("id"), "user": install.get("owner") or policy.get("user"),
        "application": install.get("application"), "count": len(backups), "newest": newest["time"] if newest else None,
        "age": max(0, int(now) - _unix(newest["time"])) if newest else None, "size": newest.get("size") if newest else None,
        "total_size": sum(backup.get("size") or 0 for backup in backups), "location": newest.get("location") if newest else None,
        "keep": policy.get("keep"), "max_age": policy.get("max_age"),
    }
    return dict(row, findings=_findings(policy, row, newest, len(dated)))


def _findings(policy: Policy, row: dict[str, Any], newest: dict[str, Any] | None, dated: int) -> list[str]:
    """Return what is wrong with the backups of one site, the worst first."""
    if row["id"] is None:
        return ["not_installed"]
    limit = age_limit(policy)
    if newest is None:
        return ["no_backup"]
    found: set[str] = set()
    if row["size"] == 0:
        found.add("empty")
    if limit is not None and row["age"] > limit:
        found.add("too_old")
    if policy.get("location") and _place(policy["location"]) != _place(row["location"]):
        found.add("wrong_location")
    if policy.get("keep") is not None and dated > policy["keep"]:
        found.add("too_many")
    return [finding for finding in FINDINGS if finding in found]


def age_limit(policy: Policy, option: str = "max_age") -> int | None:
    """Return the seconds that the youngest backup may be old, or None. option: where the age stands. Raises InputError for what is no age."""
    return None if policy.get("max_age") is None else age_seconds(policy["max_age"], option)


def _place(location: object) -> str:
    """Return a backup location without credentials, which the server does not show."""
    scheme, separator, rest = str(location).partition("://")
    return (scheme + separator + rest.rpartition("@")[2]).rstrip("/")


def _unix(text: str) -> int:
    """Return the Unix seconds of a time in a result (ISO 8601, UTC)."""
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp())


def _order(row: dict[str, Any]) -> tuple[int, int, str]:
    """Return the key that puts the worst first, and the oldest first among equals."""
    worst = min((FINDINGS.index(finding) for finding in row["findings"]), default=len(FINDINGS))
    return worst, -(row["age"] or 0), str(row["url"])


def _due(row: dict[str, Any], policy: Policy) -> dict[str, Any]:
    """Return the options of itron_backup that repair the findings of a site."""
    options = {name: policy[name] for name in ("user", "reseller", "websites", "max_age", "keep", "expiry") if policy.get(name) is not None}
    if row["user"]:
        options.setdefault("user", row["user"])
    return dict(options, install=str(row["id"]), url=row["url"], force=bool(_FORCED.intersection(row["findings"])))


def _place_item(policy: Policy, install: dict[str, Any]) -> dict[str, Any]:
    """Return the item of itron_installs that sets location and schedule of the backups of one site."""
    item = {name: policy[name] for name in ("user", "reseller", "websites") if policy.get(name) is not None}
    if install.get("owner"):
        item.setdefault("user", install["owner"])
    return dict(item, id=install["id"], url=install["url"], **place_options(policy))


def _summary(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Return the counts of a report."""
    summary = {finding: sum(finding in row["findings"] for row in rows) for finding in FINDINGS}
    return dict(summary, sites=len(rows), ok=sum(not row["findings"] for row in rows), backups=sum(row["count"] for row in rows),
                total_size=sum(row["total_size"] for row in rows))


def place_options(policy: Policy) -> dict[str, Any]:
    """Return the options of itron_install that a backup policy sets: where and when the server backs up by itself."""
    options = {option: policy[name] for name, option in PLACE_OPTIONS.items() if policy.get(name) is not None}
    if any(policy.get(name) is not None for name in ("daily", "weekly", "monthly")):
        # The numbers only go with this schedule (section 3.3, autobk).
        options.setdefault("autobk", "custom")
    return options
