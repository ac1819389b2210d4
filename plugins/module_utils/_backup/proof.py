# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The base class for all states of a backup: reading again and verification. This is a private util of the collection."""

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
    """The work of itron_backup for one state (see Work). Subclasses read the current state and detect missing effects.

    Arguments:
        client: a Client. desired: the desired state.
    """

    def __init__(self, client: Client, desired: Desired) -> None:
        self._client = client
        self.desired = desired

    @abc.abstractmethod
    def now(self, current: Any) -> Any:
        """Read the parts of the state that steps change, and return the state. Raises ItronError."""

    @abc.abstractmethod
    def missing(self, step: Step, current: Any, now: Any) -> str | None:
        """Return a description of the missing effect of a step, or None; pure."""

    def look(self, step: Step, current: Any) -> Any:
        """Read the state after a failed step."""
        return self.now(current)

    def moved(self, before: Any, after: Any) -> bool:
        """Return whether the set of backups has changed."""
        return {id_of(row) for row in before.backups} != {id_of(row) for row in after.backups}

    def is_applied(self, step: Step, current: Any) -> bool:
        """Return whether the server shows the effect of a step."""
        return not self.missing(step, current, self.now(current))

    def read_again(self, plan: Plan, current: Any, answer: Answer | None) -> Any:
        """Read the state after the last step. Raises TaskError if an effect is missing."""
        now = self.now(current)
        for step in plan.steps:
            self.check(step, current, now)
        return now

    def check(self, step: Step, current: Any, now: Any) -> None:
        """Raise TaskError if the effect of a step is missing."""
        missing = self.missing(step, current, now)
        if missing:
            raise TaskError("%s: the server reported success, but %s" % (step.command, missing), command=step.command, stage="verify",
                            hint="Check the server's log, then run the play again.")

    def result(self, current: Any) -> dict[str, Any]:
        """Return the documented result."""
        return {"install": install_result(current.install, is_secret_name), "backup": backup_result(current.backup),
                "backups": [backup_result(row) for row in current.backups]}


def still_listed(step: Step, rows: list[dict[str, Any]]) -> str | None:
    """Return a description if the rows contain the backup that a step removes, or None."""
    id = step.arguments["id"]
    return "the backup %s is still listed" % id if id in {id_of(row) for row in rows} else None


def new_rows(before: list[dict[str, Any]], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of new backups."""
    old = {id_of(row) for row in before}
    return [row for row in rows if id_of(row) not in old]
