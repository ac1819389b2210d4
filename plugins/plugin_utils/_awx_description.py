# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validates the user's description of the AWX objects; pure functions. This is a private util of the collection."""

from __future__ import annotations

import re
import zoneinfo
from typing import Any

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_playbooks import PLAYBOOKS
from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_question import PREFIX

# Default folder of the playbooks in the project.
FOLDER = "installatron"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Key of a workflow -> its title and the keys of its templates.
WORKFLOWS = {
    "plan_and_apply": ("Plan, approve, apply", ("plan", "apply", "report")),
    "canary_and_rollout": ("Canary, approve, rollout", ("canary", "rollout")),
    "nightly_drift": ("Nightly drift", ("drift",)),
}
# Required and optional members of each dictionary.
_MEMBERS = {
    "project": (("url",), ("name", "branch", "credential", "folder", "update_on_launch")),
    "execution_environment": (("name",), ("image", "pull", "credential")),
    "servers": (("name",), ("api_url", "api_key_variable", "credential", "vault_credential", "files", "variables")),
    "schedules": (("run",), ("name", "server", "at", "days", "timezone", "rrule", "answers", "enabled")),
    "notifications": (("name",), ("type", "configuration_variable")),
    "approvers": ((), ("users", "teams")),
    "operators": ((), ("users", "teams")),
    "own_templates": (("title", "playbook"), ("server", "description", "job_type", "slices", "limit", "variables", "diff_mode", "ask_variables")),
}
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def check_description(given: dict[str, Any]) -> dict[str, Any]:
    """Return a description with its defaults. Raises InputError that names the variable of the role awx.

    Arguments:
        given: C(organization), C(prefix), C(project), C(execution_environment), C(servers), C(playbooks), C(workflows), C(schedules), C(approvers),
            C(operators), C(notifications), C(labels), C(own_templates), C(reports), C(approval_timeout), as the variables C(awx_*) of the role.
    """
    checked = dict(given)
    for name in ("project", "execution_environment", "approvers", "operators"):
        checked[name] = _table(name, "awx_%s" % name, given.get(name) or {}, needed=name == "project")
    checked["project"]["folder"] = str(checked["project"].get("folder", FOLDER)).strip("/")
    for name in ("servers", "schedules", "notifications", "own_templates"):
        checked[name] = [_table(name, "awx_%s[%d]" % (name, index), entry) for index, entry in enumerate(given.get(name) or [])]
    _check_names(checked)
    _check_choice("awx_playbooks", checked, "playbooks", PLAYBOOKS)
    _check_choice("awx_workflows", checked, "workflows", WORKFLOWS)
    _check_servers(checked["servers"])
    for index, entry in enumerate(checked["notifications"]):
        _check_notification("awx_notifications[%d]" % index, entry)
    for index, entry in enumerate(checked["schedules"]):
        _check_schedule("awx_schedules[%d]" % index, entry, checked)
    for index, entry in enumerate(checked["own_templates"]):
        _check_own_template("awx_own_templates[%d]" % index, entry, checked)
    _check_workflows(checked)
    return checked


def _table(kind: str, where: str, entry: Any, needed: bool = True) -> dict[str, Any]:
    """Return one dictionary without members that are not set. Raises InputError for unknown or missing members."""
    required, optional = _MEMBERS[kind]
    if not isinstance(entry, dict):
        raise InputError("%s: must be a dictionary" % where, hint="Its members are %s." % ", ".join(required + optional))
    entry = {name: value for name, value in entry.items() if value is not None}
    unknown = sorted(set(entry) - {*required, *optional})
    if unknown:
        raise InputError("%s: unknown member %s" % (where, unknown[0]), hint="Its members are %s." % ", ".join(required + optional))
    missing = [name for name in required if entry.get(name) in (None, "")]
    if missing and (entry or needed):
        raise InputError("%s.%s: is missing" % (where, missing[0]), hint="Its members are %s." % ", ".join(required + optional))
    return entry


def _check_names(checked: dict[str, Any]) -> None:
    """Raise InputError for names that AWX or awx.awx would misinterpret."""
    checked["prefix"] = str(checked.get("prefix") or "Installatron")
    checked["labels"] = [str(label) for label in checked.get("labels") or []]
    names = [("awx_organization", checked.get("organization")), ("awx_prefix", checked["prefix"])]
    names += [("awx_labels", label) for label in checked["labels"]]
    names += [("awx_%s" % name, checked[name]["name"]) for name in ("project", "execution_environment") if "name" in checked[name]]
    for kind in ("servers", "notifications"):
        names += [("awx_%s[%d].name" % (kind, index), entry["name"]) for index, entry in enumerate(checked[kind])]
    names += [("awx_own_templates[%d].title" % index, entry["title"]) for index, entry in enumerate(checked["own_templates"])]
    for where, name in names:
        _check_name(where, name)


def _check_name(where: str, name: Any) -> None:
    """Raise InputError for a name that is empty, too long, a number (an id for awx.awx), or contains the separator of AWX."""
    text = str(name or "")
    if not text.strip() or len(text) > 200 or text.strip() != text or any(ord(char) < 32 for char in text):
        raise InputError("%s: %r is not a valid name" % (where, text[:100]), hint="Use 1 to 200 visible characters without surrounding whitespace.")
    if "++" in text or text.isdigit():
        raise InputError("%s: AWX would interpret %r as an id or a path" % (where, text), hint="Use a name with a letter and without ++.")


def _check_choice(where: str, checked: dict[str, Any], name: str, known: dict[str, Any]) -> None:
    """Raise InputError for unknown keys. Without a choice, select all keys."""
    chosen = checked.get(name)
    checked[name] = list(known) if chosen is None else [str(key) for key in chosen]
    unknown = [key for key in checked[name] if key not in known]
    if unknown:
        raise InputError("%s: %r is unknown" % (where, unknown[0]), hint="Choose from %s." % ", ".join(known))


def _check_servers(servers: list[dict[str, Any]]) -> None:
    """Raise InputError for duplicate names, and for servers that lack the data of a credential."""
    if not servers:
        raise InputError("awx_servers: must contain a server", hint="Set at least one, with name, api_url, and api_key_variable.")
    for index, server in enumerate(servers):
        where = "awx_servers[%d]" % index
        if [other["name"] for other in servers].index(server["name"]) != index:
            raise InputError("%s.name: %r is used twice" % (where, server["name"]), hint="Each server needs a unique name.")
        if not isinstance(server.get("variables", {}), dict):
            raise InputError("%s.variables: must be a dictionary" % where, hint="Its members are variables of the roles, such as safe_update_health.")
        if "credential" in server:
            if "api_url" in server or "api_key_variable" in server:
                raise InputError("%s.credential: cannot be combined with api_url and api_key_variable" % where,
                                 hint="Set credential to the name of an existing one, or api_url and api_key_variable to create one.")
            continue
        if not re.match(r"https?://[^/\s]", str(server.get("api_url", ""))):
            raise InputError("%s.api_url: must be the address of the API" % where, hint="Use the form https://installatron.example.com/server/v1.")
        _check_variable("%s.api_key_variable" % where, server.get("api_key_variable"))


def _check_variable(where: str, name: Any) -> None:
    """Raise InputError if the value is not the name of a variable. It may be the secret itself, so the message does not contain it."""
    if not _VARIABLE.fullmatch(str(name or "")):
        raise InputError("%s: must be the name of the variable that contains the secret" % where,
                         hint="Set the name, such as vault_itron_api_key, instead of its value.")


def _check_notification(where: str, entry: dict[str, Any]) -> None:
    """Raise InputError for an incomplete notification template."""
    if ("type" in entry) != ("configuration_variable" in entry):
        raise InputError("%s: type and configuration_variable must be set together" % where,
                         hint="Set both, or none of them for an existing notification template.")
    if "configuration_variable" in entry:
        _check_variable("%s.configuration_variable" % where, entry["configuration_variable"])


def _check_schedule(where: str, entry: dict[str, Any], checked: dict[str, Any]) -> None:
    """Raise InputError for a schedule with an unknown target, an invalid time, or invalid answers."""
    known = [*checked["playbooks"], *checked["workflows"]]
    if entry["run"] not in known:
        raise InputError("%s.run: %r is not in awx_playbooks or awx_workflows" % (where, entry["run"]), hint="Choose from %s." % ", ".join(known))
    names = [server["name"] for server in checked["servers"]]
    if entry.get("server", names[0]) not in names:
        raise InputError("%s.server: %r is not in awx_servers" % (where, entry["server"]), hint="Choose from %s." % ", ".join(names))
    if ("at" in entry) == ("rrule" in entry):
        raise InputError("%s: requires exactly one of at and rrule" % where, hint='Set at: "03:30", with days and timezone if needed, or set an rrule of AWX.')
    if "rrule" in entry:
        if not str(entry["rrule"]).startswith("DTSTART"):
            raise InputError("%s.rrule: must begin with DTSTART" % where,
                             hint="Use the form DTSTART;TZID=Europe/Berlin:20260101T033000 RRULE:FREQ=DAILY;INTERVAL=1")
    elif not _TIME.fullmatch(str(entry["at"])):
        raise InputError("%s.at: %r is not a time of day" % (where, entry["at"]), hint='Set it in quotes, such as "03:30".')
    unknown = [day for day in entry.get("days", ()) if day not in DAYS]
    if unknown:
        raise InputError("%s.days: %r is not a day of the week" % (where, unknown[0]), hint="Choose from %s." % ", ".join(DAYS))
    try:
        zoneinfo.ZoneInfo(entry.get("timezone", "UTC"))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError("%s.timezone: unknown time zone %r" % (where, entry["timezone"]), hint="Use a name such as Europe/Berlin.") from None
    _check_answers(where, entry)


def questions_of(run: str) -> tuple[Any, ...]:
    """Return the Questions of a playbook, or those of all templates of a workflow without duplicates."""
    keys = WORKFLOWS[run][1] if run in WORKFLOWS else (run,)
    found: dict[str, Any] = {}
    for key in keys:
        for question in PLAYBOOKS[key].survey:
            # The digest is only known if the template is started without the workflow.
            if key == run or question.variable != "itron_plan_digest":
                found.setdefault(question.variable, question)
    return tuple(found.values())


def _check_answers(where: str, entry: dict[str, Any]) -> None:
    """Raise InputError for unknown questions, invalid answers, and required questions without an answer."""
    answers = {str(name).removeprefix(PREFIX): value for name, value in (entry.get("answers") or {}).items()}
    questions = {question.variable: question for question in questions_of(entry["run"])}
    unknown = [name for name in answers if name not in questions]
    if unknown:
        raise InputError("%s.answers: %s has no question %r" % (where, entry["run"], unknown[0]), hint="Choose from %s." % ", ".join(questions))
    for name, question in questions.items():
        if name in answers:
            question.value(answers[name])
        elif question.required:
            raise InputError("%s.answers: the question %s of %s requires an answer" % (where, name, entry["run"]), hint="Add the answer.")
    entry["answers"] = answers


def _check_own_template(where: str, entry: dict[str, Any], checked: dict[str, Any]) -> None:
    """Raise InputError for a user's template that AWX would refuse."""
    if entry.get("job_type", "run") not in ("run", "check"):
        raise InputError("%s.job_type: %r is unknown" % (where, entry["job_type"]), hint="Choose run or check.")
    slices = entry.get("slices", 1)
    if not isinstance(slices, int) or isinstance(slices, bool) or slices < 1:
        raise InputError("%s.slices: must be 1 or more" % where)
    names = [server["name"] for server in checked["servers"]]
    if entry.get("server", names[0]) not in names:
        raise InputError("%s.server: %r is not in awx_servers" % (where, entry["server"]), hint="Choose from %s." % ", ".join(names))
    taken = [PLAYBOOKS[key].title for key in checked["playbooks"]] + [WORKFLOWS[key][0] for key in checked["workflows"]]
    if entry["title"] in taken:
        raise InputError("%s.title: %r is the title of a template of the role" % (where, entry["title"]), hint="Use another title.")


def _check_workflows(checked: dict[str, Any]) -> None:
    """Raise InputError for workflows whose playbooks are not selected."""
    for key in checked["workflows"]:
        missing = [name for name in WORKFLOWS[key][1] if name not in checked["playbooks"]]
        if missing:
            raise InputError("awx_workflows: %s runs the playbook %s, which is not in awx_playbooks" % (key, missing[0]),
                             hint="Add it to awx_playbooks, or remove the workflow.")
    # Before ansible-core 2.19, a template turns a number into a string.
    timeout = str(checked.get("approval_timeout") or 0)
    if not timeout.isdecimal():
        raise InputError("awx_approval_timeout: %s is not a number of seconds" % timeout, hint="Use 0 for no limit.")
    checked["approval_timeout"] = int(timeout)
