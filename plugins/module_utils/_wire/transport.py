# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Transports that exchange bytes with the server, independent of commands and of Ansible. This is a private util of the collection."""

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
    requests = None  # type: ignore[assignment]  # callers check REQUESTS_IMPORT_ERROR before they send a request
    REQUESTS_IMPORT_ERROR: str | None = traceback.format_exc()
else:
    REQUESTS_IMPORT_ERROR = None

USER_AGENT = "hostops.installatron/0.1.0"
# HTTP statuses of temporary failures.
RETRY_STATUSES = frozenset((429, 502, 503, 504))
# Upper limit of Retry-After in seconds: an hour-long value must not block a playbook.
MAX_RETRY_AFTER = 30.0
# Number of connections that a session keeps open. Additional connections are closed after use.
MAX_CONNECTIONS = 32
_CHUNK = 65536
# Start of the JSON escape of a surrogate, alone or as part of a pair.
_SURROGATE = "\\ud"
# Maximum number of bytes of standard error to keep.
_MAX_STDERR = 65536
# Seconds between two checks whether the command-line program has exited.
_CLI_POLL_INTERVAL = 0.25
_SESSIONS: dict[tuple[int, bool | str, str | tuple[str, str] | None], requests.Session] = {}


class HttpTransport:
    """Sends requests to one server over persistent HTTP connections.

    Arguments:
        api_url: address of the v1 interface.
        rest_url: base address of v2 resources.
        key: the API key. v1 sends it in the body, v2 in the header X-API-KEY.
        timeout: time limit of one request in seconds, from connecting to the last byte.
        retries: maximum number of retries of a request.
        max_reply_size: maximum size of a decompressed reply in MiB.
        verify: True, False or the path of a CA bundle.
        cert: None, the path of a client certificate, or a pair of certificate and key.
        clock, sleep: functions that return monotonic seconds and that wait; tests replace them.
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

        A request is retried, with jittered backoff and within one deadline, if the connection failed. A read-only request
        (C(repeatable)) is also retried if the reply was lost or has a status of RETRY_STATUSES.

        Raises TransportError with the delivery status of the request.
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
        """Wait before the next attempt. Return False if no attempts are left or the deadline would pass."""
        pause = retry_after if retry_after is not None else 0.25 * 2 ** attempt * random.uniform(0.5, 1.5)
        if attempt >= self.retries or self._clock() + pause >= deadline:
            return False
        self._sleep(pause)
        return True

    def _send_once(self, method: str, url: str, headers: dict[str, str], body: bytes | None) -> Reply:
        """Send a request once and read the whole reply within C(timeout) seconds."""
        headers = dict(headers, **{"User-Agent": USER_AGENT})
        set_deadline(self.timeout)
        try:
            response = _session(self._verify, self._cert).request(
                method, url, headers=headers, data=body, timeout=self.timeout, stream=True, allow_redirects=False,
                # Repeated here, because REQUESTS_CA_BUNDLE would otherwise take precedence.
                verify=self._verify)
            with response:
                content = body_of(response, self.max_reply_size * MEBIBYTE)
        except TooLarge:
            raise _too_large(self.max_reply_size, response.status_code) from None
        except UnknownEncoding as error:
            raise ReplyError("the response cannot be decompressed", quoted=str(error), http_status=response.status_code, delivery=Delivery.GARBLED,
                             hint="Check for a proxy or firewall in front of the server.") from error
        except (requests.exceptions.RequestException, OSError) as error:
            raise _transport_error(error, url, self.timeout) from error
        except (HTTPError, UnicodeError) as error:
            # requests does not wrap these exceptions, which invalid addresses cause.
            raise TransportError("api_url: cannot connect to %s" % _shown(url), quoted=_reason(error),
                                 hint="Use the form https://host/server/v1.") from error
        return Reply(content, response.status_code, response.headers.get("Location"), _retry_after(response.headers.get("Retry-After")),
                     content_type=response.headers.get("Content-Type"), max_size=self.max_reply_size)


def _encoded(payload: dict[str, Any]) -> bytes:
    """Return a request as JSON. Raises InputError for an unpaired surrogate ("\\ud800" in YAML), which UTF-8 cannot encode."""
    body = json.dumps(payload)
    if _SURROGATE in body:
        for name, value in payload.items():
            try:
                json.dumps(value, ensure_ascii=False).encode("utf-8")
            except UnicodeEncodeError:
                raise InputError("%s: contains an unpaired surrogate (half of a character)" % name) from None
    return body.encode("ascii")


def _too_large(max_reply_size: int, status: int | None = None) -> ReplyError:
    """Return the error for a reply that exceeds max_reply_size."""
    return ReplyError("the response is larger than %d MiB" % max_reply_size, http_status=status, delivery=Delivery.GARBLED,
                      hint="Increase max_reply_size (ITRON_MAX_REPLY_SIZE) if the server has that much data.")


class CliTransport:
    """Runs the server's command-line program. Requests are passed on standard input, never as arguments.

    Arguments:
        path: path of the program, such as /usr/local/installatron/installatron.
        timeout: time limit of one run in seconds.
        max_reply_size: maximum size of a reply in MiB.
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
        """Run the program once. A run that times out may have executed the command."""
        try:
            # AnsibleModule.run_command has no time limit, and this file must work without Ansible.
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
                "no response from %s within %g seconds" % (self.path, self.timeout), delivery=Delivery.LOST,
                hint="If the server is slow, increase timeout.") from error
        except OSError as error:
            raise TransportError(
                "cli_path: cannot run %s (%s)" % (printable(self.path), error.strerror or error),
                hint="With transport=cli, the task must run on the Installatron host, as a user who may run the program.") from error
        return Reply(stdout, exit_status=process.returncode, stderr=stderr, max_size=self.max_reply_size)


def _output(process: subprocess.Popen[bytes], data: bytes, timeout: float, limit: int) -> tuple[bytes, bytes]:
    """Write the input of a program and return its output as (stdout, stderr).

    Unlike subprocess.communicate, this function returns when the program exits, because background processes of the program can
    keep its output open. It stops reading when stdout exceeds the limit in bytes, and keeps at most _MAX_STDERR bytes of stderr.

    Raises subprocess.TimeoutExpired if the program does not exit within C(timeout) seconds.
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
            ready = selector.select(min(_CLI_POLL_INTERVAL, max(deadline - time.monotonic(), 0)))
            for key, _events in ready:
                if key.data is stdin:
                    left = _feed(selector, stdin, left)
                else:
                    _drain(selector, key.data, found[key.data])
            del found[stderr][_MAX_STDERR:]
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
    """Write the next part of a program's input and return the rest. Close the input when it is complete or no longer read."""
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
    """Return the session of this process for some TLS settings, so that tasks of one worker reuse its connections."""
    key = (os.getpid(), verify, cert)
    if key not in _SESSIONS:
        session = BoundedSession(MAX_CONNECTIONS)
        session.verify = verify
        if not verify:
            # connection.py issues a warning. A warning of urllib3 for each request would look like an error.
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        session.cert = cert
        # Prevents requests from adding a password from ~/.netrc.
        session.auth = _no_auth
        _SESSIONS[key] = session
    return _SESSIONS[key]


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Return a request unchanged: its only authentication is the API key."""
    return request


def _shown(url: str) -> str:
    """Return an address without its query, for error messages."""
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
            hint="Check the server's certificate, ca_path, client_cert and client_key. Only validate_certs=false accepts any certificate.")
    if not isinstance(error, (requests.exceptions.RequestException, TimeoutError)) and error.errno is None:
        # requests reports a missing file this way, before it connects.
        return TransportError("the TLS connection to %s was not attempted" % where, quoted=reason,
                              hint="Check the paths in ca_path, client_cert and client_key.")
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema)):
        return TransportError("api_url: %s is not a usable address" % where, hint="Use the form https://host/server/v1.")
    if isinstance(error, requests.exceptions.ProxyError) or _caused_by(error, NewConnectionError, ConnectTimeoutError, requests.exceptions.ConnectTimeout):
        return TransportError(
            "no connection to %s" % where, quoted=reason, delivery=Delivery.UNREACHED,
            hint="Check api_url. Check that the server is running, and that no firewall or proxy blocks this host.")
    if _caused_by(error, requests.exceptions.Timeout, TimeoutError):
        return TransportError(
            "no complete response from %s within %g seconds" % (where, timeout), delivery=Delivery.LOST,
            hint="If the server is slow, increase timeout.")
    return TransportError(
        "the connection to %s was lost before the response arrived" % where, quoted=reason, delivery=Delivery.LOST,
        hint="Check the log of the server, or of the proxy in front of it.")


def _caused_by(error: BaseException | None, *kinds: type[BaseException]) -> bool:
    """Return whether an exception, or one of its causes, is of one of some kinds."""
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
    """Return the root cause of an exception of requests as a short text without object addresses."""
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
    errno = re.search(r"\[Errno -?\d+\] (.*?)\)?$", str(text))
    text = errno.group(1) if errno else text
    if isinstance(text, bytes) or not str(text).strip() or str(text) == "b''":
        return "the response is incomplete"
    return str(text).rsplit(">: ", maxsplit=1)[-1] or type(error).__name__
