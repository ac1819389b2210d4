# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The options and the work of itron_user. This is a private util of the collection."""

from __future__ import annotations

from typing import Any

from .._base.errors import InputError, ItronError, NoRestError, ReplyError, TaskError
from .._core.argspec import CONNECTION, HEADER, REST, ArgumentSpec
from .._core.model import normal
from .._core.operation import Operation
from .._core.plan import Plan, Step
from .._core.work import Work
from .._redaction.labels import is_secret_name
from .._wire.client import Answer, Client
from .._wire.header import header
from .fields import USER_FIELDS, user_result
from .plan import CurrentUser, DesiredUser, owned_accounts, plan_user, user_differences
from .websites import check_websites

USER = ArgumentSpec({
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "type": {"type": "str", "choices": ["user", "reseller"]},
    "language": {"type": "str"},
    "email": {"type": "str"},
    "package": {"type": "str"},
    "update_package": {"type": "str", "choices": ["with_changes", "always"], "default": "with_changes"},
    "suspended": {"type": "bool"},
    "users_api": {"type": "str", "choices": ["auto", "v1", "v2"], "default": "auto"},
    "force": {"type": "bool", "default": False},
}, required_if=[("state", "present", ["user"]), ("state", "absent", ["user"])])


def desired_user(params: dict[str, Any]) -> DesiredUser:
    """Return the DesiredUser for the options of a task. Raises InputError that names the option."""
    websites = header(params)["websites"]
    if websites is not None:
        check_websites(websites)
    fields = {option: normal(field, params[option]) for option, field in USER_FIELDS.items()
              if params.get(option) is not None}
    if fields.get("reseller") == params["user"]:
        raise InputError("reseller: an account cannot own itself")
    return DesiredUser(params["state"], checked_name(params["user"]), fields, websites, params["force"], params["update_package"])


def checked_name(name: str) -> str:
    """Return the name of an account, which becomes part of a URL. Raises InputError for a name with a special meaning in a path."""
    if not name or name.strip(".") == "" or name != name.strip():
        raise InputError("user: %r is not a valid account name" % name, hint="The API accepts letters and digits.")
    return name


def read_user(client: Client, name: str) -> dict[str, Any] | None:
    """Return one account in the form of v2, or None if it does not exist. Raises ItronError, and NoRestError without v2."""
    row = client.user(name)
    if row is not None and str(row.get("id")) != name:
        raise ReplyError(
            "GET /users/%s: the server returned another account" % name, command="users", stage="read",
            hint="Check rest_url (ITRON_REST_URL): it must be the address that /users/%s is appended to." % name)
    return row


class UserWork(Work):
    """The work of itron_user: one user or reseller on one server (see Work).

    Arguments:
        client: a Client. params: the validated options of the task.
    """

    def __init__(self, client: Client, params: dict[str, Any]) -> None:
        self._client = client
        self._desired = desired_user(params)
        self._users_api = params["users_api"]

    # --- reading ---

    def read(self) -> CurrentUser:
        """Read the account, and for C(absent) its installed applications and owned accounts. Raises ItronError."""
        current = self._read_account()
        if self._desired.state == "present" or (current.readable and current.row is None):
            return current
        installs = self._client.installs(filter_ownedaccounts="yes")
        accounts: list[str] = []
        if current.row is not None and str(current.row.get("type")) == "reseller":
            accounts = owned_accounts(self._client.users(), self._desired.name)
        return current._replace(installs=tuple(installs), accounts=tuple(accounts))

    def _read_account(self) -> CurrentUser:
        """Return the CurrentUser without installed applications and owned accounts. Only a request shows whether the server has v2."""
        if self._users_api == "v1":
            return CurrentUser(None, False)
        try:
            return CurrentUser(read_user(self._client, self._desired.name), True)
        except NoRestError:
            if self._users_api == "v2":
                raise
            return CurrentUser(None, False)

    # --- planning ---

    def plan(self, current: CurrentUser) -> Plan:
        """Return the Plan for the current state; pure."""
        return plan_user(self._desired, current)

    def predict(self, plan: Plan, current: CurrentUser) -> CurrentUser:
        """Return the expected state after the plan."""
        if not plan.steps:
            return current
        if self._desired.state == "absent":
            return current._replace(row=None)
        row = dict(current.row or {"id": self._desired.name})
        row.update((USER_FIELDS[option].keys[0], value) for option, value in self._desired.fields.items())
        if self._desired.websites is not None:
            row["websites"] = self._desired.websites
        return current._replace(row=row)

    # --- verification ---

    def blind(self, current: CurrentUser) -> bool:
        """Return whether the server has no v2, so that accounts cannot be read."""
        return not current.readable

    def is_harmless(self, step: Step, current: CurrentUser, error: ItronError) -> bool:
        """Return whether C(deleteuser) was rejected because the unreadable account does not exist."""
        return step.command == "deleteuser" and not current.readable and error.errcode == "user_not_found"

    def look(self, step: Step, current: CurrentUser) -> CurrentUser:
        """Read the account again and return the state. Raises ItronError if it cannot be read."""
        if not current.readable:
            raise ItronError("the server has no REST interface (v2) for reading users", stage="verify")
        return current._replace(row=read_user(self._client, self._desired.name))

    def is_applied(self, step: Step, current: CurrentUser) -> bool:
        """Return whether the server shows the effect of a step."""
        now = self.look(step, current)
        return now.row is None if step.command == "deleteuser" else now.row is not None and not self._differing(now.row)

    def _differing(self, row: dict[str, Any]) -> list[str]:
        """Return the options that differ from a row of v2."""
        options, websites, _hidden = user_differences(self._desired, row)
        return options + (["websites"] if websites else [])

    def read_again(self, plan: Plan, current: CurrentUser, answer: Answer | None) -> CurrentUser:
        """Read the state after the step. Raises TaskError if the server does not show its effect."""
        if not current.readable:
            return self.predict(plan, current)
        step = plan.steps[-1]
        now = self.look(step, current)
        if (now.row is None) != (step.command == "deleteuser"):
            raise TaskError("%s: the server reported success, but the user is %s" % (
                step.command, "missing" if now.row is None else "still there"), command=step.command, stage="verify",
                hint="Check the server's log, then run the play again.")
        return now

    def shortfall(self, plan: Plan, current: CurrentUser) -> list[str]:
        """Return warnings about accepted values that the server does not show, so that the next run sends them again."""
        if not current.readable or current.row is None:
            return []
        message = "%s: the server accepted the value, but shows another value or none; the next run sends it again"
        return [message % option for option in self._differing(current.row) if option in plan.after]

    def result(self, current: CurrentUser) -> dict[str, Any]:
        """Return the documented result."""
        return {"user": user_result(current.row, is_secret_name)}


OPERATION = Operation("itron_user", USER.merge(CONNECTION, HEADER, REST), UserWork, {"user": None})
