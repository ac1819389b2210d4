# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sandbox in a separate process, with a simple HTTP client."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import requests

FILES = Path(__file__).resolve().parents[3] / "roles" / "sandbox" / "files"
KEY = "8327b11a311aad5a8092d26d209c9e13"
DATABASE = {"db_host": "localhost", "db_name": "db123", "db_user": "db123", "db_pass": "sdfsdf1"}
WEBSITES = [{"id": "ws124", "path": "/var/www/vhosts/company.com", "email": "user@mail.com",
             "vhosts": {"http://company.com": "httpdocs", "http://www.company.com": "httpdocs",
                        "https://company.com": "httpdocs", "http://shop.company.com": "shop"}}]


class Sandbox:
    """A running sandbox."""

    def __init__(self, state):
        self.state = Path(state)
        self.ready_file = self.state / "ready.json"
        self.process = None
        self.ready = None
        self.http = requests.Session()
        self.http.trust_env = False

    def start(self, *more):
        """Start the program and wait for the ready file."""
        environment = dict(os.environ, PYTHONPATH=str(FILES), PYTHONDONTWRITEBYTECODE="1")
        command = [sys.executable, "-m", "itron_sandbox", "serve", "--state", str(self.state), "--ready-file",
                   str(self.ready_file), "--key", KEY] + list(more)
        with open(str(self.state) + ".log", "ab") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while not self.ready_file.exists():
            assert self.process.poll() is None and time.monotonic() < deadline, self.log()
            time.sleep(0.01)
        self.ready = json.loads(self.ready_file.read_text())
        return self

    def stop(self):
        """Stop the program; return its exit status."""
        self.process.terminate()
        return self.process.wait(60)

    def log(self):
        """Return the output of the program."""
        return Path(str(self.state) + ".log").read_text()

    def control(self, method, path, body=None):
        """Call the control interface; return the JSON of the response."""
        answer = self.http.request(method, self.ready["control_url"] + path, json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def post(self, arguments, **more):
        """Send a v1 request as JSON; return the response."""
        return self.http.post(self.ready["url"], json=arguments, **dict({"timeout": 60}, **more))

    def call(self, cmd, **arguments):
        """Send a command with the key; return the reply. Write dashes in names as ``__``."""
        body = {name.replace("__", "-"): value for name, value in arguments.items()}
        answer = self.post(dict(body, key=KEY, cmd=cmd))
        assert answer.status_code == 200, "%s\n%s" % (answer.text, self.log()[-4000:])
        return answer.json()

    def ok(self, cmd, **arguments):
        """Send a command that must succeed; return the data."""
        reply = self.call(cmd, **arguments)
        assert reply["result"] is True, reply
        return reply["data"]

    def refused(self, cmd, **arguments):
        """Send a command that must be refused; return its errcode and errfield."""
        reply = self.call(cmd, **arguments)
        assert reply["result"] is False and reply["data"] is None and reply["message"], reply
        return reply.get("errcode"), reply.get("errfield")

    def install(self, url="http://company.com", **more):
        """Install an application; return its record."""
        arguments = dict({"user": "alice", "websites": WEBSITES, "application": "wordpress", "url": url}, **DATABASE)
        arguments.update(more)
        return self.ok("install", **{name: value for name, value in arguments.items() if value is not None})

    def page(self, host="company.com", path="/", **headers):
        """Return the response of a site."""
        return self.http.get("http://127.0.0.1:%d%s" % (self.ready["port"], path), headers=dict(headers, Host=host),
                             timeout=30)

    def root(self, *parts):
        """Return a path below the home directory of the website in WEBSITES."""
        return self.state.joinpath("fs", "var", "www", "vhosts", "company.com", *parts)

    def finished(self, task):
        """Wait until no task runs; return the listed entry of the given task, or None."""
        assert self.control("POST", "/idle", {"seconds": 20})["idle"]
        return next((row for row in self.ok("tasks") if row["id"] == task["id"]), None)
