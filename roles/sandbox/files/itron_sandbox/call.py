# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request to a command: its typed arguments and its scope."""

import re

from . import websites
from .errors import invalid, missing, not_found

USER = re.compile(r"^[A-Za-z0-9._@-]{1,64}$")


class Call:
    """The arguments of a request.

    Values arrive as text (form) or as JSON numbers; commands receive text. A JSON null counts as an omitted argument.
    """

    def __init__(self, world, arguments):
        self.world = world
        self.arguments = {name: value for name, value in arguments.items() if value is not None}
        self.command = str(self.arguments.get("cmd", ""))
        self.websites = websites.read(self.arguments)
        self.user = self._account("user") or world.accounts.admin
        self.reseller = self._account("reseller")

    def _account(self, field):
        """Return the name of an account in the header, or None."""
        name = self.text(field)
        if name in (None, ""):
            return None
        if not USER.match(name):
            raise invalid(field, "An alphanumeric value is expected.")
        return name

    def text(self, name):
        """Return an argument as text, or None if it was omitted."""
        value = self.arguments.get(name)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "1" if value else ""
        if isinstance(value, (int, float)):
            return str(value)
        raise invalid(name, "A single value is expected.")

    def required(self, name):
        """Return an argument as text; refuse if it is missing or empty."""
        value = self.text(name)
        if value in (None, ""):
            raise missing(name)
        return value

    def choice(self, name, values):
        """Return an argument that must be one of `values`, or None if it was omitted."""
        value = self.text(name)
        if value is not None and value not in values:
            raise invalid(name, "One of %s is expected." % ", ".join(values))
        return value

    def defined(self, name):
        """Return whether the request has the argument ("when defined")."""
        return name in self.arguments

    def yes(self, name):
        """Return whether an argument is switched on."""
        return self.text(name) in ("yes", "true", "1")

    @property
    def dryrun(self):
        """The level of the dry run: 0 (none), 1 (input) or 2 (everything)."""
        value = self.choice("dryrun", ("1", "2"))
        return int(value or 0)

    def groups(self, owner):
        """Return the lists of websites to search: those of the request, then those stored for its user."""
        stored = [self.world.accounts.websites(name) for name in dict.fromkeys((owner, self.user))]
        return [self.websites] + stored

    def locate(self, url, owner):
        """Return the Location that serves a SiteUrl."""
        return websites.find(self.world.directory, url, self.groups(owner), self.world.panel)

    def scope(self):
        """Return the accounts that a list covers: the user, and with filter-ownedaccounts those below it."""
        if self.defined("filter-ownedaccounts") and self.text("filter-ownedaccounts") not in ("no", "0"):
            return self.world.accounts.owned(self.user)
        return [self.user]

    def install(self):
        """Return (record, storage, private) of the install named by ``id``; refuse if it is out of scope."""
        found = self.world.installs.get(self.required("id"))
        if found is None or not self.world.accounts.may_see(self.user, found[0]["owner"]):
            raise not_found("install")
        return found

    def backup(self):
        """Return (record, archive) of the backup named by ``id``; refuse if it is out of scope."""
        found = self.world.backups.get(self.required("id"))
        if found is None or not self.world.accounts.may_see(self.user, found[0]["owner"]):
            raise not_found("backup")
        return found
