# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start the server detached from its caller, and stop it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from . import running

LOG = "server.log"


def start(state, port, key, ready_file, seconds):
    """Start a server for a state directory; return its ready document.

    Raise RuntimeError with the end of its log if the server does not respond within `seconds`.
    """
    command = [sys.executable, "-m", "itron_sandbox", "serve", "--state", str(state), "--port", str(port)]
    command += ["--ready-file", str(ready_file)] if ready_file else []
    # The key is passed in the environment: any user can read arguments in the process list.
    environment = dict(os.environ, ITRON_SANDBOX_KEY=key)
    log = Path(state) / LOG
    with open(str(log), "wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                   start_new_session=True, env=environment)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        found = running.find(state)
        if found:
            return found
        time.sleep(0.05)
    if process.poll() is None:
        process.terminate()
    raise RuntimeError("the sandbox did not start: %s" % log.read_text(encoding="utf-8", errors="replace")[-2000:])


def stop(state, seconds):
    """Stop the server of a state directory; return whether it was running. Raise RuntimeError if it does not stop."""
    known = running.find(state)
    if known is None:
        return False
    os.kill(known["pid"], signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not (Path(state) / running.NAME).exists() and running.find(state) is None:
            return True
        time.sleep(0.05)
    raise RuntimeError("the sandbox did not stop")
