# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The catalogue of applications (section 3.2): available versions, and the fields that an application takes. This is a private util of the collection."""

from __future__ import annotations

from typing import Any

from .._base.errors import InputError, ReplyError
from .._base.versions import newest, version_key
from .._core.model import INSTALL_FIELDS
from .._redaction.labels import is_secret_name
from .._wire.client import Client
from .._wire.commands import COMMANDS

# Arguments that are no field of an application, whatever a catalogue says: a setting must not replace them.
_RESERVED = (COMMANDS["install"].arguments | COMMANDS["edit"].arguments | COMMANDS["upgrade"].arguments
             | frozenset(("cmd", "key", "user", "reseller", "websites", "background", "dryrun", "api")))


def available_versions(client: Client, application: str, version: str, **more: Any) -> tuple[list[str], list[str]]:
    """Return the versions that one can be upgraded to, as (all of them, those of the same minor series).

    Arguments:
        client: to read the catalogue with. application: its id. version: the installed one.
        more: further arguments of C(browser).
    """
    data = client.browser(application=application, versions_available_from=version, **more)
    if not isinstance(data, dict):
        raise ReplyError("browser: the lists versions-available and versions-available-minor are missing", command="browser", stage="read",
                         hint="Give an exact version instead of latest.")
    return _version_list(data.get("versions-available")), _version_list(data.get("versions-available-minor"))


def _version_list(value: Any) -> list[str]:
    """Return the versions in a list of texts or of tables with a member version."""
    items = value.values() if isinstance(value, dict) else value or ()
    return [str(item.get("version") if isinstance(item, dict) else item) for item in items]


def release_of(client: Client, application: str, version: str | None) -> dict[str, Any]:
    """Return one version of an application in the catalogue (section 3.2); its newest version if that one is not listed.

    Arguments:
        version: an exact version, or None for the newest.

    Raises InputError if the catalogue does not know the application.
    """
    rows = _releases(client, application, version) or _releases(client, application, None)
    if not rows:
        raise InputError("application: the catalogue of the server has no %s" % application,
                         hint="itron_app_facts lists what it has.")
    return max(rows, key=lambda row: version_key(row.get("version")))


def fields_of(release: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a release (section 3.2, C(fields))."""
    fields = release.get("fields")
    return fields if isinstance(fields, dict) else {}


def check_language(language: str, release: dict[str, Any], application: str) -> None:
    """Refuse a language that an application does not have (section 3.2, C(languages)).

    Arguments:
        language: its code, such as V(en) or V(zh_tw). release: of the catalogue; one that lists no languages refuses none.
        application: its id, for the error message.

    Raises InputError.
    """
    listed = release.get("languages")
    field = fields_of(release).get("language")
    options = field.get("options") if isinstance(field, dict) else None
    languages = {str(code) for group in (listed, options) if isinstance(group, (list, dict)) for code in group}
    if languages and language not in languages:
        raise InputError("language: %s has no %r" % (application, language), hint="Choose one of: %s." % ", ".join(sorted(languages)))


def _releases(client: Client, application: str, version: str | None) -> list[dict[str, Any]]:
    rows = releases(client, application=application, version=version)
    return [row for row in rows if str(row.get("appid") or row.get("id")) == application]


def releases(client: Client, **arguments: Any) -> list[dict[str, Any]]:
    """Return the releases (section 3.2) that C(browser) lists for its arguments, as a list of dictionaries; None is not sent."""
    data = client.browser(**arguments)
    if not isinstance(data, list):
        raise ReplyError("browser: data is no list of releases", command="browser", stage="read",
                         hint="Check that api_url is the address of the API.")
    return [row for row in data if isinstance(row, dict)]


def check_setting_names(settings: dict[str, str]) -> None:
    """Refuse settings that are no fields of an application but arguments of their own."""
    for name in settings:
        if name in INSTALL_FIELDS:
            raise InputError("settings: %s has an option of its own" % name, hint="Use the option %s." % name)
        if name in _RESERVED:
            raise InputError("settings: %s is an argument of the API, not a field of an application" % name)


def check_settings(settings: dict[str, str], fields: dict[str, Any], application: str) -> frozenset[str]:
    """Check settings against the fields of the catalogue, and return the names of those that are secret or cannot be read.

    Arguments:
        settings: name -> text. fields: of the catalogue. application: its id, for error messages.

    Raises InputError for an unknown field, one that cannot be set, and a value that is not among its options.
    """
    for name, value in settings.items():
        field = fields.get(name)
        if not isinstance(field, dict):
            raise InputError("settings: %s has no field %s" % (application, name), hint="Its fields are: %s." % ", ".join(_settable(fields)))
        if field.get("settable") is False:
            raise InputError("settings: the field %s of %s cannot be set" % (name, application), hint="Leave it out.")
        options = field.get("options")
        if isinstance(options, dict) and options and value not in options:
            raise InputError("settings: %s of %s cannot be %r" % (name, application, value),
                             hint="Choose one of: %s." % ", ".join(sorted(options)))
    return frozenset(name for name in settings if is_secret_name(name) or fields[name].get("type") == "password"
                     or fields[name].get("gettable") is False)


def _settable(fields: dict[str, Any]) -> list[str]:
    return sorted(name for name, field in fields.items()
                  if isinstance(field, dict) and field.get("settable") is not False and name not in INSTALL_FIELDS and name != "version") or ["none"]


def newest_version(versions: list[str], installed: str) -> str | None:
    """Return the newest of the versions one can upgrade to, or the installed one if none is newer."""
    return newest([installed] + [version for version in versions if version_key(version) > version_key(installed)])
