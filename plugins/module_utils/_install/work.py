# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Options and work of itron_install: finds, reads, plans, and verifies one installed application. This is a private util of the collection."""

from __future__ import annotations

import re
from typing import Any

from .._apps.catalog import available_versions, fields_of, newest_version, release_of
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

# Members that change on the server without a command, so they do not show whether a command succeeded.
_VOLATILE = frozenset(("cache-time", "cache-files", "cache-tables", "time-updated", "cache-preview", "file"))
# Members that change on the server without a change to the application. If a decision depends on them, the steps of the plan differ.
_SERVER_MAINTAINED = frozenset(("backup-time", "cache-numbackups", "version-available", "version-available-minor", "version-notified",
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
    """Validate the options without the server. Raises InputError."""
    desired_install(params)
    desired_source(params)


def _version(value: str | None) -> str | None:
    """Return the desired version, or None for any."""
    if value is None:
        return None
    text = value.strip()
    if not text or text == "current":
        raise InputError("version: %r is not a version" % value, hint="Use a version such as '6.4.2', latest, or latest_minor, or omit the option.")
    return text


def _check_management(params: dict[str, Any]) -> None:
    """Raise InputError for a backup location, an IP address, or notifications that the API does not accept (section 3.3)."""
    if params.get("url_ip") is not None:
        check_ip(params["url_ip"], "url_ip")
    location = params.get("bkloc")
    if location is not None and not re.match(r"local$|[a-z0-9]+://.", location.strip()):
        raise InputError("bkloc: %r is neither local nor a URI" % mask_uri(location), hint="Use the form ftp://login:password@host/path.")
    names = {name.strip() for name in params.get("notification") or ()} - {""}
    if "all" in names and len(names) > 1:
        raise InputError("notification: all cannot be combined with other values")
    unknown = sorted(names - ALL_NOTIFICATIONS - {"all"})
    if unknown:
        raise InputError("notification: %s is unknown" % ", ".join(map(repr, unknown)),
                         hint="Choose from all, %s." % ", ".join(sorted(ALL_NOTIFICATIONS)))


def _check_schedule(params: dict[str, Any]) -> None:
    """Raise InputError for numbers of backups that the API does not accept (section 3.3, autobk)."""
    for option in ("autobk_daily", "autobk_weekly", "autobk_monthly"):
        if params.get(option) is None:
            continue
        if params[option] < 0:
            raise InputError("%s: must be 0 or more" % option)
        if params.get("autobk") not in (None, "custom"):
            raise InputError("%s: only valid with autobk: custom" % option, hint="The schedule %s has fixed numbers." % params["autobk"])


def _addon_list(params: dict[str, Any], option: str) -> list[str]:
    """Return the plugins or themes to update, without duplicates."""
    names = list(dict.fromkeys(name.strip() for name in params.get(option) or ()))
    if "*" in names and len(names) > 1:
        raise InputError("%s: '*' selects all and cannot be combined with ids" % option)
    if any(not name or "," in name for name in names):
        raise InputError("%s: an id is empty or contains a comma" % option, hint="Set a list of ids.")
    return names


class InstallWork(Work):
    """Manages one installed application on one server for itron_install (see Work).

    Arguments:
        client: a Client. params: the validated options of the task.
    """

    def __init__(self, client: Client, params: dict[str, Any]) -> None:
        self._client = client
        self.desired = desired_install(params)
        self._refresh = params["refresh"]
        self._source = desired_source(params)
        # Cache of catalog releases by application and version.
        self._releases: dict[tuple[str, str | None], dict[str, Any]] = {}

    # --- reading ---

    def read(self) -> CurrentInstall:
        """Find the application and read what the plan needs. Raises ItronError."""
        row, origin = self._find(), None
        if row is None and self.desired.state == "present":
            self._check_can_be_created()
            origin = find_origin(self._client, self.desired, self._source)
        if self.desired.state == "present":
            # An import or a backup determines the application and its version, so only a plain installation can be checked here.
            # Must run before _details(): settings that the catalog marks as secret cannot be read and must not cause a visit.
            if origin is None:
                self._check_settings(row)
                self._check_tagline(row)
            row = self._details(row)
            if origin is None:
                self._check_language(row)
        return CurrentInstall(row, self._target(row), self._backups(row), origin)

    def _find(self) -> dict[str, Any] | None:
        """Return the row of the application in C(installs), or None.

        If a search finds nothing, the whole list is checked before the application counts as absent.
        """
        desired = self.desired
        if desired.id:
            row = self._client.install(desired.id)
            if row is not None and desired.url and identity_of(row.get("url")) != site_identity(desired.url):
                self._check_target_is_free()
            return row
        return find_at_url(self._client, desired.url)

    def _check_target_is_free(self) -> None:
        """Raise InputError if the new URL belongs to another application."""
        other = find_by_url(self._client.installs(), self.desired.url)
        if other is not None and str(other.get("id")) != self.desired.id:
            raise InputError("url: %s belongs to another application (id %s), not to id %s" % (self.desired.url, other.get("id"), self.desired.id),
                             hint="Correct id or url.")

    def _check_can_be_created(self) -> None:
        """Raise InputError if the options do not suffice to create an application, or if they name it by id."""
        if self.desired.id:
            raise InputError("id: the server has no installed application %s for this user" % self.desired.id,
                             hint="To install an application, omit id and set url and application.")
        if not self.desired.application and self._source.command not in ("clone", "restore"):
            raise InputError("application: required because nothing is installed at %s yet" % self.desired.url,
                             hint="Set the id of an application, such as wordpress; itron_app_facts lists the ids.")

    def _details(self, row: dict[str, Any] | None) -> dict[str, Any] | None:
        """Return the row, completed by a visit to the site if the plan needs it (section 3.7)."""
        if row is None:
            return None
        addons = bool(self.desired.plugins or self.desired.themes)
        if addons or self._refresh or unseen_fields(self.desired, row):
            return dict(row, **self._client.view(row["id"], addons=addons))
        return row

    def _check_settings(self, row: dict[str, Any] | None) -> None:
        """Check the settings against the catalog, unless the server has all desired values already. Register the secret ones."""
        desired = self.desired
        if row is not None and all(row.get(SETTING_PREFIX + name) == value or self._is_only_for_creation(name)
                                   for name, value in desired.settings.items()):
            return
        if not desired.settings:
            return
        application, release = self._catalog(row)
        hidden = check_settings(desired.settings, fields_of(release), application)
        self._client.redactor.add_names(hidden)
        self._client.redactor.add(desired.settings[name] for name in hidden)
        self.desired = desired._replace(secret_settings=desired.secret_settings | hidden)

    def _check_language(self, row: dict[str, Any] | None) -> None:
        """Raise InputError for a language that the application does not have. Read the catalog only if the language changes."""
        field = INSTALL_FIELDS["language"]
        language = self.desired.fields.get(field.option)
        if language is None or row is not None and actual(field, row) == language:
            return
        application, release = self._catalog(row)
        check_language(language, release, application)

    def _check_tagline(self, row: dict[str, Any] | None) -> None:
        """Raise InputError for a tagline if the application has no such field: the tagline could not be read back, and every run would send it.

        Sections 3.3 and 3.8 do not list it among the arguments that all applications have.
        """
        tagline = INSTALL_FIELDS["sitetagline"]
        if tagline.option in self.desired.fields and (row is None or actual(tagline, row) is UNKNOWN):
            application, release = self._catalog(row)
            if tagline.argument not in fields_of(release):
                raise InputError("sitetagline: %s has no such field" % application, hint="Remove the option.")

    def _catalog(self, row: dict[str, Any] | None) -> tuple[str, dict[str, Any]]:
        """Return (application, its release in the catalog) of the installed application, or else of the desired one."""
        desired = self.desired
        application = str(row["installer"]) if row is not None else desired.application
        version = str(row.get("version")) if row is not None else (desired.version if desired.version not in LATEST else None)
        if (application, version) not in self._releases:
            self._releases[application, version] = release_of(self._client, application, version)
        return application, self._releases[application, version]

    def _is_only_for_creation(self, name: str) -> bool:
        """Return whether a setting of an installed application is neither compared nor sent."""
        return is_secret_name(name) and self.desired.update_password == "on_create"

    def _target(self, row: dict[str, Any] | None) -> str | None:
        """Return the exact version for the option C(version) of an installed application, or None."""
        desired = self.desired
        if row is None or desired.state != "present" or desired.version not in LATEST:
            return desired.version if row is not None and desired.state == "present" else None
        every, minor = available_versions(self._client, str(row["installer"]), str(row["version"]))
        return newest_version(every if desired.version == "latest" else minor, str(row["version"]))

    def _backups(self, row: dict[str, Any] | None) -> list[str] | None:
        """Return the ids of the backups if the task removes their records, or else None."""
        if row is None or not self.desired.delete_backups:
            return None
        return [str(backup.get("id")) for backup in self._client.backups(pid=row["id"])
                if str(backup.get("backup-install") or row["id"]) == str(row["id"])]

    # --- planning ---

    def plan(self, current: CurrentInstall) -> Plan:
        """Return the Plan for the current state."""
        return plan_install(self.desired, current)

    def predict(self, plan: Plan, current: CurrentInstall) -> CurrentInstall:
        """Return the expected state after the plan."""
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
        """Return whether a new application may differ from the desired state: in its plugins, or in what its source contained."""
        command = plan.steps[0].command
        return command in ("import", "clone", "restore") or (command == "install" and bool(self.desired.plugins or self.desired.themes))

    # --- verification ---

    def running(self, step: Step, current: CurrentInstall) -> dict[str, Any] | None:
        """Return the running task of a step whose answer was lost, or None."""
        if step.command == "edit":
            return None
        id = current.row["id"] if current.row else None
        return find_running(self._client, step.command, id, identity_of(self.desired.url or (current.row or {}).get("url")))

    def look(self, step: Step, current: CurrentInstall, answer: Answer | None = None) -> CurrentInstall:
        """Read the application again after a step and return the current state."""
        id = current.row["id"] if current.row else _new_id(answer)
        if id:
            row = self._client.install(str(id))
        else:
            row = self._find()
        if row is not None and self.desired.state == "present" and (self.desired.plugins or self.desired.themes):
            row = self._details(row)
        return current._replace(row=row, backups=self._backups(row) if current.backups else current.backups)

    def is_applied(self, step: Step, current: CurrentInstall) -> bool:
        """Return whether the server shows the effect of a step."""
        return not self._missing(step, current, self.look(step, current))

    def read_again(self, plan: Plan, current: CurrentInstall, answer: Answer | None) -> CurrentInstall:
        """Return the current state after the last step. Raises TaskError if the server does not show its effect."""
        step = plan.steps[-1]
        now = self.look(step, current, answer)
        missing = self._missing(step, current, now) if step.command != "edit" or now.row is None else None
        if missing:
            raise TaskError("%s: the server reported success, but %s" % (step.command, missing), command=step.command, stage="verify",
                            hint="Check the server's log, then run the play again.")
        if now.row is not None and unseen_fields(self.desired, now.row):
            now = now._replace(row=dict(now.row, **self._client.view(now.row["id"])))
        return now

    def _missing(self, step: Step, current: CurrentInstall, now: CurrentInstall) -> str | None:
        """Return a description of the missing effect of a step, or None if the server shows it."""
        if step.command == "uninstall" or step.arguments.get("delete"):
            return "the application is still listed" if now.row is not None else None
        if now.row is None:
            return "the application is not listed"
        if step.command == "edit":
            found = differences(self.desired, now.row)[0]
            still = [difference.field.option for difference in found if difference.field.keys]
            if step.arguments.get("delete-backups") and now.backups:
                still.append("backups")
            return "these values did not change: %s" % ", ".join(still) if still else None
        return self._missing_version(step, now.row)

    def _missing_version(self, step: Step, row: dict[str, Any]) -> str | None:
        """Return a description of the versions that the server does not show after a step, or None."""
        wanted = step.arguments.get("version")
        if wanted not in (None, "current") and version_key(row.get("version")) != version_key(wanted):
            return "%s is installed instead of %s%s" % (
                row.get("version"), wanted, " (with revert, the server restores the old version)" if step.arguments.get("revert") else "")
        if step.command == "upgrade":
            for option, key in (("plugins", "list-plugins"), ("themes", "list-themes")):
                outdated = outdated_addons(getattr(self.desired, option), row.get(key), option) if getattr(self.desired, option) else {}
                if outdated:
                    return "these %s are still outdated: %s" % (option, ", ".join(sorted(outdated)))
        return None

    def shortfall(self, plan: Plan, current: CurrentInstall) -> list[str]:
        """Return warnings for values that the server accepted but does not show."""
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
        """Return whether the application differs between two readings, ignoring members that change without a command."""
        return _lasting(current.row) != _lasting(now.row)

    def lasting(self, current: CurrentInstall) -> dict[str, Any]:
        """Return the members of the application that do not change without a command, such as by a nightly backup or a new release in the catalog."""
        return {key: value for key, value in (_lasting(current.row) or {}).items() if key not in _SERVER_MAINTAINED}

    def place(self, current: CurrentInstall) -> str:
        """Return the desired URL of the application, or else its current URL, or else its id."""
        return str(self.desired.url or (current.row or {}).get("url") or self.desired.id)

    def result(self, current: CurrentInstall) -> dict[str, Any]:
        """Return the documented result."""
        return {"install": install_result(current.row, is_secret_name)}


def _new_id(answer: Answer | None) -> str | None:
    """Return the id of a new application if the answer contains it (section 3.3, data)."""
    data = answer.data if answer is not None else None
    return str(data["id"]) if isinstance(data, dict) and data.get("id") else None


def _lasting(row: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return a row without the members that change without a command."""
    return None if row is None else {key: value for key, value in row.items() if key not in _VOLATILE}


OPERATION = Operation("itron_install", INSTALL.merge(CONNECTION, HEADER, WAIT, PLANNING), InstallWork, {"install": None}, attempt=PlannedAttempt)
