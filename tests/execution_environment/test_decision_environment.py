# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example definition builds a decision environment, in which ansible-rulebook finds the event source and the rulebooks.

``make ee-test`` builds the artifact first.
"""

from __future__ import annotations

import json
import subprocess

import pytest
import yaml
from image_build import ROOT, base_image, build, run

DEFINITION = ROOT / "docs" / "decision-environment" / "decision-environment.yml"
IMAGE = "localhost/itron-de:test"
# The path of the Java runtime in Debian.
JAVA_HOME = "/usr/lib/jvm/java-17-openjdk-amd64"


@pytest.fixture(scope="module")
def image(env, tmp_path_factory):
    """The decision environment of the example."""
    definition = yaml.safe_load(DEFINITION.read_text(encoding="utf-8"))
    assert definition["additional_build_steps"] == {"append_final": ["ENV JAVA_HOME=/usr/lib/jvm/jre"]}
    definition["additional_build_steps"]["append_final"] = [f"ENV JAVA_HOME={JAVA_HOME}"]
    build(definition, base_image(env), IMAGE, tmp_path_factory.mktemp("de"), env)
    return IMAGE


def test_decision_environment_rule_engine(image, env):
    printed = run("podman", "run", "--rm", image, "ansible-rulebook", "--version", env=env)
    assert "Java version = 17." in printed and "Ansible core version = 2." in printed


@pytest.mark.parametrize(("key", "message"), [
    ("short", "api_key: shorter than 8 characters"),
    # No server listens on this port: the request is sent, and its failure is reported.
    ("0123456789abcdef", "installs: "),
])
def test_decision_environment_event_source(image, env, tmp_path, key, message):
    variables = {"itron_state_directory": "/tmp/state", "itron_applications": ["wordpress"], "itron_interval": 0.1}
    (tmp_path / "variables.yml").write_text(json.dumps(variables), encoding="utf-8")
    (tmp_path / "inventory.yml").write_text("all: {hosts: {localhost: {ansible_connection: local}}}", encoding="utf-8")
    tmp_path.chmod(0o755)
    done = subprocess.run(
        ["podman", "run", "--rm", "--user=root", f"--volume={tmp_path}:/rules:ro", "--env=ITRON_API_URL=http://127.0.0.1:9/server/v1",
         f"--env=ITRON_API_KEY={key}", "--env=ITRON_RETRIES=0", image, "timeout", "20", "ansible-rulebook",
         "--rulebook", "hostops.installatron.security_release", "--vars", "/rules/variables.yml", "--inventory", "/rules/inventory.yml"],
        env=env, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
    assert message in done.stdout, done.stdout
