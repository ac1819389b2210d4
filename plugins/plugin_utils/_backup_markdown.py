# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Formats the audit of backups as Markdown. This is a private util of the collection."""

from __future__ import annotations

from ansible_collections.hostops.installatron.plugins.plugin_utils._markdown import table

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


def backup_audit_markdown(audit):
    """Return the result of itron_backups as Markdown."""
    summary = audit["summary"]
    head = "%d sites: %d compliant, %d without a backup, %d too old, %d in another place, %d with too many; %d backups, %s." % (
        summary["sites"], summary["ok"], summary["no_backup"], summary["too_old"], summary["wrong_location"], summary["too_many"],
        summary["backups"], human_size(summary["total_size"]))
    rows = [(row["url"], ", ".join(row["findings"]).replace("_", " ") or "ok", human_age(row["age"]), row["count"], human_size(row["size"]),
             human_size(row["total_size"]), row["location"]) for row in audit["sites"]]
    return "\n\n".join(["# Backups", head, table(("Site", "Finding", "Age", "Backups", "Size", "All together", "Location"), rows)]) + "\n"


def human_size(size):
    """Return bytes as text, such as 13.2 MiB; empty for None."""
    if size is None:
        return ""
    value = float(size)
    for unit in _UNITS:
        if value < 1024 or unit == _UNITS[-1]:
            break
        value /= 1024
    return "%d B" % value if unit == "B" else "%.1f %s" % (value, unit)


def human_age(seconds):
    """Return seconds as text in their largest unit, such as 26 h; empty for None."""
    if seconds is None:
        return ""
    for name, length in (("d", 86400), ("h", 3600), ("m", 60)):
        # Use days only from two days on, because 26 h is more precise than 1 d.
        if seconds >= (2 * length if name == "d" else length):
            return "%d %s" % (seconds // length, name)
    return "%d s" % seconds
