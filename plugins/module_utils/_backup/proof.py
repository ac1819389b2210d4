# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What the works of all states of a backup share: reading again, and proof. This is a private util of the collection."""

from __future__ import annotations

import abc
from typing import Any, Generic, TypeVar

from .._base.errors import TaskError
from .._core.plan import Plan, Step
from .._core.work import Work
from .._install.fields import install_result
from .._redaction.labels import is_secret_name
from .._wire.client import Answer, Client
from .fields import backup_result
from .plan import id_of

Desired = TypeVar("Desired")


class BackupWork(Work, Generic[Desired]):
    """What is done about backups in one state (see Work). A state says how all is now, and what a step left undone.

    Arguments:
        client: a Client. desired: what the user wants.
    """

    def __init__(self, client: Client, desired: Desired) -> None:
        self._client = client
        self.desired = desired

    @abc.abstractmethod
    def now(self, current: Any) -> Any:
        """Return the state as it is now, as far as steps change it. Raises ItronError."""

    @abc.abstractmethod
    def missing(self, step: Step, current: Any, now: Any) -> str | None:
        """Return what the server does not show of a step, as words, or None if all is there; pure."""

    def look(self, step: Step, current: Any) -> Any:
        """Return the state as a step left it that failed."""
        return self.now(current)

    def moved(self, before: Any, after: Any) -> bool:
        """Say whether there are other backups than before."""
        return {id_of(row) for row in before.backups} != {id_of(row) for row in after.backups}

    def is_applied(self, step: Step, current: Any) -> bool:
        """Say whether the server shows that a step was carried out."""
        return not self.missing(step, current, self.now(current))

    def read_again(self, plan: Plan, current: Any, answer: Answer | None) -> Any:
        """Return the state after the last step. Raises TaskError if the server does not show what was done."""
        now = self.now(current)
        for step in plan.steps:
            self.check(step, current, now)
        return now

    def check(self, step: Step, current: Any, now: Any) -> None:
        """Raise TaskError if the server does not show what a step did."""
        missing = self.missing(step, current, now)
        if missing:
            raise TaskError("%s: the server reported success, but %s" % (step.command, missing), command=step.command, stage="verify",
                            hint="Look into the server's log; run the play again to see what is left to do.")

    def result(self, current: Any) -> dict[str, Any]:
        """Return the documented result."""
        return {"install": install_result(current.install, is_secret_name), "backup": backup_result(current.backup),
                "backups": [backup_result(row) for row in current.backups]}


def still_listed(step: Step, rows: list[dict[str, Any]]) -> str | None:
    """Return words if the backup that a step removes is among rows, or None."""
    id = step.arguments["id"]
    return "the backup %s is still listed" % id if id in {id_of(row) for row in rows} else None


def new_rows(before: list[dict[str, Any]], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of backups that were not there before."""
    old = {id_of(row) for row in before}
    return [row for row in rows if id_of(row) not in old]
