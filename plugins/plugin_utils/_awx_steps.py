# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps in which the role awx creates or removes objects; pure functions. This is a private util of the collection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Objects = dict[str, list[dict[str, Any]]]
# Variable and module of the objects to remove, in reverse order of creation. AWX removes other objects together with these, or cannot remove them.
_REMOVED = (
    ("controller_workflows", "workflow_job_template"),
    ("controller_templates", "job_template"),
    ("controller_inventories", "inventory"),
    ("controller_projects", "project"),
    ("controller_execution_environments", "execution_environment"),
    ("controller_credentials", "credential"),
    ("controller_credential_types", "credential_type"),
    ("controller_notifications", "notification_template"),
)
# Variable -> endpoint of its objects.
_ENDPOINTS = {
    "aap_organizations": "organizations", "controller_credential_types": "credential_types", "controller_credentials": "credentials",
    "controller_execution_environments": "execution_environments", "controller_projects": "projects", "controller_inventories": "inventories",
    "controller_labels": "labels", "controller_notifications": "notification_templates", "controller_templates": "job_templates",
    "controller_workflows": "workflow_job_templates", "nodes": "workflow_job_template_nodes",
}


def awx_steps(objects: Objects, found: dict[str, list[str]] | None = None) -> dict[str, Any]:
    """Return, by variable, the objects that modules can process now, and in C(waiting) the names of those that they cannot process yet.

    Arguments:
        objects: of awx_objects. found: in check mode, the names of the existing objects of AWX, by endpoint. A module cannot process an
            object that refers to a missing one. If None, all objects are created in order, and none is waiting.

    The nodes of workflows are returned twice: as C(nodes) without links, and as C(links), because a link requires its target node.
    """
    steps = dict(objects)
    steps["nodes"] = [dict(_bare(node), workflow=workflow["name"], organization=workflow["organization"])
                      for workflow in objects["controller_workflows"] for node in workflow["simplified_workflow_nodes"]]
    steps["links"] = [dict(node, workflow=workflow["name"], organization=workflow["organization"])
                      for workflow in objects["controller_workflows"] for node in workflow["simplified_workflow_nodes"]]
    if found is None:
        return dict(steps, waiting=[])
    missing = _missing(steps, found)
    waiting = []
    for variable, entries in steps.items():
        late = [entry for entry in entries if any(reference in missing for reference in _references(variable, entry))]
        steps[variable] = [entry for entry in entries if entry not in late]
        waiting += ["%s %s" % (_kind(variable), _label(entry)) for entry in late if variable != "links"]
    return dict(steps, waiting=waiting)


def awx_removals(objects: Objects, found: dict[str, list[str]], organization: bool = False) -> list[dict[str, str]]:
    """Return the objects to remove, as C(module), C(name), and other options of the module, in an order that AWX accepts.

    Arguments:
        objects: of awx_objects. found: the names of the existing objects of AWX, by endpoint. organization: whether to remove it as well.
    """
    steps = []
    for variable, module in _REMOVED:
        for entry in objects[variable]:
            if entry["name"] in found[_ENDPOINTS[variable]]:
                more = {name: entry[name] for name in ("organization", "credential_type") if name in entry and variable != "controller_execution_environments"}
                steps.append(dict(more, module=module, name=entry["name"]))
    names = [entry["name"] for entry in objects["aap_organizations"] if organization and entry["name"] in found["organizations"]]
    return steps + [{"module": "organization", "name": name} for name in names]


def missing_playbooks(objects: Objects, listed: Iterable[str]) -> list[str]:
    """Return the playbooks of templates that are missing from the AWX project."""
    have = set(listed)
    return sorted({template["playbook"] for template in objects["controller_templates"]} - have)


def _bare(node: dict[str, Any]) -> dict[str, Any]:
    """Return a node without its links."""
    return {name: value for name, value in node.items() if not name.endswith("_nodes")}


def _missing(steps: Objects, found: dict[str, list[str]]) -> set[tuple[str, str]]:
    """Return (variable, name) of each object of the description that is missing from AWX."""
    return {(variable, _label(entry)) for variable, endpoint in _ENDPOINTS.items() for entry in steps[variable]
            if _label(entry) not in found[endpoint]}


def _label(entry: dict[str, Any]) -> str:
    """Return a text that identifies an object among others of its kind."""
    if "identifier" in entry:
        return "%s/%s" % (entry["workflow"], entry["identifier"])
    return entry.get("name") or "%s of %s" % (entry["role"], ", ".join(entry.get("users") or entry.get("teams") or []))


def _kind(variable: str) -> str:
    """Return the kind of the objects of a variable."""
    word = variable.partition("_")[2] or variable
    return word[:-3] + "y" if word.endswith("ies") else word[:-1]


# Member of an object -> variable of the objects that it refers to.
_MEMBERS = {
    "organization": "aap_organizations", "lookup_organization": "aap_organizations", "credential_type": "controller_credential_types",
    "credential": "controller_credentials", "credentials": "controller_credentials", "execution_environment": "controller_execution_environments",
    "project": "controller_projects", "source_project": "controller_projects", "inventory": "controller_inventories", "labels": "controller_labels",
    "notification_templates_error": "controller_notifications", "notification_templates_approvals": "controller_notifications",
    "workflow": "controller_workflows", "workflows": "controller_workflows", "job_templates": "controller_templates",
}


def _references(variable: str, entry: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """Yield (variable, name) of all references of an object."""
    for member, kind in _MEMBERS.items():
        value = entry.get(member)
        for name in value if isinstance(value, list) else [] if value is None else [value]:
            yield kind, name
    if "unified_job_template" in entry:
        for kind in ("controller_templates", "controller_workflows"):
            yield kind, entry["unified_job_template"]
    if variable == "links":
        for name in (entry["identifier"], *entry["success_nodes"], *entry["failure_nodes"], *entry["always_nodes"]):
            yield "nodes", "%s/%s" % (entry["workflow"], name)
