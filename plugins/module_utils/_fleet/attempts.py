# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Attempts for one site among many. This is a private util of the collection."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .._base.errors import ItronError, WaitTimeoutError, shortened
from .._base.url import identity_of
from .._core.operation import Attempt, Operation
from .._core.tasks import readings, state_of
from .._core.work import silent
from .snapshot import SiteClient, Snapshot, VisitNeeded

if TYPE_CHECKING:
    from .._core.tasks import Waiting
    from .._install.work import InstallWork
    from .._redaction.redact import Redactor
    from .._wire.client import Client


class SiteAttempt(Attempt):
    """An Attempt for one site among many. It plans from a Snapshot and runs against the server.

    Arguments:
        operation, redactor, check_mode: see Attempt. client: a SiteClient of the Snapshot. snapshot: the server's state before
        the first write. waiting: a Waiting. params: the options of the site.

    C(found) is the row of the application before the first write, or None. Raises InputError for invalid options.
    """

    work: InstallWork
    _client: SiteClient

    def __init__(self, operation: Operation, redactor: Redactor, check_mode: bool, client: SiteClient, snapshot: Snapshot, waiting: Waiting,
                 params: dict[str, Any]) -> None:
        # Silent because the run writes one line for each finished site.
        super().__init__(operation, redactor, check_mode, silent)
        self._snapshot = snapshot
        self.found: dict[str, Any] | None = None
        # Called after each planning. Raises ItronError if the plan must not run.
        self.approval: Callable[[], None] | None = None
        self.start(client, waiting, params)

    @property
    def row(self) -> dict[str, Any] | None:
        """The row of the application in the current state, or None."""
        row: dict[str, Any] | None = self.current.row
        return row

    def prepare_from_lists(self) -> bool:
        """Plan from the lists. Return False if the plan needs a visit to the site; prepare() may then make it."""
        try:
            self.prepare()
        except VisitNeeded:
            self._client.may_visit = True
            return False
        return True

    def prepare(self) -> None:
        """Read and plan. Raises ItronError."""
        super().prepare()
        self.found = self.found or self.row
        if self.approval is not None:
            self.approval()

    def carry_out(self) -> None:
        """Run the plan. Raises ItronError."""
        self._client.go_live()
        super().carry_out()

    def clean(self, text: str) -> str:
        """Return a text without the secrets of the site, the task, and the lists."""
        return shortened(self._snapshot.redactor.text(self.redactor.text(text)))

    def failure_text(self, error: ItronError) -> str:
        """Return why the site failed, in one line."""
        return shortened(error.text(self.clean))

    def failure(self, error: ItronError) -> dict[str, Any]:
        """Return the failure of the site for the result."""
        cleaned = {name: self.clean(value) if isinstance(value, str) else value for name, value in error.failure().items()}
        return dict(cleaned, msg=self.failure_text(error))

    def earlier_task(self) -> dict[str, Any] | None:
        """Return the running task of an earlier run that works on the site, or None."""
        row = self.row or {}
        return self._snapshot.running_at(row.get("id"), self.work.desired.url or row.get("url"))


class BackupAttempt(SiteAttempt):
    """An Attempt to back up one site. It first waits for any task of an earlier run on the site."""

    def prepare(self) -> None:
        """Read the backups and plan. Raises ItronError. C(older) contains the rows of the existing backups."""
        super().prepare()
        self.older: list[dict[str, Any]] = self.current.backups

    @property
    def row(self) -> dict[str, Any]:
        """The row of the application in the current state."""
        row: dict[str, Any] = self.current.install
        return row

    def earlier_task(self) -> dict[str, Any] | None:
        """Return the running task of an earlier run that works on the site, or None."""
        return self._snapshot.running_at(self.row.get("id"), self.row.get("url"))


def is_at_work(tasks: list[dict[str, Any]], id: object, site: str) -> bool:
    """Return whether one of the tasks (rows of C(tasks)) for a site is running. id: of the application. site: the identity of its URL."""
    return any(state_of(row) == "running" and (str(row.get("install")) == str(id) or identity_of(row.get("url")) == site) for row in tasks)


def wait_until_idle(client: Client, waiting: Waiting, id: object, site: str) -> None:
    """Wait until no task for a site is running; see is_at_work. Raises WaitTimeoutError, or the error of reading C(tasks)."""
    for _passed, rows in readings(client, waiting, waiting.polls(waiting.timeout)):
        if not is_at_work(rows, id, site):
            return
    raise WaitTimeoutError("a task for the site was still running after %g seconds" % waiting.timeout, stage="wait", command="tasks")
