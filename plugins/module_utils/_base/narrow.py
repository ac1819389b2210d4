# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What is known of a value beyond its type. This is a private util of the collection."""

from __future__ import annotations

from typing import TypeVar

_Value = TypeVar("_Value")


def known(value: _Value | None) -> _Value:
    """Return a value that may be None in general and is not in the case at hand, such as the url of a task without id.

    Raises AssertionError if it is None after all, which is a mistake in this collection.
    """
    if value is None:
        raise AssertionError("a value that has to be known is not")
    return value
