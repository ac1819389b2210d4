# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Pure planning of backups: ages, retention, and steps; nothing is read or sent here. This is a private util of the collection."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from .._base.errors import InputError, ItronError
from .._base.narrow import known
from .._base.url import identity_of
from .._core.model import backup_age_key, iso_time, number
from .._core.plan import NOTHING, Plan, Step


class DesiredBackup(NamedTuple):
    """What the user wants of backups; None for what was not given.

    install: id or URL of the installed application. id, file: the backup. max_age: seconds. keep: number of backups.
    path: of the archive to import. url: normal form of the place to restore to. place: API arguments that go with it.
    """

    state: str
    install: str | None
    id: str | None
    file: str | None
    max_age: int | None
    keep: int | None
    expiry: str | None
    force: bool
    path: str | None
    url: str | None
    place: dict[str, str]
    db: str | None


class CurrentBackups(NamedTuple):
    """What was read of backups.

    install: row of the installed application, or None. backups: rows of its backups, the youngest first. backup: row of the
    one that the task is about, or None. now: Unix seconds. tasks: ids of the tasks that were listed before a restore.
    occupant: row of another application where a backup is to be restored, or None.
    """

    install: dict[str, Any] | None
    backups: list[dict[str, Any]]
    backup: dict[str, Any] | None
    now: float
    tasks: frozenset[str]
    occupant: dict[str, Any] | None


_AGE = re.compile(r"^([0-9]+)\s*([mhdw])$")
_SECONDS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}


def age_seconds(text: object, option: str) -> int:
    """Return the seconds in an age such as V(24h). Raises InputError that names the option."""
    match = _AGE.match(str(text).strip().lower())
    seconds = int(match.group(1)) * _SECONDS[match.group(2)] if match else 0
    if not seconds:
        raise InputError("%s: %r is no age" % (option, text), hint="Write a number and m, h, d, or w for minutes, hours, days, or weeks, such as 24h.")
    return seconds


def made(row: dict[str, Any]) -> int | None:
    """Return when a backup was made, in Unix seconds, or None if the row does not say (section 3.6, backup-time)."""
    return number(row.get("backup-time")) or None


def youngest_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return backups in the order of their ages; of two from the same second, the one that is listed later is the younger."""
    places = sorted(enumerate(rows), key=lambda place: (backup_age_key(place[1]), place[0]), reverse=True)
    return [row for _number, row in places]


def filename_of(path: str) -> str:
    """Return the name of an archive without its folder."""
    return path.rstrip("/").rpartition("/")[2]


def id_of(row: dict[str, Any]) -> str:
    """Return the id of a row as a text."""
    return str(row.get("id"))


def owner_of(row: dict[str, Any]) -> str:
    """Return what tells of which installed application a backup is: its id or, if the server does not say, its URL."""
    return str(row.get("backup-install") or identity_of(row.get("url")))


def target_of(desired: DesiredBackup, backup: dict[str, Any]) -> str:
    """Return the URL that a backup is restored to."""
    return desired.url or str(backup.get("url"))


def needs_backup(desired: DesiredBackup, current: CurrentBackups) -> bool:
    """Say whether a new backup has to be made: nothing young enough is there, or it is forced."""
    if desired.force or not current.backups:
        return True
    if desired.max_age is None:
        return False
    times = [time for time in map(made, current.backups) if time]
    return not times or current.now - max(times) > desired.max_age


def surplus(desired: DesiredBackup, current: CurrentBackups, new: bool) -> list[dict[str, Any]]:
    """Return the backups that retention removes, the oldest first.

    Arguments:
        new: whether a new backup is made before; it is one of those that are kept.

    A backup whose age the server does not tell is never removed, and neither is the last one: at least one is kept.
    """
    if desired.keep is None:
        return []
    dated = [row for row in current.backups if made(row)]
    return list(reversed(dated[desired.keep - (1 if new else 0):]))


def plan_backup(desired: DesiredBackup, current: CurrentBackups) -> Plan:
    """Return the Plan for backups as they are wanted. Raises ItronError for what must not be done."""
    return {"present": _plan_present, "absent": _plan_absent, "restored": _plan_restored, "imported": _plan_imported}[desired.state](desired, current)


def _plan_present(desired: DesiredBackup, current: CurrentBackups) -> Plan:
    """Plan a new backup if one is needed (section 3.9), and after it the removal of the oldest ones (section 3.13)."""
    new = needs_backup(desired, current)
    removed = surplus(desired, current, new)
    if not new and not removed:
        return NOTHING
    steps = [Step("delete", {"id": id_of(row)}) for row in removed]
    install = known(current.install)
    about: dict[str, Any] = {"install": id_of(install), "url": str(install.get("url"))}
    after = dict(about, backups=(["(new)"] if new else []) + [id_of(row) for row in current.backups if row not in removed])
    if new:
        steps.insert(0, Step("backup", dict({"id": id_of(install)}, **({"expiry": desired.expiry} if desired.expiry else {}))))
        if desired.expiry:
            after["expiry"] = desired.expiry
    return Plan(tuple(steps), dict(about, backups=[id_of(row) for row in current.backups]), after, ())


def _plan_absent(desired: DesiredBackup, current: CurrentBackups) -> Plan:
    """Plan the removal of one backup (section 3.13), unless it is the last one."""
    backup = current.backup
    if backup is None:
        return NOTHING
    if all(id_of(row) == id_of(backup) for row in current.backups):
        raise ItronError("%s: %s is the last backup of %s, and the last one is never removed" % (
            "id" if desired.id else "file", id_of(backup), backup.get("url")), stage="plan",
            hint="Make another backup first; itron_install with delete_backups makes the server forget all of them.")
    before = {"id": id_of(backup), "install": owner_of(backup), "url": str(backup.get("url")), "time": iso_time(backup.get("backup-time")),
              "filename": str(backup.get("backup-filename"))}
    arguments = {"id": id_of(backup), "force": "yes"} if desired.force else {"id": id_of(backup)}
    return Plan((Step("delete", arguments),), before, {}, ())


def _plan_restored(desired: DesiredBackup, current: CurrentBackups) -> Plan:
    """Plan a restore (section 3.12), in place or to another URL; nothing of another application is overwritten."""
    backup = known(current.backup)
    target = target_of(desired, backup)
    if current.occupant is not None:
        raise ItronError("%s: %s (id %s) is installed at %s; nothing is overwritten" % (
            "url" if desired.url else "id" if desired.id else "file", current.occupant.get("installer"), id_of(current.occupant), current.occupant.get("url")),
            stage="plan", hint="Choose another url, or leave url out to restore in place." if desired.url else "Give url to restore to another place.")
    arguments = {"id": id_of(backup)}
    if desired.url:
        arguments.update(desired.place, url=desired.url)
    if desired.db:
        arguments["db"] = desired.db
    before = {} if current.install is None else {"url": str(current.install.get("url")), "version": str(current.install.get("version"))}
    after = {"url": target, "version": str(backup.get("version")), "restored_from": id_of(backup), "backup_time": iso_time(backup.get("backup-time"))}
    return Plan((Step("restore", arguments),), before, after, ())


def _plan_imported(desired: DesiredBackup, current: CurrentBackups) -> Plan:
    """Plan the import of an archive (section 3.14) that is not among the backups yet."""
    if current.backup is not None:
        return NOTHING
    return Plan((Step("importbackup", {"path": desired.path}),), {}, {"filename": filename_of(known(desired.path)), "path": desired.path}, ())
