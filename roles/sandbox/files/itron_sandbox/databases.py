# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Databases: one SQLite file for each database name at each host stands for a MySQL database."""

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


# Characters of the name of a file.
LONGEST = 240


class Databases:
    """The database servers of the sandbox, below ``databases`` in the state directory."""

    def __init__(self, store, settings, panel):
        self._store = store
        self._settings = settings
        self._panel = panel
        self.real = Mysql(store, panel)
        # Removing an empty database file must not meet somebody who is filling it.
        self._lock = threading.RLock()

    def of(self, place):
        """Return the database servers that belong to a directory: those of the sandbox in whose state it lies, or these."""
        for parent in Path(place).parents:
            if parent.name == "fs" and (parent.parent / "databases").is_dir():
                return Databases(_Elsewhere(directory=parent.parent), self._settings, self._panel)
        return self

    def path(self, host, name):
        """Return the file of a database; the names of the local machine are one server."""
        host = "localhost" if str(host) in LOCAL else host
        return self._store.directory / "databases" / quote(str(host), safe="") / (quote(str(name), safe="") + ".sqlite")

    def define(self, host, name, user, password):
        """Create a database whose credentials are checked from now on."""
        self._store.change("INSERT OR REPLACE INTO databases VALUES (?, ?, ?, ?)", (host, name, user, password))

    def check(self, host, name, user, password, via=None):
        """Connect; `via` is the address to use instead of the host (db_host_ip). Refuse what cannot be reached."""
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
        """Tell whether anything was ever stored in the database."""
        return bool(self.real.find(host, name)) or self.path(host, name).exists()

    def create(self, host, stem):
        """Create an empty database whose name begins with `stem`, and return its name; nobody else gets the same one.

        A name in a backup is not given away: restoring it would meet the tables of another application there.
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
        """Give an open connection to a database, which nobody removes meanwhile."""
        real = self.real.find(host, name)
        if real:
            yield Connection(self.real, real)
        else:
            with self._file(host, name) as connection:
                yield connection

    @contextmanager
    def _file(self, host, name):
        """Give an open connection to the file of a database."""
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
        """Return the bytes of the database file."""
        real = self.real.find(host, name)
        if real:
            return self.real.size(real)
        return self.path(host, name).stat().st_size if self.exists(host, name) else 0

    def drop(self, host, name, tables):
        """Remove tables, and the file with the last of them."""
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
        """Return SQL that makes the given tables again, one statement a line of the list."""
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
                # Without it each CREATE and DROP would be a transaction of its own.
                connection.execute("BEGIN IMMEDIATE")
                for statement in statements:
                    connection.execute(*statement if isinstance(statement, tuple) else (statement,))


class _Elsewhere:
    """The store of another sandbox as far as its databases need one: a directory, and no real databases."""

    def __init__(self, directory):
        self.directory = directory

    @staticmethod
    def one(_statement, _values=()):
        """Return nothing."""


def renamed(statements, tables, old, new):
    """Return a dump with the prefix of its `tables` changed from `old` to `new`."""
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
    """Return an SQL name in quotes."""
    return '"%s"' % str(name).replace('"', '""')


def _dump_table(connection, table):
    """Return the statements that make one table and its rows."""
    row = connection.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone()
    if row is None:
        return []
    columns = [column[1] for column in connection.execute("PRAGMA table_info(%s)" % quoted(table))]
    values = " || ', ' || ".join("quote(%s)" % quoted(column) for column in columns)
    rows = connection.execute("SELECT %s FROM %s" % (values, quoted(table))).fetchall()
    return [row[0]] + ["INSERT INTO %s VALUES (%s)" % (quoted(table), text) for (text,) in rows]
