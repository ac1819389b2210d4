# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Pure planning: from what is wanted and what is there to steps and a diff; nothing is read or sent here. This is a private util of the collection."""

from __future__ import annotations

from collections import namedtuple

from ._errors import ItronError
from ._model import INSTALL_FIELDS, KINDS, MAY_BE_HIDDEN, UNKNOWN, actual, addon_table, addon_update, same, setting_field, to_argument
from ._redact import CHANGED, SET, mask_uri
from ._versions import version_key

# Words that an option may have instead of a version number.
LATEST = ("latest", "latest_minor")

Step = namedtuple("Step", "command arguments")
Step.__doc__ = """One command to send: its name and its arguments in API form."""

Plan = namedtuple("Plan", "steps before after notes")
Plan.__doc__ = """What is to be done: steps in order, the managed properties before and after, and notes that become warnings."""

InstallWish = namedtuple("InstallWish", "state id url application version fields settings secret_settings update_password "
                                        "plugins themes revert force delete_backups import_version",
                         defaults=(None,))
InstallWish.__doc__ = """What the user wants of one installed application, in normal forms; only what was given.

fields: option -> normal form, for the options of INSTALL_FIELDS. settings: name -> text. secret_settings: those of the
settings that are secret or cannot be read back.
"""

InstallFacts = namedtuple("InstallFacts", "row target backups origin", defaults=(None,))
InstallFacts.__doc__ = """What was read of one installed application.

row: from C(installs) or C(view), None if there is none. target: the version that C(version) means for this row, or None
for no change. backups: ids of its backups, when they matter, else None. origin: the Origin of an application that is not
there yet, or None if it is to be installed.
"""

Origin = namedtuple("Origin", "command arguments shown in_place")
Origin.__doc__ = """Where an application that is not there yet comes from: import, migration, clone or backup.

command: import, clone or restore. arguments: what names the source, in API form. shown: what the diff says of it.
in_place: true if the command knows the URL by itself (a backup that goes back to where it was made).
"""

# Arguments beside url and url_ip that place an application elsewhere (sections 3.11 and 3.12).
_PLACE = ("db_host", "db_name", "db_user", "db_pass", "db_prefix")

NOTHING = Plan((), {}, {}, ())


def plan_install(wish, facts):
    """Return the Plan that brings one installed application to what is wanted. Raises ItronError for what cannot be done."""
    if wish.state == "present":
        return _plan_create(wish, facts.origin) if facts.row is None else _plan_converge(wish, facts)
    if facts.row is None:
        return NOTHING
    return _plan_detach(wish, facts) if wish.state == "detached" else _plan_uninstall(wish, facts)


def wanted_fields(wish):
    """Yield (Field, normal form) for everything that the user gave, the application's own settings at the end."""
    for option, field in INSTALL_FIELDS.items():
        if option in wish.fields:
            yield field, wish.fields[option]
    for name, value in sorted(wish.settings.items()):
        hidden = name in wish.secret_settings
        yield setting_field(name, secret=hidden, readable=not hidden), value


Difference = namedtuple("Difference", "field before after")


def differences(wish, row):
    """Compare what the user gave with a row.

    Returns (list of Difference, list of option names that the row does not say anything about).
    """
    found, hidden = [], []
    for field, desired in wanted_fields(wish):
        if not field.edit:
            continue
        value = actual(field, row)
        if not field.keys:
            if wish.update_password == "always":
                found.append(Difference(field, UNKNOWN, desired))
        elif value is UNKNOWN and (field.option in MAY_BE_HIDDEN or field.secret):
            hidden.append(field.option)
        elif value is UNKNOWN or not same(field, desired, value):
            found.append(Difference(field, value, desired))
    if any(difference.field.option == "autobk" for difference in found):
        # A schedule that becomes custom needs its numbers, which the server has nothing to show of before.
        found += [Difference(INSTALL_FIELDS[option], UNKNOWN, wish.fields[option]) for option in hidden if option.startswith("autobk_")]
        hidden = [option for option in hidden if not option.startswith("autobk_")]
    return found, hidden


def unseen_fields(wish, row):
    """Return the options that the user gave and that a row of C(installs) says nothing about, though C(view) may."""
    return [field.option for field, desired in wanted_fields(wish) if field.edit and field.keys and actual(field, row) is UNKNOWN]


def outdated_addons(wanted, table, option):
    """Return {id: (version, new version)} of the wanted plugins or themes that are not up to date.

    Arguments:
        wanted: list of ids, or C(['*']) for all. An id may be shortened to the folder or file name of a plugin.
        table: list-plugins or list-themes of C(view). option: for the error message.
    """
    table = addon_table(table)
    chosen = table if wanted == ["*"] else [_addon_id(name, table, option) for name in wanted]
    return {id: (str(table[id].get("Version") or ""), addon_update(table[id])) for id in chosen if addon_update(table[id])}


def _addon_id(name, table, option):
    """Return the full id of a plugin or theme."""
    if name in table:
        return name
    short = [id for id in table if name in (id.partition("/")[0], id.rpartition("/")[2].rpartition(".")[0])]
    if len(short) == 1:
        return short[0]
    reason = "fits %s" % " and ".join(short) if short else "is not installed"
    raise ItronError("%s: %s %s" % (option, name, reason), stage="plan",
                     hint="Installed are: %s." % (", ".join(sorted(table)) or "none"))


def _plan_create(wish, origin):
    """Return the plan for an application that is not there yet: one command, from wherever it comes (3.3, 3.4, 3.11, 3.12).

    What an import, a clone or a backup brings along is compared with what is wanted after it is there; the diff shows
    what is wanted in any case.
    """
    after = {"application": wish.application, "url": wish.url}
    if wish.application is None:
        del after["application"]
    if wish.version:
        after["version"] = wish.version
    for field, value in wanted_fields(wish):
        _show(after, field, SET if field.secret else KINDS[field.kind].show(value))
    for option in ("plugins", "themes"):
        if getattr(wish, option):
            after[option] = dict.fromkeys(getattr(wish, option), "up to date")
    if origin is None:
        step = Step("install", _install_arguments(wish))
    else:
        after.update(origin.shown)
        step = Step(origin.command, _origin_arguments(wish, origin))
    return Plan((step,), {}, after, ())


def _install_arguments(wish):
    """Return the arguments of C(install) (section 3.3)."""
    arguments = {"application": wish.application, "url": wish.url}
    # Without a version the server takes the latest compatible one.
    if wish.version and wish.version not in LATEST:
        arguments["version"] = wish.version
    arguments.update((field.argument, to_argument(field, value)) for field, value in wanted_fields(wish))
    return arguments


def _origin_arguments(wish, origin):
    """Return the arguments of C(import), C(clone) or C(restore): the source, and the place if it has to be told."""
    arguments = dict(origin.arguments)
    if origin.command == "import":
        arguments["application"] = wish.application
        if wish.import_version:
            arguments["version"] = wish.import_version
    if not origin.in_place:
        names = ("url_ip",) if origin.command == "import" else ("url_ip",) + _PLACE
        arguments["url"] = wish.url
        arguments.update((name, to_argument(INSTALL_FIELDS[name], wish.fields[name])) for name in names if name in wish.fields)
    return arguments


def _plan_converge(wish, facts):
    """Return the plan for an application that is there: edit, then upgrade (sections 3.8 and 3.10)."""
    row = facts.row
    _check_application(wish, row)
    before, after, steps = {}, {}, []
    found, hidden = differences(wish, row)
    edit = {difference.field.argument: to_argument(difference.field, difference.after) for difference in found}
    for difference in found:
        _show_difference(before, after, difference)
    if wish.delete_backups and facts.backups:
        edit["delete-backups"] = "true"
        before["backups"], after["backups"] = sorted(facts.backups), []
    if edit:
        steps.append(Step("edit", dict(edit, id=row["id"])))
    upgrade = _upgrade_arguments(wish, facts, before, after)
    if upgrade:
        steps.append(Step("upgrade", dict(upgrade, id=row["id"])))
    notes = ["%s: the server does not say what is set, so it is only set when the application is installed" % option
             for option in hidden if option != "db_pass"]
    return Plan(tuple(steps), _with_identity(before, row), _with_identity(after, row, before), tuple(notes))


def _check_application(wish, row):
    """Refuse to touch another application than the one the user named."""
    if wish.application and wish.application != str(row.get("installer")):
        raise ItronError(
            "application: %s is wanted, but %s is installed at %s (id %s); nothing is overwritten" % (
                wish.application, row.get("installer"), row.get("url"), row.get("id")), stage="plan",
            hint="Choose another url, or remove the other application with state=absent first.")


def _upgrade_arguments(wish, facts, before, after):
    """Return the arguments of C(upgrade), or None, and note the versions in before and after."""
    row, arguments = facts.row, {}
    if facts.target and version_key(facts.target) < version_key(row.get("version")):
        raise ItronError(
            "version: %s is wanted, but %s is installed at %s; the API cannot go back to an older version" % (
                facts.target, row.get("version"), row.get("url")), stage="plan",
            hint="Give at least the installed version (automatic updates, autoup, may have raised it), or restore a backup that has the older one.")
    if facts.target and version_key(facts.target) > version_key(row.get("version")):
        arguments["version"] = facts.target
        before["version"], after["version"] = str(row.get("version")), facts.target
    for option, argument, key in (("plugins", "plugin", "list-plugins"), ("themes", "theme", "list-themes")):
        outdated = outdated_addons(getattr(wish, option), row.get(key), option) if getattr(wish, option) else {}
        if outdated:
            arguments[argument] = ",".join(sorted(outdated))
            before[option] = {id: versions[0] for id, versions in outdated.items()}
            after[option] = {id: versions[1] for id, versions in outdated.items()}
    if not arguments:
        return None
    # "current" leaves the application itself as it is (section 3.10).
    arguments.setdefault("version", "current")
    if wish.revert:
        arguments["revert"] = "yes"
    return arguments


def _plan_uninstall(wish, facts):
    """Return the plan that removes files, tables and the server's record (section 3.15)."""
    row = facts.row
    _check_application(wish, row)
    before, steps = _identity(row), []
    if wish.delete_backups and facts.backups:
        before["backups"] = sorted(facts.backups)
        steps.append(Step("edit", {"id": row["id"], "delete-backups": "true"}))
    steps.append(Step("uninstall", {"id": row["id"], "force": "yes"} if wish.force else {"id": row["id"]}))
    return Plan(tuple(steps), before, {}, ())


def _plan_detach(wish, facts):
    """Return the plan that makes the server forget an application and keeps its files and tables (section 3.8, delete)."""
    row = facts.row
    _check_application(wish, row)
    before, arguments = _identity(row), {"id": row["id"], "delete": "true"}
    if wish.delete_backups and facts.backups:
        before["backups"] = sorted(facts.backups)
        arguments["delete-backups"] = "true"
    return Plan((Step("edit", arguments),), before, {}, ())


def _identity(row):
    """Return what tells a reader of a diff which application it is about."""
    return {"id": str(row.get("id")), "application": str(row.get("installer")), "url": str(row.get("url")), "version": str(row.get("version"))}


def _with_identity(shown, row, changes=None):
    """Add id, application and URL to one side of a diff that is not empty."""
    if not shown and not changes:
        return {}
    return dict({name: value for name, value in _identity(row).items() if name != "version"}, **shown)


def _show_difference(before, after, difference):
    """Write one difference into both sides of a diff; secrets show only that they are set or changed."""
    field = difference.field
    if field.secret:
        old, new = SET, CHANGED
    else:
        show = KINDS[field.kind].show
        old = None if difference.before is UNKNOWN else show(difference.before)
        new = show(difference.after)
        if field.kind == "uri" and old == new:
            new = "%s %s" % (mask_uri(difference.after), CHANGED)
    _show(before, field, old)
    _show(after, field, new)


def _show(side, field, value):
    """Write the value of one field into one side of a diff; settings stand in a table of their own."""
    group, dot, name = field.option.partition(".")
    if dot:
        side.setdefault(group, {})[name] = value
    else:
        side[group] = value
