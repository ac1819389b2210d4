# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A backup that is brought back: state C(restored). This is a private util of the collection."""

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
        """Return the backup and the place that it is restored to. Raises ItronError, InputError if there is no such backup."""
        name = self.desired.name
        backup = find_backup(self._client, name)
        if backup is None:
            raise InputError("%s: the server has no backup %s%s for this user" % (name.option, name.text, " of %s" % name.install if name.install else ""),
                             hint="itron_backup_info lists the backups.")
        install, occupant = at_target(self._client.installs(), self.desired, backup)
        # Whoever restores what is there already leaves no other trace than a task that was not listed before.
        tasks = frozenset(id_of(row) for row in self._client.tasks())
        return CurrentRestored(backup, siblings(self._client, backup), install, occupant, tasks)

    def plan(self, current: CurrentRestored) -> Plan:
        """Return the Plan for the current state; pure."""
        return plan_restored(self.desired, current)

    def predict(self, plan: Plan, current: CurrentRestored) -> CurrentRestored:
        """Return the state as it is expected to be after the plan; the id of an application that comes to a new place is missing in it."""
        backup = current.backup
        id = None if self.desired.url else backup.get("backup-install")
        row = dict(current.install or backup, id=id, url=target_of(self.desired, backup), version=backup.get("version"))
        return current._replace(install=row)

    def running(self, step: Step, current: CurrentRestored) -> dict[str, Any] | None:
        """Return the task of a step whose answer got lost, whatever became of it, or None."""
        return next(iter(self._restores(current)), None)

    def earlier(self, step: Step, current: CurrentRestored) -> dict[str, Any] | None:
        """Return a running task that does what a step would do; it was listed before this run began."""
        return next((row for row in self._restores(current._replace(tasks=frozenset())) if state_of(row) == "running"), None)

    def _restores(self, current: CurrentRestored) -> list[dict[str, Any]]:
        """Return the tasks that restore to the place that is meant and were not listed before, whatever became of them."""
        own, place = str(current.backup.get("backup-install")), identity_of(target_of(self.desired, current.backup))
        return [row for row in self._client.tasks() if str(row.get("cmd")) == "restore" and id_of(row) not in current.tasks
                and (str(row.get("install")) == own or identity_of(str(row.get("url"))) == place)]

    def now(self, current: CurrentRestored) -> CurrentRestored:
        """Return the state with the application that is there now."""
        return current._replace(install=restored_row(self._client.installs(), self.desired, current.backup))

    def missing(self, step: Step, current: CurrentRestored, now: CurrentRestored) -> str | None:
        """Return what the server does not show of the application, as words, or None."""
        wanted = current.backup.get("version")
        if now.install is None:
            return "the application is not listed"
        if wanted and str(now.install.get("version")) != str(wanted):
            return "version %s is installed instead of %s" % (now.install.get("version"), wanted)
        return None

    def look(self, step: Step, current: CurrentRestored) -> CurrentRestored:
        """Return the state as a step left it that failed; a restore that came to a task may have put files back."""
        now = self.now(current)
        return now._replace(tasks=current.tasks.union(id_of(row) for row in self._restores(current)))

    def moved(self, before: CurrentRestored, after: CurrentRestored) -> bool:
        """Say whether there was a restore, or something else is installed."""
        return before.tasks != after.tasks or _version(before.install) != _version(after.install)

    def is_applied(self, step: Step, current: CurrentRestored) -> bool:
        """Say whether the server shows that a step was carried out; where all looks as before, only its task does."""
        now = self.now(current)
        return _version(now.install) != _version(current.install) and not self.missing(step, current, now)

    def finished(self, step: Step, current: CurrentRestored) -> bool:
        """Say whether all is as a step leaves it whose task the server had and does not list any more."""
        return not self.missing(step, current, self.now(current))


def _version(install: dict[str, Any] | None) -> tuple[str, str] | None:
    """Return id and version of what is installed, or None."""
    return None if install is None else (id_of(install), str(install.get("version")))
