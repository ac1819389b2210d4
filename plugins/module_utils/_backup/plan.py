# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Pure planning of backups: ages, retention, and steps; nothing is read or sent here. This is a private util of the collection."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from .._base.errors import InputError, ItronError
from .._base.url import identity_of
from .._core.model import backup_age_key, iso_time, number
from .._core.plan import NOTHING, Plan, Step


class BackupName(NamedTuple):
    """What names a backup. option: C(id) or C(file). text: its value. install: id or URL of its application, if given."""

    option: str
    text: str
    install: str | None


class DesiredPresent(NamedTuple):
    """Backups as they are wanted; None for what was not given.

    install: id or URL of the installed application. max_age: seconds. keep: number of backups. force: makes one in any case.
    """

    install: str
    max_age: int | None
    keep: int | None
    expiry: str | None
    force: bool


class CurrentPresent(NamedTuple):
    """An installed application. install: its row. backups: rows of its backups, the youngest first. now: Unix seconds."""

    install: dict[str, Any]
    backups: list[dict[str, Any]]
    now: float

    @property
    def backup(self) -> dict[str, Any] | None:
        """The row of the youngest backup, or None."""
        return self.backups[0] if self.backups else None


class DesiredAbsent(NamedTuple):
    """A backup that is to be removed. force: removes what is left of it even if its archive cannot be."""

    name: BackupName
    force: bool


class DesiredRestored(NamedTuple):
    """A restore. url: normal form of the place, or None for where the backup was made. place, db: arguments that go with it."""

    name: BackupName
    url: str | None
    place: dict[str, str]
    db: str | None


class CurrentRestored(NamedTuple):
    """A backup and the place that it is restored to.

    backup: its row. backups: rows of all backups of its application, the youngest first. install: row of the application that
    the restore brings back, or None. occupant: row of another one in its way, or None. tasks: ids of the tasks that were listed.
    """

    backup: dict[str, Any]
    backups: list[dict[str, Any]]
    install: dict[str, Any] | None
    occupant: dict[str, Any] | None
    tasks: frozenset[str]


class DesiredImported(NamedTuple):
    """An archive that is to be imported. path: of the file."""

    path: str


class CurrentBackup(NamedTuple):
    """A backup that is there. backup: its row. backups: rows of the backups that it is one of, the youngest first. install: not read."""

    backup: dict[str, Any]
    backups: list[dict[str, Any]]
    install: None = None


class NoBackup(NamedTuple):
    """A backup that is not there. backups: rows of the others, the youngest first. install: not read."""

    backups: list[dict[str, Any]]
    backup: None = None
    install: None = None


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


def target_of(desired: DesiredRestored, backup: dict[str, Any]) -> str:
    """Return the URL that a backup is restored to."""
    return desired.url or str(backup.get("url"))


def needs_backup(desired: DesiredPresent, current: CurrentPresent) -> bool:
    """Say whether a new backup has to be made: nothing young enough is there, or it is forced."""
    if desired.force or not current.backups:
        return True
    if desired.max_age is None:
        return False
    times = [time for time in map(made, current.backups) if time]
    return not times or current.now - max(times) > desired.max_age


def surplus(desired: DesiredPresent, current: CurrentPresent, new: bool) -> list[dict[str, Any]]:
    """Return the backups that retention removes, the oldest first.

    Arguments:
        new: whether a new backup is made before; it is one of those that are kept.

    A backup whose age the server does not tell is never removed, and neither is the last one: at least one is kept.
    """
    if desired.keep is None:
        return []
    dated = [row for row in current.backups if made(row)]
    return list(reversed(dated[desired.keep - (1 if new else 0):]))


def plan_present(desired: DesiredPresent, current: CurrentPresent) -> Plan:
    """Plan a new backup if one is needed (section 3.9), and after it the removal of the oldest ones (section 3.13)."""
    new = needs_backup(desired, current)
    removed = surplus(desired, current, new)
    if not new and not removed:
        return NOTHING
    steps = [Step("delete", {"id": id_of(row)}) for row in removed]
    about: dict[str, Any] = {"install": id_of(current.install), "url": str(current.install.get("url"))}
    after = dict(about, backups=(["(new)"] if new else []) + [id_of(row) for row in current.backups if row not in removed])
    if new:
        steps.insert(0, Step("backup", dict({"id": id_of(current.install)}, **({"expiry": desired.expiry} if desired.expiry else {}))))
        if desired.expiry:
            after["expiry"] = desired.expiry
    return Plan(tuple(steps), dict(about, backups=[id_of(row) for row in current.backups]), after, ())


def plan_absent(desired: DesiredAbsent, current: CurrentBackup | NoBackup) -> Plan:
    """Plan the removal of one backup (section 3.13). Raises ItronError if it is the last one."""
    if isinstance(current, NoBackup):
        return NOTHING
    backup = current.backup
    if all(id_of(row) == id_of(backup) for row in current.backups):
        raise ItronError("%s: %s is the last backup of %s, and the last one is never removed" % (
            desired.name.option, id_of(backup), backup.get("url")), stage="plan",
            hint="Make another backup first; itron_install with delete_backups makes the server forget all of them.")
    before = {"id": id_of(backup), "install": owner_of(backup), "url": str(backup.get("url")), "time": iso_time(backup.get("backup-time")),
              "filename": str(backup.get("backup-filename"))}
    arguments = {"id": id_of(backup), "force": "yes"} if desired.force else {"id": id_of(backup)}
    return Plan((Step("delete", arguments),), before, {}, ())


def plan_restored(desired: DesiredRestored, current: CurrentRestored) -> Plan:
    """Plan a restore (section 3.12), in place or to another URL. Raises ItronError if another application is there."""
    backup = current.backup
    if current.occupant is not None:
        raise ItronError("%s: %s (id %s) is installed at %s; nothing is overwritten" % (
            "url" if desired.url else desired.name.option, current.occupant.get("installer"), id_of(current.occupant), current.occupant.get("url")),
            stage="plan", hint="Choose another url, or leave url out to restore in place." if desired.url else "Give url to restore to another place.")
    arguments = {"id": id_of(backup)}
    if desired.url:
        arguments.update(desired.place, url=desired.url)
    if desired.db:
        arguments["db"] = desired.db
    before = {} if current.install is None else {"url": str(current.install.get("url")), "version": str(current.install.get("version"))}
    after = {"url": target_of(desired, backup), "version": str(backup.get("version")), "restored_from": id_of(backup),
             "backup_time": iso_time(backup.get("backup-time"))}
    return Plan((Step("restore", arguments),), before, after, ())


def plan_imported(desired: DesiredImported, current: CurrentBackup | NoBackup) -> Plan:
    """Plan the import of an archive (section 3.14) that is not among the backups yet."""
    if isinstance(current, CurrentBackup):
        return NOTHING
    return Plan((Step("importbackup", {"path": desired.path}),), {}, {"filename": filename_of(desired.path), "path": desired.path}, ())
