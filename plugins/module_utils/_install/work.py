# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""One installed application: its options, and how it is found, read, planned and proven. This is a private util of the collection."""

from __future__ import annotations

import re
from typing import Any

from .._apps.catalogue import available_versions, fields_of, newest_version, release_of
from .._base.errors import InputError, TaskError
from .._base.uri import mask_uri
from .._base.url import check_ip, identity_of, normalize_url, site_identity
from .._base.versions import version_key
from .._core.approval import PLANNING
from .._core.argspec import CONNECTION, HEADER, WAIT, ArgumentSpec
from .._core.model import ALL_NOTIFICATIONS, KINDS, SETTING_PREFIX, UNKNOWN, actual, normal, same
from .._core.operation import Operation
from .._core.plan import Plan, Step
from .._core.planned import PlannedAttempt
from .._core.tasks import find_running
from .._core.work import Work
from .._redaction.labels import is_secret_name
from .._wire.client import Answer, Client
from .fields import INSTALL_FIELDS, MAY_BE_HIDDEN, install_result
from .origin import desired_source, find_at_url, find_by_url, find_origin
from .plan import LATEST, CurrentInstall, DesiredInstall, desired_fields, differences, outdated_addons, plan_install, unseen_fields
from .settings import check_language, check_setting_names, check_settings

INSTALL = ArgumentSpec({
    "state": {"type": "str", "choices": ["present", "absent", "detached"], "default": "present"},
    "id": {"type": "str"},
    "url": {"type": "str"},
    "url_ip": {"type": "str"},
    "application": {"type": "str"},
    "version": {"type": "str"},
    "autoup": {"type": "str", "choices": ["none", "minor", "all"]},
    "autoup_backup": {"type": "bool"},
    "notification": {"type": "list", "elements": "str"},
    "db_host": {"type": "str"},
    "db_name": {"type": "str"},
    "db_user": {"type": "str"},
    "db_pass": {"type": "str", "no_log": True},
    "db_prefix": {"type": "str"},
    "db_host_ip": {"type": "str"},
    "autobk": {"type": "str"},
    "autobk_daily": {"type": "int"},
    "autobk_weekly": {"type": "int"},
    "autobk_monthly": {"type": "int"},
    "bkloc": {"type": "str"},
    "language": {"type": "str"},
    "login": {"type": "str"},
    "passwd": {"type": "str", "no_log": True},
    "email": {"type": "str"},
    "sitetitle": {"type": "str"},
    "sitetagline": {"type": "str"},
    "content": {"type": "str"},
    "settings": {"type": "dict"},
    "update_password": {"type": "str", "choices": ["on_create", "always"], "default": "on_create", "no_log": False},
    "plugins": {"type": "list", "elements": "str"},
    "themes": {"type": "list", "elements": "str"},
    "revert": {"type": "bool", "default": True},
    "force": {"type": "bool", "default": False},
    "delete_backups": {"type": "bool", "default": False},
    "refresh": {"type": "bool", "default": False},
    "dryrun": {"type": "str", "choices": ["full", "input", "none"], "default": "full"},
    "import_existing": {"type": "bool", "default": False},
    "import_version": {"type": "str"},
    "migrate_from": {"type": "dict", "options": {
        "source_url": {"type": "str", "required": True},
        "source_ftu": {"type": "str", "required": True},
        "source_ftu_key": {"type": "str", "no_log": False},
        "source_url_ip": {"type": "str"},
    }},
    "clone_from": {"type": "str"},
    "restore_from": {"type": "str"},
}, required_one_of=[("id", "url")], mutually_exclusive=[("import_existing", "migrate_from", "clone_from", "restore_from")])

# What changes by itself on the server and says nothing about whether a command did its work.
_VOLATILE = frozenset(("cache-time", "cache-files", "cache-tables", "time-updated", "cache-preview", "file"))
# What the server tells anew of an application that nobody touched. Where a decision rests on it, the steps of the plan are others.
_TOLD_ANEW = frozenset(("backup-time", "cache-numbackups", "version-available", "version-available-minor", "version-notified",
                        "plugin-updates-available", "theme-updates-available", "list-plugins", "list-themes"))


def desired_install(params: dict[str, Any]) -> DesiredInstall:
    """Return the DesiredInstall in a task's options. Raises InputError that names the option."""
    version = _version(params.get("version"))
    settings = {str(name): KINDS["text"].normal(value) for name, value in (params.get("settings") or {}).items() if value is not None}
    check_setting_names(settings)
    _check_schedule(params)
    _check_management(params)
    given = [field for option, field in INSTALL_FIELDS.items() if params.get(option) is not None]
    fields = {field.option: normalize_url(params["url"]) if field.option == "url" else normal(field, params[field.option]) for field in given}
    return DesiredInstall(
        state=params["state"], id=params.get("id"), application=params.get("application") or "", version=version,
        fields=fields, settings=settings, secret_settings=frozenset(name for name in settings if is_secret_name(name)),
        update_password=params["update_password"], plugins=_addon_list(params, "plugins"), themes=_addon_list(params, "themes"),
        revert=params["revert"], force=params["force"], delete_backups=params["delete_backups"], import_version=params.get("import_version"))


def check_options(params: dict[str, Any]) -> None:
    """Refuse options that cannot be right, without looking at the server. Raises InputError."""
    desired_install(params)
    desired_source(params)


def _version(value: str | None) -> str | None:
    """Return the wanted version, or None for any."""
    if value is None:
        return None
    text = value.strip()
    if not text or text == "current":
        raise InputError("version: %r is no version" % value, hint="Give a version such as '6.4.2', latest or latest_minor, or leave it out.")
    return text


def _check_management(params: dict[str, Any]) -> None:
    """Refuse a backup location, an address and notifications that the API would not take (section 3.3)."""
    if params.get("url_ip") is not None:
        check_ip(params["url_ip"], "url_ip")
    location = params.get("bkloc")
    if location is not None and not re.match(r"local$|[a-z0-9]+://.", location.strip()):
        raise InputError("bkloc: %r is neither local nor a URI" % mask_uri(location), hint="Write it like ftp://login:password@host/path.")
    names = {name.strip() for name in params.get("notification") or ()} - {""}
    if "all" in names and len(names) > 1:
        raise InputError("notification: all stands alone")
    unknown = sorted(names - ALL_NOTIFICATIONS - {"all"})
    if unknown:
        raise InputError("notification: %s is unknown" % ", ".join(map(repr, unknown)),
                         hint="Choose from all, %s." % ", ".join(sorted(ALL_NOTIFICATIONS)))


def _check_schedule(params: dict[str, Any]) -> None:
    """Refuse numbers of backups that the API would not take (section 3.3, autobk)."""
    for option in ("autobk_daily", "autobk_weekly", "autobk_monthly"):
        if params.get(option) is None:
            continue
        if params[option] < 0:
            raise InputError("%s: must be 0 or more" % option)
        if params.get("autobk") not in (None, "custom"):
            raise InputError("%s: only goes with autobk: custom" % option, hint="The schedule %s has numbers of its own." % params["autobk"])


def _addon_list(params: dict[str, Any], option: str) -> list[str]:
    """Return the plugins or themes to bring up to date, without doubles."""
    names = list(dict.fromkeys(name.strip() for name in params.get(option) or ()))
    if "*" in names and len(names) > 1:
        raise InputError("%s: '*' stands for all of them and goes alone" % option)
    if any(not name or "," in name for name in names):
        raise InputError("%s: an id is empty or holds a comma" % option, hint="Give a list of ids.")
    return names


class InstallWork(Work):
    """One installed application on one server: the work of itron_install (see Work).

    Arguments:
        client: a Client. params: the validated options of the task.
    """

    def __init__(self, client: Client, params: dict[str, Any]) -> None:
        self._client = client
        self.desired = desired_install(params)
        self._refresh = params["refresh"]
        self._source = desired_source(params)
        # Releases of the catalogue by application and version, for they are asked for more than once.
        self._releases: dict[tuple[str, str | None], dict[str, Any]] = {}

    # --- reading ---

    def read(self) -> CurrentInstall:
        """Find the application and read what the plan needs. Raises ItronError."""
        row, origin = self._find(), None
        if row is None and self.desired.state == "present":
            self._check_can_be_created()
            origin = find_origin(self._client, self.desired, self._source)
        if self.desired.state == "present":
            # What an import or a backup brings along has the last word on the application and its version. Before the
            # details: what the catalogue says is a secret cannot be read, and is no reason to visit the site.
            if origin is None:
                self._learn_settings(row)
                self._check_tagline(row)
            row = self._details(row)
            if origin is None:
                self._check_language(row)
        return CurrentInstall(row, self._target(row), self._backups(row), origin)

    def _find(self) -> dict[str, Any] | None:
        """Return the row of the application in C(installs), or None.

        An application counts as absent only when the whole list does not have it, not when a search does not find it.
        """
        desired = self.desired
        if desired.id:
            row = self._client.install(desired.id)
            if row is not None and desired.url and identity_of(row.get("url")) != site_identity(desired.url):
                self._check_target_is_free()
            return row
        return find_at_url(self._client, desired.url)

    def _check_target_is_free(self) -> None:
        """Refuse to move an application to the URL of another one."""
        other = find_by_url(self._client.installs(), self.desired.url)
        if other is not None and str(other.get("id")) != self.desired.id:
            raise InputError("url: %s belongs to another application (id %s), not to id %s" % (self.desired.url, other.get("id"), self.desired.id),
                             hint="Correct id or url.")

    def _check_can_be_created(self) -> None:
        """Refuse to create what does not say enough, or what was named by an id."""
        if self.desired.id:
            raise InputError("id: the server has no installed application %s for this user" % self.desired.id,
                             hint="Leave id out and give url and application to install one.")
        if not self.desired.application and self._source.command not in ("clone", "restore"):
            raise InputError("application: needed, for nothing is installed at %s yet" % self.desired.url,
                             hint="Give its id, such as wordpress; itron_app_facts lists them.")

    def _details(self, row: dict[str, Any] | None) -> dict[str, Any] | None:
        """Return the row with what only a visit of the site tells, when that is needed (section 3.7)."""
        if row is None:
            return None
        addons = bool(self.desired.plugins or self.desired.themes)
        if addons or self._refresh or unseen_fields(self.desired, row):
            return dict(row, **self._client.view(row["id"], addons=addons))
        return row

    def _learn_settings(self, row: dict[str, Any] | None) -> None:
        """Check the settings against the catalogue, unless the server already has them all as they are wanted."""
        desired = self.desired
        if row is not None and all(row.get(SETTING_PREFIX + name) == value or self._is_only_for_creation(name)
                                   for name, value in desired.settings.items()):
            return
        if not desired.settings:
            return
        application, release = self._catalogue(row)
        hidden = check_settings(desired.settings, fields_of(release), application)
        self._client.redactor.add_names(hidden)
        self._client.redactor.add(desired.settings[name] for name in hidden)
        self.desired = desired._replace(secret_settings=desired.secret_settings | hidden)

    def _check_language(self, row: dict[str, Any] | None) -> None:
        """Refuse a language that the application does not have; the catalogue is read only where a change follows anyway."""
        field = INSTALL_FIELDS["language"]
        language = self.desired.fields.get(field.option)
        if language is None or row is not None and actual(field, row) == language:
            return
        application, release = self._catalogue(row)
        check_language(language, release, application)

    def _check_tagline(self, row: dict[str, Any] | None) -> None:
        """Refuse a tagline for an application without one: it could never be read back, and would be sent in every run.

        The tables of sections 3.3 and 3.8 do not list it among the arguments that every application has.
        """
        tagline = INSTALL_FIELDS["sitetagline"]
        if tagline.option in self.desired.fields and (row is None or actual(tagline, row) is UNKNOWN):
            application, release = self._catalogue(row)
            if tagline.argument not in fields_of(release):
                raise InputError("sitetagline: %s has no such field" % application, hint="Leave it out.")

    def _catalogue(self, row: dict[str, Any] | None) -> tuple[str, dict[str, Any]]:
        """Return (application, its release in the catalogue) for what is installed, or for what is to be."""
        desired = self.desired
        application = str(row["installer"]) if row is not None else desired.application
        version = str(row.get("version")) if row is not None else (desired.version if desired.version not in LATEST else None)
        if (application, version) not in self._releases:
            self._releases[application, version] = release_of(self._client, application, version)
        return application, self._releases[application, version]

    def _is_only_for_creation(self, name: str) -> bool:
        """Say whether a setting of an application that is there is neither compared nor sent."""
        return is_secret_name(name) and self.desired.update_password == "on_create"

    def _target(self, row: dict[str, Any] | None) -> str | None:
        """Return the exact version that C(version) means for an installed application, or None."""
        desired = self.desired
        if row is None or desired.state != "present" or desired.version not in LATEST:
            return desired.version if row is not None and desired.state == "present" else None
        every, minor = available_versions(self._client, str(row["installer"]), str(row["version"]))
        return newest_version(every if desired.version == "latest" else minor, str(row["version"]))

    def _backups(self, row: dict[str, Any] | None) -> list[str] | None:
        """Return the ids of the backups, if they are to be forgotten."""
        if row is None or not self.desired.delete_backups:
            return None
        return [str(backup.get("id")) for backup in self._client.backups(pid=row["id"])
                if str(backup.get("backup-install") or row["id"]) == str(row["id"])]

    # --- planning ---

    def plan(self, current: CurrentInstall) -> Plan:
        """Return the Plan for the current state; pure."""
        return plan_install(self.desired, current)

    def predict(self, plan: Plan, current: CurrentInstall) -> CurrentInstall:
        """Return the state as it is expected to be after the plan."""
        if not plan.steps:
            return current
        if self.desired.state != "present":
            return CurrentInstall(None, None, None)
        row = dict(current.row or {"installer": self.desired.application, "version": None if self.desired.version in LATEST else self.desired.version})
        for field, value in desired_fields(self.desired):
            if field.keys and (current.row is None or field.edit):
                row[field.keys[0]] = value
        if current.row is not None and current.target:
            row["version"] = current.target
        return current._replace(row=row)

    def needs_replan(self, plan: Plan, current: CurrentInstall) -> bool:
        """Say whether a new application may differ from what is wanted: in its plugins, or in all that it brought along."""
        command = plan.steps[0].command
        return command in ("import", "clone", "restore") or (command == "install" and bool(self.desired.plugins or self.desired.themes))

    # --- proving ---

    def running(self, step: Step, current: CurrentInstall) -> dict[str, Any] | None:
        """Return the running task of a step whose answer got lost, or None."""
        if step.command == "edit":
            return None
        id = current.row["id"] if current.row else None
        return find_running(self._client, step.command, id, identity_of(self.desired.url or (current.row or {}).get("url")))

    def look(self, step: Step, current: CurrentInstall, answer: Answer | None = None) -> CurrentInstall:
        """Read the application again, whatever a step did to it, and return state."""
        id = current.row["id"] if current.row else _new_id(answer)
        if id:
            row = self._client.install(str(id))
        else:
            row = self._find()
        if row is not None and self.desired.state == "present" and (self.desired.plugins or self.desired.themes):
            row = self._details(row)
        return current._replace(row=row, backups=self._backups(row) if current.backups else current.backups)

    def is_applied(self, step: Step, current: CurrentInstall) -> bool:
        """Say whether the server shows what a step should do."""
        return not self._missing(step, current, self.look(step, current))

    def read_again(self, plan: Plan, current: CurrentInstall, answer: Answer | None) -> CurrentInstall:
        """Return the current state after the last step. Raises TaskError if the server does not show what was done."""
        step = plan.steps[-1]
        now = self.look(step, current, answer)
        missing = self._missing(step, current, now) if step.command != "edit" or now.row is None else None
        if missing:
            raise TaskError("%s: the server reported success, but %s" % (step.command, missing), command=step.command, stage="verify",
                            hint="Look into the server's log; run the play again to see what is left to do.")
        if now.row is not None and unseen_fields(self.desired, now.row):
            now = now._replace(row=dict(now.row, **self._client.view(now.row["id"])))
        return now

    def _missing(self, step: Step, current: CurrentInstall, now: CurrentInstall) -> str | None:
        """Return what the server does not show of a step, as words, or None if all is there."""
        if step.command == "uninstall" or step.arguments.get("delete"):
            return "the application is still listed" if now.row is not None else None
        if now.row is None:
            return "the application is not listed"
        if step.command == "edit":
            found = differences(self.desired, now.row)[0]
            still = [difference.field.option for difference in found if difference.field.keys]
            if step.arguments.get("delete-backups") and now.backups:
                still.append("backups")
            return "it still has another %s" % ", ".join(still) if still else None
        return self._missing_version(step, now.row)

    def _missing_version(self, step: Step, row: dict[str, Any]) -> str | None:
        """Return which version the server does not show after C(upgrade), or None."""
        wanted = step.arguments.get("version")
        if wanted not in (None, "current") and version_key(row.get("version")) != version_key(wanted):
            return "%s is installed instead of %s%s" % (
                row.get("version"), wanted, " (with revert, the server puts the old version back)" if step.arguments.get("revert") else "")
        if step.command == "upgrade":
            for option, key in (("plugins", "list-plugins"), ("themes", "list-themes")):
                outdated = outdated_addons(getattr(self.desired, option), row.get(key), option) if getattr(self.desired, option) else {}
                if outdated:
                    return "these %s are still outdated: %s" % (option, ", ".join(sorted(outdated)))
        return None

    def shortfall(self, plan: Plan, current: CurrentInstall) -> list[str]:
        """Return warnings for what the server accepted and shows otherwise: the next run would send it again."""
        if current.row is None or self.desired.state != "present":
            return []
        sent = set(plan.after) | {"settings.%s" % name for name in plan.after.get("settings", {})}
        warnings = []
        for field, value in desired_fields(self.desired):
            found = actual(field, current.row)
            if field.option in sent - MAY_BE_HIDDEN and field.edit and field.keys and not field.secret and (found is UNKNOWN or not same(field, value, found)):
                show = KINDS[field.kind].show
                warnings.append("%s: the server accepted %s, but shows %s; the next run will send it again" % (
                    field.option, show(value), "nothing" if found is UNKNOWN else show(found)))
        return warnings

    def moved(self, current: CurrentInstall, now: CurrentInstall) -> bool:
        """Say whether the application differs between two looks, apart from what changes by itself."""
        return _lasting(current.row) != _lasting(now.row)

    def lasting(self, current: CurrentInstall) -> dict[str, Any]:
        """Return what is known of the application, apart from what changes by itself: a backup at night, or a new release in the catalogue."""
        return {key: value for key, value in (_lasting(current.row) or {}).items() if key not in _TOLD_ANEW}

    def place(self, current: CurrentInstall) -> str:
        """Return the URL of the application as it is wanted, or else as it was found; the id where neither is known."""
        return str(self.desired.url or (current.row or {}).get("url") or self.desired.id)

    def result(self, current: CurrentInstall) -> dict[str, Any]:
        """Return the documented result."""
        return {"install": install_result(current.row, is_secret_name)}


def _new_id(answer: Answer | None) -> str | None:
    """Return the id of a new application, if the answer already holds it (section 3.3, data)."""
    data = answer.data if answer is not None else None
    return str(data["id"]) if isinstance(data, dict) and data.get("id") else None


def _lasting(row: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return a row without what changes by itself."""
    return None if row is None else {key: value for key, value in row.items() if key not in _VOLATILE}


OPERATION = Operation("itron_install", INSTALL.merge(CONNECTION, HEADER, WAIT, PLANNING), InstallWork, {"install": None}, attempt=PlannedAttempt)
