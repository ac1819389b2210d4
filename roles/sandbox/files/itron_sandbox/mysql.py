# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real databases that panel.php created. The sandbox uses them with the credentials of the site."""

from .panel import HookError


class Mysql:
    """The databases in the table ``real_databases``, with the methods of Databases that commands use."""

    def __init__(self, store, panel):
        self._store = store
        self._panel = panel

    def add(self, database):
        """Register a database."""
        self._store.change("INSERT OR REPLACE INTO real_databases VALUES (?, ?, ?, ?)",
                           tuple(database[part] for part in ("host", "name", "user", "pass")))

    def forget(self, host, name):
        """Unregister a database."""
        self._store.change("DELETE FROM real_databases WHERE host = ? AND name = ?", (host, name))

    def find(self, host, name):
        """Return the database as {host, name, user, pass}, or None if it is not registered."""
        row = self._store.one("SELECT host, name, user, pass FROM real_databases WHERE host = ? AND name = ?", (str(host), str(name)))
        return dict(zip(("host", "name", "user", "pass"), row)) if row else None

    def run(self, database, *statements):
        """Run statements, each a text or a tuple of text and values; return a list of rows for each."""
        return self._panel.statements(database, [statement if isinstance(statement, tuple) else (statement, ()) for statement in statements])

    def reachable(self, database):
        """Return whether the site's credentials open its database."""
        try:
            self.run(database, "SELECT 1")
        except HookError:
            return False
        return True

    def tables(self, database, prefix=""):
        """Return the names of the tables that begin with `prefix`."""
        return [name for (name,) in self.run(database, "SHOW TABLES")[0] if name.startswith(prefix)]

    def size(self, database):
        """Return the size of data and indexes in bytes."""
        rows = self.run(database, "SELECT COALESCE(SUM(data_length + index_length), 0) FROM information_schema.TABLES"
                                  " WHERE table_schema = DATABASE()")[0]
        return int(rows[0][0])

    def dump(self, database, tables):
        """Return standard SQL that recreates the tables."""
        statements = []
        for table in tables:
            quoted = '"%s"' % table.replace('"', '""')
            columns, rows = self.run(database, "SHOW COLUMNS FROM %s" % quoted, "SELECT * FROM %s" % quoted)
            statements.append("CREATE TABLE %s (%s)" % (quoted, ", ".join('"%s" LONGBLOB' % column[0] for column in columns)))
            statements += ["INSERT INTO %s VALUES (%s)" % (quoted, ", ".join(_literal(value) for value in row)) for row in rows]
        return statements


class Connection:
    """The part of the interface of a sqlite3 connection that the sandbox uses to read tables: execute(...).fetchall()."""

    def __init__(self, mysql, database):
        self._mysql = mysql
        self._database = database
        self._rows = []

    def execute(self, text, values=()):
        """Run one statement."""
        self._rows = [tuple(row) for row in self._mysql.run(self._database, (text, values))[0]]
        return self

    def fetchall(self):
        """Return the rows of the last statement."""
        return self._rows


def _literal(value):
    """Return a value as an SQL literal."""
    return "NULL" if value is None else "'%s'" % str(value).replace("'", "''")
