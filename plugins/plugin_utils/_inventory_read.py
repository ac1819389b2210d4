# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the inventory plugin reads from the server, and which of it becomes hosts. This is a private util of the collection."""

from __future__ import annotations

import hashlib
import json
from fnmatch import fnmatchcase

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.module_utils._base.url import identity_of
from ansible_collections.hostops.installatron.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.hostops.installatron.plugins.module_utils._core.connection import client_of
from ansible_collections.hostops.installatron.plugins.module_utils._install.fields import install_result
from ansible_collections.hostops.installatron.plugins.module_utils._redaction.labels import is_secret_name
from ansible_collections.hostops.installatron.plugins.module_utils._redaction.redact import Redactor, collect
from ansible_collections.hostops.installatron.plugins.plugin_utils._inventory_names import domain_of

FILTERS = ArgumentSpec({
    "user": {"type": "str"},
    "q": {"type": "str"},
    "owned_accounts": {"type": "bool", "default": False},
    "version_available": {"type": "bool", "default": False},
    "version_available_minor": {"type": "bool", "default": False},
    "application": {"type": "list", "elements": "str"},
    "version": {"type": "list", "elements": "str"},
    "owner": {"type": "list", "elements": "str"},
    "domain": {"type": "list", "elements": "str"},
    "url": {"type": "list", "elements": "str"},
})

# The filters of section 3.5, which all take "yes".
_SWITCHES = {"owned_accounts": "filter-ownedaccounts", "version_available": "filter-version-available",
             "version_available_minor": "filter-version-available-minor"}
# Filters whose values are patterns of hosts and URLs.
_PATTERNS = ("domain", "url")
# Counts up when cached results become different from those that are read, so that an old cache is not taken for a new one.
_CACHE_FORMAT = 2
# What anybody may have written anything into, a password as well: the cache, which is a file, has none of it.
FREE_TEXTS = frozenset(("title", "sitetitle", "sitetagline", "settings"))
# What a secret may stand in though it is no secret itself.
_SEARCHED = FREE_TEXTS | {"url", "url_domain", "login", "email"}


def read_filters(values):
    """Return the filters with their types and defaults. Raises InputError that names the filter."""
    filters, messages = FILTERS.validate(dict(values or {}))
    if messages:
        raise InputError("filters: %s" % "; ".join(messages))
    if filters["user"] == "":
        raise InputError("filters.user: is empty", hint="Leave it out for the server's administrator.")
    for name in _PATTERNS:
        if filters[name] is not None:
            filters[name] = [_pattern(pattern, "filters.%s" % name) for pattern in filters[name]]
    return filters


def _pattern(text, option):
    """Return a pattern in the form that URLs are compared in: without scheme and final slash, the host in lower case."""
    host, slash, path = text.strip().rpartition("://")[2].partition("/")
    if not host.isascii():
        raise InputError("%s: %s is not written in ASCII" % (option, text), hint="Write an international name as the DNS does, xn--...")
    return (host.lower() + slash + path).rstrip("/")


def request_arguments(filters):
    """Return the arguments of C(installs) (section 3.5) that the filters ask for."""
    arguments = {argument: "yes" for name, argument in _SWITCHES.items() if filters[name]}
    if filters["q"]:
        arguments["q"] = filters["q"]
    return arguments


def cache_key(params, filters):
    """Return the name under which the results of one request are kept: other servers, users and searches have other names.

    Arguments:
        params: the connection options. filters: of read_filters(). Neither the API key nor any address can be read off the name.
    """
    server = params["cli_path"] if params["transport"] == "cli" else params["api_url"]
    parts = [_CACHE_FORMAT, params["transport"], server, filters["user"], sorted(request_arguments(filters).items())]
    return "hostops.installatron.itron_%s" % hashlib.sha256(json.dumps(parts).encode("utf-8")).hexdigest()[:32]


def read_installs(params, filters):
    """Read the server's list of installed applications in one request (section 3.5).

    Arguments:
        params: the connection options, api_key included. filters: of read_filters().

    Returns (list of documented results without secrets, list of warnings). Raises ItronError.
    """
    client, warnings = client_of(dict(params, user=filters["user"]), Redactor(collect(params)), True)
    rows = client.installs(**request_arguments(filters))
    named = [row for row in rows if row.get("id")]
    if len(named) < len(rows):
        warnings.append("installs: %d of %d applications have no id and are left out" % (len(rows) - len(named), len(rows)))
    return [_result(row, client.redactor) for row in named], warnings


def _result(row, redactor):
    """Return the documented result of a row; no text in it holds a password that stands anywhere in the list."""
    result = install_result(row, is_secret_name)
    return dict(result, **redactor.value({name: result[name] for name in _SEARCHED}))


def cacheable(installs):
    """Return the documented results without what could hold a secret."""
    return [{name: value for name, value in install.items() if name not in FREE_TEXTS} for install in installs]


def chosen(install, filters):
    """Say whether a documented result passes the filters that the server does not know."""
    if not all(filters[name] is None or str(install[name]) in filters[name] for name in ("application", "owner")):
        return False
    identity = identity_of(install["url"] or "")
    return (_matches(filters["version"], str(install["version"])) and _matches(filters["domain"], domain_of(identity))
            and _matches(filters["url"], identity))


def _matches(patterns, text):
    """Say whether a text matches one of the patterns; no patterns match everything."""
    return patterns is None or any(fnmatchcase(text, pattern) for pattern in patterns)
