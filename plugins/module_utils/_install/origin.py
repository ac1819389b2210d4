# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Finds installed applications and the source of a new one. This is a private util of the collection."""

from __future__ import annotations

from typing import Any, NamedTuple

from .._base.errors import InputError
from .._base.uri import mask_uri
from .._base.url import check_ip, id_or_url, identity_of, normalize_url, site_identity
from .._core.model import backup_age_key
from .._wire.client import Client
from .plan import DesiredInstall, Origin


class Source(NamedTuple):
    """How to create a missing application. command: install, import, migrate, clone, or restore. value: the value of the option."""

    command: str
    value: Any


_URI_SCHEMES = ("ftp://", "ftps://", "sftp://", "ssh://", "app://")


def desired_source(params: dict[str, Any]) -> Source:
    """Return the Source in a task's options. Raises InputError that names the option."""
    if params["import_existing"]:
        return Source("import", True)
    if params.get("import_version"):
        raise InputError("import_version: requires import_existing")
    if params.get("migrate_from"):
        return Source("migrate", _migration(params["migrate_from"], params.get("application")))
    for command, option in (("clone", "clone_from"), ("restore", "restore_from")):
        if params.get(option) is not None:
            if not params[option].strip():
                raise InputError("%s: must not be empty" % option)
            return Source(command, params[option].strip())
    return Source("install", None)


def _migration(options: dict[str, Any], application: str | None) -> dict[str, Any]:
    """Return the arguments of a migration (section 3.4)."""
    arguments = {name: value for name, value in options.items() if value is not None}
    arguments["source_url"] = normalize_url(options["source_url"], "migrate_from.source_url")
    if options.get("source_url_ip") is not None:
        check_ip(options["source_url_ip"], "migrate_from.source_url_ip")
    uri = options["source_ftu"]
    if not uri.startswith(_URI_SCHEMES) or not uri.partition("://")[2]:
        raise InputError("migrate_from.source_ftu: %s is not an address that the API accepts" % mask_uri(uri),
                         hint="Use one of the schemes %s." % ", ".join(_URI_SCHEMES))
    if uri.lower().startswith("app://") and application not in (None, "wordpress"):
        raise InputError("migrate_from.source_ftu: app:// is only valid with application: wordpress",
                         hint="Set an ftp, sftp, or ssh address.")
    return arguments


def find_origin(client: Client, desired: DesiredInstall, source: Source) -> Origin | None:
    """Return the Origin of a new application, or None for a plain installation.

    Raises InputError if the source does not exist or is not the desired application.
    """
    if source.command == "install":
        return None
    if source.command == "import":
        return Origin("import", {}, {"imported": True}, False)
    if source.command == "migrate":
        return Origin("import", source.value, {"migrated_from": source.value["source_url"]}, False)
    if source.command == "clone":
        row = find_install(client, source.value, "clone_from")
        _check_application(desired, row, "clone_from")
        return Origin("clone", {"id": str(row["id"])}, {"cloned_from": str(row["id"])}, False)
    backup = _find_backup(client, desired, source.value)
    _check_application(desired, backup, "restore_from")
    return Origin("restore", {"id": str(backup["id"])}, {"restored_from": str(backup["id"])},
                  identity_of(backup.get("url")) == site_identity(desired.url) and normalize_url(str(backup["url"])) == desired.url)


def find_install(client: Client, value: str, option: str, **scope: Any) -> dict[str, Any]:
    """Return the row of the installed application that an id or a URL names. Raises InputError if there is none.

    Arguments:
        client: reads C(installs). value: the id or the URL. option: its option, for the error message.
        scope: additional arguments of C(installs).
    """
    name = id_or_url(value, option)
    row = find_at_url(client, name.text, option, **scope) if name.is_url else client.install(name.text, **scope)
    if row is None:
        raise InputError(("%s: nothing is installed at %s" if name.is_url else "%s: the server has no installed application %s for this user")
                         % (option, name.text),
                         hint="Set the id or the URL of an installed application of this user.")
    return row


def find_at_url(client: Client, url: str, option: str = "url", **scope: Any) -> dict[str, Any] | None:
    """Return the row of the application at a URL, or None. Raises InputError as find_by_url does.

    If a search finds nothing, the whole list is checked before the application counts as absent.
    """
    for search in ({"q": site_identity(url)},) if client.searches_all else ({"q": site_identity(url)}, {}):
        row = find_by_url(client.installs(**dict(search, **scope)), url, option)
        if row is not None:
            return row
    return None


def _find_backup(client: Client, desired: DesiredInstall, value: str) -> dict[str, Any]:
    """Return the row of the backup with an id, or of the newest backup of the desired URL."""
    if value != "latest":
        row = client.backup(value)
        if row is None:
            raise InputError("restore_from: the server has no backup %s for this user" % value, hint="itron_backup_info lists the backups.")
        return row
    identity = site_identity(desired.url)
    rows = [row for row in client.backups() if identity_of(str(row.get("url"))) == identity]
    if not rows:
        raise InputError("restore_from: the server has no backup of %s" % desired.url, hint="Set the id of a backup; itron_backup_info lists the backups.")
    return max(rows, key=backup_age_key)


def _check_application(desired: DesiredInstall, row: dict[str, Any], option: str) -> None:
    """Raise InputError if the source is not the desired application."""
    if desired.application and str(row.get("installer")) != desired.application:
        raise InputError("%s: %s is %s, not %s" % (option, row.get("id"), row.get("installer"), desired.application),
                         hint="Correct application or %s." % option)


def find_by_url(rows: list[dict[str, Any]], url: str, option: str = "url") -> dict[str, Any] | None:
    """Return the row of the application at a URL, or None.

    URLs that differ only in http and https match. Raises InputError that names the option if several rows match and none has exactly this URL.
    """
    found = rows_at_url(rows, url)
    if len(found) > 1:
        raise InputError("%s: %d installed applications are at %s: %s" % (
            option, len(found), url, ", ".join("%s (%s)" % (row.get("id"), row.get("url")) for row in found)),
            hint="Set the id of the application instead.")
    return found[0] if found else None


def rows_at_url(rows: list[dict[str, Any]], url: str) -> list[dict[str, Any]]:
    """Return the rows of the site at a URL. If exactly one row has this exact URL, return only that row."""
    identity = site_identity(url)
    found = [row for row in rows if identity_of(row.get("url")) == identity]
    exact = [row for row in found if normalize_url(row["url"]) == url]
    return exact if len(exact) == 1 else found
