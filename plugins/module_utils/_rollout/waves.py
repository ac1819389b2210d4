# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Waves, limits of failures, and the maintenance window of a rollout; pure functions. This is a private util of the collection."""

from __future__ import annotations

import datetime
import fnmatch
import math
import zoneinfo
from collections.abc import Iterable
from typing import Any, NamedTuple

from .._base.errors import InputError
from .._base.url import identity_of
from .case import Case

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Wave(NamedTuple):
    """Sites that are updated together. name: canary, wave 1, wave 2, and so on. cases: without a verdict. of: number of all sites of the wave."""

    name: str
    cases: list[Case]
    of: int


def matches(patterns: Iterable[str], id: object, url: object, owner: object) -> bool:
    """Return whether one of the patterns (C(*), C(?)) matches the id, the URL with or without scheme, or the owner of a site."""
    names = [str(id), identity_of(url), str(url), str(owner or "")]
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns for name in names)


def texts(values: Iterable[object] | None) -> list[str]:
    """Return the stripped strings of a list, without empty ones."""
    return [text for text in (str(value).strip() for value in values or ()) if text]


def make_waves(cases: list[Case], canary: Any, sizes: list[str]) -> list[Wave]:
    """Return the waves with the cases that have no verdict.

    Arguments:
        cases: all sites that have an update, or had one in an earlier run. canary: the number of sites to update first, or
            patterns that match them. sizes: of the waves after the canary: numbers of sites or, such as V(10%), the share
            of the rollout that is complete after the wave. The remaining sites form the last wave.
    """
    number = _number(canary)
    if number is not None:
        first = cases[:number]
    else:
        patterns = texts(canary.split(",") if isinstance(canary, str) else canary)
        first = [case for case in cases if matches(patterns, case.id, case.url, case.options.header.get("user"))]
    chosen = {id(case) for case in first}
    rest = [case for case in cases if id(case) not in chosen]
    parts, position = [("canary", first)], 0
    for index, size in enumerate([*texts(sizes), "100%"], 1):
        end = _end(size, position, len(rest))
        parts.append(("wave %d" % index, rest[position:end]))
        position = end
    waves = [Wave(name, [case for case in members if case.verdict is None], len(members)) for name, members in parts]
    return [wave for wave in waves if wave.cases]


def check_waves(canary: Any, sizes: list[str]) -> None:
    """Raise InputError for an invalid canary or invalid sizes of waves."""
    if not isinstance(canary, (int, str, list)):
        raise InputError("canary: must be a number of sites or a list of patterns")
    for size in texts(sizes):
        _end(size, 0, 0)


def has_no_canary(canary: Any) -> bool:
    """Return whether the option canary selects no sites."""
    return _number(canary) == 0 or isinstance(canary, list) and not texts(canary)


def _number(canary: Any) -> int | None:
    """Return the number of sites in the canary, or None if patterns select them."""
    text = "0" if canary is None or canary == "" else str(canary).strip()
    try:
        return max(int(text), 0)
    except ValueError:
        return None


def _end(size: str, position: int, count: int) -> int:
    """Return the position after the last site of a wave. Raises InputError for an invalid size."""
    try:
        share = float(size[:-1]) if size.endswith("%") else None
        end = math.ceil(count * share / 100) if share is not None else position + int(size)
    except (ValueError, OverflowError):
        raise InputError("waves: %r is neither a number of sites nor a share such as 10%%" % size) from None
    if share is None and end <= position or share is not None and not 0 < share <= 100:
        raise InputError("waves: %s is not a valid size; use at least 1 site, and at most 100%%" % size)
    return min(max(end, position), count)


def failures_allowed(wave: Wave, failed: int, max_failures: int, max_fail_percentage: float) -> int:
    """Return how many sites of a wave may fail before the rollout stops, or -1 for any number. The limit of the canary is 0.

    Arguments:
        failed: number of sites that failed in earlier waves of this run. max_failures: limit of failures in a run; -1 for
            any number. max_fail_percentage: limit in percent of the sites of a wave; -1 for any number.
    """
    if wave.name == "canary":
        return 0
    left = []
    if max_failures >= 0:
        left.append(max(max_failures - failed, 0))
    if max_fail_percentage >= 0:
        left.append(math.floor(len(wave.cases) * max_fail_percentage / 100))
    return min(left) if left else -1


class Window(NamedTuple):
    """A maintenance window.

    days: on which it begins, V(mon) to V(sun). start, end: minutes since midnight. If the end is not later than the start, it is on
    the next day. zone: the time zone.
    """

    days: list[str]
    start: int
    end: int
    zone: zoneinfo.ZoneInfo

    def why_closed(self, now: float) -> str:
        """Return why the window is closed, or an empty string if it is open. now: Unix time."""
        here = datetime.datetime.fromtimestamp(now, self.zone)
        minute = here.hour * 60 + here.minute
        today, yesterday = DAYS[here.weekday()], DAYS[here.weekday() - 1]
        if self.start < self.end:
            is_open = today in self.days and self.start <= minute < self.end
        else:
            is_open = (today in self.days and minute >= self.start) or (yesterday in self.days and minute < self.end)
        return "" if is_open else "the maintenance window is closed (%s, %s)" % (here.strftime("%a %H:%M"), self.zone.key)


def window_of(options: dict[str, Any] | None) -> Window | None:
    """Return the Window in a task's options, or None if it is always open. Raises InputError.

    Arguments:
        options: C(days), C(start) and C(end) (HH:MM), C(timezone).
    """
    given = {name: value for name, value in (options or {}).items() if value not in (None, "", [])}
    if not given:
        return None
    days = [day.lower()[:3] for day in texts(given.get("days"))] or list(DAYS)
    unknown = [day for day in days if day not in DAYS]
    if unknown:
        raise InputError("window.days: %s is not a day of the week" % ", ".join(unknown), hint="Use mon, tue, wed, thu, fri, sat, or sun.")
    name = given.get("timezone", "UTC")
    try:
        zone = zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError("window.timezone: unknown time zone %r" % name,
                         hint="Use a name such as Europe/Berlin. The time zone data must be installed on the system.") from None
    return Window(days, _minutes(given.get("start", "00:00"), "start"), _minutes(given.get("end", "24:00"), "end"), zone)


def _minutes(text: object, option: str) -> int:
    """Return the minutes since midnight of HH:MM. YAML reads an unquoted 22:00 as the number 1320, which is the same value."""
    hour, colon, minute = str(text).strip().partition(":")
    try:
        minutes = int(hour) * 60 + int(minute) if colon else int(hour)
    except ValueError:
        minutes = -1
    if not 0 <= minutes <= 24 * 60 or (colon and not 0 <= int(minute) < 60):
        raise InputError("window.%s: %r is not a time of day" % (option, text), hint='Use the form "22:00".')
    return minutes
