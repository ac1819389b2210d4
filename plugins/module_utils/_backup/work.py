# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Backups of one installed application: options, and how they are read, planned and proven. This is a private util of the collection."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from .._base.errors import InputError, TaskError
from .._base.narrow import known
from .._base.url import check_ip, identity_of, normalize_url
from .._core.argspec import CONNECTION, HEADER, WAIT, ArgumentSpec
from .._core.model import number
from .._core.operation import Operation
from .._core.plan import Plan, Step
from .._core.tasks import find_running, state_of
from .._core.work import Work
from .._install.fields import install_result
from .._install.origin import find_install
from .._redaction.labels import is_secret_name
from .._wire.client import Answer, Client
from .fields import backup_result
from .find import LATEST, at_target, backups_of, find_backup, restored_row, siblings, with_filename
from .plan import CurrentBackups, DesiredBackup, age_seconds, filename_of, id_of, needs_backup, plan_backup, surplus, target_of, youngest_first

# Where a backup is restored to if not where it was made (section 3.12).
PLACE = ("url_ip", "db_host", "db_name", "db_user", "db_pass", "db_prefix")

BACKUP = ArgumentSpec({
    "state": {"type": "str", "choices": ["present", "absent", "restored", "imported"], "default": "present"},
    "install": {"type": "str"},
    "id": {"type": "str"},
    "file": {"type": "str"},
    "max_age": {"type": "str"},
    "keep": {"type": "int"},
    "expiry": {"type": "str"},
    "force": {"type": "bool", "default": False},
    "path": {"type": "str"},
    "url": {"type": "str"},
    "url_ip": {"type": "str"},
    "db_host": {"type": "str"},
    "db_name": {"type": "str"},
    "db_user": {"type": "str"},
    "db_pass": {"type": "str", "no_log": True},
    "db_prefix": {"type": "str"},
    "db": {"type": "str", "choices": ["manual"]},
    "dryrun": {"type": "str", "choices": ["full", "input", "none"], "default": "full"},
}, mutually_exclusive=[("id", "file")], required_by={name: ["url"] for name in PLACE}, required_if=[
    ("state", "present", ["install"]), ("state", "absent", ["id", "file"], True), ("state", "restored", ["id", "file"], True),
    ("state", "imported", ["path"])])

# The states that an option means something for; in any other it is a mistake, and not to be passed over in silence.
STATES = dict({"install": ("present", "absent", "restored"), "id": ("absent", "restored"), "file": ("absent", "restored"),
               "max_age": ("present",), "keep": ("present",), "expiry": ("present",), "force": ("present", "absent"), "path": ("imported",),
               "url": ("restored",), "db": ("restored",)}, **dict.fromkeys(PLACE, ("restored",)))


def desired_backup(params: dict[str, Any]) -> DesiredBackup:
    """Return the DesiredBackup in a task's options. Raises InputError that names the option."""
    state = params["state"]
    for option, states in STATES.items():
        if params.get(option) not in (None, False) and state not in states:
            raise InputError("%s: only goes with state: %s" % (option, " or ".join(states)), hint="Leave it out, or correct state.")
    texts = {option: _text(params, option) for option in ("install", "id", "file", "expiry", "path")}
    if texts["id"] == LATEST and (state != "restored" or not texts["install"]):
        raise InputError("id: latest needs install, and only goes with state: restored", hint="Give the id of a backup; itron_backup_info lists them.")
    if params.get("keep") is not None and params["keep"] < 1:
        raise InputError("keep: must be 1 or more; the last backup is never removed")
    if params.get("url_ip") is not None:
        check_ip(params["url_ip"], "url_ip")
    if state == "imported":
        _check_import(params, known(texts["path"]))
    return DesiredBackup(
        state=state, max_age=age_seconds(params["max_age"], "max_age") if params.get("max_age") is not None else None,
        keep=params.get("keep"), force=params["force"], url=normalize_url(params["url"]) if params.get("url") is not None else None,
        place={name: params[name] for name in PLACE if params.get(name) is not None}, db=params.get("db"), **texts)


def _text(params: dict[str, Any], option: str) -> str | None:
    """Return an option without white space around it, or None."""
    value = params.get(option)
    if value is not None and not value.strip():
        raise InputError("%s: is empty" % option)
    return None if value is None else value.strip()


def _check_import(params: dict[str, Any], path: str) -> None:
    """Refuse an import that cannot be carried out (section 3.14)."""
    if not params.get("user"):
        raise InputError("user: needed to import a backup", hint="Give the user that the backup is imported for.")
    if path.endswith("/"):
        raise InputError("path: %s is no file" % path, hint="Give the path of the archive, relative to the path of the user's website.")


class BackupWork(Work):
    """The backups of one installed application on one server: the work of itron_backup (see Work).

    Arguments:
        client: a Client. params: the validated options of the task.
    """

    def __init__(self, client: Client, params: dict[str, Any]) -> None:
        self._client = client
        self._desired = desired_backup(params)

    # --- reading ---

    def read(self) -> CurrentBackups:
        """Find application and backups, and read what the plan needs. Raises ItronError."""
        state = self._desired.state
        if state == "present":
            return self._read_install()
        if state == "imported":
            rows = youngest_first(self._client.backups())
            return self._current(backups=rows, backup=with_filename(rows, known(self._desired.path)))
        backup = find_backup(self._client, self._desired)
        if state == "restored":
            return self._read_restore(backup)
        return self._current(backups=siblings(self._client, backup) if backup is not None else [], backup=backup)

    def _read_install(self) -> CurrentBackups:
        """Return the current state of an installed application and its backups."""
        install = find_install(self._client, known(self._desired.install), "install")
        rows = backups_of(self._client, id_of(install), install.get("url"))
        return self._current(install=install, backups=rows, backup=rows[0] if rows else None)

    def _read_restore(self, backup: dict[str, Any] | None) -> CurrentBackups:
        """Return the current state of a backup and of the place it is restored to."""
        if backup is None:
            desired = self._desired
            raise InputError("%s: the server has no backup %s%s for this user" % (
                "file" if desired.file else "id", desired.file or desired.id, " of %s" % desired.install if desired.install else ""),
                hint="itron_backup_info lists the backups.")
        install, occupant = at_target(self._client.installs(), self._desired, backup)
        # Whoever restores what is there already leaves no other trace than a task that was not listed before.
        tasks = frozenset(id_of(row) for row in self._client.tasks())
        return self._current(install=install, backups=siblings(self._client, backup), backup=backup, tasks=tasks, occupant=occupant)

    @staticmethod
    def _current(install: dict[str, Any] | None = None, backups: Sequence[dict[str, Any]] = (), backup: dict[str, Any] | None = None,
                 tasks: frozenset[str] = frozenset(), occupant: dict[str, Any] | None = None) -> CurrentBackups:
        return CurrentBackups(install, list(backups), backup, time.time(), tasks, occupant)

    # --- planning ---

    def plan(self, current: CurrentBackups) -> Plan:
        """Return the Plan for the current state; pure."""
        return plan_backup(self._desired, current)

    def predict(self, plan: Plan, current: CurrentBackups) -> CurrentBackups:
        """Return the state as it is expected to be after the plan; what only the server knows is missing in it."""
        if not plan.steps:
            return current
        return {"present": self._predict_present, "absent": self._predict_absent, "restored": self._predict_restored,
                "imported": self._predict_imported}[self._desired.state](current)

    def _predict_present(self, current: CurrentBackups) -> CurrentBackups:
        new = needs_backup(self._desired, current)
        removed = surplus(self._desired, current, new)
        rows = [row for row in current.backups if row not in removed]
        if new:
            install = known(current.install)
            shared = {name: value for name, value in install.items() if name not in ("id", "backup-time", "cache-time")}
            rows.insert(0, dict(shared, **{"backup-install": id_of(install), "backup-expiry": self._desired.expiry}))
        return current._replace(backups=rows, backup=rows[0])

    def _predict_absent(self, current: CurrentBackups) -> CurrentBackups:
        return current._replace(backup=None, backups=[row for row in current.backups if id_of(row) != id_of(known(current.backup))])

    def _predict_restored(self, current: CurrentBackups) -> CurrentBackups:
        backup = known(current.backup)
        row = dict(current.install or backup)
        id = None if self._desired.url else backup.get("backup-install")
        row.update(id=id, url=target_of(self._desired, backup), version=backup.get("version"))
        return current._replace(install=row)

    def _predict_imported(self, current: CurrentBackups) -> CurrentBackups:
        row = {"backup-filename": filename_of(known(self._desired.path))}
        return current._replace(backup=row, backups=[row] + current.backups)

    # --- proving ---

    def running(self, step: Step, current: CurrentBackups) -> dict[str, Any] | None:
        """Return the task of a step whose answer got lost, or None."""
        if step.command == "importbackup":
            return None
        if step.command == "restore":
            return next(iter(self._restores(current)), None)
        about = current.install or known(current.backup)
        install = id_of(about) if current.install else about.get("backup-install")
        return find_running(self._client, step.command, install, identity_of(about.get("url")))

    def earlier(self, step: Step, current: CurrentBackups) -> dict[str, Any] | None:
        """Return a running task that does what a step would do; a restore was listed before this run began."""
        if step.command != "restore":
            return self.running(step, current)
        return next((row for row in self._restores(current._replace(tasks=frozenset())) if state_of(row) == "running"), None)

    def _restores(self, current: CurrentBackups) -> list[dict[str, Any]]:
        """Return the tasks that restore to the place that is meant and were not listed before, whatever became of them."""
        backup = known(current.backup)
        own, place = str(backup.get("backup-install")), identity_of(target_of(self._desired, backup))
        return [row for row in self._client.tasks() if str(row.get("cmd")) == "restore" and id_of(row) not in current.tasks
                and (str(row.get("install")) == own or identity_of(str(row.get("url"))) == place)]

    def _now(self, current: CurrentBackups) -> CurrentBackups:
        """Return the state as it is now, as far as steps change them."""
        state = self._desired.state
        if state == "restored":
            return current._replace(install=restored_row(self._client.installs(), self._desired, known(current.backup)))
        if state == "present":
            install = known(current.install)
            rows = backups_of(self._client, id_of(install), install.get("url"))
            return current._replace(backups=rows, backup=rows[0] if rows else None)
        if state == "absent":
            backup = known(current.backup)
            rows = siblings(self._client, backup)
            return current._replace(backups=rows, backup=next((row for row in rows if id_of(row) == id_of(backup)), None))
        rows = youngest_first(self._client.backups())
        return current._replace(backups=rows, backup=with_filename(rows, known(self._desired.path)) or next(iter(_new_rows(current, rows)), None))

    def look(self, step: Step, current: CurrentBackups) -> CurrentBackups:
        """Return the current state as a step left them that failed."""
        now = self._now(current)
        # A restore that came to a task may have put files back, whatever became of it.
        return now._replace(tasks=current.tasks.union(id_of(row) for row in self._restores(current))) if step.command == "restore" else now

    def moved(self, current: CurrentBackups, now: CurrentBackups) -> bool:
        """Say whether anything differs between two looks."""
        if self._desired.state == "restored":
            return now.tasks != current.tasks or _version(now.install) != _version(current.install)
        return {id_of(row) for row in current.backups} != {id_of(row) for row in now.backups}

    def is_applied(self, step: Step, current: CurrentBackups) -> bool:
        """Say whether the server shows that a step was carried out."""
        now = self._now(current)
        if step.command == "restore" and _version(now.install) == _version(current.install):
            return False
        return not _missing(step, current, now)

    def finished(self, step: Step, current: CurrentBackups) -> bool:
        """Say whether all is as a step leaves it whose task the server accepted and does not list any more."""
        return not _missing(step, current, self._now(current))

    def verify(self, step: Step, current: CurrentBackups) -> None:
        """Raise TaskError unless the server shows a new backup: old ones are removed after it."""
        if step.command == "backup":
            _check(step, _missing(step, current, self._now(current)))

    def read_again(self, plan: Plan, current: CurrentBackups, answer: Answer | None) -> CurrentBackups:
        """Return the current state after the last step. Raises TaskError if the server does not show what was done."""
        now = self._now(current)
        for step in plan.steps:
            _check(step, _missing(step, current, now))
        return now

    def shortfall(self, plan: Plan, current: CurrentBackups) -> list[str]:
        """Return a warning for an archive that the server lists under another name: it would not be found again."""
        if self._desired.state != "imported":
            return []
        backup = known(current.backup)
        if with_filename([backup], known(self._desired.path)):
            return []
        return ["path: the server lists the archive as %s; the next run will try to import it again" % backup.get("backup-filename")]

    def result(self, current: CurrentBackups) -> dict[str, Any]:
        """Return the documented result."""
        return {"install": install_result(current.install, is_secret_name), "backup": backup_result(current.backup),
                "backups": [backup_result(row) for row in current.backups]}


def _new_rows(current: CurrentBackups, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of backups that were not there before."""
    before = {id_of(row) for row in current.backups}
    return [row for row in rows if id_of(row) not in before]


def _version(install: dict[str, Any] | None) -> tuple[str, str] | None:
    """Return id and version of what is installed, or None."""
    return None if install is None else (id_of(install), str(install.get("version")))


def _check(step: Step, missing: str | None) -> None:
    """Raise TaskError if something is missing, given as words."""
    if missing:
        raise TaskError("%s: the server reported success, but %s" % (step.command, missing), command=step.command, stage="verify",
                        hint="Look into the server's log; run the play again to see what is left to do.")


def _missing(step: Step, current: CurrentBackups, now: CurrentBackups) -> str | None:
    """Return what the server does not show of a step, as words, or None if all is there."""
    if step.command == "restore":
        return _missing_install(known(current.backup), now.install)
    if step.command == "delete":
        return "the backup %s is still listed" % step.arguments["id"] if step.arguments["id"] in {id_of(row) for row in now.backups} else None
    if step.command == "importbackup":
        return None if now.backup is not None else "the backup is not listed"
    new = _new_rows(current, now.backups)
    if not new:
        return "no new backup is listed"
    return "the archive of the new backup %s is empty" % id_of(new[0]) if number(new[0].get("cache-archive")) == 0 else None


def _missing_install(backup: dict[str, Any], install: dict[str, Any] | None) -> str | None:
    """Return what the server does not show of a restored application, as words, or None."""
    if install is None:
        return "the application is not listed"
    if backup.get("version") and str(install.get("version")) != str(backup["version"]):
        return "version %s is installed instead of %s" % (install.get("version"), backup["version"])
    return None


OPERATION = Operation("itron_backup", BACKUP.merge(CONNECTION, HEADER, WAIT), BackupWork, {"install": None, "backup": None, "backups": []})
