# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the vendor's installer without a terminal and with a time limit, and terminates all its processes."""

import os
import signal
import subprocess
import threading
import time

# Bytes of output to keep, and seconds that a process may take to exit after a signal.
KEPT = 1 << 20
GRACE = 10


class Interrupted(Exception):
    """This program received SIGTERM."""


class Output(threading.Thread):
    """Reads a pipe to its end and keeps only the last lines, so that endless output does not exhaust the memory."""

    def __init__(self, pipe):
        super().__init__(daemon=True)
        self._pipe = pipe
        self._kept = b""
        self.start()

    def run(self):
        """Read until all writers have closed the pipe."""
        for piece in iter(lambda: os.read(self._pipe.fileno(), 65536), b""):
            kept = self._kept + piece
            if len(kept) > 2 * KEPT:
                # Drop the first partial line: redaction would not recognize the rest of a secret in it.
                kept = kept[-KEPT:].partition(b"\n")[2]
            self._kept = kept

    def text(self):
        """Return the output. The wait for its end is short, because a service that the installer started may keep the pipe open."""
        self.join(2)
        return self._kept.decode("utf-8", "replace")


def run(command, timeout):
    """Run a command in its own process group. Return (exit status, output, reason for its termination or None).

    While the command runs, SIGTERM terminates it, so that the caller can restore the previous state.
    """
    before = signal.signal(signal.SIGTERM, _interrupt)
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
    """Wait for a process to exit. Return why it must be terminated, or None."""
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        return "did not finish within %d seconds (server_installer_timeout) and was terminated" % timeout
    except Interrupted:
        return "was terminated because the role was interrupted"
    return None


def _end(process):
    """Terminate a process and its group: first with SIGTERM, then with SIGKILL."""
    for number, seconds in ((signal.SIGTERM, GRACE), (signal.SIGKILL, GRACE)):
        deadline = time.monotonic() + seconds
        while _signal_group(process.pid, number) and time.monotonic() < deadline:
            process.poll()
            time.sleep(0.1)
            number = 0
    process.wait()


def _signal_group(group, number):
    """Send a signal to a process group. Return whether the group still exists."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True


def _interrupt(_number, _frame):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Interrupted()


def ignore_signals():
    """Ignore the signals of a broken connection and of a request to terminate, so that the work is completed."""
    for number in (signal.SIGHUP, signal.SIGPIPE, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
