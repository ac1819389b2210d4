# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every example is executed as it stands in the documentation; only the address of the server is exchanged."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from harness import KEY, ROOT, environment

SERVER = "https://installatron.example.com/server/v1"
VARIABLES = {"vault_itron_api_key": KEY, "vault_alice_passwd": "passwd-of-alice", "vault_alice_db_pass": "db-pass-of-alice"}
SITE = {"key": KEY, "cmd": "install", "user": "alice", "application": "wordpress", "url": "https://www.example.com/blog",
        "websites": [{"id": "alice1", "path": "/home/alice", "vhosts": {"https://www.example.com": "public_html"}}]}
# Name of the example -> (version that is there before, what the server holds of it afterwards, whether a second run is a change).
EXPECTED = {
    "Sites of Alice": (None, {"cf-sitetitle": "Alice's blog"}, False),
    "WordPress is installed, with passwords from Ansible Vault": (None, {"db-name": "alice_blog", "cf-login": "alice"}, False),
    "WordPress has exactly this version; if the upgrade fails, the backup made before it is restored": ("6.3.5", {"version": "6.4.3"}, False),
    "WordPress has the newest version of its minor series": ("6.4.3", {"version": "6.4.4"}, False),
    "Updates, backups, and settings of the application are as we want them": ("6.3.5", {"autoup": "1", "autobk": "custom"}, False),
    "All plugins and themes are up to date": ("6.3.5", {"version": "6.3.5"}, False),
    "The administrator's password is set again, which is a change every time": ("6.3.5", {"version": "6.3.5"}, True),
    "Start an upgrade, and do not wait for its end": ("6.3.5", {"version": "6.5.5"}, False),
    "The server forgets the application, its files and tables stay": ("6.3.5", None, False),
    "The application is removed with its files and tables": ("6.3.5", None, False),
}


def examples(module):
    """Return the examples of a module as {name of the first task: tasks}; a debug task belongs to the one before it."""
    source = (ROOT / "plugins" / "modules" / ("%s.py" % module)).read_text(encoding="utf-8")
    found = {}
    for task in yaml.safe_load(source.partition('EXAMPLES = r"""')[2].partition('"""')[0]):
        if "ansible.builtin.debug" in task:
            found[list(found)[-1]].append(task)
        else:
            found[task["name"]] = [task]
    return found


EXAMPLES = examples("itron_install")


def run(sandbox, folder, text, *arguments):
    """Run a playbook, given as text, and return its recap as {name: number}."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "playbook.yml").write_text(text.replace(SERVER, sandbox.url), encoding="utf-8")
    settings = {name: value for name, value in environment(sandbox, folder).items() if name != "ANSIBLE_CALLBACKS_ENABLED"}
    settings["ANSIBLE_INVENTORY_UNPARSED_WARNING"] = "false"
    done = subprocess.run(
        [str(Path(sys.executable).parent / "ansible-playbook"), str(folder / "playbook.yml"), *arguments], env=settings, cwd=str(folder),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout
    assert "WARNING" not in done.stdout, done.stdout
    return {name: int(number) for name, number in re.findall(r"(\w+)=(\d+)", done.stdout.rpartition("PLAY RECAP")[2])}


def checked_requests(sandbox):
    """Return the requests since the last reset, all of them as the specification has them."""
    requests = sandbox.control("GET", "/requests")
    assert [request for request in requests if request["undocumented"] or request["schema_errors"]] == []
    sandbox.control("DELETE", "/requests")
    return requests


def test_every_example_is_expected():
    assert sorted(EXAMPLES) == sorted(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_example(sandbox, tmp_path, name):
    there, held, again = EXPECTED[name]
    sandbox.reset(database_automation=True)
    if there:
        sandbox._http.post(sandbox.url, json=dict(SITE, version=there), timeout=30).raise_for_status()
        sandbox.control("DELETE", "/requests")
    text = json.dumps([{"name": name, "hosts": "localhost", "gather_facts": False, "vars": VARIABLES, "tasks": EXAMPLES[name]}])
    assert run(sandbox, tmp_path / "first", text)["changed"] == 1
    sandbox.control("POST", "/idle")
    installs = sandbox._http.post(sandbox.url, json={"key": KEY, "cmd": "installs", "user": "alice"}, timeout=30).json()["data"]
    assert len(installs) == (0 if held is None else 1)
    assert {key: installs[0][key] for key in held or ()} == (held or {})
    assert run(sandbox, tmp_path / "second", text)["changed"] == int(again)
    assert checked_requests(sandbox)


def readme_blocks():
    """Return the YAML of the README: secrets, a playbook, and the tasks that upgrade and remove."""
    blocks = re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    return blocks[:4]


def test_the_playbook_of_the_readme(sandbox, tmp_path):
    sandbox.reset()
    secrets, playbook, upgrade, removal = readme_blocks()
    head = playbook[:playbook.index("    - name: The blog of Alice")]
    life = [("install", playbook), ("edit", playbook.replace("The blog of Alice\n", "Another title\n")),
            ("upgrade", head + upgrade), ("uninstall", head + removal)]
    for step, text in life:
        folder = tmp_path / step
        folder.mkdir()
        (folder / "secrets.yml").write_text(re.sub(r"(?m)^installatron_api_key:.*", "installatron_api_key: %s" % KEY, secrets), encoding="utf-8")
        assert run(sandbox, folder, text, "--check", "--diff")["changed"] == 1
        assert [request for request in checked_requests(sandbox) if request["write"] and not request["dryrun"]] == []
        assert run(sandbox, folder, text)["changed"] == 1
        writes = [request["command"] for request in checked_requests(sandbox) if request["write"] and not request["dryrun"]]
        assert writes == [step]
        assert run(sandbox, folder, text)["changed"] == 0
        assert [request for request in checked_requests(sandbox) if request["write"]] == []
    assert sandbox.control("GET", "/state")["installs"] == []
