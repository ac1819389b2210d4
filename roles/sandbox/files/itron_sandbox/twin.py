# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command-line twin of the API: a request on standard input, the reply on standard output (section 3.3).

It forwards requests to the server that uses the state. If none runs, it works on the state directly.
"""

import http.client
import sys
from urllib.parse import parse_qsl

from . import running
from .call import Call
from .commands import COMMANDS, worked
from .errors import ConnectionDropped
from .world import World


def run(state, key, body, method=None, path=None):
    """Answer a v1 request (`body`, bytes) or, with `method` and `path`, a request of the newer interface.

    Return the exit status: 0 for a reply, 1 for an HTTP error, 255 if there was no reply.
    """
    server = running.find(state)
    try:
        status, answer = _forward(server, body, method, path) if server else _alone(state, key, body, method, path)
    except (ConnectionDropped, http.client.HTTPException, ConnectionError):
        return 255
    sys.stdout.write(answer.decode() + "\n")
    sys.stdout.flush()
    return 0 if status == 200 or method else 1


def _forward(server, body, method, path):
    """Return (status, body) of the running server's response."""
    connection = http.client.HTTPConnection("127.0.0.1", server["port"])
    try:
        connection.request(method or "POST", "/_sandbox/cli" + (path or ""), body=body)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def _alone(state, key, body, method, path):
    """Return (status, body) of a response made by this process."""
    from . import web
    world = World(state, key, offline=True)
    try:
        if method:
            resource, _mark, query = path.lstrip("/").partition("?")
            status, _headers, answer = web.answer_rest(world, method, resource, dict(parse_qsl(query)), None, "cli")
        else:
            status, _headers, answer = web.answer_body(world, body, "cli")
        return status, answer
    finally:
        world.close()


def work(state, key, task):
    """Execute a background task of the state in this process; return the exit status."""
    world = World(state, key, offline=True)
    try:
        row, arguments = world.tasks.load(task)
        call = Call(world, arguments)
        world.tasks.work(row, lambda progress: worked(call, COMMANDS[call.command], progress)[1])
        return 0
    finally:
        world.close()
