# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between a description of the sites and the server, as data and as Markdown. This is a private util of the collection."""

from __future__ import annotations

import re

from ansible_collections.hostops.installatron.plugins.module_utils._base.url import identity_of
from ansible_collections.hostops.installatron.plugins.plugin_utils._markdown import cell, code
from ansible_collections.hostops.installatron.plugins.plugin_utils._markdown import report as markdown

_CREATING = frozenset(("install", "import", "clone", "restore"))
_IDENTITY = ("id", "application", "url")
# Sites or accounts of a kind that a message names before it counts them, and how many it names then.
_MAX_LISTED, _FIRST = 10, 3


def drift_report(check, listed, accounts=(), ignore=(), failure=None):
    """Return the report of a comparison, a table as the filter drift_report documents it.

    Arguments:
        check: result of itron_installs in check mode with its diff. listed: installs of itron_install_info.
        accounts: results of itron_user in check mode. ignore: patterns; what is not managed at a URL that one of them
            matches anywhere is left out. failure: why nothing could be compared; nobody knows then what has drifted (None).
    """
    # A header is the URL of the site and what is done.
    sides = {part["before_header"].partition(" ")[0]: _sides(part) for part in check.get("diff") or ()}
    report = {"missing": [], "unmanaged": [], "different": [], "accounts": _accounts(accounts), "errors": [], "in_sync": 0, "failure": failure}
    for entry in check.get("results", ()):
        kind, found = _judged(entry, *sides.get(entry["url"], ({}, {})))
        if kind == "in_sync":
            report[kind] += 1
        else:
            report[kind].append(found)
    # One pattern may be given without a list; it can hold commas.
    patterns = [ignore] if isinstance(ignore, str) else ignore
    report["unmanaged"] = _unmanaged(check.get("results", ()), listed, [re.compile(pattern) for pattern in patterns])
    report["errors"] += [{"user": row.get("item"), "reason": row.get("msg")} for row in accounts if row.get("failure")]
    for kind in ("missing", "unmanaged", "different"):
        report[kind].sort(key=lambda found: found["url"])
    report["drifted"] = None if failure else any(report[kind] for kind in ("missing", "unmanaged", "different", "accounts", "errors"))
    report["message"] = failure or _message(report)
    return report


def _message(report):
    """Return what differs in one line: C(missing: URLs; different: URLs; unmanaged: 13, the first URLs)."""
    parts = []
    for kind in ("missing", "different", "unmanaged", "accounts", "errors"):
        word = {"errors": "not compared"}.get(kind, kind)
        names = [str(row.get("url") or row.get("user")) for row in report[kind]]
        if len(names) > _MAX_LISTED:
            parts.append("%s: %d, the first %s" % (word, len(names), ", ".join(names[:_FIRST])))
        elif names:
            parts.append("%s: %s" % (word, ", ".join(names)))
    return "; ".join(parts) or "nothing differs"


def _sides(diff):
    """Return before and after of a task's diff, which may come as a list of one."""
    diff = diff[0] if isinstance(diff, list) and diff else diff or {}
    return diff.get("before") or {}, diff.get("after") or {}


def _judged(entry, before, after):
    """Return (kind, what the report says) for one item that was compared."""
    about = {"url": entry["url"], "id": entry["id"]}
    failure = entry["failure"]
    if entry["outcome"] == "not_started":
        return "errors", dict(about, fields={}, reason="it was not compared")
    if failure is not None:
        # What cannot be planned is a difference that the modules do not repair: another application, an older version.
        return ("different" if failure["stage"] == "plan" else "errors"), dict(about, fields={}, reason=failure["msg"])
    if not entry["steps"]:
        return "in_sync", None
    command = entry["steps"][0]["command"]
    if command in _CREATING:
        return "missing", {"url": entry["url"], "application": after.get("application"), "version": after.get("version")}
    if not after:
        return "different", dict(about, fields={"state": {"actual": "present", "wanted": "not present"}}, reason=None)
    return "different", dict(about, fields=_fields(before, after), reason=None)


def _fields(before, after):
    """Return {name: actual and wanted value} of what differs between two sides of a diff; settings by their own names."""
    found = {}
    for name in sorted(set(before) | set(after)):
        old, new = before.get(name), after.get(name)
        if name in _IDENTITY and old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            found.update(("%s.%s" % (name, key), value) for key, value in _fields(old, new).items())
        else:
            found[name] = {"actual": old, "wanted": new}
    return found


def _unmanaged(entries, listed, ignore):
    """Return what the server has and no item names."""
    ids = {str(entry["id"]) for entry in entries if entry["id"]}
    sites = {identity_of(entry["url"]) for entry in entries}
    return [{name: row.get(name) for name in ("url", "id", "owner", "application", "version")} for row in listed
            if str(row.get("id")) not in ids and identity_of(str(row.get("url"))) not in sites
            and not any(pattern.search(str(row.get("url"))) for pattern in ignore)]


def _accounts(results):
    """Return what differs of each account."""
    found = []
    for row in results:
        before, after = _sides(row.get("diff"))
        if before != after:
            fields = _fields(before, after) if before else {"state": {"actual": "absent", "wanted": "present"}}
            found.append({"user": row.get("item"), "fields": fields})
    return sorted(found, key=lambda account: str(account["user"]))


def drift_markdown(report):
    """Return a report of drift_report as Markdown."""
    if report.get("failure"):
        return "# Drift\n\nThe sites could not be compared with the server:\n\n%s\n" % cell(report["failure"])
    different = ("Property", "On the server", "Described")
    counts = tuple(len(report[kind]) for kind in ("missing", "unmanaged", "different", "accounts", "errors"))
    return markdown("Drift", "%d missing, %d unmanaged, %d different, %d accounts, %d not compared, %d in sync." % (*counts, report["in_sync"]), [
        ("Missing", "Described, and not on the server.", ("Site", "Application", "Version"),
         [(row["url"], row["application"], row["version"]) for row in report["missing"]]),
        ("Unmanaged", "On the server, and not described.", ("Site", "Id", "Owner", "Application", "Version"),
         [tuple(row[name] for name in ("url", "id", "owner", "application", "version")) for row in report["unmanaged"]]),
        ("Different", "On the server otherwise than described.", ("Site", *different),
         [line for row in report["different"] for line in _lines(row, row["url"])]),
        ("Accounts", "Accounts that differ.", ("Account", *different), [line for row in report["accounts"] for line in _lines(row, row["user"])]),
        ("Not compared", "What could not be compared.", ("Site or account", "Reason"),
         [(row.get("url") or row.get("user"), row["reason"]) for row in report["errors"]])])


def _lines(row, name):
    """Return the lines of one site or account: one for each property."""
    if row.get("reason"):
        return [(name, "", "", row["reason"])]
    return [(name, field, code(values["actual"]), code(values["wanted"])) for field, values in row["fields"].items()]
