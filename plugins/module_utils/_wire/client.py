# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Requests and replies of the v1 interface: header, key, envelope, errors, background and dryrun; no Ansible. This is a private util of the collection."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .._base.errors import Delivery, ItronError, NoRestError, RefusedError, ReplyError
from .._base.text import decoded, first_words
from .commands import COMMANDS, Command

if TYPE_CHECKING:
    from .._redaction.redact import Redactor
    from .reply import Reply
    from .transport import CliTransport, HttpTransport

# How much of a text of others an error shows, in characters; of a body that cannot be read, the first words alone.
EXCERPT = 200
# How much of such a body is looked at for them.
_HEAD = 8192
# Users asked for at once, and how many v2 returns where it is not asked for a number (rest-v2.md section 1).
USERS_PAGE = 500
_REST_LIMIT = 50
# dryrun: 2 checks everything, 1 only the input (sections 3.3, 3.4, 3.10 to 3.12).
DRYRUN = {"full": "2", "input": "1"}

HINTS = {
    "invalid_api_key": "Check api_key (ITRON_API_KEY): on a self-hosted server it is the value of key in settings.ini.",
    "invalid_argument_user": "Check user: the server does not let this key act for that user.",
    "user_not_found": "Check user, or create it first.",
    "application_not_found": "Check application: itron_app_facts without it lists what the server has.",
    "install_not_found": "Check the id: itron_install_info lists what is installed.",
    "backup_not_found": "Check the id: itron_backup_info lists the backups.",
    # The six codes of section 3.4.
    "invalid_worker_plugin_upload": "Try again; if it fails again, a web application firewall of the source may block the upload, "
                                    "so migrate over ftp, sftp or ssh instead of app.",
    "invalid_worker_plugin": "Try again; if it fails again, a web application firewall of the source may block the worker plugin, "
                             "so migrate over ftp, sftp or ssh instead of app.",
    "invalid_connection_id": "Another Installatron Server holds the worker plugin of the source: reset it on the source's plugins page, "
                             "or wait 15 minutes, and try again.",
    "invalid_signature": "Try the migration again.",
    "cannot_find_uid": "Check the login in migrate_from.source_ftu: WordPress does not know it.",
    "invalid_password": "Check the password in migrate_from.source_ftu: WordPress refuses it.",
}
_REFUSED_HINT = "The server gives this reason; check the option it names."
_NO_API_HINT = "Check that api_url is the address of the API (such as https://host/server/v1), and what stands before the server (proxy, firewall, login page)."
_NO_REST_HINT = ("Only v2 can read users: set rest_url (ITRON_REST_URL) to its address, "
                 "if it is not the scheme, host and port of api_url.")
# A title or a first heading, from its tag to the next one.
_HEADING = re.compile(r"<(title|h1)\b[^<>]*>\s*([^<>]+)", re.I)
_NO_CLI_HINT = "Check that cli_path is the command-line program of Installatron Server, and that the user of the task may use it (become)."


class Answer:
    """A good reply: C(data), C(message), and C(task), the table of a background task or None if the work is finished."""

    def __init__(self, data: Any = None, message: str = "", task: dict[str, Any] | None = None, body: dict[str, Any] | None = None) -> None:
        self.data = data
        self.message = message
        self.task = task
        self.body = body or {}


class Client:
    """Speaks v1 with one server for one user.

    Arguments:
        transport: HttpTransport or CliTransport.
        key: the API key.
        header: user, reseller and websites in the form of section 3.1; what is None or missing is not sent.
        redactor: learns the secrets of every reply and cleans every error.
        read_only: refuse to send anything that writes (check mode); dry runs may pass.
    """

    def __init__(self, transport: HttpTransport | CliTransport, key: str, header: dict[str, Any], redactor: Redactor,
                 read_only: bool = False) -> None:
        self.transport = transport
        self.redactor = redactor
        self.read_only = read_only
        self._key = key
        self._header = {name: value for name, value in header.items() if value is not None}

    @property
    def searches_all(self) -> bool:
        """Whether a search with C(q) already looks through all that the server has."""
        return False

    def browser(self, **arguments: Any) -> Any:
        """Read the catalogue (section 3.2); names with dashes may be given with underscores. Returns data as it came."""
        answer = self._call("browser", {name.replace("_", "-"): value for name, value in arguments.items()})
        return answer.data

    def installs(self, **arguments: Any) -> list[dict[str, Any]]:
        """Read the server's own list of installed applications (section 3.5) as a list of dictionaries."""
        return self._rows("installs", arguments)

    def install(self, id: str, **scope: Any) -> dict[str, Any] | None:
        """Read the row of one installed application (section 3.5), or None if the server has none with this id.

        Arguments:
            id: of the application. scope: further arguments of C(installs).
        """
        return next((row for row in self.installs(id=id, **scope) if str(row.get("id")) == id), None)

    def backup(self, id: str) -> dict[str, Any] | None:
        """Read the row of one backup (section 3.6), or None if the server has none with this id."""
        return next((row for row in self.backups(id=id) if str(row.get("id")) == id), None)

    def backups(self, **arguments: Any) -> list[dict[str, Any]]:
        """Read the list of backups (section 3.6) as a list of dictionaries."""
        return self._rows("backups", arguments)

    def tasks(self) -> list[dict[str, Any]]:
        """Read running and recently completed tasks (section 3.16) as a list of dictionaries."""
        return self._rows("tasks", {})

    def view(self, id: str, addons: bool = False) -> dict[str, Any]:
        """Let the server visit a site, and return what it then knows of it (section 3.7) as a dictionary."""
        data: dict[str, Any] = self._call("view", {"id": id, "addons": "1"} if addons else {"id": id}).data
        return data

    def user(self, id: str) -> dict[str, Any] | None:
        """Read one user through v2 (GET /users/{id}, rest-v2.md section 2) as a dictionary, or None if there is none.

        Raises NoRestError where the server has no v2; ReplyError, RefusedError or TransportError for other trouble.
        """
        try:
            return self._rest("/users/%s" % quote(id, safe=""), dict).get("data")
        except RefusedError as error:
            # The second code stands for an id that is "not valid or not in the list"; the list tells.
            if error.errcode == "user_not_found" or (
                    error.errcode == "invalid_argument_id" and all(str(row.get("id")) != id for row in self.users())):
                return None
            raise

    def users(self) -> list[dict[str, Any]]:
        """Read all users through v2 (GET /users, rest-v2.md section 2), page by page, as a list; see user()."""
        rows: dict[str, dict[str, Any]] = {}
        offset = 0
        while True:
            body = self._rest("/users?offset=%d&limit=%d" % (offset, USERS_PAGE), list)
            page = {str(row.get("id")): row for row in body["data"]}
            new = set(page) - set(rows)
            rows.update(page)
            offset += len(body["data"])
            total = body.get("total_count")
            # A server that knows no pages answers with the same list again, one that names no total with a short page.
            if not new or (offset >= total if isinstance(total, int) else len(body["data"]) < _REST_LIMIT):
                return list(rows.values())

    def _rest(self, resource: str, kind: type[Any]) -> dict[str, Any]:
        """Read one resource of v2 and return its envelope, whose data is of a kind (dict or list)."""
        try:
            reply = self.transport.get(resource)
            if not _may_be_v2(reply):
                raise self._no_v2(reply)
            body = self._envelope(reply)
            self.redactor.add_from(body)
            if body["result"] is not True:
                raise self._refused(body, reply.status)
            self._check_success(body, reply)
            data = body.get("data")
            if not isinstance(data, kind) or not all(isinstance(row, dict) for row in ([] if kind is dict else data)):
                raise self._bad_reply("data is %s" % _kind(data), reply)
            return body
        except ItronError as error:
            error.command = error.command or "users"
            error.stage = "read"
            self._name(error, "GET %s" % resource.partition("?")[0])
            raise

    def _no_v2(self, reply: Reply) -> NoRestError:
        """Return the error for an answer that shows that the server has no v2."""
        answer = (" with HTTP status %d" % reply.status if reply.status not in (None, 200) else "") + self._described(reply)
        return NoRestError("the server has no REST interface (v2) there; it answered%s" % (answer or " nothing"),
                           http_status=reply.status, hint=_NO_REST_HINT)

    def execute(self, command: str, arguments: dict[str, Any], background: bool = False) -> Answer:
        """Carry out a command that writes, and return its Answer.

        Arguments:
            command: its name. arguments: its own arguments, in API form; None takes a part of the header out.
            background: let the server work on its own after its first checks and answer with a task.
        """
        arguments = dict(arguments)
        if background and COMMANDS[command].background:
            arguments["background"] = "yes"
        return self._call(command, arguments)

    def dry_run(self, command: str, arguments: dict[str, Any], level: str) -> Answer:
        """Let the server check a command without carrying it out; level is C(full) or C(input)."""
        return self._call(command, dict(arguments, dryrun=DRYRUN[level]), dry=True)

    def _rows(self, command: str, arguments: dict[str, Any]) -> list[dict[str, Any]]:
        """Read a command whose data is a list of tables."""
        arguments = {name.replace("_", "-"): value for name, value in arguments.items()}
        rows: list[dict[str, Any]] = self._call(command, arguments).data
        if not all(isinstance(row, dict) for row in rows):
            raise ReplyError("%s: the server sent a list with something else than tables in it" % command, stage="read",
                             command=command, hint=_NO_API_HINT)
        return rows

    def _call(self, name: str, arguments: dict[str, Any], dry: bool = False) -> Answer:
        """Send one command and return its Answer; every error that leaves here names the command and holds no secret."""
        command = COMMANDS[name]
        writes = command.writes and not dry
        if writes and self.read_only:
            raise AssertionError("%s would write in check mode" % name)
        stage = "write" if writes else ("dryrun" if dry else "read")
        payload = {"cmd": name, "key": self._key}
        payload.update((part, value) for part, value in self._header.items() if part in command.header)
        payload.update(arguments)
        payload = {argument: value for argument, value in payload.items() if value is not None}
        try:
            reply = self.transport.post(payload, repeatable=not writes)
            return self._answer(command, reply, stage)
        except ItronError as error:
            error.command = name
            error.stage = stage
            if not writes:
                error.delivery = Delivery.NOT_DONE
            self._name(error, name)
            raise

    def _name(self, error: ItronError, name: str) -> None:
        """Put what was asked for before the message of an error, and behind it what others said of it, in its normal form."""
        quoted, error.quoted = self.redactor.foreign(error.quoted or ""), None
        error.message = self.redactor.text("%s: %s%s" % (name, error.message, ": " + quoted if quoted else ""))

    def _answer(self, command: Command, reply: Reply, stage: str) -> Answer:
        """Return the Answer in a reply, or raise what stands in its way."""
        body = self._envelope(reply)
        if command.name != "browser":
            # The catalogue is public. It describes fields under names such as passwd: a label is no secret.
            self.redactor.add_from(body)
        if body["result"] is not True:
            # A dry run that passed may say so with this code (v2, rest-v2.md section 2).
            if not (stage == "dryrun" and body.get("errcode") == "complete_dryrun"):
                raise self._refused(body, reply.status)
        self._check_success(body, reply)
        data = body.get("data")
        if command.data is not None and not isinstance(data, command.data):
            raise self._bad_reply("data is %s where the specification (section %s) promises %s" % (
                _kind(data), command.section, _kind(command.data())), reply)
        return Answer(data, str(body.get("message") or ""), _task(body), body)

    def _envelope(self, reply: Reply) -> dict[str, Any]:
        """Return the JSON object of a reply, or raise a ReplyError that says what came instead."""
        if reply.status is not None and 300 <= reply.status < 400:
            # What follows the address may be a session, or the request itself.
            where = (reply.location or "nowhere").partition("?")[0].partition("#")[0]
            raise ReplyError("HTTP status %d redirects to %s; redirects are not followed" % (reply.status, self.redactor.foreign(where)),
                             http_status=reply.status, hint="Set api_url to the final address if you trust it.",
                             delivery=Delivery.of_status(reply.status))
        try:
            body = reply.json
        except ValueError as error:
            raise self._no_json(reply, getattr(error, "pos", None)) from None
        except ReplyError as error:
            error.http_status, error.delivery = reply.status, Delivery.of_status(reply.status)
            raise
        if not isinstance(body, dict) or not isinstance(body.get("result"), bool):
            raise self._bad_reply("this is no reply of the API", reply)
        return body

    def _refused(self, body: dict[str, Any], status: int | None) -> RefusedError:
        """Return the error for a reply with C(result: false)."""
        errcode, errfield = (self._code(body.get(name)) for name in ("errcode", "errfield"))
        message = self.redactor.foreign(body.get("message") or "") or "no reason given"
        codes = ", ".join("%s: %s" % pair for pair in (("errcode", errcode), ("errfield", errfield)) if pair[1])
        return RefusedError("the server refused: %s%s" % (message, " (%s)" % codes if codes else ""), errcode=errcode, errfield=errfield,
                            http_status=status, hint=HINTS.get(errcode or "", _REFUSED_HINT if errfield else None))

    def _code(self, value: object) -> str | None:
        """Return a code of the server's, which is one word, or else as much of it as may be shown."""
        return self.redactor.foreign(value)[:EXCERPT] if value else None

    def _check_success(self, body: dict[str, Any], reply: Reply) -> None:
        """Refuse a success that came with an HTTP status or an exit status which says the opposite."""
        if body["result"] is True and ((reply.status or 0) >= 400 or reply.exit_status):
            raise self._bad_reply("the answer inside says success", reply)

    def _no_json(self, reply: Reply, place: int | None) -> ReplyError:
        """Return the error for a body that is not JSON.

        Arguments:
            reply: the Reply. place: of the character that JSON does not have there, if it is known.
        """
        text = reply.text
        if not text:
            return self._bad_reply("the answer was empty", reply)
        if text.startswith("Error:"):
            # Section 3.17: so the server says what is wrong with a request.
            return self._bad_reply("the server said", reply, hint=_REFUSED_HINT, message=text)
        if text.startswith("<"):
            return self._bad_reply("HTML came instead of JSON", reply)
        if text.startswith(("{", "[")):
            return self._bad_reply("the JSON of the answer is cut off or broken%s" % ("" if place is None else " at character %d" % (place + 1)), reply)
        return self._bad_reply("the answer is no JSON", reply)

    def _bad_reply(self, what: str, reply: Reply, hint: str | None = None, message: str = "") -> ReplyError:
        """Return a ReplyError that says what came instead of a reply.

        Arguments:
            what: in words of ours. reply: the Reply. hint: the way out. message: what was written for people, to be quoted.
        """
        foreign = self.redactor.foreign
        what = ", ".join([words for words in (_status_words(reply),) if words] + [what])
        details = ": " + foreign(message)[:EXCERPT] if message else self._described(reply)
        complaint = foreign(decoded(reply.stderr))[:EXCERPT]
        if reply.status in (401, 403):
            hint = HINTS["invalid_api_key"]
        elif reply.status in (429, 503):
            hint = "The server is busy; try again later, or raise retries."
        # A program that died without a word is like a connection that broke: the command may never have arrived.
        lost = bool(reply.exit_status) and not reply.text
        return ReplyError("".join((what, details, "; standard error: " + complaint if complaint else "")),
                          http_status=reply.status, hint=hint or (_NO_API_HINT if reply.exit_status is None else _NO_CLI_HINT),
                          delivery=Delivery.LOST if lost else Delivery.of_status(reply.status))

    def _described(self, reply: Reply) -> str:
        """Return what a person needs to know of a body that cannot be read: its size, its type, and the words that it begins with.

        More of it is not quoted, for data that cannot be taken apart may hold any secret.
        """
        if not reply.body:
            return ""
        kind = self.redactor.foreign((reply.content_type or "").partition(";")[0])[:EXCERPT]
        words = first_words(self.redactor.foreign(_heading(reply.text)))
        return " (%s%s)%s" % (_size(len(reply.body)), ", " + kind if kind else "", ": " + words if words else "")


def _heading(text: str) -> str:
    """Return the beginning of a text; of a page of HTML, its title or its first heading."""
    heading = _HEADING.search(text, 0, _HEAD)
    return heading.group(2) if heading else text[:_HEAD]


def _size(length: int) -> str:
    """Return a number of bytes for people."""
    return "1 byte" if length == 1 else "{:,} bytes".format(length)


def hint_for(errcode: str | None) -> str | None:
    """Return the way out for an error code of the server, or None."""
    return HINTS.get(errcode or "")


def _status_words(reply: Reply) -> str:
    """Return what HTTP status or exit status say of trouble, or nothing."""
    if reply.exit_status:
        return "ended by signal %d" % -reply.exit_status if reply.exit_status < 0 else "exit status %d" % reply.exit_status
    return "HTTP status %d" % reply.status if reply.status not in (None, 200) else ""


def _may_be_v2(reply: Reply) -> bool:
    """Say whether an answer is one of v2, or trouble that says nothing of it (a refused key, a broken server or body)."""
    status = reply.status or 0
    if status in (401, 403, 429) or status >= 500 or 300 <= status < 400:
        return True
    try:
        body = reply.json
    except ValueError:
        # What begins like JSON was cut off; a program that failed tells nothing either.
        return reply.text.startswith(("{", "[")) or (status != 404 and (not reply.text or bool(reply.exit_status)))
    # Every answer of v2 has the member status; lists may lack it (rest-v2.md section 1).
    return isinstance(body, dict) and isinstance(body.get("result"), bool) and ("status" in body or body["result"])


def _task(body: dict[str, Any]) -> dict[str, Any] | None:
    """Return the table of a background task (sections 3.3, 3.9 to 3.15), or None."""
    task = body.get("task")
    if isinstance(task, list) and task:
        task = task[0]
    if isinstance(task, (str, int)) and not isinstance(task, bool) and task:
        return {"id": str(task)}
    return task if isinstance(task, dict) and task.get("id") else None


def _kind(value: object) -> str:
    """Return the name of a JSON type for people."""
    names = {dict: "a table", list: "a list", str: "a text", bool: "true or false", type(None): "nothing"}
    return names.get(type(value), "a number")
