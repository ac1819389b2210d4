# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeding of many installs for benchmarks: rows for all of them, files and tables only on demand."""

import time

from . import catalog, sitedata, urls
from .commands import common
from .records import install_row, new_id
from .websites import find


def seed(world, count, user=None, application="wordpress", version=None, files=False, domain="site{n}.example",
         fields=None, record=None):
    """Add `count` installs of `user`; return their ids.

    `version` is a version or a list of versions to alternate. ``{n}`` in `domain` becomes the number of the site, with five
    digits. `fields` are values of the application's fields; `record` are members of the record. With `files`, the files of
    the sites are written now, otherwise when a command first needs them.
    """
    user = user or world.accounts.admin
    website = _website(world, user, application, count, domain)
    versions = version if isinstance(version, list) else [version or catalog.latest(application)]
    world.accounts.remember(user, [website])
    plans = [_row(world, website, vhost, user, application, versions[number % len(versions)], fields or {},
                  record or {}) for number, vhost in enumerate(list(website["vhosts"])[-count:])] if count else []
    world.installs.put_many([install_row(*plan) for plan in plans])
    if files:
        for entry, storage, private in plans:
            common.materialize(world, common.SimpleNamespace(record=entry, storage=storage, private=private))
    return [plan[0]["id"] for plan in plans]


def _website(world, user, application, count, domain):
    """Return the website with the seeded sites of a user, and add `count` vhosts to it."""
    identity = "seed%s" % application
    known = next((site for site in world.accounts.websites(user) if site.get("id") == identity), {})
    vhosts = dict(known.get("vhosts", {}))
    number = len(vhosts)
    while count:
        number += 1
        host = domain.replace("{n}", "%05d" % number)
        if "http://" + host not in vhosts:
            vhosts["http://" + host] = host
            count -= 1
    return {"id": identity, "label": "seeded sites", "path": "/var/www/seed/%s" % user, "vhosts": vhosts,
            "email": "%s@example.com" % user}


def _row(world, website, vhost, user, application, version, fields, record):
    """Return (record, directory, private) of one seeded install."""
    url = urls.parse(vhost)
    location = find(world.directory, url, [[dict(website, vhosts={vhost: website["vhosts"][vhost]})]])
    name = "%s_%s" % (user[:16], url.domain.partition(".")[0])
    database = {"host": "localhost", "name": name, "user": name, "pass": new_id()[:12],
                "prefix": catalog.applications()[application]["site"]["prefix"]}
    values = {field: entry.get("default", entry.get("value", ""))
              for field, entry in catalog.fields(application, version).items() if field != "version"}
    values.update(catalog.applications()[application]["defaults"], language="en", email=website["email"])
    values.update(fields)
    made = common.new_record(new_id(), application, version, user, location, database, values)
    made.update({"list-tables": sitedata.tables(application, database["prefix"]), "time": str(int(time.time()))})
    made.update(record)
    return made, location.place.storage, {"virtual": True}
