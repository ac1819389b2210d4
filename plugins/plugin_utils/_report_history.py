# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads sizes and the daily history from an earlier fleet report. This is a private util of the collection."""

from __future__ import annotations

import json
import re

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError

FORMAT = 1
# Maximum number of points: three years of days.
KEPT = 1096
# Members of the summary in a point.
_KEPT_COUNTS = ("sites", "outdated", "backup_none", "failed_tasks", "disk", "backup_size")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def report_data(report):
    """Return the data of a report from data or JSON. Raises InputError for other values.

    JSON is faster for thousands of sites, because Ansible processes data value by value.
    """
    try:
        report = json.loads(report) if isinstance(report, str) else report
    except ValueError:
        report = None
    if not isinstance(report, dict) or report.get("format") != FORMAT:
        raise InputError("the value is not a report of this format", hint="Pass the result of fleet_report.")
    return report


class Earlier:
    """The data of an earlier report.

    Arguments:
        previous: the earlier report, as data or as JSON, or None. now: time of the new report, ISO 8601 in UTC.

    Sizes are compared with those of the last day before the new report, so that a second report on the same day has the same
    growth as the first one. Raises InputError if previous is not a report.
    """

    def __init__(self, previous, now):
        self._day = now[:10]
        # In older versions of ansible-core, a template without a value returns an empty string.
        previous = {} if previous is None or previous == "" else self._checked(previous)
        self._points = [point for point in previous.get("history", ()) if point["day"] < self._day]
        day = str(previous.get("time", ""))[:10]
        # Ignore points later than the new report.
        member = {True: "disk", False: "disk_before"}[day < self._day] if day <= self._day else None
        self.time = {"disk": previous.get("time"), "disk_before": previous.get("since")}.get(member)
        self._disk = {str(site["id"]): site.get(member) for site in previous.get("sites", ())} if self.time else {}

    @staticmethod
    def _checked(previous):
        """Return an earlier report after validation of its types. Raises InputError."""
        if isinstance(previous, str):
            try:
                previous = json.loads(previous)
            except ValueError:
                previous = None
        sound = isinstance(previous, dict) and previous.get("format") == FORMAT and isinstance(previous.get("time"), str) \
            and _are_points(previous.get("history")) \
            and _are_tables(previous.get("sites"), "id") and all(_is_size(site.get(name)) for site in previous["sites"] for name in ("disk", "disk_before"))
        if not sound:
            raise InputError("previous: the value is not a report of this format", hint="Use the JSON file of an earlier report, or none.")
        return previous

    def disk(self, identity):
        """Return the earlier size of a site in bytes, or None if unknown."""
        return self._disk.get(str(identity))

    def growth(self, disk):
        """Return the growth of the whole fleet in bytes, or None without an earlier day."""
        return disk - self._points[-1]["disk"] if self._points else None

    def history(self, summary):
        """Return one point for each day, the oldest first, including that of the new report."""
        point = dict({"day": self._day}, **{name: summary[name] for name in _KEPT_COUNTS})
        return (self._points + [point])[-KEPT:]


def _are_tables(rows, name):
    """Return whether a value is a list of dictionaries with a member of this name."""
    return isinstance(rows, list) and all(isinstance(row, dict) and name in row for row in rows)


def _are_points(points):
    """Return whether a value is a list of points sorted by day."""
    if not _are_tables(points, "day") or not all(_DAY.match(str(point["day"])) for point in points):
        return False
    days = [point["day"] for point in points]
    return days == sorted(days) and all(isinstance(point.get(name), int) for point in points for name in _KEPT_COUNTS)


def _is_size(value):
    """Return whether a value is a number of bytes or None."""
    return value is None or (isinstance(value, int) and not isinstance(value, bool))
