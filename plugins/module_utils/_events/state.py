# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The state file: the last readings and the events whose delivery is not confirmed. This is a private util of the collection."""

from __future__ import annotations

import json
import os
import secrets
from typing import Any, NamedTuple

from .._base.errors import ItronError
from .._base.files import write_text
from .backups import Backups
from .event import Event
from .sites import Site, Sites
from .tasks import Tasks

try:
    import fcntl
except ImportError:
    # Ansible does not run on such a system, but importing the file must not fail there.
    fcntl = None  # type: ignore[assignment]

FORMAT = "hostops.installatron events"
VERSION = 1


class StateError(ItronError):
    """The state file cannot be read or written. The events of the current reading must not be delivered."""


class State(NamedTuple):
    """The content of the file.

    source: part of the ids of all events, which makes them unique among state files. number: of the last event. sites, tasks, backups:
    the last readings, None before the first one. pending: the events that a restart delivers again, in the order of their numbers.
    """

    source: str
    number: int = 0
    sites: Sites | None = None
    tasks: Tasks | None = None
    backups: Backups | None = None
    pending: tuple[Event, ...] = ()

    @classmethod
    def new(cls) -> State:
        """Return the state before the first reading."""
        return cls(secrets.token_hex(4))


class StateFile:
    """The file of one source. It is locked while this object is open.

    Arguments:
        path: of the file. scope: server and account of the state. A file with another scope is refused.

    Raises StateError.
    """

    def __init__(self, path: str, scope: dict[str, Any]) -> None:
        self._path = os.path.realpath(path)
        self._scope = scope
        self._lock: int | None = None

    def open(self) -> State:
        """Lock the file and return its State, or a new one if there is no file yet."""
        try:
            os.makedirs(os.path.dirname(self._path), mode=0o750, exist_ok=True)
            self._take_lock()
            with open(self._path, encoding="utf-8") as file:
                text = file.read()
        except FileNotFoundError:
            return State.new()
        except (OSError, UnicodeError) as error:
            raise self._unreadable(str(getattr(error, "strerror", None) or error)) from error
        return self._state(text)

    def close(self) -> None:
        """Release the lock."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def save(self, state: State) -> None:
        """Write a state atomically and sync it to disk. Raises StateError and leaves the file unchanged."""
        body = {"format": FORMAT, "version": VERSION, **self._scope, **state._asdict()}
        try:
            write_text(self._path, json.dumps(body, separators=(",", ":"), ensure_ascii=False), mode=0o600, sync=True)
        except OSError as error:
            raise StateError("state_file: cannot write %s: %s" % (self._path, error.strerror or error), stage="write",
                             hint="Events are delivered only after they are written. Free disk space, or correct the permissions. The source then "
                                  "continues automatically.") from error

    def _take_lock(self) -> None:
        """Lock a separate file, because save() replaces the state file. Raises StateError, OSError."""
        if fcntl is None:
            return
        self._lock = os.open(self._path + ".lock", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.close()
            raise StateError("state_file: another source uses %s" % self._path, stage="input", hint="Set a different file for each source.") from None

    def _state(self, text: str) -> State:
        """Return the State from the text of a file."""
        try:
            body = json.loads(text)
            if not isinstance(body, dict) or body.get("format") != FORMAT:
                raise ValueError("it is not the state file of an event source")
            if body.get("version") != VERSION:
                raise ValueError("it has version %s instead of %d" % (body.get("version"), VERSION))
            state = _decoded(body)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise self._unreadable(str(error)) from error
        for name, value in self._scope.items():
            if body.get(name) != value:
                raise StateError("state_file: %s belongs to another %s (%s)" % (self._path, name, body.get(name)), stage="input",
                                 hint="Set a different file for each server and each user.")
        return state

    def _unreadable(self, reason: str) -> StateError:
        """Return the error for a file that cannot be read."""
        self.close()
        return StateError("state_file: cannot read %s: %s" % (self._path, reason), stage="input",
                          hint="No events were delivered. Correct the permissions, or restore the file. Or move it away: the source then starts over "
                               "and does not report the changes since the last reading.")


def _decoded(body: dict[str, Any]) -> State:
    """Return the State from the decoded file. Raises ValueError, TypeError, KeyError, or AttributeError if it is invalid."""
    sites = None if body["sites"] is None else {id: Site(*row) for id, row in body["sites"].items()}
    tables = [dict(body[name]) if body[name] is not None else None for name in ("tasks", "backups")]
    pending = tuple(dict(event, id=event["id"]) for event in body["pending"])
    return State(str(body["source"]), int(body["number"]), sites, tables[0], tables[1], pending)
