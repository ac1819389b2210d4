# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What an operation plans: steps, and the two sides of a diff. This is a private util of the collection."""

from __future__ import annotations

from typing import Any, NamedTuple


class Step(NamedTuple):
    """One command to send: its name and its arguments in API form."""

    command: str
    arguments: dict[str, Any]


class Plan(NamedTuple):
    """What is to be done: steps in order, the managed properties before and after, and notes that become warnings."""

    steps: tuple[Step, ...]
    before: dict[str, Any]
    after: dict[str, Any]
    notes: tuple[str, ...]


NOTHING = Plan((), {}, {}, ())
