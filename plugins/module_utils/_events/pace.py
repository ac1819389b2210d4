# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Which list is read next, and when; pure. This is a private util of the collection."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection

from .event import BACKUP_KINDS, RELEASE_KINDS, SITE_KINDS, TASK_KINDS

# The longest pause after failures, in seconds, unless the interval is longer.
MAX_PAUSE = 900.0
# How far a pause is from the interval at most: sources that were started together do not stay together.
_JITTER = 0.1


class Turns:
    """Whose turn it is: each interval has one list.

    Arguments:
        kinds: of the events that are wanted. backups_interval: seconds between two readings of the backups.

    Every second turn is that of the sites. The other one is that of the tasks, or of the backups when their time has come. The backups
    never keep the tasks from their turn twice in a row.
    """

    def __init__(self, kinds: Collection[str], backups_interval: float) -> None:
        self._tasks = not set(TASK_KINDS).isdisjoint(kinds)
        self._backups = not set(BACKUP_KINDS).isdisjoint(kinds)
        self._sites = self._backups or not set(SITE_KINDS + RELEASE_KINDS).isdisjoint(kinds)
        self._backups_interval = backups_interval
        self._last = ""
        self._tasks_had_to_wait = False
        self._backups_read: float | None = None

    def next(self, now: float) -> str:
        """Return C(sites), C(tasks) or C(backups). now: monotonic seconds."""
        if self._sites and self._last != "sites":
            return "sites"
        are_due = self._backups_read is None or now - self._backups_read >= self._backups_interval
        if self._backups and are_due and not self._tasks_had_to_wait:
            return "backups"
        return "tasks" if self._tasks else "sites"

    def done(self, turn: str, now: float) -> None:
        """Take note of a turn that ended well; one that failed comes again."""
        self._last = turn
        if turn == "backups":
            self._backups_read = now
            self._tasks_had_to_wait = self._tasks
        elif turn == "tasks":
            self._tasks_had_to_wait = False


class Pace:
    """How long to pause between two turns.

    Arguments:
        interval: seconds. uniform: callable(low, high) -> a random number between them.
    """

    def __init__(self, interval: float, uniform: Callable[[float, float], float] = random.uniform) -> None:
        self._interval = interval
        self._uniform = uniform
        self.failures = 0

    def good(self) -> float:
        """Return the seconds to pause after a turn that ended well."""
        self.failures = 0
        return self._interval * self._uniform(1 - _JITTER, 1 + _JITTER)

    def bad(self) -> float:
        """Return the seconds to pause after a turn that failed: twice as long each time."""
        self.failures += 1
        # An exponent that grows for weeks would leave the range of numbers.
        longest = min(self._interval * 2.0 ** min(self.failures, 20), max(MAX_PAUSE, self._interval))
        return longest * self._uniform(0.5, 1)
