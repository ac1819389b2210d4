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

from ._errors import TransportError

try:
    import requests
    import requests.adapters
    import requests.exceptions
    import urllib3
    from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError
except ImportError:
    requests = None
    REQUESTS_IMPORT_ERROR = traceback.format_exc()
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
# Seconds between two looks at whether the command-line program has ended.
_CLI_LOOK = 0.25
_SESSIONS = {}


class Reply:
    """What came back.

    Arguments:
        body: bytes.
        status: HTTP status, or None from the command line.
        location: where a redirect points.
        retry_after: seconds that the server asks to wait, clamped, or None.
        exit_status, stderr: of the command line.
    """

    def __init__(self, body, status=None, location=None, retry_after=None, exit_status=None, stderr=b""):
        self.body = body
        self.status = status
        self.location = location
        self.retry_after = retry_after
        self.exit_status = exit_status
        self.stderr = stderr


class HttpTransport:
    """Sends requests to one server over HTTP with kept connections.

    Arguments:
        api_url: address of the v1 interface.
        rest_url: address that v2 resources are appended to.
        key: the API key; v1 carries it in the body, v2 in the header X-API-KEY.
        timeout: seconds that one request may take in all, from connecting to the last byte.
        retries: how often a request is repeated that may be repeated.
        verify: True, False or the path of a CA bundle.
        cert: None, the path of a client certificate, or a pair of certificate and key.
        clock, sleep: seconds that only grow, and waiting; tests put their own here.
    """

    def __init__(self, api_url, rest_url=None, key=None, timeout=30.0, retries=3, verify=True, cert=None,
                 clock=time.monotonic, sleep=time.sleep):
        self.api_url = api_url
        self.rest_url = rest_url
        self.timeout = float(timeout)
        self.retries = int(retries)
        self._key = key
        self._verify = verify
        self._cert = cert
        self._clock = clock
        self._sleep = sleep

    def post(self, payload, repeatable):
        """Send one v1 request (section 3: a JSON body) and return its Reply; see send()."""
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        return self.send("POST", self.api_url, headers, json.dumps(payload).encode("utf-8"), repeatable)

    def get(self, resource):
        """Read one v2 resource such as /users/alice and return its Reply; see send()."""
        headers = {"Accept": "application/json", "X-API-KEY": self._key}
        return self.send("GET", self.rest_url.rstrip("/") + resource, headers, None, True)

    def send(self, method, url, headers, body, repeatable):
        """Send one request and return its Reply.

        A request is repeated, with jittered backoff and inside one deadline, if the connection was never made, or if
        C(repeatable) says that it only reads and the answer was lost or asks for patience (429, 502, 503, 504).

        Raises TransportError; its C(unknown) says whether the server may have carried out the request.
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
                # "unknown" means that the request left; before that, any request may go out again.
                if not error.resend or (error.unknown and not repeatable) or not self._pause(attempt, None, deadline):
                    raise
            else:
                if not self._pause(attempt, retry_after, deadline):
                    return reply
            attempt += 1

    def _pause(self, attempt, retry_after, deadline):
        """Wait before the next attempt; return False if there is none left or the deadline would pass meanwhile."""
        pause = retry_after if retry_after is not None else 0.25 * 2 ** attempt * random.uniform(0.5, 1.5)
        if attempt >= self.retries or self._clock() + pause >= deadline:
            return False
        self._sleep(pause)
        return True

    def _send_once(self, method, url, headers, body):
        """Send one request once and read its whole reply within C(timeout) seconds."""
        deadline = self._clock() + self.timeout
        headers = dict(headers)
        headers["User-Agent"] = USER_AGENT
        try:
            response = _session(self._verify, self._cert).request(
                method, url, headers=headers, data=body, timeout=self.timeout, stream=True, allow_redirects=False,
                # Said again for this request, for otherwise REQUESTS_CA_BUNDLE would have the last word.
                verify=self._verify)
            with response:
                content = self._read(response, deadline)
        except (requests.exceptions.RequestException, OSError) as error:
            raise _transport_error(error, url, self.timeout) from error
        except (HTTPError, UnicodeError) as error:
            # What requests does not turn into an exception of its own: an address that no connection can be made to.
            raise TransportError("api_url: no connection can be made to %s: %s" % (url.partition("?")[0], _reason(error)),
                                 hint="Write it like https://host/server/v1.") from error
        return Reply(content, response.status_code, response.headers.get("Location"),
                     _retry_after(response.headers.get("Retry-After")))

    def _read(self, response, deadline):
        """Read a body piece by piece, so that one that trickles in cannot outlast the deadline."""
        pieces = []
        for piece in _pieces(response):
            pieces.append(piece)
            if self._clock() > deadline:
                raise requests.exceptions.ReadTimeout("the answer was not complete in time")
        return b"".join(pieces)


class CliTransport:
    """Runs the server's command-line interface; requests go to its standard input, never into its arguments.

    Arguments:
        path: the program, such as /usr/local/installatron/installatron.
        timeout: seconds that one run may take.
    """

    def __init__(self, path, timeout=30.0):
        self.path = path
        self.timeout = float(timeout)

    def post(self, payload, repeatable):
        """Run one v1 request (section 3.3: the JSON on standard input) and return its Reply."""
        return self._run([self.path], json.dumps(payload).encode("utf-8"), unknown=not repeatable)

    def get(self, resource):
        """Read one v2 resource such as /users/alice and return its Reply."""
        return self._run([self.path, "--GET", resource], b"", unknown=False)

    def _run(self, argv, data, unknown):
        """Run the program once; a run that is cut off by the time limit may have done its work."""
        try:
            with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                try:
                    stdout, stderr = _output(process, data, self.timeout)
                finally:
                    process.kill()
        except subprocess.TimeoutExpired as error:
            raise TransportError(
                "%s gave no answer within %g seconds" % (self.path, self.timeout), unknown=unknown, resend=unknown,
                hint="Raise timeout if the server is only slow.") from error
        except OSError as error:
            raise TransportError(
                "cli_path: %s cannot be run (%s)" % (self.path, error.strerror or error),
                hint="transport: cli needs the task to run on the Installatron host, as a user who may run the program.") from error
        return Reply(stdout, exit_status=process.returncode, stderr=stderr)


def _output(process, data, timeout):
    """Hand a program its input and return what it writes, as (stdout, stderr).

    The answer is complete when the program ends, and not only at the end of its output: background work that the
    program leaves behind may keep that open. This is what subprocess.communicate cannot do.

    Raises subprocess.TimeoutExpired when the program does not end within C(timeout) seconds.
    """
    deadline = time.monotonic() + timeout
    pieces = {process.stdout: [], process.stderr: []}
    left = memoryview(data)
    ended = False
    with selectors.DefaultSelector() as selector:
        for stream in pieces:
            selector.register(stream, selectors.EVENT_READ)
        selector.register(process.stdin, selectors.EVENT_WRITE)
        while selector.get_map():
            ready = selector.select(min(_CLI_LOOK, max(deadline - time.monotonic(), 0)))
            for key, _events in ready:
                if key.fileobj is process.stdin:
                    left = _feed(selector, process.stdin, left)
                else:
                    _drain(selector, key.fileobj, pieces[key.fileobj])
            if ended and not ready:
                break
            ended = process.poll() is not None
            if time.monotonic() >= deadline:
                break
    process.wait(max(deadline - time.monotonic(), 0))
    return b"".join(pieces[process.stdout]), b"".join(pieces[process.stderr])


def _feed(selector, stream, left):
    """Write the next part of a program's input, and close it when all is written or nobody reads it; return the rest."""
    try:
        left = left[os.write(stream.fileno(), left[:select.PIPE_BUF]):]
    except BrokenPipeError:
        left = left[:0]
    if not left:
        selector.unregister(stream)
        stream.close()
    return left


def _drain(selector, stream, pieces):
    """Read the next part of a program's output."""
    piece = os.read(stream.fileno(), _CHUNK)
    if piece:
        pieces.append(piece)
    else:
        selector.unregister(stream)


def _session(verify, cert):
    """Return this process's session for these TLS settings; a loop of tasks in one worker keeps its connection."""
    key = (os.getpid(), verify, cert)
    if key not in _SESSIONS:
        session = requests.Session()
        for scheme in ("http://", "https://"):
            session.mount(scheme, requests.adapters.HTTPAdapter(pool_maxsize=MAX_CONNECTIONS))
        session.verify = verify
        if not verify:
            # _operation has warned of it, in words of ours; what urllib3 says of each request would be taken for an error.
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        session.cert = cert
        # Without this, requests would add a password from ~/.netrc to the request.
        session.auth = _no_auth
        _SESSIONS[key] = session
    return _SESSIONS[key]


def _no_auth(request):
    """Leave a request as it is: the key in the body is all the authentication there is."""
    return request


def _pieces(response):
    """Yield a body as it arrives, at most _CHUNK bytes at a time."""
    read1 = getattr(response.raw, "read1", None)
    if read1 is None:
        # urllib3 1.26 has no read1: small pieces keep the deadline meaningful there.
        yield from response.iter_content(chunk_size=1024)
        return
    try:
        while True:
            piece = read1(_CHUNK, decode_content=True)
            if not piece:
                return
            yield piece
    except ReadTimeoutError as error:
        raise requests.exceptions.ReadTimeout(error) from error
    except (OSError, HTTPError) as error:
        raise requests.exceptions.ConnectionError(error) from error


def _retry_after(value):
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


def _transport_error(error, url, timeout):
    """Return the TransportError for an exception of requests."""
    where = url.partition("?")[0]
    never_sent = _never_connected(error)
    if isinstance(error, requests.exceptions.SSLError):
        return TransportError(
            "the TLS connection to %s failed: %s" % (where, _reason(error)),
            hint="Check the certificate of the server, ca_path, client_cert and client_key; only validate_certs=false would accept any certificate.")
    if not isinstance(error, requests.exceptions.RequestException) and error.errno is None:
        # So requests says that a file is not there, before it connects.
        return TransportError("the TLS connection to %s was not tried: %s" % (where, _reason(error)),
                              hint="Check the paths in ca_path, client_cert and client_key.")
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema)):
        return TransportError("api_url: %s is no usable address" % where, hint="Write it like https://host/server/v1.")
    if isinstance(error, requests.exceptions.ProxyError) or never_sent:
        return TransportError(
            "no connection to %s: %s" % (where, _reason(error)), resend=True,
            hint="Check api_url, that the server runs, and that a firewall or proxy lets this host reach it.")
    if isinstance(error, requests.exceptions.Timeout):
        return TransportError(
            "no complete answer from %s within %g seconds" % (where, timeout), unknown=True, resend=True,
            hint="Raise timeout if the server is only slow.")
    return TransportError(
        "the connection to %s broke before the answer came: %s" % (where, _reason(error)), unknown=True, resend=True,
        hint="Look into the log of the server or of the proxy before it.")


def _never_connected(error):
    """Say whether an exception means that no connection was made, so that the server cannot have seen the request."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, (NewConnectionError, ConnectTimeoutError)):
            return True
        inner = [item for item in getattr(error, "args", ()) if isinstance(item, BaseException)]
        error = getattr(error, "reason", None) or (inner[0] if inner else None) or error.__cause__
        if not isinstance(error, BaseException):
            return False
    return False


def _reason(error):
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
    return " ".join(str(text).rsplit(">: ", maxsplit=1)[-1].split())[:200] or type(error).__name__
