# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What the sites of one task share: one reading of the lists, of the catalogue, and of the tasks. This is a private util of the collection."""

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
    """Let Python not look for cyclic garbage meanwhile.

    While thousands of sites are loaded and planned for, nearly everything that is made stays, and to look through all of it
    again and again takes as long as the work itself (measured with 10,000 sites).
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


# Commands after which a site is another one: while such a task of an earlier run works on it, nothing new is begun.
_TRANSFORMING = frozenset(("install", "import", "clone", "restore", "upgrade", "uninstall"))


class VisitNeeded(Exception):
    """A plan needs C(view), which is slow: it is made later, beside others."""


class Listing:
    """Rows of C(installs), found by id and by site."""

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
    """What the server has, read once for all sites of a task.

    Arguments:
        client: a Client for the user of the task; it learns the secrets of the lists.
        users: the users that own the sites; None stands for the administrator.
        waiting: the Waiting of the task; its interval paces the reading of C(tasks).
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
        """Read the list of installed applications: of one user, or with those of all accounts that the user of the task owns."""
        if not self._owned:
            self._listings[self._user] = Listing(self._client.installs())
            return
        self.take(self._client.installs(filter_ownedaccounts="yes"))

    def take(self, rows: list[dict[str, Any]]) -> None:
        """Take the rows of C(installs) of several users, each with its owner."""
        by_owner: dict[str | None, list[dict[str, Any]]] = {}
        for row in rows:
            by_owner.setdefault(plain_text(row.get("owner")), []).append(row)
        self._listings = {owner: Listing(found) for owner, found in by_owner.items()}

    def take_backups(self, rows: list[dict[str, Any]]) -> None:
        """Take all rows of C(backups); SiteClients answer from them what the backups of an application are."""
        self._backups = {}
        for row in rows:
            self._backups.setdefault(str(row.get("backup-install") or ""), []).append(row)

    def backups_of(self, install: str) -> list[dict[str, Any]] | None:
        """Return the rows of C(backups) of an application and those that name none, or None if they were not taken."""
        return None if self._backups is None else self._backups.get(install, []) + self._backups.get("", [])

    def listing(self, user: str | None, read: Callable[[], list[dict[str, Any]]]) -> Listing:
        """Return the Listing of one user.

        Arguments:
            read: callable() -> rows, asked once for a user of whom the list shows nothing: absence needs a reading of its own.
        """
        if user not in self._listings:
            with self._lock:
                if user not in self._listings:
                    self._listings[user] = Listing(read())
        return self._listings[user]

    @property
    def redactor(self) -> Redactor:
        """Knows the secrets of the lists."""
        return self._client.redactor

    def read_running(self, *more: str) -> None:
        """Read which sites the tasks of an earlier run work on; to be called before the first write.

        Arguments:
            more: commands beside those after which a site is another one.
        """
        self._running.clear()
        for row in self.board.rows():
            if str(row.get("cmd")) in _TRANSFORMING.union(more) and state_of(row) == "running":
                if row.get("install"):
                    self._running["id", str(row["install"])] = row
                if row.get("url"):
                    self._running["url", identity_of(str(row["url"]))] = row

    def running_at(self, id: object, url: object) -> dict[str, Any] | None:
        """Return the running task of an earlier run on a site, found by its id or its URL, or None."""
        return self._running.get(("id", str(id))) or self._running.get(("url", identity_of(str(url))))

    def of_user(self, user: str) -> list[dict[str, Any]]:
        """Return the rows of C(installs) of one user."""
        return self.listing(user, self._client.installs).rows

    def once(self, key: object, read: Callable[[], Any]) -> Any:
        """Return what read() returned when it was first called for a key."""
        with self._lock:
            if key not in self._memory:
                self._memory[key] = read()
            return self._memory[key]

    def browser(self, **arguments: Any) -> Any:
        """Read the catalogue (section 3.2), each question once."""
        key = ("browser",) + tuple(sorted((name, str(value)) for name, value in arguments.items()))
        return self.once(key, functools.partial(self._client.browser, **arguments))


class SiteClient(Client):
    """A Client for one site of many: until go_live() is called, it answers from the Snapshot.

    Arguments:
        snapshot: a Snapshot, which is read before anything is asked. The others are those of Client.

    C(may_visit) says whether C(view), which is slow, may be sent while the lists are looked at.
    """

    def __init__(self, snapshot: Snapshot, transport: HttpTransport | CliTransport, key: str, header: dict[str, Any], redactor: Redactor,
                 read_only: bool) -> None:
        super().__init__(transport, key, header, redactor, read_only)
        self._snapshot = snapshot
        self._live = False
        self.may_visit = False

    def go_live(self) -> None:
        """Ask the server itself from now on, for something is about to change."""
        self._live = True

    @property
    def owner(self) -> str | None:
        """The owner of the site, None for the administrator."""
        return self._header.get("user")

    @property
    def searches_all(self) -> bool:
        """A search of the snapshot by site has seen the whole list."""
        return not self._live

    def installs(self, **arguments: Any) -> list[dict[str, Any]]:
        """Read C(installs) (section 3.5), before the first write from the list that all sites share."""
        if self._live:
            return super().installs(**arguments)
        return self._snapshot.listing(self.owner, super().installs).search(**arguments)

    def backups(self, **arguments: Any) -> list[dict[str, Any]]:
        """Read C(backups) (section 3.6); the whole list only once for a user before the first write."""
        taken = self._snapshot.backups_of(str(arguments["pid"])) if set(arguments) == {"pid"} and not self._live else None
        if taken is not None:
            return taken
        if self._live or arguments:
            return super().backups(**arguments)
        rows: list[dict[str, Any]] = self._snapshot.once(("backups", self.owner), super().backups)
        return rows

    def browser(self, **arguments: Any) -> Any:
        """Read the catalogue (section 3.2), which all sites share."""
        return self._snapshot.browser(**arguments)

    def tasks(self) -> list[dict[str, Any]]:
        """Read C(tasks) (section 3.16) together with all other sites."""
        return self._snapshot.board.rows()

    def view(self, id: str, addons: bool = False) -> dict[str, Any]:
        """Let the server visit the site (section 3.7). Raises VisitNeeded while only lists are looked at."""
        if not (self._live or self.may_visit):
            raise VisitNeeded()
        return super().view(id, addons)


# In the first minute of a run, two thirds of its readings come five times as fast, and the others share what is left of it.
_MINUTE = 60.0
_FAST_SHARE, _FAST, _SLOW = 2 / 3, 1 / 5, 2.6


class TaskBoard:
    """The list of tasks, read once for all who wait.

    Arguments:
        client: to read with. interval: seconds between two readings on average. clock: a Clock. gathering: seconds that a
        reading waits for others who want it, too.

    Readings are close together at first, for much work is over in a moment, and then further apart until the first minute is
    over. No minute sees more of them than one in each interval.
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
        """Return the tasks as a reading that began after this call saw them; waits for its turn. Raises ItronError."""
        with self._changed:
            asked = self._clock.now()
            # Who asks first waits a moment for others, so that one reading sees the end of tasks that began together.
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
        """Return the seconds from the last reading to the next one."""
        slow = self._interval * _SLOW
        if slow > MAX_PAUSE or self._begun - self._first >= _MINUTE:
            return self._interval
        if self._readings < _MINUTE / self._interval * _FAST_SHARE:
            return max(min(self._interval, FIRST_PAUSE), self._interval * _FAST)
        return slow

    def _read(self) -> None:
        """Read the list; the lock is open meanwhile."""
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
            # Everyone who waits adds words of their own.
            raise copy.copy(self._outcome)
        return self._outcome


class SharedWaiting(Waiting):
    """A Waiting whose looks at C(tasks) are paced by the TaskBoard.

    Arguments:
        sparing: fewer readings at the price of a little time: the looks begin when a task of the same command may be over, as
        the run has seen so far, and one reading serves tasks that end at nearly the same time. The others are those of Waiting.
    """

    def __init__(self, wait: bool, timeout: float, interval: float, settle: float, clock: Clock | None = None, sparing: bool = False) -> None:
        super().__init__(wait, timeout, interval, settle, clock)
        self.gathering = min(interval, FIRST_PAUSE) / 6 if sparing else 0.0
        self._sparing = sparing
        # Command -> the highest age at which one of its tasks still ran in this run, and the lowest at which one was over.
        self._running: dict[str, float] = {}
        self._over: dict[str, float] = {}

    def polls(self, seconds: float, command: str = "") -> Iterator[float]:
        """Yield the seconds passed until the time is over; each look waits for the next reading of the board."""
        start = self.clock.now()
        if self._sparing and command in self._over:
            self.clock.sleep(max(min(self._expected(command) - self.gathering, MAX_PAUSE, seconds), 0.0))
        passed = self.clock.now() - start
        while passed < seconds:
            yield passed
            passed = self.clock.now() - start

    def _expected(self, command: str) -> float:
        """Return the age at which a task of a command may be over, in seconds."""
        over, running = self._over[command], self._running.get(command, 0.0)
        # The end may be earlier than it was seen: half-way, until that is known well enough.
        return (over + running) / 2 if over - running > self.interval / 4 else over

    def saw(self, command: str, age: float, is_over: bool) -> None:
        """Take note of a look at a task."""
        if is_over:
            self._over[command] = min(age, self._over.get(command, age))
        else:
            self._running[command] = max(age, self._running.get(command, age))
