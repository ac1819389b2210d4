# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The commands of the v1 interface, as specified. This is a private util of the collection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Command(NamedTuple):
    """One command.

    name: value of C(cmd). section: section of the specification. writes: whether the command changes anything. header: the
    members of the header (user, reseller, websites) that the command accepts. arguments: its other arguments. background,
    dryrun: whether it supports these arguments. guarded: whether the server rejects a duplicate. data: type of C(data) in a
    successful reply: list, dict, or None if the specification does not define one.
    """

    name: str
    section: str
    writes: bool
    header: tuple[str, ...]
    arguments: frozenset[str]
    background: bool
    dryrun: bool
    guarded: bool
    data: type | None


_ALL = ("user", "reseller", "websites")
_DATABASE = ("db_host", "db_name", "db_user", "db_pass", "db_prefix")
_SETTINGS = ("autoup", "autoup_backup", "notification", "autobk", "autobk_daily", "autobk_weekly", "autobk_monthly",
             "bkloc", "language", "login", "passwd", "email", "sitetitle") + _DATABASE


def _read(name: str, section: str, header: tuple[str, ...], arguments: Iterable[str], data: type | None) -> Command:
    return Command(name, section, False, header, frozenset(arguments), False, False, True, data)


def _write(name: str, section: str, header: tuple[str, ...], arguments: Iterable[str], background: bool = False, dryrun: bool = False,
           guarded: bool = True) -> Command:
    return Command(name, section, True, header, frozenset(arguments), background, dryrun, guarded, None)


COMMANDS = {command.name: command for command in (
    _read("browser", "3.2", _ALL, ("application", "version", "from-version", "versions-available-from", "language"), None),
    _read("installs", "3.5", ("user",),
          ("q", "id", "filter-version-available", "filter-version-available-minor", "filter-ownedaccounts"), list),
    _read("backups", "3.6", ("user",), ("q", "pid", "id", "filter-ownedaccounts"), list),
    _read("view", "3.7", _ALL, ("id", "addons"), dict),
    _read("tasks", "3.16", _ALL, (), list),
    _write("install", "3.3", _ALL, ("application", "version", "url", "url_ip", "db_host_ip", "content", "sitetagline") + _SETTINGS,
           background=True, dryrun=True),
    _write("import", "3.4", _ALL, ("application", "version", "url", "url_ip", "source_url", "source_ftu", "source_ftu_key",
                                   "source_url_ip"), background=True, dryrun=True),
    _write("edit", "3.8", _ALL, ("id", "url", "sitetagline", "delete-backups", "delete") + _SETTINGS),
    _write("backup", "3.9", _ALL, ("id", "expiry"), background=True, guarded=False),
    _write("upgrade", "3.10", _ALL, ("id", "version", "revert", "plugin", "theme"), background=True, dryrun=True),
    _write("clone", "3.11", _ALL, ("id", "url", "url_ip") + _DATABASE, background=True, dryrun=True),
    _write("restore", "3.12", _ALL, ("id", "db", "url", "url_ip") + _DATABASE, background=True, dryrun=True, guarded=False),
    _write("delete", "3.13", _ALL, ("id", "force"), background=True),
    _write("importbackup", "3.14", ("user",), ("path",), guarded=False),
    _write("uninstall", "3.15", _ALL, ("id", "force"), background=True),
    _write("guixfer", "3.17", _ALL, ("type", "language", "email", "package"), guarded=False),
    _write("edituser", "4.3", _ALL, ("type", "language", "email", "package", "suspended")),
    _write("deleteuser", "4.4", ("user",), ()),
)}
