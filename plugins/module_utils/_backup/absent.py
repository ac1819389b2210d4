# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Removal of a backup: state C(absent). This is a private util of the collection."""

from __future__ import annotations

from typing import Any

from .._base.url import identity_of
from .._core.plan import Plan, Step
from .._core.tasks import find_running
from .find import find_backup, siblings
from .plan import CurrentBackup, DesiredAbsent, NoBackup, id_of, plan_absent
from .proof import BackupWork, still_listed


class AbsentWork(BackupWork[DesiredAbsent]):
    """Removes a backup (see BackupWork)."""

    def read(self) -> CurrentBackup | NoBackup:
        """Read the backup and the other backups of its application. Raises ItronError."""
        backup = find_backup(self._client, self.desired.name)
        return NoBackup([]) if backup is None else CurrentBackup(backup, siblings(self._client, backup))

    def plan(self, current: CurrentBackup | NoBackup) -> Plan:
        """Return the Plan for the current state; pure."""
        return plan_absent(self.desired, current)

    def predict(self, plan: Plan, current: CurrentBackup | NoBackup) -> NoBackup:
        """Return the expected state after the plan."""
        removed = {step.arguments["id"] for step in plan.steps}
        return NoBackup([row for row in current.backups if id_of(row) not in removed])

    def running(self, step: Step, current: CurrentBackup) -> dict[str, Any] | None:
        """Return the task of a step whose reply was lost, or None."""
        return find_running(self._client, step.command, current.backup.get("backup-install"), identity_of(current.backup.get("url")))

    def now(self, current: CurrentBackup) -> CurrentBackup | NoBackup:
        """Read the current backups and return the state."""
        rows = siblings(self._client, current.backup)
        backup = next((row for row in rows if id_of(row) == id_of(current.backup)), None)
        return NoBackup(rows) if backup is None else CurrentBackup(backup, rows)

    def missing(self, step: Step, current: CurrentBackup, now: CurrentBackup | NoBackup) -> str | None:
        """Return a description of the missing effect of a step, or None."""
        return still_listed(step, now.backups)
