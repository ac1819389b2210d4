# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of the program."""

import argparse
import secrets
import sys

from . import __version__
from .store import Store

METHODS = ("GET", "POST", "DELETE")


def main(arguments=None):
    """Run the program; return its exit status."""
    options = _parser().parse_args(arguments)
    key = _key(options.state, getattr(options, "key", None))
    if options.command == "serve":
        from .server import serve
        return serve(options.state, options.port, key, options.ready_file)
    from . import twin
    if options.command == "work":
        return twin.work(options.state, key, options.task)
    for method in METHODS:
        if getattr(options, method):
            return twin.run(options.state, key, b"", method, getattr(options, method))
    return twin.run(options.state, key, sys.stdin.buffer.read())


def _parser():
    """Return the parser of the arguments."""
    parser = argparse.ArgumentParser(prog="itron_sandbox", description="A stand-in for Installatron Server.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve the API on 127.0.0.1 until a signal says stop")
    serve.add_argument("--port", type=int, default=0, help="port; 0, the default, takes any free one")
    serve.add_argument("--ready-file", help="JSON file to write when the server answers")
    serve.add_argument("--key", help="API key; default: the one of the state, or a random one")
    twin = commands.add_parser("cli", help="read a request on standard input and print the reply")
    for method in METHODS:
        twin.add_argument("--" + method, metavar="PATH", help="%s a path of the newer interface" % method)
    work = commands.add_parser("work", help="do a background task of the command line (used by the program itself)")
    work.add_argument("--task", required=True, help="id of the task")
    for command in (serve, twin, work):
        command.add_argument("--state", required=True, help="directory of the state")
    return parser


def _key(state, given):
    """Return the API key of a state directory, which keeps it."""
    store = Store(state)
    try:
        key = given or store.get("key") or secrets.token_hex(16)
        store.put("key", key)
        return key
    finally:
        store.close()
