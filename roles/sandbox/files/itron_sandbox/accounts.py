# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users, resellers and their websites (sections 3.1, 4.3 and 4.4)."""

import json

COLUMNS = ("id", "parent", "type", "suspended", "language", "email", "package", "websites")


class Accounts:
    """The users table. The main administrator always exists."""

    def __init__(self, store, settings):
        self._store = store
        self._settings = settings
        self._parsed = {}
        self._version = None

    @property
    def admin(self):
        """The name of the main administrator."""
        return self._settings["admin"]

    def get(self, name):
        """Return a user as a dict or None."""
        row = self._store.one("SELECT %s FROM users WHERE id = ?" % ", ".join(COLUMNS), (name,))
        if row is None:
            return self.blank(name) if name == self.admin else None
        return dict(zip(COLUMNS, row), websites=json.loads(row[-1]))

    def blank(self, name):
        """Return a user with default values; it is not stored."""
        is_admin = name == self.admin
        return {"id": name, "parent": "" if is_admin else self.admin, "type": "reseller" if is_admin else "user",
                "suspended": "no", "language": "en", "email": "", "package": "", "websites": []}

    def put(self, user):
        """Create or replace a user."""
        with self._store.lock:
            self._put(user)
            self._parsed.clear()

    def _put(self, user):
        values = [json.dumps(user[name]) if name == "websites" else user[name] for name in COLUMNS]
        changes = ", ".join("%s = excluded.%s" % (name, name) for name in COLUMNS)
        self._store.change("INSERT INTO users VALUES (%s) ON CONFLICT (id) DO UPDATE SET %s"
                           % (", ".join("?" * len(COLUMNS)), changes), values)

    def delete(self, name):
        """Delete a user."""
        with self._store.lock:
            self._store.change("DELETE FROM users WHERE id = ?", (name,))
            self._parsed.clear()

    def names(self):
        """Return the names of all users, the administrator first."""
        rows = self._store.query("SELECT id FROM users ORDER BY rowid")
        return [self.admin] + [name for (name,) in rows if name != self.admin]

    def owned(self, name):
        """Return the names of `name` and of every account below it: users, resellers, and their users."""
        rows = self._store.query("SELECT id, parent FROM users")
        children = {}
        for child, parent in rows:
            children.setdefault(parent, []).append(child)
        found, waiting = [], [name]
        while waiting:
            current = waiting.pop(0)
            if current not in found:
                found.append(current)
                waiting += children.get(current, [])
        return found

    def may_see(self, viewer, owner):
        """Return whether the account `viewer` is `owner`, one of its resellers, or the administrator."""
        return viewer in (owner, self.admin) or owner in self.owned(viewer)

    def remember(self, name, websites, reseller=None):
        """Associate the websites of a request with its user (section 3.1), and create the user if necessary.

        A website with the same id (or, without an id, the same path) is replaced; others are kept.
        """
        # One locked read-modify-write: requests for other sites of the user run concurrently.
        with self._store.lock:
            user = self.get(name) or self.blank(name)
            before = json.dumps(user, sort_keys=True)
            if reseller and name != self.admin:
                user["parent"] = reseller
            known = {_identity(website): website for website in user["websites"]}
            for website in websites:
                key = _identity(website)
                known[key] = dict(known.get(key, {}), **website)
            user["websites"] = list(known.values())
            stored = self._store.one("SELECT 1 FROM users WHERE id = ?", (name,))
            if stored is None or json.dumps(user, sort_keys=True) != before:
                self.put(user)

    def websites(self, name):
        """Return the stored websites of a user, cached until the users change."""
        with self._store.lock:
            if self._version != self._store.version:
                self._parsed.clear()
                self._version = self._store.version
            if name not in self._parsed:
                row = self._store.one("SELECT websites FROM users WHERE id = ?", (name,))
                self._parsed[name] = json.loads(row[0]) if row else []
            return self._parsed[name]

    def every_website(self):
        """Return the websites of all users."""
        return [website for (name,) in self._store.query("SELECT id FROM users") for website in self.websites(name)]


def _identity(website):
    """Return the key that identifies a website across requests."""
    return str(website.get("id") or website.get("path") or json.dumps(website, sort_keys=True))
