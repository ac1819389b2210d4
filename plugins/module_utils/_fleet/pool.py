# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A bounded pool of threads that an interruption ends at once. This is a private util of the collection."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from .._base.errors import InputError

# More than this at once would overload a server that also hosts the sites.
MAX_PARALLEL = 64
# Seconds after which a signal is noticed at the latest.
WAIT = 0.5


def check_parallel(number: int) -> None:
    """Refuse a number of threads that cannot be. Raises InputError that names the option."""
    if not 1 <= number <= MAX_PARALLEL:
        raise InputError("max_parallel: must be from 1 to %d" % MAX_PARALLEL)


def in_pool(function: Callable[[Any], object], items: Iterable[Any], size: int) -> None:
    """Call a function for every item, so many at a time, and return when all calls are over.

    Arguments:
        function: callable(item). items: what to call it with, in order. size: number of threads.

    Raises the first exception of a call, when the calls that were already begun are over. An exception in this thread
    (KeyboardInterrupt) leaves at once: nothing more is begun, and the threads end with the process. A ThreadPoolExecutor
    would hold an interrupted process until the last task on the server is over.
    """
    queue = deque(items)
    errors: list[BaseException] = []
    threads = [threading.Thread(target=_work, args=(function, queue, errors), daemon=True) for _number in range(min(size, len(queue)))]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                # A signal that arrives just before the wait does not end it; without a limit it would be lost.
                thread.join(WAIT)
    except BaseException:
        queue.clear()
        raise
    if errors:
        raise errors[0]


def _work(function: Callable[[Any], object], queue: deque[Any], errors: list[BaseException]) -> None:
    """Call the function with one item after the other, until none is left or one of the calls failed."""
    while True:
        try:
            item = queue.popleft()
        except IndexError:
            return
        try:
            function(item)
        except BaseException as error:
            # To be raised where the caller waits; a thread has nobody to tell.
            queue.clear()
            errors.append(error)
            return
