# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Import of an archive as a backup: state C(imported). This is a private util of the collection."""

from __future__ import annotations

from .._core.plan import Plan, Step
from .find import with_filename
from .plan import CurrentBackup, DesiredImported, NoBackup, filename_of, plan_imported, youngest_first
from .proof import BackupWork, new_rows


class ImportedWork(BackupWork[DesiredImported]):
    """Imports an archive (see BackupWork)."""

    def read(self) -> CurrentBackup | NoBackup:
        """Read the backup with the archive, and all other backups. Raises ItronError."""
        rows = youngest_first(self._client.backups())
        backup = with_filename(rows, self.desired.path)
        return NoBackup(rows) if backup is None else CurrentBackup(backup, rows)

    def plan(self, current: CurrentBackup | NoBackup) -> Plan:
        """Return the Plan for the current state; pure."""
        return plan_imported(self.desired, current)

    def predict(self, plan: Plan, current: CurrentBackup | NoBackup) -> CurrentBackup:
        """Return the expected state after the plan. A new backup only contains the name of its archive."""
        if isinstance(current, CurrentBackup):
            return current
        row = {"backup-filename": filename_of(self.desired.path)}
        return CurrentBackup(row, [row] + current.backups)

    def now(self, current: NoBackup) -> CurrentBackup | NoBackup:
        """Read the current backups and return the state. The server may have renamed the archive."""
        found = self.read()
        new = new_rows(current.backups, found.backups)
        return CurrentBackup(new[0], found.backups) if isinstance(found, NoBackup) and new else found

    def missing(self, step: Step, current: NoBackup, now: CurrentBackup | NoBackup) -> str | None:
        """Return a description of the missing effect of the import, or None."""
        return "the backup is not listed" if isinstance(now, NoBackup) else None

    def shortfall(self, plan: Plan, current: CurrentBackup) -> list[str]:
        """Return a warning about a renamed archive, which the next run cannot find."""
        if with_filename([current.backup], self.desired.path):
            return []
        return ["path: the server lists the archive as %s; the next run tries to import it again" % current.backup.get("backup-filename")]
