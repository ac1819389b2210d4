# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP routes on the single port: the API, the newer interface, the control interface, and the sites by ``Host``."""

import socket
import struct

from flask import Flask, Response, request

from . import control, wire
from .dispatch import Request, handle
from .errors import ConnectionDropped
from .pages import NOT_FOUND, Sites
from .rest import LOGIN_PAGE, RestRequest

API = ("server/v1", "server/v1/", "installatron", "installatron/", "index.php")
# The public address of the catalog (example of section 3.2).
PUBLIC = ("apps", "apps/")
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]


class Droppable:
    """The WSGI application; a ConnectionDropped resets the connection instead of sending a response."""

    def __init__(self, application):
        self._application = application

    def __call__(self, environ, start_response):
        try:
            return self._application(environ, start_response)
        except ConnectionDropped:
            # With a linger time of zero, the close that waitress does on an OSError becomes a reset.
            disconnected = environ.get("waitress.client_disconnected")
            if disconnected is not None:
                disconnected.__self__.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise
        except OSError as error:
            # Any other OSError is a bug of the sandbox and must be visible.
            raise RuntimeError("the sandbox failed") from error


def create(world):
    """Return the WSGI application for a World."""
    app = Flask("itron_sandbox", static_folder=None)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.url_map.merge_slashes = False
    app.register_blueprint(control.blueprint(world))
    sites = Sites(world)

    @app.post("/_sandbox/cli")
    def command_line():
        return _respond(answer_body(world, request.get_data(), "cli"))

    @app.route("/_sandbox/cli/<path:path>", methods=METHODS)
    def command_line_rest(path):
        return _respond(answer_rest(world, request.method, path, request.args, None, "cli"))

    @app.route("/", defaults={"path": ""}, methods=METHODS)
    @app.route("/<path:path>", methods=METHODS)
    def everything(path):
        return _respond(_route(world, sites, path))

    return Droppable(app)


def _route(world, sites, path):
    """Return (status, headers, body) from a site of the host, or from one of the interfaces."""
    name = request.host.rpartition(":")[0] if ":" in request.host else request.host
    scheme = request.headers.get("X-Forwarded-Proto", "http")
    if name not in LOOPBACK:
        page = sites.serve(request.host, scheme, path)
        if page:
            return page
    if path in API:
        return _api(world) if request.method == "POST" else _gui(world)
    if path in PUBLIC and request.method == "POST":
        return _api(world, public=True)
    if path.split("/")[0] == "users":
        method = request.headers.get("X-HTTP-Method-Override", request.method)
        return answer_rest(world, method, path, request.args, request.headers.get("X-API-KEY", ""), "v2")
    return sites.serve(request.host, scheme, path) or NOT_FOUND


def _api(world, public=False):
    """Answer a request of version 1 of the API."""
    if request.mimetype == "multipart/form-data":
        arguments = wire.parse_pairs(request.form.items(multi=True))
        return handle(world, Request(arguments, "http", request.mimetype, public))
    return answer_body(world, request.get_data(), "http", request.headers.get("Content-Type"), public)


def answer_body(world, body, interface, content_type=None, public=False):
    """Answer a request whose body is JSON or URL-encoded; reply to anything else as PHP would."""
    try:
        arguments = wire.parse_body(body)
    except wire.BadRequest as error:
        return 200, {"Content-Type": "text/html"}, ("Error: %s" % error).encode()
    return handle(world, Request(arguments, interface, content_type, public))


def answer_rest(world, method, path, query, key, interface):
    """Answer a request of the newer interface."""
    if world.settings["rest"] == "html" and interface != "cli":
        return LOGIN_PAGE
    return handle(world, RestRequest(method, path, query.to_dict() if hasattr(query, "to_dict") else query, key,
                                     interface))


def _gui(world):
    """Return the page of a GUI session (section 3.17.1), or the login page."""
    session = world.store.one("SELECT user FROM sessions WHERE id = ?", (request.args.get("s", ""),))
    if session is None:
        return LOGIN_PAGE
    return 200, {"Content-Type": "text/html"}, ("<html><body><h1>%s</h1></body></html>" % session[0]).encode()


def _respond(answer):
    """Return the Flask response of (status, headers, body)."""
    status, headers, body = answer
    return Response(body, status=status, headers=headers)
