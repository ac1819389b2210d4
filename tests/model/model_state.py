# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots of a sandbox: records, backups, users, files and databases; and their differences."""

import hashlib
import sqlite3
from pathlib import Path

# Members that change over time, or that count objects of other tables.
VOLATILE = frozenset(("cache-time", "cache-files", "cache-tables", "cache-numbackups", "cache-archive", "backup-time",
                      "version-available", "version-available-minor"))
FOLDERS = ("fs", "remote", "databases")


class Digests:
    """Caches the digests of files by modification time and size."""

    def __init__(self):
        self._known = {}

    def of(self, path):
        """Return the digest of a file; for a database, the digest of its dump."""
        status = path.stat()
        mark = (status.st_mtime_ns, status.st_size, status.st_ino)
        if self._known.get(path, (None, None))[0] != mark:
            self._known[path] = (mark, _digest(path))
        return self._known[path][1]


def _digest(path):
    content = path.read_bytes()
    if content.startswith(b"SQLite format 3"):
        connection = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
        try:
            content = "\n".join(connection.iterdump()).encode()
        finally:
            connection.close()
    return hashlib.sha256(content).hexdigest()


def identity(url):
    """Return the key that identifies a site: the URL in lower case, without scheme and trailing slash."""
    return url.rpartition("://")[2].rstrip("/").lower()


class Snapshot:
    """The state of a sandbox.

    C(installs), C(backups), C(users): rows by their ids. C(files): digest by path, below the folders of the state.
    """

    def __init__(self, sandbox, digests):
        state = sandbox.control("GET", "/state")
        self.installs = {row["id"]: row for row in state["installs"]}
        self.backups = {row["id"]: row for row in state["backups"]}
        self.users = {row["id"]: row for row in state["users"]}
        self.tasks = state["tasks"]
        self.files = {}
        for folder in FOLDERS:
            for path in Path(sandbox.state_directory, folder).rglob("*"):
                if path.is_file() and not path.name.endswith(("-journal", "-wal", "-shm")):
                    self.files[str(path)] = digests.of(path)

    @property
    def lasting(self):
        """All parts that must be equal for two states to be the same."""
        return ({id: stable(row["record"]) for id, row in self.installs.items()}, self.backups, self.users, self.files)

    def at(self, url):
        """Return the rows of the installs at a URL, with any scheme."""
        return [row for row in self.installs.values() if identity(row["url"]) == identity(url)]

    def owned(self, user):
        """Return the rows of a user's installs."""
        return [row for row in self.installs.values() if row["record"]["owner"] == user]

    def secrets(self):
        """Return the passwords of all databases, which the server returns to its clients."""
        return {row["record"]["db-pass"] for row in self.installs.values()}


def stable(record):
    """Return a record without the members that change over time."""
    return {key: value for key, value in record.items() if key not in VOLATILE}


def changed_keys(before, after):
    """Return the keys whose values differ between two tables."""
    return {key for key in set(before) | set(after) if before.get(key) != after.get(key)}


class Allowance:
    """The objects that a task may change; everything else must stay unchanged.

    Arguments:
        sites: identity of a URL -> members of its record that may change, or None for all of them and the files.
        files: identities of sites whose files may change, but not the record.
        backups: ids of installs whose backups may change, or None for all.
        users: names of users that may change.
    """

    def __init__(self, sites=None, files=(), backups=(), users=()):
        self.sites = dict(sites or {})
        self.files = set(files) | {site for site, names in self.sites.items() if names is None}
        self.backups = None if backups is None else set(backups)
        self.users = set(users)


def unexpected_changes(before, after, allowed):
    """Return descriptions of the differences between two Snapshots that are not allowed."""
    return (_installs(before, after, allowed) + _files(before, after, allowed)
            + ["backup %s" % id for id in changed_keys(before.backups, after.backups)
               if allowed.backups is not None and _owner(before, after, id) not in allowed.backups]
            + ["user %s" % name for name in changed_keys(before.users, after.users) if name not in allowed.users])


def _owner(before, after, backup):
    return (before.backups.get(backup) or after.backups[backup])["install"]


def _installs(before, after, allowed):
    """Return descriptions of the record differences that are not allowed."""
    found = []
    for id in set(before.installs) | set(after.installs):
        old, new = before.installs.get(id), after.installs.get(id)
        places = {identity(row["url"]) for row in (old, new) if row}
        if any(place in allowed.sites and allowed.sites[place] is None for place in places):
            continue
        names = set().union(*(allowed.sites.get(place) or () for place in places))
        if old is None or new is None:
            found.append("install %s at %s %s" % (id, places, "appeared" if new else "is gone"))
            continue
        keys = changed_keys(stable(old["record"]), stable(new["record"])) - names
        found += ["%s of %s: %r became %r" % (key, places, old["record"].get(key), new["record"].get(key))
                  for key in sorted(keys)]
    return found


def _files(before, after, allowed):
    """Return descriptions of the file differences that are not allowed."""
    roots, own = {}, set()
    for snapshot in (before, after):
        for row in snapshot.installs.values():
            roots[row["root"]] = identity(row["url"])
            if identity(row["url"]) in allowed.sites:
                own.add(row["database"])
        for row in snapshot.backups.values():
            if allowed.backups is None or row["install"] in allowed.backups:
                own.add(row["archive"])
    found = []
    for path in changed_keys(before.files, after.files):
        homes = [root for root in roots if path.startswith(root + "/")]
        site = roots[max(homes, key=len)] if homes else None
        if path not in own and site not in allowed.files:
            found.append("file %s of %s" % (path.rpartition("/state/")[2], site))
    return found
