# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Reads the sites of itron_installs: merges defaults, validates, and finds duplicates. This is a private util of the collection."""

from __future__ import annotations

from typing import Any, NamedTuple

from .._base.errors import InputError
from .._base.url import site_identity
from .._core.argspec import HEADER, QuickCheck
from .._install.work import INSTALL, check_options
from .._wire.header import header

ITEM = INSTALL.merge(HEADER)
# Options of the whole task. If a site has one of them, a specific message explains it.
_OF_THE_TASK = ("api_url", "api_key", "validate_certs", "ca_path", "client_cert", "client_key", "timeout", "retries", "max_reply_size", "transport",
                "cli_path", "run_on", "wait", "wait_timeout", "poll_interval")
# Dictionary options: those of a site are merged with those of the defaults, key by key.
_MERGED = ("settings",)
# Limit of problems in one message.
MAX_LISTED = 10


class Item(NamedTuple):
    """One site of the list.

    number: its position, from 1. place: its str() names the site in messages, such as C(item 7 (sites.yml, line 31)). params: the
    options of itron_install, validated. header: user, reseller, and websites in API form.
    """

    number: int
    place: object
    params: dict[str, Any]
    header: dict[str, Any]


_quick = QuickCheck(ITEM)


class Entry(dict[str, Any]):
    """The options of one site from a file. C(source) is their location, such as C(sites.yml, line 31)."""

    source: object = None


def place_of(number: int | None, entry: Any) -> str:
    """Return the name of an entry of the list in messages. number: its position; None to omit it."""
    source = getattr(entry, "source", None)
    url = entry.get("url") or entry.get("id") if isinstance(entry, dict) else None
    details = ", ".join(str(part) for part in (url, source) if part)
    return "item%s%s" % ("" if number is None else " %d" % number, " (%s)" % details if details else "")


class Place:
    """The name of an entry of the list in messages. Created on demand because finding the line of a site reads its file again."""

    __slots__ = ("_number", "_entry")

    def __init__(self, number: int, entry: Any) -> None:
        self._number = number
        self._entry = entry

    def __str__(self) -> str:
        return place_of(self._number, self._entry)


def read_items(entries: list[Any], defaults: dict[str, Any] | None, common: dict[str, Any]) -> list[Item]:
    """Return the Items of a task. Raises InputError that lists the problems of all items.

    Arguments:
        entries: list of dictionaries, in which C(None) means "not set". defaults: default values for each of them.
        common: user, reseller, and websites of the task, the defaults for each site.
    """
    items, problems = examine(entries, defaults, common)
    refuse(problems)
    refuse(duplicates(items))
    return items


def examine(entries: list[Any], defaults: dict[str, Any] | None, common: dict[str, Any]) -> tuple[list[Item], list[str]]:
    """Return the valid Items of a task and the problems of the others; see read_items. Raises InputError for invalid defaults."""
    defaults = _checked_defaults(defaults or {})
    inherited = {name: value for name, value in common.items() if value is not None}
    items, problems = [], []
    for number, entry in enumerate(entries, 1):
        try:
            items.append(_item(number, entry, defaults, inherited))
        except InputError as error:
            problems.append("%s: %s" % (place_of(number, entry), error.text()))
    return items, problems


def check_items(items: list[Item]) -> None:
    """Validate the options of Items without the server. Raises InputError that lists the problems."""
    refuse(option_problems(items))


def option_problems(items: list[Item]) -> list[str]:
    """Return the problems in the options of Items that can be detected without the server."""
    problems = []
    for item in items:
        try:
            check_options(item.params)
        except InputError as error:
            problems.append("%s: %s" % (item.place, error.text()))
    return problems


def refuse(problems: list[str]) -> None:
    """Raise InputError that lists the problems, if there are any."""
    if problems:
        more = "; and %d more" % (len(problems) - MAX_LISTED) if len(problems) > MAX_LISTED else ""
        raise InputError("installs: %s%s" % ("; ".join(problems[:MAX_LISTED]), more), hint="Nothing was sent. Correct the list and run the play again.")


def _checked_defaults(defaults: dict[str, Any]) -> dict[str, Any]:
    """Return the defaults that are set. Raises InputError for an option that cannot have a default."""
    for name in defaults:
        if name in ("id", "url"):
            raise InputError("defaults: %s identifies a site and cannot have a default" % name)
        _check_name("defaults", name)
    return {name: value for name, value in defaults.items() if value is not None}


def _check_name(where: str, name: str) -> None:
    """Raise InputError for an option that sites do not have."""
    if name in _OF_THE_TASK:
        raise InputError("%s: %s is an option of the task, not of a site" % (where, name), hint="Move it to the level of installs.")
    if name not in ITEM.options:
        raise InputError("%s: unsupported option: %s" % (where, name), hint="Use the options of itron_install.")


def _item(number: int, entry: Any, defaults: dict[str, Any], inherited: dict[str, Any]) -> Item:
    """Return one Item. Raises InputError."""
    if not isinstance(entry, dict):
        raise InputError("is not a dictionary of options", hint="Write each site as a dictionary with at least url.")
    values = dict(defaults, **{str(name): value for name, value in entry.items()})
    for name in _MERGED:
        if isinstance(entry.get(name), dict) and isinstance(defaults.get(name), dict):
            values[name] = dict(defaults[name], **entry[name])
    values = {name: value for name, value in values.items() if value is not None}
    params = site_params(values)
    own = dict(inherited, **{name: params[name] for name in inherited if params.get(name) is not None})
    own.update((name, params[name]) for name in HEADER.options if params.get(name) is not None)
    return Item(number, Place(number, entry), params, header(own))


def site_params(values: dict[str, Any]) -> dict[str, Any]:
    """Return the validated options of one site. Raises InputError."""
    return _quick(values) or _validated(values)


def _validated(values: dict[str, Any]) -> dict[str, Any]:
    """Return the options of a site after full validation. Raises InputError."""
    for name in values:
        if name in _OF_THE_TASK:
            _check_name(name, name)
    params, messages = ITEM.validate(values)
    if messages:
        raise InputError("; ".join(messages))
    return params


def duplicates(items: list[Item]) -> list[str]:
    """Return a problem for each pair of items for the same site. The second item would undo the first in every run."""
    seen: dict[tuple[str, str], object] = {}
    problems = []
    for item in items:
        for key in _keys(item):
            if key in seen:
                problems.append("%s and %s are the same site" % (seen[key], item.place))
                break
            seen[key] = item.place
    return problems


def _keys(item: Item) -> list[tuple[str, str]]:
    """Return the keys that identify the site of an item: its id and its URL without the scheme. An invalid URL is skipped."""
    keys = []
    if item.params["id"]:
        keys.append(("id", item.params["id"]))
    if item.params["url"]:
        try:
            keys.append(("url", site_identity(item.params["url"])))
        except InputError:
            # option_problems() reports it.
            return keys
    return keys
