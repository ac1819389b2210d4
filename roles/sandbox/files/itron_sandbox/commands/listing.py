# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""installs, backups, tasks: the lists (sections 3.5, 3.6 and 3.16)."""

from ..wire import RawJson, Reply


class Installs:
    """The command ``installs``."""

    @staticmethod
    def answer(call):
        """Return the user's installs that match the search and the filters."""
        newer = None
        if call.text("filter-version-available") == "yes":
            newer = "any"
        if call.text("filter-version-available-minor") == "yes":
            newer = "minor"
        return Reply(True, "", call.world.installs.show(call.scope(), call.text("q"), call.text("id"), newer))


class Backups:
    """The command ``backups``."""

    @staticmethod
    def answer(call):
        """Return the user's backups that match the search and the filters."""
        shown = call.world.backups.show(call.scope(), call.text("q"), call.text("id"), call.text("pid"))
        return Reply(True, "", RawJson(shown))


class Tasks:
    """The command ``tasks``."""

    @staticmethod
    def answer(call):
        """Return the tasks of the user and of the accounts below it; the administrator gets all tasks."""
        world = call.world
        users = None if call.user == world.accounts.admin else world.accounts.owned(call.user)
        return Reply(True, "The task is complete.\n", world.tasks.entries(users))
