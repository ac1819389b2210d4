# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creates the fleet report as data: applications, versions, backups, and disk space. This is a private util of the collection."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timezone

from ansible_collections.hostops.installatron.plugins.module_utils._backup.plan import age_seconds
from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.module_utils._base.versions import newest, version_key
from ansible_collections.hostops.installatron.plugins.plugin_utils._report_history import FORMAT, Earlier

# States of a site: current, outdated with a fix in its minor series (patch), otherwise outdated (upgrade), or unknown.
STATUSES = ("current", "patch", "upgrade", "unknown")
BEHIND = ("patch", "upgrade")
AUTOUP = ("all", "minor", "none", "unknown")
# Age groups of the newest backup and their maximum in seconds.
AGES = (("day", 86400), ("week", 7 * 86400), ("month", 30 * 86400), ("older", None), ("none", None))
_TASK = ("id", "url", "user", "cmd", "time", "message", "errcode", "install")


def fleet_report(installs, backups, tasks, releases, now, max_backup_age="2d", previous=None, as_json=False):
    """Return the report, as data or as JSON: C(summary), C(applications), C(versions), C(autoup), C(backup_age), C(failed_tasks), C(history), C(sites).

    Arguments:
        installs, backups, tasks: the results of itron_install_info, itron_backup_info, and itron_task_info, as data or as JSON. releases:
            the newest release of each application, itron_apps of itron_app_facts. now: time of the report, ISO 8601 in UTC.
            max_backup_age: maximum age of the newest backup, such as 24h. previous: an earlier report, as data or as JSON, or None.
            as_json: return a string, because Ansible processes data of thousands of sites value by value.

    The report depends only on the arguments. Raises InputError for an invalid time, age, or earlier report.
    """
    seconds, limit = unix_time(now, "now"), age_seconds(max_backup_age, "max_backup_age")
    earlier = Earlier(previous, now)
    installs, backups, tasks = _rows(installs, "installs"), _rows(backups, "backups"), _rows(tasks, "tasks")
    latest, kept = _newest_releases(releases), _by_install(backups)
    failed = [{name: task.get(name) for name in _TASK} for task in tasks if task.get("state") == "failed"]
    failed.sort(key=lambda task: (str(task["time"] or ""), str(task["id"])), reverse=True)
    failures = Counter(str(task["install"]) for task in failed)
    sites = [dict(_site(row, latest.get(str(row.get("application")))), **_backups(kept.get(str(row["id"]), ()), seconds, limit),
                  **_space(row, earlier), failed_tasks=failures[str(row["id"])]) for row in installs]
    sites.sort(key=lambda site: (str(site["url"]), str(site["id"])))
    summary = _summary(sites, failed, tasks)
    summary["growth"] = earlier.growth(summary["disk"])
    report = {
        "format": FORMAT, "time": now, "since": earlier.time, "max_backup_age": limit, "summary": summary,
        "applications": _applications(sites, latest), "versions": _versions(sites),
        "autoup": [{"policy": policy, "sites": sum((site["autoup"] or "unknown") == policy for site in sites)} for policy in AUTOUP],
        "backup_age": _ages(sites),
        "failed_tasks": failed, "history": earlier.history(summary), "sites": sites,
    }
    return json.dumps(report, indent=1) if as_json else report


def _rows(value, name):
    """Return rows from data or JSON. Raises InputError that names the value."""
    try:
        rows = json.loads(value) if isinstance(value, str) else value
    except ValueError as error:
        raise InputError("%s: the value is not JSON" % name) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError("%s: the value is not a list of dictionaries" % name)
    return rows


def unix_time(text, name):
    """Return the Unix seconds of a time in ISO 8601 and UTC. Raises InputError that names the value."""
    try:
        return int(datetime.strptime(str(text), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp())
    except ValueError as error:
        raise InputError("%s: %r is not a time" % (name, text), hint="Use a time in UTC, such as 2026-02-01T03:00:00Z.") from error


def _newest_releases(releases):
    """Return the newest release of each application in the catalog (section 3.2)."""
    found = {}
    for release in releases:
        known = found.get(str(release.get("application")))
        if release.get("version") and (known is None or version_key(release["version"]) > version_key(known["version"])):
            found[str(release.get("application"))] = release
    return found


def _by_install(backups):
    """Return the backups of each install."""
    found = {}
    for backup in backups:
        found.setdefault(str(backup.get("install")), []).append(backup)
    return found


def _site(row, release):
    """Return the data of a site and its state compared with the newest release."""
    version, minor = row.get("version"), row.get("version_available_minor")
    latest = newest([known for known in (row.get("version_available"), minor, (release or {}).get("version")) if known])
    status = "unknown"
    if version and latest:
        status = "current" if not _below(version, latest) else "patch" if minor and _below(version, minor) else "upgrade"
    security = status in BEHIND and release is not None and latest == release["version"] and "security" in (release.get("tags") or ())
    site = {name: row.get(name) for name in ("id", "url", "title", "owner", "application", "version")}
    return dict(site, newest=latest, status=status, security=security, autoup=row.get("autoup"), updated=row.get("time_updated"))


def _below(version, other):
    """Return whether a version is older than another one."""
    return version_key(version) < version_key(other)


def _backups(backups, now, limit):
    """Return the number and size of a site's backups, and the newest one."""
    times = [str(backup["time"]) for backup in backups if backup.get("time")]
    age = max(0, now - unix_time(max(times), "time of a backup")) if times else None
    state = "none" if age is None else "old" if age > limit else "fresh"
    return {"backups": len(backups), "backup_time": max(times, default=None), "backup_age": age, "backup": state,
            "backup_size": sum(backup.get("size") or 0 for backup in backups)}


def _space(row, earlier):
    """Return the size of a site at the last measurement of the server (cache-files and cache-tables), and its growth, in bytes."""
    files, tables = row.get("cache_files"), row.get("cache_tables")
    disk = None if files is None and tables is None else (files or 0) + (tables or 0)
    before = earlier.disk(row["id"])
    return {"files": files, "tables": tables, "disk": disk, "measured": row.get("cache_time"), "disk_before": before,
            "growth": None if disk is None or before is None else disk - before}


def _summary(sites, failed, tasks):
    """Return the summary of the report."""
    counts = Counter(site["status"] for site in sites)
    states = Counter(site["backup"] for site in sites)
    return {
        "sites": len(sites), "applications": len({site["application"] for site in sites}),
        **{status: counts[status] for status in STATUSES}, "outdated": sum(counts[status] for status in BEHIND),
        "security": sum(site["security"] for site in sites), "autoup_off": sum(site["autoup"] == "none" for site in sites),
        "backup_fresh": states["fresh"], "backup_old": states["old"], "backup_none": states["none"],
        "backups": sum(site["backups"] for site in sites), "backup_size": sum(site["backup_size"] for site in sites),
        "disk": sum(site["disk"] or 0 for site in sites), "disk_unknown": sum(site["disk"] is None for site in sites),
        "failed_tasks": len(failed), "running_tasks": sum(task.get("state") == "running" for task in tasks),
    }


def _applications(sites, latest):
    """Return the applications with their sites by status, in descending order of the number of sites."""
    grouped = {}
    for site in sites:
        grouped.setdefault(site["application"], []).append(site)
    rows = []
    for application, members in grouped.items():
        release, counts = latest.get(str(application)) or {}, Counter(site["status"] for site in members)
        known = newest([site["newest"] for site in members if site["newest"]])
        rows.append(dict(
            {"application": application, "name": release.get("name") or application, "newest": known, "released": release.get("date"),
             "sites": len(members)}, **{status: counts[status] for status in STATUSES}, disk=sum(site["disk"] or 0 for site in members)))
    return sorted(rows, key=lambda row: (-row["sites"], str(row["application"])))


def _versions(sites):
    """Return the versions by application, the newest version first."""
    counts = {}
    for site in sites:
        entry = counts.setdefault((site["application"], site["version"]), Counter())
        entry[site["status"]] += 1
    rows = [dict({"application": application, "version": version, "sites": sum(counter.values())},
                 **{status: counter[status] for status in STATUSES}) for (application, version), counter in counts.items()]
    rows.sort(key=lambda row: str(row["version"]))
    rows.sort(key=lambda row: version_key(row["version"] or ""), reverse=True)
    return sorted(rows, key=lambda row: str(row["application"]))


def _ages(sites):
    """Return the number of sites in each age group of the newest backup, and how many of them meet the maximum age."""
    counts = Counter()
    for site in sites:
        age = site["backup_age"]
        counts["none" if age is None else next(name for name, limit in AGES if limit is None or age <= limit), site["backup"]] += 1
    return [{"age": name, "sites": sum(counts[name, state] for state in ("fresh", "old", "none")), "fresh": counts[name, "fresh"],
             "old": counts[name, "old"]} for name, _limit in AGES]
