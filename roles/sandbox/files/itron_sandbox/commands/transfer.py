# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""import (section 3.4): register an existing site, or migrate a copy of a remote one."""

import time
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

from .. import archives, catalog, places, sitedata, sitefiles, urls, websites
from ..errors import Refusal, missing
from ..records import new_id
from . import common, options
from .clone import place_copy
from .install import refuse_occupied


def plan(call):
    """Check the input; return the planned import or migration."""
    appid = options.application(call)
    if call.text("version"):
        options.version(call, appid)
    url = urls.parse(call.required("url"))
    options.address(call, "url_ip")
    options.address(call, "source_url_ip")
    location = call.locate(url, call.user)
    plan = SimpleNamespace(owner=call.user, label=location.label, url=str(url), install="", locks=[],
                           title=catalog.applications()[appid]["name"], location=location, appid=appid,
                           claims=["place:%s" % location.place.storage], source_url=None, database=None)
    if call.text("source_url") or call.text("source_ftu"):
        for name in ("source_url", "source_ftu"):
            if not call.text(name):
                raise missing(name)
        plan.source_url = urls.parse(call.text("source_url"), "source_url")
        plan.source_ftu = call.text("source_ftu")
        if plan.source_ftu.startswith("app://") and appid != "wordpress":
            raise Refusal("Error: Only WordPress can be migrated with its own login.", "invalid_argument_source_ftu",
                          "source_ftu")
        if not plan.source_ftu.startswith("app://"):
            places.locate(call.world.directory, plan.source_ftu, "source_ftu")
    return plan


def check(call, plan):
    """Detect the application: at the URL for an import, at the source for a migration."""
    plan.location.place.check_connection()
    if plan.source_url is None:
        if call.world.installs.at(plan.location.place.storage):
            raise Refusal("Error: The application is known already.", "occupied_url", "url")
        plan.version = _found(plan, plan.location.place.storage, "url")
        return
    refuse_occupied(call, plan.appid, plan.location)
    plan.source = _source(call, plan)
    plan.version = _found(plan, plan.source, "source_url")


def _found(plan, storage, field):
    """Return the version of the application in a directory; refuse if it is not there."""
    found = sitefiles.detect(storage)
    if found is None or found[0] != plan.appid:
        raise Refusal("Error: The application was not found.", "failed_application_files", field)
    return found[1]


def _source(call, plan):
    """Return the directory of the remote site."""
    if plan.source_ftu.startswith("app://"):
        return _source_by_login(call, plan)
    place = places.locate(call.world.directory, plan.source_ftu, "source_ftu")
    place.check_connection()
    home = _mapped(call.world, plan.source_ftu) or place.storage
    path = plan.source_url.path.strip("/")
    for folder in ("", path, "httpdocs/" + path, "public_html/" + path):
        if sitefiles.detect(home / folder):
            return home / folder
    raise Refusal("Error: The application was not found at the source.", "failed_application_files", "source_url")


def _mapped(world, uri):
    """Return the directory that the switch remote_directories maps the account of a URI to, or None.

    A path in the URI is relative to that directory.
    """
    parts = places.split(uri)
    login, _at, host = parts.netloc.rpartition("@")
    home = world.settings["remote_directories"].get("%s@%s" % (unquote(login.partition(":")[0]), host))
    return Path(home) / unquote(parts.path).strip("/") if home else None


def _storage_of_page(world, source_url):
    """Return the directory that serves a URL, here or in a directory of the switch remote_directories."""
    mapped = world.settings["remote_directories"].get(source_url.domain)
    if mapped:
        return Path(mapped) / source_url.path.strip("/")
    try:
        return websites.find(world.directory, source_url, [world.accounts.every_website()]).place.storage
    except Refusal as error:
        raise Refusal("Error: Could not connect to the web hosting server. Technical Error: "
                      "invalid_worker_plugin_upload", "invalid_worker_plugin_upload") from error


def _source_by_login(call, plan):
    """Return the directory of a WordPress site; check the administrator's name and password in the URI."""
    world = call.world
    storage = _storage_of_page(world, plan.source_url)
    _found(plan, storage, "source_url")
    # The worker plugin logs in to the site itself. The error codes are from section 3.4.
    database = sitefiles.read_config(plan.appid, storage)
    login, password = _credentials(plan.source_ftu)
    users = sitedata.read(world.databases.of(storage), plan.appid, database)["users"]
    if login not in [user[0] for user in users]:
        raise Refusal("Error: The WordPress username is invalid.", "cannot_find_uid", "source_ftu")
    if not any(user[0] == login and sitedata.password_fits(password, user[1]) for user in users):
        raise Refusal("Error: The WordPress password is invalid.", "invalid_password", "source_ftu")
    return storage


def _credentials(uri):
    """Return user name and password of ``app://username:password``."""
    parts = urlsplit(uri)
    account = parts.netloc.rpartition("@")[0] or parts.netloc
    login, _colon, password = account.partition(":")
    return unquote(login), unquote(password)


def work(call, plan, progress):
    """Record the existing site, or copy the remote site and record the copy."""
    progress.step("_tasks_shared_connecting")
    progress.step("_tasks_shared_copyingfiles")
    if plan.source_url is None:
        record = _record(call, plan, plan.location.place.storage)
        progress.step("_tasks_shared_configuring")
        progress.step("_tasks_shared_finishing")
        call.world.installs.put(record, plan.location.place.storage, {})
    else:
        record = _migrate(call, plan, progress)
    plan.install = record["id"]
    return call.world.installs.complete(record)


def _record(call, plan, storage):
    """Return the record of the site in a directory, made from its files and database."""
    database = sitefiles.read_config(plan.appid, storage)
    values = sitedata.read(call.world.databases.of(storage), plan.appid, database)["values"]
    values.setdefault("language", "en")
    record = common.new_record(new_id(), plan.appid, plan.version, plan.owner, plan.location, database, values)
    common.measure(call.world, record, storage)
    return record


def _migrate(call, plan, progress):
    """Copy the remote site and its tables to a new local database."""
    world = call.world
    source = _record(call, plan, plan.source)
    archive = world.directory / "tmp" / (new_id() + ".tar.gz")
    statements = world.databases.of(plan.source).dump(source["db-host"], source["db-name"], source["list-tables"])
    archives.pack(archive, plan.source, source, statements)
    # The table of section 3.4 has no arguments for the destination's database, so the server creates one.
    name = "itr%s" % new_id()[:10]
    own = {"host": "localhost", "name": name, "user": name, "pass": new_id(), "prefix": source["db-prefix"]}
    plan.database = None if world.panel else own
    try:
        record = place_copy(call, plan, archive, source, progress)
    finally:
        archive.unlink()
    record["time"] = str(int(time.time()))
    return record
