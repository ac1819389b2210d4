# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The request header of section 3.1: user, reseller and websites in the API's form. This is a private util of the collection."""

from __future__ import annotations

from typing import Any

from ._errors import InputError
from ._url import normalize_url


def header(params: dict[str, Any]) -> dict[str, Any]:
    """Return user, reseller and websites of a task's options in the form of section 3.1. Raises InputError."""
    websites = params.get("websites")
    return {
        "user": params.get("user"),
        "reseller": params.get("reseller"),
        "websites": None if websites is None else [website(item, "websites[%d]" % index) for index, item in enumerate(websites)],
    }


def website(item: dict[str, Any], option: str) -> dict[str, Any]:
    """Return one website in the API's form.

    Arguments:
        item: the options of the website. option: where it stands, for error messages.
    """
    result = {name: value for name, value in item.items() if value is not None and name != "custom"}
    if "vhosts" in result:
        # In the same normal form as the url that is looked up in them.
        result["vhosts"] = {normalize_url(url, "%s.vhosts" % option): str(folder) for url, folder in result["vhosts"].items()}
    if "suspended" in result:
        result["suspended"] = "yes" if result["suspended"] else "no"
    if "databases" in result:
        result["databases"] = [{name: value for name, value in database.items() if value is not None} for database in result["databases"]]
    for name, value in (item.get("custom") or {}).items():
        if not str(name).startswith("_"):
            raise InputError("%s.custom: %s does not begin with an underscore" % (option, name),
                             hint="The API takes further values of a website only under names such as _%s." % name)
        result[str(name)] = value
    return result
