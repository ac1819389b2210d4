# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Waiting for background tasks (section 3.16) and for the outcome of lost replies. This is a private util of the collection."""

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

# The specification shows "processing" and no other status. These statuses are unambiguous; any other status means "still running"
# until the deadline.
DONE = frozenset(("complete", "completed", "processed", "done", "finished", "success", "successful", "succeeded", "ok"))
FAILED = frozenset(("fail", "failed", "failure", "error", "errored", "aborted", "cancelled", "canceled", "killed", "interrupted"))
# Maximum pause between two polls, in seconds.
MAX_PAUSE = 10.0
# First pause if the interval is long, in seconds.
FIRST_PAUSE = 0.25
# The first pauses, as fractions of the interval. Within a minute, they cause no more polls than pauses that start at the interval.
_PACE = (0.25, 0.25, 0.5, 1.5, 2.5)


class Clock:
    """Monotonic time, wall-clock time, and sleeping. Tests replace it."""

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
        """Wait for a number of seconds."""
        time.sleep(seconds)


class Waiting:
    """Duration and frequency of polling.

    Arguments:
        wait: whether to wait for a background task, rather than return it.
        timeout: seconds to wait for one task. interval: basic interval of the polls in seconds. The first pauses are shorter, the
            later ones grow up to MAX_PAUSE.
        settle: seconds to wait for the effect of a command whose reply was lost. clock: a Clock.

    C(gathering) is the number of seconds that a shared read of a list waits for other threads that need the list.
    """

    gathering = 0.0

    def __init__(self, wait: bool, timeout: float, interval: float, settle: float, clock: Clock | None = None) -> None:
        self.wait = wait
        self.timeout = float(timeout)
        self.interval = float(interval)
        self.settle = float(settle)
        self.clock = clock or Clock()

    def looks(self, seconds: float) -> Iterator[float]:
        """Yield the elapsed seconds before each poll. The last poll is at the end of the given seconds."""
        start = self.clock.now()
        for pause in self._pauses():
            passed = self.clock.now() - start
            if passed >= seconds:
                return
            self.clock.sleep(min(pause, seconds - passed))
            yield self.clock.now() - start

    def _pauses(self) -> Iterator[float]:
        """Yield the pauses between polls: short ones first, because many tasks finish quickly, then longer ones."""
        if self.interval >= MAX_PAUSE:
            # A long interval requests few polls.
            yield FIRST_PAUSE
            yield from itertools.repeat(self.interval)
        for part in _PACE:
            yield min(self.interval * part, MAX_PAUSE)
        pause = self.interval * _PACE[-1]
        while True:
            pause = min(pause * 2, MAX_PAUSE)
            yield pause

    def polls(self, seconds: float, command: str = "") -> Iterator[float]:
        """Yield the elapsed seconds before each poll of C(tasks).

        Arguments:
            command: command of the task. Subclasses use it to estimate the duration.
        """
        return self.looks(seconds)

    def saw(self, command: str, age: float, is_over: bool) -> None:
        """Record the observation of a task.

        Arguments:
            command: command of the task. age: seconds since its start. is_over: whether it was complete.
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
    """Yield (elapsed seconds, rows of C(tasks)) for each poll.

    Failed polls are skipped, because the tasks continue on the server. Raises the error if the list is unreadable for the settle time.
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
    """Wait for a task to finish, and return its last known row.

    Arguments:
        client: a Client. task: the row of the task in the reply. waiting: a Waiting.
        is_applied: callable() -> bool that reads whether the object shows the effect of the task. It is called if the task is no
            longer listed.
        report: callable(text) for progress lines.

    Raises TaskError if the task failed, and WaitTimeoutError if it did not finish in time.
    """
    name, seen, gone, command = str(task.get("id")), dict(task), None, str(task.get("cmd"))
    start = waiting.clock.now()
    for passed, rows in readings(client, waiting, waiting.polls(waiting.timeout, command)):
        row = next((row for row in rows if str(row.get("id")) == name), None)
        if row is None:
            # The server eventually stops listing finished tasks. The object shows whether the task was successful.
            gone = passed if gone is None else gone
            if is_applied():
                return seen
            if passed - gone >= waiting.settle:
                raise TaskError("task %s is no longer listed, but the server does not show its result" % name, stage="wait",
                                hint="Check the server's log, then run the play again.")
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
                            errcode=errcode, hint=hint_for(errcode) or "The reason comes from the server. Fix the cause, then run the play again.")
        report(progress(row, passed, client.redactor))
    raise WaitTimeoutError(
        "task %s was still running after %g seconds" % (name, waiting.timeout), stage="wait",
        hint="The task continues on the server. Follow it with hostops.installatron.itron_task_info, or increase wait_timeout.")


def find_running(client: Client, command: str, id: str | None, url_identity: str) -> dict[str, Any] | None:
    """Return the running task of a command for one application, or None. A new application without an id is found by its URL."""
    for row in client.tasks():
        about = str(row.get("install") or "") == str(id) if id else identity_of(str(row.get("url") or "")) == url_identity
        if about and str(row.get("cmd")) == command and state_of(row) == "running":
            return row
    return None


def progress(row: dict[str, Any], passed: float, redactor: Redactor) -> str:
    """Return a progress line.

    Arguments:
        row: row of C(tasks). passed: elapsed seconds. redactor: a Redactor.
    """
    percent = number(row.get("percentMin"))
    parts = [str(row.get("cmd") or "task"), str(row.get("url") or row.get("id"))]
    if percent is not None:
        parts.append("%d %%" % percent)
    if row.get("message"):
        parts.append(redactor.foreign(row["message"]))
    return redactor.text("%s, %d s" % (" ".join(parts), passed))
