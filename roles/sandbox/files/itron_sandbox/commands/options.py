# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments shared by several commands, validated according to their tables (sections 3.3 and 3.8)."""

import ipaddress
import re
from contextlib import suppress

from .. import catalog, places
from ..errors import Refusal, invalid, missing, not_found
from ..panel import HookError
from ..places import REMOTE

# From the sample in section 3.7; the list in the specification is incomplete.
NOTIFICATIONS = ("clone", "clone_error", "backup", "backup_error", "restore", "restore_error", "update_available",
                 "update", "update_error")
SCHEDULES = ("0", "custom", "weeklymonthly", "dailyweeklymonthly", "daily30")
SCHEDULE_ID = re.compile(r"^[0-9a-f]{32}$")
PREFIX = re.compile(r"^[A-Za-z0-9_]{0,32}$")
DATABASE = ("db_host", "db_name", "db_user", "db_pass")


def application(call):
    """Return the required application id."""
    appid = call.required("application")
    if appid not in catalog.applications():
        raise not_found("application", "application")
    return appid


def version(call, appid):
    """Return the version to install: the given one, or the latest."""
    wanted = call.text("version")
    if not wanted:
        return catalog.latest(appid)
    if catalog.release(appid, wanted) is None:
        raise invalid("version", "There is no such version of %s." % appid)
    return wanted


def management(call):
    """Return the record members for updates and backups that the request sets."""
    members = {"autoup": call.choice("autoup", ("0", "1", "2")),
               "autoup-backup": call.choice("autoup_backup", ("0", "1")),
               "autobk": _schedule(call), "bkloc": _backup_location(call)}
    for name in ("daily", "weekly", "monthly"):
        members["autobk-%s" % name] = _count(call, "autobk_%s" % name)
    if call.defined("notification"):
        members["list-notification"] = _notifications(call)
    return {name: value for name, value in members.items() if value is not None}


def _notifications(call):
    """Return the list of notifications: all, the named ones, or none for an empty string."""
    text = call.text("notification")
    if text == "all":
        return list(NOTIFICATIONS)
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in NOTIFICATIONS:
            raise invalid("notification", "\"%s\" is no notification." % name)
    return names


def _schedule(call):
    """Return the backup schedule: a schedule name, the id of a schedule, or 0."""
    value = call.text("autobk")
    if value is not None and value not in SCHEDULES and not SCHEDULE_ID.match(value):
        raise invalid("autobk", "There is no such schedule.")
    return value


def _count(call, name):
    """Return a number of backups as text, or None."""
    value = call.text(name)
    if value is not None and not value.isdigit():
        raise invalid(name, "A number is expected.")
    return value


def _backup_location(call):
    """Return the backup location: local, or a URI with a supported protocol."""
    value = call.text("bkloc")
    if value is not None and value != "local" and value.partition("://")[0] not in REMOTE + ("file", "http", "https"):
        raise invalid("bkloc", "The protocol is not supported.")
    return value


def address(call, name):
    """Validate an argument that is an IP address."""
    value = call.text(name)
    if value:
        try:
            ipaddress.ip_address(value)
        except ValueError as error:
            raise invalid(name, "An IP address is expected.") from error
    return value


def fields(call, appid, release):
    """Return the given settable fields of the application, validated against their options."""
    values = {}
    for name, field in catalog.fields(appid, release).items():
        if not field["settable"] or not call.defined(name):
            continue
        value = call.text(name)
        if field.get("options") and value not in field["options"]:
            raise invalid(name, "The value is not one of the options.")
        if field["type"] != "textarea" and "\n" in value:
            raise invalid(name, "A single line is expected.")
        values[name] = value
    return values


def database(call, appid):
    """Return the given parts of a database (host, name, user, pass, prefix), or None for an automatic database.

    They are optional only if database automation is enabled (section 3.3) and no website has ``db_mode`` ``manual`` (section 3.17.1).
    """
    given = {name[3:]: call.text(name) for name in DATABASE if call.text(name)}
    manual = any(website.get("db_mode") == "manual" for website in call.websites)
    if not given and not manual and (call.world.panel or call.world.settings["database_automation"]):
        return None
    for name in DATABASE:
        if name[3:] not in given:
            raise missing(name)
    given["via"] = call.text("db_host_ip")
    prefix = call.text("db_prefix")
    if prefix is not None and not PREFIX.match(prefix):
        raise invalid("db_prefix", "Letters, digits and underscores are expected.")
    given["prefix"] = prefix
    return given


def check_database(call, given):
    """Connect to a given database and check that it has no tables with an explicit prefix."""
    if given is None:
        return
    databases = call.world.databases
    databases.check(given["host"], given["name"], given["user"], given["pass"], given.get("via"))
    if given["prefix"] is not None and databases.tables(given["host"], given["name"], given["prefix"]):
        raise Refusal("Error: The database has tables with this prefix.", "occupied_db_prefix", "db_prefix")


def settle_database(call, given, default_prefix, owner, password, website=None):
    """Return a complete database: one from automation, or the given one with a free prefix."""
    databases = call.world.databases
    if given is None and call.world.panel:
        given = call.world.panel.create_database(website or {})
        databases.real.add(given)
        given["prefix"] = given["prefix"] or default_prefix
    elif given is None:
        name = databases.create("localhost", "%s_wp" % owner)
        given = {"host": "localhost", "name": name, "user": name, "pass": password, "prefix": default_prefix}
    prefix, number = given["prefix"], 2
    if prefix is None:
        prefix = default_prefix
        while databases.tables(given["host"], given["name"], prefix):
            prefix = "%s%d_" % (default_prefix.rstrip("_"), number)
            number += 1
    return {"host": given["host"], "name": given["name"], "user": given["user"], "pass": given["pass"],
            "prefix": prefix}


def roll_back(call, database, tables, website):
    """Undo the database changes of a failed command. Errors of the database server are ignored, so that the original error is reported."""
    with suppress(HookError, Refusal):
        call.world.databases.drop(database["host"], database["name"], tables)
    with suppress(HookError, Refusal):
        remove_unused_database(call, database, website)


def remove_unused_database(call, database, website):
    """Remove a database that panel.php created, if no install uses it."""
    databases = call.world.databases
    if not databases.real.find(database["host"], database["name"]) or call.world.installs.uses(database["host"], database["name"]):
        return
    call.world.panel.remove_database(database["name"], website)
    databases.real.forget(database["host"], database["name"])


def database_of(record):
    """Return the database of a record."""
    return {part: record["db-%s" % part] for part in ("host", "name", "user", "pass", "prefix")}


def backup_place(call, record, location):
    """Return the Place of an install's backups: its backup location, or a directory in the website's home."""
    target = record.get("bkloc", "local")
    if target != "local":
        return places.locate(call.world.directory, target.replace("https://", "davs://").replace("http://", "dav://"),
                             "bkloc")
    home = location.home
    return home.below(location.website.get("path_backups") or "/application_backups/", "websites")
