# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""importbackup (section 3.14): register an archive that is on the user's disk."""

from types import SimpleNamespace

from .. import archives, places
from ..errors import Refusal, invalid, missing
from ..places import Place
from .backup import backup_record


def plan(call):
    """Check the input; return the plan for the archive.

    The path is relative to the path of the user's websites. The first website that has the file is used.
    """
    path = call.required("path")
    if not call.text("user"):
        raise missing("user")
    owner = call.user
    candidates = []
    for group in call.groups(owner):
        for website in group:
            home = website.get("path") or (call.world.panel.path_of(website) if call.world.panel else None)
            if home:
                candidates.append(places.locate(call.world.directory, home).below(path))
    if not candidates:
        raise Refusal("Error: The user has no website.", "failed_website_path", "user")
    archive = next((place for place in candidates if place.storage.is_file()), None)
    return SimpleNamespace(owner=owner, label=owner, url="", title="", install="", locks=["importbackup"], claims=[],
                           archive=archive)


def check(call, plan):
    """Check that the file exists, is an archive and is not registered."""
    if plan.archive is None:
        raise Refusal("Error: The backup archive was not found.", "backup_not_found", "path")
    plan.record = archives.inspect(plan.archive.storage)
    if call.world.store.one("SELECT 1 FROM backups WHERE archive = ?", (str(plan.archive.storage),)):
        raise invalid("path", "The backup archive is known already.")


def work(call, plan, progress):
    """Record the backup; the archive stays in place."""
    file = plan.archive.storage
    target = Place(plan.archive.uri, plan.archive.public.rpartition("/")[0], file.parent)
    backup = backup_record(call.world, dict(plan.record, owner=plan.owner), target, file.name)
    call.world.backups.put(backup, file)
    plan.install = backup["backup-install"]
    return backup
