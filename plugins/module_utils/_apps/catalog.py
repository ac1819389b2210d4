# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The catalog of applications (section 3.2): available versions, and the fields of an application. This is a private util of the collection."""

from __future__ import annotations

from typing import Any

from .._base.errors import InputError, ReplyError
from .._base.versions import newest, version_key
from .._wire.client import Client


def available_versions(client: Client, application: str, version: str, **more: Any) -> tuple[list[str], list[str]]:
    """Return the versions that an application can be upgraded to, as (all versions, versions of the same minor series).

    Arguments:
        client: a Client. application: id of the application. version: the installed version.
        more: additional arguments of C(browser).
    """
    data = client.browser(application=application, versions_available_from=version, **more)
    if not isinstance(data, dict):
        raise ReplyError("browser: the lists versions-available and versions-available-minor are missing", command="browser", stage="read",
                         hint="Set an exact version instead of latest.")
    return _version_list(data.get("versions-available")), _version_list(data.get("versions-available-minor"))


def _version_list(value: Any) -> list[str]:
    """Return the versions in a list of strings, or of dictionaries with a member version."""
    items = value.values() if isinstance(value, dict) else value or ()
    return [str(item.get("version") if isinstance(item, dict) else item) for item in items]


def release_of(client: Client, application: str, version: str | None) -> dict[str, Any]:
    """Return the catalog entry of one version of an application (section 3.2), or of its newest version if that one is not listed.

    Arguments:
        version: an exact version, or None for the newest.

    Raises InputError if the catalog does not contain the application.
    """
    rows = _releases(client, application, version) or _releases(client, application, None)
    if not rows:
        raise InputError("application: the catalog of the server has no %s" % application,
                         hint="itron_app_facts lists the catalog.")
    return max(rows, key=lambda row: version_key(row.get("version")))


def fields_of(release: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a release (section 3.2, C(fields))."""
    fields = release.get("fields")
    return fields if isinstance(fields, dict) else {}


def _releases(client: Client, application: str, version: str | None) -> list[dict[str, Any]]:
    rows = releases(client, application=application, version=version)
    return [row for row in rows if str(row.get("appid") or row.get("id")) == application]


def releases(client: Client, **arguments: Any) -> list[dict[str, Any]]:
    """Return the releases (section 3.2) that C(browser) lists, as a list of dictionaries. Arguments with the value None are not sent."""
    data = client.browser(**arguments)
    if not isinstance(data, list):
        raise ReplyError("browser: data is not a list of releases", command="browser", stage="read",
                         hint="Check that api_url is the address of the API.")
    return [row for row in data if isinstance(row, dict)]


def newest_version(versions: list[str], installed: str) -> str | None:
    """Return the newest available version, or the installed version if no newer one is available."""
    return newest([installed] + [version for version in versions if version_key(version) > version_key(installed)])
