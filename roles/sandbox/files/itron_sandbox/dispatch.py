# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processing of a request: log, faults, key, command, reply."""

import hmac
import sys

from . import catalog, faults, schemas
from .call import Call
from .commands import COMMANDS, execute
from .errors import ConnectionDropped, Refusal
from .wire import Reply, refusal_reply

JSON = {"Content-Type": "application/json"}


class Request:
    """A request: its `arguments`, its interface (http, cli or v2) and its content type."""

    def __init__(self, arguments, interface="http", content_type=None, public=False):
        self.arguments = arguments
        self.interface = interface
        self.content_type = content_type
        self.public = public

    @property
    def command(self):
        """The name of the command, as given."""
        return str(self.arguments.get("cmd", ""))

    def answer(self, world, fault):
        """Return the Reply of the command or raise a Refusal; `fault` is a fault that strikes inside a task."""
        # The public address of the catalog needs no key (example of section 3.2).
        if not (self.public and self.command == "browser"):
            check_key(world, self.arguments.get("key"))
        if self.command not in COMMANDS:
            raise Refusal("Error: Unknown command.", "invalid_argument_cmd", "cmd")
        return execute(Call(world, self.arguments), fault)

    def refuse(self, refusal):
        """Return the Reply for a Refusal."""
        return refusal_reply(refusal)


def handle(world, request):
    """Process a request: return (status, headers, body), or raise ConnectionDropped to close the connection."""
    command = COMMANDS.get(request.command)
    write = bool(command and command.write)
    entry = _entry(world, request, command)
    world.requests.begin(entry)
    try:
        status, headers, body = _answer(world, request, entry, write)
    except ConnectionDropped:
        if entry["outcome"] == "running":
            world.requests.end(entry, "error")
        raise
    except Exception:
        world.requests.end(entry, "error")
        raise
    if not world.offline:
        print("%s %s: %s" % (request.interface, request.command or "(no command)", entry["outcome"]),
              file=sys.stderr)
    return status, headers, body


def _entry(world, request, command):
    """Return the entry for the request log."""
    arguments, name = request.arguments, request.command
    entry = {"n": None, "command": name, "arguments": arguments, "interface": request.interface,
             "content_type": request.content_type, "write": bool(command and command.write),
             "dryrun": str(arguments["dryrun"]) if command and command.dryrun and "dryrun" in arguments else None,
             "undocumented": [], "schema_errors": []}
    if command:
        entry["undocumented"] = schemas.undocumented(name, arguments, _application(world, arguments))
        entry["schema_errors"] = schemas.errors(name, arguments)
    return entry


def _application(world, arguments):
    """Return the application of a request: the one that it names, or that of the install that it names."""
    if isinstance(arguments.get("application"), str):
        return arguments["application"]
    found = world.installs.get(str(arguments.get("id", "")))
    return found[0]["installer"] if found else None


def _answer(world, request, entry, write):
    """Return status, headers and body; apply latency, read-only mode and faults."""
    settings = world.settings.all()
    world.stop.wait(settings["latency"])
    if settings["read_only"] and write and not entry["dryrun"]:
        world.requests.end(entry, "violation", "read_only")
        return 418, JSON, Reply(False, "Error: The sandbox is read only.", None, errcode="read_only").encode()
    struck = [faults.with_echo(fault, request.arguments) for fault in world.faults.take(request.command, write)]
    late = [fault for fault in struck if fault["fault"] == "delay"]
    struck = [fault for fault in struck if fault["fault"] != "delay"]
    _delay(world, [fault for fault in late if not fault.get("after")])
    for fault in struck:
        if faults.before(fault):
            world.requests.end(entry, "fault:" + fault["fault"])
            return _struck(faults.response(fault))
    reply = _reply(world, request, entry, next((fault for fault in struck if fault["fault"] in faults.TASK), None))
    _delay(world, [fault for fault in late if fault.get("after")])
    for fault in struck:
        if fault["fault"] not in faults.TASK:
            world.requests.end(entry, "fault:" + fault["fault"], entry["errcode"], result=reply.result)
            return _struck(faults.corrupt(fault, reply))
    return reply.status, JSON, reply.encode()


def _delay(world, delays):
    """Wait for the sum of the given delay faults."""
    for fault in delays:
        world.stop.wait(fault.get("seconds", 1))


def _struck(response):
    """Return the response of a fault, or drop the connection."""
    if response is None:
        raise ConnectionDropped()
    return response


def _reply(world, request, entry, fault):
    """Return the Reply to a request, and log the outcome."""
    try:
        reply = request.answer(world, fault)
    except Refusal as refusal:
        world.requests.end(entry, "refused", refusal.errcode)
        return request.refuse(refusal)
    world.requests.end(entry, "ok", reply.more.get("errcode"))
    return reply


def check_key(world, key):
    """Refuse an invalid key."""
    if not isinstance(key, str) or not hmac.compare_digest(key.encode(), world.key.encode()):
        raise Refusal("Error: The API key is invalid.", "invalid_api_key", "key")


def warm_up():
    """Load the catalog and the schemas, so that the first request is not slower than the others."""
    catalog.applications()
    schemas.errors("tasks", {})
