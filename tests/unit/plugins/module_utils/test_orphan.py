# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A process stops when its parent process or the reader of its output has gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._base import orphan as _orphan
from ansible_collections.hostops.installatron.plugins.module_utils._base.orphan import (
    ended_unless,
    parent_lives,
    somebody_reads,
)

# A program that sleeps under a condition. Arguments: the file under test, the name of the condition.
PROGRAM = """
import runpy, sys, time
names = runpy.run_path(sys.argv[1])
with names["ended_unless"](names[sys.argv[2]](), 0.02):
    print("started", flush=True)
    time.sleep(300)
"""


@pytest.fixture
def caught():
    """The SIGTERM signals that the test process receives."""
    numbers = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: numbers.append(number))
    yield numbers
    signal.signal(signal.SIGTERM, before)


def test_condition_false_terminates_process(caught):
    answers = [False, True, True]
    with ended_unless(answers.pop, 0.01):
        limit = time.monotonic() + 60
        while not caught and time.monotonic() < limit:
            time.sleep(0.01)
    assert caught == [signal.SIGTERM] and answers == []


def test_condition_not_polled_after_block(caught):
    asked = []
    with ended_unless(lambda: asked.append(1) or True, 0.01):
        time.sleep(0.1)
    time.sleep(0.05)
    count = len(asked)
    time.sleep(0.1)
    assert count > 0 and len(asked) == count and caught == []


def test_thread_blocks_signals():
    masks = []
    with ended_unless(lambda: masks.append(signal.pthread_sigmask(signal.SIG_BLOCK, ())) or True, 0.01):
        limit = time.monotonic() + 60
        while not masks and time.monotonic() < limit:
            time.sleep(0.01)
    assert {signal.SIGINT, signal.SIGTERM} <= masks[0]
    # The main thread still receives them.
    assert not {signal.SIGINT, signal.SIGTERM} & signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_pipe_reader_gone():
    reading, writing = os.pipe()
    lives = somebody_reads(writing)
    try:
        assert lives()
        os.close(reading)
        assert not lives()
    finally:
        os.close(writing)


@pytest.mark.parametrize("target", ["/dev/null", "file"])
def test_file_always_has_reader(tmp_path, target):
    with open(tmp_path / "file" if target == "file" else target, "wb") as file:
        assert somebody_reads(file.fileno())()


def test_parent_alive():
    assert parent_lives()()


def test_child_stops_when_reader_gone():
    child = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, _orphan.__file__, "somebody_reads"], stdout=subprocess.PIPE
    )
    assert child.stdout.readline() == b"started\n"
    child.stdout.close()
    assert child.wait(10) == -signal.SIGTERM


def test_child_stops_when_parent_gone(tmp_path):
    reading, writing = os.pipe()
    # The shell is the parent that dies. The pipe reaches its end when the child has gone, too.
    shell = subprocess.Popen(
        ["sh", "-c", '"$@" & wait', "sh", sys.executable, "-c", PROGRAM, _orphan.__file__, "parent_lives"],
        stdout=writing,
    )
    os.close(writing)
    with os.fdopen(reading, "rb") as output:
        assert output.readline() == b"started\n"
        shell.kill()
        shell.wait()
        begin = time.monotonic()
        assert output.read() == b""
    assert time.monotonic() - begin < 60
