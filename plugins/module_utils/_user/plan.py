# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Planning of users and resellers (sections 4.3 and 4.4); pure. This is a private util of the collection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from .._base.errors import ItronError
from .._core.model import KINDS, UNKNOWN, actual, same, to_argument
from .._core.plan import NOTHING, Plan, Step
from .fields import USER_FIELDS
from .websites import WebsiteDifference, compare_websites


class DesiredUser(NamedTuple):
    """The desired state of one account.

    state: C(present) or C(absent). name: name of the account. fields: option -> normal form, for the specified options of
    USER_FIELDS. websites: websites in API form (section 3.1), or None to keep the current ones. force: whether to delete an account
    with installed applications or owned accounts. update_package: C(with_changes) or C(always).
    """

    state: str
    name: str
    fields: dict[str, Any]
    websites: list[dict[str, Any]] | None
    force: bool
    update_package: str


class CurrentUser(NamedTuple):
    """The current state of one account.

    row: the account in the form of v2, or None if it does not exist. readable: whether the server has v2; otherwise C(row) is
    meaningless. installs: rows of C(installs) that belong to the account. accounts: names of the owned accounts.
    """

    row: dict[str, Any] | None
    readable: bool
    installs: tuple[dict[str, Any], ...] = ()
    accounts: tuple[str, ...] = ()


# Maximum number of names in an error.
_MAX_NAMED = 5
_NO_V2 = "users_api: the server has no REST interface (v2) for reading users, so %s"


def plan_user(desired: DesiredUser, current: CurrentUser) -> Plan:
    """Return the Plan for one account. Raises ItronError for a forbidden change."""
    if desired.state == "absent":
        return _plan_delete(desired, current)
    if current.row is None:
        return _plan_create(desired, current)
    return _plan_edit(desired, current.row)


def owned_accounts(rows: list[dict[str, Any]], name: str) -> list[str]:
    """Return the names of the accounts that an account owns, directly or indirectly, in the order of the rows.

    Arguments:
        rows: all accounts in the form of v2. name: name of the owner, which the result does not contain.
    """
    parents = {str(row.get("id")): str(row.get("parent") or "") for row in rows}
    return [id for id in parents if id != name and name in _ancestors(id, parents)]


def _ancestors(id: str, parents: dict[str, str]) -> list[str]:
    """Return the owners of an account, direct and indirect. Circular ownership does not cause an infinite loop."""
    found = []
    while parents.get(id) and parents[id] not in found:
        id = parents[id]
        found.append(id)
    return found


def user_differences(desired: DesiredUser, row: dict[str, Any]) -> tuple[list[str], list[WebsiteDifference], bool]:
    """Compare the desired state with a row of v2.

    Returns (options of USER_FIELDS that differ, list of WebsiteDifference, whether the server hides passwords of websites).
    C(package) is only compared if the server returns it.
    """
    options = []
    for option, value in desired.fields.items():
        found = actual(USER_FIELDS[option], row)
        if found is UNKNOWN and option == "package":
            continue
        if found is UNKNOWN or not same(USER_FIELDS[option], value, found):
            options.append(option)
    if desired.websites is None:
        return options, [], False
    return (options, *compare_websites(desired.websites, row.get("websites") or []))


def _plan_create(desired: DesiredUser, current: CurrentUser) -> Plan:
    """Return the plan for an account that does not exist or cannot be read. It sends all specified values."""
    after: dict[str, Any] = {"id": desired.name}
    after.update((option, KINDS[USER_FIELDS[option].kind].show(value)) for option, value in desired.fields.items())
    if desired.websites is not None:
        after["websites"] = {website.name: website.after for website in compare_websites(desired.websites, [])[0]}
    notes = () if current.readable else (_NO_V2 % "no values can be compared; edituser is sent every time",)
    return Plan((Step("edituser", _arguments(desired, desired.fields, desired.websites)),), {}, after, notes)


def _plan_edit(desired: DesiredUser, row: dict[str, Any]) -> Plan:
    """Return the plan for an existing account: one C(edituser) with the differences."""
    options, websites, hidden = user_differences(desired, row)
    unseen = "package" in desired.fields and actual(USER_FIELDS["package"], row) is UNKNOWN
    if unseen and (options or websites or desired.update_package == "always"):
        options = options + ["package"]
    if not options and not websites:
        return NOTHING._replace(notes=tuple(_unseen_notes(unseen, hidden)))
    fields = {option: desired.fields[option] for option in options}
    before: dict[str, Any] = {"id": desired.name}
    after: dict[str, Any] = {"id": desired.name}
    for option, value in fields.items():
        found = actual(USER_FIELDS[option], row)
        show = KINDS[USER_FIELDS[option].kind].show
        before[option], after[option] = None if found is UNKNOWN else show(found), show(value)
    if websites:
        before["websites"], after["websites"] = _sides(websites)
    return Plan((Step("edituser", _arguments(desired, fields, desired.websites if websites else None)),), before, after, ())


def _sides(websites: list[WebsiteDifference]) -> tuple[dict[str, Any], ...]:
    """Return the websites before and after a change, for a diff."""
    return tuple({website.name: getattr(website, side) for website in websites if getattr(website, side) is not None}
                 for side in WebsiteDifference._fields[1:])


def _unseen_notes(package: bool, hidden: bool) -> Iterator[str]:
    """Yield warnings about values that cannot be compared, for a plan without steps."""
    if package:
        yield ("package: the server does not show it, so a change of package alone is not detected; "
               "update_package=always sends it every time")
    if hidden:
        yield "websites: the server shows no passwords, so passwords in path and databases are not compared"


def _arguments(desired: DesiredUser, fields: dict[str, Any], websites: list[dict[str, Any]] | None) -> dict[str, Any]:
    """Return the arguments of C(edituser) (section 4.3)."""
    arguments: dict[str, Any] = {"user": desired.name}
    for option, value in fields.items():
        arguments[USER_FIELDS[option].argument] = to_argument(USER_FIELDS[option], value)
    if websites is not None:
        arguments["websites"] = websites
    return arguments


def _plan_delete(desired: DesiredUser, current: CurrentUser) -> Plan:
    """Return the plan that removes an account with its websites and applications from the server's records (section 4.4)."""
    if current.row is None and current.readable:
        return NOTHING
    if not desired.force:
        _check_is_empty(desired, current)
    before: dict[str, Any] = {"id": desired.name}
    if current.accounts:
        before["accounts"] = list(current.accounts)
    if current.installs:
        before["installs"] = sorted(str(row.get("url")) for row in current.installs)
    notes = () if current.readable else (_NO_V2 % "deleteuser is sent without knowing whether the user exists",)
    return Plan((Step("deleteuser", {"user": desired.name}),), before, {}, notes)


def _check_is_empty(desired: DesiredUser, current: CurrentUser) -> None:
    """Raise ItronError if the account has installed applications or owns accounts."""
    urls = [str(row.get("url")) for row in current.installs]
    for what, names in (("installed applications", urls), ("owned accounts", current.accounts)):
        if names:
            some = ", ".join(sorted(names)[:_MAX_NAMED]) + (", ..." if len(names) > _MAX_NAMED else "")
            raise ItronError(
                "user: %s still has %d %s (%s); deleteuser would remove them from the server's records" % (desired.name, len(names), what, some),
                stage="plan", hint="Remove or move them first, or set force=true. Files, databases and archives are kept in any case.")
