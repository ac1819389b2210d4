# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Helpers for the tests of roles: runs of a role or a playbook, and a relay that slows down a site."""

import contextlib
import http.server
import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import requests
from harness import KEY, Run, environment


def role(sandbox, folder, name, variables, *arguments):
    """Run a role of the collection against a sandbox on this machine. Return the Run.

    Arguments:
        folder: for all files of the run. name: of the role. variables: of the role. arguments: for ansible-playbook.
    """
    tasks = [{"name": "Run the role", "ansible.builtin.include_role": {"name": "hostops.installatron.%s" % name}}]
    book = [{"name": "Run a role against the sandbox", "hosts": "localhost", "gather_facts": False, "tasks": tasks}]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "playbook.yml").write_text(json.dumps(book))
    return _run(sandbox, folder, "playbook.yml", variables, arguments)


def playbook(sandbox, folder, name, variables, *arguments):
    """Run a playbook of the collection by its full name. Return the Run. For the arguments, see role()."""
    folder.mkdir(parents=True, exist_ok=True)
    return _run(sandbox, folder, "hostops.installatron.%s" % name, variables, arguments)


def begin(sandbox, folder, name, variables):
    """Start a playbook of the collection and return the process. Its output goes to a file in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    command, how = _command(sandbox, folder, "hostops.installatron.%s" % name, variables)
    with open(folder / "output", "wb") as output:
        return subprocess.Popen(command, stdout=output, start_new_session=True, **how)


def journal(path):
    """Return the contents of a rollout journal: C(verdicts) by host, C(complete), and C(runs) towards the last target.

    Parses the lines independently of the code under test.
    """
    entries = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
    outcome = {"verdicts": {}, "complete": False, "runs": 0}
    for entry in entries:
        if entry["event"] == "run":
            outcome.update(complete=False, runs=outcome["runs"] + 1 if entry["resumes"] else 1)
        elif entry["event"] == "end":
            outcome["complete"] = entry["complete"]
        elif entry["event"] == "verdict":
            outcome["verdicts"][entry["url"].partition("://")[2]] = entry
    return outcome


def _run(sandbox, folder, book, variables, arguments):
    """Run ansible-playbook and return the Run."""
    command, how = _command(sandbox, folder, book, variables, arguments)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=300, check=False, **how)
    return Run(done.returncode, done.stdout, "", [])


def _command(sandbox, folder, book, variables, arguments=()):
    """Return the command, with all variables in one file, and its environment, which contains the connection settings."""
    (folder / "data.json").write_text(json.dumps(variables))
    (folder / "hosts").write_text("localhost ansible_connection=local ansible_python_interpreter=%s\n" % sys.executable)
    # Records of single tasks are not needed. The tests check the resulting state.
    settings = dict(environment(sandbox, folder), ITRON_API_URL=sandbox.url, ITRON_API_KEY=KEY)
    settings.pop("ANSIBLE_CALLBACKS_ENABLED")
    program = str(Path(sys.executable).parent / "ansible-playbook")
    return [program, "-i", "hosts", "-e", "@data.json", *arguments, book], {
        "env": settings, "cwd": str(folder), "stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT}


class _Relay(http.server.BaseHTTPRequestHandler):
    """Returns the response of the sandbox after a delay of some seconds."""

    def do_GET(self):
        """Relay a page."""
        time.sleep(self.server.seconds)
        self.server.count += 1
        answer = requests.get("http://127.0.0.1:%d%s" % (self.server.target, self.path), timeout=30,
                              headers={"Host": self.headers["Host"]}, proxies={"http": None})
        self.send_response(answer.status_code)
        self.send_header("Content-Type", answer.headers["Content-Type"])
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, *arguments):
        """Do not log."""


@contextlib.contextmanager
def slow_relay(sandbox, seconds):
    """Serve the sites of the sandbox on another port, each page delayed by some seconds. Yields the server.

    C(server_port) is the port. C(count) is the number of requested pages.
    """
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Relay) as server:
        server.seconds, server.target, server.count = seconds, sandbox.ready["port"], 0
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
