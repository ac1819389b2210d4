# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""install (section 3.3)."""

import secrets
from types import SimpleNamespace

from .. import catalog, sitedata, sitefiles, urls
from ..errors import Refusal
from ..records import new_id
from . import common, options


def plan(call):
    """Check the input; return the planned installation."""
    appid = options.application(call)
    version = options.version(call, appid)
    url = urls.parse(call.required("url"))
    given = options.fields(call, appid, version)
    options.address(call, "url_ip")
    call.text("content")
    management, database = options.management(call), options.database(call, appid)
    location = call.locate(url, call.user)
    return SimpleNamespace(owner=call.user, label=location.label, url=str(url), install="", locks=[],
                           title=given.get("sitetitle", catalog.applications()[appid]["name"]), location=location,
                           claims=["place:%s" % location.place.storage], appid=appid, version=version, given=given,
                           management=management, database=database)


def check(call, plan):
    """Connect to the website and the database; refuse a URL that is occupied."""
    plan.location.place.check_connection()
    refuse_occupied(call, plan.appid, plan.location)
    options.check_database(call, plan.database)


def refuse_occupied(call, appid, location):
    """Refuse to overwrite a known install or files of any application."""
    storage = location.place.storage
    if call.world.installs.at(storage) or sitefiles.conflicts(appid, storage):
        raise Refusal("Error: There is already an application or file at %s." % location.url, "occupied_url", "url")


def work(call, plan, progress):
    """Write files, tables and record; roll back on failure."""
    world, place = call.world, plan.location.place
    database = options.settle_database(call, plan.database, sitefiles.layout(plan.appid)["prefix"], plan.owner,
                                       secrets.token_urlsafe(9), plan.location.website)
    values = common.default_values(call, plan.appid, plan.version, plan.location.website, plan.given)
    values["passwd"] = plan.given.get("passwd") or secrets.token_urlsafe(9)
    values["url"] = plan.url
    record = common.new_record(new_id(), plan.appid, plan.version, plan.owner, plan.location, database, values)
    record.update(plan.management)
    tables = []
    try:
        progress.step("_tasks_shared_copyingfiles")
        sitefiles.write(plan.appid, plan.version, place.storage, database)
        progress.step("_tasks_shared_copyingtables")
        sitedata.create(world.databases, plan.appid, database, values, call.text("content") != "no")
        tables = record["list-tables"]
        progress.step("_tasks_shared_configuring")
        progress.step("_tasks_shared_finishing")
        common.measure(world, record, place.storage)
    except BaseException:
        sitefiles.remove(place.storage, record["list-files"])
        options.roll_back(call, database, tables, plan.location.website)
        raise
    world.installs.put(record, place.storage, {})
    plan.install = record["id"]
    return world.installs.complete(record)
