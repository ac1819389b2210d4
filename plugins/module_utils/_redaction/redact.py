# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The one place where secrets are taken out of everything that leaves the collection, and where text of others becomes ours.

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

# How much of a text of others is looked at, and how much of it is shown, in characters. The second is far below the first,
# for a secret that the first cuts in two is not known any more.
_MAX_READ = 20000
MAX_FOREIGN = 1000
# Replies that are kept until something has to be cleaned.
_MAX_UNREAD = 16
# Texts that are remembered together with what is shown of them.
_MAX_CLEANED = 20000


def collect(value: Any, name: object = "") -> list[str]:
    """Return all secret texts inside a nested value, found by the names they stand under.

    Arguments:
        value: anything that came from the user or from the server.
        name: the name that the value itself stands under.
    """
    secret = is_secret_name(name)
    if isinstance(value, dict):
        found = [text for key, item in value.items() if item for text in collect(item, name if secret else member_name(name, key))]
        return found + [text for key in value if isinstance(key, str) and "@" in key for text in uri_secrets(key)]
    if isinstance(value, (list, tuple)):
        # Lists of file and table names are long and hold no secrets; what is nested in a list is looked at.
        return [text for item in value if secret or is_uri_name(name) or isinstance(item, (dict, list)) or "://" in str(item)
                for text in collect(item, name)]
    if value is None or isinstance(value, bool):
        return []
    if secret:
        return [str(value)] if str(value) else []
    return uri_secrets(value, is_uri_name(name)) if isinstance(value, str) and "://" in value else []


class Redactor:
    """Knows the secret values of one run and takes them out of texts and results.

    Arguments:
        secrets: the values to begin with.
        plain: values that the user gave openly; a secret that equals one of them is not masked by value, or a
            password C(admin) would blacken every login C(admin).
    """

    def __init__(self, secrets: Iterable[object] = (), plain: Iterable[object] = ()) -> None:
        self._plain = frozenset(str(value) for value in plain if value)
        self._secrets: set[str] = set()
        self._unread: list[Any] = []
        self._names: set[str] = set()
        # Counts the changes of the secrets, and what was made of them at one of these counts.
        self._changes = 0
        self._indexed = (-1, KnownSecrets(()))
        # The secrets that are known, and texts as they are shown with them.
        self._cleaned: tuple[KnownSecrets | None, dict[tuple[str, bool], str]] = (None, {})
        self.add(secrets)

    def learn(self) -> None:
        """Search the replies, which are not needed any more then.

        This happens by itself when something has to be cleaned: most runs over thousands of sites end without.
        """
        while self._unread:
            with contextlib.suppress(IndexError):
                # Another thread may have been quicker.
                self.add(collect(self._unread.pop()))

    @property
    def _known(self) -> KnownSecrets:
        """The index of the known secrets."""
        self.learn()
        changes = self._changes
        if self._indexed[0] != changes:
            # Counted before the secrets are read: one that another thread adds meanwhile leads to a new index.
            self._indexed = (changes, KnownSecrets(list(self._secrets)))
        return self._indexed[1]

    def add(self, secrets: Iterable[object]) -> None:
        """Remember more secret values (an iterable of texts)."""
        number = len(self._secrets)
        self._secrets.update(str(value) for value in secrets if value and str(value) not in self._plain)
        self._changes += len(self._secrets) != number

    def allow(self, values: Iterable[object]) -> None:
        """Do not mask these values: the caller asked for them."""
        self.learn()
        self._secrets.difference_update(str(value) for value in values)
        self._changes += 1

    def add_names(self, names: Iterable[str]) -> None:
        """Remember names whose values are secret though the name does not say so (the catalogue does)."""
        self._names.update(names)

    def add_from(self, value: Any) -> None:
        """Remember every secret inside a reply or a set of options, found by the names they stand under; the value must not change later."""
        self._unread.append(value)
        if len(self._unread) > _MAX_UNREAD:
            # A run that polls for hours must not keep every reply.
            self.learn()

    @property
    def maskable(self) -> list[str]:
        """The secrets that are long enough to be masked anywhere, as a sorted list."""
        self.learn()
        return sorted((value for value in self._secrets if len(value) >= MIN_INSIDE_TEXT), key=len, reverse=True)

    def text(self, text: object) -> str:
        """Return a text of ours, which may quote options, on one printable line without any secret.

        It keeps its wording where it hides nothing; a secret that is encoded in it is shown masked and decoded.
        """
        known = self._known
        masked = self._mask_plain(str(text))
        if is_encoded(masked):
            normal = layers(masked, self._mask_plain)
            masked = normal if normal.count(MASK) > masked.count(MASK) else masked
        return printable(known.mask_encoded(known.mask_changed(masked), self._mask_layers))

    def foreign(self, text: object) -> str:
        """Return a text of the server, of a proxy or of another program as it may be shown: in normal form, masked, at most MAX_FOREIGN characters.

        Entities, per-cent encoding and escapes are undone, tags and control characters are gone, white space is folded. What
        only looks like a secret, because of the name before it, is masked, too: the server may quote what nobody else knows.
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
        """Return a text with all encodings undone, masked on each layer."""
        return layers(self._mask_foreign(text), self._mask_foreign)

    def _mask_foreign(self, text: str) -> str:
        """Return a text of others, masked as it stands."""
        # What is known first: a dump that shows nothing else keeps its words.
        return self._mask_plain(mask_labelled(self._known.mask(text)))

    def _mask_plain(self, text: str) -> str:
        """Return a text without known secrets and without passwords of URIs, as it stands."""
        known = self._known
        # What is known is masked first, for in prose the end of a URI is a guess.
        return known.mask(mask_uris(known.mask(text)))

    def value(self, value: Any, name: object = "") -> Any:
        """Return a copy of a nested value in which what is secret by name or by value is masked."""
        secret = is_secret_name(name) or (bool(self._names) and str(name).removeprefix(SETTING_PREFIX) in self._names)
        if isinstance(value, dict):
            return {self._key(key): self.value(item, name if secret else member_name(name, key)) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.value(item, name) for item in value]
        if value is None or isinstance(value, bool) or value in ("", SET, CHANGED):
            return value
        if secret:
            return MASK
        return self._whole(value, is_uri_name(name)) if isinstance(value, str) else value

    def known(self, value: Any) -> Any:
        """Return a copy of a nested value in which the known secrets are masked, whatever names stand over them."""
        if isinstance(value, dict):
            return {self._key(key): self.known(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.known(item) for item in value]
        return self._whole(value) if isinstance(value, str) else value

    def _key(self, key: Any) -> Any:
        """Return the key of a table, which a server may have made of a URI."""
        return self._whole(key) if isinstance(key, str) and "@" in key else key

    def _whole(self, text: str, is_uri: bool = False) -> str:
        """Mask the long secrets inside a value that is not secret by its name; what holds none stays to the letter."""
        if len(text) < MIN_INSIDE_TEXT:
            return text
        known = self._known
        # Lists of thousands of sites repeat most of their texts. Both in one tuple: another thread may know more secrets by now.
        with_known, texts = self._cleaned
        if with_known is not known:
            texts = {}
            self._cleaned = (known, texts)
        cleaned = texts.get((text, is_uri))
        if cleaned is None:
            cleaned = self._cleaned_text(known, text, is_uri)
            if len(texts) < _MAX_CLEANED:
                texts[text, is_uri] = cleaned
        return cleaned

    def _cleaned_text(self, known: KnownSecrets, text: str, is_uri: bool) -> str:
        """Return a text with the long secrets masked; see _whole."""
        if "://" in text:
            text = mask_uri(text) if is_uri else mask_uris(text)
        text = known.mask_long(text)
        if is_encoded(text):
            normal = layers(text, lambda layer: known.mask_long(mask_uris(layer)))
            text = normal if normal.count(MASK) > text.count(MASK) else text
        # Only what is broken into lines hides from the search for whole values.
        return known.mask_encoded(text, self._mask_layers) if "\n" in text else text
