# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The options of itron_backup, and the work of each state. This is a private util of the collection."""

from __future__ import annotations

from typing import Any

from .._base.errors import InputError, ItronError
from .._base.url import check_ip, normalize_url
from .._core.argspec import CONNECTION, HEADER, WAIT, ArgumentSpec
from .._core.operation import Operation
from .._wire.client import Client
from .absent import AbsentWork
from .find import LATEST
from .imported import ImportedWork
from .plan import BackupName, DesiredAbsent, DesiredImported, DesiredPresent, DesiredRestored, age_seconds
from .present import PresentWork
from .proof import BackupWork
from .restored import RestoredWork

# Options for a restore to another URL (section 3.12).
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

# The states in which an option is valid. In other states, it is an error.
STATES = dict({"install": ("present", "absent", "restored"), "id": ("absent", "restored"), "file": ("absent", "restored"),
               "max_age": ("present",), "keep": ("present",), "expiry": ("present",), "force": ("present", "absent"), "path": ("imported",),
               "url": ("restored",), "db": ("restored",)}, **dict.fromkeys(PLACE, ("restored",)))


def backup_work(client: Client, params: dict[str, Any]) -> BackupWork[Any]:
    """Return the work of itron_backup for the state that a task specifies. Raises InputError that names the option.

    Arguments:
        client: a Client. params: the validated options of the task.
    """
    options = _checked(params)
    if options["state"] == "present":
        max_age = None if options.get("max_age") is None else age_seconds(options["max_age"], "max_age")
        return PresentWork(client, DesiredPresent(options["install"], max_age, options.get("keep"), options["expiry"], options["force"]))
    if options["state"] == "imported":
        return ImportedWork(client, DesiredImported(options["path"]))
    option = "id" if options["file"] is None else "file"
    name = BackupName(option, options[option], options["install"])
    if options["state"] == "absent":
        return AbsentWork(client, DesiredAbsent(name, options["force"]))
    url = None if options.get("url") is None else normalize_url(options["url"])
    place = {name: options[name] for name in PLACE if options.get(name) is not None}
    return RestoredWork(client, DesiredRestored(name, url, place, options.get("db")))


def made_params(values: dict[str, Any], user: str | None) -> dict[str, Any]:
    """Return the validated options of itron_backup for another operation. Raises ItronError for invalid options.

    Arguments:
        values: the options. user: owner of the backup.
    """
    params, messages = BACKUP.validate(values)
    if messages:
        raise ItronError("; ".join(messages), stage="plan")
    return dict(params, user=user)


def _checked(params: dict[str, Any]) -> dict[str, Any]:
    """Return the options of a task without surrounding whitespace. Raises InputError for invalid combinations."""
    state = params["state"]
    for option, states in STATES.items():
        if params.get(option) not in (None, False) and state not in states:
            raise InputError("%s: only valid with state: %s" % (option, " or ".join(states)), hint="Remove it, or correct state.")
    options = dict(params, **{option: _text(params, option) for option in ("install", "id", "file", "expiry", "path")})
    if options["id"] == LATEST and (state != "restored" or not options["install"]):
        raise InputError("id: latest requires install, and is only valid with state: restored",
                         hint="Set the id of a backup; itron_backup_info lists the backups.")
    if params.get("keep") is not None and params["keep"] < 1:
        raise InputError("keep: must be 1 or more; the last backup is never removed")
    if params.get("url_ip") is not None:
        check_ip(params["url_ip"], "url_ip")
    # Section 3.14.
    if state == "imported" and not params.get("user"):
        raise InputError("user: required to import a backup", hint="Set the user to import the backup for.")
    if state == "imported" and options["path"].endswith("/"):
        raise InputError("path: %s is not a file" % options["path"], hint="Set the path of the archive, relative to the path of the user's website.")
    return options


def _text(params: dict[str, Any], option: str) -> str | None:
    """Return an option without surrounding whitespace, or None. Raises InputError for an empty value."""
    value = params.get(option)
    if value is not None and not value.strip():
        raise InputError("%s: must not be empty" % option)
    return None if value is None else value.strip()


OPERATION = Operation("itron_backup", BACKUP.merge(CONNECTION, HEADER, WAIT), backup_work, {"install": None, "backup": None, "backups": []})
