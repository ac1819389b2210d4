# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""view: visit the site, update the record and return it (section 3.7)."""

from ..wire import Reply
from . import common
from .options import NOTIFICATIONS


def answer(call):
    """Return the details of an install; with ``addons`` also its plugins and themes."""
    plan = common.plan_for(call)
    try:
        plugins, themes = _visit(call, plan)
    except FileNotFoundError as error:
        # Another request is removing the site: a visit waits for no lock.
        raise common.not_found(plan) from error
    shown = call.world.installs.complete(plan.record)
    shown.setdefault("list-notification", list(NOTIFICATIONS))
    shown["cf-passwd"] = ""
    if plugins or themes:
        shown["plugin-updates-available"] = _updates(plugins)
        shown["theme-updates-available"] = _updates(themes)
        shown.update({"autoup-plugins": "0", "autoup-themes": "0"})
        if call.yes("addons"):
            shown.update({"list-plugins": plugins, "list-themes": themes})
    return Reply(True, "The task is complete.\n", shown)


def _visit(call, plan):
    """Update the record from the site; return its plugins and themes."""
    common.check_site(call, plan)
    known = dict(plan.record)
    common.synchronize(call.world, plan.record, plan.storage)
    call.world.installs.replace(known, plan.record, plan.storage, plan.private)
    return common.addon_lists(plan)


def _updates(table):
    """Return the number of outdated plugins or themes; None for none, because the sample shows null."""
    return sum("_ud" in entry for entry in table.values()) or None
