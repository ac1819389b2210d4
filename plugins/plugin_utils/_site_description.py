# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Splits descriptions of sites into account, installed application, and backup policy. This is a private util of the collection."""

from __future__ import annotations

import copy

from ansible_collections.hostops.installatron.plugins.module_utils._backups.audit import PLACE_OPTIONS, place_options
from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.module_utils._base.url import normalize_url
from ansible_collections.hostops.installatron.plugins.module_utils._installs.items import place_of

# Members of a description in addition to the options of itron_installs.
ACCOUNT, BACKUP = "account", "backup"
# Their members: the options of itron_user, and those of a backup policy.
TABLES = {
    ACCOUNT: frozenset(("type", "language", "email", "package", "update_package", "suspended", "reseller")),
    BACKUP: frozenset(("max_age", "keep", "expiry", *PLACE_OPTIONS)),
}
_HEADER = ("user", "reseller", "websites")


def site_parts(sites, defaults=None, complete=False):
    """Split the descriptions of sites by module.

    Arguments:
        sites: list of dictionaries: the options of itron_installs, and the dictionaries C(account) and C(backup).
        defaults: default values for each of them. C(settings) and C(backup) are merged key by key.
        complete: whether to add the websites of its account to an item without websites, for a dry run without the account.

    Returns a dictionary: C(accounts), the options of itron_user by user; C(installs), the items of itron_installs; C(backups), the
    backup policies by site, see _policy. Raises InputError that names the description.
    """
    if not isinstance(sites, list):
        raise InputError("the sites are not a list", hint="Write a list of dictionaries, each with at least url.")
    accounts, installs, backups = {}, [], {}
    for number, site in enumerate(sites, 1):
        site = _merged(number, site, defaults or {})
        if ACCOUNT in site:
            _add_account(accounts, number, site)
        installs.append(install_item(site))
        if site.get(BACKUP) and site.get("state", "present") == "present":
            backups[site.get("id") or normalize_url(site["url"])] = _policy(site)
    for user, account in accounts.items():
        _add_websites(account, [site for site in (_merged(number, site, defaults or {}) for number, site in enumerate(sites, 1))
                                if site.get("user") == user])
    if complete:
        installs = [dict(_known_websites(accounts, item), **item) for item in installs]
    return {"accounts": accounts, "installs": installs, "backups": backups}


def _known_websites(accounts, item):
    """Return the described websites of an item's account, if any."""
    account = accounts.get(item.get("user"), {})
    return {"websites": account["websites"]} if account.get("websites") else {}


def _merged(number, site, defaults):
    """Return one description with the defaults, without members that are not set. Raises InputError."""
    if not isinstance(site, dict):
        raise InputError("site %d is not a dictionary" % number, hint="Write each site as a dictionary with at least url.")
    merged = dict(defaults, **site)
    for name in ("settings", BACKUP):
        if isinstance(site.get(name), dict) and isinstance(defaults.get(name), dict):
            merged[name] = dict(defaults[name], **site[name])
    merged = {name: value for name, value in merged.items() if value is not None}
    if not merged.get("url") and not merged.get("id"):
        raise InputError("site %d has neither url nor id" % number)
    _check(merged, "site %d (%s)" % (number, merged.get("url") or merged.get("id")))
    return merged


def _check(site, where):
    """Raise InputError for a member that is not a dictionary or has unknown members."""
    for name, known in TABLES.items():
        table = site.get(name)
        if table is None:
            continue
        if not isinstance(table, dict):
            raise InputError("%s: %s is not a dictionary" % (where, name))
        unknown = sorted(str(key) for key in table if key not in known)
        if unknown:
            raise InputError("%s: unknown member of %s: %s" % (where, name, ", ".join(unknown)), hint="Valid members: %s." % ", ".join(sorted(known)))


def install_item(site):
    """Return the item of itron_installs for a description. Invalid items are returned unchanged for the validation.

    Raises InputError with the location of the description, if it is an Entry.
    """
    if not isinstance(site, dict) or (ACCOUNT not in site and BACKUP not in site):
        return site
    _check(site, place_of(None, site))
    item = copy.copy(site)
    item.pop(ACCOUNT, None)
    backup = item.pop(BACKUP, None) or {}
    if item.get("state", "present") == "present":
        item.update(place_options(backup))
    return item


def share_websites(sites):
    """Add the websites of the same user to each description without websites. The API requires them for commands that write.

    Raises InputError if two different websites of a user have the same id.
    """
    users = {}
    for site in sites:
        if isinstance(site, dict) and site.get("user") and site.get("websites"):
            users.setdefault(str(site["user"]), []).append(site)
    for user, given in users.items():
        account = {"user": user}
        _add_websites(account, given)
        users[user] = account["websites"]
    for site in sites if users else ():
        if isinstance(site, dict) and not site.get("websites") and str(site.get("user")) in users:
            site["websites"] = users[str(site["user"])]


def _policy(site):
    """Return the backup policy of a description with its header and install."""
    policy = {name: site[name] for name in _HEADER if name in site}
    policy.update((name, value) for name, value in site[BACKUP].items() if value is not None)
    return dict(policy, install=site.get("id") or normalize_url(site["url"]))


def _add_account(accounts, number, site):
    """Add the account of a description. Raises InputError if two descriptions of an account differ."""
    user = site.get("user")
    if not user:
        raise InputError("site %d (%s): account requires user" % (number, site.get("url") or site.get("id")))
    account = accounts.setdefault(user, {"user": user})
    given = dict(site[ACCOUNT])
    if "reseller" in site:
        given.setdefault("reseller", site["reseller"])
    for name, value in given.items():
        if value is None:
            continue
        if account.setdefault(name, value) != value:
            raise InputError("site %d (%s): account.%s of %s differs from that of another site" % (
                number, site.get("url") or site.get("id"), name, user), hint="Describe the account at only one site of the user, or identically at all sites.")


def _add_websites(account, sites):
    """Add the websites of all sites of an account, without duplicates. Raises InputError if two different websites have the same id."""
    found = []
    for site in sites:
        for website in site.get("websites", ()):
            if website in found:
                continue
            if any(other.get("id") and other.get("id") == website.get("id") for other in found):
                raise InputError("account %s: two different websites have the id %s" % (account["user"], website["id"]))
            found.append(website)
    if found:
        account["websites"] = found
