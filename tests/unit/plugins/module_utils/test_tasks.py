# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for tasks, with a clock that only tests advance."""

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import (
    ReplyError,
    TaskError,
    TransportError,
    WaitTimeoutError,
)
from ansible_collections.hostops.installatron.plugins.module_utils._core.tasks import (
    MAX_PAUSE,
    Waiting,
    find_running,
    state_of,
    task_result,
    wait_for_task,
)
from ansible_collections.hostops.installatron.plugins.module_utils._fleet.snapshot import SharedWaiting
from ansible_collections.hostops.installatron.plugins.module_utils._redaction.redact import Redactor

TASK = {"id": "7", "status": "processing", "cmd": "install", "url": "http://a.example"}


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self):
        self.time = 0.0
        self.sleeps = []

    def now(self):
        """Return the seconds slept so far."""
        return self.time

    def sleep(self, seconds):
        """Let time pass."""
        self.sleeps.append(seconds)
        self.time += seconds


class Client:
    """Returns the given lists of tasks. The last one is returned repeatedly."""

    def __init__(self, *lists):
        self.lists = list(lists)
        self.redactor = Redactor(["secret-of-the-task"])
        self.asked = 0

    def tasks(self):
        """Return or raise the next list."""
        self.asked += 1
        rows = self.lists.pop(0) if len(self.lists) > 1 else self.lists[0]
        if isinstance(rows, Exception):
            raise rows
        return rows


def wait(client, is_applied=lambda: False, timeout=60.0, settle=5.0, lines=None):
    """Wait for TASK; return (what wait_for_task returns, the clock)."""
    clock = Clock()
    report = (lambda text: None) if lines is None else lines.append
    return wait_for_task(client, TASK, Waiting(True, timeout, 2.0, settle, clock), is_applied, report), clock


def rows(status, **more):
    """Return a list with another task and with TASK in a given status."""
    return [dict(TASK, id="8", status="failed"), dict(TASK, status=status, **more)]


@pytest.mark.parametrize("status", ["complete", "Completed", " done ", "success"])
def test_wait_done(status):
    task, clock = wait(Client(rows("processing"), rows(status)))
    assert task["status"] == status
    assert clock.sleeps == [0.5, 0.5]


def test_clock_sleeps():
    real = Waiting(True, 1.0, 1.0, 1.0).clock
    start = real.now()
    real.sleep(0.01)
    assert 0.01 <= real.now() - start < 5.0


def test_pauses_grow_to_limit():
    client = Client(*[rows("processing")] * 10, rows("complete"))
    clock = wait(client, timeout=900.0)[1]
    assert clock.sleeps == [0.5, 0.5, 1.0, 3.0, 5.0] + [MAX_PAUSE] * 6


@pytest.mark.parametrize(("interval", "looks"), [(0.2, 14), (0.5, 12), (2.0, 9), (5.0, 8), (10.0, 6), (45.0, 2)])
def test_polls_per_minute_bounded(interval, looks):
    clock = Clock()
    moments = list(Waiting(True, 900.0, interval, 5.0, clock).looks(59.9))
    # There is an additional poll at the timeout.
    assert len(moments) - 1 <= looks


@pytest.mark.parametrize("status", ["failed", "Error", "cancelled"])
def test_wait_failed_reason_without_secrets(status):
    with pytest.raises(TaskError) as caught:
        wait(Client(rows(status, message="disk full, secret-of-the-task")))
    assert "disk full" in caught.value.message and "secret-of-the-task" not in caught.value.message
    assert caught.value.stage == "wait"


@pytest.mark.parametrize("status", ["postponed", "", None, "queued"])
def test_wait_unknown_status_is_running(status):
    client = Client(rows(status))
    with pytest.raises(WaitTimeoutError) as caught:
        wait(client, timeout=10.0)
    assert "10 seconds" in caught.value.message and "itron_task_info" in caught.value.hint
    assert client.asked > 3


def test_last_poll_at_timeout():
    clock = Clock()
    looks = list(Waiting(True, 10.0, 2.0, 5.0, clock).looks(10.0))
    assert looks[-1] == 10.0
    assert sum(clock.sleeps) == 10.0


def test_wait_task_gone_applied():
    answers = iter([False, True])
    task, _clock = wait(Client(rows("processing", percentMin=40), []), is_applied=lambda: next(answers))
    assert task == dict(TASK, percentMin=40)


def test_wait_task_gone_not_applied():
    asked = []
    # The task is listed, missing, listed again and then missing. The settle time starts at the last disappearance.
    client = Client(rows("processing"), [], *[rows("processing")] * 3, [])
    with pytest.raises(TaskError) as caught:
        wait(client, is_applied=lambda: asked.append(client.asked), settle=12.0)
    assert "no longer listed" in caught.value.message and asked == [2, 6, 7, 8]


def test_wait_unreadable_list_tolerated():
    client = Client(TransportError("broken"), ReplyError("html"), rows("complete"))
    assert wait(client)[0]["status"] == "complete"


def test_wait_unreadable_list_fails():
    with pytest.raises(TransportError):
        wait(Client(TransportError("broken")), settle=4.0)


def test_wait_progress():
    lines = []
    wait(Client(rows("processing", percentMin=40, message="copying"), rows("complete")), lines=lines)
    assert lines == ["install http://a.example 40 % copying, 0 s"]


@pytest.mark.parametrize(("row", "state"), [({"status": "complete"}, "done"), ({"status": "FAILED"}, "failed"),
                                            ({"status": "processing"}, "running"), ({}, "running")])
def test_state_of(row, state):
    assert state_of(row) == state


def test_task_result():
    result = task_result({"id": 7, "percentMin": "40", "time": "1380560311", "cmd": "install"})
    assert (result["id"], result["percent_min"], result["cmd"], result["user"]) == ("7", 40, "install", None)
    assert result["time"] == "2013-09-30T16:58:31Z"


def test_find_running():
    rows_of = [dict(TASK, install="x", status="complete"), dict(TASK, install="x", cmd="upgrade"), dict(TASK, id="9")]
    assert find_running(Client(rows_of), "upgrade", "x", "a.example")["cmd"] == "upgrade"
    assert find_running(Client(rows_of), "install", None, "a.example")["id"] == "9"
    assert find_running(Client(rows_of), "install", "x", "a.example") is None
    assert find_running(Client(rows_of), "install", None, "b.example") is None


def test_task_result_of_empty_row():
    assert task_result({})["id"] is None


class Board:
    """A list of one task that completes at a given age. It records the age at each poll."""

    def __init__(self, clock, age):
        self.clock, self.age, self.begun, self.looks = clock, age, clock.now(), []

    def tasks(self):
        """Return the list with the current status."""
        passed = self.clock.now() - self.begun
        self.looks.append(round(passed, 3))
        return [{"id": "1", "cmd": "backup", "status": "complete" if passed >= self.age else "processing"}]


def polls_of(waiting, age):
    """Return the ages at which a task that completes at a given age is polled."""
    board = Board(waiting.clock, age)
    for _passed in waiting.polls(60, "backup"):
        # The TaskBoard does the same.
        waiting.clock.sleep(waiting.gathering)
        state = state_of(board.tasks()[0])
        waiting.saw("backup", waiting.clock.now() - board.begun, state == "done")
        if state == "done":
            return board.looks
        waiting.clock.sleep(0.2)
    raise AssertionError("the task did not complete within the polls")


def test_sparing_polls_learn_duration():
    waiting = SharedWaiting(True, 60, 0.2, 5, Clock(), sparing=True)
    number = [len(polls_of(waiting, 1.0)) for _task in range(8)]
    assert number[0] == 6 and set(number[-3:]) == {1}
    # A slower task is polled until it completes and does not affect later tasks.
    assert len(polls_of(waiting, 3.0)) > 5
    assert len(polls_of(waiting, 1.0)) == 1


def test_sparing_polls_per_command_and_limit():
    waiting = SharedWaiting(True, 60, 0.2, 5, Clock(), sparing=True)
    waiting.saw("upgrade", 500.0, True)
    assert polls_of(waiting, 1.0)[0] == round(waiting.gathering, 3)
    begin = waiting.clock.now()
    assert list(waiting.polls(3.0, "upgrade")) == [] and waiting.clock.now() - begin == 3.0
    assert next(waiting.polls(60.0, "upgrade")) == MAX_PAUSE


def test_polls_immediate_unless_sparing():
    waiting = SharedWaiting(True, 60, 0.2, 5, Clock())
    polls_of(waiting, 1.0)
    assert polls_of(waiting, 1.0)[0] == 0.0 and waiting.gathering == 0.0
