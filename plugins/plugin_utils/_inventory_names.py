# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of inventory hosts for installed applications. This is a private util of the collection."""

from __future__ import annotations

import re
from collections import Counter

from ansible_collections.hostops.installatron.plugins.module_utils._base.url import identity_of

# Other characters have a meaning in host patterns (, : & ! [ ] * ? ~) or file names (/).
_FOREIGN = re.compile(r"[^A-Za-z0-9._-]")
_LOOPBACK = "127.0.0.1"
# Limit of names in a warning.
_LISTED = 5


def host_names(installs, choice):
    """Return the host names of installed applications.

    A name depends only on the URL and the id of the application. If several applications would have the same name, all of them
    have their id appended, so that a name never moves to another site.

    Arguments:
        installs: documented results (install_result), each with C(id), C(url), and C(url_domain).
        choice: V(url), V(domain), or V(id).

    Returns (list of names in the order of the results, list of warnings).
    """
    plain = [_name(install, choice) for install in installs]
    counts = Counter(plain)
    shared = sorted(name for name, count in counts.items() if count > 1)
    names = [name if counts[name] == 1 and (choice == "id" or not _ambiguous(name)) else "%s_%s" % (name, legal(str(install["id"])))
             for name, install in zip(plain, installs)]
    warnings = []
    if shared:
        warnings.append("hostname: %d names belong to several sites (%s); the id is appended to each of them" % (
            len(shared), _listing(shared)))
    return names, warnings


def _name(install, choice):
    """Return the name of one host. Without a URL, it is the id."""
    if choice == "id" or not install["url"]:
        return legal(str(install["id"]))
    identity = identity_of(install["url"])
    return legal(identity if choice == "url" else domain_of(identity))


def domain_of(identity):
    """Return the host of a site_identity, without port and path."""
    return re.sub(r":\d+$", "", identity.partition("/")[0])


def legal(text):
    """Return a text with underscores in place of all characters except letters, digits, dots, dashes, and underscores."""
    # Drop the brackets of an IPv6 address.
    name = _FOREIGN.sub("_", text.replace("[", "").replace("]", ""))
    return "_" + name[1:] if name.startswith("-") else name


def _ambiguous(name):
    """Return whether a name could be that of a group or of the controller itself."""
    return "." not in name or name == _LOOPBACK


def _listing(names):
    return ", ".join(names[:_LISTED]) + (", ..." if len(names) > _LISTED else "")
