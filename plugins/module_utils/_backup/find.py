# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Search for backups and for the target of a restore (section 3.6). This is a private util of the collection."""

from __future__ import annotations

from typing import Any

from .._base.errors import InputError
from .._base.url import id_or_url, identity_of, site_identity
from .._install.origin import find_at_url
from .._wire.client import Client
from .plan import BackupName, DesiredRestored, filename_of, id_of, owner_of, target_of, youngest_first

# Value of the option id that selects the newest backup of the installed application.
LATEST = "latest"


def backups_of(client: Client, install: str, url: object = None) -> list[dict[str, Any]]:
    """Return the backups of an installed application, the newest first.

    Arguments:
        install: id of the application. url: URL of the application, which identifies it in rows without the id.
    """
    # Servers before 4.1.5 ignore pid (section 3.6) and also list the backups of other applications.
    own = (install, None if url is None else identity_of(url))
    return youngest_first([row for row in client.backups(pid=install) if owner_of(row) in own])


def siblings(client: Client, backup: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all backups of the installed application that a backup belongs to, the newest first."""
    if backup.get("backup-install"):
        return backups_of(client, owner_of(backup), backup.get("url"))
    return youngest_first([row for row in client.backups() if owner_of(row) == owner_of(backup)])


def find_backup(client: Client, name: BackupName) -> dict[str, Any] | None:
    """Return the row of the backup that a task names, or None. Raises InputError if it belongs to another application."""
    candidates = _candidates(client, name)
    if name.option == "file":
        return _with_file(candidates, name.text)
    if name.text == LATEST:
        return candidates[0] if candidates else None
    row = client.backup(name.text)
    if row is not None and name.install is not None and name.text not in {id_of(other) for other in candidates}:
        raise InputError("id: the backup %s belongs to %s, not to install %s" % (name.text, row.get("url"), name.install),
                         hint="Correct id or install.")
    return row


def _candidates(client: Client, name: BackupName) -> list[dict[str, Any]]:
    """Return the backups to search, the newest first. The list is empty if only the id names the backup."""
    if name.install is None:
        return youngest_first(client.backups()) if name.option == "file" else []
    site = id_or_url(name.install, "install")
    if not site.is_url:
        return backups_of(client, site.text)
    install = find_at_url(client, site.text, "install")
    if install is None:
        # Backups of a removed application are found by their URL.
        return youngest_first([row for row in client.backups() if identity_of(row.get("url")) == site_identity(site.text)])
    return backups_of(client, id_of(install), install.get("url"))


def _with_file(rows: list[dict[str, Any]], file: str) -> dict[str, Any] | None:
    """Return the row with this archive, or None. Raises InputError if several rows match."""
    found = [row for row in rows if file in (str(row.get("backup-filename")), str(row.get("file")))]
    if len(found) > 1:
        raise InputError("file: %d backups have this file: %s" % (len(found), ", ".join(id_of(row) for row in found)),
                         hint="Set id instead of file.")
    return found[0] if found else None


def with_filename(rows: list[dict[str, Any]], path: str) -> dict[str, Any] | None:
    """Return the row with the same archive name as a path, or None."""
    return next((row for row in rows if str(row.get("backup-filename")) == filename_of(path)), None)


def at_target(rows: list[dict[str, Any]], desired: DesiredRestored, backup: dict[str, Any]) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return (application that a restore replaces, another application at the target), each a row of C(installs) or None.

    A restore in place replaces the application of the backup. A restore to another URL requires that no application is installed there.
    """
    there = [row for row in rows if identity_of(row.get("url")) == identity_of(target_of(desired, backup))]
    if desired.url:
        return None, there[0] if there else None
    own = next((row for row in rows if id_of(row) == str(backup.get("backup-install"))), None)
    return own, None if own in there or not there else there[0]


def restored_row(rows: list[dict[str, Any]], desired: DesiredRestored, backup: dict[str, Any]) -> dict[str, Any] | None:
    """Return the row of the restored application, or None."""
    if not desired.url and backup.get("backup-install"):
        own = next((row for row in rows if id_of(row) == str(backup["backup-install"])), None)
        if own is not None:
            return own
    return next((row for row in rows if identity_of(row.get("url")) == identity_of(target_of(desired, backup))), None)
