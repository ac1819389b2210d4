# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server process: serve until a signal stops it."""

import signal
import sys
from pathlib import Path

import waitress

from . import running, web
from .dispatch import warm_up
from .world import World


def serve(state, port, key, ready_file=None):
    """Serve a state directory on a port of 127.0.0.1 (0: any free port); return the exit status."""
    if running.find(state):
        print("a sandbox is already running on this state", file=sys.stderr)
        return 1
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    world = World(state, key)
    world.tasks.recover()
    warm_up()
    # Without log_socket_errors, waitress does not log the OSError of a dropped connection.
    listener = waitress.create_server(web.create(world), host="127.0.0.1", port=port, threads=32, ident="Installatron",
                                      log_socket_errors=False)
    document = running.ready_document(state, int(listener.effective_port), key)
    files = [Path(state) / running.NAME] + ([Path(ready_file)] if ready_file else [])
    running.write_wrapper(state)
    try:
        for path in files:
            running.write(path, document)
        _loop(listener, world)
    finally:
        for path in files:
            path.unlink(missing_ok=True)
        listener.close()
        world.close()
    return 0


def _loop(listener, world):
    """Serve; a signal raises SystemExit here, which stops waiting requests before the threads are joined."""
    try:
        listener.asyncore.loop(timeout=1, map=listener._map, use_poll=True)
    except SystemExit:
        world.stop.set()
        listener.task_dispatcher.shutdown(timeout=2)


def _stop(_number, _frame):
    """Leave the loop."""
    raise SystemExit(0)
