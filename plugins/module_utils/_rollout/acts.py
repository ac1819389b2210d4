# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The commands for the stages of a site: update, backup, and restore. This is a private util of the collection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._backup.fields import backup_result
from .._backup.proof import new_rows
from .._backup.work import OPERATION as BACKUP_OPERATION
from .._backup.work import made_params
from .._base.errors import TaskError
from .._base.url import identity_of
from .._fleet.attempts import BackupAttempt, SiteAttempt
from .._install.work import OPERATION as INSTALL_OPERATION
from .._installs.items import site_params
from .case import Case

if TYPE_CHECKING:
    from .._core.operation import Attempt
    from .._fleet.fleet import Fleet
    from .._fleet.snapshot import SiteClient


class Acts:
    """Creates the attempts of one run. fleet: a Fleet. revert: whether the server reverts a failed update from its own backup."""

    def __init__(self, fleet: Fleet, revert: bool) -> None:
        self._fleet = fleet
        self._revert = revert

    def update(self, case: Case) -> SiteAttempt:
        """Return the attempt that updates a site. Raises InputError for invalid options."""
        options = case.options
        values = {"id": case.id, "version": options.version, "plugins": options.plugins, "themes": options.themes, "revert": self._revert}
        params = site_params({name: value for name, value in values.items() if value not in (None, [])})
        return self._fleet.attempt(SiteAttempt, INSTALL_OPERATION, options.header, params)

    def backup(self, case: Case) -> BackupAttempt:
        """Return the attempt that backs up a site."""
        header = case.options.header
        return self._fleet.attempt(BackupAttempt, BACKUP_OPERATION, header, made_params({"install": case.id, "force": True}, header.get("user")))

    def restore(self, case: Case) -> Attempt:
        """Return the attempt that restores the backup of this run. It does not use the snapshot."""
        values = {"state": "restored", "install": case.id, "id": (case.backup or {}).get("id")}
        return self._fleet.live_attempt(BACKUP_OPERATION, case.options.header, made_params(values, case.options.header.get("user")))

    def client(self, case: Case) -> SiteClient:
        """Return a client for a site that does not use the snapshot."""
        return self._fleet.client(case.options.header)


def made_backup(attempt: BackupAttempt, version: str | None) -> dict[str, Any]:
    """Return the backup that an attempt created, as verdicts show it. Raises TaskError if it cannot be restored.

    Arguments:
        version: the version of the application that the backup must contain.
    """
    fresh = new_rows(attempt.older, attempt.current.backups)
    backup = backup_result(fresh[0]) if fresh else None
    if backup is None or not backup["size"] or backup["version"] != version:
        raise TaskError("the new backup is empty or contains another version" if fresh else "the server reported a new backup but does not list it")
    return {name: backup[name] for name in ("id", "filename", "size", "time", "version")}


def found_row(client: SiteClient, case: Case) -> dict[str, Any] | None:
    """Return the row of a site by its id, or else by its URL because a restore may assign a new id. Return None if there is none."""
    row = client.install(str(case.id))
    return row or next((row for row in client.installs() if identity_of(row.get("url")) == identity_of(case.url)), None)
