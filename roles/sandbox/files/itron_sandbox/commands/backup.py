# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""backup (section 3.9)."""

import time

from .. import archives
from ..records import new_id
from . import common, options


def plan(call):
    """Check the input; return the plan: the install and the backup location."""
    plan = common.plan_for(call)
    plan.expiry = call.text("expiry")
    plan.target = options.backup_place(call, plan.record, plan.location)
    return plan


def check(call, plan):
    """Connect to the site and the backup location."""
    common.check_site(call, plan)
    plan.target.check_connection()


def work(call, plan, progress):
    """Create the archive and the record of the backup."""
    progress.step("_tasks_shared_connecting")
    progress.step("_tasks_shared_copyingfiles")
    progress.step("_tasks_shared_copyingtables")
    progress.step("_tasks_shared_finishing")
    return make(call.world, plan)


def make(world, plan):
    """Back up a planned install now; return the record of the backup."""
    record = dict(plan.record)
    statements = world.databases.dump(record["db-host"], record["db-name"], record["list-tables"])
    folder = plan.target.storage
    name = archives.pack_new(folder, plan.storage, record, statements)
    backup = backup_record(world, record, plan.target, name)
    if plan.expiry:
        backup["backup-expiry"] = plan.expiry
    world.backups.put(backup, folder / name)
    return backup


def backup_record(world, record, target, name):
    """Return the record of a backup in the form of the sample in section 3.6."""
    identity, now = new_id(), str(int(time.time()))
    shown = world.installs.complete(record)
    shown.pop("cache-numbackups")
    shown.update({"id": identity, "cf-passwd": "", "backup-install": record["id"],
                  "backup-location": record.get("bkloc", "local"), "backup-time": now, "backup-filename": name,
                  "cache-time": now, "cache-archive": str((target.storage / name).stat().st_size)})
    home = "%s/.appdata/backups/%s" % (target.public.rpartition("/")[0], identity)
    return dict([("id", identity), ("file", home)] + [item for item in shown.items() if item[0] != "id"])
