# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Lines of progress for many sites. This is a private util of the collection."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .._core.tasks import Clock
    from .._core.work import Report


# Failures that the message of the task tells in full; all of them are in the results.
MAX_TOLD = 5


def told_first(sentences: Iterable[str], count: int, where: str) -> str:
    """Return the first of the sentences on failures as one text, with the number of the others. count: of all. where: what has all of them."""
    told = list(itertools.islice(sentences, MAX_TOLD))
    return "; ".join(told + (["%d more are in the %s" % (count - MAX_TOLD, where)] if count > MAX_TOLD else []))


class Progress:
    """Counts finished sites and writes a line for each of them.

    Arguments:
        report: callable(text, always=False); what is not marked as always may be left out when lines come fast.
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
        """Say how many sites have something to be done; the time left is reckoned from now on."""
        self._to_do = count
        self._work_start = self._clock.now()

    def unchanged(self, url: str) -> None:
        """Count a site that is as it should be. Lists that are through in a moment stay without lines."""
        with self._lock:
            self._finished += 1
            if self._clock.now() - self._start >= 1:
                self._report("%s ok %s" % (self._counter(), url))

    def finished(self, what: str, url: str, details: str, seconds: float, worked: bool = True) -> None:
        """Count a site that is not as it was, or not as it should be.

        Arguments:
            what: changed, failed ... details: what was done, or the reason. seconds: that it took. worked: whether it is one
            of those that something was to be done about.
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
        """Return the time that is left in words, or nothing when all is done."""
        if not 0 < self._done < self._to_do:
            return ""
        seconds = (self._clock.now() - self._work_start) / self._done * (self._to_do - self._done)
        return "about %d min left" % round(seconds / 60) if seconds >= 90 else "about %d s left" % max(round(seconds), 1)
