# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Restore of a backup: state C(restored). This is a private util of the collection."""

from __future__ import annotations

from typing import Any

from .._base.errors import InputError
from .._base.url import identity_of
from .._core.plan import Plan, Step
from .._core.tasks import state_of
from .find import at_target, find_backup, restored_row, siblings
from .plan import CurrentRestored, DesiredRestored, id_of, plan_restored, target_of
from .proof import BackupWork


class RestoredWork(BackupWork[DesiredRestored]):
    """Restores a backup (see BackupWork)."""

    def read(self) -> CurrentRestored:
        """Read the backup and the target of the restore. Raises ItronError, and InputError if the backup does not exist."""
        name = self.desired.name
        backup = find_backup(self._client, name)
        if backup is None:
            raise InputError("%s: the server has no backup %s%s for this user" % (name.option, name.text, " of %s" % name.install if name.install else ""),
                             hint="itron_backup_info lists the backups.")
        install, occupant = at_target(self._client.installs(), self.desired, backup)
        # If a restore makes no difference, its only trace is a new task.
        tasks = frozenset(id_of(row) for row in self._client.tasks())
        return CurrentRestored(backup, siblings(self._client, backup), install, occupant, tasks)

    def plan(self, current: CurrentRestored) -> Plan:
        """Return the Plan for the current state; pure."""
        return plan_restored(self.desired, current)

    def predict(self, plan: Plan, current: CurrentRestored) -> CurrentRestored:
        """Return the expected state after the plan. An application at a new URL has no id."""
        backup = current.backup
        id = None if self.desired.url else backup.get("backup-install")
        row = dict(current.install or backup, id=id, url=target_of(self.desired, backup), version=backup.get("version"))
        return current._replace(install=row)

    def running(self, step: Step, current: CurrentRestored) -> dict[str, Any] | None:
        """Return the task of a step whose reply was lost, in any state, or None."""
        return next(iter(self._restores(current)), None)

    def earlier(self, step: Step, current: CurrentRestored) -> dict[str, Any] | None:
        """Return a running task with the same effect as a step, from before this run, or None."""
        return next((row for row in self._restores(current._replace(tasks=frozenset())) if state_of(row) == "running"), None)

    def _restores(self, current: CurrentRestored) -> list[dict[str, Any]]:
        """Return the new tasks, in any state, that restore to the target."""
        own, place = str(current.backup.get("backup-install")), identity_of(target_of(self.desired, current.backup))
        return [row for row in self._client.tasks() if str(row.get("cmd")) == "restore" and id_of(row) not in current.tasks
                and (str(row.get("install")) == own or identity_of(str(row.get("url"))) == place)]

    def now(self, current: CurrentRestored) -> CurrentRestored:
        """Read the current application and return the state."""
        return current._replace(install=restored_row(self._client.installs(), self.desired, current.backup))

    def missing(self, step: Step, current: CurrentRestored, now: CurrentRestored) -> str | None:
        """Return a description of the missing effect on the application, or None."""
        wanted = current.backup.get("version")
        if now.install is None:
            return "the application is not listed"
        if wanted and str(now.install.get("version")) != str(wanted):
            return "version %s is installed instead of %s" % (now.install.get("version"), wanted)
        return None

    def look(self, step: Step, current: CurrentRestored) -> CurrentRestored:
        """Read the state after a failed step. It contains new tasks, because a failed restore may have changed files."""
        now = self.now(current)
        return now._replace(tasks=current.tasks.union(id_of(row) for row in self._restores(current)))

    def moved(self, before: CurrentRestored, after: CurrentRestored) -> bool:
        """Return whether a restore was started, or the installed version has changed."""
        return before.tasks != after.tasks or _version(before.install) != _version(after.install)

    def is_applied(self, step: Step, current: CurrentRestored) -> bool:
        """Return whether the server shows the effect of a step. A restore of the same version is only visible as a task."""
        now = self.now(current)
        return _version(now.install) != _version(current.install) and not self.missing(step, current, now)

    def finished(self, step: Step, current: CurrentRestored) -> bool:
        """Return whether the application shows the effect of a step whose task the server no longer lists."""
        return not self.missing(step, current, self.now(current))


def _version(install: dict[str, Any] | None) -> tuple[str, str] | None:
    """Return the id and version of an application, or None."""
    return None if install is None else (id_of(install), str(install.get("version")))
