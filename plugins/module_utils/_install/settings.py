# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Checks the settings and language of an application against the catalog (section 3.2). This is a private util of the collection."""

from __future__ import annotations

from typing import Any

from .._apps.catalog import fields_of
from .._base.errors import InputError
from .._redaction.labels import is_secret_name
from .._wire.commands import COMMANDS
from .fields import INSTALL_FIELDS

# Arguments that are never a field of an application, even if a catalog lists them. A setting must not replace them.
RESERVED = (COMMANDS["install"].arguments | COMMANDS["edit"].arguments | COMMANDS["upgrade"].arguments
            | frozenset(("cmd", "key", "user", "reseller", "websites", "background", "dryrun", "api")))


def check_language(language: str, release: dict[str, Any], application: str) -> None:
    """Raise InputError for a language that an application does not have (section 3.2, C(languages)).

    Arguments:
        language: its code, such as V(en) or V(zh_tw). release: from the catalog; if it lists no languages, any is accepted.
        application: its id, for the error message.
    """
    listed = release.get("languages")
    field = fields_of(release).get("language")
    options = field.get("options") if isinstance(field, dict) else None
    languages = {str(code) for group in (listed, options) if isinstance(group, (list, dict)) for code in group}
    if languages and language not in languages:
        raise InputError("language: %s does not support %r" % (application, language), hint="Choose one of: %s." % ", ".join(sorted(languages)))


def check_setting_names(settings: dict[str, str]) -> None:
    """Raise InputError for settings that are arguments of the API instead of fields of an application."""
    for name in settings:
        if name in INSTALL_FIELDS:
            raise InputError("settings: %s is a separate option" % name, hint="Use the option %s." % name)
        if name in RESERVED:
            raise InputError("settings: %s is an argument of the API, not a field of an application" % name)


def check_settings(settings: dict[str, str], fields: dict[str, Any], application: str) -> frozenset[str]:
    """Check settings against the fields of the catalog. Return the names of settings that are secret or cannot be read.

    Arguments:
        settings: name -> text. fields: from the catalog. application: its id, for error messages.

    Raises InputError for an unknown field, a field that cannot be set, and an invalid value.
    """
    for name, value in settings.items():
        field = fields.get(name)
        if not isinstance(field, dict):
            raise InputError("settings: %s has no field %s" % (application, name), hint="Fields: %s." % ", ".join(_settable(fields)))
        if field.get("settable") is False:
            raise InputError("settings: the field %s of %s cannot be set" % (name, application), hint="Remove it from settings.")
        options = field.get("options")
        if isinstance(options, dict) and options and value not in options:
            raise InputError("settings: %s of %s cannot be %r" % (name, application, value),
                             hint="Choose one of: %s." % ", ".join(sorted(options)))
    return frozenset(name for name in settings if is_secret_name(name) or fields[name].get("type") == "password"
                     or fields[name].get("gettable") is False)


def _settable(fields: dict[str, Any]) -> list[str]:
    return sorted(name for name, field in fields.items()
                  if isinstance(field, dict) and field.get("settable") is not False and name not in INSTALL_FIELDS and name != "version") or ["none"]
