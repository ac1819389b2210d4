# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Watches one server: reads a list, compares it, saves the state, and delivers events. This is a private util of the collection."""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .._apps.catalog import releases
from .._base.errors import ItronError, RefusedError
from .._core.connection import client_of, redactor_for, server_name
from .._core.model import iso_time
from .._core.tasks import Clock
from .._fleet.fleet import scope
from .backups import MEMBERS as BACKUP_MEMBERS
from .backups import compare_backups
from .event import Event, stamped
from .lean import LeanTransport
from .options import Settings
from .pace import Pace, Turns
from .sites import MEMBERS as SITE_MEMBERS
from .sites import compare_sites
from .state import State, StateFile
from .tasks import compare_tasks, installs_of_ended

if TYPE_CHECKING:
    from .._wire.client import Client

LOG = logging.getLogger("hostops.installatron.itron_events")
# Number of consecutive refusals of the key after which the source stops, because retries do not help.
MAX_KEY_REFUSALS = 3
# For more sites than this, the whole list is read in one request.
MAX_SINGLE_READS = 3


class Watch:
    """Watches one server.

    Arguments:
        settings: Settings. clock: a Clock. pace: a Pace.

    step() runs one turn. waiting() returns the events to deliver, and handed_over() records their delivery. Raises ItronError for
    errors that stop the source.
    """

    def __init__(self, settings: Settings, clock: Clock | None = None, pace: Pace | None = None) -> None:
        self._settings = settings
        self._clock = clock or Clock()
        self._pace = pace or Pace(settings.interval)
        self._turns = Turns(settings.kinds, settings.backups_interval)
        self._server = server_name(settings.params)
        self._client = self._make_client()
        self._key_refusals = 0
        self._file = StateFile(settings.state_file, {"server": self._server, "user": settings.params["user"]})
        state = self._file.open()
        # The previous run did not confirm the delivery of these events.
        self._state = state._replace(pending=tuple(dict(event, repeated=True) for event in state.pending))
        # Id of an event -> time of its delivery, in monotonic seconds.
        self._handed: dict[str, float] = {}
        LOG.info("watching %s; %s", self._server, "%d events may be repeated" % len(state.pending) if state.pending else
                 "this is the first reading" if state == State(state.source) else "the source resumes from its state file")

    def _make_client(self) -> Client:
        """Return a read-only Client and log its warnings."""
        client, warnings = client_of(self._settings.params, redactor_for(self._settings.params), read_only=True)
        client.transport = LeanTransport(client.transport, {"installs": SITE_MEMBERS, "backups": BACKUP_MEMBERS})  # type: ignore[assignment]
        for warning in warnings:
            LOG.warning("%s", warning)
        return client

    def close(self) -> None:
        """Release the state file."""
        self._file.close()

    # --- turns ----------------------------------------------------------------------------------------------------

    def step(self) -> float:
        """Run one turn and return the seconds to pause after it. Raises ItronError if the server refuses the key repeatedly."""
        try:
            self._look(self._turns.next(self._clock.now()))
        except ItronError as error:
            return self._handle_failure(error)
        if self._pace.failures:
            LOG.warning("the source works again after %d failures", self._pace.failures)
        self._key_refusals = 0
        return self._pace.good()

    def _handle_failure(self, error: ItronError) -> float:
        """Log a failed turn and return the seconds to pause. Raises the error if it stops the source."""
        if _refuses_key(error):
            self._key_refusals += 1
            if self._key_refusals >= MAX_KEY_REFUSALS:
                LOG.error("the server refused the API key %d times in a row; the source stops. No events are lost: with a valid key, it resumes from its "
                          "state file. %s", self._key_refusals, error.text())
                raise error
        else:
            self._key_refusals = 0
        pause = self._pace.bad()
        LOG.error("%s (failure %d in a row; next attempt in %d s)", error.text(), self._pace.failures, pause)
        return pause

    def _look(self, turn: str) -> None:
        """Read one list, compare it, and save the new state. Raises ItronError and leaves the state unchanged."""
        state, events = getattr(self, "_look_at_%s" % turn)(self._state)
        now, time = self._clock.now(), str(iso_time(self._clock.wall()))
        kept = [event for event in state.pending if now - self._handed.get(event["id"], now) <= self._settings.keep]
        new = [stamped(event, "%s-%d" % (state.source, state.number + number), time, self._server) for number, event in enumerate(events, 1)]
        state = state._replace(pending=(*kept, *new), number=state.number + len(new))
        if state != self._state:
            self._file.save(state)
            self._state = state
            self._handed = {event["id"]: self._handed[event["id"]] for event in kept if event["id"] in self._handed}
        self._turns.done(turn, now)

    def _wanted(self, events: list[Event]) -> list[Event]:
        return [event for event in events if event["kind"] in self._settings.kinds]

    def _scope(self) -> dict[str, str]:
        return scope(self._settings.params["owned_accounts"])

    def _look_at_sites(self, state: State) -> tuple[State, list[Event]]:
        """Read the installed applications and return (new state, events)."""
        rows = self._client.installs(**self._scope())
        # Registers the secrets in the rows, so that the rows can be freed.
        self._client.redactor.learn()
        sites, events = compare_sites(state.sites, rows, self._releases, self._settings.reports_first)
        return state._replace(sites=sites), self._wanted(events)

    def _releases(self, application: str, version: str) -> list[dict[str, Any]]:
        """Return the releases of an application since a version, or an empty list if the catalog does not contain the application."""
        try:
            return [dict(row, version=str(row.get("version") or "")) for row in releases(self._client, application=application, from_version=version)]
        except RefusedError as error:
            if _refuses_key(error):
                raise
            LOG.warning("%s: cannot read its releases, so its security releases are not reported. %s", application, error.text())
            return []

    def _look_at_tasks(self, state: State) -> tuple[State, list[Event]]:
        """Read the background tasks and return (new state, events)."""
        rows = self._client.tasks()
        self._learn_secrets(installs_of_ended(state.tasks, rows))
        tasks, events = compare_tasks(state.tasks, rows, self._client.redactor.foreign)
        return state._replace(tasks=tasks), self._wanted(events)

    def _learn_secrets(self, ids: list[str]) -> None:
        """Read some sites, so that their passwords are masked in messages."""
        if len(ids) > MAX_SINGLE_READS:
            self._client.installs(**self._scope())
        else:
            for id in ids:
                self._client.install(id, **self._scope())
        self._client.redactor.learn()

    def _look_at_backups(self, state: State) -> tuple[State, list[Event]]:
        """Read the backups and return (new state, events)."""
        rows = self._client.backups(**self._scope())
        self._client.redactor.learn()
        backups, events = compare_backups(state.backups, state.sites or {}, rows, self._clock.wall(), self._settings.backup_age_text,
                                          self._settings.reports_first)
        return state._replace(backups=backups), self._wanted(events)

    # --- delivery -------------------------------------------------------------------------------------------------

    def waiting(self) -> Iterator[Event]:
        """Yield copies of the events that are not delivered yet, in order."""
        for event in self._state.pending:
            if event["id"] not in self._handed:
                yield copy.deepcopy(event)

    def handed_over(self, id: str) -> None:
        """Record the delivery of an event. It stays in the file for the time of keep_events."""
        self._handed[id] = self._clock.now()


def _refuses_key(error: ItronError) -> bool:
    """Return whether the server refused the API key."""
    return error.errcode == "invalid_api_key" or error.http_status in (401, 403)
