# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The request header of section 3.1: user, reseller and websites in the API's form. This is a private util of the collection."""

from __future__ import annotations

import re
from typing import Any

from .._base.errors import InputError
from .._base.uri import mask_uri
from .._base.url import normalize_url

# According to section 3.1, account names are alphanumeric. Control panels also use these special characters.
_ACCOUNT = re.compile(r"[A-Za-z0-9._@-]+")
# Section 3.1: an absolute path, or a URI with a host.
_LOCATION = re.compile(r"/|[a-z0-9]+://[^/]")


def header(params: dict[str, Any]) -> dict[str, Any]:
    """Return user, reseller and websites from the options of a task, in the form of section 3.1. Raises InputError."""
    websites = params.get("websites")
    for option in ("user", "reseller"):
        if params.get(option) is not None and not _ACCOUNT.fullmatch(params[option]):
            raise InputError("%s: %r is not a valid account name" % (option, params[option]),
                             hint="The API accepts letters, digits, and the characters . _ @ -")
    return {
        "user": params.get("user"),
        "reseller": params.get("reseller"),
        "websites": None if websites is None else [website(item, "websites[%d]" % index) for index, item in enumerate(websites)],
    }


def website(item: dict[str, Any], option: str) -> dict[str, Any]:
    """Return one website in the API's form. Raises InputError.

    Arguments:
        item: the options of the website. option: name of the option, for error messages.
    """
    result = {name: value for name, value in item.items() if value is not None and name != "custom"}
    if "path" in result and not _LOCATION.match(result["path"]):
        raise InputError("%s.path: %r is neither an absolute path nor a URI with a host" % (option, mask_uri(result["path"])))
    for name in ("uid", "gid"):
        # YAML reads "no" as False, which equals 0, the id of root.
        if isinstance(result.get(name), bool) or result.get(name, 0) < 0:
            raise InputError("%s.%s: must be a number, 0 or more" % (option, name))
    if "vhosts" in result:
        # The server compares url with these, so both need the same normal form.
        result["vhosts"] = {normalize_url(url, "%s.vhosts" % option): str(folder) for url, folder in result["vhosts"].items()}
    if "suspended" in result:
        result["suspended"] = "yes" if result["suspended"] else "no"
    if "databases" in result:
        result["databases"] = [{name: value for name, value in database.items() if value is not None} for database in result["databases"]]
    for name, value in (item.get("custom") or {}).items():
        if not str(name).startswith("_"):
            raise InputError("%s.custom: %s does not begin with an underscore" % (option, name),
                             hint="The API accepts additional values of a website only under names such as _%s." % name)
        result[str(name)] = value
    return result
