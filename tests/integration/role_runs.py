# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Helpers for the tests of roles and playbooks: runs against a sandbox, and the requests that it received."""

import json
import subprocess
import sys
from pathlib import Path

import requests
from harness import KEY, USER, Record, environment, site, websites

COLLECTION = "hostops.installatron"
# Modules that wait for tasks. The sandbox finishes tasks immediately.
WAITING = ("itron_install", "itron_installs", "itron_backup", "itron_backups", "itron_restore_drill")


class RoleRun:
    """A finished run: C(status), C(output), C(records) of the tasks, C(requests) that the sandbox received."""

    def __init__(self, done, records, seen):
        self.status = done.returncode
        self.output = done.stdout
        self.records = records
        self.requests = seen

    @property
    def writes(self):
        """The requests that changed something."""
        return [request for request in self.requests if request["write"] and not request["dryrun"]]

    @property
    def commands(self):
        """The names of the commands that changed something, in order."""
        return [request["command"] for request in self.writes]

    @property
    def changed(self):
        """The number of tasks that report a change."""
        return sum(bool(record.result.get("changed")) for record in self.records)

    @property
    def warnings(self):
        """The lines with warnings and deprecations."""
        return [line for line in self.output.splitlines() if "[WARNING" in line or "[DEPRECATION" in line]

    def fact(self, name):
        """Return the last value of a fact."""
        return [record.result["ansible_facts"][name] for record in self.records
                if name in record.result.get("ansible_facts", {})][-1]


def run_role(sandbox, folder, role, variables, check=False, arguments=()):
    """Run one role in a play on this machine. Return the RoleRun.

    Arguments:
        folder: for all files of the run; must be new for each run. role: its name, without the collection.
        variables: of the play. check: run in check mode. arguments: for ansible-playbook.
    """
    return _run_play(sandbox, folder, {"vars": variables, "roles": ["%s.%s" % (COLLECTION, role)]}, check, arguments)


def run_tasks(sandbox, folder, tasks, check=False, arguments=()):
    """Run tasks in a play on this machine. Return the RoleRun. For the arguments, see run_role()."""
    return _run_play(sandbox, folder, {"tasks": tasks}, check, arguments)


def _run_play(sandbox, folder, more, check, arguments):
    play = dict({"name": "Run", "hosts": "localhost", "gather_facts": False, "module_defaults": defaults_for(sandbox)}, **more)
    folder.mkdir(parents=True)
    (folder / "play.yml").write_text(json.dumps([play]), encoding="utf-8")
    return _run(sandbox, folder, [str(folder / "play.yml")], check, arguments)


def run_playbook(sandbox, folder, name, variables, check=False, arguments=()):
    """Run a playbook of the collection by its name with all variables in one file. Return the RoleRun."""
    folder.mkdir(parents=True)
    connection = {"api_url": sandbox.url, "api_key": KEY}
    (folder / "data.json").write_text(json.dumps(dict(variables, itron_connection=connection)), encoding="utf-8")
    return _run(sandbox, folder, ["%s.%s" % (COLLECTION, name), "-e", "@data.json"], check, arguments)


def defaults_for(sandbox):
    """Return the module_defaults of a play against the sandbox."""
    group = {"api_url": sandbox.url, "api_key": KEY}
    # The module_defaults of a module replace those of its group.
    return dict({"%s.%s" % (COLLECTION, name): dict(group, poll_interval=0.05) for name in WAITING},
                **{"group/%s.itron" % COLLECTION: group})


def _run(sandbox, folder, words, check, arguments):
    """Run ansible-playbook with some arguments. Return the RoleRun."""
    (folder / "hosts").write_text("localhost ansible_connection=local ansible_python_interpreter=%s\n" % sys.executable)
    since = max([request["n"] for request in sandbox.control("GET", "/requests")], default=0)
    done = subprocess.run(
        [str(Path(sys.executable).parent / "ansible-playbook"), "-i", str(folder / "hosts"), *words, *arguments]
        + (["--check"] if check else []),
        env=dict(environment(sandbox, folder), ANSIBLE_SHOW_CUSTOM_STATS="true"), cwd=str(folder),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False)
    records = folder / "records.jsonl"
    lines = records.read_text(encoding="utf-8").splitlines() if records.exists() else []
    seen = sandbox.control("GET", "/requests?since=%d" % since)
    sandbox.control("POST", "/settings", {"read_only": False})
    return RoleRun(done, [Record(json.loads(line)) for line in lines], seen)


def call(sandbox, cmd, hosts=(), user=USER, **arguments):
    """Send one command to the API. Return its data."""
    body = dict({"key": KEY, "user": user}, cmd=cmd, **arguments)
    if hosts:
        body["websites"] = websites(*hosts)
    answer = requests.post(sandbox.url, json=body, timeout=60).json()
    assert answer["result"] is True, (cmd, answer["message"])
    return answer["data"]


def install(sandbox, host, hosts=None, **more):
    """Install a site. Return its record."""
    return call(sandbox, "install", hosts or [host], **site(host, **dict({"version": "6.4.3"}, **more)))


def installs_by_host(sandbox):
    """Return the state of the sandbox as {host: record of the install}."""
    rows = sandbox.control("GET", "/state")["installs"]
    return {row["url"].partition("://")[2]: row["record"] for row in rows}


def described(host, **more):
    """Return the description of a site."""
    return dict(site(host, version="6.4.3"), user=USER, websites=websites(host, id="ws-%s" % host), **more)


def stable_state(sandbox):
    """Return the state of the sandbox without its log."""
    state = sandbox.control("GET", "/state")
    return json.dumps({name: state[name] for name in ("installs", "backups", "users")}, sort_keys=True)
