# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for the images and the sandbox, and the path of the helpers in tests/integration."""

import sys

import pytest
import yaml
from image_build import ROOT, base_image, build, environment, missing_requirement

sys.path.append(str(ROOT / "tests" / "integration"))
pytest.register_assert_rewrite("harness", "awx_tools")

DEFINITION = ROOT / "docs" / "execution-environment" / "execution-environment.yml"
IMAGE = "localhost/itron-ee:test"


@pytest.fixture(scope="session")
def env():
    """The environment for podman; skips the test if podman is not available."""
    reason = missing_requirement()
    if reason:
        pytest.skip(reason)
    return environment()


@pytest.fixture(scope="session")
def image(env, tmp_path_factory):
    """The execution environment of the example."""
    build(yaml.safe_load(DEFINITION.read_text(encoding="utf-8")), base_image(env), IMAGE, tmp_path_factory.mktemp("ee"), env)
    return IMAGE


@pytest.fixture(scope="session")
def place_of_jobs(request):
    """Arguments of awx_jobs.Jobs: jobs run in the execution environment, or without podman in the virtual environment of the tests."""
    if missing_requirement():
        return {}
    options = ["--container-option=--user=root", "--container-option=--network=host"]
    env, image = request.getfixturevalue("env"), request.getfixturevalue("image")
    return {"environment": {"NO_PROXY": "127.0.0.1"}, "outside": env, "image": image, "container": options}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    """One sandbox for all tests of a file."""
    from harness import Sandbox

    program = Sandbox(tmp_path_factory.mktemp("sandbox"))
    yield program
    program.stop()
