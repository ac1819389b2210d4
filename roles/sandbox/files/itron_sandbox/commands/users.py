# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""edituser and deleteuser: the users in the server's database (sections 4.3 and 4.4)."""

from types import SimpleNamespace

from ..errors import Refusal, invalid, missing, not_found

TEXTS = ("language", "email", "package")


def _plan(call):
    """Return the plan for the required user."""
    if not call.text("user"):
        raise missing("user")
    return SimpleNamespace(owner=call.user, locks=["user:" + call.user], claims=[], install="", label=call.user,
                           url="", title="")


class Edit:
    """The command ``edituser``: create a user or change the given members."""

    @staticmethod
    def plan(call):
        """Check the input."""
        plan = _plan(call)
        plan.type = call.choice("type", ("user", "reseller"))
        plan.suspended = call.choice("suspended", ("yes", "no"))
        for name in TEXTS:
            call.text(name)
        return plan

    @staticmethod
    def check(call, plan):
        """Check that the user does not become its own reseller, directly or indirectly."""
        accounts = call.world.accounts
        if call.reseller and call.reseller in accounts.owned(call.user):
            raise invalid("reseller", "An account cannot be owned by itself.")

    @staticmethod
    def work(call, plan, progress):
        """Store the user; the owner of an account becomes a reseller."""
        accounts = call.world.accounts
        user = accounts.get(call.user) or accounts.blank(call.user)
        if call.reseller:
            user["parent"] = call.reseller
            parent = accounts.get(call.reseller) or accounts.blank(call.reseller)
            accounts.put(dict(parent, type="reseller"))
        user["type"] = plan.type or user["type"]
        user["suspended"] = plan.suspended or user["suspended"]
        for name in TEXTS:
            if call.defined(name):
                user[name] = call.text(name)
        if call.defined("websites"):
            user["websites"] = call.websites
        if not user["email"]:
            user["email"] = next((str(site["email"]) for site in user["websites"] if site.get("email")), "")
        accounts.put(user)
        return []


class Delete:
    """The command ``deleteuser``: forget a user, its accounts, and all records of their sites."""

    @staticmethod
    def plan(call):
        """Check the input."""
        return _plan(call)

    @staticmethod
    def check(call, plan):
        """Check that the user exists and is not the administrator."""
        accounts = call.world.accounts
        if call.user == accounts.admin:
            raise Refusal("Error: The administrator cannot be deleted.", "invalid_argument_user", "user")
        if accounts.get(call.user) is None:
            raise not_found("user", "user")

    @staticmethod
    def work(call, plan, progress):
        """Remove rows from the database only; keep sites and archives."""
        world = call.world
        names = world.accounts.owned(call.user)
        for identity in world.backups.owned_by(names):
            world.backups.delete(identity)
        for identity in world.installs.owned_by(names):
            world.installs.delete(identity)
        for name in names:
            world.accounts.delete(name)
        return names
