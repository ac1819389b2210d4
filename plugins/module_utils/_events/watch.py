# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The watch over one server: read a list, compare, write down, hand over. This is a private util of the collection."""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .._apps.catalogue import releases
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
# So often in a row the server may refuse the key before the source ends: no waiting helps then.
MAX_KEY_REFUSALS = 3
# Sites that are read one by one before their list is read once.
MAX_SINGLE_READS = 3


class Watch:
    """The watch over one server.

    Arguments:
        settings: Settings. clock: a Clock. pace: a Pace.

    step() takes one turn; waiting() returns what is to be handed over, and handed_over() takes note of it. Raises ItronError for what
    ends the source.
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
        # Nobody knows what became of these in the run before.
        self._state = state._replace(pending=tuple(dict(event, repeated=True) for event in state.pending))
        # Id of an event -> when it was handed over, in monotonic seconds.
        self._handed: dict[str, float] = {}
        LOG.info("%s is watched; %s", self._server, "%d events may be repeated" % len(state.pending) if state.pending else
                 "this is the first look" if state == State(state.source) else "the source goes on where it ended")

    def _make_client(self) -> Client:
        """Return the Client, which only reads, and log what it warns of."""
        client, warnings = client_of(self._settings.params, redactor_for(self._settings.params), read_only=True)
        client.transport = LeanTransport(client.transport, {"installs": SITE_MEMBERS, "backups": BACKUP_MEMBERS})  # type: ignore[assignment]
        for warning in warnings:
            LOG.warning("%s", warning)
        return client

    def close(self) -> None:
        """Let another source use the state file."""
        self._file.close()

    # --- turns ----------------------------------------------------------------------------------------------------

    def step(self) -> float:
        """Take one turn and return the seconds to pause after it. Raises ItronError if the server refuses the key again and again."""
        try:
            self._look(self._turns.next(self._clock.now()))
        except ItronError as error:
            return self._trouble(error)
        if self._pace.failures:
            LOG.warning("the source works again after %d failures", self._pace.failures)
        self._key_refusals = 0
        return self._pace.good()

    def _trouble(self, error: ItronError) -> float:
        """Log a turn that failed and return the seconds to pause; what was to be seen in it is seen later. Raises the error that ends the source."""
        if error.errcode == "invalid_api_key" or error.http_status in (401, 403):
            self._key_refusals += 1
            if self._key_refusals >= MAX_KEY_REFUSALS:
                LOG.error("the server refused the API key %d times in a row; the source ends. Nothing is lost: with a valid key it goes on where it ended. %s",
                          self._key_refusals, error.text())
                raise error
        else:
            self._key_refusals = 0
        pause = self._pace.bad()
        LOG.error("%s (failure %d in a row; next attempt in %d s)", error.text(), self._pace.failures, pause)
        return pause

    def _look(self, turn: str) -> None:
        """Read one list, compare it, and write down what is new. Raises ItronError; then nothing of it was taken in."""
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
        """Read the installed applications; return (new state, events)."""
        rows = self._client.installs(**self._scope())
        # The secrets in them are known from here on, and the rest need not be kept.
        self._client.redactor.learn()
        sites, events = compare_sites(state.sites, rows, self._releases, self._settings.reports_first)
        return state._replace(sites=sites), self._wanted(events)

    def _releases(self, application: str, version: str) -> list[dict[str, Any]]:
        """Return the releases of an application from a version on; none of one that the catalogue does not know."""
        try:
            return [dict(row, version=str(row.get("version") or "")) for row in releases(self._client, application=application, from_version=version)]
        except RefusedError as error:
            if error.errcode == "invalid_api_key" or error.http_status in (401, 403):
                raise
            LOG.warning("%s: without its releases, no security release of it is seen. %s", application, error.text())
            return []

    def _look_at_tasks(self, state: State) -> tuple[State, list[Event]]:
        """Read the background tasks; return (new state, events)."""
        rows = self._client.tasks()
        self._learn_secrets(installs_of_ended(state.tasks, rows))
        tasks, events = compare_tasks(state.tasks, rows, self._client.redactor.foreign)
        return state._replace(tasks=tasks), self._wanted(events)

    def _learn_secrets(self, ids: list[str]) -> None:
        """Read some sites, so that no text which quotes one of their passwords passes."""
        if len(ids) > MAX_SINGLE_READS:
            self._client.installs(**self._scope())
        else:
            for id in ids:
                self._client.install(id, **self._scope())
        self._client.redactor.learn()

    def _look_at_backups(self, state: State) -> tuple[State, list[Event]]:
        """Read the backups; return (new state, events)."""
        rows = self._client.backups(**self._scope())
        self._client.redactor.learn()
        backups, events = compare_backups(state.backups, state.sites or {}, rows, self._clock.wall(), self._settings.backup_age_text,
                                          self._settings.reports_first)
        return state._replace(backups=backups), self._wanted(events)

    # --- handing over ---------------------------------------------------------------------------------------------

    def waiting(self) -> Iterator[Event]:
        """Yield copies of the events that are still to be handed over, in their order."""
        for event in self._state.pending:
            if event["id"] not in self._handed:
                yield copy.deepcopy(event)

    def handed_over(self, id: str) -> None:
        """Take note that the event with an id was handed over; it stays in the file for a while."""
        self._handed[id] = self._clock.now()
