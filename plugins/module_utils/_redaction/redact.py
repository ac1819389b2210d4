# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Masks secrets in all output of the collection, and normalizes external text.

This is a private util of the collection.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any

from .._base.text import folded, is_encoded, layers, printable, without_markup
from .._base.uri import MASK, mask_uri, mask_uris, uri_secrets
from .known import MIN_INSIDE_TEXT, KnownSecrets
from .labels import SETTING_PREFIX, is_secret_name, is_uri_name, mask_labelled, member_name

SET = "(set)"
CHANGED = "(changed)"

# Maximum number of characters of an external text that are read and shown. The second number is much smaller, because a secret
# that the first limit truncates is not recognized.
_MAX_READ = 20000
MAX_FOREIGN = 1000
# Maximum number of replies to keep before their secrets are collected.
_MAX_UNREAD = 16
# Maximum number of cached masked texts.
_MAX_CLEANED = 20000


def collect(value: Any, name: object = "") -> list[str]:
    """Return all secrets inside a nested value, identified by their names.

    Arguments:
        value: a value from the user or from the server.
        name: the name of the value.
    """
    secret = is_secret_name(name)
    if isinstance(value, dict):
        found = [text for key, item in value.items() if item for text in collect(item, name if secret else member_name(name, key))]
        return found + [text for key in value if isinstance(key, str) and "@" in key for text in uri_secrets(key)]
    if isinstance(value, (list, tuple)):
        # Lists of strings, such as file names, are long and contain no secrets. Only nested items and URIs are searched.
        return [text for item in value if secret or is_uri_name(name) or isinstance(item, (dict, list)) or "://" in str(item)
                for text in collect(item, name)]
    if value is None or isinstance(value, bool):
        return []
    if secret:
        return [str(value)] if str(value) else []
    return uri_secrets(value, is_uri_name(name)) if isinstance(value, str) and "://" in value else []


class Redactor:
    """Collects the secrets of one run and masks them in texts and results.

    Arguments:
        secrets: the initial secrets.
        plain: values of options that are not secret. A secret that equals one of them is not masked by value; otherwise a password
            C(admin) would mask each login C(admin).
    """

    def __init__(self, secrets: Iterable[object] = (), plain: Iterable[object] = ()) -> None:
        self._plain = frozenset(str(value) for value in plain if value)
        self._secrets: set[str] = set()
        self._unread: list[Any] = []
        self._names: set[str] = set()
        # The number of changes to the secrets, and the index with the number at its creation.
        self._changes = 0
        self._indexed = (-1, KnownSecrets(()))
        # A cache of masked texts, and the index that it is valid for.
        self._cache: tuple[KnownSecrets | None, dict[tuple[str, bool], str]] = (None, {})
        self.add(secrets)

    def learn(self) -> None:
        """Collect the secrets of the stored replies, and discard the replies.

        All masking methods call this. Most runs over thousands of sites never mask anything and skip the search.
        """
        while self._unread:
            with contextlib.suppress(IndexError):
                # Another thread may have taken the last reply.
                self.add(collect(self._unread.pop()))

    @property
    def _known(self) -> KnownSecrets:
        """The index of the secrets."""
        self.learn()
        changes = self._changes
        if self._indexed[0] != changes:
            # The count is read before the secrets, so that a secret from another thread leads to a new index.
            self._indexed = (changes, KnownSecrets(list(self._secrets)))
        return self._indexed[1]

    def add(self, secrets: Iterable[object]) -> None:
        """Add secrets."""
        number = len(self._secrets)
        self._secrets.update(str(value) for value in secrets if value and str(value) not in self._plain)
        self._changes += len(self._secrets) != number

    def allow(self, values: Iterable[object]) -> None:
        """Do not mask values that the caller requests."""
        self.learn()
        self._secrets.difference_update(str(value) for value in values)
        self._changes += 1

    def add_names(self, names: Iterable[str]) -> None:
        """Add names of secret values according to the catalog, which is_secret_name() does not recognize."""
        self._names.update(names)

    def add_from(self, value: Any) -> None:
        """Add the secrets inside a reply or a set of options, identified by their names. The value must not change later."""
        self._unread.append(value)
        if len(self._unread) > _MAX_UNREAD:
            # A run that polls for hours must not keep all replies.
            self.learn()

    @property
    def maskable(self) -> list[str]:
        """The secrets that are long enough to be masked anywhere, the longest first."""
        self.learn()
        return sorted((value for value in self._secrets if len(value) >= MIN_INSIDE_TEXT), key=len, reverse=True)

    def text(self, text: object) -> str:
        """Return a text of the collection, which may quote options, on one printable line without secrets.

        A text without secrets keeps its wording. A text with an encoded secret is decoded and masked.
        """
        known = self._known
        masked = self._mask_plain(str(text))
        if is_encoded(masked):
            normal = layers(masked, self._mask_plain)
            masked = normal if normal.count(MASK) > masked.count(MASK) else masked
        return printable(known.mask_encoded(known.mask_changed(masked), self._mask_layers))

    def foreign(self, text: object) -> str:
        """Return an external text, for example from the server or a proxy, normalized, masked, and at most MAX_FOREIGN characters long.

        Entities, percent-encoding and escapes are decoded, tags and control characters are removed, and whitespace is collapsed.
        Values after names of secrets are also masked, because the server may quote secrets that are not known.
        """
        text = str(text)
        cut = len(text) > _MAX_READ
        text = self._mask_layers(text[:_MAX_READ])
        text = folded(self._mask_foreign(without_markup(text)))
        known = self._known
        text = known.mask_encoded(known.mask_changed(known.mask(text)), self._mask_layers)
        if cut:
            text = text[:len(text) // 2]
        return text if len(text) <= MAX_FOREIGN else text[:MAX_FOREIGN] + " ..."

    def _mask_layers(self, text: str) -> str:
        """Return a decoded external text, masked on each layer of encoding."""
        return layers(self._mask_foreign(text), self._mask_foreign)

    def _mask_foreign(self, text: str) -> str:
        """Return an external text masked, without decoding."""
        # Known secrets are masked first, so that a dump without other secrets keeps its words.
        return self._mask_plain(mask_labelled(self._known.mask(text)))

    def _mask_plain(self, text: str) -> str:
        """Return a text with known secrets and passwords of URIs masked, without decoding."""
        known = self._known
        # Known secrets are masked first, because the end of a URI in prose is a guess.
        return known.mask(mask_uris(known.mask(text)))

    def value(self, value: Any, name: object = "") -> Any:
        """Return a copy of a nested value with secrets masked by name and by value."""
        secret = is_secret_name(name) or (bool(self._names) and str(name).removeprefix(SETTING_PREFIX) in self._names)
        if isinstance(value, dict):
            return {self._key(key): self.value(item, name if secret else member_name(name, key)) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.value(item, name) for item in value]
        if value is None or isinstance(value, bool) or value in ("", SET, CHANGED):
            return value
        if secret:
            return MASK
        return self._mask_value(value, is_uri_name(name)) if isinstance(value, str) else value

    def known(self, value: Any) -> Any:
        """Return a copy of a nested value with known secrets masked by value only."""
        if isinstance(value, dict):
            return {self._key(key): self.known(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.known(item) for item in value]
        return self._mask_value(value) if isinstance(value, str) else value

    def _key(self, key: Any) -> Any:
        """Return the masked key of a dictionary. A server may use URIs as keys."""
        return self._mask_value(key) if isinstance(key, str) and "@" in key else key

    def _mask_value(self, text: str, is_uri: bool = False) -> str:
        """Mask the long secrets inside a value. A value without secrets is returned unchanged."""
        if len(text) < MIN_INSIDE_TEXT:
            return text
        known = self._known
        # Lists of sites repeat most texts. Index and cache share one tuple, because another thread may replace both.
        with_known, texts = self._cache
        if with_known is not known:
            texts = {}
            self._cache = (known, texts)
        cleaned = texts.get((text, is_uri))
        if cleaned is None:
            cleaned = self._mask_uncached(known, text, is_uri)
            if len(texts) < _MAX_CLEANED:
                texts[text, is_uri] = cleaned
        return cleaned

    def _mask_uncached(self, known: KnownSecrets, text: str, is_uri: bool) -> str:
        """Return a text with the long secrets masked, uncached."""
        if "://" in text:
            text = mask_uri(text) if is_uri else mask_uris(text)
        text = known.mask_long(text)
        if is_encoded(text):
            normal = layers(text, lambda layer: known.mask_long(mask_uris(layer)))
            text = normal if normal.count(MASK) > text.count(MASK) else text
        # mask_long() does not find encoded secrets that are split over lines.
        return known.mask_encoded(text, self._mask_layers) if "\n" in text else text
