# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role awx with the modules of awx.awx against a stand-in of AWX's API: creation of all objects, idempotency, and removal."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from awx_tools import (
    COLLECTION,
    KEY,
    MAIL_PASSWORD,
    changed_count,
    description,
    in_any,
    job_environment,
    make_project,
    missing_requirement,
    run_playbook,
    stand_in,
)
from harness import ROOT, wait_for
from role_runs import described, installs_by_host

pytestmark = pytest.mark.skipif(missing_requirement() is not None, reason=str(missing_requirement()))
PLAN = "Installatron main: Plan, approve, apply"
# Warnings of awx.awx itself, with newer versions of ansible-core.
NOT_OURS = ("ansible.module_utils._text", "deprecation_warnings=False")


@pytest.fixture(scope="module")
def awx(sandbox, tmp_path_factory):
    """An AWX with users and a project that can be cloned and describes a site of the sandbox. C(given) is the description."""
    folder = tmp_path_factory.mktemp("awx")
    given = full_description(sandbox.url)
    project = make_project(folder / "project", given)
    (project / "sites").mkdir()
    (project / "sites" / "a.json").write_text(json.dumps([described("a.example")]), encoding="utf-8")
    found = stand_in(folder / "jobs", project)
    found.given = given
    yield found
    found.stop()


def full_description(url):
    """Return a description that uses every member but few templates, because a module takes a second for each."""
    return description(
        servers=[{"name": "main", "api_url": url, "api_key_variable": "vault_itron_api_key", "variables": {"plan_limit": 10}}],
        playbooks=["plan", "apply", "report", "drift", "canary", "rollout"], operators={"users": ["ada"]}, approval_timeout=3600,
        execution_environment={"name": "Installatron", "image": "registry.example.com/itron-ee:1"},
        own_templates=[{"title": "Fixes", "playbook": "installatron/plan.yml", "slices": 4, "limit": "wordpress"}])


def warnings_of(done):
    """Return the warnings of a run except those of awx.awx."""
    return [line for line in done.stdout.splitlines() if "WARNING" in line and not any(words in line for words in NOT_OURS)]


def awx_objects(awx):
    """Return all objects of AWX."""
    store = awx.store
    linked = sorted((str(key), sorted(ids)) for key, ids in store.associations.items() if ids)
    return json.dumps([store.objects, linked, sorted(map(str, store.surveys.items()))])


# The tests of this file depend on each other and run in order.


def test_check_mode_empty_awx(awx, tmp_path):
    done = run_playbook(awx, tmp_path, "awx", awx.given, "--check")
    assert done.returncode == 0, done.stdout
    assert awx.api.writes == [] and warnings_of(done) == []
    for name in ("Hosting", "Installatron API", "template Installatron main: Plan", "node %s/approve" % PLAN, "schedule Installatron main: Nightly drift"):
        assert name in done.stdout


def test_present(awx, tmp_path):
    done = run_playbook(awx, tmp_path, "awx", awx.given, "-vvvv", "--diff")
    assert done.returncode == 0, done.stdout[-3000:]
    assert warnings_of(done) == [] and in_any([done.stdout], [KEY, MAIL_PASSWORD]) == []
    store = awx.store
    assert {name: len(rows) for name, rows in store.objects.items() if rows} == {
        "users": 1, "organizations": 1, "credential_types": 1, "credentials": 1, "execution_environments": 1, "projects": 1, "inventories": 2, "hosts": 1,
        "inventory_sources": 1, "labels": 1, "notification_templates": 1, "job_templates": 7, "workflow_job_templates": 3,
        "workflow_job_template_nodes": 8, "workflow_approval_templates": 2, "schedules": 1}
    assert store.by_name("credentials", "Installatron main")["inputs"]["api_key"] == KEY
    assert store.by_name("credential_types", "Installatron API")["injectors"]["env"] == {"ITRON_API_URL": "{{ api_url }}", "ITRON_API_KEY": "{{ api_key }}"}
    assert store.by_name("notification_templates", "Mail to operations")["notification_configuration"]["password"] == MAIL_PASSWORD
    fixes = store.by_name("job_templates", "Installatron main: Fixes")
    assert (fixes["job_slice_count"], fixes["limit"]) == (4, "wordpress")
    assert json.loads(store.by_name("hosts", "localhost")["variables"])["ansible_python_interpreter"] == "{{ ansible_playbook_python }}"


def test_present_links_notifications_roles(awx):
    store = awx.store
    workflow, mail = (id_of(store, *what) for what in (("workflow_job_templates", PLAN), ("notification_templates", "Mail to operations")))
    nodes = {row["identifier"]: id for id, row in store.objects["workflow_job_template_nodes"].items() if row["workflow_job_template"] == workflow}
    links = {(name, kind): store.linked("workflow_job_template_nodes", id, kind) for name, id in nodes.items() for kind in ("success_nodes", "always_nodes")}
    assert {key: ids for key, ids in links.items() if ids} == {
        ("plan", "success_nodes"): [nodes["approve"]], ("approve", "success_nodes"): [nodes["apply"]], ("apply", "always_nodes"): [nodes["report"]]}
    for association in ("notification_templates_error", "notification_templates_approvals"):
        assert store.linked("workflow_job_templates", workflow, association) == [mail]
    assert store.linked("job_templates", id_of(store, "job_templates", "Installatron main: Drift"), "notification_templates_error") == [mail]
    assert store.linked("roles", store.role("workflow_job_templates", workflow, "approval"), "users") == [id_of(store, "users", "ada")]
    assert [row["timeout"] for row in store.objects["workflow_approval_templates"].values()] == [3600, 3600]


def id_of(store, endpoint, name):
    """Return the id of the only object with a name."""
    found = [id for id, row in store.objects[endpoint].items() if row.get("name", row.get("username")) == name]
    assert len(found) == 1
    return found[0]


def test_guide_starts_workflow(awx, sandbox, tmp_path):
    page = (ROOT / "docs" / "docsite" / "rst" / "awx.rst").read_text(encoding="utf-8")
    command = next(line.strip() for line in page.splitlines() if "workflow_launch" in line)
    environment = dict(job_environment(), **awx.environment, HOME=str(tmp_path), ANSIBLE_PYTHON_INTERPRETER=sys.executable,
                       ANSIBLE_COLLECTIONS_PATH="%s:%s" % (ROOT / ".build" / "collections", COLLECTION))
    environment["PATH"] = "%s:%s" % (Path(sys.executable).parent, environment.pop("PATH"))
    # The implicit localhost needs no inventory.
    del environment["ANSIBLE_INVENTORY_UNPARSED_FAILED"]
    done = subprocess.run(["bash", "-c", command], env=environment, cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout
    (job,) = [job for job in awx.jobs.jobs.values() if job.kind == "workflow_job"]
    below = awx.jobs.below(job)
    wait_for(lambda: job.status == "failed" or any(one.kind == "workflow_approval" for one in below), 120, "no approval was requested")
    assert below[0].artifacts["itron_plan_summary"]["planned"] == 1 and installs_by_host(sandbox) == {}
    awx.jobs.answer("POST", "workflow_approvals", [str(below[1].id), "approve"], {}, {})
    job.thread.join(240)
    assert job.status == "successful" and "a.example" in installs_by_host(sandbox)


def test_idempotency(awx, tmp_path):
    before = awx_objects(awx)
    awx.api.log.clear()
    done = run_playbook(awx, tmp_path, "awx", awx.given)
    assert done.returncode == 0 and changed_count(done) == 0, done.stdout[-3000:]
    assert awx.api.writes == [] and awx_objects(awx) == before


def test_drift_corrected(awx, tmp_path):
    store = awx.store
    before = awx_objects(awx)
    plan = id_of(store, "job_templates", "Installatron main: Plan")
    node, apply = (next(id for id, row in store.objects["workflow_job_template_nodes"].items() if row["identifier"] == name) for name in ("plan", "apply"))
    credential = id_of(store, "credentials", "Installatron main")
    store.objects["job_templates"][plan]["job_type"] = "run"
    # The node after the approval.
    store.linked("workflow_job_template_nodes", node, "always_nodes").append(apply)
    # AWX does not return a key, so only sending it again can correct that.
    store.objects["credentials"][credential]["inputs"]["api_key"] = "another-key"
    awx.api.log.clear()
    check = run_playbook(awx, tmp_path / "check", "awx", awx.given, "--check")
    assert awx.api.writes == [] and changed_count(check) == 2
    done = run_playbook(awx, tmp_path / "run", "awx", awx.given, "-e", "awx_update_secrets=true")
    assert done.returncode == 0 and in_any([done.stdout], [KEY, MAIL_PASSWORD]) == []
    changed = [found.group(1) for found in (re.match(r"changed: .*item=(Installatron.*)\)", line) for line in done.stdout.splitlines()) if found]
    assert changed == ["Installatron main", "Installatron main: Plan", "%s/plan" % PLAN]
    assert awx_objects(awx) == before


def test_project_without_playbooks(awx, tmp_path):
    more = dict(awx.given, own_templates=[{"title": "Missing", "playbook": "installatron/missing.yml"}])
    before = awx_objects(awx)
    done = run_playbook(awx, tmp_path, "awx", more)
    words = " ".join(done.stdout.split())
    assert done.returncode == 2 and "The project in AWX does not contain installatron/missing.yml" in words and "hostops.installatron.awx_project" in words
    assert awx_objects(awx) == before


def test_missing_awx_or_collection(awx, tmp_path):
    awx.environment, kept = dict(awx.environment, CONTROLLER_OAUTH_TOKEN="wrong"), awx.environment
    refused = " ".join(run_playbook(awx, tmp_path / "refused", "awx", awx.given).stdout.split())
    awx.environment = kept
    absent = " ".join(run_playbook(awx, tmp_path / "absent", "awx", awx.given, "-e", "awx_collection=ansible.controller").stdout.split())
    assert "AWX cannot be reached" in refused and "401" in refused and "CONTROLLER_OAUTH_TOKEN" in refused
    assert "ansible-galaxy collection install ansible.controller" in absent


def test_absent(awx, tmp_path):
    foreign = awx.store.create("inventories", {"name": "Other", "organization": id_of(awx.store, "organizations", "Hosting")})
    before = awx_objects(awx)
    check = run_playbook(awx, tmp_path / "check", "awx", awx.given, "-e", "awx_state=absent", "--check")
    assert check.returncode == 0 and awx_objects(awx) == before
    done = run_playbook(awx, tmp_path / "run", "awx", awx.given, "-e", "awx_state=absent")
    assert done.returncode == 0, done.stdout[-3000:]
    assert {name: len(rows) for name, rows in awx.store.objects.items() if rows} == {"users": 1, "organizations": 1, "inventories": 1, "labels": 1}
    assert foreign["id"] in awx.store.objects["inventories"]
    again = run_playbook(awx, tmp_path / "again", "awx", awx.given, "-e", "awx_state=absent")
    assert again.returncode == 0 and changed_count(again) == 0
    last = run_playbook(awx, tmp_path / "last", "awx", awx.given, "-e", "awx_state=absent", "-e", "awx_remove_organization=true")
    assert last.returncode == 0 and list(awx.store.objects["users"].values()) == [{"username": "ada"}]
    assert [name for name, rows in awx.store.objects.items() if rows] == ["users"]
