# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Compares two readings of the background tasks (section 3.16); pure functions. This is a private util of the collection."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .._base.uri import mask_uri
from .._core.model import iso_time
from .._core.tasks import state_of
from .event import Event

# Id of a task -> C(running), C(done), C(failed), or C(missing): was running, but the last reading did not list it.
Tasks = dict[str, Any]
_KINDS = {"done": "task_finished", "failed": "task_failed"}


def compare_tasks(old: Tasks | None, rows: Iterable[dict[str, Any]], foreign: Callable[[object], str]) -> tuple[Tasks, list[Event]]:
    """Compare a list of tasks with the previous state.

    Arguments:
        old: the previous state; None for the first reading, which yields no events of finished tasks. rows: of C(tasks).
        foreign: callable(text) -> text, masks secrets in texts of the server.

    Returns (new state, events). The state contains the members of a running task in case it disappears from the list, but not its
    temporary messages.
    """
    before, seen, events = old or {}, {}, []
    for row in rows:
        id, state = str(row.get("id") or ""), state_of(row)
        known = before.get(id)
        seen[id] = {"state": state, "task": dict(_table(row, foreign), message=None, errcode=None)} if state == "running" else {"state": state}
        if old is not None and state in _KINDS and (known is None or known["state"] not in _KINDS):
            events.append({"kind": _KINDS[state], "task": _table(row, foreign)})
    for id, known in before.items():
        if id in seen:
            continue
        if known["state"] == "running":
            # The list may be incomplete, so a task must be missing twice.
            seen[id] = dict(known, state="missing")
        elif known["state"] == "missing":
            events.append({"kind": "task_lost", "task": known["task"]})
    return seen, events


def installs_of_ended(old: Tasks | None, rows: Iterable[dict[str, Any]]) -> list[str]:
    """Return the ids of the sites whose tasks compare_tasks() will report with a message of the server. Their secrets must be masked in it."""
    before = old or {}
    return sorted({str(row["install"]) for row in rows if old is not None and row.get("install") and state_of(row) in _KINDS
                   and before.get(str(row.get("id") or ""), {}).get("state") not in _KINDS})


def _table(row: dict[str, Any], foreign: Callable[[object], str]) -> dict[str, Any]:
    """Return the members of a task in an event."""
    def text(name: str) -> str | None:
        return foreign(row[name]) if row.get(name) not in (None, "") else None

    return {"id": str(row.get("id") or ""), "command": text("cmd"), "install": text("install"), "user": text("user"),
            "url": mask_uri(str(row["url"])) if row.get("url") else None, "started": iso_time(row.get("time")),
            "message": text("message"), "errcode": text("errcode")}
