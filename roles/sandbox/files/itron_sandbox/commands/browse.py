# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""browser: the catalogue (section 3.2)."""

from .. import catalogue
from ..errors import invalid, not_found
from ..wire import Reply


def answer(call):
    """Return release meta data, or the versions an install can be upgraded to."""
    call.text("language")
    wanted = call.arguments.get("application")
    if wanted in (None, "", []):
        names = list(catalogue.applications())
        return Reply(True, "The task is complete.\n",
                     [catalogue.metadata(name, catalogue.latest(name)) for name in names])
    names = [str(name) for name in wanted] if isinstance(wanted, list) else [call.text("application")]
    for name in names:
        if name not in catalogue.applications():
            raise not_found("application", "application")
    if len(names) == 1:
        return Reply(True, "The task is complete.\n", _one(call, names[0]))
    return Reply(True, "The task is complete.\n",
                 [catalogue.metadata(name, version) for name in names for version in catalogue.versions(name)])


def _one(call, appid):
    """Return what the arguments for a single application ask for."""
    if call.text("versions-available-from"):
        every, minor = catalogue.available(appid, _known(call, "versions-available-from"))
        return {"versions-available": every, "versions-available-minor": minor}
    if call.text("from-version"):
        old = _known(call, "from-version")
        return [dict(catalogue.metadata(appid, new), upgrade_from=catalogue.upgrade_from(appid, old, new))
                for new in catalogue.versions(appid) if catalogue.order(new) >= catalogue.order(old)]
    version = call.text("version")
    if not version:
        return [catalogue.metadata(appid, version) for version in catalogue.versions(appid)]
    if catalogue.release(appid, version) is None:
        raise invalid("version", "There is no such version of %s." % appid)
    return [catalogue.metadata(appid, version)]


def _known(call, name):
    """Return an argument that holds a version."""
    version = call.text(name)
    if not catalogue.is_version(version):
        raise invalid(name, "A version is expected.")
    return version
