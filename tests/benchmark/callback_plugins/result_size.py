# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the size of every result, for the benchmarks."""

import json
import os

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: result_size
type: notification
short_description: Records the sizes of results for the benchmarks
description: See the benchmarks.
"""


class CallbackModule(CallbackBase):
    """Record one line for each task: its name and the size of its result as JSON."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "result_size"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result):
        """Record a successful task."""
        answer = result._result if not hasattr(result, "result") else result.result
        line = {"task": result.task_name if hasattr(result, "task_name") else result._task.name,
                "bytes": len(json.dumps(answer, default=str))}
        with open(os.environ["RESULT_SIZE_FILE"], "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
