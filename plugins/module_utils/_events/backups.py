# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Compares two readings of the backups; pure functions. This is a private util of the collection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .._backup.fields import backup_result
from .._backups.audit import audit_backups
from .event import BACKUP_KINDS, Event, with_sites
from .sites import Sites, table_of

# Members of a row of C(backups) that are evaluated (section 3.6).
MEMBERS = frozenset(("id", "backup-install", "backup-time", "cache-archive"))
_COLUMNS = frozenset(("install", "time", "size"))
# An empty archive counts as a missing backup.
_KINDS = {"no_backup": "backup_missing", "empty": "backup_missing", "too_old": "backup_too_old"}

# Id of a site -> the kind of event that its backups caused. Does not contain sites without problems.
Backups = dict[str, str]


def compare_backups(old: Backups | None, sites: Sites, rows: Iterable[dict[str, Any]], now: float, max_age: str | None,
                    reports_first: bool) -> tuple[Backups, list[Event]]:
    """Compare a list of backups with the previous state.

    Arguments:
        old: the previous state; None for the first reading. sites: the installed sites. rows: of C(backups). now: Unix seconds.
        max_age: the option, such as V(24h); None for any age. reports_first: whether the first reading yields events.

    Returns (new state, events).
    """
    installs = [dict(table_of(id, site), owner=site.user) for id, site in sites.items() if not site.missing]
    audit = audit_backups([], installs, [backup_result(row, _COLUMNS) or {} for row in rows], now, {"max_age": max_age} if max_age else {})
    seen: Backups = {}
    groups: dict[str, list[dict[str, Any]]] = {kind: [] for kind in BACKUP_KINDS}
    for found in audit.sites:
        kind = next((_KINDS[finding] for finding in found["findings"] if finding in _KINDS), None)
        if kind is None:
            continue
        id = str(found["id"])
        seen[id] = kind
        if (old or {}).get(id) != kind and (old is not None or reports_first):
            groups[kind].append(dict(table_of(id, sites[id]), backup_time=found["newest"]))
    return seen, [event for kind, group in groups.items() for event in with_sites(kind, group, max_age=max_age)]
