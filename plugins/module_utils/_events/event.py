# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Kinds and members of events; pure functions. This is a private util of the collection.

docs/events.schema.json describes the members. Within a version of SCHEMA, members may be added but never removed or changed.
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
# Limit of sites in one event, because a rule engine copies each event several times and passes it to a job as an extra variable.
MAX_SITES = 100

Event = dict[str, Any]

# The start of a Jinja template.
_TEMPLATE = re.compile(r"\{(?=[{%#])")


def with_sites(kind: str, sites: list[dict[str, Any]], **members: Any) -> Iterator[Event]:
    """Yield the events of a kind that list sites, with at most MAX_SITES sites in each event.

    Arguments:
        kind: one of KINDS. sites: dictionaries with the members of a site. members: additional members of each event.
    """
    parts = [sites[start:start + MAX_SITES] for start in range(0, len(sites), MAX_SITES)]
    for number, part in enumerate(parts):
        yield dict(members, kind=kind, count=len(sites), sites=part, part=number + 1, parts=len(parts))


def stamped(event: Event, id: str, time: str, server: str) -> Event:
    """Return an event with the common members and without templates.

    A rulebook passes texts of an event to variables and arguments of a job. There, Ansible would evaluate a template that an
    attacker has put into a file name or the message of a task.

    Arguments:
        id: of the event; a repeated event has the same id. time: of detection. server: address of the server.
    """
    members: Event = _without_templates(event)
    return dict({"schema": SCHEMA, "kind": event["kind"], "id": id, "time": time, "server": server, "repeated": False}, **members)


def _without_templates(value: Any) -> Any:
    """Return a nested value with a space inserted in each start of a template."""
    if isinstance(value, dict):
        return {name: _without_templates(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_without_templates(item) for item in value]
    return _TEMPLATE.sub("{ ", value) if isinstance(value, str) else value
