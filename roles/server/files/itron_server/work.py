# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Executes an installation, an upgrade, or a removal for the role."""

import os

from .installation import Installation, Refused
from .places import Places
from .process import ignore_signals
from .redaction import mask
from .removal import Removal

# The PATH of a login without a terminal may be shorter.
PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
WORK = {"install": Installation, "remove": Removal}


def execute(request):
    """Execute a request and return the answer."""
    lock = Places(request).lock()
    if lock is None:
        return {"changed": False, "problem": "Another run of the role server is active on this host. Wait until it has finished."}
    with lock:
        return WORK[request["work_to_do"]](request).execute()


def answer(request):
    """Execute a request without interruption by signals, and return the answer with the problem, if any."""
    ignore_signals()
    os.environ["PATH"] = os.pathsep.join(dict.fromkeys([*PATH, *os.environ.get("PATH", "").split(os.pathsep)]))
    try:
        return execute(request)
    except Refused as problem:
        return {"changed": False, "problem": str(problem)}
    except (OSError, ValueError) as error:
        text = mask("%s: %s" % (type(error).__name__, error), request.get("secrets", []))
        return {"changed": True, "problem": "The program on the target failed: %s. Run the role again to continue." % text}
