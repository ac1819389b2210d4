# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""browser: the catalog (section 3.2)."""

from .. import catalog
from ..errors import invalid, not_found
from ..wire import Reply


def answer(call):
    """Return release metadata, or the versions that an install can be upgraded to."""
    call.text("language")
    wanted = call.arguments.get("application")
    if wanted in (None, "", []):
        names = list(catalog.applications())
        return Reply(True, "The task is complete.\n",
                     [catalog.metadata(name, catalog.latest(name)) for name in names])
    names = [str(name) for name in wanted] if isinstance(wanted, list) else [call.text("application")]
    for name in names:
        if name not in catalog.applications():
            raise not_found("application", "application")
    if len(names) == 1:
        return Reply(True, "The task is complete.\n", _one(call, names[0]))
    return Reply(True, "The task is complete.\n",
                 [catalog.metadata(name, version) for name in names for version in catalog.versions(name)])


def _one(call, appid):
    """Return the data for a single application."""
    if call.text("versions-available-from"):
        every, minor = catalog.available(appid, _known(call, "versions-available-from"))
        return {"versions-available": every, "versions-available-minor": minor}
    if call.text("from-version"):
        old = _known(call, "from-version")
        return [dict(catalog.metadata(appid, new), upgrade_from=catalog.upgrade_from(appid, old, new))
                for new in catalog.versions(appid) if catalog.order(new) >= catalog.order(old)]
    version = call.text("version")
    if not version:
        return [catalog.metadata(appid, version) for version in catalog.versions(appid)]
    if catalog.release(appid, version) is None:
        raise invalid("version", "There is no such version of %s." % appid)
    return [catalog.metadata(appid, version)]


def _known(call, name):
    """Return an argument that must be a version."""
    version = call.text(name)
    if not catalog.is_version(version):
        raise invalid(name, "A version is expected.")
    return version
