# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the waiting options (WAIT in _core/argspec.py). This is a private fragment of the collection."""

from __future__ import annotations


class ModuleDocFragment:
    """The options that say how long, and how often, a running task is looked at."""

    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether to wait until the work on the server is over. Long commands always go out with the API argument
        C(background), and the task is then looked for in C(tasks) (section 3.16 of the specification).
      - With V(false), the first task that was left running is returned, the result holds what is expected, and the steps
        after that one are left to the next run.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds to wait for one task, more than V(0). After that the module fails, with the task in its result; the
        work on the server goes on.
    type: float
    default: 900
  poll_interval:
    description:
      - Seconds that set the pace of the looks at a running task, more than V(0).
      - The first looks are closer together, for much work is over in a moment; the pauses then grow to 10 seconds. A module
        that waits for many tasks looks at all of them with one request, and no minute has more looks than one in each
        interval.
    type: float
    default: 2
"""
