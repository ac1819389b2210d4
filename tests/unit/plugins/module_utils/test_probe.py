# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Health checks connect to the given address, follow redirects only on the same host, and time out."""

from __future__ import annotations

import http.server
import threading

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._health.probe import check_sites


class Pages(http.server.BaseHTTPRequestHandler):
    """A site. The title of each page is the requested host."""

    def do_GET(self):
        """Return a page or a redirect."""
        self.server.asked.append((self.headers["Host"], self.path))
        target = {"/away": "http://other.example/", "/moved": "/", "/round": "/round"}.get(self.path)
        self.send_response(302 if target else 500 if self.path == "/first" and len(self.server.asked) == 1 else 200)
        body = b"" if self.path == "/cut" else b"<title>%s</title>" % self.headers["Host"].encode()
        self.send_header("Content-Type", "text/html; charset=nonsense")
        self.send_header("Content-Length", "100" if self.path == "/cut" else str(len(body)))
        if target:
            self.send_header("Location", target)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Suppress the log."""


@pytest.fixture
def server():
    """The server of the site. C(asked) has the requested pairs of host and path."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages) as made:
        made.asked = []
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def check_health(server, **more):
    """Return the health of a site whose name DNS cannot resolve."""
    site = dict({"url": "http://shop.example:8080", "url_ip": "127.0.0.1", "port": server.server_port,
                 "timeout": 5}, **more)
    (health,) = check_sites([site], delay=0.01, attempts=more.pop("attempts", 1))
    return health


def test_host_header_with_url_ip(server):
    health = check_health(server)
    assert health["healthy"]
    assert health["pages"][0]["title"] == "shop.example:8080"
    assert server.asked == [("shop.example:8080", "/")]


def test_redirect_same_host_only(server):
    health = check_health(server, paths=["moved", "away"])
    assert [page["status"] for page in health["pages"]] == [200, 302]
    assert server.asked == [("shop.example:8080", "/moved"), ("shop.example:8080", "/"), ("shop.example:8080", "/away")]


def test_redirect_not_followed(server):
    health = check_health(server, paths=["moved"], follow_redirects=False)
    assert [page["status"] for page in health["pages"]] == [302] and server.asked == [("shop.example:8080", "/moved")]


def test_redirect_limit_without_url_ip(server):
    health = check_health(server, url="http://127.0.0.1:%d" % server.server_port, url_ip=None, port=None,
                          paths=["moved", "round"])
    assert health["pages"][0]["status"] == 200
    assert health["pages"][1]["error"] == "more than 5 redirects"
    assert not health["healthy"]


def test_attempts_until_healthy(server):
    health = check_health(server, paths=["first"], attempts=3)
    assert (health["healthy"], health["attempts"]) == (True, 2)


def test_connection_problems(server):
    assert check_health(server, paths=["cut"], timeout=0.3)["problems"][0].startswith("cut: ")
    port = server.server_port
    server.server_close()
    (health,) = check_sites([{"url": "http://127.0.0.1:%d" % port, "timeout": 1}])
    assert health["problems"] == ["/: no connection"]


def test_sites_empty():
    assert check_sites([]) == []
