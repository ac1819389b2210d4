# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The options and the work of itron_app_facts. This is a private util of the collection."""

from __future__ import annotations

from typing import Any

from .._base.errors import InputError
from .._core.argspec import CONNECTION, HEADER, ArgumentSpec
from .._core.operation import Operation
from .._core.work import ReadWork
from .._wire.client import Client
from .catalog import available_versions, releases
from .fields import app_result

APP_FACTS = ArgumentSpec({
    "application": {"type": "list", "elements": "str"},
    "version": {"type": "str"},
    "from_version": {"type": "str"},
    "versions_available_from": {"type": "str"},
    "language": {"type": "str"},
    "name": {"type": "str"},
    "category": {"type": "list", "elements": "str"},
    "branch": {"type": "list", "elements": "str"},
    "tags": {"type": "list", "elements": "str"},
}, mutually_exclusive=[("version", "from_version", "versions_available_from")])

# Section 3.2: these arguments require exactly one application.
_SINGLE_APPLICATION = ("version", "from_version", "versions_available_from")
_FILTERS = ("name", "category", "branch", "tags")


class AppFactsWork(ReadWork):
    """The work of itron_app_facts.

    Arguments:
        client: a Client. params: the validated options of the task.
    """

    def __init__(self, client: Client, params: dict[str, Any]) -> None:
        _check(params)
        self._client = client
        self._params = params
        self._applications = list(dict.fromkeys(params.get("application") or ()))

    def read(self) -> list[dict[str, Any]]:
        """Read the entries of C(itron_apps). Raises ItronError."""
        params, names = self._params, self._applications
        language = {"language": params.get("language")}
        if params.get("versions_available_from") is not None:
            every, minor = available_versions(self._client, names[0], params["versions_available_from"], **language)
            return [{"application": names[0], "version": params["versions_available_from"],
                     "versions_available": every, "versions_available_minor": minor}]
        rows = releases(self._client, application=(names[0] if len(names) == 1 else names or None),
                        version=params.get("version"), from_version=params.get("from_version"), **language)
        return [entry for entry in map(app_result, rows) if matches(entry, params)]

    def result(self, current: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the documented result."""
        return {"ansible_facts": {"itron_apps": current}}


def _check(params: dict[str, Any]) -> None:
    """Raise InputError for options that cannot be combined."""
    names = params.get("application")
    if names is not None and not all(name.strip() for name in names or [""]):
        raise InputError("application: must not be empty", hint="Omit it to list all applications.")
    for option in _SINGLE_APPLICATION:
        if params.get(option) is not None and len(set(names or ())) != 1:
            raise InputError("%s: requires exactly one application" % option, hint="Set application to a single id.")
    used = [option for option in _FILTERS if params.get(option) is not None]
    if used and params.get("versions_available_from") is not None:
        raise InputError("%s: cannot be combined with versions_available_from, which lists only version numbers" % used[0],
                         hint="Use from_version, which lists releases.")


def matches(entry: dict[str, Any], params: dict[str, Any]) -> bool:
    """Return whether an entry matches the filters. Case is ignored, and one match in a list is sufficient.

    Arguments:
        entry: a result of app_result(). params: the validated options.
    """
    name = params.get("name")
    if name is not None and name.casefold() not in (entry["name"] or "").casefold():
        return False
    for option in ("category", "branch", "tags"):
        wanted = params.get(option)
        found = entry[option] if isinstance(entry[option], list) else [entry[option] or ""]
        if wanted is not None and not {value.casefold() for value in wanted} & {value.casefold() for value in found}:
            return False
    return True


# Names of fields in the catalog, such as passwd, do not refer to secrets.
OPERATION = Operation("itron_app_facts", APP_FACTS.merge(CONNECTION, HEADER), AppFactsWork, {},
                      public=("ansible_facts",))
