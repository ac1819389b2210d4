# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Stops the process when its parent has gone. This is a private util of the collection.

ansible-core before 2.19 does not forward the signal that stops ansible-playbook to its child processes, and a lost SSH connection
leaves the module running on the target. Both would continue to start work, site after site.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Seconds between two checks.
INTERVAL = 0.5


def parent_lives() -> Callable[[], bool]:
    """Return a function that returns whether the process still has its current parent."""
    parent = os.getppid()
    return lambda: os.getppid() == parent


def somebody_reads(descriptor: int = 1) -> Callable[[], bool]:
    """Return a function that returns whether the other end of a file descriptor is still open."""
    poll = select.poll()
    poll.register(descriptor, 0)
    # No events are registered, so poll() only reports errors, such as a closed other end.
    return lambda: not poll.poll(0)


@contextlib.contextmanager
def ended_unless(condition: Callable[[], bool], interval: float = INTERVAL) -> Iterator[None]:
    """Stop this process with SIGTERM if a condition becomes false while the block runs.

    Arguments:
        condition: a function without arguments; a separate thread calls it. interval: seconds between two checks.
    """
    stopped = threading.Event()

    def watch() -> None:
        while not stopped.wait(interval):
            if not condition():
                os.kill(os.getpid(), signal.SIGTERM)
                return

    _start_without_signals(watch)
    try:
        yield
    finally:
        stopped.set()


def _start_without_signals(target: Callable[[], None]) -> None:
    """Start a thread that receives no signals, because a signal must wake the main thread, which handles it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        threading.Thread(target=target, name="itron-orphan", daemon=True).start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
