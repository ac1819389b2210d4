# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Options and work of itron_install_info. This is a private util of the collection."""

from __future__ import annotations

from typing import Any, NamedTuple

from .._base.errors import RefusedError
from .._base.url import normalize_url, site_identity
from .._core.argspec import CONNECTION, HEADER, ArgumentSpec
from .._core.model import wanted_members
from .._core.operation import Operation
from .._core.work import ReadWork
from .._redaction.labels import is_secret_name
from .._wire.client import Client
from .fields import INSTALL_MEMBERS, install_result
from .origin import rows_at_url

INSTALL_INFO = ArgumentSpec({
    "id": {"type": "str"},
    "url": {"type": "str"},
    "q": {"type": "str"},
    "owned_accounts": {"type": "bool", "default": False},
    "version_available": {"type": "bool", "default": False},
    "version_available_minor": {"type": "bool", "default": False},
    "addons": {"type": "bool", "default": False},
    "refresh": {"type": "bool", "default": False},
    "fields": {"type": "list", "elements": "str"},
    "as_json": {"type": "bool", "default": False},
}, mutually_exclusive=[("id", "url", "q")])

# The filters of section 3.5. Each accepts "yes".
_FILTERS = {"owned_accounts": "filter-ownedaccounts", "version_available": "filter-version-available",
            "version_available_minor": "filter-version-available-minor"}
# Section 3.7: only this application has plugins and themes.
_WITH_ADDONS = "wordpress"


class InstallList(NamedTuple):
    """Rows of C(installs), with the data of visits, and (row, error) of each refused visit."""

    rows: list[dict[str, Any]]
    refused: list[tuple[dict[str, Any], RefusedError]]


class InstallInfoWork(ReadWork):
    """Reads installed applications for itron_install_info.

    Arguments:
        client: a Client. params: the validated options of the task.
    """

    def __init__(self, client: Client, params: dict[str, Any]) -> None:
        self._client = client
        self._id = params.get("id")
        self._url = normalize_url(params["url"]) if params.get("url") is not None else None
        self._q = params.get("q")
        self._filters = {argument: "yes" for option, argument in _FILTERS.items() if params[option]}
        self._addons = params["addons"]
        self._refresh = params["refresh"]
        self._fields = wanted_members(params.get("fields"), INSTALL_MEMBERS)

    def read(self) -> InstallList:
        """Return the InstallList. Raises ItronError."""
        rows = self._at_url(self._url) if self._url else self._listed()
        chosen = [row for row in rows if self._is_visited(row)]
        if not chosen:
            return InstallList(rows, [])
        visits = {}
        for number, row in enumerate(chosen):
            visits[row["id"]] = self._visit(row)
            self.report("view: %d of %d sites visited" % (number + 1, len(chosen)))
        return InstallList([_with_visit(row, visits.get(row["id"])) for row in rows],
                           [(row, visit) for row in chosen if isinstance(visit := visits[row["id"]], RefusedError)])

    def _listed(self) -> list[dict[str, Any]]:
        """Return the rows of C(installs) for a search or an id, or all rows."""
        rows = self._client.installs(q=self._q, id=self._id, **self._filters)
        return rows if self._id is None else [row for row in rows if str(row.get("id")) == self._id]

    def _at_url(self, url: str) -> list[dict[str, Any]]:
        """Return the rows at the URL. If a search finds none, check the whole list."""
        for search in ({"q": site_identity(url)}, {}):
            rows = rows_at_url(self._client.installs(**dict(search, **self._filters)), url)
            if rows:
                return rows
        return []

    def _is_visited(self, row: dict[str, Any]) -> bool:
        return self._refresh or (self._addons and str(row.get("installer")) == _WITH_ADDONS)

    def _visit(self, row: dict[str, Any]) -> dict[str, Any] | RefusedError:
        """Return the reply of C(view), or the RefusedError. Raises RefusedError if the task names a single site."""
        try:
            return self._client.view(row["id"], addons=self._addons and str(row.get("installer")) == _WITH_ADDONS)
        except RefusedError as error:
            if self._id or self._url:
                raise
            return error

    def check(self, current: InstallList) -> list[str]:
        """Return a warning that names the sites that could not be visited."""
        if not current.refused:
            return []
        ids = ", ".join(str(row["id"]) for row, _error in current.refused)
        return ["view: the server refused to visit %d of the sites (%s); their entries contain only the data of the list" % (len(current.refused), ids)]

    def result(self, current: InstallList) -> dict[str, Any]:
        """Return the documented result."""
        return {"installs": [install_result(row, is_secret_name, self._fields) for row in current.rows],
                "not_visited": [{"id": str(row["id"]), "url": str(row.get("url")), "errcode": error.errcode,
                                 "msg": error.text()} for row, error in current.refused]}


def _with_visit(row: dict[str, Any], visit: dict[str, Any] | RefusedError | None) -> dict[str, Any]:
    """Return a row with the data of the visit to its site, if there is any."""
    return dict(row, **visit) if isinstance(visit, dict) else row


OPERATION = Operation("itron_install_info", INSTALL_INFO.merge(CONNECTION, HEADER), InstallInfoWork,
                      {"installs": [], "not_visited": []})
