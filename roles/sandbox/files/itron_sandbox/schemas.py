# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of a request against the specification: its JSON Schema, and the arguments in the command's table."""

import functools
import json
from pathlib import Path

from . import catalog

FOLDER = Path(__file__).parent / "schemas"
# Commands whose table also lists the fields of the application (sections 3.3 and 3.8).
WITH_FIELDS = ("install", "edit")


def errors(command, arguments):
    """Return the schema violations of the `arguments` of a request, as sentences."""
    validator = _validator(command)
    return ["%s: %s" % (error.json_path, _message(error)) for error in validator.iter_errors(arguments)]


def undocumented(command, arguments, appid=None):
    """Return the names of arguments that are neither in the header nor in the command's table.

    For install and edit, the settable fields of the application `appid` count as listed.
    """
    known = set(_load("header")["properties"]) | set(_load(command)["properties"])
    if command in WITH_FIELDS and appid in catalog.applications():
        fields = catalog.applications()[appid]["fields"]
        known |= {name for name, field in fields.items() if field["settable"]}
    return sorted(name for name in arguments if name not in known)


def known(command):
    """Return whether the command has a schema."""
    return command != "header" and (FOLDER / ("%s.json" % command)).is_file() and "/" not in command


@functools.cache
def _load(name):
    """Return the schema in a file."""
    return json.loads((FOLDER / ("%s.json" % name)).read_text(encoding="utf-8"))


@functools.cache
def _validator(command):
    """Return the validator for a command's schema, which refers to the schema of the header."""
    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource
    registry = Registry().with_resource("header.json", Resource.from_contents(_load("header")))
    return Draft202012Validator(_load(command), registry=registry,
                                format_checker=Draft202012Validator.FORMAT_CHECKER)


def _message(error):
    """Return the reason without the value, because a request can contain secrets."""
    if error.validator in ("required", "additionalProperties", "dependentRequired"):
        return error.message
    return "does not fit %s" % error.validator
