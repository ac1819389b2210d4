# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Shared data of the sites of one task: the lists, the catalog, and the tasks. This is a private util of the collection."""

from __future__ import annotations

import contextlib
import copy
import functools
import gc
import math
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from .._base.errors import ItronError
from .._base.url import identity_of
from .._core.model import plain_text
from .._core.tasks import FIRST_PAUSE, MAX_PAUSE, Waiting, state_of
from .._wire.client import Client

if TYPE_CHECKING:
    from .._core.tasks import Clock
    from .._redaction.redact import Redactor
    from .._wire.transport import CliTransport, HttpTransport


@contextlib.contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the cyclic garbage collector.

    While thousands of sites are loaded and planned, nearly all new objects stay alive. The repeated collections take as long
    as the work itself (measured with 10,000 sites).
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


# Commands that replace the application of a site. While a task of an earlier run executes one, no new command may start.
_TRANSFORMING = frozenset(("install", "import", "clone", "restore", "upgrade", "uninstall"))


class VisitNeeded(Exception):
    """A plan needs C(view). Because that is slow, it is created later, in parallel with others."""


class Listing:
    """Rows of C(installs), indexed by id and by site."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.rows = rows
        self._by_id = {str(row.get("id")): row for row in rows}
        self._by_site: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            self._by_site.setdefault(identity_of(str(row.get("url"))), []).append(row)

    def search(self, id: object = None, q: str | None = None) -> list[dict[str, Any]]:
        """Return the rows with an id or at a site (its identity), or all rows."""
        if id is not None:
            return [self._by_id[str(id)]] if str(id) in self._by_id else []
        return self.rows if q is None else self._by_site.get(q, [])


class Snapshot:
    """The state of the server, read once for all sites of a task.

    Arguments:
        client: a Client for the user of the task. Its redactor masks the secrets of the lists.
        users: the users that own the sites. None is the administrator.
        waiting: the Waiting of the task. Its interval paces the requests of C(tasks).
    """

    def __init__(self, client: Client, users: set[str | None], waiting: Waiting) -> None:
        self._client = client
        self._running: dict[tuple[str, str], dict[str, Any]] = {}
        self._owned = len(users) > 1
        self._user = next(iter(users)) if len(users) == 1 else None
        self._listings: dict[str | None, Listing] = {}
        self._backups: dict[str, list[dict[str, Any]]] | None = None
        self._memory: dict[object, Any] = {}
        self._lock = threading.RLock()
        self.board = TaskBoard(client, min(waiting.interval, waiting.timeout), waiting.clock, waiting.gathering)

    def read(self) -> None:
        """Read the list of installed applications of one user, or of all accounts that the user of the task owns."""
        if not self._owned:
            self._listings[self._user] = Listing(self._client.installs())
            return
        self.take(self._client.installs(filter_ownedaccounts="yes"))

    def take(self, rows: list[dict[str, Any]]) -> None:
        """Store the rows of C(installs) of several users by owner."""
        by_owner: dict[str | None, list[dict[str, Any]]] = {}
        for row in rows:
            by_owner.setdefault(plain_text(row.get("owner")), []).append(row)
        self._listings = {owner: Listing(found) for owner, found in by_owner.items()}

    def take_backups(self, rows: list[dict[str, Any]]) -> None:
        """Store all rows of C(backups). SiteClients return the backups of an application from them."""
        self._backups = {}
        for row in rows:
            self._backups.setdefault(str(row.get("backup-install") or ""), []).append(row)

    def backups_of(self, install: str) -> list[dict[str, Any]] | None:
        """Return the rows of C(backups) for an application and those without an application. Return None without take_backups()."""
        return None if self._backups is None else self._backups.get(install, []) + self._backups.get("", [])

    def listing(self, user: str | None, read: Callable[[], list[dict[str, Any]]]) -> Listing:
        """Return the Listing of one user.

        Arguments:
            read: callable() -> rows, called once if the snapshot has no rows of the user, to confirm that there are none.
        """
        if user not in self._listings:
            with self._lock:
                if user not in self._listings:
                    self._listings[user] = Listing(read())
        return self._listings[user]

    @property
    def redactor(self) -> Redactor:
        """Masks the secrets of the lists."""
        return self._client.redactor

    def read_running(self, *more: str) -> None:
        """Read the running tasks of earlier runs. Must be called before the first write.

        Arguments:
            more: commands in addition to those that replace an application.
        """
        self._running.clear()
        for row in self.board.rows():
            if str(row.get("cmd")) in _TRANSFORMING.union(more) and state_of(row) == "running":
                if row.get("install"):
                    self._running["id", str(row["install"])] = row
                if row.get("url"):
                    self._running["url", identity_of(str(row["url"]))] = row

    def running_at(self, id: object, url: object) -> dict[str, Any] | None:
        """Return the running task of an earlier run for the id or the URL of a site, or None."""
        return self._running.get(("id", str(id))) or self._running.get(("url", identity_of(str(url))))

    def of_user(self, user: str) -> list[dict[str, Any]]:
        """Return the rows of C(installs) of one user."""
        return self.listing(user, self._client.installs).rows

    def once(self, key: object, read: Callable[[], Any]) -> Any:
        """Return the result of read(), which is called only once for each key."""
        with self._lock:
            if key not in self._memory:
                self._memory[key] = read()
            return self._memory[key]

    def browser(self, **arguments: Any) -> Any:
        """Read the catalog (section 3.2), once for the same arguments."""
        key = ("browser",) + tuple(sorted((name, str(value)) for name, value in arguments.items()))
        return self.once(key, functools.partial(self._client.browser, **arguments))


class SiteClient(Client):
    """A Client for one site among many. Until go_live() is called, it answers from the Snapshot.

    Arguments:
        snapshot: a Snapshot, which must be read before the first call. For the others, see Client.

    C(may_visit) is whether C(view), which is slow, may be sent before go_live().
    """

    def __init__(self, snapshot: Snapshot, transport: HttpTransport | CliTransport, key: str, header: dict[str, Any], redactor: Redactor,
                 read_only: bool) -> None:
        super().__init__(transport, key, header, redactor, read_only)
        self._snapshot = snapshot
        self._live = False
        self.may_visit = False

    def go_live(self) -> None:
        """Send all requests to the server from now on, because a change follows."""
        self._live = True

    @property
    def owner(self) -> str | None:
        """The owner of the site, None for the administrator."""
        return self._header.get("user")

    @property
    def searches_all(self) -> bool:
        """Whether a search by site covers the whole list, as in the snapshot."""
        return not self._live

    def installs(self, **arguments: Any) -> list[dict[str, Any]]:
        """Read C(installs) (section 3.5); before the first write, from the snapshot."""
        if self._live:
            return super().installs(**arguments)
        return self._snapshot.listing(self.owner, super().installs).search(**arguments)

    def backups(self, **arguments: Any) -> list[dict[str, Any]]:
        """Read C(backups) (section 3.6); before the first write, the whole list only once for each user."""
        taken = self._snapshot.backups_of(str(arguments["pid"])) if set(arguments) == {"pid"} and not self._live else None
        if taken is not None:
            return taken
        if self._live or arguments:
            return super().backups(**arguments)
        rows: list[dict[str, Any]] = self._snapshot.once(("backups", self.owner), super().backups)
        return rows

    def browser(self, **arguments: Any) -> Any:
        """Read the catalog (section 3.2), which all sites share."""
        return self._snapshot.browser(**arguments)

    def tasks(self) -> list[dict[str, Any]]:
        """Read C(tasks) (section 3.16) in a request that all sites share."""
        return self._snapshot.board.rows()

    def view(self, id: str, addons: bool = False) -> dict[str, Any]:
        """Let the server visit the site (section 3.7). Raises VisitNeeded if visits are not allowed yet."""
        if not (self._live or self.may_visit):
            raise VisitNeeded()
        return super().view(id, addons)


# In the first minute of a run, two thirds of the requests follow at a fifth of the interval; the others spread over the rest of the minute.
_MINUTE = 60.0
_FAST_SHARE, _FAST, _SLOW = 2 / 3, 1 / 5, 2.6


class TaskBoard:
    """The list of tasks, read once for all waiting threads.

    Arguments:
        client: reads the list. interval: average seconds between two requests. clock: a Clock. gathering: seconds that a
        request is delayed, so that more threads can share it.

    At first the requests follow each other quickly because many tasks are short. For the rest of the first minute, they are less
    frequent, so that no minute has more requests than one in each interval.
    """

    def __init__(self, client: Client, interval: float, clock: Clock, gathering: float = 0.0) -> None:
        self._client = client
        self._interval = interval
        self._gathering = gathering
        self._clock = clock
        self._changed = threading.Condition()
        self._reading = False
        self._begun = self._due = -math.inf
        self._first = 0.0
        self._readings = 0
        self._outcome: list[dict[str, Any]] | ItronError = []

    def rows(self) -> list[dict[str, Any]]:
        """Wait for a request that starts after this call, and return its tasks. Raises ItronError."""
        with self._changed:
            asked = self._clock.now()
            # The first caller waits for others, so that one request covers tasks that started together.
            self._due = max(self._due, asked + self._gathering) if self._due < asked else self._due
            while self._begun < asked or self._reading:
                pause = max(self._begun + self._pause(), self._due) - self._clock.now()
                if self._reading:
                    self._changed.wait()
                elif pause > 0:
                    self._changed.wait(pause)
                else:
                    self._read()
            return self._result()

    def _pause(self) -> float:
        """Return the seconds from the last request to the next one."""
        slow = self._interval * _SLOW
        if slow > MAX_PAUSE or self._begun - self._first >= _MINUTE:
            return self._interval
        if self._readings < _MINUTE / self._interval * _FAST_SHARE:
            return max(min(self._interval, FIRST_PAUSE), self._interval * _FAST)
        return slow

    def _read(self) -> None:
        """Read the list with the lock released."""
        self._reading, self._begun = True, self._clock.now()
        self._first = self._first if self._readings else self._begun
        self._readings += 1
        self._changed.release()
        outcome: list[dict[str, Any]] | ItronError
        try:
            outcome = self._client.tasks()
        except ItronError as error:
            outcome = error
        finally:
            self._changed.acquire()
            self._reading = False
            self._changed.notify_all()
        self._outcome = outcome

    def _result(self) -> list[dict[str, Any]]:
        if isinstance(self._outcome, ItronError):
            # A copy, because each waiting thread extends its message.
            raise copy.copy(self._outcome)
        return self._outcome


class SharedWaiting(Waiting):
    """A Waiting that polls C(tasks) through the TaskBoard.

    Arguments:
        sparing: send fewer requests at the cost of a short delay. Polling starts at the expected duration of the command, based on
        earlier tasks of the run, and one request serves tasks that end at nearly the same time. For the others, see Waiting.
    """

    def __init__(self, wait: bool, timeout: float, interval: float, settle: float, clock: Clock | None = None, sparing: bool = False) -> None:
        super().__init__(wait, timeout, interval, settle, clock)
        self.gathering = min(interval, FIRST_PAUSE) / 6 if sparing else 0.0
        self._sparing = sparing
        # By command: the highest age of a running task, and the lowest age of a finished task in this run.
        self._running: dict[str, float] = {}
        self._over: dict[str, float] = {}

    def polls(self, seconds: float, command: str = "") -> Iterator[float]:
        """Yield the elapsed seconds until the timeout. The board delays each poll until its next request."""
        start = self.clock.now()
        if self._sparing and command in self._over:
            self.clock.sleep(max(min(self._expected(command) - self.gathering, MAX_PAUSE, seconds), 0.0))
        passed = self.clock.now() - start
        while passed < seconds:
            yield passed
            passed = self.clock.now() - start

    def _expected(self, command: str) -> float:
        """Return the expected duration of a task of a command, in seconds."""
        over, running = self._over[command], self._running.get(command, 0.0)
        # The task may have ended before the poll that detected it. Approach the true duration by bisection.
        return (over + running) / 2 if over - running > self.interval / 4 else over

    def saw(self, command: str, age: float, is_over: bool) -> None:
        """Record the age and the state of a task."""
        if is_over:
            self._over[command] = min(age, self._over.get(command, age))
        else:
            self._running[command] = max(age, self._running.get(command, age))
