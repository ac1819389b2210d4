# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Formats the sites of a report as CSV that is safe for spreadsheets. This is a private util of the collection."""

from __future__ import annotations

import csv
import io
import re

from ansible_collections.hostops.installatron.plugins.plugin_utils._report_history import report_data

COLUMNS = ("url", "title", "owner", "application", "version", "newest", "status", "security", "autoup", "updated", "backup", "backups", "backup_time",
           "backup_size", "disk", "files", "tables", "growth", "measured", "failed_tasks", "id")
# A spreadsheet evaluates texts with this beginning as formulas, including full-width characters and leading spaces.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def fleet_report_csv(report):
    """Return the sites of a report of fleet_report as CSV with a header (RFC 4180, but with line feeds)."""
    report, text = report_data(report), io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(site[name]) for name in COLUMNS] for site in report["sites"])
    return text.getvalue()


def _cell(value):
    """Return the value of a cell. Numbers are unchanged, formulas are prefixed with an apostrophe, and spaces replace control characters."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return value
    # JSON may contain unpaired surrogates, which cannot be encoded.
    text = _CONTROL.sub(" ", str(value)).encode("utf-8", "replace").decode("utf-8")
    return "'" + text if _FORMULA.match(text) else text
