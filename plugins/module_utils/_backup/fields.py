# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Columns of a backup (section 3.6). This is a private util of the collection."""

from __future__ import annotations

from typing import Any

from .._base.uri import mask_uri
from .._core.model import Column, iso_time, number, optional, plain_text, row_result

# Result of a backup, from the sample of section 3.6. The members of the backup itself come first; the others describe the
# application at the time of the backup. No sample contains backup-note and backup-expiry.
BACKUP_COLUMNS = tuple(Column(*column) for column in (
    ("id", "id", plain_text), ("install", "backup-install", plain_text), ("time", "backup-time", iso_time), ("size", "cache-archive", number),
    ("filename", "backup-filename", plain_text), ("file", "file", optional(lambda value: mask_uri(str(value)))),
    ("location", "backup-location", optional(lambda value: mask_uri(str(value)))), ("schedule", "backup-schedule", plain_text),
    ("expiry", "backup-expiry", plain_text), ("note", "backup-note", plain_text),
    ("application", "installer", plain_text), ("version", "version", plain_text), ("url", "url", plain_text), ("url_domain", "url-domain", plain_text),
    ("title", "title", plain_text), ("owner", "owner", plain_text), ("language", "language", plain_text),
    ("path", "path", optional(lambda value: mask_uri(str(value)))), ("agent", "agent", plain_text), ("install_time", "time", iso_time),
    ("db_type", "db-type", plain_text), ("db_host", "db-host", plain_text), ("db_name", "db-name", plain_text), ("db_user", "db-user", plain_text),
    ("db_prefix", "db-prefix", plain_text), ("cache_time", "cache-time", iso_time),
))


def backup_result(row: dict[str, Any] | None, names: frozenset[str] | None = None) -> dict[str, Any] | None:
    """Return the documented result of a row of C(backups) (section 3.6), or None.

    Arguments:
        row: the row, or None. names: names of BACKUP_COLUMNS to return, or None for all.
    """
    return None if row is None else row_result(BACKUP_COLUMNS, row, names)
