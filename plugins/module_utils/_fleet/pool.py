# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A bounded pool of threads that can be interrupted immediately. This is a private util of the collection."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from .._base.errors import InputError

# More than this at once would overload a server that also hosts the sites.
MAX_PARALLEL = 64
# Maximum delay of a signal, in seconds.
WAIT = 0.5


def check_parallel(number: int) -> None:
    """Raise InputError for an invalid number of threads."""
    if not 1 <= number <= MAX_PARALLEL:
        raise InputError("max_parallel: must be between 1 and %d" % MAX_PARALLEL)


def in_pool(function: Callable[[Any], object], items: Iterable[Any], size: int) -> None:
    """Call a function for each item in a pool of threads, and return when all calls have finished.

    Arguments:
        function: callable(item). items: in the order of the calls. size: number of threads.

    If a call fails, no further calls start, and its exception is raised when the running calls have finished. An exception
    in this thread (KeyboardInterrupt) is raised immediately: no further calls start, and the threads end with the process. A
    ThreadPoolExecutor would block an interrupted process until the last task on the server has finished.
    """
    queue = deque(items)
    errors: list[BaseException] = []
    threads = [threading.Thread(target=_work, args=(function, queue, errors), daemon=True) for _number in range(min(size, len(queue)))]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                # A signal that arrives just before join() does not interrupt it. Without a timeout, the signal would have no effect.
                thread.join(WAIT)
    except BaseException:
        queue.clear()
        raise
    if errors:
        raise errors[0]


def _work(function: Callable[[Any], object], queue: deque[Any], errors: list[BaseException]) -> None:
    """Call the function for the items sequentially until none is left or a call has failed."""
    while True:
        try:
            item = queue.popleft()
        except IndexError:
            return
        try:
            function(item)
        except BaseException as error:
            # Re-raised in the caller's thread.
            queue.clear()
            errors.append(error)
            return
