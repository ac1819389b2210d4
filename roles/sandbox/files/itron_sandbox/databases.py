# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Databases: a SQLite file for each database name and host stands for a MySQL database."""

import itertools
import sqlite3
import threading
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from .errors import Refusal
from .mysql import Connection, Mysql
from .panel import HookError

UNREACHABLE = ".invalid"
LOCAL = ("127.0.0.1", "::1", "localhost:3306", "127.0.0.1:3306")


# Maximum length of a file name in characters.
LONGEST = 240


class Databases:
    """The database servers of the sandbox, in ``databases`` of the state directory."""

    def __init__(self, store, settings, panel):
        self._store = store
        self._settings = settings
        self._panel = panel
        self.real = Mysql(store, panel)
        # An empty database file must not be removed while another thread fills it.
        self._lock = threading.RLock()

    def of(self, place):
        """Return the databases that belong to the directory `place`: those of the sandbox whose state contains it, or these."""
        for parent in Path(place).parents:
            if parent.name == "fs" and (parent.parent / "databases").is_dir():
                return Databases(_Elsewhere(directory=parent.parent), self._settings, self._panel)
        return self

    def path(self, host, name):
        """Return the file of a database. All names of the local machine refer to the same server."""
        host = "localhost" if str(host) in LOCAL else host
        return self._store.directory / "databases" / quote(str(host), safe="") / (quote(str(name), safe="") + ".sqlite")

    def define(self, host, name, user, password):
        """Register a database whose credentials are checked from now on."""
        self._store.change("INSERT OR REPLACE INTO databases VALUES (?, ?, ?, ?)", (host, name, user, password))

    def check(self, host, name, user, password, via=None):
        """Connect, and refuse a database that is not available. `via` is the address to use instead of the host (db_host_ip)."""
        if str(via or host).endswith(UNREACHABLE):
            raise Refusal("Error: Could not connect to the database server.", "failed_database_host", "db_host")
        for field, text in (("db_host", host), ("db_name", name)):
            if len(quote(str(text), safe="")) > LONGEST:
                raise Refusal("Error: The name is too long.", "failed_" + field.replace("db", "database"), field)
        real = self.real.find(host, name)
        if real and not self.real.reachable(dict(real, user=user, **{"pass": password})):
            raise Refusal("Error: Could not connect to the database.", "failed_database_login", "db_pass")
        row = self._store.one("SELECT user, pass FROM databases WHERE host = ? AND name = ?", (str(host), str(name)))
        if row is None and not real and self._settings["databases_precreated"]:
            raise Refusal("Error: The database does not exist.", "failed_database_name", "db_name")
        if row is not None and row != (str(user), str(password)):
            raise Refusal("Error: The database login failed.", "failed_database_login", "db_pass")

    def exists(self, host, name):
        """Return whether the database has been used."""
        return bool(self.real.find(host, name)) or self.path(host, name).exists()

    def create(self, host, stem):
        """Create an empty database with a unique name that begins with `stem`; return the name.

        Names in backups are not reused: restoring such a backup would overwrite the tables of another application.
        """
        for number in itertools.count(1):
            name = "%s%d" % (stem, number)
            if self._store.one("SELECT 1 FROM backups WHERE json_extract(record, '$.\"db-name\"') = ?", (name,)):
                continue
            path = self.path(host, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                path.touch(exist_ok=False)
                return name

    @contextmanager
    def connect(self, host, name):
        """Yield an open connection to a database that is not removed during use."""
        real = self.real.find(host, name)
        if real:
            yield Connection(self.real, real)
        else:
            with self._file(host, name) as connection:
                yield connection

    @contextmanager
    def _file(self, host, name):
        """Yield an open connection to a database file."""
        path = self.path(host, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock, closing(sqlite3.connect(str(path), timeout=30)) as connection:
            connection.execute("PRAGMA synchronous=OFF")
            yield connection

    def tables(self, host, name, prefix=""):
        """Return the names of the tables that begin with `prefix`."""
        real = self.real.find(host, name)
        if real:
            return self.real.tables(real, prefix)
        if not self.exists(host, name):
            return []
        with self._file(host, name) as connection:
            rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        return [table for (table,) in rows if table.startswith(prefix)]

    def size(self, host, name):
        """Return the size of the database in bytes."""
        real = self.real.find(host, name)
        if real:
            return self.real.size(real)
        return self.path(host, name).stat().st_size if self.exists(host, name) else 0

    def drop(self, host, name, tables):
        """Drop tables, and remove the file after the last table."""
        real = self.real.find(host, name)
        if real:
            self.real.run(real, *("DROP TABLE IF EXISTS %s" % quoted(table) for table in tables))
            return
        with self._lock:
            if not self.exists(host, name):
                return
            with self._file(host, name) as connection:
                with connection:
                    for table in tables:
                        connection.execute("DROP TABLE IF EXISTS %s" % quoted(table))
            if not self.tables(host, name):
                self.path(host, name).unlink()

    def dump(self, host, name, tables):
        """Return a list of SQL statements that recreate the given tables."""
        real = self.real.find(host, name)
        if real:
            return self.real.dump(real, tables)
        statements = []
        if not self.exists(host, name):
            return statements
        with self._file(host, name) as connection:
            for table in tables:
                statements += _dump_table(connection, table)
        return statements

    def load(self, host, name, statements):
        """Execute statements (text, or a tuple of text and values) in one transaction."""
        real = self.real.find(host, name)
        if real:
            try:
                self.real.run(real, *statements)
            except HookError as error:
                raise sqlite3.OperationalError(str(error)) from error
            return
        with self._file(host, name) as connection:
            with connection:
                # Otherwise each CREATE and DROP is a transaction of its own.
                connection.execute("BEGIN IMMEDIATE")
                for statement in statements:
                    connection.execute(*statement if isinstance(statement, tuple) else (statement,))


class _Elsewhere:
    """A minimal store for the databases of another sandbox: it has a directory, and no real databases."""

    def __init__(self, directory):
        self.directory = directory

    @staticmethod
    def one(_statement, _values=()):
        """Return no row."""


def renamed(statements, tables, old, new):
    """Return a dump in which the prefix of `tables` is changed from `old` to `new`."""
    if old == new:
        return statements
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in statements:
            connection.execute(statement)
        result = []
        for table in tables:
            connection.execute("ALTER TABLE %s RENAME TO %s" % (quoted(table), quoted(new + table[len(old):])))
            result += _dump_table(connection, new + table[len(old):])
        return result


def quoted(name):
    """Return a quoted SQL identifier."""
    return '"%s"' % str(name).replace('"', '""')


def _dump_table(connection, table):
    """Return the statements that create a table and its rows."""
    row = connection.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone()
    if row is None:
        return []
    columns = [column[1] for column in connection.execute("PRAGMA table_info(%s)" % quoted(table))]
    values = " || ', ' || ".join("quote(%s)" % quoted(column) for column in columns)
    rows = connection.execute("SELECT %s FROM %s" % (values, quoted(table))).fetchall()
    return [row[0]] + ["INSERT INTO %s VALUES (%s)" % (quoted(table), text) for (text,) in rows]
