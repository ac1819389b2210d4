# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Fields and columns of an installed application (sections 3.3, 3.5, 3.7, and 3.8). This is a private util of the collection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._base.uri import mask_uri
from .._core.model import (
    SETTING_PREFIX,
    Column,
    Field,
    autoup_word,
    flag,
    iso_time,
    name_list,
    number,
    optional,
    plain_text,
    row_result,
    same_name_field,
    text_list,
)

# Sections 3.3 (install) and 3.8 (edit). The keys are from the sample replies in 3.3, 3.5, and 3.7.
INSTALL_FIELDS = {field.option: field for field in (
    same_name_field("url", ("url",), kind="url"),
    same_name_field("url_ip", edit=False),
    same_name_field("language", ("language",)),
    same_name_field("autoup", ("autoup",), kind="autoup"),
    same_name_field("autoup_backup", ("autoup-backup", "autoup_backup"), kind="flag"),
    same_name_field("notification", ("list-notification", "notification"), kind="names"),
    same_name_field("autobk", ("autobk",)),
    same_name_field("autobk_daily", ("autobk-daily", "autobk_daily"), kind="number"),
    same_name_field("autobk_weekly", ("autobk-weekly", "autobk_weekly"), kind="number"),
    same_name_field("autobk_monthly", ("autobk-monthly", "autobk_monthly"), kind="number"),
    same_name_field("bkloc", ("bkloc",), kind="uri"),
    same_name_field("login", ("cf-login",)),
    same_name_field("passwd", kind="secret", secret=True),
    same_name_field("email", ("cf-email",)),
    same_name_field("sitetitle", ("cf-sitetitle",)),
    same_name_field("sitetagline", ("cf-sitetagline",)),
    same_name_field("content", edit=False),
    same_name_field("db_host", ("db-host",)),
    same_name_field("db_name", ("db-name",)),
    same_name_field("db_user", ("db-user",)),
    same_name_field("db_pass", ("db-pass",), kind="secret", secret=True),
    same_name_field("db_prefix", ("db-prefix",)),
    same_name_field("db_host_ip", edit=False),
)}
# Fields above that no sample reply shows. If the server does not return them, they cannot be compared.
MAY_BE_HIDDEN = frozenset(("autoup_backup", "autobk_daily", "autobk_weekly", "autobk_monthly"))


def setting_field(name: str, secret: bool = False, readable: bool = True) -> Field:
    """Return the Field of an application's own setting. The API accepts it under its name and returns it with the prefix cf-."""
    return Field("settings.%s" % name, name, (SETTING_PREFIX + name,) if readable else (), "secret" if secret else "text",
                 True, secret)


def _addons(value: Any) -> list[dict[str, Any]]:
    """Return plugins or themes (section 3.7, addons) as a list of dictionaries."""
    return [{"id": str(id), "name": str(item.get("Name") or ""), "version": str(item.get("Version") or ""), "version_available": addon_update(item)}
            for id, item in sorted(addon_table(value).items())]


def addon_table(value: Any) -> dict[str, dict[str, Any]]:
    """Return list-plugins or list-themes as a dictionary by id. PHP encodes an empty dictionary as a list."""
    return {str(id): item for id, item in value.items() if isinstance(item, dict)} if isinstance(value, dict) else {}


def addon_update(item: dict[str, Any]) -> str | None:
    """Return the available version of a plugin or theme, or None if it is up to date (C(_ud), section 3.7)."""
    update = item.get("_ud")
    version = update.get("new_version") if isinstance(update, dict) else None
    return str(version) if version and str(version) != str(item.get("Version") or "") else None


# Members of an installed application in results, from the samples of sections 3.3, 3.5, and 3.7. Other members of a
# reply are omitted because they might be secret.
INSTALL_COLUMNS = tuple(Column(*column) for column in (
    ("id", "id", plain_text), ("application", "installer", plain_text), ("version", "version", plain_text),
    ("version_available", "version-available", plain_text), ("version_available_minor", "version-available-minor", plain_text),
    ("url", "url", plain_text), ("url_domain", "url-domain", plain_text), ("title", "title", plain_text),
    ("owner", "owner", plain_text), ("language", "language", plain_text), ("path", "path", optional(lambda value: mask_uri(str(value)))),
    ("path_created", "path-created", optional(flag)), ("link_admin", "link-admin", plain_text), ("agent", "agent", plain_text),
    ("time", "time", iso_time), ("time_updated", "time-updated", iso_time), ("backup_time", "backup-time", iso_time),
    ("db_type", "db-type", plain_text), ("db_host", "db-host", plain_text), ("db_name", "db-name", plain_text),
    ("db_user", "db-user", plain_text), ("db_prefix", "db-prefix", plain_text),
    ("autoup", "autoup", optional(autoup_word)), ("autoup_backup", "autoup-backup", optional(flag)),
    ("autoup_plugins", "autoup-plugins", plain_text), ("autoup_themes", "autoup-themes", plain_text),
    ("version_autouped", "version-autouped", plain_text), ("version_notified", "version-notified", plain_text),
    ("notification", "list-notification", optional(name_list)),
    ("autobk", "autobk", plain_text), ("autobk_daily", "autobk-daily", number), ("autobk_weekly", "autobk-weekly", number),
    ("autobk_monthly", "autobk-monthly", number), ("bkloc", "bkloc", optional(lambda value: mask_uri(str(value)))),
    ("login", "cf-login", plain_text), ("email", "cf-email", plain_text), ("sitetitle", "cf-sitetitle", plain_text),
    ("sitetagline", "cf-sitetagline", plain_text),
    ("list_files", "list-files", text_list), ("list_tables", "list-tables", text_list),
    ("list_plugins", "list-plugins", _addons), ("list_themes", "list-themes", _addons),
    ("plugin_updates_available", "plugin-updates-available", number), ("theme_updates_available", "theme-updates-available", number),
    ("cache_files", "cache-files", number), ("cache_tables", "cache-tables", number), ("cache_time", "cache-time", iso_time),
    ("cache_numbackups", "cache-numbackups", number),
))
_OWN_SETTINGS = frozenset(("cf-login", "cf-email", "cf-sitetitle", "cf-sitetagline"))
_SETTINGS = "settings"
INSTALL_MEMBERS = (*(column.name for column in INSTALL_COLUMNS), _SETTINGS)


def install_result(row: dict[str, Any] | None, secret_name: Callable[[str], bool], names: frozenset[str] | None = None) -> dict[str, Any] | None:
    """Return the documented result for a row of C(installs) or C(view), or None for no row.

    Arguments:
        row: the row. secret_name: callable(name) -> bool, for the application's own fields. names: the members of
            INSTALL_MEMBERS to return; None for all.
    """
    if row is None:
        return None
    result = row_result(INSTALL_COLUMNS, row, names)
    if names is None or _SETTINGS in names:
        result[_SETTINGS] = {key[len(SETTING_PREFIX):]: plain_text(value) for key, value in sorted(row.items())
                             if key.startswith(SETTING_PREFIX) and key not in _OWN_SETTINGS and not secret_name(key)}
    return result
