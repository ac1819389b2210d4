# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the API of AWX that launches job templates: it knows some names, takes a launch, and says that the job succeeded."""

import http.server
import json
import threading
import urllib.parse


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers one request."""

    def do_GET(self):
        """Answer the configuration, a search for a template, or a look at jobs."""
        address = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(address.query))
        if self.headers.get("Authorization") != "Bearer %s" % self.server.token:
            self._answer(401, {"detail": "no token"})
        elif address.path == "/api/v2/config/":
            self._answer(200, {"version": "24.6.1"})
        elif address.path == "/api/v2/unified_job_templates/":
            self._page([self._template(number) for number, name in enumerate(self.server.templates) if name == query["name"]])
        elif address.path in ("/api/v2/jobs/", "/api/v2/unified_jobs/"):
            self._page([self._job(int(number)) for number in query["id__in"].split(",")])
        else:
            self._answer(404, {"detail": "not found"})

    def do_POST(self):
        """Launch a template."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        number = int(self.path.split("/")[4])
        self.server.launches.append((self.server.templates[number], body))
        self._answer(201, self._job(len(self.server.launches)))

    @staticmethod
    def _job(number):
        return {"id": number, "url": "/api/v2/jobs/%d/" % number, "status": "successful", "created": "2026-01-01T00:00:00Z", "artifacts": {}}

    def _template(self, number):
        asks = {"ask_%s_on_launch" % name: name == "variables" for name in ("limit", "labels", "inventory", "variables")}
        return dict(asks, id=number, type="job_template", name=self.server.templates[number],
                    related={"launch": "/api/v2/job_templates/%d/launch/" % number}, summary_fields={"organization": {"name": "Hosting"}})

    def _page(self, results):
        self._answer(200, {"count": len(results), "next": None, "results": results})

    def _answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_arguments):
        """Print nothing."""


class Controller:
    """A running stand-in. C(launches) has (name of the template, body of the request) of each launch.

    Arguments:
        templates: names of the job templates of the organization Hosting.
    """

    def __init__(self, templates, token="token-of-the-test"):
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.templates, self._server.token, self._server.launches = templates, token, []
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.launches = self._server.launches
        self.arguments = ["--controller-url", "http://127.0.0.1:%d" % self._server.server_port, "--controller-token", token]

    def stop(self):
        """Stop it."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
