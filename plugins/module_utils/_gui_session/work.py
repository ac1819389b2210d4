# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The options and the work of itron_gui_session: a session of the graphical interface (section 3.17). This is a private util of the collection."""

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

# Arguments that only section 3.17.1 defines, not section 3.17.2.
_OWNER_OPTIONS = ("language", "email", "package")
# The path of the graphical interface, from the example in section 3.17.1.
_PAGE = "/index.php"


class Session(NamedTuple):
    """A session: its id and the URL for the browser. Both are None before the session exists."""

    id: str | None
    url: str | None


class GuiSessionWork(Work):
    """The work of itron_gui_session: a session for one account (see Work).

    Arguments:
        client: a Client. params: the validated options of the task.
    """

    def __init__(self, client: Client, params: dict[str, Any]) -> None:
        self._arguments = session_arguments(params)
        self._shown = {"user": self._arguments["user"], "type": params["type"]}
        self._page = gui_page(params)

    def read(self) -> Session:
        """Return an empty Session without a request."""
        return Session(None, None)

    def plan(self, current: Session) -> Plan:
        """Return the Plan: each run creates a session."""
        return Plan((Step("guixfer", self._arguments),), {}, self._shown, ())

    def predict(self, plan: Plan, current: Session) -> Session:
        """Return the empty Session."""
        return current

    def read_again(self, plan: Plan, current: Session, answer: Answer | None) -> Session:
        """Return the Session in the reply (section 3.17.1). Raises ReplyError if the reply contains none."""
        session = answer.body.get("session_id") if answer is not None else None
        if answer is None or not isinstance(session, str) or not session:
            raise ReplyError("guixfer: the response contains no session_id", command="guixfer",
                             hint="Check that api_url is the address of the v1 interface.")
        address = session_url(self._page, session)
        # v2 returns the address in C(data) (rest-v2.md section 2), and v1 may do so as well.
        if address is None and str(answer.data).startswith(("http://", "https://")):
            address = str(answer.data)
        return Session(session, address)

    def blind(self, current: Session) -> bool:
        """Return True, because a session cannot be found if the reply is lost."""
        return True

    def result(self, current: Session) -> dict[str, Any]:
        """Return the documented result."""
        return {"session_id": current.id, "url": current.url}


def session_arguments(params: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of C(guixfer) (sections 3.17.1 and 3.17.2). None removes a member of the header.

    Raises InputError for an option that is not valid with the type.
    """
    if params["type"] == "owner":
        given = {name: params[name] for name in _OWNER_OPTIONS if params.get(name) is not None}
        return dict({"user": checked_name(params["user"])}, **given)
    for name in _OWNER_OPTIONS:
        if params.get(name) is not None:
            raise InputError("%s: only valid with type=owner" % name, hint="For a reseller, set it with itron_user.")
    if params["type"] == "reseller":
        return {"user": checked_name(params["user"]), "type": "reseller", "websites": None}
    return {"user": checked_name(params["admin"]), "type": "reseller", "reseller": None, "websites": None}


def gui_page(params: dict[str, Any]) -> str | None:
    """Return the address of the graphical interface, or None if it is unknown. Raises InputError."""
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
        raise InputError("gui_url: the value is not an http:// or https:// address",
                         hint="Use the form https://gui.example.com/index.php.")
    return given.strip() if parts.path.strip("/") else "%s://%s%s" % (parts.scheme, parts.netloc, _PAGE)


def session_url(page: str | None, session: str) -> str | None:
    """Return the URL that opens a session (section 3.17.1: index.php?s=), or None without a page."""
    if page is None:
        return None
    return "%s%ss=%s" % (page, "&" if "?" in page else "?", quote(session, safe=""))


OPERATION = Operation("itron_gui_session", GUI_SESSION.merge(CONNECTION, HEADER), GuiSessionWork,
                      {"session_id": None, "url": None}, asked=("session_id", "url"))
