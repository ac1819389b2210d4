# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Determines which list is read next, and when; pure functions. This is a private util of the collection."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection

from .event import BACKUP_KINDS, RELEASE_KINDS, SITE_KINDS, TASK_KINDS

# Maximum pause after failures, in seconds. A longer interval takes precedence.
MAX_PAUSE = 900.0
# Maximum relative deviation of a pause from the interval, so that sources that start together do not send requests together.
_JITTER = 0.1


class Turns:
    """Selects the list to read in each interval.

    Arguments:
        kinds: of the events to emit. backups_interval: seconds between two readings of the backups.

    Every second turn reads the sites. The other turns read the tasks, or the backups if these are due. The backups never replace the
    tasks twice in a row.
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
        """Return C(sites), C(tasks), or C(backups). now: monotonic seconds."""
        if self._sites and self._last != "sites":
            return "sites"
        are_due = self._backups_read is None or now - self._backups_read >= self._backups_interval
        if self._backups and are_due and not self._tasks_had_to_wait:
            return "backups"
        return "tasks" if self._tasks else "sites"

    def done(self, turn: str, now: float) -> None:
        """Record a successful turn. Without this call, the turn is repeated."""
        self._last = turn
        if turn == "backups":
            self._backups_read = now
            self._tasks_had_to_wait = self._tasks
        elif turn == "tasks":
            self._tasks_had_to_wait = False


class Pace:
    """Calculates the pause between two turns.

    Arguments:
        interval: seconds. uniform: callable(low, high) -> a random number between them.
    """

    def __init__(self, interval: float, uniform: Callable[[float, float], float] = random.uniform) -> None:
        self._interval = interval
        self._uniform = uniform
        self.failures = 0

    def good(self) -> float:
        """Return the seconds to pause after a successful turn."""
        self.failures = 0
        return self._interval * self._uniform(1 - _JITTER, 1 + _JITTER)

    def bad(self) -> float:
        """Return the seconds to pause after a failed turn. The pause doubles with each failure."""
        self.failures += 1
        # Limit the exponent, because it could overflow after weeks of failures.
        longest = min(self._interval * 2.0 ** min(self.failures, 20), max(MAX_PAUSE, self._interval))
        return longest * self._uniform(0.5, 1)
