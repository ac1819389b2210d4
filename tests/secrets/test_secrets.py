# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret, given by the user or returned by the server, occurs only where it is required."""

import json
import subprocess

import pytest
from canaries import search
from controller import Controller
from matrix import CURRENT, chosen_cores, count
from playbook import Playbook

VAULT_PASSWORD = "open sesame"


class Searched:
    """A run and the canaries found in it."""

    def __init__(self, played, playbook, requests, findings):
        self.played, self.playbook, self.requests, self.findings = played, playbook, requests, findings


def write_files(controller, playbook):
    """Write the files of itron_installs, and encrypt those that must be encrypted."""
    password = controller.write("vault-password", VAULT_PASSWORD + "\n")
    for name, (text, encrypted) in playbook.files().items():
        (controller.input / name).parent.mkdir(exist_ok=True)
        path = controller.write(name, text)
        if encrypted:
            subprocess.run(
                [
                    str(controller.programs / "ansible-vault"),
                    "encrypt",
                    "--vault-password-file",
                    str(password),
                    str(path),
                ],
                env=controller.environment(),
                check=True,
                capture_output=True,
                timeout=60,
            )
    return password


@pytest.fixture(scope="module")
def searched(programs, place, sandbox, canaries, tmp_path_factory):
    """The playbook with -vvvv --diff, by action or by module, on one version of ansible-core."""
    sandbox.reset()
    controller = Controller(sandbox, programs, tmp_path_factory.mktemp("run"))
    playbook = Playbook(
        canaries, controller.cli, sandbox.url, place, brief=chosen_cores() == (CURRENT,) and place == "target"
    )
    password = write_files(controller, playbook)
    played = controller.play(
        playbook.tasks,
        playbook.plan,
        "-vvvv",
        "--diff",
        "--vault-password-file",
        password,
        before=[playbook.credentials_play(place)],
        defaults=playbook.defaults,
        variables=playbook.variables,
    )
    sessions = {
        row["arguments"].get("user") for row in sandbox.control("GET", "/requests") if row["command"] == "guixfer"
    }
    assert sessions == {"carol"}
    findings, size = search(canaries, played.places)
    count(canaries, played.places, findings, size)
    return Searched(played, playbook, json.dumps(sandbox.control("GET", "/requests")), findings)


def test_no_secret_leaked(searched):
    assert searched.findings == [], "\n".join(searched.findings)


def test_task_outcomes(searched):
    messages = {
        name: searched.played.results.get(name, {}).get("msg")
        for name in searched.played.failed ^ searched.playbook.failing
    }
    assert messages == {}, searched.played.output[-3000:]
    assert set(searched.played.results) == {task["name"] for task in searched.playbook.tasks} | {
        "environment",
        "environment: async",
    }


def test_secrets_sent(searched, canaries):
    """A search is meaningless if a secret was never sent."""
    sent = set(canaries.found_in(searched.requests.encode()))
    refused = {
        "source_ftu",
        "url_userinfo",
        "api_url_userinfo",
        "odd_ftu",
        "list_passwd",
        "text_setting",
        "template",
        "rest_url",
        "user_rest_url",
        "adopt_rest_url",
        "deleted_file",
    }
    refused |= {name for name in canaries.tokens if name.startswith(("server_", "text_", "inventory_", "role_", "validate_"))}
    assert set(canaries.tokens) - refused - sent == set()


def test_places_complete(searched):
    names = set(searched.played.places)
    assert {"stdout", "stderr", "process list", "ansible.log", "results.jsonl", "command-lines"} <= names
    assert any(name.startswith("facts/") for name in names)
    assert b"kept_install" in b"".join(
        data for name, data in searched.played.places.items() if name.startswith("facts/")
    )
    assert b"ansible-playbook" in searched.played.places["process list"]


def test_other_text_readable(searched):
    output = searched.played.output
    for word in ("vault_example", "backup.example", "http://vault.example", "(changed)", "files.example"):
        assert word in output
