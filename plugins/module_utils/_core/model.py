# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Field tables: how options, API arguments and results name the same thing, and its normal form. This is a private util of the collection."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any, NamedTuple

from .._base.uri import MASK, mask_uri
from .._base.url import identity_of, normalize_url

# Marks that the server did not say anything about a field.
UNKNOWN = object()

# Section 3.3: autoup, and the words that the options use for its numbers.
AUTOUP = {"none": "0", "minor": "1", "all": "2"}
# The notifications of the sample in section 3.7: a server that lists all of them has "all" set.
ALL_NOTIFICATIONS = frozenset(("clone", "clone_error", "backup", "backup_error", "restore", "restore_error",
                               "update_available", "update", "update_error"))


class Field(NamedTuple):
    """One property of an installed application.

    option: name of the module's option. argument: name that the API takes. keys: names under which C(installs) or C(view)
    return it, best first; empty if it cannot be read. kind: key of KINDS. install, edit: whether these commands take it.
    secret: never shown.
    """

    option: str
    argument: str
    keys: tuple[str, ...]
    kind: str
    install: bool
    edit: bool
    secret: bool


def _field(option: str, keys: tuple[str, ...] = (), kind: str = "text", install: bool = True, edit: bool = True, secret: bool = False) -> Field:
    return Field(option, option, tuple(keys), kind, install, edit, secret)


# Sections 3.3 (install) and 3.8 (edit); the keys are those of the sample replies in 3.3, 3.5 and 3.7.
INSTALL_FIELDS = {field.option: field for field in (
    _field("url", ("url",), kind="url"),
    _field("url_ip", edit=False),
    _field("language", ("language",)),
    _field("autoup", ("autoup",), kind="autoup"),
    _field("autoup_backup", ("autoup-backup", "autoup_backup"), kind="flag"),
    _field("notification", ("list-notification", "notification"), kind="names"),
    _field("autobk", ("autobk",)),
    _field("autobk_daily", ("autobk-daily", "autobk_daily"), kind="number"),
    _field("autobk_weekly", ("autobk-weekly", "autobk_weekly"), kind="number"),
    _field("autobk_monthly", ("autobk-monthly", "autobk_monthly"), kind="number"),
    _field("bkloc", ("bkloc",), kind="uri"),
    _field("login", ("cf-login",)),
    _field("passwd", kind="secret", secret=True),
    _field("email", ("cf-email",)),
    _field("sitetitle", ("cf-sitetitle",)),
    _field("sitetagline", ("cf-sitetagline",)),
    _field("content", edit=False),
    _field("db_host", ("db-host",)),
    _field("db_name", ("db-name",)),
    _field("db_user", ("db-user",)),
    _field("db_pass", ("db-pass",), kind="secret", secret=True),
    _field("db_prefix", ("db-prefix",)),
    _field("db_host_ip", edit=False),
)}
# Fields of the table above that no sample reply shows: a server that does not return them cannot be compared with.
MAY_BE_HIDDEN = frozenset(("autoup_backup", "autobk_daily", "autobk_weekly", "autobk_monthly"))
# Prefix under which the server returns an application's own fields.
SETTING_PREFIX = "cf-"


def setting_field(name: str, secret: bool = False, readable: bool = True) -> Field:
    """Return the Field of an application's own setting; it is sent under its name and returned with the prefix cf-."""
    return Field("settings.%s" % name, name, (SETTING_PREFIX + name,) if readable else (), "secret" if secret else "text",
                 True, True, secret)


# --- normal forms -----------------------------------------------------------------------------------------------------

class Kind(NamedTuple):
    """How values of one kind are treated.

    normal: callable(value from user or server) -> normal form. send: callable(normal form) -> API text.
    show: callable(normal form) -> what diff and result show.
    """

    normal: Callable[[Any], Any]
    send: Callable[[Any], str]
    show: Callable[[Any], Any]


def _text(value: object) -> str:
    """Return a text without white space around it; booleans as the API's yes and no (YAML reads yes as true)."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).strip()


def _autoup(value: object) -> str:
    text = str(value).strip().lower()
    for word, number in AUTOUP.items():
        if text in (word, number):
            return word
    return "none" if text == "" else text


def flag(value: object) -> bool:
    """Return a boolean that the server sent as 1, "1", "yes" or true."""
    return value is True or str(value).strip().lower() in ("1", "yes", "true", "on")


def number(value: Any) -> int | None:
    """Return an integer that the server sent as a text, or None if it is none."""
    try:
        return int(value) if isinstance(value, int) else int(float(value))
    except (OverflowError, TypeError, ValueError):
        return None


def _items(value: object) -> list[Any]:
    """Return the items of a list; PHP sends one with gaps as a table, and what is neither has none."""
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, (list, tuple)) else []


def _names(value: Any) -> list[str]:
    parts = value.split(",") if isinstance(value, str) else _items(value)
    return sorted({str(part).strip() for part in parts if str(part).strip()})


def _url(value: object) -> str:
    """Return the normal form of a URL of the server's, or the text itself when it is none."""
    return normalize_url(value) if identity_of(value) != str(value) else str(value)


KINDS = {
    "text": Kind(_text, str, str),
    "secret": Kind(str, str, lambda value: MASK),
    "autoup": Kind(_autoup, lambda value: AUTOUP.get(value, value), str),
    "flag": Kind(flag, lambda value: "1" if value else "0", bool),
    "number": Kind(number, str, int),
    "names": Kind(_names, ",".join, list),
    "uri": Kind(_text, str, mask_uri),
    "url": Kind(_url, str, str),
    "yesno": Kind(flag, lambda value: "yes" if value else "no", bool),
}


def normal(field: Field, value: Any) -> Any:
    """Return the normal form of a user's value for a field."""
    return KINDS[field.kind].normal(value)


def to_argument(field: Field, value: Any) -> str:
    """Return a normal form as the API takes it: texts, as a form-encoded request would have them."""
    return KINDS[field.kind].send(value)


def actual(field: Field, row: dict[str, Any]) -> Any:
    """Return the normal form of a field in a row of C(installs) or C(view), or UNKNOWN if the row does not say."""
    for key in field.keys:
        if row.get(key) is not None:
            return KINDS[field.kind].normal(row[key])
    if field.option == "sitetitle" and row.get("title"):
        return _text(row["title"])
    return UNKNOWN


def same(field: Field, desired: Any, found: Any) -> bool:
    """Say whether a normal form that the user wants is what the server has."""
    if desired == found:
        return True
    if field.kind == "names" and desired == ["all"]:
        return ALL_NOTIFICATIONS <= set(found)
    if field.kind == "uri":
        # A server that hides credentials cannot be compared on them.
        return "@" not in found.partition("://")[2] and _without_userinfo(desired) == found
    return False


def _without_userinfo(uri: str) -> str:
    scheme, separator, rest = uri.partition("://")
    return scheme + separator + rest.rpartition("@")[2]


# --- results ----------------------------------------------------------------------------------------------------------

def iso_time(value: Any) -> str | None:
    """Return Unix seconds, as the server sends them, as ISO 8601 UTC, or None."""
    seconds = number(value)
    if not seconds:
        return None
    try:
        return datetime.fromtimestamp(seconds, tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OSError, OverflowError, ValueError):
        # No time that a calendar has.
        return None


def _plain(value: object) -> str | None:
    return None if value is None else str(value)


def _listing(value: Any) -> list[str]:
    return [str(item) for item in ([value] if isinstance(value, str) and value else _items(value))]


def _optional(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else convert(value)


def _addons(value: Any) -> list[dict[str, Any]]:
    """Return plugins or themes (section 3.7, addons) as a list of tables."""
    return [{"id": str(id), "name": str(item.get("Name") or ""), "version": str(item.get("Version") or ""), "version_available": addon_update(item)}
            for id, item in sorted(addon_table(value).items())]


def addon_table(value: Any) -> dict[str, dict[str, Any]]:
    """Return list-plugins or list-themes as a dictionary by id; PHP sends an empty one as a list."""
    return {str(id): item for id, item in value.items() if isinstance(item, dict)} if isinstance(value, dict) else {}


def addon_update(item: dict[str, Any]) -> str | None:
    """Return the version that a plugin or theme can be brought to, or None if it is up to date (C(_ud), section 3.7)."""
    update = item.get("_ud")
    version = update.get("new_version") if isinstance(update, dict) else None
    return str(version) if version and str(version) != str(item.get("Version") or "") else None


class Column(NamedTuple):
    """One member of a result: its name, the key that the server has it under, and callable(value) -> what the result says."""

    name: str
    key: str
    convert: Callable[[Any], Any]


# What a result says of an installed application, from the samples of sections 3.3, 3.5 and 3.7; whatever else a server
# sends is left out, for it might be secret.
INSTALL_COLUMNS = tuple(Column(*column) for column in (
    ("id", "id", _plain), ("application", "installer", _plain), ("version", "version", _plain),
    ("version_available", "version-available", _plain), ("version_available_minor", "version-available-minor", _plain),
    ("url", "url", _plain), ("url_domain", "url-domain", _plain), ("title", "title", _plain),
    ("owner", "owner", _plain), ("language", "language", _plain), ("path", "path", _optional(lambda value: mask_uri(str(value)))),
    ("path_created", "path-created", _optional(flag)), ("link_admin", "link-admin", _plain), ("agent", "agent", _plain),
    ("time", "time", iso_time), ("time_updated", "time-updated", iso_time), ("backup_time", "backup-time", iso_time),
    ("db_type", "db-type", _plain), ("db_host", "db-host", _plain), ("db_name", "db-name", _plain),
    ("db_user", "db-user", _plain), ("db_prefix", "db-prefix", _plain),
    ("autoup", "autoup", _optional(_autoup)), ("autoup_backup", "autoup-backup", _optional(flag)),
    ("autoup_plugins", "autoup-plugins", _plain), ("autoup_themes", "autoup-themes", _plain),
    ("version_autouped", "version-autouped", _plain), ("version_notified", "version-notified", _plain),
    ("notification", "list-notification", _optional(_names)),
    ("autobk", "autobk", _plain), ("autobk_daily", "autobk-daily", number), ("autobk_weekly", "autobk-weekly", number),
    ("autobk_monthly", "autobk-monthly", number), ("bkloc", "bkloc", _optional(lambda value: mask_uri(str(value)))),
    ("login", "cf-login", _plain), ("email", "cf-email", _plain), ("sitetitle", "cf-sitetitle", _plain),
    ("sitetagline", "cf-sitetagline", _plain),
    ("list_files", "list-files", _listing), ("list_tables", "list-tables", _listing),
    ("list_plugins", "list-plugins", _addons), ("list_themes", "list-themes", _addons),
    ("plugin_updates_available", "plugin-updates-available", number), ("theme_updates_available", "theme-updates-available", number),
    ("cache_files", "cache-files", number), ("cache_tables", "cache-tables", number), ("cache_time", "cache-time", iso_time),
    ("cache_numbackups", "cache-numbackups", number),
))
_OWN_SETTINGS = frozenset(("cf-login", "cf-email", "cf-sitetitle", "cf-sitetagline"))


def install_result(row: dict[str, Any] | None, secret_name: Callable[[str], bool]) -> dict[str, Any] | None:
    """Return the documented result for a row of C(installs) or C(view), or None for no row.

    Arguments:
        row: the row. secret_name: callable(name) -> bool, for the application's own fields.
    """
    if row is None:
        return None
    result = {column.name: column.convert(row.get(column.key)) for column in INSTALL_COLUMNS}
    result["settings"] = {key[len(SETTING_PREFIX):]: _plain(value) for key, value in sorted(row.items())
                          if key.startswith(SETTING_PREFIX) and key not in _OWN_SETTINGS and not secret_name(key)}
    return result


# What a result says of a backup, from the sample of section 3.6; what belongs to the backup comes first. The members
# that it shares with an installed application are those of the application when the backup was made. No sample shows
# backup-note and backup-expiry.
BACKUP_COLUMNS = tuple(Column(*column) for column in (
    ("id", "id", _plain), ("install", "backup-install", _plain), ("time", "backup-time", iso_time), ("size", "cache-archive", number),
    ("filename", "backup-filename", _plain), ("file", "file", _optional(lambda value: mask_uri(str(value)))),
    ("location", "backup-location", _optional(lambda value: mask_uri(str(value)))), ("schedule", "backup-schedule", _plain),
    ("expiry", "backup-expiry", _plain), ("note", "backup-note", _plain),
    ("application", "installer", _plain), ("version", "version", _plain), ("url", "url", _plain), ("url_domain", "url-domain", _plain),
    ("title", "title", _plain), ("owner", "owner", _plain), ("language", "language", _plain),
    ("path", "path", _optional(lambda value: mask_uri(str(value)))), ("agent", "agent", _plain), ("install_time", "time", iso_time),
    ("db_type", "db-type", _plain), ("db_host", "db-host", _plain), ("db_name", "db-name", _plain), ("db_user", "db-user", _plain),
    ("db_prefix", "db-prefix", _plain), ("cache_time", "cache-time", iso_time),
))


def backup_result(row: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the documented result for a row of C(backups) (section 3.6), or None for no row."""
    return None if row is None else {column.name: column.convert(row.get(column.key)) for column in BACKUP_COLUMNS}


def backup_age_key(row: dict[str, Any]) -> int:
    """Return a key that sorts rows of C(backups) by the time at which the backup was made, the oldest first."""
    return number(row.get("backup-time")) or number(row.get("time")) or 0


_SIZE = re.compile(r"^([0-9]+(?:\.[0-9]+)?)\s*([KMGT]?)(?:I?B)?$")
_UNITS = {unit: 1024 ** power for power, unit in enumerate(("", "K", "M", "G", "T"))}


def size(value: object) -> int | None:
    """Return a size such as 40M (section 3.2, requirements) in bytes, or None if it is none."""
    match = _SIZE.match(str(value).strip().upper())
    return int(float(match.group(1)) * _UNITS[match.group(2)]) if match else None


def _requirements(value: Any) -> dict[str, Any]:
    table = value if isinstance(value, dict) else {}
    return {str(name).replace("-", "_"): size(item) if name == "diskspace" else _plain(item) for name, item in table.items()}


def _default_true(value: object) -> bool:
    return True if value is None else flag(value)


def _labels(value: Any) -> dict[str, str | None]:
    """Return a table of texts; PHP sends an empty one as a list."""
    return {str(key): _plain(text) for key, text in value.items()} if isinstance(value, dict) else {}


# What a result says of a field of an application, from the sample of section 3.2.
APP_FIELD_COLUMNS = tuple(Column(*column) for column in (
    ("label", "label", _plain), ("text", "text", _plain), ("type", "type", _plain), ("default", "default", _plain), ("value", "value", _plain),
    ("options", "options", _labels), ("gettable", "gettable", _default_true), ("settable", "settable", _default_true),
    ("sort_order", "sort_order", number),
))


def _app_fields(value: Any) -> dict[str, dict[str, Any]]:
    table = value if isinstance(value, dict) else {}
    return {str(name): {column.name: column.convert(field.get(column.key)) for column in APP_FIELD_COLUMNS}
            for name, field in table.items() if isinstance(field, dict)}


# What a result says of a release of an application, from the sample of section 3.2.
APP_COLUMNS = tuple(Column(*column) for column in (
    ("id", "id", _plain), ("application", "appid", _plain), ("version", "version", _plain), ("branch", "branch", _plain),
    ("name", "name", _plain), ("category", "category", _plain), ("type", "type", _plain), ("date", "date", _plain),
    ("license", "license", _plain), ("tags", "tags", _listing), ("upgrade", "upgrade", _plain), ("upgrade_from", "upgrade_from", _plain),
    ("install", "install", _plain), ("description", "description", _plain), ("authordescription", "authordescription", _plain),
    ("changelog", "changelog", _plain), ("link_site", "link_site", _plain), ("link_showcase", "link_showcase", _plain),
    ("link_docs", "link_docs", _plain), ("link_faq", "link_faq", _plain), ("link_support", "link_support", _plain),
    ("link_changelog", "link_changelog", _plain), ("link_admin", "link_admin", _plain),
    ("link_installersupport", "link_installersupport", _plain), ("requirements", "requirements", _requirements),
    ("languages", "languages", _listing), ("fields", "fields", _app_fields), ("images", "images", _listing),
))


def app_result(row: dict[str, Any]) -> dict[str, Any]:
    """Return the documented result for a release that C(browser) lists (section 3.2)."""
    result = {column.name: column.convert(row.get(column.key)) for column in APP_COLUMNS}
    result["application"] = result["application"] or result["id"]
    return result


# Section 4.3 (edituser); the keys are those of a user in v2 (rest-v2.md section 2), which reads back C(language) as
# locale and C(reseller) as parent, and does not show C(package).
USER_FIELDS = {field.option: field for field in (
    _field("type", ("type",)),
    _field("language", ("locale", "language")),
    _field("email", ("email",)),
    _field("package", ("package",)),
    _field("reseller", ("parent", "reseller")),
    _field("suspended", ("suspended",), kind="yesno"),
)}

# What a result says of a user (rest-v2.md section 2).
USER_COLUMNS = tuple(Column(*column) for column in (
    ("id", "id", _plain), ("type", "type", _plain), ("reseller", "parent", _plain),
    ("suspended", "suspended", _optional(flag)), ("language", "locale", _plain), ("email", "email", _plain), ("package", "package", _plain),
))
# What a result says of a website, from section 3.1, section 3.17, and rest-v2.md section 2; nothing in it is secret.
WEBSITE_COLUMNS = tuple(Column(*column) for column in (
    ("id", "id", _plain), ("label", "label", _plain), ("path", "path", _optional(lambda value: mask_uri(str(value)))),
    ("vhosts", "vhosts", _labels), ("email", "email", _plain), ("uid", "uid", number), ("gid", "gid", number),
    ("server", "server", _plain), ("vhost_ip", "vhost_ip", _plain), ("path_backups", "path_backups", _plain),
    ("mysql_host", "mysql_host", _plain), ("language", "language", _plain), ("suspended", "suspended", _optional(flag)),
    ("db_mode", "db_mode", _plain), ("reseller", "parent", _plain),
))
_DATABASE_KEYS = ("type", "host", "name", "user")


def user_result(row: dict[str, Any] | None, secret_name: Callable[[str], bool]) -> dict[str, Any] | None:
    """Return the documented result for a user as v2 returns it (rest-v2.md section 2), or None for no user.

    Arguments:
        row: the user. secret_name: callable(name) -> bool, for the websites' values under names with an underscore.
    """
    if row is None:
        return None
    result = {column.name: column.convert(row.get(column.key)) for column in USER_COLUMNS}
    result["websites"] = [website_result(website, secret_name) for website in row.get("websites") or ()
                          if isinstance(website, dict)]
    return result


def website_result(row: dict[str, Any], secret_name: Callable[[str], bool]) -> dict[str, Any]:
    """Return the documented result for one website of a user; see user_result."""
    result = {column.name: column.convert(row.get(column.key)) for column in WEBSITE_COLUMNS}
    result["databases"] = [{key: _plain(database.get(key)) for key in _DATABASE_KEYS}
                           for database in row.get("databases") or () if isinstance(database, dict)]
    result["custom"] = {key: value for key, value in row.items() if key.startswith("_") and not secret_name(key)}
    return result
