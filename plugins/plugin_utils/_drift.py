# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports differences between descriptions of sites and the server, as data and as Markdown. This is a private util of the collection."""

from __future__ import annotations

import re

from ansible_collections.hostops.installatron.plugins.module_utils._base.url import identity_of
from ansible_collections.hostops.installatron.plugins.plugin_utils._markdown import cell, code
from ansible_collections.hostops.installatron.plugins.plugin_utils._markdown import report as markdown

_CREATING = frozenset(("install", "import", "clone", "restore"))
_IDENTITY = ("id", "application", "url")
# A message lists up to _MAX_LISTED sites or accounts of a kind. If there are more, it contains their number and the first ones.
_MAX_LISTED, _FIRST = 10, 3


def drift_report(check, listed, accounts=(), ignore=(), failure=None):
    """Return the report of a comparison in the form that the filter drift_report documents.

    Arguments:
        check: result of itron_installs in check mode with its diff. listed: installs of itron_install_info.
        accounts: results of itron_user in check mode. ignore: regular expressions. Unmanaged sites with a matching URL are omitted.
        failure: why the comparison failed. The drift is then unknown (None).
    """
    # A header consists of the URL of the site and the action.
    sides = {part["before_header"].partition(" ")[0]: _sides(part) for part in check.get("diff") or ()}
    report = {"missing": [], "unmanaged": [], "different": [], "accounts": _accounts(accounts), "errors": [], "in_sync": 0, "failure": failure}
    for entry in check.get("results", ()):
        kind, found = _classified(entry, *sides.get(entry["url"], ({}, {})))
        if kind == "in_sync":
            report[kind] += 1
        else:
            report[kind].append(found)
    # A single pattern may be a string. It may contain commas.
    patterns = [ignore] if isinstance(ignore, str) else ignore
    report["unmanaged"] = _unmanaged(check.get("results", ()), listed, [re.compile(pattern) for pattern in patterns])
    report["errors"] += [{"user": row.get("item"), "reason": row.get("msg")} for row in accounts if row.get("failure")]
    for kind in ("missing", "unmanaged", "different"):
        report[kind].sort(key=lambda found: found["url"])
    report["drifted"] = None if failure else any(report[kind] for kind in ("missing", "unmanaged", "different", "accounts", "errors"))
    report["message"] = failure or _message(report)
    return report


def _message(report):
    """Return the differences in one line: C(missing: URLs; different: URLs; unmanaged: 13, the first URLs)."""
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
    """Return before and after of a task's diff, which may be a list of one item."""
    diff = diff[0] if isinstance(diff, list) and diff else diff or {}
    return diff.get("before") or {}, diff.get("after") or {}


def _classified(entry, before, after):
    """Return (kind, entry of the report) for one compared item."""
    about = {"url": entry["url"], "id": entry["id"]}
    failure = entry["failure"]
    if entry["outcome"] == "not_started":
        return "errors", dict(about, fields={}, reason="it was not compared")
    if failure is not None:
        # A failed plan is a difference that the modules do not fix, such as another application or a newer version.
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
    """Return {name: current and desired value} for the differences between two sides of a diff, including individual settings."""
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
    """Return the installed applications that are not in the items."""
    ids = {str(entry["id"]) for entry in entries if entry["id"]}
    sites = {identity_of(entry["url"]) for entry in entries}
    return [{name: row.get(name) for name in ("url", "id", "owner", "application", "version")} for row in listed
            if str(row.get("id")) not in ids and identity_of(str(row.get("url"))) not in sites
            and not any(pattern.search(str(row.get("url"))) for pattern in ignore)]


def _accounts(results):
    """Return the differences of each account."""
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
        ("Missing", "Described, but not on the server.", ("Site", "Application", "Version"),
         [(row["url"], row["application"], row["version"]) for row in report["missing"]]),
        ("Unmanaged", "On the server, but not described.", ("Site", "Id", "Owner", "Application", "Version"),
         [tuple(row[name] for name in ("url", "id", "owner", "application", "version")) for row in report["unmanaged"]]),
        ("Different", "Different from the description.", ("Site", *different),
         [line for row in report["different"] for line in _lines(row, row["url"])]),
        ("Accounts", "Different from the description.", ("Account", *different), [line for row in report["accounts"] for line in _lines(row, row["user"])]),
        ("Not compared", "Sites and accounts that could not be compared.", ("Site or account", "Reason"),
         [(row.get("url") or row.get("user"), row["reason"]) for row in report["errors"]])])


def _lines(row, name):
    """Return the lines of one site or account: one for each property."""
    if row.get("reason"):
        return [(name, "", "", row["reason"])]
    return [(name, field, code(values["actual"]), code(values["wanted"])) for field, values in row["fields"].items()]
