# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fake transport that answers every request with the same rows, without a network, and options to use it."""

import json

from ansible_collections.hostops.installatron.plugins.module_utils._core import connection as _connection
from ansible_collections.hostops.installatron.plugins.module_utils._core.tasks import Waiting
from ansible_collections.hostops.installatron.plugins.module_utils._wire.reply import Reply

ROW = {
    "id": "a" * 25,
    "installer": "wordpress",
    "version": "6.4.3",
    "owner": "fuzz",
    "url": "http://fuzz.example",
    "time": "1700000000",
    "path": "/x",
    "db-pass": "secret-of-db",
    "db-name": "f",
    "cf-login": "admin",
    "cf-cryptkey": "k",
    "title": "T",
    "autoup": "1",
    "bkloc": "local",
    "list-files": ["index.php"],
    "list-notification": ["update"],
    "list-plugins": {"a/a.php": {"Name": "A", "_ud": {"new_version": "2"}}},
    "cache-files": "1",
    "version-available": "6.5",
    "backup-install": "a" * 25,
    "backup-time": "1700000000",
    "cache-archive": "1",
    "status": "processing",
    "percentMin": "1",
    "cmd": "install",
    "message": "m",
    "parent": "admin",
    "type": "user",
    "suspended": False,
    "websites": [{"id": "w", "path": "/x", "vhosts": {"http://a.example": "x"}, "databases": []}],
}
APP = {
    "id": "wordpress",
    "appid": "wordpress",
    "version": "6.5",
    "name": "W",
    "requirements": {"diskspace": "40M"},
    "languages": ["en"],
    "fields": {"passwd": {"label": "l", "options": {"a": "b"}, "settable": True}},
    "images": [],
    "tags": ["a"],
}


class OddServer:
    """Replaces HttpTransport: every command returns the same rows."""

    row, app, envelope = ROW, APP, {}
    # Commands that return this text instead of JSON.
    broken, text = frozenset(), ""

    def __init__(self, *arguments):
        self.timeout = 1

    def _reply(self, data):
        body = dict({"result": True, "status": 200, "message": "", "data": data}, **self.envelope)
        return Reply(json.dumps(body).encode(), 200)

    def post(self, payload, repeatable):
        """Answer a request of version 1 of the API."""
        if payload["cmd"] in self.broken:
            return Reply(self.text.encode("utf-8", "surrogatepass"), 200, content_type="text/html")
        if payload["cmd"] == "browser":
            if "versions-available-from" in payload:
                return self._reply({"versions-available": ["6.5"], "versions-available-minor": []})
            return self._reply([self.app])
        if payload["cmd"] == "view":
            return self._reply(self.row)
        return self._reply([self.row])

    def get(self, resource):
        """Answer a request of the newer interface."""
        return self._reply(self.row if resource.count("/") > 1 else [self.row])


def serve(monkeypatch, target):
    """Make operations use OddServer; return options for a target with short waiting times."""
    monkeypatch.setattr(_connection, "HttpTransport", OddServer)
    # Modules without O(wait_timeout) would wait long for a task in an odd answer.
    monkeypatch.setattr(_connection, "Waiting", lambda *options: Waiting(True, 0.05, 0.01, 0.05))
    nowhere = type("Nowhere", (), {"url": "http://127.0.0.1/server/v1", "key": "0123456789"})
    options = dict(target.options(nowhere), wait_timeout=0.05, timeout=0.2)
    return {name: value for name, value in options.items() if name in target.operation.spec.options}
