# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""restore (section 3.12): restore files and tables of a backup to the original or to another location."""

from types import SimpleNamespace

from .. import archives, sitedata, sitefiles, urls
from ..errors import Refusal
from . import common, options
from .clone import place_copy
from .install import refuse_occupied


def plan(call):
    """Check the input; return the plan: the backup and the destination."""
    backup, archive = call.backup()
    call.choice("db", ("manual", "auto"))
    options.address(call, "url_ip")
    # The database row has only the location of the archive; its contents are read in check().
    elsewhere = call.text("url")
    url = urls.parse(elsewhere or backup["url"])
    location = call.locate(url, backup["owner"])
    database = options.database(call, backup["installer"]) if elsewhere else None
    plan = SimpleNamespace(owner=backup["owner"], label=location.label, url=str(url), title=backup.get("title", ""),
                           install="" if elsewhere else backup["backup-install"], location=location,
                           locks=["install:" + backup["backup-install"]], claims=[], backup=backup, archive=archive,
                           elsewhere=bool(elsewhere), database=database)
    # The original place can be busy, so the task waits for it. Another place must be free.
    (plan.claims if elsewhere else plan.locks).append("place:%s" % location.place.storage)
    return plan


def check(call, plan):
    """Connect to website, backup location and database; the original place must be free or belong to this install."""
    plan.location.place.check_connection()
    plan.source = archives.inspect(plan.archive)
    databases = call.world.databases
    if plan.elsewhere:
        refuse_occupied(call, plan.source["installer"], plan.location)
        options.check_database(call, plan.database)
        return
    storage = plan.location.place.storage
    others = [key for key in call.world.installs.at(storage) if key != plan.backup["backup-install"]]
    known = call.world.installs.get(plan.backup["backup-install"])
    if others or (known is None and sitefiles.conflicts(plan.source["installer"], storage)):
        raise Refusal("Error: There is already an application or file at %s." % plan.url, "occupied_url", "url")
    database = options.database_of(plan.source)
    databases.check(database["host"], database["name"], database["user"], database["pass"])
    if call.text("db") == "manual" and not databases.exists(database["host"], database["name"]):
        raise Refusal("Error: The database does not exist.", "failed_database_name", "db_name")


def work(call, plan, progress):
    """Restore files, tables and the record."""
    progress.step("_tasks_shared_connecting")
    progress.step("_tasks_shared_copyingfiles")
    if plan.elsewhere:
        record = place_copy(call, plan, plan.archive, plan.source, progress)
    else:
        progress.step("_tasks_shared_copyingtables")
        record = _in_place(call.world, plan)
        progress.step("_tasks_shared_finishing")
    plan.install = record["id"]
    return call.world.installs.complete(record)


def _in_place(world, plan):
    """Restore to the original location; return the record, which keeps its id."""
    source, storage = plan.source, plan.location.place.storage
    known = world.installs.get(plan.backup["backup-install"])
    record = dict(known[0] if known else source)
    database = options.database_of(source)
    archives.restore_site(world, plan.archive, source, storage, database)
    # The site is restored; the settings of the server (schedule, location, ...) keep their current values.
    record.update({"list-files": source["list-files"], "list-tables": source["list-tables"],
                   "url": source["url"], "url-domain": source["url-domain"], "path": plan.location.place.public})
    sitefiles.write_config(source["installer"], storage, database)
    sitedata.update(world.databases, source["installer"], database, {"url": source["url"]})
    common.synchronize(world, record, storage)
    world.installs.put(record, storage, known[2] if known else {})
    return record
