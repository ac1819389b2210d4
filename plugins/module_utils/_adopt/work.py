# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Options and work of itron_adopt. This is a private util of the collection."""

from __future__ import annotations

from typing import Any, NamedTuple

from .._apps.catalog import fields_of, release_of
from .._base.errors import InputError
from .._core.argspec import CONNECTION, HEADER, REST, ArgumentSpec
from .._core.model import wanted_members
from .._core.operation import Operation
from .._core.work import ReadWork
from .._fleet.fleet import scope
from .._redaction.redact import Redactor
from .._wire.client import Client
from .describe import DEFAULT_FIELDS, FIELDS, Catalog, Description, describe_account, describe_sites

ADOPT = ArgumentSpec({
    "dest": {"type": "path"},
    "file_for": {"type": "str", "choices": ["owner", "application"], "default": "owner"},
    "owned_accounts": {"type": "bool", "default": True},
    "accounts": {"type": "bool", "default": False},
    "fields": {"type": "list", "elements": "str"},
    "defaults": {"type": "dict"},
    "gone": {"type": "str", "choices": ["keep", "remove"], "default": "keep"},
})


class Estate(NamedTuple):
    """The state of the server. rows: of C(installs). users: rows of v2. fields: application -> its fields in the catalog."""

    rows: list[dict[str, Any]]
    users: list[dict[str, Any]]
    fields: dict[str, dict[str, Any]]


class AdoptWork(ReadWork):
    """Describes sites and accounts for itron_adopt. The action plugin writes the files.

    Arguments:
        client: a Client. params: the validated options of the task.
    """

    def __init__(self, client: Client, params: dict[str, Any]) -> None:
        self._client = client
        self._params = params
        if params["dest"] is not None:
            raise InputError("dest: only the action plugin can write the files, and the module runs without it",
                             hint="Call the module by its full name, hostops.installatron.itron_adopt, or omit dest and use the sites of the result.")
        self._names = wanted_members(params["fields"], FIELDS) or frozenset(DEFAULT_FIELDS)

    def read(self) -> Estate:
        """Return the Estate. Raises ItronError."""
        rows = self._client.installs(**scope(self._params["owned_accounts"]))
        return Estate(rows, self._client.users() if self._params["accounts"] else [], self._fields(rows))

    def _fields(self, rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Return the fields of all installed applications. An application that is not in the catalog has none."""
        if "settings" not in self._names:
            return {}
        found = {}
        for application in sorted({str(row.get("installer")) for row in rows}):
            try:
                found[application] = fields_of(release_of(self._client, application, None))
            except InputError:
                found[application] = {}
        return found

    def result(self, current: Estate) -> dict[str, Any]:
        """Return the documented result."""
        redactor: Redactor = self._client.redactor
        sites = describe_sites(current.rows, Catalog(current.fields, self._names), redactor.value)
        owners = {site.options.get("user") for site in sites}
        accounts = [describe_account(row, redactor.value) for row in current.users if str(row.get("id")) in owners]
        return {"sites": [_member("id", site) for site in sites],
                "accounts": [_member("user", account) for account in sorted(accounts, key=lambda account: account.id)]}


def _member(key: str, description: Description) -> dict[str, Any]:
    """Return a Description in the form of the result. left_out is a list because a member C(passwd) would be masked. key: name of the id."""
    return {key: description.id, "options": description.options, "incomplete": description.incomplete,
            "left_out": [{"option": option, "reason": reason} for option, reason in description.left_out.items()]}


OPERATION = Operation("itron_adopt", ADOPT.merge(CONNECTION, HEADER, REST), AdoptWork, {"sites": [], "accounts": []})
