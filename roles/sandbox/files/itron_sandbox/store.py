# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state: one SQLite file, shared by the server and the command-line twin."""

import json
import sqlite3
import threading
from pathlib import Path

TABLES = """
CREATE TABLE IF NOT EXISTS kv (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS users (id TEXT PRIMARY KEY, parent TEXT, type TEXT, suspended TEXT, language TEXT,
  email TEXT, package TEXT, websites TEXT);
CREATE TABLE IF NOT EXISTS installs (id TEXT PRIMARY KEY, owner TEXT, url TEXT, installer TEXT, version TEXT,
  title TEXT, storage TEXT, record TEXT, private TEXT);
CREATE INDEX IF NOT EXISTS installs_owner ON installs (owner);
CREATE INDEX IF NOT EXISTS installs_storage ON installs (storage);
CREATE TABLE IF NOT EXISTS backups (id TEXT PRIMARY KEY, install TEXT, owner TEXT, url TEXT, installer TEXT,
  title TEXT, archive TEXT, record TEXT);
CREATE INDEX IF NOT EXISTS backups_install ON backups (install);
CREATE TABLE IF NOT EXISTS tasks (id TEXT PRIMARY KEY, user TEXT, pid INTEGER, finished REAL, hidden INTEGER,
  row TEXT, arguments TEXT);
CREATE TABLE IF NOT EXISTS requests (n INTEGER PRIMARY KEY AUTOINCREMENT, entry TEXT);
CREATE TABLE IF NOT EXISTS faults (id INTEGER PRIMARY KEY AUTOINCREMENT, fault TEXT);
CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, user TEXT, created INTEGER);
CREATE TABLE IF NOT EXISTS real_databases (host TEXT, name TEXT, user TEXT, pass TEXT, PRIMARY KEY (host, name));
CREATE TABLE IF NOT EXISTS databases (host TEXT, name TEXT, user TEXT, pass TEXT, PRIMARY KEY (host, name));
"""


class Store:
    """A locked connection to the state file in `directory`."""

    def __init__(self, directory):
        self.directory = Path(directory).resolve()
        # The request log contains secrets.
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.lock = threading.RLock()
        self._emptied = 0
        self.connection = sqlite3.connect(str(self.directory / "state.sqlite"), check_same_thread=False,
                                          isolation_level=None, timeout=30)
        self.connection.create_function("fold", 1, lambda text: str(text or "").casefold(), deterministic=True)
        # Losing the last changes in a power failure is acceptable for test data; waiting for the disk is not.
        self.connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;" + TABLES)

    def query(self, statement, values=()):
        """Return all rows of a statement as tuples."""
        with self.lock:
            return self.connection.execute(statement, values).fetchall()

    def one(self, statement, values=()):
        """Return the first row or None."""
        rows = self.query(statement, values)
        return rows[0] if rows else None

    def change(self, statement, values=()):
        """Execute a writing statement; return the id of the inserted row."""
        with self.lock:
            return self.connection.execute(statement, values).lastrowid

    def change_many(self, statement, rows):
        """Execute a writing statement for each of `rows` in one transaction."""
        with self.lock:
            self.connection.execute("BEGIN")
            try:
                self.connection.executemany(statement, rows)
            except sqlite3.Error:
                self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")

    @property
    def version(self):
        """A value that changes when the state is emptied or another process changes it."""
        return self._emptied, self.one("PRAGMA data_version")[0]

    def get(self, name, default=None):
        """Return the JSON value stored under `name`."""
        row = self.one("SELECT value FROM kv WHERE name = ?", (name,))
        return default if row is None else json.loads(row[0])

    def put(self, name, value):
        """Store a JSON value under `name`."""
        self.change("INSERT OR REPLACE INTO kv VALUES (?, ?)", (name, json.dumps(value)))

    def empty(self):
        """Delete everything except the table `kv` and the request log."""
        with self.lock:
            for table in ("users", "installs", "backups", "tasks", "faults", "sessions", "databases", "real_databases"):
                self.connection.execute("DELETE FROM %s" % table)
            self.connection.execute("DELETE FROM sqlite_sequence WHERE name = 'faults'")
            self._emptied += 1

    def close(self):
        """Close the file."""
        with self.lock:
            self.connection.close()
