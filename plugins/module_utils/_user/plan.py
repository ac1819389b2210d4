# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Pure planning of users and resellers (sections 4.3 and 4.4). This is a private util of the collection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from .._base.errors import ItronError
from .._core.model import KINDS, UNKNOWN, actual, same, to_argument
from .._core.plan import NOTHING, Plan, Step
from .fields import USER_FIELDS
from .websites import WebsiteDifference, compare_websites


class DesiredUser(NamedTuple):
    """What the user wants of one account, in normal forms; only what was given.

    fields: option -> normal form, for the options of USER_FIELDS. websites: in API form (section 3.1), or None if they are
    not to be touched. force: delete in spite of installed applications and owned accounts. update_package: C(with_changes)
    or C(always).
    """

    state: str
    name: str
    fields: dict[str, Any]
    websites: list[dict[str, Any]] | None
    force: bool
    update_package: str


class CurrentUser(NamedTuple):
    """What was read of one account.

    row: as v2 returns it, None if there is none. readable: whether the server has v2; without it C(row) says nothing.
    installs: rows of C(installs) that would be forgotten with the account. accounts: names of the accounts below it.
    """

    row: dict[str, Any] | None
    readable: bool
    installs: tuple[dict[str, Any], ...] = ()
    accounts: tuple[str, ...] = ()


# How many names an error lists.
_NAMED = 5
_NO_V2 = "users_api: the server has no REST interface (v2) to read users with, so %s"


def plan_user(desired: DesiredUser, current: CurrentUser) -> Plan:
    """Return the Plan that brings one account to what is wanted. Raises ItronError for what must not be done."""
    if desired.state == "absent":
        return _plan_delete(desired, current)
    if current.row is None:
        return _plan_create(desired, current)
    return _plan_edit(desired, current.row)


def owned_accounts(rows: list[dict[str, Any]], name: str) -> list[str]:
    """Return the names of the accounts below one, at every depth, in the order of the rows.

    Arguments:
        rows: all accounts as v2 returns them. name: of the account at the top, which is not among the result.
    """
    parents = {str(row.get("id")): str(row.get("parent") or "") for row in rows}
    return [id for id in parents if id != name and name in _ancestors(id, parents)]


def _ancestors(id: str, parents: dict[str, str]) -> list[str]:
    """Return the accounts above one; a server whose accounts own each other in a circle hangs nobody."""
    found = []
    while parents.get(id) and parents[id] not in found:
        id = parents[id]
        found.append(id)
    return found


def user_differences(desired: DesiredUser, row: dict[str, Any]) -> tuple[list[str], list[WebsiteDifference], bool]:
    """Compare what is wanted with a row of v2.

    Returns (options of USER_FIELDS that differ, list of WebsiteDifference, whether passwords in websites are hidden).
    C(package) only differs where the server shows it.
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
    """Return the plan for an account that is missing, or that nobody can read: everything that was given is sent."""
    after: dict[str, Any] = {"id": desired.name}
    after.update((option, KINDS[USER_FIELDS[option].kind].show(value)) for option, value in desired.fields.items())
    if desired.websites is not None:
        after["websites"] = {website.name: website.after for website in compare_websites(desired.websites, [])[0]}
    notes = () if current.readable else (_NO_V2 % "there is nothing to compare with; edituser is sent every time",)
    return Plan((Step("edituser", _arguments(desired, desired.fields, desired.websites)),), {}, after, notes)


def _plan_edit(desired: DesiredUser, row: dict[str, Any]) -> Plan:
    """Return the plan for an account that is there: one C(edituser) with what differs."""
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
    """Return both sides of the websites in a diff; a website that is missing on one side is not in it."""
    return tuple({website.name: getattr(website, side) for website in websites if getattr(website, side) is not None}
                 for side in WebsiteDifference._fields[1:])


def _unseen_notes(package: bool, hidden: bool) -> Iterator[str]:
    """Yield what to say when something was given that cannot be compared, and nothing else is to be sent."""
    if package:
        yield ("package: the server does not show it, so a change of package alone is not noticed; "
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
    """Return the plan that makes the server forget an account with its websites and applications (section 4.4)."""
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
    """Refuse to make the server forget applications and accounts that nobody spoke of."""
    urls = [str(row.get("url")) for row in current.installs]
    for what, names in (("installed applications", urls), ("accounts below it", current.accounts)):
        if names:
            some = ", ".join(sorted(names)[:_NAMED]) + (", ..." if len(names) > _NAMED else "")
            raise ItronError(
                "user: %s still has %d %s (%s); deleteuser would make the server forget them" % (desired.name, len(names), what, some),
                stage="plan", hint="Remove or move them first, or give force=true; files, databases and archives stay either way.")
