# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of roles share: runs of a role or a playbook, and a way to a site that makes it slow."""

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
    """Run a role of the collection against a sandbox, on this machine, and return the Run.

    Arguments:
        folder: for all files of the run. name: of the role. variables: of the role. arguments: for ansible-playbook.
    """
    tasks = [{"name": "Run the role", "ansible.builtin.include_role": {"name": "hostops.installatron.%s" % name}}]
    book = [{"name": "Run a role against the sandbox", "hosts": "localhost", "gather_facts": False, "tasks": tasks}]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "playbook.yml").write_text(json.dumps(book))
    return _run(sandbox, folder, "playbook.yml", variables, arguments)


def playbook(sandbox, folder, name, variables, *arguments):
    """Run a playbook of the collection by its full name and return the Run; the arguments are those of role."""
    folder.mkdir(parents=True, exist_ok=True)
    return _run(sandbox, folder, "hostops.installatron.%s" % name, variables, arguments)


def begin(sandbox, folder, name, variables):
    """Begin to run a playbook of the collection and return the process; its output goes to a file in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    command, how = _command(sandbox, folder, "hostops.installatron.%s" % name, variables)
    with open(folder / "output", "wb") as output:
        return subprocess.Popen(command, stdout=output, start_new_session=True, **how)


def journal(path):
    """Return what the journal of a rollout says: C(verdicts) by host, C(complete), and C(runs) towards the last target.

    Reads the lines by itself, as a person with a pager does, and not with the code under test.
    """
    entries = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
    told = {"verdicts": {}, "complete": False, "runs": 0}
    for entry in entries:
        if entry["event"] == "run":
            told.update(complete=False, runs=told["runs"] + 1 if entry["resumes"] else 1)
        elif entry["event"] == "end":
            told["complete"] = entry["complete"]
        elif entry["event"] == "verdict":
            told["verdicts"][entry["url"].partition("://")[2]] = entry
    return told


def _run(sandbox, folder, book, variables, arguments):
    """Run ansible-playbook to its end; return the Run."""
    command, how = _command(sandbox, folder, book, variables, arguments)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=300, check=False, **how)
    return Run(done.returncode, done.stdout, "", [])


def _command(sandbox, folder, book, variables, arguments=()):
    """Return the command with all variables in one file, and its surroundings, in which the connection is."""
    (folder / "data.json").write_text(json.dumps(variables))
    (folder / "hosts").write_text("localhost ansible_connection=local ansible_python_interpreter=%s\n" % sys.executable)
    # Nobody watches the single tasks: a role is judged by what it leaves behind.
    settings = dict(environment(sandbox, folder), ITRON_API_URL=sandbox.url, ITRON_API_KEY=KEY)
    settings.pop("ANSIBLE_CALLBACKS_ENABLED")
    program = str(Path(sys.executable).parent / "ansible-playbook")
    return [program, "-i", "hosts", "-e", "@data.json", *arguments, book], {
        "env": settings, "cwd": str(folder), "stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT}


class _Relay(http.server.BaseHTTPRequestHandler):
    """Answers with what the sandbox serves, some seconds later."""

    def do_GET(self):
        """Answer a page."""
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
        """Say nothing."""


@contextlib.contextmanager
def slow_way(sandbox, seconds):
    """Serve the sites of the sandbox on a port of its own, each page so many seconds late; yields the server.

    C(server_port) is the port, C(count) the number of pages that were asked for.
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
