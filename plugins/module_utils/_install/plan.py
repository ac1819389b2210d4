# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Plans one installed application: pure functions from desired and current state to steps and a diff. This is a private util of the collection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from .._base.errors import ItronError
from .._base.uri import mask_uri
from .._base.versions import version_key
from .._core.model import KINDS, UNKNOWN, Field, actual, same, to_argument
from .._core.plan import NOTHING, Plan, Step
from .._redaction.redact import CHANGED, SET
from .fields import INSTALL_FIELDS, MAY_BE_HIDDEN, addon_table, addon_update, setting_field

# Values that the option version accepts instead of a version number.
LATEST = ("latest", "latest_minor")


class DesiredInstall(NamedTuple):
    """The desired state of one installed application in normal forms. Contains only the options that were set.

    fields: option -> normal form, for the options of INSTALL_FIELDS. settings: name -> text. secret_settings: names of
    settings that are secret or cannot be read back. application: empty if not set.
    """

    state: str
    id: str | None
    application: str
    version: str | None
    fields: dict[str, Any]
    settings: dict[str, str]
    secret_settings: frozenset[str]
    update_password: str
    plugins: list[str]
    themes: list[str]
    revert: bool
    force: bool
    delete_backups: bool
    import_version: str | None = None

    @property
    def url(self) -> str:
        """The normal form of the URL; empty if only the id was set."""
        return str(self.fields.get("url", ""))


class Origin(NamedTuple):
    """The source of a new application: import, migration, clone, or backup.

    command: import, clone, or restore. arguments: name the source, in API form. shown: the source in the diff.
    in_place: whether the command needs no URL because a backup is restored to its original place.
    """

    command: str
    arguments: dict[str, Any]
    shown: dict[str, Any]
    in_place: bool


class CurrentInstall(NamedTuple):
    """The current state of one installed application.

    row: from C(installs) or C(view), None if there is none. target: the exact version for the option C(version), or None
    for no change. backups: ids of its backups, or None if the plan does not need them. origin: the Origin of a new
    application, or None for a plain installation.
    """

    row: dict[str, Any] | None
    target: str | None
    backups: list[str] | None
    origin: Origin | None = None


# Arguments besides url and url_ip that set the location of an application (sections 3.11 and 3.12).
_PLACE = ("db_host", "db_name", "db_user", "db_pass", "db_prefix")


def plan_install(desired: DesiredInstall, current: CurrentInstall) -> Plan:
    """Return the Plan that brings one installed application to the desired state. Raises ItronError if that is impossible."""
    row = current.row
    if desired.state == "present":
        return _plan_create(desired, current.origin) if row is None else _plan_converge(desired, current, row)
    if row is None:
        return NOTHING
    return _plan_detach(desired, current, row) if desired.state == "detached" else _plan_uninstall(desired, current, row)


def desired_fields(desired: DesiredInstall) -> Iterator[tuple[Field, Any]]:
    """Yield (Field, normal form) for each option that was set, followed by the application's own settings."""
    for option, field in INSTALL_FIELDS.items():
        if option in desired.fields:
            yield field, desired.fields[option]
    for name, value in sorted(desired.settings.items()):
        hidden = name in desired.secret_settings
        yield setting_field(name, secret=hidden, readable=not hidden), value


class Difference(NamedTuple):
    """A property that differs from the desired state: its Field and its normal forms before (UNKNOWN if the server does not return it) and after."""

    field: Field
    before: Any
    after: Any


def differences(desired: DesiredInstall, row: dict[str, Any]) -> tuple[list[Difference], list[str]]:
    """Compare the desired state with a row.

    Returns (list of Difference, names of the options that the row does not contain).
    """
    found, hidden = [], []
    for field, value in desired_fields(desired):
        if not field.edit:
            continue
        found_value = actual(field, row)
        if not field.keys:
            if desired.update_password == "always":
                found.append(Difference(field, UNKNOWN, value))
        elif found_value is UNKNOWN and (field.option in MAY_BE_HIDDEN or field.secret):
            hidden.append(field.option)
        elif found_value is UNKNOWN or not same(field, value, found_value):
            found.append(Difference(field, found_value, value))
    if any(difference.field.option == "autobk" for difference in found):
        # A change to the custom schedule must send its numbers, which the server does not return before the change.
        found += [Difference(INSTALL_FIELDS[option], UNKNOWN, desired.fields[option]) for option in hidden if option.startswith("autobk_")]
        hidden = [option for option in hidden if not option.startswith("autobk_")]
    return found, hidden


def unseen_fields(desired: DesiredInstall, row: dict[str, Any]) -> list[str]:
    """Return the options that were set and that a row of C(installs) does not contain. C(view) may return them."""
    return [field.option for field, _value in desired_fields(desired) if field.edit and field.keys and actual(field, row) is UNKNOWN]


def outdated_addons(wanted: list[str], table: Any, option: str) -> dict[str, tuple[str, str]]:
    """Return {id: (version, new version)} of the outdated plugins or themes among the selected ones.

    Arguments:
        wanted: list of ids, or C(['*']) for all. The folder or file name of a plugin may replace its id.
        table: list-plugins or list-themes of C(view). option: for the error message.
    """
    table = addon_table(table)
    chosen = table if wanted == ["*"] else [_addon_id(name, table, option) for name in wanted]
    return {id: (str(table[id].get("Version") or ""), update) for id in chosen if (update := addon_update(table[id]))}


def _addon_id(name: str, table: dict[str, dict[str, Any]], option: str) -> str:
    """Return the full id of a plugin or theme."""
    if name in table:
        return name
    short = [id for id in table if name in (id.partition("/")[0], id.rpartition("/")[2].rpartition(".")[0])]
    if len(short) == 1:
        return short[0]
    reason = "matches %s" % " and ".join(short) if short else "is not installed"
    raise ItronError("%s: %s %s" % (option, name, reason), stage="plan",
                     hint="Installed: %s." % (", ".join(sorted(table)) or "none"))


def _plan_create(desired: DesiredInstall, origin: Origin | None) -> Plan:
    """Return the plan for a new application: one command for its source (sections 3.3, 3.4, 3.11, and 3.12).

    The properties that an import, a clone, or a backup brings are only known afterwards, and are compared then. The diff
    shows the desired state.
    """
    after: dict[str, Any] = {"application": desired.application, "url": desired.url}
    if not desired.application:
        del after["application"]
    if desired.version:
        after["version"] = desired.version
    for field, value in desired_fields(desired):
        _show(after, field, SET if field.secret else KINDS[field.kind].show(value))
    for option in ("plugins", "themes"):
        if getattr(desired, option):
            after[option] = dict.fromkeys(getattr(desired, option), "up to date")
    if origin is None:
        step = Step("install", _install_arguments(desired))
    else:
        after.update(origin.shown)
        step = Step(origin.command, _origin_arguments(desired, origin))
    return Plan((step,), {}, after, ())


def _install_arguments(desired: DesiredInstall) -> dict[str, Any]:
    """Return the arguments of C(install) (section 3.3)."""
    arguments = {"application": desired.application, "url": desired.url}
    # Without a version, the server installs the latest compatible one.
    if desired.version and desired.version not in LATEST:
        arguments["version"] = desired.version
    arguments.update((field.argument, to_argument(field, value)) for field, value in desired_fields(desired))
    return arguments


def _origin_arguments(desired: DesiredInstall, origin: Origin) -> dict[str, Any]:
    """Return the arguments of C(import), C(clone), or C(restore): the source, and the location unless the command implies it."""
    arguments = dict(origin.arguments)
    if origin.command == "import":
        arguments["application"] = desired.application
        if desired.import_version:
            arguments["version"] = desired.import_version
    if not origin.in_place:
        names = ("url_ip",) if origin.command == "import" else ("url_ip",) + _PLACE
        arguments["url"] = desired.url
        arguments.update((name, to_argument(INSTALL_FIELDS[name], desired.fields[name])) for name in names if name in desired.fields)
    return arguments


def _plan_converge(desired: DesiredInstall, current: CurrentInstall, row: dict[str, Any]) -> Plan:
    """Return the plan for an installed application: edit, then upgrade (sections 3.8 and 3.10)."""
    _check_application(desired, row)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    steps = []
    found, hidden = differences(desired, row)
    edit = {difference.field.argument: to_argument(difference.field, difference.after) for difference in found}
    for difference in found:
        _show_difference(before, after, difference)
    if desired.delete_backups and current.backups:
        edit["delete-backups"] = "true"
        before["backups"], after["backups"] = sorted(current.backups), []
    if edit:
        steps.append(Step("edit", dict(edit, id=row["id"])))
    upgrade = _upgrade_arguments(desired, current, row, before, after)
    if upgrade:
        steps.append(Step("upgrade", dict(upgrade, id=row["id"])))
    notes = ["%s: the server does not return the current value, so the option takes effect only during installation" % option
             for option in hidden if option != "db_pass"]
    return Plan(tuple(steps), _with_identity(before, row), _with_identity(after, row, before), tuple(notes))


def _check_application(desired: DesiredInstall, row: dict[str, Any]) -> None:
    """Raise ItronError if a different application is installed."""
    if desired.application and desired.application != str(row.get("installer")):
        raise ItronError(
            "application: %s was requested, but %s is installed at %s (id %s); nothing is overwritten" % (
                desired.application, row.get("installer"), row.get("url"), row.get("id")), stage="plan",
            hint="Choose another url, or remove the other application with state=absent first.")


def _upgrade_arguments(desired: DesiredInstall, current: CurrentInstall, row: dict[str, Any],
                       before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any] | None:
    """Return the arguments of C(upgrade), or None, and add the versions to before and after."""
    arguments = {}
    if current.target and version_key(current.target) < version_key(row.get("version")):
        raise ItronError(
            "version: %s was requested, but %s is installed at %s; the API cannot downgrade" % (
                current.target, row.get("version"), row.get("url")), stage="plan",
            hint="Set at least the installed version (automatic updates, autoup, may have updated it), or restore a backup with the older version.")
    if current.target and version_key(current.target) > version_key(row.get("version")):
        arguments["version"] = current.target
        before["version"], after["version"] = str(row.get("version")), current.target
    for option, argument, key in (("plugins", "plugin", "list-plugins"), ("themes", "theme", "list-themes")):
        outdated = outdated_addons(getattr(desired, option), row.get(key), option) if getattr(desired, option) else {}
        if outdated:
            arguments[argument] = ",".join(sorted(outdated))
            before[option] = {id: versions[0] for id, versions in outdated.items()}
            after[option] = {id: versions[1] for id, versions in outdated.items()}
    if not arguments:
        return None
    # "current" keeps the version of the application (section 3.10).
    arguments.setdefault("version", "current")
    if desired.revert:
        arguments["revert"] = "yes"
    return arguments


def _plan_uninstall(desired: DesiredInstall, current: CurrentInstall, row: dict[str, Any]) -> Plan:
    """Return the plan that removes files, tables, and the server's record (section 3.15)."""
    _check_application(desired, row)
    before, steps = _identity(row), []
    if desired.delete_backups and current.backups:
        before["backups"] = sorted(current.backups)
        steps.append(Step("edit", {"id": row["id"], "delete-backups": "true"}))
    steps.append(Step("uninstall", {"id": row["id"], "force": "yes"} if desired.force else {"id": row["id"]}))
    return Plan(tuple(steps), before, {}, ())


def _plan_detach(desired: DesiredInstall, current: CurrentInstall, row: dict[str, Any]) -> Plan:
    """Return the plan that removes the server's record of an application and keeps its files and tables (section 3.8, delete)."""
    _check_application(desired, row)
    before, arguments = _identity(row), {"id": row["id"], "delete": "true"}
    if desired.delete_backups and current.backups:
        before["backups"] = sorted(current.backups)
        arguments["delete-backups"] = "true"
    return Plan((Step("edit", arguments),), before, {}, ())


def _identity(row: dict[str, Any]) -> dict[str, Any]:
    """Return the members that identify the application in a diff."""
    return {"id": str(row.get("id")), "application": str(row.get("installer")), "url": str(row.get("url")), "version": str(row.get("version"))}


def _with_identity(shown: dict[str, Any], row: dict[str, Any], changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """Add id, application, and URL to one side of a diff that is not empty."""
    if not shown and not changes:
        return {}
    return dict({name: value for name, value in _identity(row).items() if name != "version"}, **shown)


def _show_difference(before: dict[str, Any], after: dict[str, Any], difference: Difference) -> None:
    """Add one difference to both sides of a diff. For secrets, show only that they are set or changed."""
    field = difference.field
    old: Any = SET
    new: Any = CHANGED
    if not field.secret:
        show = KINDS[field.kind].show
        old = None if difference.before is UNKNOWN else show(difference.before)
        new = show(difference.after)
        if field.kind == "uri" and old == new:
            new = "%s %s" % (mask_uri(difference.after), CHANGED)
    _show(before, field, old)
    _show(after, field, new)


def _show(side: dict[str, Any], field: Field, value: Any) -> None:
    """Add the value of one field to one side of a diff. Settings are nested under C(settings)."""
    group, dot, name = field.option.partition(".")
    if dot:
        side.setdefault(group, {})[name] = value
    else:
        side[group] = value
