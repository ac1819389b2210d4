# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example definition makes an execution environment with this collection, and the demo runs in it.

``make ee-test`` builds the artifact first.
"""

from __future__ import annotations

import json
import sys

import pytest
import yaml
from image_build import GALAXY, ROOT, base_image, build, environment, run

# The stand-in of AWX, and the sandbox.
sys.path.append(str(ROOT / "tests" / "integration"))
DEFINITION = ROOT / "docs" / "execution-environment" / "execution-environment.yml"
IMAGE = "localhost/itron-ee:test"


@pytest.fixture(scope="module")
def env():
    """The environment in which podman runs."""
    return environment()


@pytest.fixture(scope="module")
def image(env, tmp_path_factory):
    """The execution environment of the example."""
    build(yaml.safe_load(DEFINITION.read_text(encoding="utf-8")), base_image("itron-base", [], env), IMAGE, tmp_path_factory.mktemp("ee"), env)
    return IMAGE


def test_the_environment_has_what_the_collection_needs(image, env):
    listed = run("podman", "run", "--rm", image, "ansible-galaxy", "collection", "list", env=env)
    assert f"hostops.installatron {GALAXY['version']}" in " ".join(listed.split())
    program = "import requests; print('requests', requests.__version__)"
    assert run("podman", "run", "--rm", image, "python3", "-c", program, env=env).startswith("requests 2.")


def test_the_demo_runs_in_the_environment(image, env, tmp_path):
    (tmp_path / "project").mkdir()
    output = run(
        "ansible-runner", "run", str(tmp_path), "--playbook", "hostops.installatron.demo", "--process-isolation",
        "--process-isolation-executable", "podman", "--container-image", image,
        # The image's own user has no right to the folder that this test hands it.
        "--container-option=--user=root", env=env,
    )
    assert "The site was removed: its page is gone" in output
    assert "failed=0" in output


@pytest.fixture
def sandbox(tmp_path):
    """A sandbox on this machine, which the container reaches."""
    from harness import Sandbox

    found = Sandbox(tmp_path / "sandbox")
    yield found
    found.stop()


def test_a_job_template_of_awx_runs_in_the_environment(image, env, sandbox, tmp_path):
    """With nothing but what AWX puts into the container: the project, the inventory, the variables, and what the credential injects."""
    from awx_tools import description, fill, make_project, stand_in
    from role_runs import described, install

    given = description(servers=[{"name": "main", "api_url": sandbox.url, "api_key_variable": "vault_itron_api_key"}])
    project = make_project(tmp_path / "project", given)
    (project / "sites").mkdir()
    (project / "sites" / "a.json").write_text(json.dumps([described("a.example", sitetitle="New")]), encoding="utf-8")
    install(sandbox, "a.example", sitetitle="Old")
    options = ["--container-option=--user=root", "--container-option=--network=host"]
    awx = stand_in(tmp_path / "jobs", project, environment={"NO_PROXY": "127.0.0.1"}, outside=env, image=image, container=options)
    ids = fill(awx, given)
    job = awx.jobs.launch("job_templates", ids["job_templates", "Installatron main: Plan"], {})
    job.thread.join(600)
    awx.stop()
    assert job.status == "successful", job.output
    assert job.artifacts["itron_plan_summary"]["planned"] == 1 and "| Old | New |" in job.output
