# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs and workflows for the stand-in of AWX: ansible-runner with the environment of an AWX job.

The behavior follows AWX's public documentation. The injectors of a credential set environment variables. Only extra variables of the
template are templated. The artifacts of a job are extra variables of later jobs in the workflow.
"""

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import jinja2
import yaml
from awx_api import Refusal, _page, bad
from awx_schema import LINKS
from awx_survey import answers_problems, defaults_of

DONE = ("successful", "failed", "canceled")
PROMPTS = ("job_type", "diff_mode", "verbosity", "limit")
_NODES = "workflow_job_template_nodes"


class _Unsafe(str):
    """A string that Ansible must not template."""


class _Dumper(yaml.SafeDumper):
    """Dumps extra variables as AWX does."""


_Dumper.add_representer(_Unsafe, lambda dumper, text: dumper.represent_scalar("!unsafe", str(text), style='"'))


def _unsafe(value):
    """Return a nested value with all strings, including keys, marked unsafe."""
    if isinstance(value, dict):
        return {_Unsafe(name): _unsafe(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_unsafe(item) for item in value]
    return _Unsafe(value) if isinstance(value, str) else value


class Job:
    """A job: C(status), C(artifacts), C(output), C(events) (strings), C(extra_vars), C(ignored) (values that its template does not prompt for)."""

    def __init__(self, id, name, kind):
        self.id = id
        self.name = name
        self.kind = kind
        self.status = "pending"
        self.artifacts = {}
        self.output = ""
        self.events = []
        self.extra_vars = {}
        self.ignored = {}
        self.decided = threading.Event()

    def shown(self):
        """Return the representation of the job in AWX."""
        done = self.status in DONE
        return {"id": self.id, "name": self.name, "type": self.kind, "url": "/api/v2/%ss/%d/" % (self.kind, self.id), "status": self.status,
                "failed": self.status == "failed", "finished": "2026-01-01T00:00:00Z" if done else None, "event_processing_finished": done,
                "created": "2026-01-01T00:00:00Z", "started": None, "elapsed": 1, "artifacts": self.artifacts, "ignored_fields": self.ignored}


class Jobs:
    """Starts jobs and stores them.

    Arguments:
        store: of the stand-in. folder: for the files of jobs. environment: variables of each job. outside: environment of ansible-runner.
        image: execution environment; None runs ansible-playbook on this machine. container: further arguments of ansible-runner for it.
    """

    def __init__(self, store, folder, environment, outside, image=None, container=()):
        self._store = store
        self._folder = Path(folder)
        self._environment = environment
        self._outside = outside
        self._image = image
        self._container = list(container)
        self.jobs = {}
        self._below = {}
        self._next = 1000

    # --- the API ---

    def handles(self, endpoint, rest):
        """Return whether a request is about jobs."""
        return endpoint in ("jobs", "workflow_jobs", "workflow_approvals") or rest[1:] == ["launch"]

    def answer(self, method, endpoint, rest, query, body):
        """Return (status, body) of a request about jobs."""
        if rest[1:] == ["launch"] and method == "POST":
            return 201, self.launch(endpoint, int(rest[0]), body).shown()
        if not rest:
            return 200, _page([self.jobs[int(id)].shown() for id in query["id__in"].split(",")])
        job = self.jobs.get(int(rest[0]))
        if job is None or endpoint != job.kind + "s":
            raise Refusal(404, {"detail": "Not found."})
        if rest[1:] == ["workflow_nodes"]:
            return 200, _page([self._shown_node(one) for one in self._below[job.id] if query.get("job__name", one.name) == one.name])
        if rest[1:] in (["approve"], ["deny"]) and method == "POST":
            job.status = "successful" if rest[1] == "approve" else "failed"
            job.decided.set()
            return 204, None
        return 200, job.shown()

    @staticmethod
    def _shown_node(job):
        return {"id": job.id, "summary_fields": {"job": {"name": job.name, "status": job.status}}, "related": {"job": job.shown()["url"]}}

    def _new(self, name, kind):
        self._next += 1
        self.jobs[self._next] = Job(self._next, name, kind)
        return self.jobs[self._next]

    # --- launches ---

    def launch(self, endpoint, id, given):
        """Start a template in a thread and return its Job. As AWX does, ignore prompts and variables that the template does not prompt for."""
        row = self._store.objects[endpoint][id]
        unknown = set(given) - {"extra_vars", *PROMPTS}
        if unknown:
            raise bad(**{sorted(unknown)[0]: "is not a prompt."})
        spec = self._store.surveys.get((endpoint, id), {}) if row["survey_enabled"] else {}
        ignored = {name: given[name] for name in PROMPTS if name in given and not row.get("ask_%s_on_launch" % name)}
        answers = dict(given.get("extra_vars", {}))
        asked = {question["variable"] for question in spec.get("spec", [])}
        if not row["ask_variables_on_launch"]:
            ignored.update((name, answers.pop(name)) for name in sorted(set(answers) - asked))
        problems = answers_problems(spec, {name: value for name, value in answers.items() if name in asked})
        if problems:
            raise bad(variables_needed_to_start=["%s: %s" % item for item in problems.items()])
        if endpoint == "job_templates":
            job = self._new(row["name"], "job")
            run, arguments = self._run_job, (job, id, answers, {name: given[name] for name in PROMPTS if name in given and name not in ignored})
        else:
            job = self._new(row["name"], "workflow_job")
            self._below[job.id] = []
            run, arguments = self._run_workflow, (job, id, answers)
        job.ignored = ignored
        job.thread = threading.Thread(target=self._guarded, args=(job, run, arguments), daemon=True)
        job.thread.start()
        return job

    @staticmethod
    def _guarded(job, run, arguments):
        """Run a job. Mark it as failed if it raises an error, so that waiters finish."""
        try:
            run(*arguments)
        finally:
            job.status = job.status if job.status in DONE else "failed"

    def below(self, workflow):
        """Return the started jobs of the nodes of a workflow, in order. The list grows."""
        return self._below[workflow.id]

    def run_unchecked(self, id, answers):
        """Run a job template with answers that AWX would refuse. Return the finished Job."""
        job = self._new(self._store.objects["job_templates"][id]["name"], "job")
        self._run_job(job, id, answers, {})
        return job

    def _with_defaults(self, endpoint, id, answers):
        """Return the answers with the defaults of the survey."""
        row = self._store.objects[endpoint][id]
        return dict(defaults_of(self._store.surveys.get((endpoint, id), {})) if row["survey_enabled"] else {}, **answers)

    # --- workflows ---

    def _run_workflow(self, job, id, answers):
        """Run the nodes of a workflow. A node starts when the result of a node before it matches their link."""
        job.status = "running"
        job.extra_vars = self._with_defaults("workflow_job_templates", id, answers)
        nodes = [key for key, row in self._store.objects[_NODES].items() if row["workflow_job_template"] == id]
        followed = {child for key in nodes for name in LINKS for child in self._store.linked(_NODES, key, name)}
        artifacts, failed = {}, False
        left = [key for key in nodes if key not in followed]
        while left:
            key = left.pop(0)
            one = self._run_node(key, job, dict(job.extra_vars, **artifacts))
            artifacts.update(one.artifacts)
            after = self._store.linked(_NODES, key, "success_nodes" if one.status == "successful" else "failure_nodes")
            after = after + self._store.linked(_NODES, key, "always_nodes")
            failed = failed or one.status != "successful" and not after
            left += after
        job.artifacts = artifacts
        job.status = "failed" if failed else "successful"

    def _run_node(self, key, workflow, variables):
        """Run one node and return its Job."""
        node = self._store.objects[_NODES][key]
        template = node["unified_job_template"]
        endpoint = self._store.endpoint_of(template)
        name = self._store.objects[endpoint][template]["name"]
        job = self._new(name, "workflow_approval" if endpoint == "workflow_approval_templates" else "job")
        self._below[workflow.id].append(job)
        if endpoint == "workflow_approval_templates":
            job.decided.wait(120)
            job.status = job.status if job.status in DONE else "failed"
        else:
            self._run_job(job, template, dict(variables, **node["extra_data"]), {})
        return job

    # --- jobs ---

    def _run_job(self, job, id, answers, prompts):
        """Run a job template with ansible-runner. The data of set_stats become the artifacts."""
        job.status = "running"
        template = dict(self._store.objects["job_templates"][id], **prompts)
        own = yaml.safe_load(template["extra_vars"] or "{}")
        job.extra_vars = self._with_defaults("job_templates", id, answers)
        folder = self._folder / ("job_%d" % job.id)
        (folder / "env").mkdir(parents=True)
        (folder / "inventory").mkdir()
        # The template's own variables are templated. Answers and artifacts are not.
        variables = dict(own, awx_job_id=job.id, awx_job_template_name=template["name"], tower_job_id=job.id, **_unsafe(job.extra_vars))
        (folder / "env" / "extravars").write_text(yaml.dump({str(name): value for name, value in variables.items()}, Dumper=_Dumper), encoding="utf-8")
        (folder / "inventory" / "hosts").write_text(json.dumps(self._inventory(template["inventory"])), encoding="utf-8")
        variables = dict(self._environment, **self._injected(id), JOB_ID=str(job.id), HOME=str(folder) if self._image is None else "/runner")
        (folder / "env" / "envvars").write_text(json.dumps(variables), encoding="utf-8")
        (folder / "env" / "cmdline").write_text(self._words(template), encoding="utf-8")
        self._copy_project(template["project"], folder)
        # In a separate process, because this one has threads.
        done = subprocess.run(
            [str(Path(sys.executable).parent / "ansible-runner"), "run", str(folder), "--playbook", template["playbook"], "--ident", "job", *self._isolation()],
            env=self._outside, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=240, check=False)
        self._read_artifacts(job, folder / "artifacts" / "job", done.stdout)

    @staticmethod
    def _read_artifacts(job, folder, output):
        """Read the results that ansible-runner wrote."""
        job.output = (folder / "stdout").read_text(encoding="utf-8") if (folder / "stdout").exists() else output
        # The name of an event file begins with the number of the event.
        files = sorted(folder.glob("job_events/*.json"), key=lambda path: int(path.name.partition("-")[0]))
        job.events = [path.read_text(encoding="utf-8") for path in files]
        handed = [json.loads(text).get("event_data", {}).get("artifact_data") for text in job.events if "artifact_data" in text]
        job.artifacts = next((data for data in reversed(handed) if data), {})
        is_good = (folder / "status").exists() and (folder / "status").read_text(encoding="utf-8").strip() == "successful"
        job.status = "successful" if is_good else "failed"

    def _isolation(self):
        """Return the arguments of ansible-runner for the execution environment."""
        if self._image is None:
            return []
        return ["--process-isolation", "--process-isolation-executable", "podman", "--container-image", self._image, *self._container]

    @staticmethod
    def _words(template):
        """Return the arguments of ansible-playbook."""
        return " ".join([*(["--check"] if template["job_type"] == "check" else []), *(["--diff"] if template["diff_mode"] else []),
                         *(["-" + "v" * template["verbosity"]] if template["verbosity"] else [])])

    def _copy_project(self, id, folder):
        """Copy the project for a job, as AWX does."""
        source = self._store.repositories[self._store.objects["projects"][id]["scm_url"]]
        shutil.copytree(source, folder / "project")

    def _inventory(self, id):
        """Return the hosts of an inventory in the format of a YAML inventory file."""
        hosts = {row["name"]: yaml.safe_load(row["variables"] or "{}") for row in self._store.objects["hosts"].values() if row["inventory"] == id}
        return {"all": {"hosts": hosts, "vars": yaml.safe_load(self._store.objects["inventories"][id]["variables"] or "{}")}}

    def _injected(self, id):
        """Return the environment variables that the credentials of a template inject."""
        found = {}
        for key in self._store.linked("job_templates", id, "credentials"):
            credential = self._store.objects["credentials"][key]
            kind = self._store.objects["credential_types"][credential["credential_type"]]
            found.update((name, jinja2.Template(text).render(credential["inputs"])) for name, text in kind["injectors"].get("env", {}).items())
        return found
