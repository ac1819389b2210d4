# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The options and the work of itron_task_info. This is a private util of the collection."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .._base.errors import TaskError, WaitTimeoutError
from .._base.url import id_or_url, identity_of, site_identity
from .._core.argspec import CONNECTION, HEADER, ArgumentSpec
from .._core.connection import waiting_of
from .._core.operation import Operation
from .._core.tasks import progress, readings, state_of, task_result
from .._core.work import ReadWork
from .._wire.client import Client, hint_for

if TYPE_CHECKING:
    from .._redaction.redact import Redactor

TASK_INFO = ArgumentSpec({
    "ids": {"type": "list", "elements": "str"},
    "install": {"type": "str"},
    "wait": {"type": "bool", "default": False},
    "wait_timeout": {"type": "float", "default": 900},
    "poll_interval": {"type": "float", "default": 2},
    "fail_on_error": {"type": "bool", "default": True},
})

# Seconds until a new task is listed.
GRACE = 5.0


class Watch:
    """The history of the requested tasks over several polls of C(tasks); pure.

    Arguments:
        ids: the requested ids, or None for all tasks.
        install: callable(row) -> bool that returns whether a task belongs to the requested installed application.
    """

    def __init__(self, ids: list[str] | None, install: Callable[[dict[str, Any]], bool]) -> None:
        self._ids = ids
        self._install = install
        self._seen: dict[str, dict[str, Any]] = {}
        self._listed: frozenset[str] = frozenset()
        self._initially_running: list[str] = []
        self._polled = False

    def look(self, rows: list[dict[str, Any]]) -> None:
        """Add the rows of one poll."""
        found = {str(row.get("id")): row for row in rows if self._is_asked_for(row)}
        self._seen.update(found)
        self._listed = frozenset(found)
        if not self._polled:
            self._polled = True
            self._initially_running = [id for id, row in found.items() if state_of(row) == "running"]

    def _is_asked_for(self, row: dict[str, Any]) -> bool:
        return (self._ids is None or str(row.get("id")) in self._ids) and self._install(row)

    def _awaited(self) -> list[str]:
        """Return the ids of the tasks to wait for: the requested ones, or those that were running at the first poll."""
        return self._initially_running if self._ids is None else self._ids

    def state(self, id: str) -> str:
        """Return C(running), C(done) or C(failed) for a task, or C(gone) if it was running when it was last listed."""
        state = state_of(self._seen[id])
        return "gone" if state == "running" and id not in self._listed else state

    @property
    def missing(self) -> list[str]:
        """The ids that were never listed."""
        return [id for id in self._ids or () if id not in self._seen]

    def waited(self, state: str) -> list[dict[str, Any]]:
        """Return the rows of the tasks to wait for that are in a state."""
        return [self._seen[id] for id in self._awaited() if id in self._seen and self.state(id) == state]

    def tasks(self) -> list[dict[str, Any]]:
        """Return the documented results of the requested tasks, in the order of the ids if there are any."""
        order = self._seen if self._ids is None else [id for id in self._ids if id in self._seen]
        return [dict(task_result(row), state=self.state(id), errcode=_text(row.get("errcode")))
                for id, row in ((id, self._seen[id]) for id in order)]


def _text(value: object) -> str | None:
    return str(value) if value else None


class TaskInfoWork(ReadWork):
    """The work of itron_task_info.

    Arguments:
        client: a Client. params: the validated options of the task.
    """

    def __init__(self, client: Client, params: dict[str, Any]) -> None:
        self._client = client
        self._waiting = waiting_of(params)
        self._fail_on_error = params["wait"] and params["fail_on_error"]
        ids = params.get("ids")
        self._ids = None if ids is None else list(dict.fromkeys(id.strip() for id in ids))
        self._install = None if params.get("install") is None else id_or_url(params["install"], "install")

    def read(self) -> Watch:
        """Read the tasks, with wait until they finish or time out, and return the Watch. Raises ItronError."""
        watch = Watch(self._ids, self._matches_install)
        watch.look(self._client.tasks())
        if self._waiting.wait:
            self._wait(watch)
        return watch

    def _matches_install(self, row: dict[str, Any]) -> bool:
        if self._install is None:
            return True
        if self._install.is_url:
            return identity_of(str(row.get("url") or "")) == site_identity(self._install.text)
        return str(row.get("install") or "") == self._install.text

    def _wait(self, watch: Watch) -> None:
        """Poll until all tasks have finished, or until the timeout."""
        if not _is_pending(watch, 0):
            return
        for passed, rows in readings(self._client, self._waiting, self._waiting.looks(self._waiting.timeout)):
            watch.look(rows)
            if not _is_pending(watch, passed):
                return
            running = watch.waited("running")
            if running:
                self.report("%d still running: %s" % (len(running), progress(running[0], passed, self._client.redactor)))

    def check(self, current: Watch) -> list[str]:
        """Return a warning about tasks with an unknown outcome. Raises ItronError for tasks that failed, timed out or are missing."""
        if not self._waiting.wait:
            return []
        failed = current.waited("failed")
        if failed and self._fail_on_error:
            raise _failed(failed, self._client.redactor)
        running = current.waited("running")
        if running:
            raise WaitTimeoutError(
                "tasks: %s still running after %g seconds" % (_names(running), self._waiting.timeout),
                stage="wait", command="tasks", hint="The server continues the work. Run this task again, or increase wait_timeout.")
        if current.missing and self._fail_on_error:
            raise TaskError(
                "ids: the server lists no task %s" % ", ".join(current.missing), stage="wait", command="tasks",
                hint="The id or user is wrong, or the task finished long ago. itron_install_info shows "
                     "the result.")
        gone = current.waited("gone")
        if not gone:
            return []
        return ["tasks: the server no longer lists %s, whose outcome is unknown; itron_install_info shows the result" % _names(gone)]

    def result(self, current: Watch) -> dict[str, Any]:
        """Return the documented result."""
        return {"tasks": current.tasks(), "missing": current.missing}


def _is_pending(watch: Watch, passed: float) -> bool:
    """Return whether there are tasks to wait for. passed: seconds since the first poll."""
    return bool(watch.waited("running")) or (bool(watch.missing) and passed < GRACE)


def _failed(rows: list[dict[str, Any]], redactor: Redactor) -> TaskError:
    """Return the error for failed tasks, with the error code of the first one."""
    errcode = redactor.foreign(rows[0]["errcode"]) if rows[0].get("errcode") else None
    reasons = ["%s failed: %s" % (_name(row), redactor.foreign(row.get("message") or row.get("status"))) for row in rows]
    return TaskError("tasks: %s" % "; ".join(reasons), stage="wait", command="tasks", errcode=errcode,
                     hint=hint_for(errcode) or "The reason comes from the server. Fix the cause, then start the operation again.")


def _name(row: dict[str, Any]) -> str:
    """Return a readable name of a task."""
    details = [str(row[name]) for name in ("cmd", "url") if row.get(name)]
    return "task %s (%s)" % (row.get("id"), ", ".join(details) or "no details")


def _names(rows: list[dict[str, Any]]) -> str:
    """Return the readable names of tasks."""
    return ", ".join(_name(row) for row in rows)


OPERATION = Operation("itron_task_info", TASK_INFO.merge(CONNECTION, HEADER), TaskInfoWork,
                      {"tasks": [], "missing": []})
