# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run operations in this process against a sandbox: the same code as in actions and modules, but twenty times as fast."""

import re
import socket
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import requests

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))

from harness import KEY, Sandbox, websites  # noqa: E402  (the folder has to be on the path first)

from ansible_collections.hostops.installatron.plugins.module_utils._core import operation as _operation  # noqa: E402
from ansible_collections.hostops.installatron.plugins.module_utils._fleet import fleet as _fleet  # noqa: E402
from ansible_collections.hostops.installatron.plugins.module_utils._installs import work as _installs  # noqa: E402
from ansible_collections.hostops.installatron.plugins.module_utils._wire import transport as _transport  # noqa: E402

# Ids, Unix times, names of databases that the server chose, and the token of a Place.
_ID = re.compile(r"\b[a-z0-9]{25}\b|\b1\d{9}\b|\bitr[a-z0-9]{10}\b")
_TOKEN = re.compile(r"q\d+q")
# Prefixes of members that change over time: times, sizes, and the name of an archive, which contains a time.
_VOLATILE = ("cache-", "time", "backup-", "file")
# Seconds to look for a lost response.
SETTLE = 0.4


class Place:
    """A part of the sandbox with its own user and hosts, and the administrator's view of the server."""

    _count = 0

    def __init__(self, sandbox):
        Place._count += 1
        self.sandbox = sandbox
        self.token = "q%dq" % Place._count
        self.user = "user" + self.token
        self.hosts = ["%s%s.example" % (name, self.token) for name in ("a", "b", "c", "d")]
        self.kept = {}

    @property
    def websites(self):
        """The websites of the user, one for each host."""
        return websites(*self.hosts)

    def url(self, number=0):
        """Return the URL of one of the hosts."""
        return "http://" + self.hosts[number]

    def site(self, number=0, **more):
        """Return the arguments of a WordPress site on one of the hosts."""
        name = "db%d%s" % (number, self.token)
        return dict(
            {
                "url": self.url(number),
                "application": "wordpress",
                "version": "6.4.3",
                "db_host": "localhost",
                "db_name": name,
                "db_user": name,
                "db_pass": "pw-of-%s" % name,
            },
            **more,
        )

    def send(self, cmd, **arguments):
        """Send a command to the API, which must succeed, and return its data."""
        body = dict({"key": KEY, "cmd": cmd, "user": self.user, "websites": self.websites}, **arguments)
        with requests.Session() as http:
            http.trust_env = False
            reply = http.post(self.sandbox.url, json=body, timeout=30).json()
        assert reply["result"] is True, reply
        return reply["data"]

    def install(self, number=0, **more):
        """Install a site and return its record."""
        return self.send("install", **self.site(number, **more))

    def state(self):
        """Return the state of this place, without members that change over time."""
        return self.pick(self.sandbox.control("GET", "/state"))

    def pick(self, state):
        """Return the part of the sandbox's state that belongs to this place."""
        ours = [row for row in state["installs"] if self.token in row["owner"]]
        return {
            "installs": sorted(
                ({"id": row["id"], "url": row["url"], "record": _lasting(row["record"])} for row in ours),
                key=lambda row: (row["url"], row["id"]),
            ),
            "backups": sorted(row["id"] for row in state["backups"] if self.token in row["owner"]),
            "users": sorted((row for row in state["users"] if self.token in row["id"]), key=lambda row: row["id"]),
        }

    def tasks(self):
        """Return all tasks of this place, including those that have left the list."""
        return [row for row in self.sandbox.control("GET", "/state")["tasks"] if self.token in row["user"]]

    def wait_until_quiet(self, seconds=20):
        """Wait until the sandbox processes no request and no task."""
        deadline = time.monotonic() + seconds
        while any(entry["outcome"] == "running" for entry in self.sandbox.control("GET", "/requests")):
            assert time.monotonic() < deadline, "the sandbox is still busy"
            time.sleep(0.02)
        assert self.sandbox.control("POST", "/idle", {"seconds": seconds})["idle"]


def _lasting(record):
    """Return the record of an application without members that change over time."""
    return {name: value for name, value in record.items() if not name.startswith(_VOLATILE)}


def comparable(state):
    """Return installs and users as text in which ids and tokens are replaced, so that two places can be compared."""
    return _TOKEN.sub("TOKEN", _ID.sub("ID", repr({name: state[name] for name in ("installs", "users")})))


class Done:
    """The result of one run: C(result), C(warnings) and C(seconds)."""

    def __init__(self, outcome, seconds):
        self.result = outcome.result
        self.warnings = outcome.warnings
        self.seconds = seconds

    @property
    def failed(self):
        """Whether the task failed."""
        return bool(self.result.get("failed"))

    @property
    def changed(self):
        """The result's C(changed)."""
        return self.result["changed"]


class InProcess:
    """A sandbox, and operations in this process with short waiting times."""

    def __init__(self, directory):
        self.sandbox = Sandbox(directory)
        self._closed = socket.socket()
        # Bound, but not listening: connections are refused, and no other process gets the port.
        self._closed.bind(("127.0.0.1", 0))
        self._refuse_at = None
        self._requests = 0
        self._lock = threading.Lock()

    def stop(self):
        """Stop the sandbox."""
        self.sandbox.stop()
        self._closed.close()

    def reset(self, **settings):
        """Empty the sandbox."""
        self.sandbox.reset(database_automation=True, **settings)

    def run(self, operation, options, place, check_mode=False, **timing):
        """Run an operation and return a Done object."""
        connection = {"api_url": self.sandbox.url, "api_key": KEY, "user": place.user, "timeout": 10, "retries": 3}
        if "wait_timeout" in operation.spec.options:
            connection.update(wait_timeout=20, poll_interval=0.05)
        given = dict(connection, **dict(options, **timing))
        params, messages = operation.spec.validate(
            {name: value for name, value in given.items() if name in operation.spec.options}
        )
        assert not messages, messages
        begin = time.monotonic()
        with _short_waits():
            outcome = _operation.run(operation, params, check_mode, diff=True)
        return Done(outcome, time.monotonic() - begin)

    @contextmanager
    def refusing(self, nth, times=1):
        """Refuse the connections of C(times) requests (0: all) from the n-th on."""
        self._refuse_at, self._requests = (nth, times), 0
        session = _transport._session
        try:
            with mock.patch.object(_transport, "_session", lambda *tls: _Session(session(*tls), self.address)):
                yield
        finally:
            self._refuse_at = None

    @property
    def refused(self):
        """The number of requests sent within refusing(), to check whether any was refused."""
        return self._requests

    def address(self, url):
        """Return the URL for a request: the server, or the closed port."""
        nth, times = self._refuse_at
        with self._lock:
            self._requests += 1
            past = self._requests - nth
        strikes = past >= 0 and (times == 0 or past < times)
        return "http://127.0.0.1:%d/" % self._closed.getsockname()[1] if strikes else url


class _Session:
    """A requests session that gets the URL of each request from C(address)."""

    def __init__(self, session, address):
        self._session = session
        self._address = address

    def request(self, method, url, **keywords):
        """Send a request."""
        return self._session.request(method, self._address(url), **keywords)


class _Backoff:
    """Replaces C(random): the pauses between retries are minimal."""

    @staticmethod
    def uniform(_low, _high):
        """Return a minimal pause."""
        return 0.02


@contextmanager
def _short_waits():
    """Shorten the pauses of settling and backoff, without changing decisions."""

    def waiting_of(params, original=_operation.waiting_of):
        waiting = original(params)
        waiting.settle = min(waiting.settle, SETTLE)
        return waiting

    with (
        mock.patch.object(_operation, "waiting_of", waiting_of),
        mock.patch.object(_installs, "waiting_of", waiting_of),
        mock.patch.object(_fleet, "waiting_of", waiting_of),
        mock.patch.object(_transport, "random", _Backoff),
    ):
        yield
