# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""clone (section 3.11): copy files and tables to another URL."""

import secrets
import time

from .. import archives, sitedata, sitefiles, urls
from ..records import new_id
from . import common, options
from .install import refuse_occupied


def plan(call):
    """Check the input; return the plan: the source and the destination."""
    plan = common.plan_for(call)
    plan.source_place = plan.location.place
    options.address(call, "url_ip")
    plan.database = options.database(call, plan.record["installer"])
    if call.user != call.world.accounts.admin:
        plan.owner = call.user
    plan.location = call.locate(urls.parse(call.required("url")), plan.owner)
    plan.url, plan.install = str(plan.location.url), ""
    plan.claims = ["place:%s" % plan.location.place.storage]
    return plan


def check(call, plan):
    """Connect to both websites and the new database; refuse a URL that is occupied."""
    plan.location.place.check_connection()
    plan.source_place.check_connection()
    if not plan.dry:
        common.materialize(call.world, plan)
    refuse_occupied(call, plan.record["installer"], plan.location)
    options.check_database(call, plan.database)


def work(call, plan, progress):
    """Copy the site and record the copy."""
    world, source = call.world, plan.record
    progress.step("_tasks_shared_connecting")
    folder = world.directory / "tmp"
    archive = folder / (new_id() + ".tar.gz")
    statements = world.databases.dump(source["db-host"], source["db-name"], source["list-tables"])
    progress.step("_tasks_shared_copyingfiles")
    archives.pack(archive, plan.storage, source, statements)
    try:
        record = place_copy(call, plan, archive, source, progress)
    finally:
        archive.unlink()
    plan.install = record["id"]
    return world.installs.complete(record)


def place_copy(call, plan, archive, source, progress):
    """Unpack an archive of the record `source` at the planned location, with its own database."""
    world, place = call.world, plan.location.place
    database = options.settle_database(call, plan.database, source["db-prefix"], plan.owner,
                                       secrets.token_urlsafe(9), plan.location.website)
    tables = []
    try:
        tables = archives.restore_site(world, archive, source, place.storage, database)
        progress.step("_tasks_shared_configuring")
        sitefiles.write_config(source["installer"], place.storage, database)
        sitedata.update(world.databases, source["installer"], database, {"url": plan.url})
        progress.step("_tasks_shared_finishing")
        record = moved(source, plan, database, tables)
        common.measure(world, record, place.storage)
    except BaseException:
        sitefiles.remove(place.storage, source["list-files"])
        options.roll_back(call, database, tables, plan.location.website)
        raise
    world.installs.put(record, place.storage, {})
    return record


def moved(source, plan, database, tables):
    """Return the record of a copy of `source` at the planned location."""
    record = dict(source, id=new_id(), owner=plan.owner, time=str(int(time.time())), path=plan.location.place.public,
                  url=plan.url, **{"url-domain": plan.location.url.domain, "list-tables": tables})
    record.update({"db-%s" % part: value for part, value in database.items()})
    record.pop("time-updated", None)
    return record
