# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What is secret, and how it is taken out of everything that leaves the collection. This is a private util of the collection."""

from __future__ import annotations

import contextlib
import functools
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus, unquote

MASK = "********"
SET = "(set)"
CHANGED = "(changed)"

# A value shorter than this is too likely to be part of an ordinary word ("admin" in "wp-admin") to be masked inside
# other text; it is masked where it stands alone.
MIN_INSIDE_TEXT = 8

_SECRET_NAME = re.compile(r"pass|secret|token|credential|api[-_]?key|private[-_]?key|session[-_]?id|crypt[-_]?key|auth[-_]?key"
                          r"|(^|[-_])(salt|nonce)|^key$|^key2$|pwd", re.I)
# Only the catalogue tells which fields of an application are secret (such as the cryptkey of Magento), and not every task
# reads it: a field that sounds like a key is taken for one.
_SECRET_SETTING = re.compile(r"key$|crypt|salt|nonce", re.I)
# What the server puts before the names of these fields; in options and results they stand in a table of this name.
_SETTING_PREFIX, _SETTINGS = "cf-", "settings"
# Tables whose keys are ids: a plugin called password-protected is no password.
_KEYED_BY_ID = frozenset(("list-plugins", "list-themes"))
# Names that only look like secrets: policies, and the path of a key file.
_NOT_SECRET = frozenset(("update_password", "source_ftu_key"))
# Names whose values are URIs that may carry credentials.
_URI_NAMES = frozenset(("path", "bkloc", "source_ftu", "source_path", "uri", "backup_location"))

# Up to the last @: a password may hold an @ or a / that nobody encoded, and a masked piece too much does no harm.
_USERINFO = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)([^\s'\"<>]*)@")
_APP = re.compile(r"(\bapp://)([^\s'\"<>:]*):?([^\s'\"<>]*)")
# A member of a JSON object whose value is a text, which may be cut off.
_MEMBER = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:\s*")((?:[^"\\]|\\.)*\\?)("|\Z)')


@functools.lru_cache(maxsize=4096)
def is_secret_name(name: object) -> bool:
    """Say whether a value of this name is secret as a whole (API key, C(passwd), C(db_pass), every C(*pass*) ...)."""
    name = str(name)
    # The keys of vhosts are URLs, and compass.example is no password.
    if name in _NOT_SECRET or "://" in name:
        return False
    return bool(_SECRET_NAME.search(name) or (name.startswith(_SETTING_PREFIX) and _SECRET_SETTING.search(name)))


def _member_name(parent: object, key: object) -> object:
    """Return the name that decides on a member of the table with the name parent; see is_secret_name."""
    if parent in _KEYED_BY_ID:
        return ""
    return _SETTING_PREFIX + str(key) if parent == _SETTINGS else key


@functools.lru_cache(maxsize=4096)
def is_uri_name(name: object) -> bool:
    """Say whether a value of this name is a URI that may carry credentials."""
    return str(name).replace("-", "_") in _URI_NAMES


def mask_uri(text: str) -> str:
    """Return the text with the password of every URI in it masked; login, host and path stay readable."""
    def userinfo(match: re.Match[str]) -> str:
        login = match.group(2).partition(":")[0] if ":" in match.group(2) else match.group(2)
        return match.group(1) + login + (":" + MASK if ":" in match.group(2) else "") + "@"

    def app(match: re.Match[str]) -> str:
        return match.group(1) + match.group(2) + (":" + MASK if match.group(3) else "")

    return _APP.sub(app, _USERINFO.sub(userinfo, text))


def mask_members(text: str) -> str:
    """Return the text with what stands under a secret's name in JSON masked: in a broken answer no value could be learnt.

    A value that was masked and cut off before ends with the mask; what follows is no part of it.
    """
    def member(match: re.Match[str]) -> str:
        name, colon, value, end = match.groups()
        if not is_secret_name(name) or (value.startswith(MASK) and not end):
            return match.group(0)
        return '"%s"%s%s%s' % (name, colon, MASK, end)

    return _MEMBER.sub(member, text)


def uri_secrets(text: str) -> list[str]:
    """Return the secret parts of a URI: its password as written and decoded, and login and password together."""
    found: list[str] = []
    if "@" not in text and "app://" not in text:
        # The address of a site, and lists hold thousands of them.
        return found
    for match in _USERINFO.finditer(text):
        login, colon, password = match.group(2).partition(":")
        if colon and password:
            found += [password, unquote(password), "%s:%s" % (login, password)]
    for match in _APP.finditer(text):
        if match.group(3):
            found += [match.group(3), unquote(match.group(3))]
    return found


def collect(value: Any, name: object = "") -> list[str]:
    """Return all secret texts inside a nested value, found by the names they stand under.

    Arguments:
        value: anything that came from the user or from the server.
        name: the name that the value itself stands under.
    """
    secret = is_secret_name(name)
    if isinstance(value, dict):
        return [text for key, item in value.items() if item for text in collect(item, name if secret else _member_name(name, key))]
    if isinstance(value, (list, tuple)):
        # Lists of file and table names are long and hold no secrets; what is nested in a list is looked at.
        return [text for item in value if secret or is_uri_name(name) or isinstance(item, (dict, list))
                for text in collect(item, name)]
    if value is None or isinstance(value, bool):
        return []
    if secret:
        return [str(value)] if str(value) else []
    return uri_secrets(value) if isinstance(value, str) and "://" in value else []


class Redactor:
    """Knows the secret values of one run and takes them out of texts and results.

    Arguments:
        secrets: the values to begin with.
        plain: values that the user gave openly; a secret that equals one of them is not masked by value, or a
            password C(admin) would blacken every login C(admin).
    """

    def __init__(self, secrets: Iterable[object] = (), plain: Iterable[object] = ()) -> None:
        self._plain = frozenset(str(value) for value in plain if value)
        self._known: set[str] = set()
        self._unread: list[Any] = []
        self._names: set[str] = set()
        # Counts the changes of the known secrets, and what _index made of them at one of these counts.
        self._changes = 0
        self._indexed: tuple[int, tuple[set[str], dict[str, set[int]]]] = (-1, (set(), {}))
        self.add(secrets)

    @property
    def _secrets(self) -> set[str]:
        """The known secrets. Replies are searched only when something has to be cleaned: most runs over thousands of sites end without."""
        while self._unread:
            with contextlib.suppress(IndexError):
                # Another thread may have been quicker.
                self.add(collect(self._unread.pop()))
        return self._known

    def add(self, secrets: Iterable[object]) -> None:
        """Remember more secret values (an iterable of texts)."""
        self._known.update(str(value) for value in secrets if value and str(value) not in self._plain)
        self._changes += 1

    def allow(self, values: Iterable[object]) -> None:
        """Do not mask these values: the caller asked for them."""
        self._secrets.difference_update(str(value) for value in values)
        self._changes += 1

    def add_names(self, names: Iterable[str]) -> None:
        """Remember names whose values are secret though the name does not say so (the catalogue does)."""
        self._names.update(names)

    def add_from(self, value: Any) -> None:
        """Remember every secret inside a reply or a set of options, found by the names they stand under; the value must not change later."""
        self._unread.append(value)

    @property
    def maskable(self) -> list[str]:
        """The secrets that are long enough to be masked anywhere, as a sorted list."""
        return sorted((value for value in self._secrets if len(value) >= MIN_INSIDE_TEXT), key=len, reverse=True)

    def text(self, text: object) -> str:
        """Return a text, from the server or an exception, without any secret."""
        text = mask_uri(mask_members(str(text)))
        for secret in sorted(self._secrets, key=len, reverse=True):
            for form in _forms(secret):
                if len(form) >= MIN_INSIDE_TEXT:
                    text = text.replace(form, MASK)
                elif form in text:
                    text = re.sub(r"(?<![\w./-])%s(?![\w/-])" % re.escape(form), MASK, text)
        return text

    def value(self, value: Any, name: object = "") -> Any:
        """Return a copy of a nested value in which what is secret by name or by value is masked."""
        secret = is_secret_name(name) or str(name).removeprefix(_SETTING_PREFIX) in self._names
        if isinstance(value, dict):
            return {key: self.value(item, name if secret else _member_name(name, key)) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.value(item, name) for item in value]
        if value is None or isinstance(value, bool) or value in ("", SET, CHANGED):
            return value
        if secret:
            return MASK
        return self._whole(value) if isinstance(value, str) else value

    def known(self, value: Any) -> Any:
        """Return a copy of a nested value in which the known secrets are masked, whatever names stand over them."""
        if isinstance(value, dict):
            return {key: self.known(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.known(item) for item in value]
        return self._whole(value) if isinstance(value, str) else value

    def _whole(self, text: str) -> str:
        """Mask the long secrets inside a value that is not secret by its name."""
        text = mask_uri(text) if "://" in text else text
        secrets, lengths = self._index()
        found = set()
        for place in range(len(text) - MIN_INSIDE_TEXT + 1):
            for length in lengths.get(text[place:place + MIN_INSIDE_TEXT], ()):
                if text[place:place + length] in secrets:
                    found.add(text[place:place + length])
        for secret in sorted(found, key=len, reverse=True):
            text = text.replace(secret, MASK)
        return text

    def _index(self) -> tuple[set[str], dict[str, set[int]]]:
        """Return the secrets that are masked anywhere, and their lengths by how they begin.

        A list of thousands of sites has as many passwords, and they cannot all be tried on each of its texts.
        """
        known, changes = self._secrets, self._changes
        if self._indexed[0] != changes:
            secrets = {secret for secret in list(known) if len(secret) >= MIN_INSIDE_TEXT}
            lengths: dict[str, set[int]] = {}
            for secret in secrets:
                lengths.setdefault(secret[:MIN_INSIDE_TEXT], set()).add(len(secret))
            # Counted before the secrets were read: one that another thread adds meanwhile leads to a new index.
            self._indexed = (changes, (secrets, lengths))
        return self._indexed[1]


@functools.lru_cache(maxsize=16384)
def _forms(secret: str) -> list[str]:
    """Return the ways in which a secret may be written in a text: as it is, URL-encoded, inside JSON, and one of these inside another."""
    inside_json = {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    twice = {json.dumps(form)[1:-1] for form in inside_json}
    encoded = {encode(form, safe=safe, errors="surrogatepass") for form in inside_json for encode in (quote, quote_plus) for safe in ("", "/")}
    return sorted(inside_json | twice | encoded, key=len, reverse=True)
