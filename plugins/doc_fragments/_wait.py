# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private documentation fragment: waiting options (WAIT in _core/argspec.py)."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the options that control waiting for tasks."""

    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether to wait until the background tasks on the server finish.
      - Long commands are always sent with the API argument C(background). The module then polls C(tasks) (section
        3.16).
      - With V(false), the module returns the first running task and the expected state. The next run performs the
        remaining steps.
    type: bool
    default: true
  wait_timeout:
    description:
      - Maximum time to wait for one task, in seconds. Must be greater than V(0).
      - If the time is exceeded, the module fails and returns the task. The task continues on the server.
    type: float
    default: 900
  poll_interval:
    description:
      - Interval between two polls of a running task, in seconds. Must be greater than V(0).
      - The first polls follow more quickly, because many tasks finish within seconds. Later intervals increase to 10
        seconds.
      - A module that waits for several tasks polls all of them with one request. It does not exceed the average of one
        poll in each interval.
    type: float
    default: 2
"""

    MANY = r"""
options:
  max_parallel:
    description:
      - Maximum number of sites to process at the same time, from V(1) to V(64).
    type: int
    default: 4
  wait_timeout:
    description:
      - Maximum time to wait for one task, in seconds. Must be greater than V(0).
    type: float
    default: 900
  poll_interval:
    description:
      - Interval between two polls of running tasks, in seconds. Must be greater than V(0). One request covers all sites.
    type: float
    default: 2
"""
