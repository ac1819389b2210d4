# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of installed applications and backups, and their presentation (sections 3.5 and 3.6).

A record is the table of the specification's samples: names with dashes, and all values are strings. Members that change
over time (newer versions, number of backups) are added on output. The `private` part is never sent to clients.
"""

import json
import random
import string

from . import catalog
from .wire import RawJson

ALPHABET = string.ascii_lowercase + string.digits
_RANDOM = random.SystemRandom()


def new_id():
    """Return an id in the vendor's format: 25 lower-case letters and digits."""
    return "".join(_RANDOM.choices(ALPHABET, k=25))


class Installs:
    """The installed applications that the server knows."""

    def __init__(self, store):
        self._store = store

    def put(self, record, storage, private):
        """Create or replace an install; `storage` is its directory on this disk."""
        self._store.change(INSERT_INSTALL, install_row(record, storage, private))

    def replace(self, known, record, storage, private):
        """Update an install only if its record is still `known`, so that a reader does not undo a change or a removal."""
        self._store.change("UPDATE installs SET (id, owner, url, installer, version, title, storage, record, private) ="
                           " (?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ? AND record = ?",
                           tuple(install_row(record, storage, private)) + (record["id"], json.dumps(known)))

    def put_many(self, rows):
        """Create many installs from rows made by `install_row`."""
        self._store.change_many(INSERT_INSTALL, rows)

    def get(self, identity):
        """Return (record, storage, private) of an install or None."""
        row = self._store.one("SELECT record, storage, private FROM installs WHERE id = ?", (identity,))
        return None if row is None else (json.loads(row[0]), row[1], json.loads(row[2]))

    def entries(self):
        """Return (id, record, storage, private) of every install, in one consistent snapshot."""
        rows = self._store.query("SELECT id, record, storage, private FROM installs ORDER BY rowid")
        return [(identity, json.loads(record), storage, json.loads(private)) for identity, record, storage, private in rows]

    def at(self, storage):
        """Return the ids of the installs in a directory."""
        return [row[0] for row in self._store.query("SELECT id FROM installs WHERE storage = ?", (str(storage),))]

    def with_url(self, url):
        """Return the ids of the installs at an exact URL."""
        return [row[0] for row in self._store.query("SELECT id FROM installs WHERE url = ?", (url,))]

    def uses(self, host, name):
        """Return whether an install has its tables in a database."""
        return self._store.one("SELECT 1 FROM installs WHERE json_extract(record, '$.\"db-host\"') = ? AND json_extract(record, '$.\"db-name\"') = ?",
                               (host, name)) is not None

    def delete(self, identity):
        """Delete the record of an install."""
        self._store.change("DELETE FROM installs WHERE id = ?", (identity,))

    def owned_by(self, owners):
        """Return the ids of the installs of the given owners."""
        rows = self._store.query("SELECT id FROM installs WHERE owner IN (%s)" % _marks(owners), owners)
        return [row[0] for row in rows]

    def show(self, owners, query=None, identity=None, newer=None):
        """Return the matching records as a JSON list; `newer` is None, "any" or "minor" (section 3.5)."""
        where, values = _filters(owners, query, identity)
        rows = self._store.query("SELECT id, installer, version, record FROM installs WHERE %s ORDER BY rowid" % where,
                                 values)
        counts = self.backup_counts()
        shown = []
        for key, installer, version, record in rows:
            every, minor = catalog.available(installer, version)
            if (newer == "any" and not every) or (newer == "minor" and not minor):
                continue
            # Append to the text of the record instead of decoding it: one reply lists up to 10,000 records.
            shown.append(record[:-1] + _moment(every, minor, counts.get(key)) + "}")
        return RawJson("[%s]" % ", ".join(shown))

    def backup_counts(self):
        """Return {install id: (number of backups, time of the newest)}."""
        rows = self._store.query(BACKUP_COUNTS)
        return {install: (count, newest) for install, count, newest in rows}

    def complete(self, record):
        """Return a record with the members that change over time."""
        text = json.dumps(record)
        every, minor = catalog.available(record["installer"], record["version"])
        return json.loads(text[:-1] + _moment(every, minor, self.backup_counts().get(record["id"])) + "}")


class Backups:
    """The backups that the server knows."""

    def __init__(self, store):
        self._store = store

    def put(self, record, archive):
        """Create or replace a backup; `archive` is the file on this disk."""
        self._store.change("INSERT OR REPLACE INTO backups VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                           (record["id"], record["backup-install"], record["owner"], record["url"],
                            record["installer"], record.get("title", ""), str(archive), json.dumps(record)))

    def get(self, identity):
        """Return (record, archive) of a backup or None."""
        row = self._store.one("SELECT record, archive FROM backups WHERE id = ?", (identity,))
        return None if row is None else (json.loads(row[0]), row[1])

    def delete(self, identity):
        """Delete the record of a backup."""
        self._store.change("DELETE FROM backups WHERE id = ?", (identity,))

    def of_install(self, install):
        """Return the ids of an install's backups."""
        return [row[0] for row in self._store.query("SELECT id FROM backups WHERE install = ?", (install,))]

    def owned_by(self, owners):
        """Return the ids of the backups of the given owners."""
        return [row[0] for row in self._store.query("SELECT id FROM backups WHERE owner IN (%s)" % _marks(owners),
                                                    owners)]

    def show(self, owners, query=None, identity=None, install=None):
        """Return the matching records as a JSON list (section 3.6)."""
        where, values = _filters(owners, query, identity)
        if install is not None:
            where, values = where + " AND install = ?", values + [install]
        rows = self._store.query("SELECT record FROM backups WHERE %s ORDER BY rowid" % where, values)
        return RawJson("[%s]" % ", ".join(row[0] for row in rows))


BACKUP_COUNTS = """
SELECT install, count(*), max(json_extract(record, '$."backup-time"')) FROM backups GROUP BY install
"""
INSERT_INSTALL = """
INSERT INTO installs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, url = excluded.url, installer = excluded.installer,
 version = excluded.version, title = excluded.title, storage = excluded.storage, record = excluded.record,
 private = excluded.private
"""


def install_row(record, storage, private):
    """Return the values of an install's row."""
    return (record["id"], record["owner"], record["url"], record["installer"], record["version"],
            record.get("title", ""), str(storage), json.dumps(record), json.dumps(private))


def _marks(values):
    """Return the placeholders for an SQL list."""
    return ", ".join("?" * len(values))


def _filters(owners, query, identity):
    """Return an SQL condition and its values for scope, search and id."""
    where, values = "owner IN (%s)" % _marks(owners), list(owners)
    if identity is not None:
        where, values = where + " AND id = ?", values + [identity]
    if query:
        # Section 3.5: "This searches the title, url, id, installer, and owner fields."
        where += " AND (%s)" % " OR ".join("instr(fold(%s), ?)" % name
                                           for name in ("title", "url", "id", "installer", "owner"))
        values += [str(query).casefold()] * 5
    return where, values


def _moment(every, minor, backups):
    """Return JSON members to append to a record: available versions and backups."""
    members = {}
    if every:
        members["version-available"] = every[-1]
    if minor:
        members["version-available-minor"] = minor[-1]
    if backups:
        members["backup-time"] = backups[1]
    members["cache-numbackups"] = str(backups[0] if backups else 0)
    return ", " + json.dumps(members)[1:-1]
