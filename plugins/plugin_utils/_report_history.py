# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an earlier report of the fleet says of the past: sizes to compare with, and one point for each day. This is a private util of the collection."""

from __future__ import annotations

import json
import re

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError

FORMAT = 1
# Points that are kept: three years of days.
KEPT = 1096
# What a point keeps of the summary.
_KEPT_COUNTS = ("sites", "outdated", "backup_none", "failed_tasks", "disk", "backup_size")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def report_data(report):
    """Return a report that is given as data or as JSON as data. Raises InputError if it is neither.

    Ansible takes its time for each value that it hands over, so a report of thousands of sites is better handed over as text.
    """
    try:
        report = json.loads(report) if isinstance(report, str) else report
    except ValueError:
        report = None
    if not isinstance(report, dict) or report.get("format") != FORMAT:
        raise InputError("it is no report of this format", hint="Give what fleet_report returns.")
    return report


class Earlier:
    """The past, read from an earlier report.

    Arguments:
        previous: the earlier report, as data or as JSON, or None. now: time of the new one, ISO 8601 in UTC.

    Sizes are compared with those of the last day before that of the new report, so a second report on the same day is no
    different from the first one. Raises InputError if previous is no such report.
    """

    def __init__(self, previous, now):
        self._day = now[:10]
        # A template that has no value gives an empty text in older versions of ansible-core.
        previous = {} if previous is None or previous == "" else self._checked(previous)
        self._points = [point for point in previous.get("history", ()) if point["day"] < self._day]
        day = str(previous.get("time", ""))[:10]
        # What is later than the new report is not its past.
        member = {True: "disk", False: "disk_before"}[day < self._day] if day <= self._day else None
        self.time = {"disk": previous.get("time"), "disk_before": previous.get("since")}.get(member)
        self._disk = {str(site["id"]): site.get(member) for site in previous.get("sites", ())} if self.time else {}

    @staticmethod
    def _checked(previous):
        """Return an earlier report whose parts have the expected types. Raises InputError."""
        if isinstance(previous, str):
            try:
                previous = json.loads(previous)
            except ValueError:
                previous = None
        sound = isinstance(previous, dict) and previous.get("format") == FORMAT and isinstance(previous.get("time"), str) \
            and _are_points(previous.get("history")) \
            and _are_tables(previous.get("sites"), "id") and all(_is_size(site.get(name)) for site in previous["sites"] for name in ("disk", "disk_before"))
        if not sound:
            raise InputError("previous: it is no report of this format", hint="Name the JSON file of an earlier report, or none.")
        return previous

    def disk(self, identity):
        """Return the bytes that a site took, or None if that is not known."""
        return self._disk.get(str(identity))

    def growth(self, disk):
        """Return by how many bytes the whole fleet grew, or None without an earlier day."""
        return disk - self._points[-1]["disk"] if self._points else None

    def history(self, summary):
        """Return one point for each day, the oldest first, with that of the new report."""
        point = dict({"day": self._day}, **{name: summary[name] for name in _KEPT_COUNTS})
        return (self._points + [point])[-KEPT:]


def _are_tables(rows, name):
    """Say whether a value is a list of tables with a member of this name."""
    return isinstance(rows, list) and all(isinstance(row, dict) and name in row for row in rows)


def _are_points(points):
    """Say whether a value is a list of points in the order of their days."""
    if not _are_tables(points, "day") or not all(_DAY.match(str(point["day"])) for point in points):
        return False
    days = [point["day"] for point in points]
    return days == sorted(days) and all(isinstance(point.get(name), int) for point in points for name in _KEPT_COUNTS)


def _is_size(value):
    """Say whether a value is a number of bytes or nothing."""
    return value is None or (isinstance(value, int) and not isinstance(value, bool))
