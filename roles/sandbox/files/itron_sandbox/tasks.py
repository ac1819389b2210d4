# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Background work: the list of tasks (section 3.16) and the threads that execute them.

The specification shows one status, ``processing``. A finished task has the status ``complete`` or ``failed``.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time

from .errors import Interrupted, Refusal

LABELS = {"install": "_tasks_installing", "import": "_tasks_importing", "backup": "_tasks_backuping",
          "upgrade": "_tasks_upgrading", "clone": "_tasks_cloning", "restore": "_tasks_restoring",
          "delete": "_tasks_deleting", "uninstall": "_tasks_uninstalling"}
STEPS = 4


class Progress:
    """Spreads work over `seconds` in STEPS steps and reports each step; `failure` is raised before the last step."""

    def __init__(self, seconds, stop, report=None, failure=None):
        self._seconds = seconds
        self._stop = stop
        self._report = report
        self._failure = failure
        self._done = 0

    def step(self, message):
        """Begin the next step; raise Interrupted if the program stops."""
        if self._report:
            self._report(min(99, self._done * 100 // STEPS), min(99, (self._done + 1) * 100 // STEPS - 1),
                         int(self._seconds * 1000 / STEPS), message)
        self._done += 1
        if self._stop.wait(self._seconds / STEPS):
            raise Interrupted()
        if self._failure and self._done >= STEPS - 1:
            failure, self._failure = self._failure, None
            raise failure


class Tasks:
    """The tasks of the state, and the threads of this process that execute them."""

    def __init__(self, store, settings, stop):
        self._store = store
        self._settings = settings
        self._stop = stop
        self._threads = set()

    def recover(self):
        """Mark tasks as failed if their process is gone (after a restart of the sandbox)."""
        for key, pid, text in self._store.query("SELECT id, pid, row FROM tasks WHERE finished IS NULL"):
            if not _alive(pid):
                self._finish(key, json.loads(text), "failed", "Error: The task was interrupted.")

    def abandon(self):
        """Mark the unfinished tasks that no thread executes (task_never_ends) as failed; return their ids."""
        if self._threads:
            raise ValueError("tasks are running")
        found = self._store.query("SELECT id, row FROM tasks WHERE finished IS NULL")
        for key, text in found:
            self._finish(key, json.loads(text), "failed", "Error: The task was canceled.")
        return [key for key, _text in found]

    def create(self, call, plan):
        """Store a new task and return its row in the form of the sample."""
        now = time.time()
        row = {"id": "%016d%02d" % (now * 1000000, random.randrange(100)), "user": plan.owner,
               "ws_label": plan.label, "url": plan.url, "title": plan.title, "label": LABELS[call.command],
               "status": "processing", "rate": 0, "percentMin": 0, "percentMax": 0, "message": "_tasks_shared_starting",
               "cmd": call.command, "install": plan.install, "time": int(now)}
        self._store.change("INSERT INTO tasks VALUES (?, ?, ?, NULL, 0, ?, ?)",
                           (row["id"], row["user"], os.getpid(), json.dumps(row), json.dumps(call.arguments)))
        return row

    def start(self, row, work, fault, release):
        """Execute `work(progress)`, which returns the id of the install, in a thread.

        `fault` changes the outcome. `release()` is called at the end, even if a fault prevents the work.
        """
        if fault and fault.get("status"):
            self._change(row, status=fault["status"])
        elif fault and fault["fault"] == "task_unknown_status":
            self._change(row, status="postponed")
        thread = threading.Thread(target=self._run, args=(row, work, fault, release), daemon=True)
        self._threads.add(thread)
        thread.start()

    def spawn(self, row):
        """Execute the task in another process, because this process is a command that exits at once."""
        command = [sys.executable, "-m", "itron_sandbox", "work", "--state", str(self._store.directory),
                   "--task", row["id"]]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, start_new_session=True)
        self._store.change("UPDATE tasks SET pid = ? WHERE id = ?", (process.pid, row["id"]))

    def load(self, key):
        """Return (row, arguments) of a task."""
        row, arguments = self._store.one("SELECT row, arguments FROM tasks WHERE id = ?", (key,))
        return json.loads(row), json.loads(arguments)

    def _run(self, row, work, fault, release):
        """Execute the work of a task; the target of a thread."""
        try:
            self.work(row, work, fault)
        finally:
            release()
            self._threads.discard(threading.current_thread())

    def work(self, row, work, fault=None):
        """Execute the work of a task and store the outcome."""
        name = fault["fault"] if fault else None
        seconds = self._settings["task_seconds"]
        if name == "task_never_ends":
            return
        if name == "task_vanishes" and fault.get("done") is False:
            self._stop.wait(seconds)
            self._finish(row["id"], row, "failed", "", hidden=True)
            return
        failure = None
        if name == "task_fails":
            failure = Refusal(fault.get("message", "Error: The task failed."), fault.get("errcode"))
        try:
            install = work(Progress(seconds, self._stop, lambda *state: self._progress(row, *state), failure))
        except Refusal as refusal:
            self._finish(row["id"], row, "failed", refusal.message, hidden=name == "task_vanishes")
            return
        except Interrupted:
            self._finish(row["id"], row, "failed", "Error: The task was interrupted.")
            return
        except Exception as error:  # Store the failure for the task list, then re-raise.
            self._finish(row["id"], row, "failed", "Error: Internal error: %s" % type(error).__name__)
            raise
        if name == "task_unknown_status" and fault.get("forever"):
            return
        row["install"] = install or row["install"]
        self._finish(row["id"], row, "complete", "_tasks_shared_complete", hidden=name == "task_vanishes")

    def _progress(self, row, low, high, rate, message):
        """Store the progress of a task."""
        self._change(row, percentMin=low, percentMax=high, rate=rate, message=message)

    def _change(self, row, **members):
        """Store changed members of a task's row."""
        row.update(members)
        self._store.change("UPDATE tasks SET row = ? WHERE id = ?", (json.dumps(row), row["id"]))

    def _finish(self, key, row, status, message, hidden=False):
        """Store the final status of a task."""
        row.update(status=status, message=message)
        if status == "complete":
            row.update(percentMin=100, percentMax=100)
        hidden = hidden or self._settings["finished_tasks"] == "vanish"
        self._store.change("UPDATE tasks SET row = ?, finished = ?, hidden = ?, arguments = '{}' WHERE id = ?",
                           (json.dumps(row), time.time(), int(hidden), key))

    def entries(self, users=None, hidden=False):
        """Return the rows of running and recently finished tasks of `users`, or of all users."""
        oldest = time.time() - self._settings["finished_seconds"]
        rows = self._store.query("SELECT user, row FROM tasks WHERE hidden <= ? AND (finished IS NULL OR finished > ?)"
                                 " ORDER BY rowid", (int(hidden), oldest))
        return [json.loads(row) for user, row in rows if users is None or user in users]

    def idle(self, seconds):
        """Wait at most `seconds` for the tasks of this process; return whether all have finished."""
        deadline = time.monotonic() + seconds
        for thread in list(self._threads):
            thread.join(max(0, deadline - time.monotonic()))
        return not self._threads


def _alive(pid):
    """Return whether `pid` is a running process other than this one."""
    if not pid or pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
