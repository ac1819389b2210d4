# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of requests for tests: the request, its check against the specification, and its outcome."""

import json
import time


class RequestLog:
    """The table of requests, numbered from 1."""

    def __init__(self, store):
        self._store = store

    def begin(self, entry):
        """Store a new request."""
        entry.update({"outcome": "running", "errcode": None, "time": round(time.time(), 3)})
        entry["n"] = self._store.change("INSERT INTO requests (entry) VALUES (?)", (json.dumps(entry),))

    def end(self, entry, outcome, errcode=None, **more):
        """Store the outcome of a request: ok, refused, error, violation or ``fault:NAME``."""
        entry.update(more, outcome=outcome, errcode=errcode, seconds=round(time.time() - entry["time"], 3))
        self._store.change("UPDATE requests SET entry = ? WHERE n = ?", (json.dumps(entry), entry["n"]))

    def entries(self, since=0):
        """Return the requests with numbers above `since`."""
        before = self._before()
        rows = self._store.query("SELECT n, entry FROM requests WHERE n > ? ORDER BY n", (since + before,))
        return [dict(json.loads(entry), n=number - before) for number, entry in rows]

    def clear(self):
        """Clear the log; numbering restarts at 1."""
        # The table never reuses a number, so a request that finishes later does not overwrite the entry of another one.
        row = self._store.one("SELECT seq FROM sqlite_sequence WHERE name = 'requests'")
        self._store.put("requests_before", row[0] if row else 0)
        self._store.change("DELETE FROM requests")

    def _before(self):
        """Return the number of the last cleared request."""
        return self._store.get("requests_before", 0)
