# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalog of applications and their releases (section 3.2), read from the files in catalog/."""

import functools
import json
import re
import time
from pathlib import Path

FOLDER = Path(__file__).parent / "catalog"
VERSION = re.compile(r"^\d+(\.\d+)*(-p\d+)?$")
GENERATOR = "https://installatron.com/tickets"


@functools.lru_cache(maxsize=1)
def applications():
    """Return the applications by id; the releases of each are sorted, oldest first."""
    found = {}
    for path in sorted(FOLDER.glob("*.json")):
        application = json.loads(path.read_text(encoding="utf-8"))
        found[application["appid"]] = application
    return found


def versions(appid):
    """Return the versions of an application, oldest first."""
    return [release["version"] for release in applications()[appid]["releases"]]


def latest(appid):
    """Return the newest version of an application."""
    return versions(appid)[-1]


def release(appid, version):
    """Return the release or None."""
    for entry in applications()[appid]["releases"]:
        if entry["version"] == version:
            return entry
    return None


def add_release(appid, version, tags=()):
    """Add a copy of the newest release with another version, until forget_added() or until the program stops."""
    if not is_version(version) or release(appid, version) is not None:
        raise ValueError("version: must be a new version")
    entries = applications()[appid]["releases"]
    entries.append(dict(entries[-1], version=version, tags=[str(tag) for tag in tags], date=time.strftime("%Y-%m-%d", time.gmtime())))
    entries.sort(key=lambda entry: order(entry["version"]))
    _clear_caches()


def forget_added():
    """Discard added releases and read the catalog again."""
    applications.cache_clear()
    _clear_caches()


def _clear_caches():
    """Clear the caches that depend on the catalog."""
    available.cache_clear()
    fields.cache_clear()


def order(version):
    """Return a sort key for a version such as ``6.4.3`` or ``2.4.6-p5``."""
    numbers, _dash, patch = version.partition("-p")
    return [int(number) for number in numbers.split(".")] + [0] * (4 - numbers.count(".")) + [int(patch or 0)]


def is_version(text):
    """Return whether `text` looks like a version."""
    return bool(VERSION.match(text))


def upgrade_from(appid, old, new):
    """Return how an install can be upgraded from `old` to `new`: ``auto``, ``manual`` or ``none`` (section 3.2)."""
    if order(new) <= order(old):
        return "none"
    return "auto" if order(old) >= order(release(appid, new)["auto_from"]) else "manual"


def is_minor(old, new):
    """Return whether both versions belong to the same branch (the first two numbers)."""
    return old.split(".")[:2] == new.split(".")[:2]


@functools.lru_cache(maxsize=1024)
def available(appid, version):
    """Return the versions that an install at `version` can be upgraded to, and those of the same branch."""
    every = [new for new in versions(appid) if upgrade_from(appid, version, new) == "auto"]
    return every, [new for new in every if is_minor(version, new)]


@functools.lru_cache(maxsize=256)
def fields(appid, version):
    """Return the fields of a release as the catalog lists them."""
    entry = release(appid, version) or release(appid, latest(appid))
    left_out = entry.get("without_fields", ())
    return {name: field for name, field in applications()[appid]["fields"].items() if name not in left_out}


def metadata(appid, version):
    """Return the metadata of a release in the form of the sample in section 3.2."""
    application, entry = applications()[appid], release(appid, version)
    table = {"id": "%s_%s" % (appid, version), "appid": appid, "version": version, "branch": entry["branch"]}
    table.update((name, application[name]) for name in ("name", "category", "type"))
    table.update({"date": entry["date"], "license": application["license"], "tags": entry["tags"]})
    table.update((name, application[name]) for name in ("description", "authordescription"))
    table.update({"changelog": entry["changelog"], "upgrade": entry["upgrade"], "install": application["install"]})
    table.update(application["links"])
    table["link_installersupport"] = GENERATOR
    table.update((name, application[name]) for name in ("requirements", "languages"))
    table.update({"fields": fields(appid, version), "images": application["images"]})
    return table
