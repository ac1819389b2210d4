# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Waiting: a clock, background tasks (section 3.16), and the settling of a lost answer. This is a private util of the collection."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from .._base.errors import ReplyError, TaskError, TransportError, WaitTimeoutError
from .._base.url import identity_of
from .._wire.client import Client, hint_for
from .model import iso_time, number

if TYPE_CHECKING:
    from .._redaction.redact import Redactor

# The specification shows "processing" and names no other status. These words can mean nothing else; any other status
# counts as "still running" until the deadline.
DONE = frozenset(("complete", "completed", "processed", "done", "finished", "success", "successful", "succeeded", "ok"))
FAILED = frozenset(("fail", "failed", "failure", "error", "errored", "aborted", "cancelled", "canceled", "killed", "interrupted"))
# The longest pause between two looks, in seconds.
MAX_PAUSE = 10.0
# The shortest pause that a long interval does not stretch, in seconds.
FIRST_PAUSE = 0.25
# The first pauses, in parts of the interval. Over a minute these are no more looks than pauses that grow from the interval on.
_PACE = (0.25, 0.25, 0.5, 1.5, 2.5)


class Clock:
    """Seconds that only grow, the time of day, and sleeping; tests put their own in its place."""

    @staticmethod
    def now() -> float:
        """Return monotonic seconds."""
        return time.monotonic()

    @staticmethod
    def wall() -> float:
        """Return Unix time."""
        return time.time()

    @staticmethod
    def sleep(seconds: float) -> None:
        """Wait for some seconds."""
        time.sleep(seconds)


class Waiting:
    """How long and how often to look.

    Arguments:
        wait: False to return a running task instead of waiting for it.
        timeout: seconds to wait for one task. interval: seconds that set the pace of the looks: the first ones are closer,
            the later ones up to MAX_PAUSE apart.
        settle: seconds in which a lost answer may turn out to have arrived. clock: a Clock.

    C(gathering) is the seconds that a reading of a list that is shared waits for others who want it, too.
    """

    gathering = 0.0

    def __init__(self, wait: bool, timeout: float, interval: float, settle: float, clock: Clock | None = None) -> None:
        self.wait = wait
        self.timeout = float(timeout)
        self.interval = float(interval)
        self.settle = float(settle)
        self.clock = clock or Clock()

    def looks(self, seconds: float) -> Iterator[float]:
        """Yield the seconds passed before each look, until the time is over; the last look is at the very end."""
        start = self.clock.now()
        for pause in self._pauses():
            passed = self.clock.now() - start
            if passed >= seconds:
                return
            self.clock.sleep(min(pause, seconds - passed))
            yield self.clock.now() - start

    def _pauses(self) -> Iterator[float]:
        """Yield the seconds between two looks: short ones at first, for much work is over in a moment, then longer ones."""
        if self.interval >= MAX_PAUSE:
            # Somebody wants few looks.
            yield FIRST_PAUSE
            yield from itertools.repeat(self.interval)
        for part in _PACE:
            yield min(self.interval * part, MAX_PAUSE)
        pause = self.interval * _PACE[-1]
        while True:
            pause = min(pause * 2, MAX_PAUSE)
            yield pause

    def polls(self, seconds: float, command: str = "") -> Iterator[float]:
        """Yield the seconds passed before each look at C(tasks), until the time is over.

        Arguments:
            command: of the task that is waited for, for those who know how long it takes.
        """
        return self.looks(seconds)

    def saw(self, command: str, age: float, is_over: bool) -> None:
        """Take note of a look at a task.

        Arguments:
            command: of the task. age: seconds since it was begun. is_over: whether it was done by then.
        """


def task_result(row: dict[str, Any]) -> dict[str, Any]:
    """Return the documented result for a task (section 3.16)."""
    texts = {name: None if row.get(name) is None else str(row[name])
             for name in ("id", "user", "ws_label", "url", "title", "label", "status", "message", "cmd", "install")}
    return dict(texts, percent_min=number(row.get("percentMin")), percent_max=number(row.get("percentMax")),
                rate=number(row.get("rate")), time=iso_time(row.get("time")))


def state_of(row: dict[str, Any]) -> str:
    """Return C(done), C(failed) or C(running) for a task."""
    status = str(row.get("status") or "").strip().lower()
    return "done" if status in DONE else "failed" if status in FAILED else "running"


def readings(client: Client, waiting: Waiting, looks: Iterator[float]) -> Iterator[tuple[float, list[dict[str, Any]]]]:
    """Yield (seconds passed, rows of C(tasks)) for each look.

    The work goes on without us: a look that fails is left out. Raises the error of a list that stays unreadable for the settle time.
    """
    broken = None
    for passed in looks:
        try:
            rows = client.tasks()
        except (TransportError, ReplyError):
            broken = passed if broken is None else broken
            if passed - broken >= waiting.settle:
                raise
            continue
        broken = None
        yield passed, rows


def wait_for_task(client: Client, task: dict[str, Any], waiting: Waiting, is_applied: Callable[[], bool],
                  report: Callable[[str], None]) -> dict[str, Any]:
    """Wait until a task is over.

    Arguments:
        client: to read C(tasks) with. task: the table that came with the answer.
        is_applied: callable() -> bool, reads the object again and says whether it shows what the task should do; asked when
            the task is no longer listed.
        report: callable(text) for progress.

    Returns the task as it was last seen.
    Raises TaskError if it failed, WaitTimeoutError if it still ran when the time was over.
    """
    name, seen, gone, command = str(task.get("id")), dict(task), None, str(task.get("cmd"))
    start = waiting.clock.now()
    for passed, rows in readings(client, waiting, waiting.polls(waiting.timeout, command)):
        row = next((row for row in rows if str(row.get("id")) == name), None)
        if row is None:
            # Finished work leaves the list at some time; the object itself tells whether it was done.
            gone = passed if gone is None else gone
            if is_applied():
                return seen
            if passed - gone >= waiting.settle:
                raise TaskError("task %s left the list of tasks, and its result is not to be seen" % name, stage="wait",
                                hint="Look into the server's log; run the play again to see what is left to do.")
            continue
        gone, seen = None, row
        state = state_of(row)
        waiting.saw(command, waiting.clock.now() - start, state == "done")
        if state == "done":
            return row
        if state == "failed":
            foreign = client.redactor.foreign
            errcode = foreign(row["errcode"]) if row.get("errcode") else None
            raise TaskError("task %s failed: %s" % (name, foreign(row.get("message") or row.get("status"))), stage="wait",
                            errcode=errcode, hint=hint_for(errcode) or "The server gives this reason; run the play again when its cause is gone.")
        report(progress(row, passed, client.redactor))
    raise WaitTimeoutError(
        "task %s still ran after %g seconds" % (name, waiting.timeout), stage="wait",
        hint="The work goes on: follow it with hostops.installatron.itron_task_info, or raise wait_timeout.")


def find_running(client: Client, command: str, id: str | None, url_identity: str) -> dict[str, Any] | None:
    """Return the running task of a command on one application, found by its id or, before it has one, by its URL; or None."""
    for row in client.tasks():
        about = str(row.get("install") or "") == str(id) if id else identity_of(str(row.get("url") or "")) == url_identity
        if about and str(row.get("cmd")) == command and state_of(row) == "running":
            return row
    return None


def progress(row: dict[str, Any], passed: float, redactor: Redactor) -> str:
    """Return one line of progress.

    Arguments:
        row: of C(tasks). passed: seconds since the waiting began. redactor: knows the secrets.
    """
    percent = number(row.get("percentMin"))
    parts = [str(row.get("cmd") or "task"), str(row.get("url") or row.get("id"))]
    if percent is not None:
        parts.append("%d %%" % percent)
    if row.get("message"):
        parts.append(redactor.foreign(row["message"]))
    return redactor.text("%s, %d s" % (" ".join(parts), passed))
