# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every example is executed verbatim, except that the address of the server is replaced."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from expectations import EXPECTED, VARIABLES
from harness import KEY, ROOT, environment

SERVER = "https://installatron.example.com/server/v1"


def examples(module):
    """Return the examples of a module as {name of the first task: tasks}. A debug task belongs to the task before it."""
    source = (ROOT / "plugins" / "modules" / ("%s.py" % module)).read_text(encoding="utf-8")
    found = {}
    for task in yaml.safe_load(source.partition('EXAMPLES = r"""')[2].partition('"""')[0]):
        if "ansible.builtin.debug" in task:
            found[list(found)[-1]].append(task)
        else:
            found[task["name"]] = [task]
    return found


EXAMPLES = {module.stem: examples(module.stem) for module in (ROOT / "plugins" / "modules").glob("itron_*.py")}


def output_of(sandbox, folder, text, *arguments, host=None, more_environment=None):
    """Run a playbook, given as a string, and return its output. C(host) is the SecondHost in its hosts."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "playbook.yml").write_text(text.replace(SERVER, sandbox.url), encoding="utf-8")
    settings = {name: value for name, value in environment(sandbox, folder).items() if name != "ANSIBLE_CALLBACKS_ENABLED"}
    settings["ANSIBLE_INVENTORY_UNPARSED_WARNING"] = "false"
    if host:
        (folder / "hosts").write_text(host.inventory + "\n", encoding="utf-8")
        settings.update(host.environment, ANSIBLE_INVENTORY=str(folder / "hosts"))
    settings.update(more_environment or {})
    done = subprocess.run(
        [str(Path(sys.executable).parent / "ansible-playbook"), str(folder / "playbook.yml"), *arguments], env=settings, cwd=str(folder),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout
    assert "WARNING" not in done.stdout, done.stdout
    return done.stdout


def run(sandbox, folder, text, *arguments, **more):
    """Run a playbook as output_of() does. Return its recap as {name: number}."""
    output = output_of(sandbox, folder, text, *arguments, **more)
    return {name: int(number) for name, number in re.findall(r"(\w+)=(\d+)", output.rpartition("PLAY RECAP")[2])}


def checked_requests(sandbox):
    """Return the requests since the last reset. Assert that the specification describes all of them."""
    requests = sandbox.control("GET", "/requests")
    assert [request for request in requests if request["undocumented"] or request["schema_errors"]] == []
    sandbox.control("DELETE", "/requests")
    return requests


def prepare(sandbox, before):
    """Send the requests that create the preconditions of an example."""
    ids = []
    for number, body in enumerate(before):
        if callable(body):
            body(sandbox)
            continue
        body = {name: ids[int(value[1:])] if isinstance(value, str) and re.match(r"@\d$", value) else value for name, value in body.items()}
        answer = sandbox._http.post(sandbox.url, json=body, timeout=30).json()
        assert answer["result"], "%d: %s" % (number, answer)
        ids.append(answer["data"]["id"] if isinstance(answer.get("data"), dict) else None)
    sandbox.control("DELETE", "/requests")


def reader(sandbox):
    """Return a function that sends a reading command as alice, or a v2 request such as GET /users, and returns its data."""
    def read(cmd, **arguments):
        if cmd.startswith("GET "):
            address = sandbox.url[:-len("/server/v1")] + cmd[len("GET "):]
            return sandbox._http.get(address, headers={"X-API-KEY": KEY}, timeout=30).json()["data"]
        return sandbox._http.post(sandbox.url, json=dict({"key": KEY, "cmd": cmd, "user": "alice"}, **arguments), timeout=30).json()["data"]
    return read


def write_files(files, *folders):
    """Write the files of an example next to its playbooks."""
    for path, text in ((folder / name, text) for folder in folders for name, text in files):
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")


def test_examples_complete():
    assert {module: sorted(found) for module, found in EXAMPLES.items()} == {module: sorted(found) for module, found in EXPECTED.items()}


@pytest.mark.parametrize(("module", "name"), [(module, name) for module, found in EXPECTED.items() for name in found])
def test_example(sandbox, tmp_path, module, name):
    expected = EXPECTED[module][name]
    sandbox.reset(database_automation=True)
    prepare(sandbox, expected.before)
    text = json.dumps([{"name": name, "hosts": "localhost", "gather_facts": False, "vars": VARIABLES, "tasks": EXAMPLES[module][name]}])
    write_files(expected.files, tmp_path / "first", tmp_path / "second")
    assert run(sandbox, tmp_path / "first", text)["changed"] == expected.changed
    sandbox.control("POST", "/idle")
    assert bool(checked_requests(sandbox)) == expected.sends
    if expected.verify:
        expected.verify(reader(sandbox))
    if expected.changed:
        # A task that only reads can be repeated.
        assert run(sandbox, tmp_path / "second", text)["changed"] == expected.again
        checked_requests(sandbox)
