# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The client of the API: requests, replies and errors, independent of Ansible. This is a private util of the collection."""

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

# Maximum length of a quotation in an error, in characters.
EXCERPT = 200
# Number of characters of an unreadable body that are searched for a heading.
_HEAD = 8192
# Users per request, and the number of users that v2 returns by default (rest-v2.md section 1).
USERS_PAGE = 500
_REST_LIMIT = 50
# Values of dryrun: 2 checks everything, 1 only the input (sections 3.3, 3.4, 3.10 to 3.12).
DRYRUN = {"full": "2", "input": "1"}

HINTS = {
    "invalid_api_key": "Check api_key (ITRON_API_KEY): on a self-hosted server it is the value of key in settings.ini.",
    "invalid_argument_user": "Check user: the server does not allow this key to act for that user.",
    "user_not_found": "Check user, or create it first.",
    "application_not_found": "Check application: itron_app_facts without application lists the catalog of the server.",
    "install_not_found": "Check the id: itron_install_info lists the installed applications.",
    "backup_not_found": "Check the id: itron_backup_info lists the backups.",
    # The six error codes of section 3.4.
    "invalid_worker_plugin_upload": "Try again. If it fails again, a web application firewall of the source may block the upload: "
                                    "migrate with ftp, sftp or ssh instead of app.",
    "invalid_worker_plugin": "Try again. If it fails again, a web application firewall of the source may block the worker plugin: "
                             "migrate with ftp, sftp or ssh instead of app.",
    "invalid_connection_id": "Another Installatron Server uses the worker plugin of the source: reset the plugin on the source's plugins page, "
                             "or wait 15 minutes, then try again.",
    "invalid_signature": "Try the migration again.",
    "cannot_find_uid": "Check the login in migrate_from.source_ftu: WordPress has no such user.",
    "invalid_password": "Check the password in migrate_from.source_ftu: WordPress rejects it.",
}
_REFUSED_HINT = "The reason comes from the server. Check the option that it names."
_NO_API_HINT = "Check that api_url is the address of the API (such as https://host/server/v1). Check for a proxy, firewall or login page in front of it."
_NO_REST_HINT = ("Users can only be read through v2. If v2 does not have the scheme, host and port of api_url, "
                 "set rest_url (ITRON_REST_URL) to its address.")
# The title or first heading of an HTML page.
_HEADING = re.compile(r"<(title|h1)\b[^<>]*>\s*([^<>]+)", re.I)
_NO_CLI_HINT = "Check that cli_path is the command-line program of Installatron Server, and that the task runs as a user who may run it (become)."


class Answer:
    """A successful reply: C(data), C(message), and C(task), the row of a background task or None if the command is complete."""

    def __init__(self, data: Any = None, message: str = "", task: dict[str, Any] | None = None, body: dict[str, Any] | None = None) -> None:
        self.data = data
        self.message = message
        self.task = task
        self.body = body or {}


class Client:
    """Sends commands to one server on behalf of one user.

    Arguments:
        transport: HttpTransport or CliTransport.
        key: the API key.
        header: user, reseller and websites in the form of section 3.1; None is not sent.
        redactor: collects the secrets of each reply and masks them in errors.
        read_only: whether to refuse commands that write (check mode), except for dry runs.
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
        """Whether a search with C(q) covers all installed applications of the server."""
        return False

    def browser(self, **arguments: Any) -> Any:
        """Read the catalog (section 3.2) and return C(data) unchanged. Argument names contain underscores instead of dashes."""
        answer = self._call("browser", {name.replace("_", "-"): value for name, value in arguments.items()})
        return answer.data

    def installs(self, **arguments: Any) -> list[dict[str, Any]]:
        """Read the list of installed applications (section 3.5) as a list of dictionaries."""
        return self._rows("installs", arguments)

    def install(self, id: str, **scope: Any) -> dict[str, Any] | None:
        """Read the row of one installed application (section 3.5), or None if the server does not list it.

        Arguments:
            id: id of the application. scope: additional arguments of C(installs).
        """
        return next((row for row in self.installs(id=id, **scope) if str(row.get("id")) == id), None)

    def backup(self, id: str) -> dict[str, Any] | None:
        """Read the row of one backup (section 3.6), or None if the server does not list it."""
        return next((row for row in self.backups(id=id) if str(row.get("id")) == id), None)

    def backups(self, **arguments: Any) -> list[dict[str, Any]]:
        """Read the list of backups (section 3.6) as a list of dictionaries."""
        return self._rows("backups", arguments)

    def tasks(self) -> list[dict[str, Any]]:
        """Read running and recently completed tasks (section 3.16) as a list of dictionaries."""
        return self._rows("tasks", {})

    def view(self, id: str, addons: bool = False) -> dict[str, Any]:
        """Let the server visit a site, and return the details of the site (section 3.7) as a dictionary."""
        data: dict[str, Any] = self._call("view", {"id": id, "addons": "1"} if addons else {"id": id}).data
        return data

    def user(self, id: str) -> dict[str, Any] | None:
        """Read one user through v2 (GET /users/{id}, rest-v2.md section 2) as a dictionary, or None if the user does not exist.

        Raises NoRestError if the server has no v2; ReplyError, RefusedError or TransportError for other failures.
        """
        try:
            return self._rest("/users/%s" % quote(id, safe=""), dict).get("data")
        except RefusedError as error:
            # The second code means an id that is "not valid or not in the list", so the list decides.
            if error.errcode == "user_not_found" or (
                    error.errcode == "invalid_argument_id" and all(str(row.get("id")) != id for row in self.users())):
                return None
            raise

    def users(self) -> list[dict[str, Any]]:
        """Read all users through v2 (GET /users, rest-v2.md section 2), page by page, as a list. Raises the same exceptions as user()."""
        rows: dict[str, dict[str, Any]] = {}
        offset = 0
        while True:
            body = self._rest("/users?offset=%d&limit=%d" % (offset, USERS_PAGE), list)
            page = {str(row.get("id")): row for row in body["data"]}
            new = set(page) - set(rows)
            rows.update(page)
            offset += len(body["data"])
            total = body.get("total_count")
            # A server without paging returns the same list again. A server without total_count ends with a short page.
            if not new or (offset >= total if isinstance(total, int) else len(body["data"]) < _REST_LIMIT):
                return list(rows.values())

    def _rest(self, resource: str, kind: type[Any]) -> dict[str, Any]:
        """Read one resource of v2 and return its envelope. kind: required type of C(data), dict or list."""
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
            self._add_context(error, "GET %s" % resource.partition("?")[0])
            raise

    def _no_v2(self, reply: Reply) -> NoRestError:
        """Return the error for a reply that shows that the server has no v2."""
        answer = (" with HTTP status %d" % reply.status if reply.status not in (None, 200) else "") + self._described(reply)
        return NoRestError("the server has no REST interface (v2) at this address; it answered%s" % (answer or " nothing"),
                           http_status=reply.status, hint=_NO_REST_HINT)

    def execute(self, command: str, arguments: dict[str, Any], background: bool = False) -> Answer:
        """Execute a command that writes, and return its Answer.

        Arguments:
            command: name of the command. arguments: its arguments in API form; None removes a member of the header.
            background: whether the server runs the command as a background task after its first checks.
        """
        arguments = dict(arguments)
        if background and COMMANDS[command].background:
            arguments["background"] = "yes"
        return self._call(command, arguments)

    def dry_run(self, command: str, arguments: dict[str, Any], level: str) -> Answer:
        """Let the server check a command without executing it. level: C(full) or C(input)."""
        return self._call(command, dict(arguments, dryrun=DRYRUN[level]), dry=True)

    def _rows(self, command: str, arguments: dict[str, Any]) -> list[dict[str, Any]]:
        """Execute a command whose data is a list of dictionaries."""
        arguments = {name.replace("_", "-"): value for name, value in arguments.items()}
        rows: list[dict[str, Any]] = self._call(command, arguments).data
        if not all(isinstance(row, dict) for row in rows):
            raise ReplyError("%s: the server sent a list with items that are not dictionaries" % command, stage="read",
                             command=command, hint=_NO_API_HINT)
        return rows

    def _call(self, name: str, arguments: dict[str, Any], dry: bool = False) -> Answer:
        """Send one command and return its Answer. Errors name the command and contain no secrets."""
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
            self._add_context(error, name)
            raise

    def _add_context(self, error: ItronError, name: str) -> None:
        """Prefix the message of an error with a name, and append the normalized quotation."""
        quoted, error.quoted = self.redactor.foreign(error.quoted or ""), None
        error.message = self.redactor.text("%s: %s%s" % (name, error.message, ": " + quoted if quoted else ""))

    def _answer(self, command: Command, reply: Reply, stage: str) -> Answer:
        """Return the Answer in a reply. Raises RefusedError or ReplyError."""
        body = self._envelope(reply)
        if command.name != "browser":
            # The catalog is public. It describes fields with names such as passwd, whose labels are not secret.
            self.redactor.add_from(body)
        if body["result"] is not True:
            # v2 can report a successful dry run with this code (rest-v2.md section 2).
            if not (stage == "dryrun" and body.get("errcode") == "complete_dryrun"):
                raise self._refused(body, reply.status)
        self._check_success(body, reply)
        data = body.get("data")
        if command.data is not None and not isinstance(data, command.data):
            raise self._bad_reply("data is %s, but the specification (section %s) defines %s" % (
                _kind(data), command.section, _kind(command.data())), reply)
        return Answer(data, str(body.get("message") or ""), _task(body), body)

    def _envelope(self, reply: Reply) -> dict[str, Any]:
        """Return the JSON object of a reply. Raises ReplyError that describes any other content."""
        if reply.status is not None and 300 <= reply.status < 400:
            # The query and fragment may contain a session or the request.
            where = (reply.location or "nowhere").partition("?")[0].partition("#")[0]
            raise ReplyError("HTTP status %d redirects to %s; redirects are not followed" % (reply.status, self.redactor.foreign(where)),
                             http_status=reply.status, hint="Set api_url to the final address if you trust it.",
                             delivery=Delivery.of_status(reply.status))
        try:
            body = reply.json
        except ValueError as error:
            raise self._not_json(reply, getattr(error, "pos", None)) from None
        except ReplyError as error:
            error.http_status, error.delivery = reply.status, Delivery.of_status(reply.status)
            raise
        if not isinstance(body, dict) or not isinstance(body.get("result"), bool):
            raise self._bad_reply("the response is not a reply of the API", reply)
        return body

    def _refused(self, body: dict[str, Any], status: int | None) -> RefusedError:
        """Return the error for a reply with C(result: false)."""
        errcode, errfield = (self._code(body.get(name)) for name in ("errcode", "errfield"))
        message = self.redactor.foreign(body.get("message") or "") or "no reason given"
        codes = ", ".join("%s: %s" % pair for pair in (("errcode", errcode), ("errfield", errfield)) if pair[1])
        return RefusedError("the server refused: %s%s" % (message, " (%s)" % codes if codes else ""), errcode=errcode, errfield=errfield,
                            http_status=status, hint=HINTS.get(errcode or "", _REFUSED_HINT if errfield else None))

    def _code(self, value: object) -> str | None:
        """Return an error code or field name of the server, masked and shortened, or None."""
        return self.redactor.foreign(value)[:EXCERPT] if value else None

    def _check_success(self, body: dict[str, Any], reply: Reply) -> None:
        """Raise ReplyError for a success with a contradictory HTTP status or exit status."""
        if body["result"] is True and ((reply.status or 0) >= 400 or reply.exit_status):
            raise self._bad_reply("but the body of the response reports success", reply)

    def _not_json(self, reply: Reply, place: int | None) -> ReplyError:
        """Return the error for a body that is not JSON.

        Arguments:
            reply: the Reply. place: position of the first invalid character, or None.
        """
        text = reply.text
        if not text:
            return self._bad_reply("the response is empty", reply)
        if text.startswith("Error:"):
            # Section 3.17: the server reports invalid requests as plain text.
            return self._bad_reply("the server returned an error", reply, hint=_REFUSED_HINT, message=text)
        if text.startswith("<"):
            return self._bad_reply("the response is HTML instead of JSON", reply)
        if text.startswith(("{", "[")):
            return self._bad_reply("the JSON in the response is truncated or malformed%s" % ("" if place is None else " at character %d" % (place + 1)), reply)
        return self._bad_reply("the response is not JSON", reply)

    def _bad_reply(self, what: str, reply: Reply, hint: str | None = None, message: str = "") -> ReplyError:
        """Return a ReplyError for an invalid reply.

        Arguments:
            what: description of the problem. reply: the Reply. hint: the fix. message: text of the server to quote.
        """
        foreign = self.redactor.foreign
        what = ", ".join([words for words in (_status_words(reply),) if words] + [what])
        details = ": " + foreign(message)[:EXCERPT] if message else self._described(reply)
        complaint = foreign(decoded(reply.stderr))[:EXCERPT]
        if reply.status in (401, 403):
            hint = HINTS["invalid_api_key"]
        elif reply.status in (429, 503):
            hint = "The server is busy. Try again later, or increase retries."
        # If a program fails without output, as with a lost connection, the command may not have arrived.
        lost = bool(reply.exit_status) and not reply.text
        return ReplyError("".join((what, details, "; standard error: " + complaint if complaint else "")),
                          http_status=reply.status, hint=hint or (_NO_API_HINT if reply.exit_status is None else _NO_CLI_HINT),
                          delivery=Delivery.LOST if lost else Delivery.of_status(reply.status))

    def _described(self, reply: Reply) -> str:
        """Return a description of an unreadable body: its size, its type, and its first words.

        The rest is not quoted, because it may contain secrets that are not recognized.
        """
        if not reply.body:
            return ""
        kind = self.redactor.foreign((reply.content_type or "").partition(";")[0])[:EXCERPT]
        words = first_words(self.redactor.foreign(_heading(reply.text)))
        return " (%s%s)%s" % (_size(len(reply.body)), ", " + kind if kind else "", ": " + words if words else "")


def _heading(text: str) -> str:
    """Return the title or first heading of an HTML page, or the beginning of any other text."""
    heading = _HEADING.search(text, 0, _HEAD)
    return heading.group(2) if heading else text[:_HEAD]


def _size(length: int) -> str:
    """Return a number of bytes as text."""
    return "1 byte" if length == 1 else "{:,} bytes".format(length)


def hint_for(errcode: str | None) -> str | None:
    """Return the hint for an error code of the server, or None."""
    return HINTS.get(errcode or "")


def _status_words(reply: Reply) -> str:
    """Return a description of an HTTP status or exit status that indicates a failure, or an empty string."""
    if reply.exit_status:
        return "terminated by signal %d" % -reply.exit_status if reply.exit_status < 0 else "exit status %d" % reply.exit_status
    return "HTTP status %d" % reply.status if reply.status not in (None, 200) else ""


def _may_be_v2(reply: Reply) -> bool:
    """Return False if a reply shows that the server has no v2, and True for a v2 reply or an unrelated failure."""
    status = reply.status or 0
    if status in (401, 403, 429) or status >= 500 or 300 <= status < 400:
        return True
    try:
        body = reply.json
    except ValueError:
        # Truncated JSON and a failed program do not show whether the server has v2.
        return reply.text.startswith(("{", "[")) or (status != 404 and (not reply.text or bool(reply.exit_status)))
    # All replies of v2 except lists have the member status (rest-v2.md section 1).
    return isinstance(body, dict) and isinstance(body.get("result"), bool) and ("status" in body or body["result"])


def _task(body: dict[str, Any]) -> dict[str, Any] | None:
    """Return the row of a background task (sections 3.3, 3.9 to 3.15), or None."""
    task = body.get("task")
    if isinstance(task, list) and task:
        task = task[0]
    if isinstance(task, (str, int)) and not isinstance(task, bool) and task:
        return {"id": str(task)}
    return task if isinstance(task, dict) and task.get("id") else None


def _kind(value: object) -> str:
    """Return the name of a JSON type with its article."""
    names = {dict: "a dictionary", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
