# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups against a policy: age, count, size and location of each site's, and what is to be done. This is a private util of the collection."""

from __future__ import annotations

from datetime import datetime, timezone

from ansible_collections.hostops.installatron.plugins.module_utils._backup.plan import age_seconds
from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.module_utils._base.url import identity_of
from ansible_collections.hostops.installatron.plugins.plugin_utils._markdown import table
from ansible_collections.hostops.installatron.plugins.plugin_utils._site_description import place_options

# What can be wrong, the worst first; the report is in this order.
FINDINGS = ("no_backup", "not_installed", "empty", "too_old", "wrong_location", "too_many")
# Findings that a backup or retention repairs.
_REPAIRED = frozenset(("no_backup", "empty", "too_old", "wrong_location", "too_many"))
# Findings that need a new backup though there is one that is young enough.
_FORCED = frozenset(("empty", "wrong_location"))
# More than this nobody reads on a terminal; all of them are in the report.
MAX_WORST = 100
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


def backup_audit(policies, installs, backups, now, everything=None):
    """Return the audit: C(sites), the worst first, C(worst), the first ones that do not meet their policy, C(due), the policies that are not
    met and can be, C(places), where the server is to back up by itself, and C(summary).

    Arguments:
        policies: by site (see _site_description). installs, backups: as itron_install_info and itron_backup_info return
            them. now: Unix seconds. everything: policy of all installed applications that have none in policies; without
            it they are not looked at.

    Raises InputError for a policy that cannot be.
    """
    listing = _Listing(installs)
    pairs = [(policy, listing.find(policy["install"])) for policy in policies.values()]
    if everything is not None:
        known = {id(install) for _policy, install in pairs if install is not None}
        pairs += [(_policy_for(install, everything), install) for install in installs if id(install) not in known]
    by_install = {}
    for backup in backups:
        by_install.setdefault(str(backup.get("install") or ""), []).append(backup)
    judged = [(_row(policy, install, by_install.get(str(install["id"]), []) if install else [], now), policy) for policy, install in pairs]
    judged.sort(key=lambda pair: _order(pair[0]))
    rows = [row for row, _policy in judged]
    due = [_due(row, policy) for row, policy in judged if _REPAIRED.intersection(row["findings"])]
    places = [_place_item(policy, install) for policy, install in pairs if install is not None and place_options(policy)]
    worst = [row for row in rows[:MAX_WORST] if row["findings"]]
    return {"sites": rows, "worst": worst, "due": due, "places": places, "summary": _summary(rows)}


class _Listing:
    """Installed applications, found by id or URL."""

    def __init__(self, installs):
        self.sites = installs
        self._by_id = {str(install["id"]): install for install in installs}
        self._by_site = {}
        for install in installs:
            self._by_site.setdefault(identity_of(str(install.get("url"))), install)

    def find(self, wanted):
        """Return the install with an id or at a URL, or None."""
        return self._by_id.get(str(wanted)) or (self._by_site.get(identity_of(wanted)) if "://" in wanted else None)


def _policy_for(install, everything):
    """Return the policy of an installed application that nobody described."""
    policy = {"install": str(install["id"])}
    if install.get("owner"):
        policy["user"] = str(install["owner"])
    return dict(everything, **policy)


def _row(policy, install, backups, now):
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


def _findings(policy, row, newest, dated):
    """Return what is wrong with the backups of one site, the worst first."""
    if row["id"] is None:
        return ["not_installed"]
    limit = _limits(policy)
    if newest is None:
        return ["no_backup"]
    found = set()
    if row["size"] == 0:
        found.add("empty")
    if limit is not None and row["age"] > limit:
        found.add("too_old")
    if policy.get("location") and _place(policy["location"]) != _place(row["location"]):
        found.add("wrong_location")
    if policy.get("keep") is not None and dated > int(policy["keep"]):
        found.add("too_many")
    return [finding for finding in FINDINGS if finding in found]


def _limits(policy):
    """Return the seconds that the youngest backup may be old, or None. Raises InputError for a policy that cannot be."""
    try:
        if policy.get("keep") is not None and int(policy["keep"]) < 1:
            raise InputError("%s: backup.keep must be 1 or more; the last backup is never removed" % policy["install"])
    except (TypeError, ValueError) as error:
        raise InputError("%s: backup.keep is no number" % policy["install"]) from error
    return age_seconds(policy["max_age"], "%s: backup.max_age" % policy["install"]) if policy.get("max_age") is not None else None


def _place(location):
    """Return a backup location without credentials, which the server does not show."""
    scheme, separator, rest = str(location).partition("://")
    return (scheme + separator + rest.rpartition("@")[2]).rstrip("/")


def _unix(text):
    """Return the Unix seconds of a time in a result (ISO 8601, UTC)."""
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp())


def _order(row):
    """Return the key that puts the worst first, and the oldest first among equals."""
    worst = min((FINDINGS.index(finding) for finding in row["findings"]), default=len(FINDINGS))
    return worst, -(row["age"] or 0), str(row["url"])


def _due(row, policy):
    """Return the options of itron_backup that repair the findings of a site."""
    options = {name: policy[name] for name in ("user", "reseller", "websites", "max_age", "keep", "expiry") if policy.get(name) is not None}
    if row["user"]:
        options.setdefault("user", row["user"])
    return dict(options, install=str(row["id"]), url=row["url"], force=bool(_FORCED.intersection(row["findings"])))


def _place_item(policy, install):
    """Return the item of itron_installs that sets location and schedule of the backups of one site."""
    item = {name: policy[name] for name in ("user", "reseller", "websites") if policy.get(name) is not None}
    if install.get("owner"):
        item.setdefault("user", install["owner"])
    return dict(item, id=install["id"], **place_options(policy))


def _summary(rows):
    """Return the counts of a report."""
    summary = {finding: sum(finding in row["findings"] for row in rows) for finding in FINDINGS}
    return dict(summary, sites=len(rows), ok=sum(not row["findings"] for row in rows), backups=sum(row["count"] for row in rows),
                total_size=sum(row["total_size"] for row in rows))


def backup_audit_markdown(audit):
    """Return an audit of backup_audit as Markdown."""
    summary = audit["summary"]
    head = "%d sites: %d as they should be, %d without a backup, %d too old, %d in another place, %d with too many; %d backups, %s." % (
        summary["sites"], summary["ok"], summary["no_backup"], summary["too_old"], summary["wrong_location"], summary["too_many"],
        summary["backups"], human_size(summary["total_size"]))
    rows = [(row["url"], ", ".join(row["findings"]).replace("_", " ") or "ok", human_age(row["age"]), row["count"], human_size(row["size"]),
             human_size(row["total_size"]), row["location"]) for row in audit["sites"]]
    return "\n\n".join(["# Backups", head, table(("Site", "Finding", "Age", "Backups", "Size", "All together", "Location"), rows)]) + "\n"


def human_size(size):
    """Return bytes as text, such as 13.2 MiB; nothing for None."""
    if size is None:
        return ""
    value = float(size)
    for unit in _UNITS:
        if value < 1024 or unit == _UNITS[-1]:
            break
        value /= 1024
    return "%d B" % value if unit == "B" else "%.1f %s" % (value, unit)


def human_age(seconds):
    """Return seconds as text in their largest unit, such as 26 h; nothing for None."""
    if seconds is None:
        return ""
    for name, length in (("d", 86400), ("h", 3600), ("m", 60)):
        # Two days and more are told in days: 26 h says more than 1 d.
        if seconds >= (2 * length if name == "d" else length):
            return "%d %s" % (seconds // length, name)
    return "%d s" % seconds
