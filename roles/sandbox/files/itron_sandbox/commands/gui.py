# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""guixfer: a session of the graphical interface (section 3.17)."""

import secrets
import time
from types import SimpleNamespace

from ..errors import invalid


def plan(call):
    """Check the input; return the plan for the user of the session.

    Websites are optional: the example of section 3.17.2 has none for administrators and resellers.
    """
    user_type = call.choice("type", ("user", "reseller"))
    for name in ("language", "email", "package"):
        call.text(name)
    user = call.world.accounts.get(call.user)
    if user is not None and user_type == "reseller" and user["type"] == "user" and user["websites"]:
        raise invalid("type", "The user is no reseller.")
    return SimpleNamespace(owner=call.user, type=user_type, locks=["user:" + call.user], claims=[], install="",
                           label=call.user, url="", title="")


def check(call, plan):
    """Check nothing: a session depends on the request only."""


def work(call, plan, progress):
    """Create or update the user, and create a session for it."""
    accounts = call.world.accounts
    user = accounts.get(call.user) or accounts.blank(call.user)
    if plan.type:
        user["type"] = plan.type
    if call.reseller:
        user["parent"] = call.reseller
    for name in ("language", "email", "package"):
        if call.defined(name):
            user[name] = call.text(name)
    accounts.put(user)
    session = secrets.token_hex(11)
    call.world.store.change("INSERT INTO sessions VALUES (?, ?, ?)", (session, call.user, int(time.time())))
    plan.more = {"session_id": session}
    return []
