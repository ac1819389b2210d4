# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Events: their kinds and their members, pure. This is a private util of the collection.

docs/events.schema.json describes the members. Within one number of SCHEMA, members are added and never removed or changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

SCHEMA = 1
SITE_KINDS = ("site_appeared", "site_disappeared", "version_changed")
RELEASE_KINDS = ("update_available", "security_release")
BACKUP_KINDS = ("backup_missing", "backup_too_old")
TASK_KINDS = ("task_finished", "task_failed", "task_lost")
KINDS = SITE_KINDS + RELEASE_KINDS + BACKUP_KINDS + TASK_KINDS
# Sites that one event lists: a rule engine copies each event several times, and a job takes them as an extra variable.
MAX_SITES = 100

Event = dict[str, Any]

# What begins a template of Jinja.
_TEMPLATE = re.compile(r"\{(?=[{%#])")


def with_sites(kind: str, sites: list[dict[str, Any]], **members: Any) -> Iterator[Event]:
    """Yield the events of a kind that list sites: one, or several parts of at most MAX_SITES sites.

    Arguments:
        kind: one of KINDS. sites: tables with the members of a site. members: further members of each event.
    """
    parts = [sites[start:start + MAX_SITES] for start in range(0, len(sites), MAX_SITES)]
    for number, part in enumerate(parts):
        yield dict(members, kind=kind, count=len(sites), sites=part, part=number + 1, parts=len(parts))


def stamped(event: Event, id: str, time: str, server: str) -> Event:
    """Return an event with the members that all events have, and without templates.

    A rulebook puts texts of an event into variables and arguments of a job, where Ansible would carry out a template that somebody
    has brought into the name of a file or the message of a task.

    Arguments:
        id: of the event; a repeat has the same one. time: when the difference was seen. server: address of the server.
    """
    members: Event = _inert(event)
    return dict({"schema": SCHEMA, "kind": event["kind"], "id": id, "time": time, "server": server, "repeated": False}, **members)


def _inert(value: Any) -> Any:
    """Return a nested value with a blank in what would begin a template."""
    if isinstance(value, dict):
        return {name: _inert(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_inert(item) for item in value]
    return _TEMPLATE.sub("{ ", value) if isinstance(value, str) else value
