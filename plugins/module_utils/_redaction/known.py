# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Search for known secrets in a text, in any encoding. This is a private util of the collection."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable, Iterator

from .._base.text import decoded, folded, layers
from .._base.uri import MASK

# A shorter secret is often part of an ordinary word ("admin" in "wp-admin"). It is only masked as a separate word.
MIN_INSIDE_TEXT = 8

# Sequences that may be base64, possibly in several lines, or hexadecimal digits.
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{6,}={0,2}(?:\s[A-Za-z0-9+/_-]{6,}={0,2})*")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}[ :]?){4,}")
_URLSAFE = str.maketrans("-_", "+/")
_LETTERS = re.compile(r"[A-Za-z0-9]")
# Minimum length of a secret that is searched for in decoded sequences. Shorter ones occur by chance.
_MIN_ENCODED = 4


class KnownSecrets:
    """An index of secrets.

    Arguments:
        secrets: the values.

    A list of thousands of sites contains thousands of passwords, and searching each text for all of them is too slow. Long secrets are
    therefore looked up by their first characters.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._short: set[str] = set()
        self._long = _Index()
        self._letters = _Index()
        for secret in secrets:
            for form in _forms(secret):
                if len(form) < MIN_INSIDE_TEXT:
                    self._short.add(form)
                else:
                    self._long.add(form)
                letters = "".join(_LETTERS.findall(form))
                if len(letters) >= MIN_INSIDE_TEXT:
                    self._letters.add(letters)
            for form in _encoded_forms(secret):
                self._long.add(form)

    def mask(self, text: str) -> str:
        """Return a masked text: long secrets anywhere, even truncated at the end of the text, and short secrets as separate words."""
        text = _masked(text, self._long.spans(text) + self._long.cut_off(text))
        for secret in self._short:
            if secret in text:
                text = re.sub(r"(?<![\w./-])%s(?![\w/-])" % re.escape(secret), MASK, text)
        return text

    def mask_long(self, text: str) -> str:
        """Return a text with the long secrets masked."""
        return _masked(text, self._long.spans(text))

    def mask_changed(self, text: str) -> str:
        """Return a text with secrets masked that lost their special characters."""
        places = [match.start() for match in _LETTERS.finditer(text)]
        letters = "".join(text[place] for place in places)
        return _masked(text, [(places[start], places[end - 1] + 1) for start, end in self._letters.spans(letters)])

    def mask_encoded(self, text: str, mask: Callable[[str], str]) -> str:
        """Return a text in which base64 and hexadecimal sequences that contain a secret are masked.

        Arguments:
            text: the text. mask: callable(text) -> text that masks secrets in a decoded sequence.
        """
        for pattern, decodings in ((_BASE64, _base64_decodings), (_HEX, _hex_decodings)):
            spans = [match.span() for match in pattern.finditer(text)
                     if any(self._is_secret(decoding, mask) for decoding in decodings(match.group()))]
            text = _masked(text, spans)
        return text

    def _is_secret(self, text: str, mask: Callable[[str], str]) -> bool:
        return len(text) >= _MIN_ENCODED and (text in self._short or (len(text) >= MIN_INSIDE_TEXT and MASK not in text and MASK in mask(text)))


class _Index:
    """Strings of at least MIN_INSIDE_TEXT characters, and their lengths by their first characters."""

    def __init__(self) -> None:
        self._texts: set[str] = set()
        self._lengths: dict[str, set[int]] = {}

    def add(self, text: str) -> None:
        """Add a string."""
        self._texts.add(text)
        self._lengths.setdefault(text[:MIN_INSIDE_TEXT], set()).add(len(text))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return (start, end) of each occurrence of an indexed string in a text."""
        lengths = self._lengths
        if not lengths:
            return []
        return [(place, place + length) for place in range(len(text) - MIN_INSIDE_TEXT + 1)
                for length in lengths.get(text[place:place + MIN_INSIDE_TEXT], ()) if text[place:place + length] in self._texts]

    def cut_off(self, text: str) -> list[tuple[int, int]]:
        """Return a list with (start, end) of an indexed string that is truncated at the end of a text, or an empty list."""
        for place in range(len(text) - MIN_INSIDE_TEXT + 1) if self._lengths else ():
            longest = max(self._lengths.get(text[place:place + MIN_INSIDE_TEXT], (0,)))
            if place + longest > len(text) and any(known.startswith(text[place:]) for known in self._texts):
                return [(place, len(text))]
        return []


def _masked(text: str, spans: list[tuple[int, int]]) -> str:
    """Return a text with possibly overlapping spans replaced by the mask."""
    if not spans:
        return text
    pieces: list[str] = []
    last = 0
    for start, end in sorted(spans):
        if start >= last:
            pieces += [text[last:start], MASK]
        last = max(last, end)
    return "".join(pieces) + text[last:]


def _forms(secret: str) -> set[str]:
    """Return the forms of a secret in a decoded text: unchanged, normalized, and with plus signs in place of spaces."""
    if secret.isalnum():
        return {secret}
    bare = layers(secret, str)
    return {form for form in (secret, secret.strip(), bare, folded(bare), secret.replace(" ", "+")) if form}


def _encoded_forms(secret: str) -> Iterator[str]:
    """Yield the base64 forms, at each alignment, and the hexadecimal forms of a secret and of its JSON escapes."""
    plain = secret.isalnum() and secret.isascii()
    spellings = {secret} if plain else {secret, json.dumps(secret)[1:-1], json.dumps(secret)[1:-1].replace("/", "\\/"),
                                        json.dumps(secret, ensure_ascii=False)[1:-1]}
    for spelling in spellings:
        data = spelling.encode("utf-8", "surrogatepass")
        for shift in range(3):
            # The first and last digits depend on adjacent bytes.
            text = base64.b64encode(b"\0" * shift + data).decode("ascii").rstrip("=")
            inner = text[(0, 2, 3)[shift]:len(text) - ((len(data) + shift) % 3 > 0)]
            if len(inner) >= MIN_INSIDE_TEXT:
                yield inner
                if "+" in inner or "/" in inner:
                    yield inner.replace("+", "-").replace("/", "_")
        if len(data) * 2 >= MIN_INSIDE_TEXT:
            yield data.hex()
            yield data.hex().upper()


def _base64_decodings(run: str) -> Iterator[str]:
    """Yield the texts that a base64 sequence encodes, at each alignment. Each word of the sequence is also decoded separately."""
    words = run.split()
    for word in {"".join(words), *words}:
        digits = word.rstrip("=").translate(_URLSAFE)
        for shift in range(4):
            part = digits[shift:]
            part = part[:len(part) - (len(part) % 4 == 1)]
            if part:
                yield decoded(base64.b64decode(part + "=" * (-len(part) % 4)))


def _hex_decodings(run: str) -> Iterator[str]:
    """Yield the texts that hexadecimal digits encode, at both alignments."""
    digits = run.replace(" ", "").replace(":", "")
    for shift in range(2):
        part = digits[shift:]
        yield decoded(binascii.unhexlify(part[:len(part) - len(part) % 2]))
