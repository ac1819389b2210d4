# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Helpers for the tests of AWX: a project, a description, runs of the role, and a stand-in that is populated without the role."""

import json
import subprocess
import sys
from pathlib import Path

from awx_api import StandIn
from awx_jobs import DONE, Jobs
from harness import COMPILED, KEY, ROOT, wait_for

from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_files import awx_project_files
from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_objects import awx_objects

URL = "https://git.example.com/estate.git"
# The modules of awx.awx, installed by tools/awx_collection.py.
COLLECTION = ROOT / ".build" / "awx"
MAIL_PASSWORD = "password-of-the-mail-server"
MAIL = {"host": "mail.example.com", "port": 25, "username": "awx", "password": MAIL_PASSWORD, "use_tls": True, "use_ssl": False,
        "sender": "awx@example.com", "recipients": ["ops@example.com"], "timeout": 30}
# AWX stores the artifacts of a job in its database.
SMALL = 64 * 1024


def missing_requirement():
    """Return why the modules of awx.awx cannot run here and how to install them, or None."""
    if not (COLLECTION / "ansible_collections" / "awx" / "awx").is_dir():
        return "the collection awx.awx is not installed; run: python tools/awx_collection.py"
    return None


def description(**more):
    """Return a description of one server: the variables of the role without C(awx_)."""
    found = {"organization": "Hosting", "project": {"url": URL}, "labels": ["installatron"],
             "servers": [{"name": "main", "api_url": "https://installatron.example.com/server/v1", "api_key_variable": "vault_itron_api_key"}],
             "notifications": [{"name": "Mail to operations", "type": "email", "configuration_variable": "vault_mail"}],
             "schedules": [{"run": "nightly_drift", "at": "03:30", "days": ["mon", "fri"], "timezone": "Europe/Berlin"}],
             "approvers": {"users": ["ada"]}, "operators": {"teams": ["operations"]}}
    return dict(found, **more)


def make_project(folder, given):
    """Write the project of a description and return its folder."""
    for file in awx_project_files(given):
        path = Path(folder) / file["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file["content"], encoding="utf-8")
    return Path(folder)


def job_environment():
    """Return the environment of all jobs: the collection, and no settings of the user."""
    kept = {name: value for name, value in COMPILED.items() if not name.startswith(("ITRON_", "ANSIBLE_", "PYTEST_", "CONTROLLER_"))}
    return dict(kept, ANSIBLE_COLLECTIONS_PATH=str(ROOT / ".build" / "collections"), ANSIBLE_CONFIG=str(ROOT / ".build" / "ansible.cfg"),
                ANSIBLE_HOME=str(ROOT / ".build" / "ansible"), LC_ALL="C.UTF-8", NO_PROXY="127.0.0.1", no_proxy="127.0.0.1",
                ANSIBLE_INVENTORY_UNPARSED_FAILED="True", ANSIBLE_FORCE_COLOR="False", ANSIBLE_LOCALHOST_WARNING="false")


def stand_in(folder, project, **more):
    """Return a StandIn that runs jobs on this machine, with the users and teams of the description."""
    found = StandIn({URL: Path(project)}, lambda store: Jobs(store, folder, **dict({"environment": job_environment(), "outside": job_environment()}, **more)))
    found.store.create("users", {"username": "ada"})
    return found


def fill(found, given, key=KEY):
    """Create the objects of a description in a StandIn without Ansible. Its rules apply."""
    objects, ids = awx_objects(given), {}

    def make(variable, endpoint, associations=(), **replaced):
        for entry in objects[variable]:
            fields = {name: value for name, value in entry.items() if name not in (*associations, "survey_spec", "simplified_workflow_nodes")}
            fields.update((name, value(entry)) for name, value in replaced.items())
            row = found.store.create(endpoint, {name: value for name, value in fields.items() if value is not None})
            ids[endpoint, entry["name"]] = row["id"]
            if endpoint == "projects":
                for _look in range(2):
                    found.store.poll_update(found.store.current_update(row["id"]) or max(found.store.updates))
            for name, of in associations.items() if associations else ():
                for other in entry[name]:
                    found.store.associate(endpoint, row["id"], name, {"id": ids[of, other]})
            if "survey_spec" in entry:
                status, answer = found.api.answer("POST", "/%s/%d/survey_spec/" % (endpoint, row["id"]), {}, entry["survey_spec"])
                assert status == 200, answer

    def to(endpoint, member):
        return lambda entry: ids[endpoint, entry[member]]

    org = to("organizations", "organization")
    make("aap_organizations", "organizations")
    make("controller_credential_types", "credential_types")
    for entry in objects["controller_credentials"]:
        ids["credentials", entry["name"]] = found.store.create("credentials", {
            "name": entry["name"], "organization": org(entry), "credential_type": ids["credential_types", entry["credential_type"]],
            "inputs": {"api_url": entry["api_url"], "api_key": key}})["id"]
    make("controller_projects", "projects", organization=org)
    make("controller_inventories", "inventories", organization=org, variables=lambda entry: json.dumps(entry["variables"]))
    make("controller_hosts", "hosts", inventory=to("inventories", "inventory"), variables=lambda entry: json.dumps(entry["variables"]))
    make("controller_labels", "labels", organization=org)
    make("controller_templates", "job_templates", {"credentials": "credentials", "labels": "labels"}, organization=org, project=to("projects", "project"),
         inventory=to("inventories", "inventory"), extra_vars=lambda entry: json.dumps(entry["extra_vars"]), notification_templates_error=lambda entry: None)
    make("controller_workflows", "workflow_job_templates", {"labels": "labels"}, organization=org, notification_templates_error=lambda entry: None,
         notification_templates_approvals=lambda entry: None)
    for workflow in objects["controller_workflows"]:
        _fill_nodes(found, workflow, ids)
    return ids


def _fill_nodes(found, workflow, ids):
    """Create the nodes of a workflow and link them."""
    nodes = {}
    for node in workflow["simplified_workflow_nodes"]:
        template = node.get("unified_job_template")
        nodes[node["identifier"]] = found.store.create("workflow_job_template_nodes", {
            "identifier": node["identifier"], "workflow_job_template": ids["workflow_job_templates", workflow["name"]],
            "unified_job_template": ids["job_templates", template] if template else None})["id"]
        if "approval_node" in node:
            found.api.answer("POST", "/workflow_job_template_nodes/%d/create_approval_template/" % nodes[node["identifier"]], {}, node["approval_node"])
    for node in workflow["simplified_workflow_nodes"]:
        for link in ("success_nodes", "failure_nodes", "always_nodes"):
            for other in node[link]:
                found.store.associate("workflow_job_template_nodes", nodes[node["identifier"]], link, {"id": nodes[other]})


class Awx:
    """A stand-in with all templates, for one sandbox. Its jobs read the site files in the project.

    Arguments:
        sandbox: the Sandbox. folder: for the project and the files of jobs. secrets: must not appear in jobs. files: of the project, data by path.
        runs: further arguments of Jobs. more: members of the description.
    """

    def __init__(self, sandbox, folder, secrets=(KEY,), files=None, runs=None, **more):
        self._secrets = list(secrets)
        # The address of the sites of the sandbox. Real sites are resolved by DNS.
        served = {"url_ip": "127.0.0.1", "port": sandbox.ready["port"]}
        variables = {"safe_update_health": served, "safe_update_poll_interval": 0.05, "safe_update_health_delay": 0.05, "safe_update_health_attempts": 2,
                     "restore_drill_address": "127.0.0.1:%d" % sandbox.ready["port"], "restore_drill_retries": 1, "restore_drill_delay": 0}
        server = {"name": "main", "api_url": sandbox.url, "api_key_variable": "vault_itron_api_key", "variables": variables}
        self.given = description(servers=[server], **more)
        self.project = make_project(folder / "project", self.given)
        for path, data in (files or {}).items():
            self.write(path, data)
        self.stand_in = stand_in(folder / "jobs", self.project, **(runs or {}))
        self.ids = fill(self.stand_in, self.given)
        self.jobs = self.stand_in.jobs

    def write(self, path, data):
        """Write a file of the project: strings verbatim, other data as JSON."""
        path = self.project / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")

    def start(self, title, answers=(), **prompts):
        """Launch a template or a workflow and return its Job."""
        name = title if title.startswith("Installatron") else "Installatron main: %s" % title
        endpoint = next(endpoint for endpoint, other in self.ids if other == name)
        answers = {"survey_%s" % key: value for key, value in dict(answers).items()}
        return self.jobs.launch(endpoint, self.ids[endpoint, name], dict(prompts, extra_vars=answers))

    def run(self, title, answers=(), **prompts):
        """Launch a template and return the finished Job."""
        job = self.start(title, answers, **prompts)
        assert job.ignored == {}
        job.thread.join(240)
        assert job.status in ("successful", "failed"), job.status
        self.check(job)
        return job

    def done(self, title):
        """Return the finished jobs of a template. Assert that they do not reveal secrets."""
        found = [job for job in self.jobs.jobs.values() if job.name == "Installatron main: %s" % title and job.status in DONE]
        for job in found:
            self.check(job)
        return found

    def check(self, job):
        """Assert that a job reveals no secret and that its artifacts are small."""
        assert in_any([job.output, *job.events, json.dumps(job.artifacts)], self._secrets) == []
        assert len(json.dumps(job.artifacts)) < SMALL

    def decide(self, job, decision):
        """Approve or deny a workflow when it requests approval, and wait until it finishes. Return the jobs of its nodes by template."""
        below = self.jobs.below(job)
        wait_for(lambda: any(one.kind == "workflow_approval" for one in below) or job.status == "failed", 120, "no approval was requested")
        approval = next(one for one in below if one.kind == "workflow_approval")
        self.jobs.answer("POST", "workflow_approvals", [str(approval.id), decision], {}, {})
        job.thread.join(240)
        return {one.name.partition(": ")[2]: one for one in below}


def run_playbook(found, folder, name, given, *arguments, programs=None):
    """Run a playbook of the collection with a description as the variables of the role awx. Return the finished process."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    variables = {"awx_%s" % member: value for member, value in given.items()}
    (folder / "awx.json").write_text(json.dumps(dict(variables, vault_itron_api_key=KEY, vault_mail=MAIL)), encoding="utf-8")
    (folder / "hosts").write_text("localhost ansible_connection=local ansible_python_interpreter=%s\n" % sys.executable)
    environment = dict(job_environment(), **found.environment, HOME=str(folder), ANSIBLE_NOCOLOR="1", ANSIBLE_PIPELINING="true",
                       ANSIBLE_COLLECTIONS_PATH="%s:%s" % (ROOT / ".build" / "collections", COLLECTION))
    programs = programs or Path(sys.executable).parent
    return subprocess.run([str(programs / "ansible-playbook"), "-i", str(folder / "hosts"), "hostops.installatron.%s" % name, "-e", "@awx.json", *arguments],
                          env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=900, check=False)


def changed_count(done):
    """Return the number of tasks of a run that report a change."""
    return int(done.stdout.rpartition("changed=")[2].split()[0])


def in_any(texts, secrets):
    """Return the secrets that occur in the texts."""
    return [secret for secret in secrets if any(secret in text for text in texts)]
