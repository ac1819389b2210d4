# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The transports over a real socket: timeouts, retries, redirects, and data that must never be sent."""

import importlib.util
import json
import socket
import sys
import threading
import time
from pathlib import Path

import pytest
import yaml

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import Delivery, InputError, TransportError
from ansible_collections.hostops.installatron.plugins.module_utils._wire.transport import (
    MAX_RETRY_AFTER,
    CliTransport,
    HttpTransport,
)

VERSION = yaml.safe_load(Path(__file__).resolve().parents[4].joinpath("galaxy.yml").read_text(encoding="utf-8"))["version"]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


class Server:
    """A server on a raw socket. Each connection gets the next answer; the last answer is sent repeatedly.

    An answer is bytes, None (close without an answer), or a list of bytes and pauses in seconds.
    """

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d/server/v1" % self._socket.getsockname()[1]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while True:
            try:
                connection = self._socket.accept()[0]
            except OSError:
                return
            with connection:
                if self._stop.is_set():
                    return
                self.requests.append(self._read(connection))
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                self._answer(connection, answer)

    @staticmethod
    def _read(connection):
        """Return the head and the complete body of one request."""
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(65536)
        head, _separator, body = data.partition(b"\r\n\r\n")
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n")
                       if line.lower().startswith(b"content-length:")), 0)
        while len(body) < length:
            body += connection.recv(65536)
        return head.decode(), body

    def _answer(self, connection, answer):
        for part in [answer] if isinstance(answer, bytes) else answer or ():
            if isinstance(part, bytes):
                try:
                    connection.sendall(part)
                except OSError:
                    return
            elif self._stop.wait(part):
                return

    def close(self):
        """Stop the server."""
        self._stop.set()
        with socket.create_connection(self._socket.getsockname()):
            pass
        self._thread.join(5)
        self._socket.close()


@pytest.fixture
def serve():
    """A function that starts a Server. All servers are closed after the test."""
    servers = []

    def start(*answers):
        servers.append(Server(*answers))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def pauses():
    """The pauses of a transport, recorded instead of slept."""
    return []


@pytest.fixture
def transport(pauses):
    """A function that creates a transport that records its pauses."""
    def make(server, **more):
        url = server if isinstance(server, str) else server.url
        return HttpTransport(url, **dict({"key": "the-api-key", "timeout": 5, "sleep": pauses.append}, **more))

    return make


def status(number, *headers):
    """Return an empty answer with a status and headers."""
    lines = ["HTTP/1.1 %d X" % number, "Content-Length: 0", "Connection: close", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def test_post_json_and_user_agent(serve, transport):
    server = serve(OK)
    reply = transport(server).post({"cmd": "installs", "key": "k"}, repeatable=True)
    head, body = server.requests[0]
    assert (reply.status, reply.body) == (200, b"{}")
    assert head.startswith("POST /server/v1 HTTP/1.1")
    assert "User-Agent: hostops.installatron/%s\r\n" % VERSION in head and "Content-Type: application/json" in head
    assert json.loads(body) == {"cmd": "installs", "key": "k"}


def test_get_key_in_header(serve, transport):
    server = serve(OK)
    transport(server, rest_url=server.url).get("/users/alice")
    head = server.requests[0][0]
    assert head.startswith("GET /server/v1/users/alice HTTP/1.1") and "X-API-KEY: the-api-key" in head


def test_netrc_ignored(serve, transport, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("default login somebody password something\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server = serve(OK)
    transport(server).post({}, repeatable=True)
    assert "authorization" not in server.requests[0][0].lower()


def test_redirect_not_followed(serve, transport):
    other = serve(OK)
    server = serve(status(302, "Location: " + other.url))
    reply = transport(server).post({}, repeatable=True)
    assert (reply.status, reply.location) == (302, other.url)
    assert other.requests == []


def test_timeout_silent_server(serve, transport):
    start = time.monotonic()
    with pytest.raises(TransportError) as caught:
        transport(serve([300.0]), timeout=0.3, retries=0).post({}, repeatable=True)
    assert time.monotonic() - start < 60
    assert caught.value.delivery is Delivery.LOST and "0.3 seconds" in caught.value.message


def test_timeout_trickling_body(serve, transport):
    trickle = [b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"] + [b"x", 0.1] * 990
    start = time.monotonic()
    with pytest.raises(TransportError):
        transport(serve(trickle), timeout=0.5, retries=0).post({}, repeatable=True)
    assert time.monotonic() - start < 60


@pytest.mark.parametrize("answer", [
    [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", b"{", 300.0],
    [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n{\r\n", 300.0],
], ids=["length", "chunked"])
def test_timeout_stalled_body(answer, serve, transport):
    start = time.monotonic()
    with pytest.raises(TransportError) as caught:
        transport(serve(answer), timeout=0.3, retries=0).post({}, repeatable=False)
    assert time.monotonic() - start < 60
    assert caught.value.delivery is Delivery.LOST and "0.3 seconds" in caught.value.message


@pytest.mark.parametrize("answer", [
    [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", b"{"],
    [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n{\r\n"],
    [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"9\r\n{"],
], ids=["length", "between chunks", "inside a chunk"])
def test_truncated_body_of_write_lost(answer, serve, transport):
    server = serve(answer, OK)
    with pytest.raises(TransportError) as caught:
        transport(server).post({}, repeatable=False)
    assert caught.value.delivery is Delivery.LOST and len(server.requests) == 1
    assert server.url in caught.value.message and "\n" not in caught.value.message


def test_retry_read_truncated_body(serve, transport):
    server = serve([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", b"{"], OK)
    assert transport(server).post({}, repeatable=True).body == b"{}"
    assert len(server.requests) == 2


@pytest.mark.parametrize("number", [429, 502, 503, 504])
def test_retry_read_status(number, serve, transport, pauses):
    server = serve(status(number), status(number), OK)
    assert transport(server).post({}, repeatable=True).status == 200
    assert len(server.requests) == 3
    assert 0.125 <= pauses[0] <= 0.375 and 0.25 <= pauses[1] <= 0.75


@pytest.mark.parametrize("number", [429, 500, 502, 503, 504])
def test_retry_not_for_write_status(number, serve, transport, pauses):
    server = serve(status(number), OK)
    assert transport(server).post({}, repeatable=False).status == number
    assert len(server.requests) == 1 and pauses == []


def test_retry_not_for_http_500(serve, transport):
    server = serve(status(500), OK)
    assert transport(server).post({}, repeatable=True).status == 500
    assert len(server.requests) == 1


def test_retry_limit(serve, transport, pauses):
    server = serve(status(503))
    assert transport(server, retries=2).post({}, repeatable=True).status == 503
    assert len(server.requests) == 3 and len(pauses) == 2


@pytest.mark.parametrize(("value", "pause"), [("2", 2.0), ("0", 0.0), ("-5", 0.0),
                                              ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0)])
def test_retry_after_respected(value, pause, serve, transport, pauses):
    assert transport(serve(status(503, "Retry-After: " + value), OK)).post({}, repeatable=True).status == 200
    assert pauses == [pause]


def test_retry_after_limited(serve, transport, pauses):
    assert transport(serve(status(503, "Retry-After: 86400"), OK), timeout=60).post({}, repeatable=True).status == 200
    assert pauses == [MAX_RETRY_AFTER]


def test_retry_after_invalid_ignored(serve, transport, pauses):
    assert transport(serve(status(503, "Retry-After: soon"), OK)).post({}, repeatable=True).status == 200
    assert len(pauses) == 1 and pauses[0] < 1


def test_retry_not_after_deadline(serve, transport, pauses):
    server = serve(status(503, "Retry-After: 30"), OK)
    assert transport(server, timeout=2, retries=1).post({}, repeatable=True).status == 503
    assert pauses == []


def test_retry_write_connection_refused(transport, pauses):
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = "http://127.0.0.1:%d/server/v1" % free.getsockname()[1]
    with pytest.raises(TransportError) as caught:
        transport(url, retries=2).post({}, repeatable=False)
    assert len(pauses) == 2
    assert caught.value.delivery is Delivery.UNREACHED and url in caught.value.message and "0x" not in caught.value.message


def test_retry_not_for_write_connection_closed(serve, transport, pauses):
    server = serve(None, OK)
    with pytest.raises(TransportError) as caught:
        transport(server).post({}, repeatable=False)
    assert caught.value.delivery is Delivery.LOST
    assert len(server.requests) == 1 and pauses == []


def test_retry_read_connection_closed(serve, transport):
    server = serve(None, OK)
    assert transport(server).post({}, repeatable=True).status == 200
    assert len(server.requests) == 2


def program(tmp_path, text):
    """Return the path of a shell script."""
    path = tmp_path / "installatron"
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o700)
    return str(path)


def test_cli_request_on_stdin(tmp_path):
    reply = CliTransport(program(tmp_path, 'echo "$# $(cat)"; echo oops >&2; exit 3\n')).post({"key": "k"}, True)
    assert (reply.body, reply.stderr, reply.exit_status, reply.status) == (b'0 {"key": "k"}\n', b"oops\n", 3, None)


def test_cli_get(tmp_path):
    assert CliTransport(program(tmp_path, 'echo "$@"\n')).get("/users/a").body == b"--GET /users/a\n"


def test_cli_timeout(tmp_path):
    start = time.monotonic()
    with pytest.raises(TransportError) as caught:
        CliTransport(program(tmp_path, "exec sleep 300\n"), timeout=0.3).post({}, repeatable=False)
    assert caught.value.delivery is Delivery.LOST
    assert time.monotonic() - start < 60


def test_cli_background_child_not_awaited(tmp_path):
    start = time.monotonic()
    reply = CliTransport(program(tmp_path, "cat; sleep 300 &\n"), timeout=100).post({"key": "k"}, False)
    assert (reply.body, reply.exit_status) == (b'{"key": "k"}', 0)
    assert time.monotonic() - start < 60


def test_cli_large_request_and_reply(tmp_path):
    # More data than a pipe holds, in both directions, and a run time of more than one poll.
    text = "x" * 500_000
    reply = CliTransport(program(tmp_path, "sleep 0.6; cat; echo oops >&2\n"), timeout=10).post({"key": text}, False)
    assert json.loads(reply.body) == {"key": text} and reply.stderr == b"oops\n"


def test_cli_stdin_closed(tmp_path):
    reply = CliTransport(program(tmp_path, "exec 0<&-; echo '{}'\n"), timeout=5).post({"key": "x" * 500_000}, True)
    assert reply.body == b"{}\n"


def test_cli_killed_by_signal(tmp_path):
    assert CliTransport(program(tmp_path, "kill -9 $$\n"), timeout=5).post({}, True).exit_status == -9


@pytest.mark.parametrize("mode", [0o600, 0o700])
def test_cli_path_not_executable(mode, tmp_path):
    (tmp_path / "installatron").write_bytes(b"\x00\x01")
    (tmp_path / "installatron").chmod(mode)
    with pytest.raises(TransportError, match="^cli_path: "):
        CliTransport(str(tmp_path / "installatron")).post({}, repeatable=False)


def test_cli_without_requests(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "requests", None)
    known = importlib.util.find_spec(CliTransport.__module__)
    spec = importlib.util.spec_from_file_location(CliTransport.__module__ + "_bare", known.origin)
    bare = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bare)
    assert "requests" in bare.REQUESTS_IMPORT_ERROR
    assert bare.CliTransport(program(tmp_path, "cat\n")).post({"key": "k"}, True).body == b'{"key": "k"}'


def test_cli_path_missing(tmp_path):
    with pytest.raises(TransportError) as caught:
        CliTransport(str(tmp_path / "none")).post({}, repeatable=False)
    assert caught.value.message.startswith("cli_path: ") and caught.value.delivery is Delivery.NOT_DONE


@pytest.mark.parametrize("transport", [HttpTransport("http://127.0.0.1:1/server/v1"), CliTransport("/nowhere/installatron")], ids=["http", "cli"])
def test_lone_surrogate_refused(transport):
    with pytest.raises(InputError, match="q: contains an unpaired surrogate"):
        transport.post({"cmd": "installs", "q": "\ud800"}, repeatable=True)


def test_non_bmp_characters_sent(serve, transport):
    server = serve(OK)
    transport(server).post({"q": "\U0001f600"}, repeatable=True)
    assert json.loads(server.requests[0][1]) == {"q": "\U0001f600"}


def test_connection_unknown_host(transport, monkeypatch):
    def fail(*_arguments, **_options):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(TransportError) as caught:
        transport("http://api.example.com/", retries=0).post({}, repeatable=True)
    assert caught.value.quoted == "Name or service not known"
