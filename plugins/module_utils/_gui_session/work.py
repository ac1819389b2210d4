# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A session of the graphical interface (section 3.17). This is a private util of the collection."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from .._base.errors import InputError, ReplyError
from .._core.argspec import CONNECTION, HEADER, ArgumentSpec, env
from .._core.operation import Operation
from .._core.plan import Plan, Step
from .._core.work import Work
from .._user.work import checked_name
from .._wire.client import Answer, Client

GUI_SESSION = ArgumentSpec({
    "type": {"type": "str", "choices": ["owner", "reseller", "administrator"], "default": "owner"},
    "admin": {"type": "str", "default": "admin"},
    "language": {"type": "str"},
    "email": {"type": "str"},
    "package": {"type": "str"},
    "gui_url": {"type": "str", "fallback": env("ITRON_GUI_URL")},
}, required_if=[("type", "owner", ["user"]), ("type", "reseller", ["user"])])

# Arguments that section 3.17.1 has and section 3.17.2 has not.
_OF_OWNERS = ("language", "email", "package")
# What the specification's example appends to the address of the server (section 3.17.1).
_PAGE = "/index.php"


class Session(NamedTuple):
    """A session: its id and the address to send the browser to, both None before there is one."""

    id: str | None
    url: str | None


class GuiSessionWork(Work):
    """A session for one account: the work of itron_gui_session (see Work).

    Arguments:
        client: a Client. params: the validated options of the task.
    """

    def __init__(self, client: Client, params: dict[str, Any]) -> None:
        self._arguments = session_arguments(params)
        self._shown = {"user": self._arguments["user"], "type": params["type"]}
        self._page = gui_page(params)

    def read(self) -> Session:
        """Return an empty Session: nothing is looked at."""
        return Session(None, None)

    def plan(self, current: Session) -> Plan:
        """Return the Plan: every run makes a session."""
        return Plan((Step("guixfer", self._arguments),), {}, self._shown, ())

    def predict(self, plan: Plan, current: Session) -> Session:
        """Return the empty Session: there is none before it is made."""
        return current

    def read_again(self, plan: Plan, current: Session, answer: Answer | None) -> Session:
        """Return the Session in the answer (section 3.17.1). Raises ReplyError if there is none."""
        session = answer.body.get("session_id") if answer is not None else None
        if answer is None or not isinstance(session, str) or not session:
            raise ReplyError("guixfer: the answer holds no session_id", command="guixfer",
                             hint="Check that api_url is the address of the v1 interface.")
        address = session_url(self._page, session)
        # The newer interface returns the address in this place (rest-v2.md section 2); an older one may, too.
        if address is None and str(answer.data).startswith(("http://", "https://")):
            address = str(answer.data)
        return Session(session, address)

    def blind(self, current: Session) -> bool:
        """Say that nobody can see a session whose answer got lost."""
        return True

    def result(self, current: Session) -> dict[str, Any]:
        """Return the documented result."""
        return {"session_id": current.id, "url": current.url}


def session_arguments(params: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of C(guixfer) (sections 3.17.1 and 3.17.2); None takes a part of the header out.

    Raises InputError for an option that does not go with the type.
    """
    if params["type"] == "owner":
        given = {name: params[name] for name in _OF_OWNERS if params.get(name) is not None}
        return dict({"user": checked_name(params["user"])}, **given)
    for name in _OF_OWNERS:
        if params.get(name) is not None:
            raise InputError("%s: only goes with type=owner" % name, hint="Set it for a reseller with itron_user.")
    if params["type"] == "reseller":
        return {"user": checked_name(params["user"]), "type": "reseller", "websites": None}
    return {"user": checked_name(params["admin"]), "type": "reseller", "reseller": None, "websites": None}


def gui_page(params: dict[str, Any]) -> str | None:
    """Return the address of the graphical interface, or None if nothing says it. Raises InputError."""
    given = params.get("gui_url")
    if given is None:
        if params["transport"] == "cli" or not params.get("api_url"):
            return None
        parts = urlsplit(params["api_url"])
        return "%s://%s%s" % (parts.scheme, parts.netloc, _PAGE)
    try:
        parts = urlsplit(given.strip())
    except ValueError:
        parts = None
    if parts is None or parts.scheme not in ("http", "https") or not parts.netloc or parts.fragment or "@" in parts.netloc:
        raise InputError("gui_url: this is no http:// or https:// address",
                         hint="Write it like https://gui.example.com/index.php.")
    return given.strip() if parts.path.strip("/") else "%s://%s%s" % (parts.scheme, parts.netloc, _PAGE)


def session_url(page: str | None, session: str) -> str | None:
    """Return the address that opens a session (section 3.17.1: index.php?s=), or None without a page."""
    if page is None:
        return None
    return "%s%ss=%s" % (page, "&" if "?" in page else "?", quote(session, safe=""))


OPERATION = Operation("itron_gui_session", GUI_SESSION.merge(CONNECTION, HEADER), GuiSessionWork,
                      {"session_id": None, "url": None}, asked=("session_id", "url"))
