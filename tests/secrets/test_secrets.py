# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret, given by the user or returned by the server, is to be seen anywhere but where it belongs."""

import json
import subprocess

import pytest
from canaries import search
from controller import Controller
from matrix import CURRENT, chosen_cores, count
from playbook import Playbook

VAULT_PASSWORD = "open sesame"


class Searched:
    """A run and what was found in it."""

    def __init__(self, played, playbook, requests, findings):
        self.played, self.playbook, self.requests, self.findings = played, playbook, requests, findings


def write_files(controller, playbook):
    """Write the files of itron_installs, encrypted where that is wanted."""
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
    """The playbook at -vvvv --diff, by action or by module, on one version of ansible-core."""
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


def test_no_secret_is_to_be_seen(searched):
    assert searched.findings == [], "\n".join(searched.findings)


def test_the_tasks_did_what_they_should(searched):
    messages = {
        name: searched.played.results.get(name, {}).get("msg")
        for name in searched.played.failed ^ searched.playbook.failing
    }
    assert messages == {}, searched.played.output[-3000:]
    assert set(searched.played.results) == {task["name"] for task in searched.playbook.tasks} | {
        "environment",
        "environment: async",
    }


def test_every_secret_was_used(searched, canaries):
    """The search would be worth nothing if a secret had never left its variable."""
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


def test_everything_was_searched(searched):
    names = set(searched.played.places)
    assert {"stdout", "stderr", "process list", "ansible.log", "results.jsonl", "command-lines"} <= names
    assert any(name.startswith("facts/") for name in names)
    assert b"kept_install" in b"".join(
        data for name, data in searched.played.places.items() if name.startswith("facts/")
    )
    assert b"ansible-playbook" in searched.played.places["process list"]


def test_what_is_no_secret_stays_readable(searched):
    output = searched.played.output
    for word in ("vault_example", "backup.example", "http://vault.example", "(changed)", "files.example"):
        assert word in output
