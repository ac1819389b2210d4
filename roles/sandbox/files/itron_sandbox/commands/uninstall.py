# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""uninstall (section 3.15): remove the application's own files and tables; keep everything else."""

from .. import sitefiles, urls
from ..errors import Refusal
from . import common, options


def plan(call):
    """Return the plan for the install to remove; with ``force``, no website needs to serve it."""
    return common.plan_for(call, call.defined("force"))


def check(call, plan):
    """Connect to the site, unless ``force`` is given."""
    if not call.defined("force"):
        plan.location.place.check_connection()


def work(call, plan, progress):
    """Remove files, tables and record."""
    world, record = call.world, plan.record
    for message in ("connecting", "removingfiles", "removingtables", "finishing"):
        progress.step("_tasks_shared_" + message)
    if _reachable(plan):
        sitefiles.remove(plan.storage, record["list-files"], bool(urls.parse(record["url"]).path))
        world.databases.drop(record["db-host"], record["db-name"], record["list-tables"])
    world.installs.delete(record["id"])
    options.remove_unused_database(call, options.database_of(record), plan.location.website if plan.location else {})
    return []


def _reachable(plan):
    """Return whether the files of the site can be removed."""
    if plan.location is None:
        return False
    try:
        plan.location.place.check_connection()
    except Refusal:
        return False
    return True
