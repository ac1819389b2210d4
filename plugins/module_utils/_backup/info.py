# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The options and the work of itron_backup_info. This is a private util of the collection."""

from __future__ import annotations

from typing import Any

from .._base.url import id_or_url, identity_of, site_identity
from .._core.argspec import CONNECTION, HEADER, ArgumentSpec
from .._core.model import wanted_members
from .._core.operation import Operation
from .._core.work import ReadWork
from .._install.origin import find_at_url
from .._wire.client import Client
from .fields import BACKUP_COLUMNS, backup_result
from .plan import youngest_first

BACKUP_INFO = ArgumentSpec({
    "install": {"type": "str"},
    "id": {"type": "str"},
    "q": {"type": "str"},
    "owned_accounts": {"type": "bool", "default": False},
    "fields": {"type": "list", "elements": "str"},
    "as_json": {"type": "bool", "default": False},
})


class BackupInfoWork(ReadWork):
    """The work of itron_backup_info.

    Arguments:
        client: a Client. params: the validated options of the task.
    """

    def __init__(self, client: Client, params: dict[str, Any]) -> None:
        self._client = client
        self._id = params.get("id")
        self._q = params.get("q")
        self._scope = {"filter-ownedaccounts": "yes"} if params["owned_accounts"] else {}
        self._fields = wanted_members(params.get("fields"), [column.name for column in BACKUP_COLUMNS])
        self._install = None if params.get("install") is None else id_or_url(params["install"], "install")

    def read(self) -> list[dict[str, Any]]:
        """Read the requested rows of C(backups), the newest first. Raises ItronError."""
        install = self._install_id()
        rows = self._client.backups(q=self._q, id=self._id, pid=install, **self._scope)
        return youngest_first([row for row in rows if self._is_asked_for(row, install)])

    def _install_id(self) -> str | None:
        """Return the id of the requested installed application, or None if none is requested or nothing is installed at its URL."""
        if self._install is None:
            return None
        if not self._install.is_url:
            return self._install.text
        row = find_at_url(self._client, self._install.text, "install", **self._scope)
        return None if row is None else str(row["id"])

    def _is_asked_for(self, row: dict[str, Any], install: str | None) -> bool:
        """Return whether a backup has the requested id, and the requested install or, if that is removed, its URL."""
        if self._id is not None and str(row.get("id")) != self._id:
            return False
        if install is not None:
            # Servers before 4.1.5 ignore pid (section 3.6).
            return str(row.get("backup-install") or install) == install
        return self._install is None or identity_of(row.get("url")) == site_identity(self._install.text)

    def result(self, current: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the documented result."""
        return {"backups": [backup_result(row, self._fields) for row in current]}


OPERATION = Operation("itron_backup_info", BACKUP_INFO.merge(CONNECTION, HEADER), BackupInfoWork, {"backups": []})
