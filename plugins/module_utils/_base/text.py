# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""External text: decoding of its layers of encoding, and visible control characters. This is a private util of the collection."""

from __future__ import annotations

import codecs
import html
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote

# Maximum number of layers of each encoding. A text with more layers is malicious.
MAX_LAYERS = 10
# Maximum number of words of an unreadable reply that an error quotes.
_MAX_WORDS = 12

_ESCAPE = re.compile(r"\\(?:u([dD][89abAB][0-9A-Fa-f]{2})\\u([dD][c-fC-F][0-9A-Fa-f]{2})|u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})"
                     r"|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|([\\/\"'bfnrt]))")
_LETTERS = {"b": " ", "f": " ", "n": "\n", "r": "\n", "t": "\t"}
_PERCENT_U = re.compile(r"%u([0-9A-Fa-f]{4})")
_MARKUP = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|</?[A-Za-z!?][^<>]*>", re.S | re.I)
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Text that is not a password: a word of a sentence, an abbreviation, an HTTP status.
_WORD = re.compile(r"(?:[A-Z]?[a-z]{1,18}(?:[A-Z][a-z]{1,12}|'[a-z]{1,2})?|[A-Z]{2,10}|[1-5]\d\d)[.,;:!?]?")


def _latin1(error: UnicodeError) -> tuple[str, int]:
    """Decode invalid UTF-8 as Latin-1, so that a secret in it keeps all its characters."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start:error.end].decode("latin-1"), error.end


codecs.register_error("hostops_latin1", _latin1)


def decoded(data: bytes) -> str:
    """Return bytes decoded as UTF-8, with invalid bytes decoded as Latin-1."""
    return data.decode("utf-8", "hostops_latin1")


def printable(text: object) -> str:
    """Return a text on one line with control and format characters and surrogates escaped, such as C(\\x1b) and C(\\n)."""
    text = str(text)
    return text if text.isprintable() else "".join(character if character.isprintable() else _visible(character) for character in text)


def printable_values(value: Any) -> Any:
    """Return a copy of nested data with all strings made printable."""
    if isinstance(value, dict):
        return {printable_values(key): printable_values(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable_values(item) for item in value]
    return printable(value) if isinstance(value, str) else value


def _visible(character: str) -> str:
    """Return the visible form of a character that is not printable in Python."""
    category = unicodedata.category(character)
    if category in ("Zs", "Co", "Cn"):
        return " " if category == "Zs" else character
    code = ord(character)
    return _NAMED.get(character) or ("\\x%02x" % code if code < 0x100 else "\\u%04x" % code if code < 0x10000 else "\\U%08x" % code)


def folded(text: str) -> str:
    """Return a text without control and format characters, with each run of whitespace replaced by one space."""
    if not text.isprintable():
        text = "".join(character for character in text if character.isprintable() or not unicodedata.category(character).startswith("C")
                       or character.isspace())
    return " ".join(text.split())


def without_markup(text: str) -> str:
    """Return a text without tags, comments, scripts and style sheets."""
    return _MARKUP.sub(" ", text) if "<" in text else text


def _undo_entities(text: str) -> str:
    return html.unescape(text) if "&" in text else text


def _undo_percent(text: str) -> str:
    if "%" not in text:
        return text
    return unquote(_PERCENT_U.sub(lambda match: chr(int(match.group(1), 16)), text), errors="hostops_latin1")


def _undo_escapes(text: str) -> str:
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match[str]) -> str:
    """Return the character for an escape sequence of JSON, PHP or Python."""
    high, low, *codes, letter = match.groups()
    if letter:
        return _LETTERS.get(letter, letter)
    if high:
        return chr(0x10000 + ((int(high, 16) & 0x3FF) << 10) + (int(low, 16) & 0x3FF))
    code = int(next(code for code in codes if code), 16)
    return chr(code) if code <= 0x10FFFF else match.group()


# Functions that each remove one layer of one encoding. A second call can remove another layer.
STEPS: tuple[Callable[[str], str], ...] = (_undo_entities, _undo_percent, _undo_escapes)


def is_encoded(text: str) -> bool:
    """Return whether one of the STEPS changes a text."""
    return ("&" in text or "%" in text or "\\" in text) and any(step(text) != text for step in STEPS)


def layers(text: str, mask: Callable[[str], str]) -> str:
    """Return a fully decoded text, masked on each layer of encoding.

    Arguments:
        text: the text. mask: callable(text) -> text that masks secrets. It is called after each step, because a secret that
            looks encoded itself is only plain on one layer.

    Returns a placeholder for a text with too many layers, because the deeper ones could contain secrets.
    """
    budget = MAX_LAYERS * len(STEPS)
    while budget > 0:
        before = text
        for step in STEPS:
            # Remove all layers of one encoding before the next, because a secret may look like another encoding.
            after = step(text)
            while after != text and budget > 0:
                budget -= 1
                text = mask(after)
                after = step(text)
        if text == before:
            return text
    return "(a text with more than %d layers of encoding)" % (MAX_LAYERS * len(STEPS))


def first_words(text: str) -> str:
    """Return the plain words at the beginning of a text.

    Arguments:
        text: a normalized and masked text.
    """
    words = list(itertools.takewhile(_WORD.fullmatch, text.split()[:_MAX_WORDS]))
    return " ".join(words).rstrip(",;:")


def joined(sentences: Iterable[str]) -> str:
    """Return sentences joined by periods."""
    return ". ".join(sentence.rstrip(". ") for sentence in sentences if sentence)
