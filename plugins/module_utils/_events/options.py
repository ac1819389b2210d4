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

# Without run_on, because the client always runs in the process of the event source.
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

# One day or one week. A longer time is probably a mistake, such as milliseconds.
_MAX_SECONDS = {"interval": 86400, "backups_interval": 604800, "keep_events": 604800}


class Settings(NamedTuple):
    """The validated options.

    state_file: path. interval: seconds between two requests. kinds: of the events to emit. backup_max_age: maximum age of the newest
    backup in seconds, or None for any age. backup_age_text: the same as a text. backups_interval: seconds between two readings of
    the backups. reports_first: whether the first reading emits events. keep: seconds for which a delivered event stays in the
    state file. params: all options, for the connection.
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
        raise InputError("events: must not be empty", hint="Omit it for all kinds of events.")
    text = params["backup_max_age"]
    if text is not None and not kinds.intersection(BACKUP_KINDS):
        raise InputError("backup_max_age: requires %s in events" % " or ".join(BACKUP_KINDS), hint="Add one of them to events, or omit backup_max_age.")
    if "backup_too_old" in kinds and args.get("events") is not None and text is None:
        raise InputError("backup_max_age: required for backup_too_old in events", hint="Set an age such as 24h.")
    return Settings(params["state_file"], params["interval"], kinds, None if text is None else age_seconds(text, "backup_max_age"), text,
                    params["backups_interval"], params["first_look"] == "report", params["keep_events"], params)
