# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What differs between two looks at the background tasks (section 3.16); pure. This is a private util of the collection."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .._base.uri import mask_uri
from .._core.model import iso_time
from .._core.tasks import state_of
from .event import Event

# Id of a task -> C(running), C(done), C(failed), or C(missing): it ran, and the last look did not list it.
Tasks = dict[str, Any]
_KINDS = {"done": "task_finished", "failed": "task_failed"}


def compare_tasks(old: Tasks | None, rows: Iterable[dict[str, Any]], foreign: Callable[[object], str]) -> tuple[Tasks, list[Event]]:
    """Compare a list of tasks with what was seen before.

    Arguments:
        old: what was seen before; None for the first look, at which what is over is old news. rows: of C(tasks).
        foreign: callable(text) -> text, masks secrets in texts of the server.

    Returns (what is seen now, events). Of a running task its table is kept, for what leaves the list before its end.
    """
    before, seen, events = old or {}, {}, []
    for row in rows:
        id, state = str(row.get("id") or ""), state_of(row)
        known = before.get(id)
        seen[id] = {"state": state, "task": _table(row, foreign)} if state == "running" else {"state": state}
        if old is not None and state in _KINDS and (known is None or known["state"] not in _KINDS):
            events.append({"kind": _KINDS[state], "task": _table(row, foreign)})
    for id, known in before.items():
        if id in seen:
            continue
        if known["state"] == "running":
            # A list that is cut short must not end a task: twice is needed.
            seen[id] = dict(known, state="missing")
        elif known["state"] == "missing":
            events.append({"kind": "task_lost", "task": known["task"]})
    return seen, events


def _table(row: dict[str, Any], foreign: Callable[[object], str]) -> dict[str, Any]:
    """Return the members that an event has of a task."""
    def text(name: str) -> str | None:
        return foreign(row[name]) if row.get(name) not in (None, "") else None

    return {"id": str(row.get("id") or ""), "command": text("cmd"), "install": text("install"), "user": text("user"),
            "url": mask_uri(str(row["url"])) if row.get("url") else None, "started": iso_time(row.get("time")),
            "message": text("message"), "errcode": text("errcode")}
