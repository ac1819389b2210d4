# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the PHP hooks of the role panel as deployed: panel.php in a directory, methods called through the PHP command line.

Also provides the customer platform that the back end http calls.
"""

import json
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from harness import PROGRAM, ROOT

HOOKS = PROGRAM / "itron_sandbox" / "hooks.php"
PARTS = ROOT / "roles" / "panel" / "files" / "panel"
# The order of __panel_parts.
ORDER = ("config", "log", "process", "server", "databases", "paths", "path_table", "path_command", "path_http", "path_ssh", "hooks")


class Hooks:
    """A panel.php in a directory, with its configuration."""

    def __init__(self, directory, secrets, **configuration):
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self.file = directory / "panel.php"
        requires = "".join("require '%s/%s.php';\n" % (PARTS, part) for part in ORDER)
        self.file.write_text("<?php\ndefine('HOSTOPS_PANEL_DIRECTORY', __DIR__);\n" + requires)
        self.configure(**configuration)
        (directory / "panel-secrets.json").write_text(json.dumps(secrets))

    def configure(self, **configuration):
        """Write a new configuration."""
        (self.directory / "panel.json").write_text(json.dumps(dict({"log": str(self.directory / "log")}, **configuration)))

    def start(self, method, *arguments, session=None):
        """Start calling a method. Return the process for end()."""
        question = {"file": str(self.file), "session": session or {}, "method": method, "arguments": arguments}
        process = subprocess.Popen(["php", "-d", "display_errors=stderr", str(HOOKS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True)
        process.stdin.write(json.dumps(question))
        process.stdin.close()
        return process

    @staticmethod
    def end(process):
        """Return the result of a method. Assert that standard error is empty."""
        output, errors = process.stdout.read(), process.stderr.read()
        process.wait()
        assert not errors
        return json.loads(output)["answer"]

    def call(self, method, *arguments, session=None):
        """Call a method and return its result."""
        return self.end(self.start(method, *arguments, session=session))

    @property
    def log(self):
        """The lines of the log, parsed."""
        path = self.directory / "log"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@contextmanager
def serving():
    """Provide an HTTP server. C(seen) has its requests. C(answer) is (status, body), or None for no response."""
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.seen.append((self.headers["Authorization"], json.loads(body)))
            if self.server.answer is None:
                self.server.released.wait(60)
                return
            status, text = self.server.answer
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:%d/elsewhere" % self.server.server_port)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_arguments):
            """Do not log."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.seen, server.answer, server.released = [], (200, '{"path": "sftp://alice@web1.example/"}'), threading.Event()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
