# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write every result to a file, like a callback that sends results elsewhere, and set faults before tasks.

The file named by RESULTS_PLAN contains {task name: requests to the control interface}. They are not in a task variable,
because Ansible would print them.
"""

import json
import os

import requests
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: results_dump
type: notification
short_description: Writes every result to a file
description: See the tests.
requirements: [requests]
"""


class CallbackModule(CallbackBase):
    """Write a line of JSON for each result and each loop item."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "results_dump"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._control = os.environ["RESULTS_CONTROL"]
        self._name = None
        self._http = requests.Session()
        self._http.trust_env = False
        with open(os.environ["RESULTS_PLAN"], encoding="utf-8") as file:
            self._plan = json.load(file)

    def v2_playbook_on_task_start(self, task, is_conditional):
        """Clear the faults of the previous task, and set those of this task."""
        self._name = task.name
        for method, path, body in [["DELETE", "/faults", None]] + self._plan.get(task.name, []):
            self._http.request(method, self._control + path, json=body, timeout=30).raise_for_status()

    def v2_runner_on_ok(self, result):
        """Write the result of a successful task."""
        self._write("ok", result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        """Write the result of a failed task."""
        self._write("failed", result)

    def v2_runner_item_on_ok(self, result):
        """Write the result of a successful loop item."""
        self._write("item", result)

    def v2_runner_item_on_failed(self, result):
        """Write the result of a failed loop item."""
        self._write("failed item", result)

    def v2_runner_retry(self, result):
        """Write the result of an attempt that is retried."""
        self._write("retry", result)

    def v2_runner_on_async_poll(self, result):
        """Write the result of a poll of an asynchronous task."""
        self._write("poll", result)

    def _write(self, kind, result):
        """Write one line."""
        answer = result.result if hasattr(result, "result") else result._result
        line = {"task": self._name, "kind": kind, "result": json.loads(json.dumps(answer, default=str))}
        with open(os.environ["RESULTS_FILE"], "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
