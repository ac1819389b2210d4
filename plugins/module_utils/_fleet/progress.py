# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Progress lines for many sites. This is a private util of the collection."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .._core.tasks import Clock
    from .._core.work import Report


# Limit of failures in the message of the task. The results contain all of them.
MAX_TOLD = 5


def told_first(sentences: Iterable[str], count: int, where: str) -> str:
    """Return the first failures as one text, with the number of the others. count: of all. where: the return value that contains all."""
    told = list(itertools.islice(sentences, MAX_TOLD))
    return "; ".join(told + (["%d more are in the %s" % (count - MAX_TOLD, where)] if count > MAX_TOLD else []))


class Progress:
    """Counts finished sites and writes a line for each of them.

    Arguments:
        report: callable(text, always=False). Without always, a line may be dropped if lines follow each other quickly.
        total: number of sites. clock: a Clock.
    """

    def __init__(self, report: Report, total: int, clock: Clock) -> None:
        self._report = report
        self._total = total
        self._clock = clock
        self._start = clock.now()
        self._finished = 0
        self._to_do = self._done = 0
        self._work_start = self._start
        self._lock = threading.Lock()

    def begin_work(self, count: int) -> None:
        """Set the number of sites with work. The estimate of the remaining time starts now."""
        self._to_do = count
        self._work_start = self._clock.now()

    def unchanged(self, url: str) -> None:
        """Count a site that needs no change. Write no line in the first second, so that short runs produce no output."""
        with self._lock:
            self._finished += 1
            if self._clock.now() - self._start >= 1:
                self._report("%s ok %s" % (self._counter(), url))

    def finished(self, what: str, url: str, details: str, seconds: float, worked: bool = True) -> None:
        """Count a site that was changed or failed.

        Arguments:
            what: changed, failed, and so on. details: the changes or the reason. seconds: duration. worked: whether the site
            is among those counted by begin_work().
        """
        with self._lock:
            self._finished += 1
            self._done += worked
            parts = ["%s %s %s%s" % (self._counter(), what, url, " " + details if details else ""), "%d s" % seconds]
            left = self._left()
            self._report(", ".join(parts + ([left] if left else [])), always=True)

    def _counter(self) -> str:
        width = len(str(self._total))
        return "[%*d/%d]" % (width, self._finished, self._total)

    def _left(self) -> str:
        """Return the estimated remaining time as a text, or an empty string if all sites are done."""
        if not 0 < self._done < self._to_do:
            return ""
        seconds = (self._clock.now() - self._work_start) / self._done * (self._to_do - self._done)
        return "about %d min left" % round(seconds / 60) if seconds >= 90 else "about %d s left" % max(round(seconds), 1)
