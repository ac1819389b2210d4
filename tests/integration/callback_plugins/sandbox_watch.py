# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records a playbook that runs against the sandbox, for the tests.

Before each task, it sends the requests in the task's variable ``sandbox_before``. If the task runs in check mode, the
sandbox refuses writes. After each task, it writes one line of JSON: the result, the requests that the sandbox received, and the
state of the sandbox. If the variable ``sandbox_host`` is set, the line contains the front page of this host.
"""

import json
import os

import requests
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: sandbox_watch
type: notification
short_description: Records results, requests and state for the integration tests
description: See the tests.
requirements: [requests]
"""


class CallbackModule(CallbackBase):
    """Records one line for each task."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "sandbox_watch"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._file = os.environ["SANDBOX_WATCH_FILE"]
        self._control = os.environ["SANDBOX_WATCH_CONTROL"]
        self._http = requests.Session()
        self._http.trust_env = False
        self._task = None
        self._since = 0

    def v2_playbook_on_task_start(self, task, is_conditional):
        """Prepare the sandbox for a task."""
        self._task = task
        # Sequentially, so that tasks that are still running on the server finish and do not mix with the next task's requests.
        self._call("POST", "/idle", {"seconds": 20})
        self._call("POST", "/settings", {"read_only": False})
        for method, path, body in task.vars.get("sandbox_before") or ():
            self._call(method, path, self._with_id(body))
        self._call("POST", "/settings", {"read_only": bool(task.check_mode)})
        self._since = max([entry["n"] for entry in self._call("GET", "/requests")], default=0)

    def v2_runner_on_ok(self, result):
        """Record a task that succeeded."""
        self._record(result, failed=False)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        """Record a task that failed."""
        self._record(result, failed=True)

    def _record(self, result, failed):
        """Write the line of one task."""
        answer = result._result if not hasattr(result, "result") else result.result
        line = {"name": self._task.name, "failed": failed, "result": json.loads(json.dumps(answer, default=str)),
                "requests": self._call("GET", "/requests?since=%d" % self._since), "state": self._call("GET", "/state"),
                "page": self._page(self._task.vars.get("sandbox_host"))}
        with open(self._file, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def _with_id(self, body):
        """Return a body with the id C(@host) replaced by the id of the install on the host."""
        if not isinstance(body, dict) or not str(body.get("id")).startswith("@"):
            return body
        rows = self._call("GET", "/state")["installs"]
        return dict(body, id=next(row["id"] for row in rows if row["url"].endswith("//" + body["id"][1:])))

    def _page(self, host):
        """Return status and text of the front page of a host."""
        if not host:
            return None
        answer = self._http.get(self._control.replace("/_sandbox", "/"), headers={"Host": host}, timeout=30)
        return {"status": answer.status_code, "text": answer.text}

    def _call(self, method, path, body=None):
        """Send a request to the control interface, or to the API if the path is absolute."""
        url = path if "://" in path else self._control + path
        answer = self._http.request(method, url, json=body, timeout=30)
        answer.raise_for_status()
        answer = answer.json()
        if "://" in path and answer.get("result") is not True:
            raise RuntimeError("the sandbox refused the preparation of %s: %s" % (self._task.name, answer.get("message")))
        return answer
