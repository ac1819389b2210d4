# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries out an installation, an upgrade or a removal for the role."""

import os

from .installation import Installation, Refused
from .places import Places
from .process import ignore_signals
from .redaction import mask
from .removal import Removal

# A login without a terminal may have less.
PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
WORK = {"install": Installation, "remove": Removal}


def carry_out(request):
    """Return the answer to a request."""
    lock = Places(request).lock()
    if lock is None:
        return {"changed": False, "problem": "Another run of the role server works on this host. Wait until it has ended."}
    with lock:
        return WORK[request["work_to_do"]](request).carry_out()


def answer(request):
    """Return what was done, or why it was not; signals do not end it half-way."""
    ignore_signals()
    os.environ["PATH"] = os.pathsep.join(dict.fromkeys([*PATH, *os.environ.get("PATH", "").split(os.pathsep)]))
    try:
        return carry_out(request)
    except Refused as problem:
        return {"changed": False, "problem": str(problem)}
    except (OSError, ValueError) as error:
        text = mask("%s: %s" % (type(error).__name__, error), request.get("secrets", []))
        return {"changed": True, "problem": "The work on the target broke off: %s. The next run of the role goes on from there." % text}
