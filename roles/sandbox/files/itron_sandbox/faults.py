# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that affect the next requests, set through the control interface."""

import base64
import html
import json
from urllib.parse import quote

# When a fault strikes: before the work, after the work (the response is invalid), or in the task.
BEFORE = ("refuse", "reset_before", "429", "500", "502", "503", "504", "redirect", "html", "plain_error", "refused")
AFTER = ("reset_after", "cut_json", "empty", "wrong_data_type")
TASK = ("task_fails", "task_vanishes", "task_never_ends", "task_unknown_status")
NAMES = BEFORE + AFTER + TASK + ("delay",)


# Encodings of the quoted request.
SPELLINGS = {
    "json": json.dumps,
    "php": lambda arguments: json.dumps(arguments).replace("/", "\\/"),
    "json_in_json": lambda arguments: json.dumps(json.dumps(arguments)),
    "html": lambda arguments: html.escape(json.dumps(arguments, ensure_ascii=False)),
    "percent": lambda arguments: quote(json.dumps(arguments), safe=""),
    "unicode": lambda arguments: "".join("\\u%04x" % ord(character) for character in json.dumps(arguments)),
    "hex": lambda arguments: json.dumps(arguments).encode().hex(),
    "base64": lambda arguments: base64.b64encode(json.dumps(arguments).replace("/", "\\/").encode()).decode(),
    "print_r": lambda arguments: "Array\n(\n%s)\n" % "".join("    [%s] => %s\n" % item for item in arguments.items()),
    "xml": lambda arguments: "".join("<%s>%s</%s>" % (name, html.escape(str(value)), name) for name, value in arguments.items()),
    "form": lambda arguments: "&".join("%s=%s" % (name, quote(str(value))) for name, value in arguments.items()),
}


class Faults:
    """The list of faults. Each counts the matching requests and strikes from the `nth` on, `times` times."""

    def __init__(self, store):
        self._store = store

    def add(self, fault):
        """Add a fault and return it with its id; raise ValueError if it is invalid."""
        fault = dict({"command": "*", "nth": 1, "times": 1}, **fault)
        fault["fault"] = str(fault.get("fault"))
        if fault["fault"] not in NAMES:
            raise ValueError("unknown fault: %s (known: %s)" % (fault["fault"], ", ".join(NAMES)))
        if fault.get("spelling", "json") not in SPELLINGS:
            raise ValueError("unknown spelling: %s (known: %s)" % (fault["spelling"], ", ".join(SPELLINGS)))
        for name in ("nth", "times"):
            if not isinstance(fault[name], int) or fault[name] < 0:
                raise ValueError("%s must be a non-negative integer" % name)
        fault["seen"] = 0
        fault["id"] = self._store.change("INSERT INTO faults (fault) VALUES (?)", (json.dumps(fault),))
        return fault

    def entries(self):
        """Return all faults with their ids and their counts of matching requests."""
        return [dict(json.loads(fault), id=number)
                for number, fault in self._store.query("SELECT id, fault FROM faults ORDER BY id")]

    def take(self, command, write):
        """Count a request and return the faults that strike it."""
        with self._store.lock:
            return [fault for fault in self.entries() if self._strikes(fault, command, write)]

    def _strikes(self, fault, command, write):
        """Count the request if it matches the fault; return whether the fault strikes (``times`` 0: always)."""
        if fault["command"] not in ("*", command) or ("write" in fault and bool(fault["write"]) != write):
            return False
        fault["seen"] += 1
        self._store.change("UPDATE faults SET fault = ? WHERE id = ?", (json.dumps(fault), fault["id"]))
        past = fault["seen"] - fault["nth"]
        return past >= 0 and (fault["times"] == 0 or past < fault["times"])

    def clear(self, identity=None):
        """Remove one fault or all."""
        if identity is None:
            self._store.change("DELETE FROM faults")
        else:
            self._store.change("DELETE FROM faults WHERE id = ?", (identity,))


def before(fault):
    """Return whether the fault replaces the command; with ``after: true`` the work is done first."""
    return fault["fault"] in BEFORE and not fault.get("after") or (
        fault["fault"] in AFTER and fault.get("after") is False)


def with_echo(fault, arguments):
    """Return the fault; with ``echo: true`` its message quotes the whole request with the key, as a careless server might.

    ``spelling`` is the encoding (SPELLINGS); ``member`` is the member of the reply that has the message: message, errcode or errfield.
    """
    if not fault.get("echo"):
        return fault
    quoted = SPELLINGS[fault.get("spelling", "json")](arguments)
    message = "%s %s" % (fault.get("message", "Error: The request was not understood:"), quoted)
    member = fault.get("member", "message")
    return dict({"data": message, "location": "https://login.invalid/?back=" + quote(message)}, **dict(fault, **{member: message}))


def response(fault):
    """Return (status, headers, body) of a fault with a response of its own, or None for a dropped connection."""
    name = fault["fault"]
    if name in ("refuse", "reset_before", "reset_after"):
        return None
    if name.isdigit():
        headers = {"Content-Type": "text/html"}
        if "retry_after" in fault:
            headers["Retry-After"] = str(fault["retry_after"])
        return int(name), headers, ("<html><body><h1>%s</h1>%s</body></html>" % (name, fault.get("message", ""))).encode()
    if name == "redirect":
        return 302, {"Location": fault.get("location", "https://login.invalid/")}, b""
    if name == "html":
        return 200, {"Content-Type": "text/html"}, (
            "<!DOCTYPE html><html><body>%s<form>Login</form></body></html>" % fault.get("message", "")).encode()
    if name == "plain_error":
        return 200, {"Content-Type": "text/html"}, fault.get("message", "Error: The server is busy.").encode()
    if name == "empty":
        return 200, {"Content-Type": "application/json"}, b""
    if name == "refused":
        reply = {"result": False, "message": fault.get("message", "Error: The request was refused."),
                 "errcode": fault.get("errcode", "sandbox_refused"), "data": None}
        if "errfield" in fault:
            reply["errfield"] = fault["errfield"]
        return 200, {"Content-Type": "application/json"}, json.dumps(reply).encode()
    body = b'{"result": true, "message'
    if "message" in fault:
        body += b'": ' + json.dumps(fault["message"])[:-1].encode()
    return 200, {"Content-Type": "application/json"}, body


def corrupt(fault, reply):
    """Return (status, headers, body) of a response that the fault changes after the work."""
    if fault["fault"] == "cut_json":
        body = reply.encode()
        return 200, {"Content-Type": "application/json"}, body[:max(1, len(body) * 2 // 3)]
    if fault["fault"] == "wrong_data_type":
        reply.data = fault.get("data", 42)
        return 200, {"Content-Type": "application/json"}, reply.encode()
    return response(fault)
