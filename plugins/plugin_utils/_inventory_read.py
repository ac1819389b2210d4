# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads and filters installed applications for the inventory plugin. This is a private util of the collection."""

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

# The filters of section 3.5. Each accepts "yes".
_SWITCHES = {"owned_accounts": "filter-ownedaccounts", "version_available": "filter-version-available",
             "version_available_minor": "filter-version-available-minor"}
# Filters with patterns of hosts and URLs.
_PATTERNS = ("domain", "url")
# Must be incremented when the format of cached results changes, so that an old cache is not used.
_CACHE_FORMAT = 2
# Members that may contain any text, including passwords. They must not be stored in the cache, which is a file.
FREE_TEXTS = frozenset(("title", "sitetitle", "sitetagline", "settings"))
# Members that are not secret but may contain a secret.
_SEARCHED = FREE_TEXTS | {"url", "url_domain", "login", "email"}


def read_filters(values):
    """Return the filters with their types and defaults. Raises InputError that names the filter."""
    filters, messages = FILTERS.validate(dict(values or {}))
    if messages:
        raise InputError("filters: %s" % "; ".join(messages))
    if filters["user"] == "":
        raise InputError("filters.user: must not be empty", hint="Omit it for the server's administrator.")
    for name in _PATTERNS:
        if filters[name] is not None:
            filters[name] = [_pattern(pattern, "filters.%s" % name) for pattern in filters[name]]
    return filters


def _pattern(text, option):
    """Return a pattern in the normal form for comparing URLs: without scheme and trailing slash, with the host in lower case."""
    host, slash, path = text.strip().rpartition("://")[2].partition("/")
    if not host.isascii():
        raise InputError("%s: %s contains characters other than ASCII" % (option, text), hint="Use the ASCII form of international names, xn--...")
    return (host.lower() + slash + path).rstrip("/")


def request_arguments(filters):
    """Return the arguments of C(installs) (section 3.5) for the filters."""
    arguments = {argument: "yes" for name, argument in _SWITCHES.items() if filters[name]}
    if filters["q"]:
        arguments["q"] = filters["q"]
    return arguments


def cache_key(params, filters):
    """Return the cache key for the results of one request. It is unique for each server, user, and search.

    Arguments:
        params: the connection options. filters: of read_filters(). The key reveals neither the API key nor any address.
    """
    server = params["cli_path"] if params["transport"] == "cli" else params["api_url"]
    parts = [_CACHE_FORMAT, params["transport"], server, filters["user"], sorted(request_arguments(filters).items())]
    return "hostops.installatron.itron_%s" % hashlib.sha256(json.dumps(parts).encode("utf-8")).hexdigest()[:32]


def read_installs(params, filters):
    """Read the server's list of installed applications in one request (section 3.5).

    Arguments:
        params: the connection options with api_key. filters: of read_filters().

    Returns (list of documented results without secrets, list of warnings). Raises ItronError.
    """
    client, warnings = client_of(dict(params, user=filters["user"]), Redactor(collect(params)), True)
    rows = client.installs(**request_arguments(filters))
    named = [row for row in rows if row.get("id")]
    if len(named) < len(rows):
        warnings.append("installs: %d of %d applications have no id and are omitted" % (len(rows) - len(named), len(rows)))
    return [_result(row, client.redactor) for row in named], warnings


def _result(row, redactor):
    """Return the documented result of a row. All passwords in the list are masked in its texts."""
    result = install_result(row, is_secret_name)
    return dict(result, **redactor.value({name: result[name] for name in _SEARCHED}))


def cacheable(installs):
    """Return the documented results without members that may contain a secret."""
    return [{name: value for name, value in install.items() if name not in FREE_TEXTS} for install in installs]


def chosen(install, filters):
    """Return whether a documented result matches the filters that the server does not support."""
    if not all(filters[name] is None or str(install[name]) in filters[name] for name in ("application", "owner")):
        return False
    identity = identity_of(install["url"] or "")
    return (_matches(filters["version"], str(install["version"])) and _matches(filters["domain"], domain_of(identity))
            and _matches(filters["url"], identity))


def _matches(patterns, text):
    """Return whether a text matches one of the patterns, or there are none."""
    return patterns is None or any(fnmatchcase(text, pattern) for pattern in patterns)
