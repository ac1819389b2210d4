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

# Whoever runs the tests in the background may have them ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)
begun = []
def wait(item):
    begun.append(item)
    if len(begun) == 2:
        os.kill(os.getpid(), signal.SIGINT)
    threading.Event().wait(60)
try:
    in_pool(wait, range(5), 2)
except KeyboardInterrupt:
    print(sorted(begun), flush=True)
    sys.exit(7)
"""


def test_every_item_once_and_no_more_at_a_time_than_asked_for():
    barrier, seen, most = threading.Barrier(2, timeout=10), [], []

    def work(item):
        # Only passes if two are at work; the pool has six items and threads for two.
        barrier.wait()
        most.append(threading.active_count())
        seen.append(item)

    before = threading.active_count()
    in_pool(work, range(6), 2)
    assert sorted(seen) == list(range(6))
    assert max(most) <= before + 2


def test_nothing_to_do():
    in_pool(pytest.fail, [], 4)


def test_the_first_error_is_raised_and_nothing_more_is_begun():
    seen = []

    def work(item):
        seen.append(item)
        raise AssertionError("item %d" % item)

    with pytest.raises(AssertionError, match="item 0"):
        in_pool(work, range(5), 1)
    assert seen == [0]


def test_an_interruption_does_not_wait_for_the_threads():
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], env={"PYTHONPATH": ":".join(sys.path)}, timeout=20,
                          capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (7, "[0, 1]\n", "")
