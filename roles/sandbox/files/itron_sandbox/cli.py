# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of the program."""

import argparse
import json
import os
import secrets
import sys
from pathlib import Path

from . import __version__, background, running
from .store import Store

# What a command alone needs is imported by it: looking and stopping are to be quick.
METHODS = ("GET", "POST", "DELETE")
NOT_RUNNING = 3


def main(arguments=None):
    """Run the program; return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1


def _serve(options):
    """Serve until a signal says stop."""
    from .server import serve
    return serve(options.state, options.port, _key(options.state, _given_key(options)), options.ready_file)


def _start(options):
    """Start a server in the background, unless one runs, and print where it is; the key is not printed."""
    document, started = running.find(options.state), False
    if document is None:
        key = _key(options.state, _given_key(options))
        document, started = background.start(options.state, options.port, key, options.ready_file,
                                             options.timeout), True
    _print(dict(document, started=started))
    return 0


def _stop(options):
    """Stop the server in the background."""
    print(json.dumps({"stopped": background.stop(options.state, options.timeout)}))
    return 0


def _status(options):
    """Print where the server is; the exit status tells whether it runs."""
    document = running.find(options.state)
    if document is None:
        print("not running", file=sys.stderr)
        return NOT_RUNNING
    _print(document)
    return 0


def _show_key(options):
    """Print the API key of the state."""
    print(_key(options.state))
    return 0


def _cli(options):
    """Be the vendor's command-line program."""
    from . import twin
    for method in METHODS:
        if getattr(options, method):
            return twin.run(options.state, _key(options.state), b"", method, getattr(options, method))
    return twin.run(options.state, _key(options.state), sys.stdin.buffer.read())


def _work(options):
    """Do a background task."""
    from . import twin
    return twin.work(options.state, _key(options.state), options.task)


def _parser():
    """Return the parser of the arguments."""
    parser = argparse.ArgumentParser(prog="itron_sandbox", description="A stand-in for Installatron Server.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True)
    serve = _command(commands, "serve", _serve, "serve the API on 127.0.0.1 until a signal says stop")
    start = _command(commands, "start", _start, "do the same in the background; print where it is")
    for command in (serve, start):
        command.add_argument("--port", type=int, default=0, help="port; 0, the default, takes any free one")
        command.add_argument("--ready-file", help="JSON file to write when the server answers")
        command.add_argument("--key-file", help="file with the API key; it is not seen in the list of processes")
        command.add_argument("--key", help="API key; default: ITRON_SANDBOX_KEY, the one of the state, a random one")
    stop = _command(commands, "stop", _stop, "stop the server in the background")
    for command in (start, stop):
        command.add_argument("--timeout", type=float, default=20, help="seconds to wait for it (20)")
    _command(commands, "status", _status, "print where the server is")
    _command(commands, "key", _show_key, "print the API key of the state")
    cli = _command(commands, "cli", _cli, "read a request on standard input and print the reply")
    for method in METHODS:
        cli.add_argument("--" + method, metavar="PATH", help="%s a path of the newer interface" % method)
    work = _command(commands, "work", _work, "do a background task of the command line (used by the program itself)")
    work.add_argument("--task", required=True, help="id of the task")
    return parser


def _command(commands, name, run, text):
    """Add a command with the arguments that all have."""
    command = commands.add_parser(name, help=text, description=text)
    command.add_argument("--state", required=True, help="directory of the state")
    command.set_defaults(run=run)
    return command


def _given_key(options):
    """Return the API key of the arguments or of the environment, or None."""
    if options.key_file:
        return Path(options.key_file).read_text(encoding="utf-8").strip()
    return options.key or os.environ.get("ITRON_SANDBOX_KEY")


def _key(state, given=None):
    """Return the API key of a state, which keeps the one it was given, or else a random one."""
    store = Store(state)
    try:
        kept = store.get("key")
        key = given or kept or secrets.token_hex(16)
        if key != kept:
            store.put("key", key)
        return key
    finally:
        store.close()


def _print(document):
    """Print a ready document without the key."""
    print(json.dumps({name: value for name, value in document.items() if name != "key"}))
