# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The options and the work of itron_user_info. This is a private util of the collection."""

from __future__ import annotations

from typing import Any

from .._core.argspec import CONNECTION, HEADER, REST, ArgumentSpec
from .._core.operation import Operation
from .._core.work import ReadWork
from .._redaction.labels import is_secret_name
from .._wire.client import Client
from .fields import user_result
from .plan import owned_accounts
from .work import checked_name, read_user

USER_INFO = ArgumentSpec({
    "owned_accounts": {"type": "bool", "default": False},
})


class UserInfoWork(ReadWork):
    """The work of itron_user_info.

    Arguments:
        client: a Client. params: the validated options of the task.
    """

    def __init__(self, client: Client, params: dict[str, Any]) -> None:
        self._client = client
        self._name = None if params.get("user") is None else checked_name(params["user"])
        self._owned = params["owned_accounts"]

    def read(self) -> list[dict[str, Any]]:
        """Return the accounts in the form of v2. Raises ItronError."""
        if self._name is None:
            return self._client.users()
        if not self._owned:
            row = read_user(self._client, self._name)
            return [] if row is None else [row]
        rows = self._client.users()
        wanted = {self._name, *owned_accounts(rows, self._name)}
        return [row for row in rows if str(row.get("id")) in wanted]

    def result(self, current: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the documented result."""
        return {"users": [user_result(row, is_secret_name) for row in current]}


OPERATION = Operation("itron_user_info", USER_INFO.merge(CONNECTION, HEADER, REST), UserInfoWork, {"users": []})
