# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""edit (section 3.8): change only what the request names."""

from .. import sitedata, sitefiles, urls
from ..errors import Refusal, invalid
from . import common, options


def plan(call):
    """Check the input; return the planned changes."""
    plan = common.plan_for(call, call.yes("delete"))
    record = plan.record
    plan.fields = options.fields(call, record["installer"], record["version"])
    plan.management = options.management(call)
    plan.database = options.database_of(record)
    for part in plan.database:
        if call.defined("db_%s" % part):
            plan.database[part] = call.text("db_%s" % part)
    plan.target = plan.location
    if call.text("url"):
        plan.target = call.locate(urls.parse(call.text("url")), plan.owner)
    return plan


def check(call, plan):
    """Check the site, except to forget an install: that needs no site."""
    if call.yes("delete"):
        return
    common.check_site(call, plan)
    storage = plan.target.place.storage
    if str(storage) != str(plan.storage):
        if [key for key in call.world.installs.at(storage) if key != plan.record["id"]]:
            raise Refusal("Error: There is already an application at %s." % plan.target.url, "occupied_url", "url")
        if sitefiles.detect(storage) is None:
            raise invalid("url", "The application was not found there.")
    if plan.database != options.database_of(plan.record):
        _check_database(call, plan)


def _check_database(call, plan):
    """Connect to the changed database and check that it has the application's tables."""
    database = plan.database
    call.world.databases.check(database["host"], database["name"], database["user"], database["pass"])
    expected = set(sitedata.tables(plan.record["installer"], database["prefix"]))
    if not expected <= set(call.world.databases.tables(database["host"], database["name"])):
        raise Refusal("Error: The database has not the tables of the application.", "failed_database_tables",
                      "db_name")


def work(call, plan, progress):
    """Change the site and the record, or forget the install or its backups."""
    world, record = call.world, plan.record
    if call.yes("delete-backups"):
        for identity in world.backups.of_install(record["id"]):
            world.backups.delete(identity)
    if call.yes("delete"):
        world.installs.delete(record["id"])
        return []
    _change_record(plan)
    storage = plan.target.place.storage
    # Change the tables first: if they are missing, the refusal leaves the files unchanged.
    sitedata.update(world.databases, record["installer"], plan.database, dict(plan.fields, url=record["url"]))
    sitefiles.write_config(record["installer"], storage, plan.database)
    common.measure(world, record, storage)
    world.installs.put(record, storage, plan.private)
    return world.installs.complete(record)


def _change_record(plan):
    """Write the changes into the record."""
    record = plan.record
    record.update(plan.management)
    record.update({"db-%s" % part: value for part, value in plan.database.items()})
    record["list-tables"] = sitedata.tables(record["installer"], plan.database["prefix"])
    record["language"] = plan.fields.get("language", record["language"])
    record["title"] = plan.fields.get("sitetitle", record["title"])
    record.update(common.gettable(record["installer"], record["version"], plan.fields))
    record.update({"url": str(plan.target.url), "url-domain": plan.target.url.domain,
                   "path": plan.target.place.public})
