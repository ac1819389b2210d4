# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Comparison of the current and desired websites of a user. This is a private util of the collection."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple
from urllib.parse import unquote

from .._base.errors import InputError
from .._base.uri import mask_uri, split_uri
from .._base.url import url_of
from .._core.model import flag, number
from .._redaction.labels import is_secret_name
from .._redaction.redact import CHANGED, SET

# Placeholder of a server for a hidden password.
_HIDDEN_PASSWORD = re.compile(r"^\*+$")


class WebsiteDifference(NamedTuple):
    """The difference of one website.

    name: readable name of the website. before, after: masked members that differ, or None if the website does not exist on that
    side.
    """

    name: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class _Path(NamedTuple):
    """The parts of a path or of its URI."""

    scheme: str
    login: str | None
    password: str | None
    host: str
    folder: str


class _Compared(NamedTuple):
    """The differing members of one website, and whether the server hides values of other members."""

    members: list[str]
    hidden: bool


def check_websites(websites: list[dict[str, Any]]) -> None:
    """Raise InputError for a list of websites (in API form, section 3.1) with duplicate ids."""
    ids = [str(website["id"]) for website in websites if website.get("id")]
    twice = sorted({id for id in ids if ids.count(id) > 1})
    if twice:
        raise InputError("websites: the id %s is used more than once" % ", ".join(twice),
                         hint="Each website needs a unique id.")


def compare_websites(wanted: list[dict[str, Any]], found: list[dict[str, Any]]) -> tuple[list[WebsiteDifference], bool]:
    """Compare the desired websites with the current ones.

    Only specified members are compared. An additional current website is a difference, because C(edituser) replaces the whole list
    (section 4.3). Websites are matched by id. If one side has no id, they are matched by label and path without credentials.

    Arguments:
        wanted: websites in API form (section 3.1). found: websites in the form of v2 (rest-v2.md section 2).

    Returns (list of WebsiteDifference, whether the server hides passwords, which are then not compared).
    """
    differences, hidden = [], False
    names: dict[str, int] = {}
    shown = any(_shows_a_password(website) for website in found)
    for want, have in _pairs(wanted, found):
        name = _unique(_name(want or have or {}), names)
        if want is None or have is None:
            differences.append(WebsiteDifference(name, None if have is None else _show(have), None if want is None else _show(want)))
            continue
        compared = _compare(want, have, shown)
        hidden = hidden or compared.hidden
        if compared.members:
            before, after = _show(have, compared.members), _show(want, compared.members)
            differences.append(WebsiteDifference(name, before, _mark_changes(before, after)))
    return differences, hidden


def _pairs(wanted: list[dict[str, Any]], found: list[dict[str, Any]]) -> list[tuple[dict[str, Any] | None, dict[str, Any] | None]]:
    """Return a list of (wanted, found) with None for a missing side."""
    left, partner = list(found), {}
    # Ids are matched first, so that a website without an id does not match the wrong one.
    for test in (_same_id, _same_location):
        for index, want in enumerate(wanted):
            if index in partner:
                continue
            candidates = [have for have in left if test(want, have)]
            if candidates:
                partner[index] = _best(want, candidates)
                left = [have for have in left if have is not partner[index]]
    return [(want, partner.get(index)) for index, want in enumerate(wanted)] + [(None, have) for have in left]


def _best(want: dict[str, Any], candidates: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the candidate with the same domains, or else the first one."""
    domains = _vhosts(want.get("vhosts"))
    return next((have for have in candidates if _vhosts(have.get("vhosts")) == domains), candidates[0])


def _same_id(want: dict[str, Any], have: dict[str, Any]) -> bool:
    return bool(want.get("id")) and _text(want["id"]) == _text(have.get("id"))


def _same_location(want: dict[str, Any], have: dict[str, Any]) -> bool:
    """Return whether two websites have the same path and label. At least one has no id, which v2 may not return."""
    if want.get("id") and have.get("id"):
        return False
    paths = [_path(website.get("path")) for website in (want, have)]
    labels = [_text(website.get("label")) for website in (want, have)]
    homes = [(path.scheme, path.host, path.folder) for path in paths]
    return homes[0] == homes[1] and (not labels[0] or labels[0] == labels[1])


def _compare(want: dict[str, Any], have: dict[str, Any], shown: bool) -> _Compared:
    """Compare the specified members of one website."""
    members, hidden = [], False
    for name, value in want.items():
        if name == "id" and not have.get("id"):
            continue
        if name == "path":
            same = _same_path(_path(value), _path(have.get(name)), shown)
        elif name == "databases":
            same = _same_databases(value, have.get(name) or [], shown)
        elif is_secret_name(name):
            same = _same_secret(value, have.get(name), shown)
        else:
            same = _normal(name, value) == _normal(name, have.get(name))
        hidden = hidden or same is None
        if same is False:
            members.append(name)
    return _Compared(members, hidden)


# --- normal forms -----------------------------------------------------------------------------------------------------

def _normal(name: str, value: Any) -> Any:
    """Return the normal form of a member without secrets."""
    if name == "vhosts":
        return _vhosts(value)
    if name == "suspended":
        return flag(value)
    if name in ("uid", "gid"):
        return number(value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, sort_keys=True) if value else ""
    return _text(value)


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _vhosts(value: Any) -> dict[str, str]:
    """Return vhosts with normalized URLs and with folders relative to the path. PHP sends an empty object as a list."""
    table = value if isinstance(value, dict) else {}
    return {url_of(url): str(folder).strip("/") for url, folder in table.items()}


def _path(value: object) -> _Path:
    """Return the parts of a path or of its URI. Login and password are decoded, and None if missing."""
    text = _text(value)
    uri = split_uri(text)
    if uri is None:
        return _Path("", None, None, "", text.rstrip("/") or text)
    host, slash, folder = uri.rest.partition("/")
    login, password = (None if part is None else unquote(part) for part in (uri.login, uri.password))
    return _Path(uri.scheme.lower(), login, password, host.lower(), (slash + folder).rstrip("/"))


# --- secrets ----------------------------------------------------------------------------------------------------------

def _shows_a_password(website: dict[str, Any]) -> bool:
    """Return whether a website contains a visible password, which shows that the server does not hide passwords."""
    databases = [database for database in website.get("databases") or () if isinstance(database, dict)]
    return any(secret and not _HIDDEN_PASSWORD.match(str(secret))
               for secret in [_path(website.get("path")).password] + [database.get("pass") for database in databases])


def _same_secret(want: object, have: object, shown: bool) -> bool | None:
    """Compare two passwords: True, False, or None if the server hides the current one."""
    if _text(want) == _text(have):
        return True
    if want and (_HIDDEN_PASSWORD.match(_text(have)) or (not have and not shown)):
        return None
    return False


def _same_path(want: _Path, have: _Path, shown: bool) -> bool | None:
    """Compare two paths: True, False, or None if they are equal except for hidden credentials."""
    if want._replace(login=None, password=None) != have._replace(login=None, password=None):
        return False
    login = True if want.login == have.login else _same_secret(want.login, have.login, shown)
    password = _same_secret(want.password, have.password, shown)
    return False if False in (login, password) else None if None in (login, password) else True


def _same_databases(want: list[dict[str, Any]], have: list[Any], shown: bool) -> bool | None:
    """Compare two lists of databases in any order: True, False, or None if they are equal except for hidden passwords."""
    have = [database for database in have if isinstance(database, dict)]
    if len(want) != len(have):
        return False
    results, left = [], list(have)
    for database in want:
        partner = next((other for other in left if _same_database(database, other)), None)
        if partner is None:
            return False
        left = [other for other in left if other is not partner]
        results.append(_same_secret(database.get("pass"), partner.get("pass"), shown) if database.get("pass") else True)
    return False if False in results else None if None in results else True


def _same_database(want: dict[str, Any], have: dict[str, Any]) -> bool:
    """Return whether the specified members of a database, except for the password, equal those of another one."""
    return all(_text(value) == (_text(have.get(name)) or ("mysql" if name == "type" else ""))
               for name, value in want.items() if name != "pass")


# --- diff -------------------------------------------------------------------------------------------------------------

def _name(website: dict[str, Any]) -> str:
    """Return a readable name of a website without credentials."""
    path = _path(website.get("path"))
    home = "%s://%s%s" % (path.scheme, path.host, path.folder) if path.scheme else path.folder
    domain = next(iter(_vhosts(website.get("vhosts"))), "website")
    return _text(website.get("id")) or _text(website.get("label")) or home or domain


def _unique(name: str, names: dict[str, int]) -> str:
    """Return a unique name."""
    names[name] = names.get(name, 0) + 1
    return name if names[name] == 1 else "%s (%d)" % (name, names[name])


def _show(website: dict[str, Any], members: list[str] | None = None) -> dict[str, Any]:
    """Return the members of a website for a diff, with passwords shown as (set)."""
    chosen = website if members is None else members
    return {name: _shown(name, website.get(name)) for name in chosen if name != "parent"}


def _shown(name: str, value: Any) -> Any:
    if value is None or value == "":
        return None
    if is_secret_name(name):
        return SET
    if name == "databases":
        return [_shown_database(database) for database in value if isinstance(database, dict)]
    if name == "path":
        return mask_uri(str(value))
    return _normal(name, value) if name in ("vhosts", "suspended", "uid", "gid") else value


def _shown_database(database: dict[str, Any]) -> dict[str, Any]:
    return {key: SET if key == "pass" else item for key, item in database.items() if item is not None}


def _mark_changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Mark members that only differ in masked values as changed."""
    for name, value in after.items():
        if value is not None and value == before.get(name):
            if name == "databases":
                after[name] = [dict(database, **{"pass": CHANGED}) if "pass" in database else database for database in value]
            elif is_secret_name(name):
                after[name] = CHANGED
            else:
                after[name] = "%s %s" % (value, CHANGED)
    return after
