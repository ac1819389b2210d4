# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of every job template and workflow of the role awx: ansible-runner, the environment that AWX creates, survey answers.

The tests check the effect of each job in the sandbox. The jobs run in the execution environment, or without podman in the virtual environment.
"""

import json

import pytest
from awx_api import Refusal
from awx_survey import answers_problems, defaults_of
from awx_tools import SMALL, Awx
from harness import KEY, USER, play, wait_for, websites
from role_runs import call, described, install, installs_by_host

from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_playbooks import PLAYBOOKS

OLD, NEW = "6.4.3", "6.5.5"
PLAN, ROLLOUT, NIGHTLY = ("Installatron main: %s" % title for title in ("Plan, approve, apply", "Canary, approve, rollout", "Nightly drift"))
HOSTS = ["a.example", "b.example", "c.example"]
PASSWORD = "canary-of-a-database"
# Invalid answers for each kind of question.
NONSENSE = {
    "text": ["a\nb", {"a": 1}, "x" * 2000], "lines": [{"a": 1}, "a\x07"], "expressions": ["("], "sites": ["a b"], "integer": ["many", 1.5, 10**9, -10**9],
    "number": ["much", -1, 10**9], "flag": ["maybe", 2], "choice": ["none"], "several": [["none"], "none"]}


@pytest.fixture(scope="module")
def awx(sandbox, place_of_jobs, tmp_path_factory):
    """The Awx object of all tests in this file."""
    found = Awx(sandbox, tmp_path_factory.mktemp("awx"), runs=place_of_jobs, secrets=[KEY, PASSWORD, *("pw-of-%s" % host.replace(".", "_") for host in HOSTS)])
    yield found
    found.stand_in.stop()


@pytest.fixture
def filled(sandbox, awx):
    """The sandbox with three sites of an old version, and files that describe them."""
    sandbox.reset()
    for host in HOSTS:
        install(sandbox, host, HOSTS, sitetitle="Old", version=OLD)
    sandbox.control("DELETE", "/requests")
    awx.write("sites/sites.json", [described_here(host) for host in HOSTS])
    return sandbox


def described_here(host, **more):
    """Return the description of a site as it is on the server."""
    return dict(described(host, sitetitle="Old"), websites=websites(*HOSTS), **more)


def writes(sandbox):
    """Return the commands that changed the server, and clear the request log."""
    found = [request["command"] for request in sandbox.control("GET", "/requests") if request["write"] and not request["dryrun"]]
    sandbox.control("DELETE", "/requests")
    return found


def versions(sandbox):
    """Return the versions of the sites by host."""
    return {host: record["version"] for host, record in installs_by_host(sandbox).items()}


# --- workflows ---


def test_workflow_applies_approved_plan(awx, filled):
    awx.write("sites/sites.json", [dict(described_here("a.example"), sitetitle="New"), *map(described_here, HOSTS[1:])])
    job = awx.start(PLAN)
    below = awx.jobs.below(job)
    wait_for(lambda: job.status == "failed" or any(one.kind == "workflow_approval" for one in below), 120, "no plan")
    assert writes(filled) == [] and "Old" in filled.page("a.example").text
    assert "1 of 3 sites would change" in below[0].output and "| Old | New |" in below[0].output
    nodes = awx.decide(job, "approve")
    assert job.status == "successful" and [one.status for one in below] == ["successful"] * 4
    assert nodes["Apply"].artifacts["itron_apply"]["changed"] == 1 and "New" in filled.page("a.example").text
    assert nodes["Report"].artifacts["report"] and len(json.dumps(job.artifacts)) < SMALL
    assert writes(filled) == ["edit"]


def test_workflow_refuses_changed_site(awx, filled):
    awx.write("sites/sites.json", [dict(described_here(host), sitetitle="New") for host in HOSTS])
    job = awx.start(PLAN)
    below = awx.jobs.below(job)
    wait_for(lambda: job.status == "failed" or any(one.kind == "workflow_approval" for one in below), 120, "no plan")
    call(filled, "edit", HOSTS, id=next(row["id"] for host, row in installs_by_host(filled).items() if host == "b.example"), sitetitle="By hand")
    nodes = awx.decide(job, "approve")
    assert nodes["Apply"].status == "failed" and "http://b.example" in nodes["Apply"].output and nodes["Report"].status == "successful"
    assert all(title in filled.page(host).text for host, title in zip(HOSTS, ("New", "By hand", "New")))
    assert nodes["Apply"].artifacts["itron_apply"]["failed"] == 1


def test_workflow_denied(awx, filled):
    awx.write("sites/sites.json", [dict(described_here(host), sitetitle="New") for host in HOSTS])
    job = awx.start(PLAN)
    nodes = awx.decide(job, "deny")
    assert job.status == "failed" and set(nodes) == {"Plan", "Approve the plan"} and writes(filled) == []


def test_workflow_rollout_after_canary(awx, filled):
    answers = {"rollout_canary": "b.example", "rollout_exclude": "c.example\n", "rollout_version": NEW, "rollout_soak": 0, "rollout_waves": "100%"}
    job = awx.start(ROLLOUT, answers)
    below = awx.jobs.below(job)
    wait_for(lambda: job.status == "failed" or any(one.kind == "workflow_approval" for one in below), 120, "no canary")
    assert versions(filled) == {"a.example": OLD, "b.example": NEW, "c.example": OLD}
    assert below[0].artifacts["rollout"]["complete"] is False and below[0].artifacts["rollout"]["summary"]["updated"] == 1
    awx.decide(job, "approve")
    assert job.status == "successful" and versions(filled) == {"a.example": NEW, "b.example": NEW, "c.example": OLD}
    assert writes(filled).count("upgrade") == 2


def test_workflow_broken_canary(awx, filled):
    filled.control("POST", "/sites", {"url": "http://a.example", "upgrade": "page_500"})
    job = awx.start(ROLLOUT, {"rollout_canary": "a.example", "rollout_soak": 0, "rollout_version": NEW})
    job.thread.join(240)
    assert job.status == "failed" and [one.kind for one in awx.jobs.below(job)] == ["job"]
    assert "a.example" in awx.jobs.below(job)[0].output and versions(filled)["b.example"] == OLD


def test_workflow_nightly_drift(awx, filled):
    job = awx.start(NIGHTLY)
    job.thread.join(240)
    assert job.status == "successful", json.dumps(job.artifacts)
    call(filled, "edit", HOSTS, id=next(iter(installs_by_host(filled).values()))["id"], sitetitle="By hand")
    writes(filled)
    job = awx.start(NIGHTLY)
    job.thread.join(240)
    assert job.status == "failed" and "sitetitle" in job.artifacts["drift"]["different"][0]["fields"] and writes(filled) == []


# --- single templates ---


def test_onboard(awx, filled):
    awx.write("sites/new.json", [dict(described("new.example"), websites=websites("new.example", id="ws-new"), backup={"max_age": "24h"}, db_pass=PASSWORD)])
    answers = {"itron_files": "sites/new.json\n", "site_accounts": "no"}
    check = awx.run("Onboard", answers, job_type="check")
    assert check.status == "successful" and writes(filled) == [] and "new.example" in check.output
    run = awx.run("Onboard", answers)
    assert run.status == "successful" and "new.example" in installs_by_host(filled) and sorted(writes(filled)) == ["backup", "install"]
    assert awx.run("Onboard", dict(answers, site_backups="no")).status == "successful" and writes(filled) == []


def test_report_and_backup_audit(awx, filled):
    report = awx.run("Report", {"report_title": "", "report_max_backup_age": "7d"})
    assert report.status == "successful" and report.artifacts["report"]
    audit = awx.run("Backup audit", {"backup_audit_keep": 3})
    assert audit.status == "failed" and "http://a.example" in audit.output and writes(filled) == []
    call(filled, "backup", HOSTS, id=next(row["id"] for host, row in installs_by_host(filled).items() if host == "a.example"))
    awx.write("sites/one.json", [described_here("a.example", backup={"max_age": "24h"})])
    assert awx.run("Backup audit", {"itron_files": "sites/one.json"}).status == "successful"


def test_safe_update_sites_from_lines(awx, filled):
    run = awx.run("Safe update", {"safe_update_sites": "http://a.example\r\n\r\n http://c.example ", "safe_update_version": NEW, "safe_update_plugins": ""})
    assert run.status == "successful", run.output[-3000:]
    assert versions(filled) == {"a.example": NEW, "b.example": OLD, "c.example": NEW}


def test_emergency_patch_numeric_version(awx, filled):
    check = awx.run("Emergency patch", {"emergency_patch_below": "6.5", "emergency_patch_version": NEW, "emergency_patch_soak": 0}, job_type="check")
    assert check.status == "successful" and "would update" in check.output and "upgrade" not in writes(filled)
    run = awx.run("Emergency patch", {"emergency_patch_below": "6.5", "emergency_patch_version": NEW, "emergency_patch_soak": 0, "emergency_patch_canary": "2"})
    assert run.status == "successful" and set(versions(filled).values()) == {NEW} and "canary: 2 of 3 sites" in run.output


def test_restore_drill_sites_from_files(awx, filled):
    call(filled, "backup", HOSTS, id=next(row["id"] for host, row in installs_by_host(filled).items() if host == "a.example"))
    awx.write("drills/a.json", [{"url": "http://a.example", "drill_url": "http://drill.a.example", "user": USER, "db_host": "localhost", "db_name": "drill",
                                 "db_user": "drill", "db_pass": PASSWORD, "websites": websites(*HOSTS, "drill.a.example")}])
    run = awx.run("Restore drill", {"restore_drill_timeout": 5})
    assert run.status == "successful" and run.artifacts["restore_drill"][0]["verdict"] == "passed", run.output[-3000:]


def test_offboard_confirmation(awx, filled):
    assert awx.run("Offboard", {"offboard_urls": "http://a.example"}).status == "successful" and writes(filled) == []
    refused = awx.run("Offboard", {"offboard_urls": "http://a.example"}, job_type="run")
    assert refused.status == "failed" and "offboard_confirmed" in refused.output and writes(filled) == []
    done = awx.run("Offboard", {"offboard_urls": "http://a.example", "offboard_confirmed": "yes"}, job_type="run")
    assert done.status == "successful" and sorted(installs_by_host(filled)) == HOSTS[1:] and writes(filled) == ["backup", "uninstall"]


def test_apply_without_plan(awx, filled):
    job = awx.run("Apply")
    assert job.status == "failed" and "itron_plan is not set" in job.output and writes(filled) == []


# --- answers ---


@pytest.mark.parametrize("key", sorted(PLAYBOOKS))
def test_survey_bounds(awx, key):
    spec = awx.stand_in.store.surveys["job_templates", awx.ids["job_templates", "Installatron main: %s" % PLAYBOOKS[key].title]]
    given = {asked.variable: asked.example for asked in PLAYBOOKS[key].survey if asked.required}
    answers = dict(defaults_of(spec), **{"survey_%s" % name: value for name, value in given.items()})
    assert answers_problems(spec, answers) == {}
    for asked in PLAYBOOKS[key].survey:
        for bound, beyond in ((asked.least, -1), (asked.most, 1)):
            if bound is not None:
                name = "survey_%s" % asked.variable
                assert answers_problems(spec, dict(answers, **{name: bound})) == {} and asked.value(bound) == bound
                assert list(answers_problems(spec, dict(answers, **{name: bound + beyond}))) == [name]


def test_failed_plan_short_output(awx, filled):
    """The output has the error message, but not the result of each site."""
    awx.write("sites/many.json", [dict(described_here("a.example"), url="http://a.example/%d" % number, version="0.0.1") for number in range(300)])
    job = awx.run("Plan", {"itron_files": "sites/many.json"})
    (awx.project / "sites" / "many.json").unlink()
    assert job.status == "failed" and "http://a.example/0" in job.output, job.output[-3000:]
    assert max(map(len, job.output.splitlines())) < 6000 and job.artifacts == {}


def test_undeclared_variables_ignored(awx, filled):
    job = awx.start("Report", {"rollout_state_file": "/tmp/x"}, limit="all")
    job.thread.join(240)
    assert job.ignored == {"survey_rollout_state_file": "/tmp/x", "limit": "all"} and not set(job.ignored) & set(job.extra_vars)


def test_answer_out_of_bounds_refused(awx):
    with pytest.raises(Refusal):
        awx.start("Rollout", {"rollout_soak": -1})


def test_invalid_answer_fails_first_task(awx, filled):
    """AWX refuses such answers, but a program that starts jobs in another way might not."""
    id = awx.ids["job_templates", "Installatron main: Rollout"]
    job = awx.jobs.run_unchecked(id, {"survey_rollout_max_failures": "many", "survey_rollout_version": "6.5.5"})
    assert job.status == "failed" and "Allowed failures" in job.output and "survey_rollout_max_failures" in job.output
    assert job.output.count("TASK [") == 1 and writes(filled) == []


def test_invalid_answers_refused(sandbox, tmp_path):
    cases = [(key, asked, value) for key, playbook in PLAYBOOKS.items() for asked in playbook.survey for value in NONSENSE[asked.kind]]
    tasks = [{"name": "%d %s" % (number, asked.name), "vars": {"survey_%s" % asked.variable: value}, "ignore_errors": True,
              "ansible.builtin.debug": {"msg": "{{ query('hostops.installatron.survey_answers', '%s') }}" % key}}
             for number, (key, asked, value) in enumerate(cases)]
    records = play(sandbox, tmp_path, tasks).records.values()
    assert len(records) == len(cases) > 100
    for record, (_key, asked, _value) in zip(records, cases):
        assert record.failed and repr(asked.name) in record.result["msg"] and "survey_%s" % asked.variable in record.result["msg"], record.name
