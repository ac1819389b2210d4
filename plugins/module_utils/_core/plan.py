# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The plan of an operation: steps, and the two sides of a diff. This is a private util of the collection."""

from __future__ import annotations

from typing import Any, NamedTuple


class Step(NamedTuple):
    """One command to send: its name and its arguments in API form."""

    command: str
    arguments: dict[str, Any]


class Plan(NamedTuple):
    """The changes to make: steps in order, the managed properties before and after, and notes that become warnings."""

    steps: tuple[Step, ...]
    before: dict[str, Any]
    after: dict[str, Any]
    notes: tuple[str, ...]


NOTHING = Plan((), {}, {}, ())


def summary_of_plan(plan: Plan) -> str:
    """Return a short summary of a plan: C(6.4.1 -> 6.4.2), C(edit autoup, language), C(install)."""
    words = []
    for step in plan.steps:
        if step.command == "upgrade" and "version" in plan.after:
            words.append("%s -> %s" % (plan.before.get("version"), plan.after["version"]))
        elif step.command == "edit":
            words.append("detach" if "delete" in step.arguments else "edit %s" % ", ".join(name for name in step.arguments if name != "id"))
        else:
            words.append(step.command)
    return ", ".join(words)
