# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Attempts at one site of many. This is a private util of the collection."""

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
    """An Attempt at one site of many: it plans from a Snapshot and carries out with the server.

    Arguments:
        operation, redactor, check_mode: see Attempt. client: a SiteClient of the Snapshot. snapshot: what the server had
        before the first write. waiting: a Waiting. params: the options of the site.

    C(found) is the row that was there before, if any. Raises InputError for options that cannot be.
    """

    work: InstallWork
    _client: SiteClient

    def __init__(self, operation: Operation, redactor: Redactor, check_mode: bool, client: SiteClient, snapshot: Snapshot, waiting: Waiting,
                 params: dict[str, Any]) -> None:
        # With many sites, a line for each finished one is enough.
        super().__init__(operation, redactor, check_mode, silent)
        self._snapshot = snapshot
        self.found: dict[str, Any] | None = None
        # Called after each planning; raises ItronError if the plan must not be carried out.
        self.approval: Callable[[], None] | None = None
        self.start(client, waiting, params)

    @property
    def row(self) -> dict[str, Any] | None:
        """The row of the application in the current state, or None."""
        row: dict[str, Any] | None = self.current.row
        return row

    def prepare_from_lists(self) -> bool:
        """Plan from what the lists say; return False if only a visit of the site tells enough, which prepare() then makes."""
        try:
            self.prepare()
        except VisitNeeded:
            self._client.may_visit = True
            return False
        return True

    def prepare(self) -> None:
        """Read and plan; raises ItronError."""
        super().prepare()
        self.found = self.found or self.row
        if self.approval is not None:
            self.approval()

    def carry_out(self) -> None:
        """Carry out the plan; raises ItronError."""
        self._client.go_live()
        super().carry_out()

    def clean(self, text: str) -> str:
        """Return a text without the secrets of the site, of the task, and of the lists."""
        return shortened(self._snapshot.redactor.text(self.redactor.text(text)))

    def told(self, error: ItronError) -> str:
        """Return why the site failed, in one line."""
        return shortened(error.text(self.clean))

    def failure(self, error: ItronError) -> dict[str, Any]:
        """Return what the result says of why the site failed."""
        cleaned = {name: self.clean(value) if isinstance(value, str) else value for name, value in error.failure().items()}
        return dict(cleaned, msg=self.told(error))

    def earlier_task(self) -> dict[str, Any] | None:
        """Return the running task of an earlier run that works on the site, or None."""
        row = self.row or {}
        return self._snapshot.running_at(row.get("id"), self.work.desired.url or row.get("url"))


class BackupAttempt(SiteAttempt):
    """An Attempt at a backup of one site; it waits for whatever an earlier run left running on the site."""

    def prepare(self) -> None:
        """Read the backups and plan; raises ItronError. C(older) has the rows of the backups that are there."""
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
    """Say whether one of the tasks (rows of C(tasks)) still works on a site. id: of the application. site: the identity of its URL."""
    return any(state_of(row) == "running" and (str(row.get("install")) == str(id) or identity_of(row.get("url")) == site) for row in tasks)


def wait_until_idle(client: Client, waiting: Waiting, id: object, site: str) -> None:
    """Wait until the server does nothing to a site any more; see is_at_work. Raises WaitTimeoutError, or the error of a list that cannot be read."""
    for _passed, rows in readings(client, waiting, waiting.polls(waiting.timeout)):
        if not is_at_work(rows, id, site):
            return
    raise WaitTimeoutError("a task of it still ran after %g seconds" % waiting.timeout, stage="wait", command="tasks")
