# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Helpers for the integration tests: a sandbox in a separate process, and runs of ansible-playbook against it."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import requests

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAM = ROOT / "roles" / "sandbox" / "files"
KEY = "8327b11a311aad5a8092d26d209c9e13"
MODULE = "hostops.installatron.itron_install"
USER = "alice"
# Where a task runs: in the controller's process, or as a module on the target.
PLACES = ("controller", "target")
# Ids and Unix times.
ID = re.compile(r"\b[a-z0-9]{25}\b|\b1\d{9}\b")
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

# The bytecode cache is shared by all programs and is outside of the working tree. Without it, each program takes three times as long.
COMPILED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
COMPILED["PYTHONPYCACHEPREFIX"] = str(ROOT / ".build" / "cache" / "python")


class Sandbox:
    """A running sandbox with fast tasks. The list of processes does not show its key."""

    def __init__(self, directory, key=KEY):
        self.key = key
        self.directory = Path(directory)
        self.state_directory = self.directory / "state"
        self.state_directory.mkdir(parents=True)
        self._http = requests.Session()
        self._http.trust_env = False
        ready = self.directory / "ready.json"
        self._log = open(self.directory / "sandbox.log", "ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "itron_sandbox", "serve", "--state", str(self.state_directory), "--ready-file",
             str(ready)],
            env=dict(COMPILED, PYTHONPATH=str(PROGRAM), ITRON_SANDBOX_KEY=key),
            stdout=self._log, stderr=self._log)
        deadline = time.monotonic() + 30
        while not ready.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError((self.directory / "sandbox.log").read_text())
            time.sleep(0.01)
        self.ready = json.loads(ready.read_text())
        self.url = self.ready["url"]
        self.reset()

    def stop(self):
        """Stop the program."""
        if self._process.poll() is None:
            self._process.terminate()
        self._process.wait(10)
        self._log.close()

    def control(self, method, path, body=None):
        """Call the control interface. Return the parsed response."""
        answer = self._http.request(method, self.ready["control_url"] + path, json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def reset(self, **settings):
        """Reset the state, with fast tasks."""
        self.control("POST", "/reset")
        self.control("POST", "/settings", dict({"task_seconds": 0}, **settings))
        self.control("DELETE", "/requests")

    def page(self, host, path="/"):
        """Return the response of a site."""
        return self._http.get("http://127.0.0.1:%d%s" % (self.ready["port"], path), headers={"Host": host}, timeout=30)


def wait_for(condition, seconds, what):
    """Wait until a condition holds. Return the elapsed seconds."""
    begin = time.monotonic()
    while not condition():
        assert time.monotonic() - begin < seconds, "%s, after %d s" % (what, seconds)
        time.sleep(0.02)
    return time.monotonic() - begin


def websites(*hosts, **more):
    """Return a website that serves these host names, each from a separate folder."""
    vhosts = {"%s://%s" % (scheme, host): host for host in hosts for scheme in ("http", "https")}
    website = {"id": "ws1", "path": "/var/www/vhosts/company.com", "email": "user@mail.com", "vhosts": vhosts}
    return [dict(website, **more)]


def site(host, **more):
    """Return the options of a WordPress site on a host."""
    name = re.sub(r"\W", "_", host)
    return dict({"url": "http://%s" % host, "application": "wordpress", "db_host": "localhost", "db_name": name,
                 "db_user": name, "db_pass": "pw-of-%s" % name}, **more)


def api(sandbox, hosts, cmd, **arguments):
    """Return the preparation (see sandbox_watch) that sends one command to the API."""
    body = dict({"key": KEY, "user": USER, "websites": websites(*hosts)}, cmd=cmd, **arguments)
    return ["POST", sandbox.url, body]


def task(name, options, check=False, before=(), host=None, **keywords):
    """Return a task of itron_install. before and host are for sandbox_watch."""
    return dict({"name": name, MODULE: options, "check_mode": check, "diff": True, "ignore_errors": True,
                 "vars": {"sandbox_before": list(before), "sandbox_host": host}}, **keywords)


class Record:
    """The record of one task: C(failed), C(result), C(requests) and C(state)."""

    def __init__(self, line):
        self.name = line["name"]
        self.failed = line["failed"]
        self.result = line["result"]
        self.requests = line["requests"]
        self.state = line["state"]
        self.page = line["page"]

    @property
    def changed(self):
        """Whether the task reports a change."""
        return self.result["changed"]

    @property
    def diff(self):
        """The diff as (before, after)."""
        diff = self.result["diff"]
        diff = diff[0] if isinstance(diff, list) else diff
        return {"before": diff["before"], "after": diff["after"]}

    @property
    def writes(self):
        """The requests that changed something."""
        return [request for request in self.requests if request["write"] and not request["dryrun"]]

    @property
    def commands(self):
        """The names of the commands in order, without polls of tasks."""
        return [request["command"] for request in self.requests if request["command"] != "tasks"]

    def arguments(self, command):
        """Return the arguments of the only request with a command, without the header."""
        found = [request["arguments"] for request in self.requests if request["command"] == command]
        assert len(found) == 1, "%s was sent %d times" % (command, len(found))
        return {name: value for name, value in found[0].items() if name not in ("cmd", "key", "user", "websites")}

    def install_at(self, host):
        """Return the install of the sandbox on a host, or None."""
        found = [row for row in self.state["installs"] if row["url"].partition("://")[2].partition("/")[0] == host]
        assert len(found) < 2, "%d installs at %s" % (len(found), host)
        return found[0] if found else None

    def comparable(self):
        """Return the result without the values that differ between any two runs."""
        return _normalize({name: value for name, value in self.result.items()
                           if name not in ("invocation", "task") and not name.startswith("_ansible")})


def _normalize(value):
    """Return a nested value with ids and times replaced."""
    if isinstance(value, dict):
        return {ID.sub("ID", name): _normalize(item) for name, item in value.items() if name != "cache_time"}
    if isinstance(value, list):
        return [_normalize(item) for item in value]
    if isinstance(value, str):
        return "TIME" if TIME.match(value) else ID.sub("ID", value)
    return value


class Run:
    """A finished run of ansible-playbook: C(status), C(output), C(log) and C(records) by task name."""

    def __init__(self, status, output, log, records):
        self.status = status
        self.output = output
        self.log = log
        self.records = {record.name: record for record in records}
        assert len(self.records) == len(records), "two tasks have the same name"

    def __getitem__(self, name):
        assert name in self.records, "no task %s in:\n%s" % (name, self.output[-3000:])
        return self.records[name]

    @property
    def words(self):
        """The output on one line, because older versions of ansible-core wrap warnings."""
        return " ".join(self.output.split())

    @property
    def warnings(self):
        """The lines with warnings and deprecations."""
        return [line for line in self.output.splitlines() if "[WARNING" in line or "[DEPRECATION" in line]


def environment(sandbox, folder):
    """Return the environment of ansible-playbook, without settings of the user and with all files in a folder."""
    kept = {name: value for name, value in COMPILED.items() if not name.startswith(("ITRON_", "ANSIBLE_", "PYTEST_"))}
    return dict(
        kept, HOME=str(folder), ANSIBLE_HOME=str(folder / "ansible"), ANSIBLE_LOCALHOST_WARNING="false",
        ANSIBLE_CONFIG=str(ROOT / ".build" / "ansible.cfg"),
        ANSIBLE_COLLECTIONS_PATH=str(ROOT / ".build" / "collections"),
        ANSIBLE_CALLBACK_PLUGINS=str(HERE / "callback_plugins"), ANSIBLE_CALLBACKS_ENABLED="sandbox_watch",
        ANSIBLE_REMOTE_TEMP=str(folder / "remote"), ANSIBLE_LOCAL_TEMP=str(folder / "local"),
        ANSIBLE_ASYNC_DIR=str(folder / "async"), ANSIBLE_NOCOLOR="1",
        ANSIBLE_LOG_PATH=str(folder / "ansible.log"), ANSIBLE_RETRY_FILES_ENABLED="false", LC_ALL="C.UTF-8",
        NO_PROXY="127.0.0.1", no_proxy="127.0.0.1",
        SANDBOX_WATCH_FILE=str(folder / "records.jsonl"), SANDBOX_WATCH_CONTROL=sandbox.ready["control_url"])


def play(sandbox, folder, tasks, place="controller", arguments=(), defaults=None, more_environment=None, host=None):
    """Run tasks in one playbook against a sandbox and return the Run.

    Arguments:
        folder: for all files of the run. place: one of PLACES. arguments: for ansible-playbook.
        defaults: options of the action group in addition to api_url, api_key, user and run_on.
        host: the SecondHost that the tasks run on; this machine if omitted.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    group = dict({"api_url": sandbox.url, "api_key": KEY, "user": USER, "run_on": place, "poll_interval": 0.05},
                 **(defaults or {}))
    group = {name: value for name, value in group.items() if value is not None}
    hosts = host.name if host else "localhost"
    book = [{"name": "Run tasks against the sandbox", "hosts": hosts, "gather_facts": False, "tasks": tasks,
             "module_defaults": {"group/hostops.installatron.itron": group}}]
    (folder / "playbook.yml").write_text(json.dumps(book, indent=1))
    here = "localhost ansible_connection=local ansible_python_interpreter=%s" % sys.executable
    (folder / "hosts").write_text((host.inventory if host else here) + "\n")
    done = subprocess.run(
        [str(Path(sys.executable).parent / "ansible-playbook"), "-i", str(folder / "hosts"), *arguments,
         str(folder / "playbook.yml")],
        env={**environment(sandbox, folder), **(host.environment if host else {}), **(more_environment or {})},
        cwd=str(folder), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        timeout=300, check=False)
    records = folder / "records.jsonl"
    lines = records.read_text(encoding="utf-8").splitlines() if records.exists() else []
    log = folder / "ansible.log"
    return Run(done.returncode, done.stdout, log.read_text(encoding="utf-8") if log.exists() else "",
               [Record(json.loads(line)) for line in lines])
