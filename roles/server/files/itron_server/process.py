# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the vendor's installer: without a terminal, with a time limit, and so that nothing of it is left when it is ended."""

import os
import signal
import subprocess
import threading
import time

# What is kept of the output, in bytes, and the seconds that a process has to end by itself.
KEPT = 1 << 20
GRACE = 10


class Told(Exception):
    """This program was told to end."""


class Output(threading.Thread):
    """Reads a pipe to its end and keeps the last lines: an installer that prints without end must not fill the memory."""

    def __init__(self, pipe):
        super().__init__(daemon=True)
        self._pipe = pipe
        self._kept = b""
        self.start()

    def run(self):
        """Read until nobody can write any more."""
        for piece in iter(lambda: os.read(self._pipe.fileno(), 65536), b""):
            kept = self._kept + piece
            if len(kept) > 2 * KEPT:
                # From the beginning of a line on, for a secret that is cut in two would not be recognised.
                kept = kept[-KEPT:].partition(b"\n")[2]
            self._kept = kept

    def text(self):
        """Return what was read. A service that the installer started may keep the pipe open, so its end is not waited for long."""
        self.join(2)
        return self._kept.decode("utf-8", "replace")


def run(command, timeout):
    """Run a command in a process group of its own; return (exit status, output, why it was ended or None).

    While it runs, and only then, this program can be told to end: it ends the command, and its caller puts things in order.
    """
    before = signal.signal(signal.SIGTERM, _told)
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
            env=dict(os.environ, DEBIAN_FRONTEND="noninteractive", LC_ALL="C.UTF-8"))
        output = Output(process.stdout)
        ended = _wait(process, timeout)
    finally:
        signal.signal(signal.SIGTERM, before)
    if ended:
        _end(process)
    return process.returncode, output.text(), ended


def _wait(process, timeout):
    """Wait until a process ends; return why it has to be ended, or None."""
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        return "did not end within %d seconds (server_installer_timeout) and was ended" % timeout
    except Told:
        return "was ended because the role was interrupted"
    return None


def _end(process):
    """End a process with all of its group, first politely."""
    for number, seconds in ((signal.SIGTERM, GRACE), (signal.SIGKILL, GRACE)):
        deadline = time.monotonic() + seconds
        while _signal_group(process.pid, number) and time.monotonic() < deadline:
            process.poll()
            time.sleep(0.1)
            number = 0
    process.wait()


def _signal_group(group, number):
    """Send a signal to a process group; say whether there still is one."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True


def _told(_number, _frame):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Told()


def ignore_signals():
    """Let neither a broken connection nor a request to end this program leave its work half-done."""
    for number in (signal.SIGHUP, signal.SIGPIPE, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
