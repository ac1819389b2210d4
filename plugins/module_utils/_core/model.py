# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Field tables: how options, API arguments and results name the same thing, and its normal form. This is a private util of the collection."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from typing import Any, NamedTuple

from .._base.errors import InputError
from .._base.uri import MASK, mask_uri
from .._base.url import url_of

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
    return it, best first; empty if it cannot be read. kind: key of KINDS. edit: whether this command takes it,
    as C(install) does. secret: never shown.
    """

    option: str
    argument: str
    keys: tuple[str, ...]
    kind: str
    edit: bool
    secret: bool


def same_name_field(option: str, keys: tuple[str, ...] = (), kind: str = "text", edit: bool = True, secret: bool = False) -> Field:
    """Return the Field of an option whose argument in the API has the same name."""
    return Field(option, option, tuple(keys), kind, edit, secret)


# Prefix under which the server returns an application's own fields.
SETTING_PREFIX = "cf-"


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


def autoup_word(value: object) -> str:
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
        return bool(_without_userinfo(desired) == found)
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


def plain_text(value: object) -> str | None:
    return None if value is None else str(value)


def text_list(value: Any) -> list[str]:
    return [str(item) for item in ([value] if isinstance(value, str) and value else _items(value))]


def optional(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else convert(value)


class Column(NamedTuple):
    """One member of a result: its name, the key that the server has it under, and callable(value) -> what the result says."""

    name: str
    key: str
    convert: Callable[[Any], Any]


def row_result(columns: Iterable[Column], row: dict[str, Any], names: frozenset[str] | None = None) -> dict[str, Any]:
    """Return what the columns say of a row of the server's.

    Arguments:
        names: the members to return, of the names of the columns; None for all of them.
    """
    return {column.name: column.convert(row.get(column.key)) for column in columns if names is None or column.name in names}


def wanted_members(fields: list[str] | None, known: Iterable[str]) -> frozenset[str] | None:
    """Return the members of a result that the option fields asks for, or None for all of them.

    Arguments:
        fields: the option; None or empty asks for all. known: the members that there are.

    Raises InputError for a name that no member has.
    """
    if not fields:
        return None
    wanted, known = frozenset(fields), frozenset(known)
    if not wanted <= known:
        raise InputError("fields: there is no %s" % ", ".join(sorted(wanted - known)), hint="It takes: %s." % ", ".join(sorted(known)))
    return wanted


def backup_age_key(row: dict[str, Any]) -> int:
    """Return a key that sorts rows of C(backups) by the time at which the backup was made, the oldest first."""
    return number(row.get("backup-time")) or number(row.get("time")) or 0


def text_table(value: Any) -> dict[str, str | None]:
    """Return a table of texts; PHP sends an empty one as a list."""
    return {str(key): plain_text(text) for key, text in value.items()} if isinstance(value, dict) else {}
