# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Mapping of fields between options, API arguments and results, with their normal forms. This is a private util of the collection."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from typing import Any, NamedTuple

from .._base.errors import InputError
from .._base.uri import MASK, mask_uri
from .._base.url import url_of

# Value of a field that the server does not return.
UNKNOWN = object()

# Section 3.3: the values of autoup, by the names that the options use.
AUTOUP = {"none": "0", "minor": "1", "all": "2"}
# All notifications, from the sample of section 3.7. A server that returns all of them has the setting "all".
ALL_NOTIFICATIONS = frozenset(("clone", "clone_error", "backup", "backup_error", "restore", "restore_error",
                               "update_available", "update", "update_error"))


class Field(NamedTuple):
    """One property of an installed application.

    option: name of the module option. argument: name of the API argument. keys: names in the rows of C(installs) or C(view) in
    order of preference; empty if the field cannot be read. kind: key of KINDS. edit: whether C(edit) accepts it, as C(install)
    does. secret: whether the value is never shown.
    """

    option: str
    argument: str
    keys: tuple[str, ...]
    kind: str
    edit: bool
    secret: bool


def same_name_field(option: str, keys: tuple[str, ...] = (), kind: str = "text", edit: bool = True, secret: bool = False) -> Field:
    """Return the Field of an option whose API argument has the same name."""
    return Field(option, option, tuple(keys), kind, edit, secret)


# Prefix of the application-specific fields in the rows of the server.
SETTING_PREFIX = "cf-"


# --- normal forms -----------------------------------------------------------------------------------------------------

class Kind(NamedTuple):
    """Conversions of one kind of value.

    normal: callable(value from user or server) -> normal form. send: callable(normal form) -> API text.
    show: callable(normal form) -> value in the diff and the result.
    """

    normal: Callable[[Any], Any]
    send: Callable[[Any], str]
    show: Callable[[Any], Any]


def _text(value: object) -> str:
    """Return a string without surrounding whitespace, and booleans as yes and no, because YAML reads yes as true."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).strip()


def autoup_word(value: object) -> str:
    text = str(value).strip().lower()
    for word, number in AUTOUP.items():
        if text in (word, number):
            return word
    return "none" if text == "" else text


def flag(value: object) -> bool:
    """Return whether a value is 1, "1", "yes", "on" or true."""
    return value is True or str(value).strip().lower() in ("1", "yes", "true", "on")


def number(value: Any) -> int | None:
    """Return a value as an integer, or None if it is not a number."""
    try:
        return int(value) if isinstance(value, int) else int(float(value))
    except (OverflowError, TypeError, ValueError):
        return None


def _items(value: object) -> list[Any]:
    """Return the items of a list, or of an object, because PHP encodes a list with gaps as an object. Other values have no items."""
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, (list, tuple)) else []


def name_list(value: Any) -> list[str]:
    parts = value.split(",") if isinstance(value, str) else _items(value)
    return sorted({str(part).strip() for part in parts if str(part).strip()})


KINDS = {
    "text": Kind(_text, str, str),
    "secret": Kind(str, str, lambda value: MASK),
    "autoup": Kind(autoup_word, lambda value: AUTOUP.get(value, value), str),
    "flag": Kind(flag, lambda value: "1" if value else "0", bool),
    "number": Kind(number, str, int),
    "names": Kind(name_list, ",".join, list),
    "uri": Kind(_text, str, mask_uri),
    "url": Kind(url_of, str, str),
    "yesno": Kind(flag, lambda value: "yes" if value else "no", bool),
}


def normal(field: Field, value: Any) -> Any:
    """Return the normal form of a value for a field."""
    return KINDS[field.kind].normal(value)


def to_argument(field: Field, value: Any) -> str:
    """Return a normal form as an API argument, which is always a string."""
    return KINDS[field.kind].send(value)


def actual(field: Field, row: dict[str, Any]) -> Any:
    """Return the normal form of a field in a row of C(installs) or C(view), or UNKNOWN if the row does not contain it."""
    for key in field.keys:
        if row.get(key) is not None:
            return KINDS[field.kind].normal(row[key])
    if field.option == "sitetitle" and row.get("title"):
        return _text(row["title"])
    return UNKNOWN


def same(field: Field, desired: Any, found: Any) -> bool:
    """Return whether the desired and the current normal form are equal."""
    if desired == found:
        return True
    if field.kind == "names" and desired == ["all"]:
        return ALL_NOTIFICATIONS <= set(found)
    if field.kind == "uri":
        # Credentials that the server hides cannot be compared.
        return bool(_without_userinfo(desired) == found)
    return False


def _without_userinfo(uri: str) -> str:
    scheme, separator, rest = uri.partition("://")
    return scheme + separator + rest.rpartition("@")[2]


# --- results ----------------------------------------------------------------------------------------------------------

def iso_time(value: Any) -> str | None:
    """Return Unix seconds as ISO 8601 in UTC, or None."""
    seconds = number(value)
    if not seconds:
        return None
    try:
        return datetime.fromtimestamp(seconds, tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OSError, OverflowError, ValueError):
        # The value is out of range.
        return None


def plain_text(value: object) -> str | None:
    return None if value is None else str(value)


def text_list(value: Any) -> list[str]:
    return [str(item) for item in ([value] if isinstance(value, str) and value else _items(value))]


def optional(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else convert(value)


class Column(NamedTuple):
    """One member of a result: its name, its key in the rows of the server, and callable(value) -> value in the result."""

    name: str
    key: str
    convert: Callable[[Any], Any]


def row_result(columns: Iterable[Column], row: dict[str, Any], names: frozenset[str] | None = None) -> dict[str, Any]:
    """Return the result for a row of the server.

    Arguments:
        columns: the columns of the result. row: the row. names: names of the columns to return, or None for all.
    """
    return {column.name: column.convert(row.get(column.key)) for column in columns if names is None or column.name in names}


def wanted_members(fields: list[str] | None, known: Iterable[str]) -> frozenset[str] | None:
    """Return the members that the option fields selects, or None for all members.

    Arguments:
        fields: value of the option; None or empty selects all members. known: names of all members.

    Raises InputError for an unknown name.
    """
    if not fields:
        return None
    wanted, known = frozenset(fields), frozenset(known)
    if not wanted <= known:
        raise InputError("fields: the result has no %s" % ", ".join(sorted(wanted - known)), hint="Valid names: %s." % ", ".join(sorted(known)))
    return wanted


def backup_age_key(row: dict[str, Any]) -> int:
    """Return a sort key that orders rows of C(backups) by creation time, the oldest first."""
    return number(row.get("backup-time")) or number(row.get("time")) or 0


def text_table(value: Any) -> dict[str, str | None]:
    """Return a dictionary of strings, or an empty one for the list that PHP sends in place of an empty object."""
    return {str(key): plain_text(text) for key, text in value.items()} if isinstance(value, dict) else {}
