# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example definition builds an execution environment with this collection, and the demo runs in it.

``make ee-test`` builds the artifact first.
"""

from __future__ import annotations

from image_build import GALAXY, run


def test_execution_environment_contents(image, env):
    listed = run("podman", "run", "--rm", image, "ansible-galaxy", "collection", "list", env=env)
    assert f"hostops.installatron {GALAXY['version']}" in " ".join(listed.split())
    program = "import requests; print('requests', requests.__version__)"
    assert run("podman", "run", "--rm", image, "python3", "-c", program, env=env).startswith("requests 2.")


def test_execution_environment_demo(image, env, tmp_path):
    (tmp_path / "project").mkdir()
    output = run(
        "ansible-runner", "run", str(tmp_path), "--playbook", "hostops.installatron.demo", "--process-isolation",
        "--process-isolation-executable", "podman", "--container-image", image,
        # The image's default user cannot write to the test's directory.
        "--container-option=--user=root", env=env,
    )
    assert "The site was removed: its page no longer exists" in output
    assert "failed=0" in output
