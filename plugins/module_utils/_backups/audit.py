# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Comparison of backups with policies: age, count, size and location, and the required changes. This is a private util of the collection."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any, NamedTuple

from .._backup.plan import age_seconds
from .._base.url import identity_of

Policy = dict[str, Any]

# All findings in the order of the report, the worst first.
FINDINGS = ("no_backup", "not_installed", "empty", "too_old", "wrong_location", "too_many")
# Findings that a new backup or retention fixes.
_REPAIRED = frozenset(("no_backup", "empty", "too_old", "wrong_location", "too_many"))
# Findings that require a new backup even if a recent one exists.
_FORCED = frozenset(("empty", "wrong_location"))
# Maximum number of sites in C(worst). The report contains all sites.
MAX_WORST = 100

# Sections 3.3 and 3.8: location and schedule are settings of the installed application.
PLACE_OPTIONS = {"location": "bkloc", "schedule": "autobk", "daily": "autobk_daily", "weekly": "autobk_weekly", "monthly": "autobk_monthly"}


class Audit(NamedTuple):
    """The comparison of backups with their policies.

    sites: a row for each site, the worst first. due: options of itron_backup that fix the findings. places: items of itron_installs
    that set location and schedule of the automatic backups. summary: counts.
    """

    sites: list[dict[str, Any]]
    due: list[dict[str, Any]]
    places: list[dict[str, Any]]
    summary: dict[str, int]

    @property
    def worst(self) -> list[dict[str, Any]]:
        """The worst sites that do not meet their policy."""
        return [row for row in self.sites[:MAX_WORST] if row["findings"]]


def audit_backups(policies: Iterable[Policy], installs: list[dict[str, Any]], backups: list[dict[str, Any]], now: float,
                  everything: Policy | None = None) -> Audit:
    """Compare backups with policies.

    Arguments:
        policies: dictionaries with the options of POLICY. installs, backups: results of itron_install_info and itron_backup_info.
        now: Unix seconds. everything: policy for the installed applications that policies does not contain, or None to ignore them.
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
    """An index of installed applications by id and URL."""

    def __init__(self, installs: list[dict[str, Any]]) -> None:
        self.sites = installs
        self._by_id = {str(install["id"]): install for install in installs}
        self._by_site: dict[str, dict[str, Any]] = {}
        for install in installs:
            self._by_site.setdefault(identity_of(str(install.get("url"))), install)

    def find(self, wanted: str) -> dict[str, Any] | None:
        """Return the installed application with an id or URL, or None."""
        return self._by_id.get(str(wanted)) or (self._by_site.get(identity_of(wanted)) if "://" in wanted else None)


def _policy_for(install: dict[str, Any], everything: Policy) -> Policy:
    """Return the default policy for an installed application."""
    policy = {"install": str(install["id"])}
    if install.get("owner"):
        policy["user"] = str(install["owner"])
    return dict(everything, **policy)


def _row(policy: Policy, install: dict[str, Any] | None, backups: list[dict[str, Any]], now: float) -> dict[str, Any]:
    """Return the entry of one site in the report."""
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
    """Return the findings of one site, the worst first."""
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
    """Return the maximum age of the newest backup in seconds, or None. option: name of the option. Raises InputError for an invalid age."""
    return None if policy.get("max_age") is None else age_seconds(policy["max_age"], option)


def _place(location: object) -> str:
    """Return a backup location without credentials, which the server hides."""
    scheme, separator, rest = str(location).partition("://")
    return (scheme + separator + rest.rpartition("@")[2]).rstrip("/")


def _unix(text: str) -> int:
    """Return the Unix seconds of a time in a result (ISO 8601, UTC)."""
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp())


def _order(row: dict[str, Any]) -> tuple[int, int, str]:
    """Return a sort key for the worst finding first, then the oldest backup first."""
    worst = min((FINDINGS.index(finding) for finding in row["findings"]), default=len(FINDINGS))
    return worst, -(row["age"] or 0), str(row["url"])


def _due(row: dict[str, Any], policy: Policy) -> dict[str, Any]:
    """Return the options of itron_backup that fix the findings of a site."""
    options = {name: policy[name] for name in ("user", "reseller", "websites", "max_age", "keep", "expiry") if policy.get(name) is not None}
    if row["user"]:
        options.setdefault("user", row["user"])
    return dict(options, install=str(row["id"]), url=row["url"], force=bool(_FORCED.intersection(row["findings"])))


def _place_item(policy: Policy, install: dict[str, Any]) -> dict[str, Any]:
    """Return the item of itron_installs that sets location and schedule of a site's backups."""
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
    """Return the options of itron_install for the location and schedule of a backup policy."""
    options = {option: policy[name] for name, option in PLACE_OPTIONS.items() if policy.get(name) is not None}
    if any(policy.get(name) is not None for name in ("daily", "weekly", "monthly")):
        # The numbers require this schedule (section 3.3, autobk).
        options.setdefault("autobk", "custom")
    return options
