# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ready file: the address of a running server, for the caller that starts it and for the command-line twin."""

import http.client
import json
import os
import shlex
import sys
from pathlib import Path

NAME = "server.json"
WRAPPER = "installatron"


def ready_document(state, port, key):
    """Return the content of the ready file for the server of this process."""
    base = "http://127.0.0.1:%d" % port
    return {"url": base + "/server/v1", "control_url": base + "/_sandbox", "port": port, "pid": os.getpid(),
            "key": key, "cli": str(Path(state).resolve() / WRAPPER)}


def write_wrapper(state):
    """Write the script that replaces the vendor's command-line program."""
    path = Path(state) / WRAPPER
    variables = {"PYTHONPATH": str(Path(__file__).resolve().parent.parent),
                 "PYTHONDONTWRITEBYTECODE": "1" if sys.dont_write_bytecode else ""}
    settings = " ".join("%s=%s" % (name, shlex.quote(value)) for name, value in variables.items() if value)
    path.write_text("#!/bin/sh\n%s exec %s -m itron_sandbox cli --state %s \"$@\"\n" % (
        settings, shlex.quote(sys.executable), shlex.quote(str(Path(state).resolve()))), encoding="utf-8")
    path.chmod(0o755)


def write(path, document):
    """Write a ready file atomically. Only its owner can read it, because it contains the key."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name("%s.%d" % (path.name, os.getpid()))
    descriptor = os.open(str(partial), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(document, file)
    partial.replace(path)


def find(state):
    """Return the ready document of the server that uses a state directory, or None if none runs."""
    path = Path(state) / NAME
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        connection = http.client.HTTPConnection("127.0.0.1", document["port"], timeout=2)
        try:
            connection.request("GET", "/_sandbox/")
            answer = json.loads(connection.getresponse().read())
        finally:
            connection.close()
    except (OSError, ValueError, KeyError, http.client.HTTPException):
        return None
    return document if isinstance(answer, dict) and answer.get("pid") == document["pid"] else None
