# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Finding backups, and what is in the way of restoring one (section 3.6). This is a private util of the collection."""

from __future__ import annotations

from typing import Any

from .._base.errors import InputError
from .._base.url import id_or_url, identity_of, site_identity
from .._install.origin import find_at_url
from .._wire.client import Client
from .plan import BackupName, DesiredRestored, filename_of, id_of, owner_of, target_of, youngest_first

# Instead of the id of a backup: the youngest one of the installed application.
LATEST = "latest"


def backups_of(client: Client, install: str, url: object = None) -> list[dict[str, Any]]:
    """Return the backups of an installed application, the youngest first.

    Arguments:
        install: its id. url: its URL, which stands for the id in a row that does not say of which application it is.
    """
    # Servers before 4.1.5 do not know pid (section 3.6) and list the backups of other applications, too.
    own = (install, None if url is None else identity_of(url))
    return youngest_first([row for row in client.backups(pid=install) if owner_of(row) in own])


def siblings(client: Client, backup: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all backups of the installed application that a backup was made of, that one among them, the youngest first."""
    if backup.get("backup-install"):
        return backups_of(client, owner_of(backup), backup.get("url"))
    return youngest_first([row for row in client.backups() if owner_of(row) == owner_of(backup)])


def find_backup(client: Client, name: BackupName) -> dict[str, Any] | None:
    """Return the row of the backup that a task names, or None if there is none. Raises InputError if it is another application's."""
    candidates = _candidates(client, name)
    if name.option == "file":
        return _with_file(candidates, name.text)
    if name.text == LATEST:
        return candidates[0] if candidates else None
    row = client.backup(name.text)
    if row is not None and name.install is not None and name.text not in {id_of(other) for other in candidates}:
        raise InputError("id: the backup %s was made of %s, not of install %s" % (name.text, row.get("url"), name.install),
                         hint="Correct id or install.")
    return row


def _candidates(client: Client, name: BackupName) -> list[dict[str, Any]]:
    """Return the backups among which the task's backup is, the youngest first; nothing if its id alone names it."""
    if name.install is None:
        return youngest_first(client.backups()) if name.option == "file" else []
    site = id_or_url(name.install, "install")
    if not site.is_url:
        return backups_of(client, site.text)
    install = find_at_url(client, site.text, "install")
    if install is None:
        # What is not installed any more can still have backups; they know where it was.
        return youngest_first([row for row in client.backups() if identity_of(row.get("url")) == site_identity(site.text)])
    return backups_of(client, id_of(install), install.get("url"))


def _with_file(rows: list[dict[str, Any]], file: str) -> dict[str, Any] | None:
    """Return the row whose archive has this name, or None."""
    found = [row for row in rows if file in (str(row.get("backup-filename")), str(row.get("file")))]
    if len(found) > 1:
        raise InputError("file: %d backups have this file: %s" % (len(found), ", ".join(id_of(row) for row in found)),
                         hint="Give the id of the one that is meant.")
    return found[0] if found else None


def with_filename(rows: list[dict[str, Any]], path: str) -> dict[str, Any] | None:
    """Return the row whose archive has the same name as a path, or None."""
    return next((row for row in rows if str(row.get("backup-filename")) == filename_of(path)), None)


def at_target(rows: list[dict[str, Any]], desired: DesiredRestored, backup: dict[str, Any]) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return (the application that a restore brings back, another one in its way), each a row of C(installs) or None.

    A backup goes back in place into the application it was made of; at another URL there must be nothing.
    """
    there = [row for row in rows if identity_of(row.get("url")) == identity_of(target_of(desired, backup))]
    if desired.url:
        return None, there[0] if there else None
    own = next((row for row in rows if id_of(row) == str(backup.get("backup-install"))), None)
    return own, None if own in there or not there else there[0]


def restored_row(rows: list[dict[str, Any]], desired: DesiredRestored, backup: dict[str, Any]) -> dict[str, Any] | None:
    """Return the row of the application that a restore brought back, or None."""
    if not desired.url and backup.get("backup-install"):
        own = next((row for row in rows if id_of(row) == str(backup["backup-install"])), None)
        if own is not None:
            return own
    return next((row for row in rows if identity_of(row.get("url")) == identity_of(target_of(desired, backup))), None)
