# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The sites of itron_installs as the user wrote them: defaults, validation, doubles. This is a private util of the collection."""

from __future__ import annotations

from typing import Any, NamedTuple

from .._base.errors import InputError
from .._base.url import site_identity
from .._core.argspec import HEADER, QuickCheck
from .._install.work import INSTALL, check_options
from .._wire.header import header

ITEM = INSTALL.merge(HEADER)
# Options that belong to the whole task; the message for an unknown option is not enough where one gives them to a site.
_OF_THE_TASK = ("api_url", "api_key", "validate_certs", "ca_path", "client_cert", "client_key", "timeout", "retries", "max_reply_size", "transport",
                "cli_path", "run_on", "wait", "wait_timeout", "poll_interval")
# Options that tables of defaults and sites are merged in, key by key.
_MERGED = ("settings",)
# Problems that one message lists.
MAX_LISTED = 10


class Item(NamedTuple):
    """One site of the list.

    number: its position, from 1. place: its str() is how a message calls it, such as C(item 7 (sites.yml, line 31)). params: the
    options of itron_install, validated. header: user, reseller and websites in API form.
    """

    number: int
    place: object
    params: dict[str, Any]
    header: dict[str, Any]


_quick = QuickCheck(ITEM)


class Entry(dict[str, Any]):
    """The options of one site out of a file; C(source) says where they stand: C(sites.yml, line 31)."""

    source: object = None


def place_of(number: int | None, entry: Any) -> str:
    """Return how a message calls an entry of the list. number: its position, None if nobody counts."""
    source = getattr(entry, "source", None)
    url = entry.get("url") or entry.get("id") if isinstance(entry, dict) else None
    details = ", ".join(str(part) for part in (url, source) if part)
    return "item%s%s" % ("" if number is None else " %d" % number, " (%s)" % details if details else "")


class Place:
    """How a message calls an entry of the list. Made only when a message needs it: the line of a site takes a second look at its file."""

    __slots__ = ("_number", "_entry")

    def __init__(self, number: int, entry: Any) -> None:
        self._number = number
        self._entry = entry

    def __str__(self) -> str:
        return place_of(self._number, self._entry)


def read_items(entries: list[Any], defaults: dict[str, Any] | None, common: dict[str, Any]) -> list[Item]:
    """Return the Items of a task. Raises InputError that lists what is wrong, item by item.

    Arguments:
        entries: list of tables, in which C(None) means "not given". defaults: table merged under each of them.
        common: user, reseller and websites of the task, for sites that do not say.
    """
    items, problems = examine(entries, defaults, common)
    refuse(problems)
    refuse(doubles(items))
    return items


def examine(entries: list[Any], defaults: dict[str, Any] | None, common: dict[str, Any]) -> tuple[list[Item], list[str]]:
    """Return the Items of a task and what is wrong with the others; see read_items. Raises InputError for defaults that cannot be."""
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
    """Check the options of Items as far as it can be done without the server. Raises InputError that lists what is wrong."""
    refuse(impossible(items))


def impossible(items: list[Item]) -> list[str]:
    """Return what is wrong with the options of Items, as far as it can be told without the server."""
    problems = []
    for item in items:
        try:
            check_options(item.params)
        except InputError as error:
            problems.append("%s: %s" % (item.place, error.text()))
    return problems


def refuse(problems: list[str]) -> None:
    """Raise the InputError that lists problems of items, if there are any."""
    if problems:
        more = "; and %d more" % (len(problems) - MAX_LISTED) if len(problems) > MAX_LISTED else ""
        raise InputError("installs: %s%s" % ("; ".join(problems[:MAX_LISTED]), more), hint="Nothing was sent. Correct the list and run the play again.")


def _checked_defaults(defaults: dict[str, Any]) -> dict[str, Any]:
    """Return the defaults that are given. Raises InputError for what cannot be one."""
    for name in defaults:
        if name in ("id", "url"):
            raise InputError("defaults: %s tells sites apart and cannot be a default" % name)
        _check_name("defaults", name)
    return {name: value for name, value in defaults.items() if value is not None}


def _check_name(where: str, name: str) -> None:
    """Refuse an option that sites do not have."""
    if name in _OF_THE_TASK:
        raise InputError("%s: %s is an option of the task, not of a site" % (where, name), hint="Move it beside installs.")
    if name not in ITEM.options:
        raise InputError("%s: unsupported option: %s" % (where, name), hint="The options of itron_install are known here.")


def _item(number: int, entry: Any, defaults: dict[str, Any], inherited: dict[str, Any]) -> Item:
    """Return one Item. Raises InputError."""
    if not isinstance(entry, dict):
        raise InputError("is no table of options", hint="Write each site as a table, at least with url.")
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
    """Return the options of one site, validated. Raises InputError."""
    return _quick(values) or _validated(values)


def _validated(values: dict[str, Any]) -> dict[str, Any]:
    """Return the options of a site after the whole validation. Raises InputError."""
    for name in values:
        if name in _OF_THE_TASK:
            _check_name(name, name)
    params, messages = ITEM.validate(values)
    if messages:
        raise InputError("; ".join(messages))
    return params


def doubles(items: list[Item]) -> list[str]:
    """Return which items are for one site: the second would undo the first in every run."""
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
    """Return what names the site of an item: its id, and its URL without the scheme. A URL that is none names nothing."""
    keys = []
    if item.params["id"]:
        keys.append(("id", item.params["id"]))
    if item.params["url"]:
        try:
            keys.append(("url", site_identity(item.params["url"])))
        except InputError:
            # The message for it comes with the other options of the item.
            return keys
    return keys
