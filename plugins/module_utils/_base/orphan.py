# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Work for which nobody waits any more ends. This is a private util of the collection.

Before 2.19, ansible-core does not hand the signal that ends ansible-playbook on to the processes that it started, and an
SSH connection that breaks leaves the module on the target behind. Either would go on to begin work, site after site.
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

# Seconds between two looks.
INTERVAL = 0.5


def parent_lives() -> Callable[[], bool]:
    """Return a function that tells whether the process still has the parent that it has now."""
    parent = os.getppid()
    return lambda: os.getppid() == parent


def somebody_reads(descriptor: int = 1) -> Callable[[], bool]:
    """Return a function that tells whether what is written to a file descriptor can still arrive; a pipe knows."""
    poll = select.poll()
    poll.register(descriptor, 0)
    # Nothing was asked for, so what comes is only ever an error: the other end is closed.
    return lambda: not poll.poll(0)


@contextlib.contextmanager
def ended_unless(condition: Callable[[], bool], interval: float = INTERVAL) -> Iterator[None]:
    """End this process with SIGTERM when a condition no longer holds while the block runs.

    Arguments:
        condition: a function without arguments, asked in a thread of its own. interval: seconds between two looks.
    """
    over = threading.Event()

    def look() -> None:
        while not over.wait(interval):
            if not condition():
                os.kill(os.getpid(), signal.SIGTERM)
                return

    _start_deaf(look)
    try:
        yield
    finally:
        over.set()


def _start_deaf(target: Callable[[], None]) -> None:
    """Start a thread to which no signal is delivered: one that it got would not wake the thread that is to handle it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        threading.Thread(target=target, name="itron-orphan", daemon=True).start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
