# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of AWX's API: their fields, types, references, and unique keys.

Based on the requests of the modules of awx.awx and AWX's public API documentation. It does not know the role awx.
"""

from collections import namedtuple

# kind: str, int, bool, dict, list, json (JSON or YAML as a string), or ref. of: endpoint of a ref. choices: of a str.
Field = namedtuple("Field", "kind default required of choices")


def text(default="", required=False, choices=None):
    """Return the Field of a string."""
    return Field("str", default, required, None, choices)


def ref(of, required=False):
    """Return the Field of a reference. None means no object."""
    return Field("ref", None, required, of, None)


def flag(default=False):
    """Return the Field of a boolean."""
    return Field("bool", default, False, None, None)


def number(default=0):
    """Return the Field of an integer."""
    return Field("int", default, False, None, None)


TABLE, JSON = Field("dict", {}, False, None, None), Field("json", "", False, None, None)
NAME, NOTE = text(required=True), text()
JOB_TYPES, VERBOSITY = ("run", "check"), number()
SOURCES = ("file", "scm", "ec2", "gce", "azure_rm", "vmware", "satellite6", "openstack", "rhv", "controller", "insights", "constructed")

_ASKS = ("job_type", "diff_mode", "variables", "limit", "tags", "skip_tags", "verbosity", "inventory", "credential", "execution_environment", "forks",
         "instance_groups", "job_slice_count", "labels", "timeout", "scm_branch")
_PROMPTS = {"job_type": text(None, choices=JOB_TYPES), "limit": text(None), "scm_branch": text(None), "job_tags": text(None), "skip_tags": text(None),
            "diff_mode": Field("bool", None, False, None, None), "verbosity": number(None), "inventory": ref("inventories"),
            "execution_environment": ref("execution_environments"), "forks": number(None), "job_slice_count": number(None), "timeout": number(None)}

SCHEMAS = {
    "organizations": {"name": NAME, "description": NOTE, "max_hosts": number(), "default_environment": ref("execution_environments")},
    "users": {"username": NAME},
    "teams": {"name": NAME, "description": NOTE, "organization": ref("organizations", True)},
    "credential_types": {"name": NAME, "description": NOTE, "kind": text(required=True, choices=("cloud", "net")), "inputs": TABLE, "injectors": TABLE,
                         "managed": flag()},
    "credentials": {"name": NAME, "description": NOTE, "organization": ref("organizations", True), "credential_type": ref("credential_types", True),
                    "inputs": TABLE},
    "execution_environments": {"name": NAME, "description": NOTE, "organization": ref("organizations"), "image": NAME,
                               "pull": text("", choices=("", "always", "missing", "never")), "credential": ref("credentials")},
    "projects": {"name": NAME, "description": NOTE, "organization": ref("organizations", True), "scm_type": text("", choices=("", "git", "svn", "archive")),
                 "scm_url": text(), "scm_branch": text(), "scm_refspec": text(), "scm_clean": flag(), "scm_delete_on_update": flag(),
                 "scm_track_submodules": flag(), "scm_update_on_launch": flag(), "scm_update_cache_timeout": number(), "allow_override": flag(),
                 "credential": ref("credentials"), "timeout": number(), "default_environment": ref("execution_environments")},
    "inventories": {"name": NAME, "description": NOTE, "organization": ref("organizations", True), "kind": text("", choices=("", "smart", "constructed")),
                    "host_filter": text(None), "variables": JSON, "prevent_instance_group_fallback": flag()},
    "hosts": {"name": NAME, "description": NOTE, "inventory": ref("inventories", True), "enabled": flag(True), "variables": JSON},
    "inventory_sources": {"name": NAME, "description": NOTE, "inventory": ref("inventories", True), "source": text(required=True, choices=SOURCES),
                          "source_path": text(), "source_vars": JSON, "source_project": ref("projects"), "credential": ref("credentials"),
                          "execution_environment": ref("execution_environments"), "overwrite": flag(), "overwrite_vars": flag(), "update_on_launch": flag(),
                          "update_cache_timeout": number(), "timeout": number(), "verbosity": number(1), "limit": text(), "scm_branch": text()},
    "labels": {"name": NAME, "organization": ref("organizations", True)},
    "notification_templates": {"name": NAME, "description": NOTE, "organization": ref("organizations", True),
                               "messages": Field("dict", None, False, None, None), "notification_configuration": TABLE,
                               "notification_type": text(required=True, choices=("email", "slack", "webhook"))},
    "job_templates": dict(
        {"ask_%s_on_launch" % name: flag() for name in _ASKS},
        name=NAME, description=NOTE, organization=ref("organizations"), project=ref("projects", True), playbook=text(), inventory=ref("inventories"),
        execution_environment=ref("execution_environments"), job_type=text("run", choices=JOB_TYPES), diff_mode=flag(), forks=number(), limit=text(),
        verbosity=VERBOSITY, extra_vars=JSON, job_tags=text(), skip_tags=text(), force_handlers=flag(), start_at_task=text(), timeout=number(),
        use_fact_cache=flag(), survey_enabled=flag(), become_enabled=flag(), allow_simultaneous=flag(), scm_branch=text(), job_slice_count=number(1),
        host_config_key=text(), webhook_service=text("", choices=("", "github", "gitlab"))),
    "workflow_job_templates": {
        "name": NAME, "description": NOTE, "organization": ref("organizations"), "extra_vars": JSON, "survey_enabled": flag(), "allow_simultaneous": flag(),
        "ask_variables_on_launch": flag(), "ask_inventory_on_launch": flag(), "ask_limit_on_launch": flag(), "ask_scm_branch_on_launch": flag(),
        "ask_labels_on_launch": flag(), "ask_tags_on_launch": flag(), "ask_skip_tags_on_launch": flag(), "inventory": ref("inventories"),
        "limit": text(None), "scm_branch": text(None), "job_tags": text(None), "skip_tags": text(None)},
    "workflow_job_template_nodes": dict(
        _PROMPTS, identifier=NAME, workflow_job_template=ref("workflow_job_templates", True), unified_job_template=ref("unified_job_templates"),
        extra_data=TABLE, all_parents_must_converge=flag()),
    "workflow_approval_templates": {"name": NAME, "description": NOTE, "timeout": number()},
    "schedules": dict(_PROMPTS, name=NAME, description=NOTE, unified_job_template=ref("unified_job_templates", True), rrule=NAME, enabled=flag(True),
                      extra_data=TABLE),
}
# Objects that start jobs.
UNIFIED = ("job_templates", "workflow_job_templates", "projects", "inventory_sources", "workflow_approval_templates")
UNIQUE = {
    "organizations": ("name",), "users": ("username",), "execution_environments": ("name",), "credential_types": ("name", "kind"),
    "credentials": ("name", "organization", "credential_type"), "hosts": ("name", "inventory"), "inventory_sources": ("name", "inventory"),
    "schedules": ("name", "unified_job_template"), "workflow_job_template_nodes": ("identifier", "workflow_job_template"),
    "workflow_approval_templates": (),
}
# References that cascade: deleting the referenced object deletes this one. Other references become None.
CASCADE = {
    ("teams", "organization"), ("credentials", "organization"), ("projects", "organization"), ("inventories", "organization"),
    ("hosts", "inventory"), ("inventory_sources", "inventory"), ("labels", "organization"), ("notification_templates", "organization"),
    ("workflow_job_template_nodes", "workflow_job_template"), ("schedules", "unified_job_template"), ("execution_environments", "organization"),
}
NOTIFICATIONS = ("notification_templates_started", "notification_templates_success", "notification_templates_error")
LINKS = ("success_nodes", "failure_nodes", "always_nodes")
# Associations of an object, with the endpoint of the associated objects.
ASSOCIATIONS = {
    "job_templates": dict(dict.fromkeys(NOTIFICATIONS, "notification_templates"), credentials="credentials", labels="labels"),
    "workflow_job_templates": dict(dict.fromkeys((*NOTIFICATIONS, "notification_templates_approvals"), "notification_templates"), labels="labels"),
    "workflow_job_template_nodes": dict(dict.fromkeys(LINKS, "workflow_job_template_nodes"), credentials="credentials", labels="labels"),
    "schedules": {"credentials": "credentials", "labels": "labels"},
    "roles": {"users": "users", "teams": "teams"},
}
ROLES = {"job_templates": ("admin", "execute", "read"), "workflow_job_templates": ("admin", "execute", "read", "approval")}
# Required settings of a notification template, and the secret ones among them.
CONFIGURATIONS = {
    "email": ({"host", "port", "username", "password", "use_tls", "use_ssl", "sender", "recipients", "timeout"}, {"password"}),
    "slack": ({"token", "channels", "hex_color"}, {"token"}),
    "webhook": ({"url", "headers", "http_method", "disable_ssl_verification", "username", "password"}, {"password"}),
}
