# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A recent backup, and retention: state C(present). This is a private util of the collection."""

from __future__ import annotations

import time
from typing import Any

from .._base.url import identity_of
from .._core.model import number
from .._core.plan import Plan, Step
from .._core.tasks import find_running
from .._install.origin import find_install
from .find import backups_of
from .plan import CurrentPresent, DesiredPresent, id_of, needs_backup, plan_present, surplus
from .proof import BackupWork, new_rows, still_listed


class PresentWork(BackupWork[DesiredPresent]):
    """Creates a backup of an installed application, and removes surplus backups (see BackupWork)."""

    def read(self) -> CurrentPresent:
        """Read the installed application and its backups. Raises ItronError."""
        install = find_install(self._client, self.desired.install, "install")
        return CurrentPresent(install, backups_of(self._client, id_of(install), install.get("url")), time.time())

    def plan(self, current: CurrentPresent) -> Plan:
        """Return the Plan for the current state; pure."""
        return plan_present(self.desired, current)

    def predict(self, plan: Plan, current: CurrentPresent) -> CurrentPresent:
        """Return the expected state after the plan. A new backup lacks the values that the server assigns."""
        new = needs_backup(self.desired, current)
        removed = surplus(self.desired, current, new)
        rows = [row for row in current.backups if row not in removed]
        if new:
            shared = {name: value for name, value in current.install.items() if name not in ("id", "backup-time", "cache-time")}
            rows.insert(0, dict(shared, **{"backup-install": id_of(current.install), "backup-expiry": self.desired.expiry}))
        return current._replace(backups=rows)

    def running(self, step: Step, current: CurrentPresent) -> dict[str, Any] | None:
        """Return the task of a step whose reply was lost, or None."""
        return find_running(self._client, step.command, id_of(current.install), identity_of(current.install.get("url")))

    def now(self, current: CurrentPresent) -> CurrentPresent:
        """Read the current backups and return the state."""
        return current._replace(backups=backups_of(self._client, id_of(current.install), current.install.get("url")))

    def missing(self, step: Step, current: CurrentPresent, now: CurrentPresent) -> str | None:
        """Return a description of the missing effect of a step, or None."""
        if step.command == "delete":
            return still_listed(step, now.backups)
        new = new_rows(current.backups, now.backups)
        if not new:
            return "no new backup is listed"
        return "the archive of the new backup %s is empty" % id_of(new[0]) if number(new[0].get("cache-archive")) == 0 else None

    def verify(self, step: Step, current: CurrentPresent) -> None:
        """Raise TaskError unless the server lists the new backup, before old backups are removed."""
        if step.command == "backup":
            self.check(step, current, self.now(current))
