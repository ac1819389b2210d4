# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWX as code: the objects of a description, the steps that create and remove them, and the errors for an invalid description."""

import pathlib

import pytest
import yaml

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_description import WORKFLOWS
from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_files import awx_configuration, awx_project_files
from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_objects import awx_objects
from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_playbooks import PLAYBOOKS
from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_steps import awx_removals, awx_steps, missing_playbooks

ROLE = pathlib.Path(__file__).resolve().parents[4] / "roles" / "awx"
ENDPOINTS = ("organizations", "credential_types", "credentials", "execution_environments", "projects", "inventories", "labels", "notification_templates",
             "job_templates", "workflow_job_templates", "workflow_job_template_nodes")


def server(name="main", **more):
    """Return the description of a server."""
    return dict({"name": name, "api_url": "https://%s.example.com/server/v1" % name, "api_key_variable": "vault_%s" % name}, **more)


def described(**more):
    """Return a description of AWX."""
    return dict({"organization": "Hosting", "project": {"url": "https://git.example.com/estate.git"}, "servers": [server()]}, **more)


def named(objects, variable, name):
    """Return the object with a name."""
    return next(entry for entry in objects[variable] if entry["name"] == name)


def everything(objects):
    """Return the names of all objects by endpoint, as AWX lists them after all objects are created."""
    nodes = ["%s/%s" % (workflow["name"], node["identifier"]) for workflow in objects["controller_workflows"] for node in workflow["simplified_workflow_nodes"]]
    variables = ("aap_organizations", "controller_credential_types", "controller_credentials", "controller_execution_environments", "controller_projects",
                 "controller_inventories", "controller_labels", "controller_notifications", "controller_templates", "controller_workflows")
    return dict({endpoint: [entry["name"] for entry in objects[variable]] for endpoint, variable in zip(ENDPOINTS, variables)},
                workflow_job_template_nodes=nodes)


def test_job_template_per_playbook_with_survey():
    templates = awx_objects(described())["controller_templates"]
    assert [template["name"] for template in templates] == ["Installatron main: %s" % playbook.title for playbook in PLAYBOOKS.values()]
    for template, playbook in zip(templates, PLAYBOOKS.values()):
        assert [question["variable"] for question in template["survey_spec"]["spec"]] == ["survey_%s" % asked.variable for asked in playbook.survey]
        # With ask_variables_on_launch, an unchecked variable could take precedence over the survey's answers.
        assert template["survey_enabled"] and not template["ask_variables_on_launch"]
    assert {template["job_type"] for template in templates if not template["ask_job_type_on_launch"] and "Plan" in template["name"]} == {"check"}


def test_job_type_by_playbook():
    templates = {template["name"].partition(": ")[2]: template for template in awx_objects(described())["controller_templates"]}
    for title in ("Plan", "Drift", "Backup audit"):
        assert templates[title]["job_type"] == "check" and not templates[title]["ask_job_type_on_launch"]
    for title in ("Onboard", "Safe update", "Rollout", "Canary", "Emergency patch", "Offboard", "Restore drill"):
        assert templates[title]["ask_job_type_on_launch"]
    assert templates["Offboard"]["job_type"] == "check"
    assert not templates["Apply"]["ask_job_type_on_launch"] and templates["Apply"]["job_type"] == "run"
    assert templates["Canary"]["extra_vars"]["rollout_canary_only"] is True and "rollout_canary_only" not in templates["Rollout"]["extra_vars"]


def test_servers_share_only_project():
    two = {"name": "two", "credential": "Key of two", "vault_credential": "Vault", "variables": {"rollout_soak": 1}}
    objects = awx_objects(described(servers=[server("one", files=["sites/one"]), two],
                                    schedules=[{"run": "drift", "at": "03:30", "server": "two"}, {"run": "report", "at": "05:00", "days": ["sun", "mon"]}]))
    names = [entry["name"] for variable in ("controller_templates", "controller_workflows") for entry in objects[variable]]
    assert len(set(names)) == len(names) == 2 * (len(PLAYBOOKS) + len(WORKFLOWS))
    assert [entry["name"] for entry in objects["controller_credentials"]] == ["Installatron one"]
    assert named(objects, "controller_templates", "Installatron two: Plan")["credentials"] == ["Key of two", "Vault"]
    assert named(objects, "controller_inventories", "Installatron two localhost")["variables"] == {"rollout_soak": 1}
    assert named(objects, "controller_inventories", "Installatron one localhost")["variables"] == {}
    one = named(objects, "controller_templates", "Installatron one: Plan")
    assert one["extra_vars"] == {"itron_files_default": ["sites/one"]} and one["survey_spec"]["spec"][0]["default"] == "sites/one"
    assert named(objects, "controller_workflows", "Installatron one: Nightly drift")["survey_spec"]["spec"][0]["default"] == "sites/one"
    assert [entry["name"] for entry in objects["controller_schedules"]] == [
        "Installatron two: Drift, at 03:30", "Installatron one: Report, at 05:00", "Installatron two: Report, at 05:00"]


def test_workflow_applies_only_approved_plan():
    nodes = {node["identifier"]: node for node in awx_objects(described())["controller_workflows"][0]["simplified_workflow_nodes"]}
    assert nodes["plan"]["success_nodes"] == ["approve"] and nodes["plan"]["always_nodes"] == [] and nodes["plan"]["failure_nodes"] == []
    assert nodes["approve"]["success_nodes"] == ["apply"] and nodes["approve"]["always_nodes"] == []
    assert nodes["apply"]["always_nodes"] == ["report"]


@pytest.mark.parametrize(("schedule", "rule"), [
    ({"at": "03:30"}, "DTSTART;TZID=UTC:20260101T033000 RRULE:FREQ=DAILY;INTERVAL=1"),
    ({"at": "23:05", "days": ["sun", "mon"], "timezone": "Europe/Berlin"},
     "DTSTART;TZID=Europe/Berlin:20260101T230500 RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,SU"),
    ({"rrule": "DTSTART:20260101T000000Z RRULE:FREQ=HOURLY;INTERVAL=6"}, "DTSTART:20260101T000000Z RRULE:FREQ=HOURLY;INTERVAL=6"),
])
def test_schedule_rrule(schedule, rule):
    objects = awx_objects(described(schedules=[dict(schedule, run="nightly_drift", answers={"drift_unmanaged": "no"})]))
    assert objects["controller_schedules"][0]["rrule"] == rule
    assert objects["controller_schedules"][0]["extra_data"] == {"survey_drift_unmanaged": "no"}


@pytest.mark.parametrize(("change", "words"), [
    ({"organization": ""}, "awx_organization: '' is not a valid name"), ({"organization": "12"}, "awx_organization: AWX would interpret '12'"),
    ({"prefix": "a++b"}, "awx_prefix: AWX would interpret 'a++b'"), ({"project": {}}, "awx_project.url: is missing"),
    ({"project": "https://x"}, "awx_project: must be a dictionary"),
    ({"project": {"url": "x", "scm_url": "x"}}, "awx_project: unknown member scm_url"), ({"servers": []}, "awx_servers: must contain a server"),

    ({"servers": [server(), server()]}, "awx_servers[1].name: 'main' is used twice"),
    ({"servers": [server(api_url="installatron")]}, "awx_servers[0].api_url"),
    ({"servers": [server(api_key_variable="8327b11a-311a")]}, "awx_servers[0].api_key_variable: must be the name of the variable"),
    ({"servers": [server(api_key_variable=None)]}, "awx_servers[0].api_key_variable"),
    ({"servers": [server(credential="x")]}, "awx_servers[0].credential: cannot be combined with"),
    ({"playbooks": ["planning"]}, "awx_playbooks: 'planning' is unknown"), ({"playbooks": ["plan"]}, "awx_workflows: plan_and_apply runs the playbook apply"),
    ({"workflows": ["x"]}, "awx_workflows: 'x' is unknown"), ({"approval_timeout": -1}, "awx_approval_timeout"),
    ({"notifications": [{"name": "a", "type": "email"}]}, "awx_notifications[0]: type and configuration_variable must be set together"),
    ({"schedules": [{"run": "x", "at": "03:30"}]}, "awx_schedules[0].run: 'x'"), ({"schedules": [{"run": "drift"}]}, "one of at and rrule"),

    ({"schedules": [{"run": "drift", "at": "3:30"}]}, "awx_schedules[0].at: '3:30'"),
    ({"schedules": [{"run": "drift", "at": 210}]}, "awx_schedules[0].at: 210"),
    ({"schedules": [{"run": "drift", "at": "03:30", "days": ["monday"]}]}, "awx_schedules[0].days: 'monday'"),
    ({"schedules": [{"run": "drift", "at": "03:30", "timezone": "Berlin"}]}, "awx_schedules[0].timezone: unknown time zone 'Berlin'"),
    ({"schedules": [{"run": "drift", "rrule": "RRULE:FREQ=DAILY"}]}, "awx_schedules[0].rrule: must begin with DTSTART"),
    ({"schedules": [{"run": "drift", "at": "03:30", "server": "x"}]}, "awx_schedules[0].server: 'x'"),
    ({"schedules": [{"run": "drift", "at": "03:30", "answers": {"x": 1}}]}, "awx_schedules[0].answers: drift has no question 'x'"),
    ({"schedules": [{"run": "drift", "at": "03:30", "answers": {"drift_max_parallel": 65}}]}, "'Parallel sites'"),
    ({"schedules": [{"run": "emergency_patch", "at": "03:30"}]}, "the question emergency_patch_below of emergency_patch requires an answer"),
    ({"own_templates": [{"title": "Fixes", "playbook": "f.yml", "slices": 0}]}, "awx_own_templates[0].slices"),
    ({"own_templates": [{"title": "Plan", "playbook": "f.yml"}]}, "awx_own_templates[0].title: 'Plan' is the title"),
])
def test_description_refused(change, words):
    with pytest.raises(InputError) as info:
        awx_objects(described(**change))
    assert words in info.value.text()


def test_api_key_not_quoted_in_error():
    with pytest.raises(InputError) as info:
        awx_objects(described(servers=[server(api_key_variable="8327b11a-311aad5a8092d26d209c9e13")]))
    assert "311aad" not in info.value.text()


def test_check_mode_dependent_objects_wait():
    objects = awx_objects(described(labels=["l"], approvers={"users": ["ada"]}))
    empty = {name: [] for name in ENDPOINTS}
    steps = awx_steps(objects, empty)
    assert [entry["name"] for entry in steps["aap_organizations"]] == ["Hosting"] and len(steps["controller_credential_types"]) == 1
    assert all(steps[variable] == [] for variable in objects if variable not in ("aap_organizations", "controller_credential_types"))
    assert steps["links"] == steps["nodes"] == [] and "template Installatron main: Plan" in steps["waiting"] and "role approval of ada" in steps["waiting"]
    found = everything(objects)
    assert awx_steps(objects, found)["waiting"] == [] and len(awx_steps(objects, found)["links"]) == 8
    found["projects"].remove("Installatron project")
    waiting = awx_steps(objects, found)["waiting"]
    assert "template Installatron main: Plan" in waiting and "inventory_source Installatron main sites" in waiting
    assert not any(name.startswith(("credential", "workflow", "project")) for name in waiting)


def test_check_mode_link_waits_for_both_nodes():
    objects = awx_objects(described())
    found = everything(objects)
    found["workflow_job_template_nodes"].remove("Installatron main: Plan, approve, apply/approve")
    links = ["%(workflow)s/%(identifier)s" % link for link in awx_steps(objects, found)["links"]]
    assert "Installatron main: Plan, approve, apply/apply" in links
    assert not {"Installatron main: Plan, approve, apply/%s" % name for name in ("plan", "approve")} & set(links)


def test_removal_order():
    objects = awx_objects(described(execution_environment={"name": "itron", "image": "registry/itron:1"}))
    found = everything(objects)
    steps = awx_removals(objects, found)
    assert list(dict.fromkeys(step["module"] for step in steps)) == [
        "workflow_job_template", "job_template", "inventory", "project", "execution_environment", "credential", "credential_type"]
    assert awx_removals(objects, found, organization=True)[-1] == {"module": "organization", "name": "Hosting"}
    found["credential_types"], found["organizations"] = [], []
    assert "credential_type" not in {step["module"] for step in awx_removals(objects, found, organization=True)}


def test_missing_playbooks():
    objects = awx_objects(described(own_templates=[{"title": "Fixes", "playbook": "fixes.yml"}]))
    paths = [file["path"] for file in awx_project_files(described())]
    assert missing_playbooks(objects, paths) == ["fixes.yml"]
    assert missing_playbooks(objects, [*paths, "fixes.yml", "other.yml"]) == []


def test_project_files_import_existing_playbooks():
    files = awx_project_files(described(project={"url": "x", "folder": "jobs/"}))
    assert {file["path"].partition("/")[0] for file in files} == {"jobs"}
    for file in files[:-1]:
        name = yaml.safe_load(file["content"])[0]["import_playbook"].rpartition(".")[2]
        assert (ROLE.parents[1] / "playbooks" / ("%s.yml" % name)).exists()


def test_configuration_without_secrets():
    class Loader(yaml.SafeLoader):
        """Supports the tag C(!unsafe) of Ansible."""

    Loader.add_constructor("!unsafe", lambda loader, node: "UNSAFE " + node.value)
    given = described(notifications=[{"name": "Mail", "type": "email", "configuration_variable": "vault_mail"}])
    data = yaml.load(awx_configuration(given), Loader)
    assert data["controller_credentials"][0]["inputs"] == {"api_url": "https://main.example.com/server/v1", "api_key": "{{ vault_main }}"}
    assert data["controller_notifications"][0]["notification_configuration"] == "{{ vault_mail }}"
    assert data["controller_credential_types"][0]["injectors"]["env"] == {"ITRON_API_URL": "UNSAFE {{ api_url }}", "ITRON_API_KEY": "UNSAFE {{ api_key }}"}
    assert data["controller_templates"] == awx_objects(given)["controller_templates"]


def test_role_defaults_complete():
    defaults = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text(encoding="utf-8"))
    options = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
    for name, known in (("awx_playbooks", PLAYBOOKS), ("awx_workflows", WORKFLOWS)):
        assert defaults[name] == options[name]["choices"] == options[name]["default"] == list(known)
