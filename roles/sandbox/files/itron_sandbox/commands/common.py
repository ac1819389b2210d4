# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared functions of commands that work on a site."""

import time
from types import SimpleNamespace

from .. import addons, catalog, sitedata, sitefiles, urls
from ..errors import Refusal
from .options import database_of

AGENT = "9.0.0"


def plan_for(call, may_be_lost=False):
    """Return the plan of a command on the install named by ``id``.

    With `may_be_lost`, the location is None if no website serves the install.
    """
    record, storage, private = call.install()
    url = urls.parse(record["url"])
    try:
        location = call.locate(url, record["owner"])
    except Refusal:
        if not may_be_lost:
            raise
        location = None
    return SimpleNamespace(record=record, storage=storage, private=private, location=location, owner=record["owner"],
                           label=location.label if location else url.domain, url=record["url"],
                           title=record["title"], install=record["id"],
                           locks=["install:" + record["id"]], claims=[],
                           dry=False)


def check_site(call, plan):
    """Connect to the site and check that the application is there."""
    plan.location.place.check_connection()
    if plan.dry and plan.private.get("virtual"):
        return
    materialize(call.world, plan)
    if sitefiles.detect(plan.storage) is None:
        raise not_found(plan)


def not_found(plan):
    """Return the refusal for a site whose files are missing."""
    return Refusal("Error: The application was not found at %s." % plan.url, "failed_application_files", "id")


def materialize(world, plan):
    """Write the files and tables of a seeded install that has none yet."""
    if not plan.private.get("virtual"):
        return
    record, database = plan.record, database_of(plan.record)
    with world.claims.locked(["materialize:" + record["id"]]):
        known = world.installs.get(record["id"])
        if known and known[2].get("virtual"):
            sitefiles.write(record["installer"], record["version"], plan.storage, database)
            sitedata.create(world.databases, record["installer"], database, field_values(record), True)
            world.installs.replace(known[0], known[0], plan.storage, _real(known[2]))
    plan.private = _real(plan.private)


def _real(private):
    """Return the private part of a record for a site that is on disk."""
    return {name: value for name, value in private.items() if name != "virtual"}


def field_values(record):
    """Return the values of the application's fields from the record."""
    values = {name[3:]: value for name, value in record.items() if name.startswith("cf-")}
    values.update(language=record["language"], url=record["url"])
    return values


def gettable(appid, version, values):
    """Return the ``cf-`` members of a record: the fields that are gettable according to the catalog."""
    members = {}
    for name, field in catalog.fields(appid, version).items():
        if field["gettable"] and name not in ("version", "language") and name in values:
            members["cf-%s" % name] = values[name]
    return members


def new_record(identity, appid, version, owner, location, database, values):
    """Return the record of a new install, with its members in the order of the specification's sample."""
    now, site = str(int(time.time())), sitefiles.layout(appid)
    record = {"id": identity, "installer": appid, "version": version, "language": values["language"], "time": now,
              "agent": AGENT, "owner": owner, "path": location.place.public, "path-created": "1",
              "url": str(location.url), "url-domain": location.url.domain, "db-host": database["host"],
              "db-type": "mysql", "db-name": database["name"], "db-user": database["user"],
              "db-pass": database["pass"], "db-prefix": database["prefix"], "title": values.get("sitetitle", ""),
              "list-files": list(site["files"]), "list-tables": sitedata.tables(appid, database["prefix"]),
              "autoup": "0", "autoup-backup": "1", "bkloc": "local", "autobk": "0"}
    record.update(gettable(appid, version, values))
    record.update({"cache-tables": "0", "link-admin": catalog.applications()[appid]["links"]["link_admin"],
                   "cache-files": "0", "cache-time": now})
    return record


def default_values(call, appid, version, website, given):
    """Return the values of all fields of a new site: the given ones, else the defaults of the catalog and the website."""
    values = {name: field.get("default", field.get("value", "")) for name, field
              in catalog.fields(appid, version).items() if name != "version"}
    values.update(catalog.applications()[appid]["defaults"])
    language = str(website.get("language") or "en")
    values["language"] = language if language in catalog.applications()[appid]["languages"] else "en"
    values["email"] = str(website.get("email") or (call.world.accounts.get(call.user) or {}).get("email") or "")
    values.update(given)
    return values


def measure(world, record, storage):
    """Store the sizes of files and tables and the time in a record."""
    record["cache-files"] = str(sitefiles.size(storage, record["list-files"]))
    record["cache-tables"] = str(world.databases.size(record["db-host"], record["db-name"]))
    record["cache-time"] = str(int(time.time()))


def synchronize(world, record, storage):
    """Update a record from the site's files and database (section 3.7: "view/sync")."""
    found = sitefiles.detect(storage)
    if found is None:
        raise FileNotFoundError("the application was removed from %s" % storage)
    appid, record["version"] = found
    config = sitefiles.read_config(appid, storage)
    record.update({"db-%s" % part: config[part] for part in config})
    values = sitedata.read(world.databases, appid, database_of(record))["values"]
    record["language"] = values.get("language", record["language"])
    record["title"] = values.get("sitetitle", record["title"])
    record.update(gettable(appid, record["version"], values))
    measure(world, record, storage)


def addon_lists(plan):
    """Return the plugins and themes of a site; only WordPress has them."""
    if not sitefiles.layout(plan.record["installer"])["addons"]:
        return {}, {}
    if plan.private.get("virtual"):
        return addons.bundled()
    return addons.plugins(plan.storage), addons.themes(plan.storage)
