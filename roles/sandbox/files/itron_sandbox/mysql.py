# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Databases that panel.php created: real ones, which the sandbox uses with the credentials of the site."""

from .panel import HookError


class Mysql:
    """The databases of the state's table ``real_databases``, with the methods of Databases that commands use."""

    def __init__(self, store, panel):
        self._store = store
        self._panel = panel

    def add(self, database):
        """Use a database from now on."""
        self._store.change("INSERT OR REPLACE INTO real_databases VALUES (?, ?, ?, ?)",
                           tuple(database[part] for part in ("host", "name", "user", "pass")))

    def forget(self, host, name):
        """Use a database no more."""
        self._store.change("DELETE FROM real_databases WHERE host = ? AND name = ?", (host, name))

    def find(self, host, name):
        """Return the database as {host, name, user, pass}, or None if it is none of these."""
        row = self._store.one("SELECT host, name, user, pass FROM real_databases WHERE host = ? AND name = ?", (str(host), str(name)))
        return dict(zip(("host", "name", "user", "pass"), row)) if row else None

    def run(self, database, *statements):
        """Run statements, texts or tuples of text and values; return a list of rows for each."""
        return self._panel.statements(database, [statement if isinstance(statement, tuple) else (statement, ()) for statement in statements])

    def reachable(self, database):
        """Tell whether the site's credentials open its database."""
        try:
            self.run(database, "SELECT 1")
        except HookError:
            return False
        return True

    def tables(self, database, prefix=""):
        """Return the names of the tables that begin with `prefix`."""
        return [name for (name,) in self.run(database, "SHOW TABLES")[0] if name.startswith(prefix)]

    def size(self, database):
        """Return the bytes of data and indexes."""
        rows = self.run(database, "SELECT COALESCE(SUM(data_length + index_length), 0) FROM information_schema.TABLES"
                                  " WHERE table_schema = DATABASE()")[0]
        return int(rows[0][0])

    def dump(self, database, tables):
        """Return standard SQL that makes tables again."""
        statements = []
        for table in tables:
            quoted = '"%s"' % table.replace('"', '""')
            columns, rows = self.run(database, "SHOW COLUMNS FROM %s" % quoted, "SELECT * FROM %s" % quoted)
            statements.append("CREATE TABLE %s (%s)" % (quoted, ", ".join('"%s" LONGBLOB' % column[0] for column in columns)))
            statements += ["INSERT INTO %s VALUES (%s)" % (quoted, ", ".join(_literal(value) for value in row)) for row in rows]
        return statements


class Connection:
    """Looks like a connection of sqlite3 as far as the sandbox reads tables: execute(...).fetchall()."""

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
    """Return a value as standard SQL."""
    return "NULL" if value is None else "'%s'" % str(value).replace("'", "''")
