# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Known secrets, found in a text in whatever spelling they stand there. This is a private util of the collection."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable, Iterator

from .._base.text import decoded, folded, layers
from .._base.uri import MASK

# A value shorter than this is too likely to be part of an ordinary word ("admin" in "wp-admin") to be masked inside
# other text; it is masked where it stands alone.
MIN_INSIDE_TEXT = 8

# Runs that may be base64 (also in several lines) or hexadecimal digits.
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{6,}={0,2}(?:\s[A-Za-z0-9+/_-]{6,}={0,2})*")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}[ :]?){4,}")
_URLSAFE = str.maketrans("-_", "+/")
_LETTERS = re.compile(r"[A-Za-z0-9]")
# The shortest secret that is looked for in what base64 or hexadecimal digits stand for; a shorter one is there by chance.
_MIN_ENCODED = 4


class KnownSecrets:
    """An index of secrets.

    Arguments:
        secrets: the values.

    A list of thousands of sites has as many passwords, and they cannot all be tried on each of its texts: what is long
    enough is found by how it begins.
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
        """Return a text with the secrets masked: long ones anywhere, also one that the end of the text cuts off, short ones where they stand alone."""
        text = _masked(text, self._long.spans(text) + self._long.cut_off(text))
        for secret in self._short:
            if secret in text:
                text = re.sub(r"(?<![\w./-])%s(?![\w/-])" % re.escape(secret), MASK, text)
        return text

    def mask_long(self, text: str) -> str:
        """Return a text with the long secrets masked."""
        return _masked(text, self._long.spans(text))

    def mask_changed(self, text: str) -> str:
        """Return a text in which secrets are masked of which only the letters and digits are left in their order."""
        places = [match.start() for match in _LETTERS.finditer(text)]
        letters = "".join(text[place] for place in places)
        return _masked(text, [(places[start], places[end - 1] + 1) for start, end in self._letters.spans(letters)])

    def mask_encoded(self, text: str, mask: Callable[[str], str]) -> str:
        """Return a text with every run masked that base64 or hexadecimal digits make of a text with a secret in it.

        Arguments:
            text: the text. mask: callable(text) -> text, masks secrets in what a run stands for.
        """
        for pattern, decodings in ((_BASE64, _base64_decodings), (_HEX, _hex_decodings)):
            spans = [match.span() for match in pattern.finditer(text)
                     if any(self._is_secret(decoding, mask) for decoding in decodings(match.group()))]
            text = _masked(text, spans)
        return text

    def _is_secret(self, text: str, mask: Callable[[str], str]) -> bool:
        return len(text) >= _MIN_ENCODED and (text in self._short or (len(text) >= MIN_INSIDE_TEXT and MASK not in text and MASK in mask(text)))


class _Index:
    """Texts of at least MIN_INSIDE_TEXT characters, and their lengths by how they begin."""

    def __init__(self) -> None:
        self._texts: set[str] = set()
        self._lengths: dict[str, set[int]] = {}

    def add(self, text: str) -> None:
        """Add a text."""
        self._texts.add(text)
        self._lengths.setdefault(text[:MIN_INSIDE_TEXT], set()).add(len(text))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return (start, end) of every place where one of the texts stands in another text."""
        lengths = self._lengths
        if not lengths:
            return []
        return [(place, place + length) for place in range(len(text) - MIN_INSIDE_TEXT + 1)
                for length in lengths.get(text[place:place + MIN_INSIDE_TEXT], ()) if text[place:place + length] in self._texts]

    def cut_off(self, text: str) -> list[tuple[int, int]]:
        """Return (start, end) of the beginning of one of the texts that the end of another text cuts off, if there is one."""
        for place in range(len(text) - MIN_INSIDE_TEXT + 1) if self._lengths else ():
            longest = max(self._lengths.get(text[place:place + MIN_INSIDE_TEXT], (0,)))
            if place + longest > len(text) and any(known.startswith(text[place:]) for known in self._texts):
                return [(place, len(text))]
        return []


def _masked(text: str, spans: list[tuple[int, int]]) -> str:
    """Return a text with each of some spans, which may overlap, replaced by the mask."""
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
    """Return a secret as it is written in a text whose encodings are undone: as it is, in normal form, with its blanks as forms send them."""
    if secret.isalnum():
        return {secret}
    bare = layers(secret, str)
    return {form for form in (secret, secret.strip(), bare, folded(bare), secret.replace(" ", "+")) if form}


def _encoded_forms(secret: str) -> Iterator[str]:
    """Yield what base64, at each alignment, and hexadecimal digits make of a secret and of its spellings in JSON."""
    plain = secret.isalnum() and secret.isascii()
    spellings = {secret} if plain else {secret, json.dumps(secret)[1:-1], json.dumps(secret)[1:-1].replace("/", "\\/"),
                                        json.dumps(secret, ensure_ascii=False)[1:-1]}
    for spelling in spellings:
        data = spelling.encode("utf-8", "surrogatepass")
        for shift in range(3):
            # The first and the last digits also depend on the neighbours.
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
    """Yield the texts that a run of base64 stands for, from wherever in a group of four digits it begins; also its words one by one."""
    words = run.split()
    for word in {"".join(words), *words}:
        digits = word.rstrip("=").translate(_URLSAFE)
        for shift in range(4):
            part = digits[shift:]
            part = part[:len(part) - (len(part) % 4 == 1)]
            if part:
                yield decoded(base64.b64decode(part + "=" * (-len(part) % 4)))


def _hex_decodings(run: str) -> Iterator[str]:
    """Yield the texts that a run of hexadecimal digits stands for, from either half of a byte on."""
    digits = run.replace(" ", "").replace(":", "")
    for shift in range(2):
        part = digits[shift:]
        yield decoded(binascii.unhexlify(part[:len(part) - len(part) % 2]))
