# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Bytes to and from the server; knows neither commands nor Ansible. This is a private util of the collection."""

from __future__ import annotations

import email.utils
import json
import os
import random
import re
import select
import selectors
import subprocess
import time
import traceback
from collections.abc import Callable
from typing import IO, Any

from .._base.errors import Delivery, InputError, ReplyError, TransportError
from .._base.text import printable
from .bounded import BoundedSession, TooLarge, UnknownEncoding, body_of, set_deadline
from .reply import MEBIBYTE, Reply

try:
    import requests
    import requests.exceptions
    import urllib3
    from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
except ImportError:
    requests = None  # type: ignore[assignment]  # whoever imports this asks REQUESTS_IMPORT_ERROR before a request is made
    REQUESTS_IMPORT_ERROR: str | None = traceback.format_exc()
else:
    REQUESTS_IMPORT_ERROR = None

USER_AGENT = "hostops.installatron/0.1.0"
# A reply with one of these may be different a moment later.
RETRY_STATUSES = frozenset((429, 502, 503, 504))
# What a server may ask us to wait, in seconds: an hour-long Retry-After must not hang a playbook.
MAX_RETRY_AFTER = 30.0
# Connections that a session keeps open; more may be made and are closed after use.
MAX_CONNECTIONS = 32
_CHUNK = 65536
# How a request writes a character outside of the basic plane, or half of one.
_SURROGATE = "\\ud"
# Bytes of standard error that are kept.
_MAX_COMPLAINT = 65536
# Seconds between two looks at whether the command-line program has ended.
_CLI_LOOK = 0.25
_SESSIONS: dict[tuple[int, bool | str, str | tuple[str, str] | None], requests.Session] = {}


class HttpTransport:
    """Sends requests to one server over HTTP with kept connections.

    Arguments:
        api_url: address of the v1 interface.
        rest_url: address that v2 resources are appended to.
        key: the API key; v1 carries it in the body, v2 in the header X-API-KEY.
        timeout: seconds that one request may take in all, from connecting to the last byte.
        retries: how often a request is repeated that may be repeated.
        max_reply_size: MiB that an answer may have, unpacked.
        verify: True, False or the path of a CA bundle.
        cert: None, the path of a client certificate, or a pair of certificate and key.
        clock, sleep: seconds that only grow, and waiting; tests put their own here.
    """

    def __init__(self, api_url: str, rest_url: str = "", key: str = "", timeout: float = 30.0, retries: int = 3, verify: bool | str = True,
                 cert: str | tuple[str, str] | None = None, max_reply_size: int = 256, clock: Callable[[], float] = time.monotonic,
                 sleep: Callable[[float], object] = time.sleep) -> None:
        self.api_url = api_url
        self.rest_url = rest_url
        self.timeout = float(timeout)
        self.retries = int(retries)
        self.max_reply_size = int(max_reply_size)
        self._key = key
        self._verify = verify
        self._cert = cert
        self._clock = clock
        self._sleep = sleep

    def post(self, payload: dict[str, Any], repeatable: bool) -> Reply:
        """Send one v1 request (section 3: a JSON body) and return its Reply; see send()."""
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        return self.send("POST", self.api_url, headers, _encoded(payload), repeatable)

    def get(self, resource: str) -> Reply:
        """Read one v2 resource such as /users/alice and return its Reply; see send()."""
        headers = {"Accept": "application/json", "X-API-KEY": self._key}
        return self.send("GET", self.rest_url.rstrip("/") + resource, headers, None, True)

    def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None, repeatable: bool) -> Reply:
        """Send one request and return its Reply.

        A request is repeated, with jittered backoff and inside one deadline, if the connection was never made, or if
        C(repeatable) says that it only reads and the answer was lost or asks for patience (429, 502, 503, 504).

        Raises TransportError; its C(delivery) says what became of the request.
        """
        deadline = self._clock() + self.timeout * (self.retries + 1)
        attempt = 0
        while True:
            retry_after = None
            try:
                reply = self._send_once(method, url, headers, body)
                if not repeatable or reply.status not in RETRY_STATUSES:
                    return reply
                retry_after = reply.retry_after
            except TransportError as error:
                may_repeat = error.delivery is Delivery.UNREACHED or (error.delivery is Delivery.LOST and repeatable)
                if not may_repeat or not self._pause(attempt, None, deadline):
                    raise
            else:
                if not self._pause(attempt, retry_after, deadline):
                    return reply
            attempt += 1

    def _pause(self, attempt: int, retry_after: float | None, deadline: float) -> bool:
        """Wait before the next attempt; return False if there is none left or the deadline would pass meanwhile."""
        pause = retry_after if retry_after is not None else 0.25 * 2 ** attempt * random.uniform(0.5, 1.5)
        if attempt >= self.retries or self._clock() + pause >= deadline:
            return False
        self._sleep(pause)
        return True

    def _send_once(self, method: str, url: str, headers: dict[str, str], body: bytes | None) -> Reply:
        """Send one request once and read its whole reply within C(timeout) seconds."""
        headers = dict(headers, **{"User-Agent": USER_AGENT})
        set_deadline(self.timeout)
        try:
            response = _session(self._verify, self._cert).request(
                method, url, headers=headers, data=body, timeout=self.timeout, stream=True, allow_redirects=False,
                # Said again for this request, for otherwise REQUESTS_CA_BUNDLE would have the last word.
                verify=self._verify)
            with response:
                content = body_of(response, self.max_reply_size * MEBIBYTE)
        except TooLarge:
            raise _too_large(self.max_reply_size, response.status_code) from None
        except UnknownEncoding as error:
            raise ReplyError("the answer cannot be unpacked", quoted=str(error), http_status=response.status_code, delivery=Delivery.GARBLED,
                             hint="Look at what stands before the server (proxy, firewall).") from error
        except (requests.exceptions.RequestException, OSError) as error:
            raise _transport_error(error, url, self.timeout) from error
        except (HTTPError, UnicodeError) as error:
            # What requests does not turn into an exception of its own: an address that no connection can be made to.
            raise TransportError("api_url: no connection can be made to %s" % _shown(url), quoted=_reason(error),
                                 hint="Write it like https://host/server/v1.") from error
        return Reply(content, response.status_code, response.headers.get("Location"), _retry_after(response.headers.get("Retry-After")),
                     content_type=response.headers.get("Content-Type"), max_size=self.max_reply_size)


def _encoded(payload: dict[str, Any]) -> bytes:
    """Return a request as JSON. Raises InputError for half of a pair of surrogates ("\\ud800" in YAML), which no UTF-8 can carry."""
    body = json.dumps(payload)
    if _SURROGATE in body:
        for name, value in payload.items():
            try:
                json.dumps(value, ensure_ascii=False).encode("utf-8")
            except UnicodeEncodeError:
                raise InputError("%s: holds half of a character (a lone surrogate)" % name) from None
    return body.encode("ascii")


def _too_large(max_reply_size: int, status: int | None = None) -> ReplyError:
    """Return the error for an answer that is larger than it may be; the rest of it is not read."""
    return ReplyError("the answer has more than %d MiB" % max_reply_size, http_status=status, delivery=Delivery.GARBLED,
                      hint="Raise max_reply_size (ITRON_MAX_REPLY_SIZE) if the server really has so much to tell.")


class CliTransport:
    """Runs the server's command-line interface; requests go to its standard input, never into its arguments.

    Arguments:
        path: the program, such as /usr/local/installatron/installatron.
        timeout: seconds that one run may take.
        max_reply_size: MiB that an answer may have.
    """

    def __init__(self, path: str, timeout: float = 30.0, max_reply_size: int = 256) -> None:
        self.path = path
        self.timeout = float(timeout)
        self.max_reply_size = int(max_reply_size)

    def post(self, payload: dict[str, Any], repeatable: bool) -> Reply:
        """Run one v1 request (section 3.3: the JSON on standard input) and return its Reply."""
        return self._run([self.path], _encoded(payload))

    def get(self, resource: str) -> Reply:
        """Read one v2 resource such as /users/alice and return its Reply."""
        return self._run([self.path, "--GET", resource], b"")

    def _run(self, argv: list[str], data: bytes) -> Reply:
        """Run the program once; a run that is cut off by the time limit may have done its work."""
        try:
            # AnsibleModule.run_command has no time limit, and this file is to work without Ansible.
            with subprocess.Popen(  # pylint: disable=ansible-bad-function
                    argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                try:
                    stdout, stderr = _output(process, data, self.timeout, self.max_reply_size * MEBIBYTE)
                finally:
                    process.kill()
            if len(stdout) > self.max_reply_size * MEBIBYTE:
                raise _too_large(self.max_reply_size)
        except subprocess.TimeoutExpired as error:
            raise TransportError(
                "%s gave no answer within %g seconds" % (self.path, self.timeout), delivery=Delivery.LOST,
                hint="Raise timeout if the server is only slow.") from error
        except OSError as error:
            raise TransportError(
                "cli_path: %s cannot be run (%s)" % (printable(self.path), error.strerror or error),
                hint="transport: cli needs the task to run on the Installatron host, as a user who may run the program.") from error
        return Reply(stdout, exit_status=process.returncode, stderr=stderr, max_size=self.max_reply_size)


def _output(process: subprocess.Popen[bytes], data: bytes, timeout: float, limit: int) -> tuple[bytes, bytes]:
    """Hand a program its input and return what it writes, as (stdout, stderr).

    The answer is complete when the program ends, and not only at the end of its output: background work that the
    program leaves behind may keep that open. Reading ends when stdout has more bytes than the limit; of stderr, no more than
    _MAX_COMPLAINT is kept. This is what subprocess.communicate cannot do.

    Raises subprocess.TimeoutExpired when the program does not end within C(timeout) seconds.
    """
    deadline = time.monotonic() + timeout
    stdin, stdout, stderr = process.stdin, process.stdout, process.stderr
    if stdin is None or stdout is None or stderr is None:
        raise ValueError("the program was started without pipes")
    found = {stdout: bytearray(), stderr: bytearray()}
    left = memoryview(data)
    ended = False
    with selectors.DefaultSelector() as selector:
        for stream in found:
            selector.register(stream, selectors.EVENT_READ, stream)
        selector.register(stdin, selectors.EVENT_WRITE, stdin)
        while selector.get_map():
            ready = selector.select(min(_CLI_LOOK, max(deadline - time.monotonic(), 0)))
            for key, _events in ready:
                if key.data is stdin:
                    left = _feed(selector, stdin, left)
                else:
                    _drain(selector, key.data, found[key.data])
            del found[stderr][_MAX_COMPLAINT:]
            if len(found[stdout]) > limit:
                return bytes(found[stdout]), bytes(found[stderr])
            if ended and not ready:
                break
            ended = process.poll() is not None
            if time.monotonic() >= deadline:
                break
    process.wait(max(deadline - time.monotonic(), 0))
    return bytes(found[stdout]), bytes(found[stderr])


def _feed(selector: selectors.BaseSelector, stream: IO[bytes], left: memoryview) -> memoryview:
    """Write the next part of a program's input, and close it when all is written or nobody reads it; return the rest."""
    try:
        left = left[os.write(stream.fileno(), left[:select.PIPE_BUF]):]
    except BrokenPipeError:
        left = left[:0]
    if not left:
        selector.unregister(stream)
        stream.close()
    return left


def _drain(selector: selectors.BaseSelector, stream: IO[bytes], found: bytearray) -> None:
    """Read the next part of a program's output."""
    piece = os.read(stream.fileno(), _CHUNK)
    if piece:
        found += piece
    else:
        selector.unregister(stream)


def _session(verify: bool | str, cert: str | tuple[str, str] | None) -> requests.Session:
    """Return this process's session for these TLS settings; a loop of tasks in one worker keeps its connection."""
    key = (os.getpid(), verify, cert)
    if key not in _SESSIONS:
        session = BoundedSession(MAX_CONNECTIONS)
        session.verify = verify
        if not verify:
            # operation.py has warned of it; what urllib3 says of each request would be taken for an error.
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        session.cert = cert
        # Without this, requests would add a password from ~/.netrc to the request.
        session.auth = _no_auth
        _SESSIONS[key] = session
    return _SESSIONS[key]


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Leave a request as it is: the key in the body is all the authentication there is."""
    return request


def _shown(url: str) -> str:
    """Return an address as an error shows it."""
    return printable(url.partition("?")[0])


def _retry_after(value: str | None) -> float | None:
    """Return a Retry-After header (seconds or a date) as seconds between 0 and MAX_RETRY_AFTER, or None."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = email.utils.parsedate_to_datetime(value).timestamp() - time.time()
        except (TypeError, ValueError):
            return None
    return min(max(seconds, 0.0), MAX_RETRY_AFTER)


def _transport_error(error: OSError, url: str, timeout: float) -> TransportError:
    """Return the TransportError for an exception of requests."""
    where, reason = _shown(url), _reason(error)
    if isinstance(error, requests.exceptions.SSLError):
        return TransportError(
            "the TLS connection to %s failed" % where, quoted=reason,
            hint="Check the certificate of the server, ca_path, client_cert and client_key; only validate_certs=false would accept any certificate.")
    if not isinstance(error, (requests.exceptions.RequestException, TimeoutError)) and error.errno is None:
        # So requests says that a file is not there, before it connects.
        return TransportError("the TLS connection to %s was not tried" % where, quoted=reason,
                              hint="Check the paths in ca_path, client_cert and client_key.")
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema)):
        return TransportError("api_url: %s is no usable address" % where, hint="Write it like https://host/server/v1.")
    if isinstance(error, requests.exceptions.ProxyError) or _caused_by(error, NewConnectionError, ConnectTimeoutError, requests.exceptions.ConnectTimeout):
        return TransportError(
            "no connection to %s" % where, quoted=reason, delivery=Delivery.UNREACHED,
            hint="Check api_url, that the server runs, and that a firewall or proxy lets this host reach it.")
    if _caused_by(error, requests.exceptions.Timeout, TimeoutError):
        return TransportError(
            "no complete answer from %s within %g seconds" % (where, timeout), delivery=Delivery.LOST,
            hint="Raise timeout if the server is only slow.")
    return TransportError(
        "the connection to %s broke before the answer came" % where, quoted=reason, delivery=Delivery.LOST,
        hint="Look into the log of the server or of the proxy before it.")


def _caused_by(error: BaseException | None, *kinds: type[BaseException]) -> bool:
    """Say whether an exception, or one that it stems from, is of one of some kinds."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, kinds):
            return True
        inner = [item for item in getattr(error, "args", ()) if isinstance(item, BaseException)]
        error = getattr(error, "reason", None) or (inner[0] if inner else None) or error.__cause__
        if not isinstance(error, BaseException):
            return False
    return False


def _reason(error: BaseException) -> str:
    """Return the innermost reason of an exception of requests in a few words, without object addresses."""
    while True:
        inner = [item for item in getattr(error, "args", ()) if isinstance(item, BaseException)]
        reason = getattr(error, "reason", None)
        if isinstance(reason, BaseException) and reason is not error:
            error = reason
        elif inner:
            error = inner[0]
        else:
            break
    text = getattr(error, "strerror", None) or str(error.args[-1] if getattr(error, "args", None) else error)
    errno = re.search(r"\[Errno -?\d+\] (.*)$", str(text))
    text = errno.group(1) if errno else text
    if isinstance(text, bytes) or not str(text).strip() or str(text) == "b''":
        return "the answer is incomplete"
    return str(text).rsplit(">: ", maxsplit=1)[-1] or type(error).__name__
