# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""delete (section 3.13): delete the archive and the record of a backup."""

from pathlib import Path
from types import SimpleNamespace

from ..errors import Refusal


def plan(call):
    """Return the plan for the backup to delete."""
    backup, archive = call.backup()
    return SimpleNamespace(owner=backup["owner"], label=backup["url-domain"], url=backup["url"],
                           title=backup.get("title", ""), install=backup["backup-install"], claims=[],
                           locks=["install:" + backup["backup-install"]], backup=backup, archive=Path(archive))


def check(call, plan):
    """Check that the archive exists, unless ``force`` is given."""
    if not plan.archive.is_file() and not call.defined("force"):
        raise Refusal("Error: The backup archive could not be reached.", "failed_backup_location", "id")


def work(call, plan, progress):
    """Remove the archive and the record."""
    for message in ("connecting", "removingfiles", "updating", "finishing"):
        progress.step("_tasks_shared_" + message)
    if plan.archive.is_file():
        plan.archive.unlink()
    call.world.backups.delete(plan.backup["id"])
    return []
