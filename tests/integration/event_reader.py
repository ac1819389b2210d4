# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs an event source as ansible-rulebook does, and writes each event as a line of JSON.

Usage: event_reader.py SOURCE EVENTS ARGUMENTS [KILL_AT]. ARGUMENTS are those of the rulebook, as JSON. With KILL_AT, the program
kills itself at the moment with that number. A moment is before or after each step that saves the state or sends an event.
"""

import asyncio
import json
import logging
import os
import runpy
import signal
import sys


class Moments:
    """Counts the moments, and kills this program at one of them."""

    def __init__(self, kill_at):
        self._left = kill_at

    def count_moment(self):
        """Count one moment."""
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, function):
        """Return a function with a moment before and after it."""
        def wrapped(*arguments):
            self.count_moment()
            result = function(*arguments)
            self.count_moment()
            return result

        return wrapped


class Queue:
    """Writes events to a file.

    Arguments:
        path: of the file. moments: Moments.
    """

    def __init__(self, path, moments):
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._moments = moments

    async def put(self, event):
        """Write an event. The event has arrived when this returns."""
        self._moments.count_moment()
        os.write(self._file, json.dumps(event).encode() + b"\n")
        self._moments.count_moment()


def main(source, events, arguments, kill_at="0"):
    """Run the source."""
    logging.basicConfig(level=logging.DEBUG)
    # A background job of a shell ignores the signal, and its children inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    moments = Moments(int(kill_at))
    os.fsync, os.replace = moments.around(os.fsync), moments.around(os.replace)
    asyncio.run(runpy.run_path(source)["main"](Queue(events, moments), json.loads(arguments)))


if __name__ == "__main__":
    main(*sys.argv[1:])
