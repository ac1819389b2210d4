# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Options of the event source. This is a private util of the collection."""

from __future__ import annotations

from typing import Any, NamedTuple

from .._backup.plan import age_seconds
from .._base.errors import InputError
from .._core.argspec import CONNECTION, ArgumentSpec
from .event import BACKUP_KINDS, KINDS

# The client runs in the process of the event source: there is no other place for it.
_CONNECTION = {name: option for name, option in CONNECTION.options.items() if name != "run_on"}

EVENTS = ArgumentSpec({
    "state_file": {"type": "path", "required": True},
    "interval": {"type": "float", "default": 60},
    "events": {"type": "list", "elements": "str", "choices": list(KINDS), "default": list(KINDS)},
    "backup_max_age": {"type": "str"},
    "backups_interval": {"type": "float", "default": 3600},
    "first_look": {"type": "str", "choices": ["report", "quiet"], "default": "report"},
    "keep_events": {"type": "float", "default": 300},
    "user": {"type": "str"},
    "owned_accounts": {"type": "bool", "default": True},
}).merge(ArgumentSpec(_CONNECTION, required_by=CONNECTION.required_by, **CONNECTION.constraints))

# A day and a week: what is longer is a mistake, such as milliseconds.
_MAX_SECONDS = {"interval": 86400, "backups_interval": 604800, "keep_events": 604800}


class Settings(NamedTuple):
    """What the options ask for.

    state_file: path. interval: seconds between two requests. kinds: of the events that are wanted. backup_max_age: seconds that the
    youngest backup may be old, or None for any age. backup_age_text: the same as it was given. backups_interval: seconds between two
    readings of the backups. reports_first: whether the first look emits what needs attention already. keep: seconds for which an
    event that was handed over stays in the state file. params: all options, for the connection.
    """

    state_file: str
    interval: float
    kinds: frozenset[str]
    backup_max_age: int | None
    backup_age_text: str | None
    backups_interval: float
    reports_first: bool
    keep: float
    params: dict[str, Any]


def settings_of(args: dict[str, Any]) -> Settings:
    """Return the Settings for the arguments of the source in a rulebook. Raises InputError that names the option."""
    params, messages = EVENTS.validate(args)
    if messages:
        raise InputError("; ".join(messages), hint="Correct the arguments of hostops.installatron.itron_events in the rulebook.")
    for name, limit in _MAX_SECONDS.items():
        least = 0 if name == "keep_events" else 0.01
        if not least <= params[name] <= limit:
            raise InputError("%s: must be between %g and %d seconds" % (name, least, limit))
    kinds = frozenset(params["events"])
    if not kinds:
        raise InputError("events: names no kind of event", hint="Leave it out for all kinds.")
    text = params["backup_max_age"]
    if text is not None and not kinds.intersection(BACKUP_KINDS):
        raise InputError("backup_max_age: events names neither %s" % " nor ".join(BACKUP_KINDS), hint="Add one of them to events, or leave backup_max_age out.")
    if "backup_too_old" in kinds and args.get("events") is not None and text is None:
        raise InputError("backup_max_age: missing; without it no backup is too old", hint="Give an age such as 24h.")
    return Settings(params["state_file"], params["interval"], kinds, None if text is None else age_seconds(text, "backup_max_age"), text,
                    params["backups_interval"], params["first_look"] == "report", params["keep_events"], params)
