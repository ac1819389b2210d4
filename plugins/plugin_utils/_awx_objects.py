# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creates the AWX objects of a description, by the variables of infra.aap_configuration; pure functions. This is a private util of the collection."""

from __future__ import annotations

import posixpath
from typing import Any

from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_description import DAYS, WORKFLOWS, check_description, questions_of
from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_playbooks import FILES, PLAYBOOKS, Playbook
from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_question import PREFIX, survey_spec

# The environment variables of a job, from the fields of the credential type. AWX evaluates the templates.
INPUTS = {
    "fields": [{"id": "api_url", "type": "string", "label": "URL of the API"},
               {"id": "api_key", "type": "string", "label": "API key", "secret": True}],
    "required": ["api_url", "api_key"],
}
INJECTORS = {"env": {"ITRON_API_URL": "{{ api_url }}", "ITRON_API_KEY": "{{ api_key }}"}}
# A play on localhost runs inside the execution environment.
LOCALHOST = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
INVENTORY_FILE = "sites.itron.yml"
# Seconds for which AWX caches the list of sites.
_FRESH = 900
# A fixed time in the past, so that an unchanged schedule never differs.
_BEGIN = "20260101"


def awx_objects(description: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the objects by variable, in the order of creation in AWX. Raises InputError.

    The objects contain no secrets. A credential or notification contains the name of the variable with its secret.
    """
    return _Objects(check_description(description)).all()


class _Objects:
    """Creates the objects of one validated description."""

    def __init__(self, description: dict[str, Any]) -> None:
        self._is = description
        self._org = description["organization"]
        self._prefix = description["prefix"]
        self._folder = description["project"]["folder"]
        self._project = description["project"].get("name", "%s project" % self._prefix)
        self._type = "%s API" % self._prefix
        self._notified = [entry["name"] for entry in description["notifications"]]

    def all(self) -> dict[str, list[dict[str, Any]]]:
        """Return the objects by the variables of infra.aap_configuration."""
        return {
            "aap_organizations": [{"name": self._org}],
            "controller_credential_types": self._credential_types(),
            "controller_credentials": [self._credential(server) for server in self._is["servers"] if "credential" not in server],
            "controller_execution_environments": self._environments(),
            "controller_projects": [self._project_object()],
            "controller_inventories": self._inventories(),
            "controller_hosts": [
                {"name": "localhost", "inventory": self._local_name(server), "variables": LOCALHOST} for server in self._is["servers"]],
            "controller_inventory_sources": [self._source(server) for server in self._is["servers"]],
            "controller_labels": [{"name": name, "organization": self._org} for name in self._is["labels"]],
            "controller_notifications": [self._notification(entry) for entry in self._is["notifications"] if "type" in entry],
            "controller_templates": [template for server in self._is["servers"] for template in self._templates(server)],
            "controller_workflows": [self._workflow(key, server) for server in self._is["servers"] for key in self._is["workflows"]],
            "controller_schedules": [schedule for entry in self._is["schedules"] for schedule in self._schedules(entry)],
            "controller_roles": self._roles(),
        }

    def _name(self, server: dict[str, Any], title: str) -> str:
        """Return the name of an object of one server."""
        return "%s %s: %s" % (self._prefix, server["name"], title)

    # --- prerequisites of templates ---

    def _credential_types(self) -> list[dict[str, Any]]:
        if all("credential" in server for server in self._is["servers"]):
            return []
        return [{"name": self._type, "description": "Address and key of an Installatron Server", "kind": "cloud", "inputs": INPUTS, "injectors": INJECTORS}]

    def _credential_name(self, server: dict[str, Any]) -> str:
        return server.get("credential") or "%s %s" % (self._prefix, server["name"])

    def _credential(self, server: dict[str, Any]) -> dict[str, Any]:
        return {"name": self._credential_name(server), "organization": self._org, "credential_type": self._type,
                "api_url": server["api_url"], "api_key_variable": server["api_key_variable"]}

    def _environments(self) -> list[dict[str, Any]]:
        """Return the execution environment, unless it exists in AWX already."""
        entry = self._is["execution_environment"]
        return [dict(entry, organization=self._org, pull=entry.get("pull", "missing"))] if "image" in entry else []

    def _project_object(self) -> dict[str, Any]:
        project = self._is["project"]
        found = {"name": self._project, "organization": self._org, "scm_type": "git", "scm_url": project["url"], "scm_branch": project.get("branch", ""),
                 "scm_update_on_launch": bool(project.get("update_on_launch", True))}
        return dict(found, credential=project["credential"]) if "credential" in project else found

    def _local_name(self, server: dict[str, Any]) -> str:
        return "%s %s localhost" % (self._prefix, server["name"])

    def _inventory_name(self, server: dict[str, Any]) -> str:
        return "%s %s sites" % (self._prefix, server["name"])

    def _inventories(self) -> list[dict[str, Any]]:
        """Return two inventories for each server: localhost with the variables of the server, on which the playbooks run, and its sites."""
        return [{"name": name, "organization": self._org, "description": words, "variables": server.get("variables", {})}
                for server in self._is["servers"] for name, words in (
                    (self._local_name(server), "localhost, for playbooks that run in the execution environment"),
                    (self._inventory_name(server), "The sites of the server as hosts"))]

    def _source(self, server: dict[str, Any]) -> dict[str, Any]:
        found = {"name": self._inventory_name(server), "inventory": self._inventory_name(server), "organization": self._org, "source": "scm",
                 "source_project": self._project, "source_path": posixpath.join(self._folder, INVENTORY_FILE),
                 "credential": self._credential_name(server), "overwrite": True, "overwrite_vars": True, "update_on_launch": True,
                 "update_cache_timeout": _FRESH}
        return self._with_environment(found)

    def _with_environment(self, found: dict[str, Any]) -> dict[str, Any]:
        """Add the execution environment of the description, if any, to an object."""
        name = self._is["execution_environment"].get("name")
        return dict(found, execution_environment=name) if name else found

    def _notification(self, entry: dict[str, Any]) -> dict[str, Any]:
        return {"name": entry["name"], "organization": self._org, "notification_type": entry["type"],
                "configuration_variable": entry["configuration_variable"]}

    # --- templates ---

    def _templates(self, server: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the job templates of one server."""
        found = [self._template(PLAYBOOKS[key], server) for key in self._is["playbooks"]]
        return found + [self._own_template(entry, server) for entry in self._is["own_templates"] if entry.get("server", server["name"]) == server["name"]]

    def _base(self, server: dict[str, Any], title: str, playbook: str, description: str) -> dict[str, Any]:
        """Return the common members of all job templates of one server."""
        credentials = [self._credential_name(server), server.get("vault_credential")]
        return self._with_environment({
            "name": self._name(server, title), "organization": self._org, "description": description, "project": self._project, "playbook": playbook,
            "credentials": [name for name in credentials if name], "labels": self._is["labels"], "notification_templates_error": self._notified,
            "ask_verbosity_on_launch": True})

    def _template(self, playbook: Playbook, server: dict[str, Any]) -> dict[str, Any]:
        """Return the template of a playbook of the collection. It is not sliced, because its play is on localhost and each slice would repeat all the work."""
        path = posixpath.join(self._folder, "%s.yml" % playbook.playbook)
        return dict(
            self._base(server, playbook.title, path, playbook.description), inventory=self._local_name(server), job_type=playbook.job_type,
            diff_mode=playbook.diff, job_slice_count=1, ask_job_type_on_launch="job_type" in playbook.asks,
            ask_diff_mode_on_launch="diff_mode" in playbook.asks, ask_variables_on_launch=False, ask_limit_on_launch=False,
            extra_vars=dict(playbook.variables, **self._reports(playbook, server), **self._files(server, playbook.survey)), survey_enabled=True,
            survey_spec=survey_spec(playbook.title, playbook.survey, self._defaults(server, playbook.survey)))

    def _own_template(self, entry: dict[str, Any], server: dict[str, Any]) -> dict[str, Any]:
        """Return the template of a user's playbook for the sites of a server. It may be sliced."""
        base = self._base(server, entry["title"], entry["playbook"], entry.get("description", ""))
        return dict(base, inventory=self._inventory_name(server), job_type=entry.get("job_type", "run"), diff_mode=bool(entry.get("diff_mode", True)),
                    job_slice_count=entry.get("slices", 1), limit=entry.get("limit", ""), ask_limit_on_launch=True, ask_job_type_on_launch=True,
                    ask_diff_mode_on_launch=True, ask_variables_on_launch=bool(entry.get("ask_variables", False)),
                    extra_vars=entry.get("variables", {}), survey_enabled=False)

    def _defaults(self, server: dict[str, Any], survey: tuple[Any, ...]) -> dict[str, str]:
        """Return the defaults that depend on the server: its files, if the question has a default."""
        files = self._files(server, survey)
        return {"itron_files": "\n".join(files["itron_files_default"])} if files else {}

    def _files(self, server: dict[str, Any], survey: tuple[Any, ...]) -> dict[str, list[str]]:
        """Return the variable with the files of the server, in case the answer is empty. The default of the role might be the files of another server."""
        if not any(question.variable == "itron_files" and question.default is not None for question in survey):
            return {}
        files = server.get("files") or FILES.default
        return {"itron_files_default": files if isinstance(files, list) else [files]}

    def _reports(self, playbook: Playbook, server: dict[str, Any]) -> dict[str, str]:
        """Return the variables with the paths of a playbook's reports. Without a persistent folder, there are no reports."""
        folder = self._is.get("reports")
        if not folder:
            return dict.fromkeys(playbook.reports, "")
        return {name: posixpath.join(folder, server["name"], "%s.%s" % (playbook.playbook, ending)) for name, ending in playbook.reports.items()}

    # --- workflows ---

    def _workflow(self, key: str, server: dict[str, Any]) -> dict[str, Any]:
        title, templates = WORKFLOWS[key]
        survey = questions_of(key)
        nodes = {"plan_and_apply": self._plan_nodes, "canary_and_rollout": self._canary_nodes, "nightly_drift": self._drift_nodes}[key](server)
        return {
            "name": self._name(server, title), "organization": self._org, "labels": self._is["labels"], "ask_variables_on_launch": False,
            "description": "Runs %s." % ", ".join(PLAYBOOKS[name].title for name in templates), "notification_templates_error": self._notified,
            "notification_templates_approvals": self._notified, "survey_enabled": True,
            "survey_spec": survey_spec(title, survey, self._defaults(server, survey)), "simplified_workflow_nodes": nodes}

    def _run(self, identifier: str, server: dict[str, Any], key: str, success: list[str], always: tuple[str, ...] = ()) -> dict[str, Any]:
        """Return a node that runs a job template."""
        return {"identifier": identifier, "unified_job_template": self._name(server, PLAYBOOKS[key].title), "lookup_organization": self._org,
                "success_nodes": success, "failure_nodes": [], "always_nodes": list(always)}

    def _approve(self, server: dict[str, Any], title: str, description: str, success: list[str]) -> dict[str, Any]:
        """Return an approval node."""
        approval = {"name": self._name(server, title), "description": description, "timeout": self._is["approval_timeout"]}
        return {"identifier": "approve", "approval_node": approval, "success_nodes": success, "failure_nodes": [], "always_nodes": []}

    def _plan_nodes(self, server: dict[str, Any]) -> list[dict[str, Any]]:
        return [self._run("plan", server, "plan", ["approve"]),
                self._approve(server, "Approve the plan", "The output of the previous job contains the plan.", ["apply"]),
                self._run("apply", server, "apply", [], always=("report",)), self._run("report", server, "report", [])]

    def _canary_nodes(self, server: dict[str, Any]) -> list[dict[str, Any]]:
        return [self._run("canary", server, "canary", ["approve"]),
                self._approve(server, "Approve the rollout", "The output of the previous job contains the verdicts of the canary.", ["rollout"]),
                self._run("rollout", server, "rollout", [])]

    def _drift_nodes(self, server: dict[str, Any]) -> list[dict[str, Any]]:
        return [self._run("drift", server, "drift", [])]

    # --- schedules and permissions ---

    def _schedules(self, entry: dict[str, Any]) -> list[dict[str, Any]]:
        """Return a schedule for each server, or only for the server of the entry."""
        title = WORKFLOWS[entry["run"]][0] if entry["run"] in WORKFLOWS else PLAYBOOKS[entry["run"]].title
        when = entry.get("name") or ("at %s" % entry["at"] if "at" in entry else "scheduled")
        return [{"name": "%s, %s" % (self._name(server, title), when), "organization": self._org, "unified_job_template": self._name(server, title),
                 "rrule": entry.get("rrule") or _rrule(entry), "enabled": bool(entry.get("enabled", True)),
                 "extra_data": {PREFIX + name: value for name, value in entry["answers"].items()}}
                for server in self._is["servers"] if entry.get("server", server["name"]) == server["name"]]

    def _roles(self) -> list[dict[str, Any]]:
        """Return the role assignments of approvers and operators."""
        approved = [self._name(server, WORKFLOWS[key][0]) for server in self._is["servers"] for key in self._is["workflows"] if key != "nightly_drift"]
        workflows = [self._name(server, WORKFLOWS[key][0]) for server in self._is["servers"] for key in self._is["workflows"]]
        templates = [template["name"] for server in self._is["servers"] for template in self._templates(server)]
        found = [dict(who, role="approval", workflows=approved, lookup_organization=self._org) for who in _people(self._is["approvers"]) if approved]
        return found + [dict(who, role="execute", job_templates=templates, workflows=workflows, lookup_organization=self._org)
                        for who in _people(self._is["operators"])]


def _people(table: dict[str, list[str]]) -> list[dict[str, list[str]]]:
    """Return users and teams separately, because a role assignment in AWX accepts only one kind."""
    return [{kind: table[kind]} for kind in ("users", "teams") if table.get(kind)]


def _rrule(entry: dict[str, Any]) -> str:
    """Return the rule of a schedule in the form that AWX stores."""
    hour, _colon, minute = entry["at"].partition(":")
    days = [day for day in DAYS if day in entry.get("days", ())]
    how = "FREQ=WEEKLY;INTERVAL=1;BYDAY=%s" % ",".join(day[:2].upper() for day in days) if days else "FREQ=DAILY;INTERVAL=1"
    return "DTSTART;TZID=%s:%sT%s%s00 RRULE:%s" % (entry.get("timezone", "UTC"), _BEGIN, hour, minute, how)
