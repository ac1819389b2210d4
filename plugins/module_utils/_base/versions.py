# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The order of version numbers. This is a private util of the collection."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PART = re.compile(r"\d+|[a-z]+", re.I)
# The kind, number and word of a part.
Part = tuple[int, int, str]

# Words that sort before the final release of the same number. Any other word sorts after it ("1.0-p1").
_PRE_RELEASES = {"dev": -5, "alpha": -4, "a": -4, "beta": -3, "b": -3, "rc": -2, "pre": -2, "preview": -2}


def version_key(version: object) -> tuple[Part, ...]:
    """Return a sort key for a version such as 6.4.2, 4.10, 2.4.6-p3 or 5.0-rc1. 4.9 and 4.9.0 are equal.

    At the same position, a pre-release sorts before the end of the version, then a patch word, then a number.
    """
    key: list[Part] = []
    for part in _PART.findall(str(version)):
        if part.isdigit():
            key.append((3, int(part), ""))
            continue
        _drop_zeros(key)
        word = part.lower()
        key.append((0, _PRE_RELEASES[word], "") if word in _PRE_RELEASES else (2, 0, word))
    _drop_zeros(key)
    return tuple(key) + ((1, 0, ""),)


def _drop_zeros(key: list[Part]) -> None:
    """Remove trailing zeros, so that 4.9.0 equals 4.9."""
    while len(key) > 1 and key[-1] == (3, 0, ""):
        key.pop()


def newest(versions: Iterable[str]) -> str | None:
    """Return the newest version, or None."""
    return max(versions, key=version_key, default=None)
