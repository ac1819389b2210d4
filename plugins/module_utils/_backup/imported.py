# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""An archive that is to be a backup: state C(imported). This is a private util of the collection."""

from __future__ import annotations

from .._core.plan import Plan, Step
from .find import with_filename
from .plan import CurrentBackup, DesiredImported, NoBackup, filename_of, plan_imported, youngest_first
from .proof import BackupWork, new_rows


class ImportedWork(BackupWork[DesiredImported]):
    """Imports an archive (see BackupWork)."""

    def read(self) -> CurrentBackup | NoBackup:
        """Return the backup that has the archive, and all others. Raises ItronError."""
        rows = youngest_first(self._client.backups())
        backup = with_filename(rows, self.desired.path)
        return NoBackup(rows) if backup is None else CurrentBackup(backup, rows)

    def plan(self, current: CurrentBackup | NoBackup) -> Plan:
        """Return the Plan for the current state; pure."""
        return plan_imported(self.desired, current)

    def predict(self, plan: Plan, current: CurrentBackup | NoBackup) -> CurrentBackup:
        """Return the state as it is expected to be after the plan; only the name of the archive is known of a new backup."""
        if isinstance(current, CurrentBackup):
            return current
        row = {"backup-filename": filename_of(self.desired.path)}
        return CurrentBackup(row, [row] + current.backups)

    def now(self, current: NoBackup) -> CurrentBackup | NoBackup:
        """Return the state with the backups that are there now; an archive may have got another name."""
        found = self.read()
        new = new_rows(current.backups, found.backups)
        return CurrentBackup(new[0], found.backups) if isinstance(found, NoBackup) and new else found

    def missing(self, step: Step, current: NoBackup, now: CurrentBackup | NoBackup) -> str | None:
        """Return what the server does not show of the import, as words, or None."""
        return "the backup is not listed" if isinstance(now, NoBackup) else None

    def shortfall(self, plan: Plan, current: CurrentBackup) -> list[str]:
        """Return a warning for an archive that the server lists under another name: it would not be found again."""
        if with_filename([current.backup], self.desired.path):
            return []
        return ["path: the server lists the archive as %s; the next run will try to import it again" % current.backup.get("backup-filename")]
