# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Planning of backups: ages, retention, and steps; pure. This is a private util of the collection."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from .._base.errors import InputError, ItronError
from .._base.url import identity_of
from .._core.model import backup_age_key, iso_time, number
from .._core.plan import NOTHING, Plan, Step


class BackupName(NamedTuple):
    """The name of a backup. option: C(id) or C(file). text: value of the option. install: id or URL of its application, or None."""

    option: str
    text: str
    install: str | None


class DesiredPresent(NamedTuple):
    """The desired backups, with None for options that are not specified.

    install: id or URL of the installed application. max_age: maximum age of the newest backup in seconds. keep: number of backups to
    keep. expiry: expiry of a new backup. force: whether to always create a backup.
    """

    install: str
    max_age: int | None
    keep: int | None
    expiry: str | None
    force: bool


class CurrentPresent(NamedTuple):
    """The current state of an installed application. install: its row. backups: rows of its backups, the newest first. now: Unix seconds."""

    install: dict[str, Any]
    backups: list[dict[str, Any]]
    now: float

    @property
    def backup(self) -> dict[str, Any] | None:
        """The row of the newest backup, or None."""
        return self.backups[0] if self.backups else None


class DesiredAbsent(NamedTuple):
    """The removal of a backup. force: whether to remove it even if its archive cannot be removed."""

    name: BackupName
    force: bool


class DesiredRestored(NamedTuple):
    """A restore. url: normal form of the target URL, or None for the original URL. place, db: additional arguments."""

    name: BackupName
    url: str | None
    place: dict[str, str]
    db: str | None


class CurrentRestored(NamedTuple):
    """The current state of a backup and of the target of its restore.

    backup: row of the backup. backups: rows of all backups of its application, the newest first. install: row of the application
    that the restore replaces, or None. occupant: row of another application at the target, or None. tasks: ids of the listed tasks.
    """

    backup: dict[str, Any]
    backups: list[dict[str, Any]]
    install: dict[str, Any] | None
    occupant: dict[str, Any] | None
    tasks: frozenset[str]


class DesiredImported(NamedTuple):
    """The import of an archive. path: path of the archive."""

    path: str


class CurrentBackup(NamedTuple):
    """An existing backup. backup: its row. backups: rows of all relevant backups, the newest first. install: not read."""

    backup: dict[str, Any]
    backups: list[dict[str, Any]]
    install: None = None


class NoBackup(NamedTuple):
    """A missing backup. backups: rows of the other backups, the newest first. install: not read."""

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
        raise InputError("%s: %r is not an age" % (option, text), hint="Use a number and m, h, d, or w for minutes, hours, days, or weeks, such as 24h.")
    return seconds


def made(row: dict[str, Any]) -> int | None:
    """Return the creation time of a backup in Unix seconds (section 3.6, backup-time), or None if it is unknown."""
    return number(row.get("backup-time")) or None


def youngest_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return backups sorted by age, the newest first. Of two backups from the same second, the one that is listed later is newer."""
    places = sorted(enumerate(rows), key=lambda place: (backup_age_key(place[1]), place[0]), reverse=True)
    return [row for _number, row in places]


def filename_of(path: str) -> str:
    """Return the name of an archive without its folder."""
    return path.rstrip("/").rpartition("/")[2]


def id_of(row: dict[str, Any]) -> str:
    """Return the id of a row as a string."""
    return str(row.get("id"))


def owner_of(row: dict[str, Any]) -> str:
    """Return the id of the installed application that a backup belongs to, or its URL if the server does not return the id."""
    return str(row.get("backup-install") or identity_of(row.get("url")))


def target_of(desired: DesiredRestored, backup: dict[str, Any]) -> str:
    """Return the URL that a backup is restored to."""
    return desired.url or str(backup.get("url"))


def needs_backup(desired: DesiredPresent, current: CurrentPresent) -> bool:
    """Return whether a new backup is required: all backups are too old, or force is set."""
    if desired.force or not current.backups:
        return True
    if desired.max_age is None:
        return False
    times = [time for time in map(made, current.backups) if time]
    return not times or current.now - max(times) > desired.max_age


def surplus(desired: DesiredPresent, current: CurrentPresent, new: bool) -> list[dict[str, Any]]:
    """Return the backups that retention removes, the oldest first.

    Backups of unknown age and the last backup are never removed.

    Arguments:
        new: whether the plan creates a new backup, which counts as kept.
    """
    if desired.keep is None:
        return []
    dated = [row for row in current.backups if made(row)]
    return list(reversed(dated[desired.keep - (1 if new else 0):]))


def plan_present(desired: DesiredPresent, current: CurrentPresent) -> Plan:
    """Plan a new backup if one is required (section 3.9), followed by the removal of the oldest ones (section 3.13)."""
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
    """Plan the removal of a backup (section 3.13). Raises ItronError if it is the last one."""
    if isinstance(current, NoBackup):
        return NOTHING
    backup = current.backup
    if all(id_of(row) == id_of(backup) for row in current.backups):
        raise ItronError("%s: %s is the last backup of %s; the last backup is never removed" % (
            desired.name.option, id_of(backup), backup.get("url")), stage="plan",
            hint="Create another backup first. itron_install with delete_backups removes all backups from the server's records.")
    before = {"id": id_of(backup), "install": owner_of(backup), "url": str(backup.get("url")), "time": iso_time(backup.get("backup-time")),
              "filename": str(backup.get("backup-filename"))}
    arguments = {"id": id_of(backup), "force": "yes"} if desired.force else {"id": id_of(backup)}
    return Plan((Step("delete", arguments),), before, {}, ())


def plan_restored(desired: DesiredRestored, current: CurrentRestored) -> Plan:
    """Plan a restore (section 3.12), in place or to another URL. Raises ItronError if another application is at the target."""
    backup = current.backup
    if current.occupant is not None:
        raise ItronError("%s: %s (id %s) is installed at %s; nothing is overwritten" % (
            "url" if desired.url else desired.name.option, current.occupant.get("installer"), id_of(current.occupant), current.occupant.get("url")),
            stage="plan", hint="Choose another url, or omit url to restore in place." if desired.url else "Set url to restore to another URL.")
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
    """Plan the import of an archive (section 3.14) unless it is already a backup."""
    if isinstance(current, CurrentBackup):
        return NOTHING
    return Plan((Step("importbackup", {"path": desired.path}),), {}, {"filename": filename_of(desired.path), "path": desired.path}, ())
