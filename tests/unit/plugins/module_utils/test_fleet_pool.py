# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pool of itron_installs: order, size, errors, and interruptions."""

import subprocess
import sys
import threading

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._fleet.pool import in_pool

INTERRUPTED = """
import os, signal, sys, threading
from ansible_collections.hostops.installatron.plugins.module_utils._fleet.pool import in_pool

# Background jobs of a shell inherit an ignored SIGINT.
signal.signal(signal.SIGINT, signal.default_int_handler)
started = []
def wait(item):
    started.append(item)
    if len(started) == 2:
        os.kill(os.getpid(), signal.SIGINT)
    threading.Event().wait(60)
try:
    in_pool(wait, range(5), 2)
except KeyboardInterrupt:
    print(sorted(started), flush=True)
    sys.exit(7)
"""


def test_items_once_and_bounded_parallelism():
    barrier, seen, most = threading.Barrier(2, timeout=10), [], []

    def work(item):
        # The barrier passes only if two threads run at the same time.
        barrier.wait()
        most.append(threading.active_count())
        seen.append(item)

    before = threading.active_count()
    in_pool(work, range(6), 2)
    assert sorted(seen) == list(range(6))
    assert max(most) <= before + 2


def test_items_empty():
    in_pool(pytest.fail, [], 4)


def test_error_stops_pool():
    seen = []

    def work(item):
        seen.append(item)
        raise AssertionError("item %d" % item)

    with pytest.raises(AssertionError, match="item 0"):
        in_pool(work, range(5), 1)
    assert seen == [0]


def test_interrupt_does_not_wait_for_threads():
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], env={"PYTHONPATH": ":".join(sys.path)}, timeout=20,
                          capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (7, "[0, 1]\n", "")
