# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""upgrade (section 3.10): upgrade the application, its plugins and its themes."""

import time

from .. import addons, archives, catalog, sitefiles
from ..errors import Interrupted, Refusal, invalid
from . import backup, common, options


def plan(call):
    """Check the input; return the planned updates."""
    plan = common.plan_for(call)
    plan.revert = call.choice("revert", ("yes", "no")) == "yes"
    plan.plugin, plan.theme = (call.arguments.get(name) for name in ("plugin", "theme"))
    plan.version = _target(call, plan)
    plan.expiry = None
    plan.target = options.backup_place(call, plan.record, plan.location)
    return plan


def _target(call, plan):
    """Return the target version, or None to keep the application's version."""
    appid, wanted = plan.record["installer"], call.text("version")
    every = catalog.available(appid, plan.record["version"])[0]
    if wanted == "current" or (not wanted and not every and (plan.plugin or plan.theme)):
        return None
    if not wanted and every:
        return every[-1]
    if wanted and catalog.release(appid, wanted) is None:
        raise invalid("version", "There is no such version of %s." % appid)
    return wanted or plan.record["version"]


def check(call, plan):
    """Connect to the site; check that the version is available and that the plugins and themes exist."""
    common.check_site(call, plan)
    record = plan.record
    if plan.version and plan.version not in catalog.available(record["installer"], record["version"])[0]:
        raise invalid("version", "%s cannot be updated to %s." % (record["version"], plan.version))
    plugins, themes = common.addon_lists(plan)
    plan.plugins = _named("plugin", plugins, plan.plugin)
    plan.themes = _named("theme", themes, plan.theme)
    call.world.databases.check(record["db-host"], record["db-name"], record["db-user"], record["db-pass"])


def _named(kind, table, wanted):
    """Return the ids that the argument names; refuse unknown names."""
    known, unknown = addons.find(table, wanted) if wanted else ([], [])
    if unknown:
        raise invalid(kind, "The site has no %s named %s." % (kind, ", ".join(map(str, unknown))))
    return known


def work(call, plan, progress):
    """Update; if that fails and ``revert`` is set, restore the backup made before."""
    world, record = call.world, plan.record
    saved = None
    progress.step("_tasks_shared_connecting")
    if plan.revert:
        saved = backup.make(world, plan)
    try:
        progress.step("_tasks_shared_copyingfiles")
        _apply(plan)
        progress.step("_tasks_shared_configuring")
        if plan.private.get("upgrade") == "task_fails":
            # A failed update leaves new files that do not work.
            sitefiles.break_page(plan.storage)
            raise Refusal("Error: The update failed.", "failed_upgrade")
        progress.step("_tasks_shared_finishing")
    except (Refusal, Interrupted):
        if saved:
            archives.restore_site(world, world.backups.get(saved["id"])[1], record, plan.storage,
                                  options.database_of(record))
        raise
    record["version"] = plan.version or record["version"]
    record["time-updated"] = str(int(time.time()))
    common.measure(world, record, plan.storage)
    world.installs.put(record, plan.storage, plan.private)
    return world.installs.complete(record)


def _apply(plan):
    """Write the new versions of application, plugins and themes."""
    if plan.version:
        sitefiles.write_version(plan.record["installer"], plan.version, plan.storage)
        if plan.private.get("upgrade") == "page_500":
            sitefiles.break_page(plan.storage)
    addons.update(plan.storage, plan.plugins, plan.themes)
