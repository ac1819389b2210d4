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

# Modules that only one command needs are imported by that command, to keep status and stop fast.
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
    """Serve until a signal stops the program."""
    from .server import serve
    return serve(options.state, options.port, _key(options.state, _given_key(options)), options.ready_file)


def _start(options):
    """Start a server in the background if none runs, and print its ready document without the key."""
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
    """Print the ready document of the server; the exit status is 0 if it runs."""
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
    """Act as the vendor's command-line program."""
    from . import twin
    for method in METHODS:
        if getattr(options, method):
            return twin.run(options.state, _key(options.state), b"", method, getattr(options, method))
    return twin.run(options.state, _key(options.state), sys.stdin.buffer.read())


def _work(options):
    """Execute a background task."""
    from . import twin
    return twin.work(options.state, _key(options.state), options.task)


def _parser():
    """Return the argument parser."""
    parser = argparse.ArgumentParser(prog="itron_sandbox", description="A stand-in for Installatron Server.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True)
    serve = _command(commands, "serve", _serve, "serve the API on 127.0.0.1 until a signal stops it")
    start = _command(commands, "start", _start, "start a server in the background and print its address")
    for command in (serve, start):
        command.add_argument("--port", type=int, default=0, help="port; 0 (default) selects a free port")
        command.add_argument("--ready-file", help="JSON file to write when the server accepts requests")
        command.add_argument("--key-file", help="file with the API key; unlike --key, it keeps the key out of the process list")
        command.add_argument("--key", help="API key; default: ITRON_SANDBOX_KEY, then the stored key, then a random key")
    stop = _command(commands, "stop", _stop, "stop the server in the background")
    for command in (start, stop):
        command.add_argument("--timeout", type=float, default=20, help="seconds to wait (20)")
    _command(commands, "status", _status, "print the address of the server")
    _command(commands, "key", _show_key, "print the API key of the state")
    cli = _command(commands, "cli", _cli, "read a request from standard input and print the reply")
    for method in METHODS:
        cli.add_argument("--" + method, metavar="PATH", help="%s a path of the newer interface" % method)
    work = _command(commands, "work", _work, "execute a background task of the command line (internal)")
    work.add_argument("--task", required=True, help="id of the task")
    return parser


def _command(commands, name, run, text):
    """Add a subcommand with the common arguments."""
    command = commands.add_parser(name, help=text, description=text)
    command.add_argument("--state", required=True, help="state directory")
    command.set_defaults(run=run)
    return command


def _given_key(options):
    """Return the API key from the arguments or the environment, or None."""
    if options.key_file:
        return Path(options.key_file).read_text(encoding="utf-8").strip()
    return options.key or os.environ.get("ITRON_SANDBOX_KEY")


def _key(state, given=None):
    """Return the API key of a state: the given one, the stored one, or a random one. Store it."""
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
