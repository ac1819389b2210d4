# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""HTTP connections that keep one deadline for headers and body, and bodies that unpack to a limit. This is a private util of the collection.

requests and urllib3 limit the time of each single read, so that a server which sends a byte now and then holds a request for ever; and
they unpack as much as a body holds.
"""

from __future__ import annotations

import http.client
import io
import socket
import threading
import time
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

try:
    import requests
    import requests.exceptions
    from requests import Session
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
    from urllib3.exceptions import HTTPError, ReadTimeoutError
except ImportError:
    # Who makes a request asks REQUESTS_IMPORT_ERROR of transport.py before.
    Session = HTTPAdapter = HTTPConnection = HTTPSConnection = HTTPConnectionPool = HTTPSConnectionPool = object  # type: ignore[assignment,misc]

# When the request of this thread has to be over, in monotonic seconds.
_LIMIT = threading.local()
# What _inflated can read; said to the server, which may send it.
ACCEPT_ENCODING = "gzip, deflate"
_CHUNK = 65536
_GZIP = b"\x1f\x8b"


class TooLarge(Exception):
    """A body is larger than the limit."""


class UnknownEncoding(Exception):
    """A body is packed in a way that nobody asked for, or its packing is broken."""


def set_deadline(seconds: float) -> None:
    """Give the following request of this thread so many seconds, from now to the last byte of its answer."""
    _LIMIT.deadline = time.monotonic() + seconds


class _Timed(io.RawIOBase):
    """The answer of a server, of which each read gets what is left of the time."""

    def __init__(self, raw: io.RawIOBase, connection: socket.socket) -> None:
        super().__init__()
        self._raw = raw
        self._connection = connection

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read what has come into a buffer. Raises TimeoutError when the time is over."""
        left = _LIMIT.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer was not complete in time")
        self._connection.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Close the answer."""
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    """Reads status, headers and body through _Timed."""

    def __init__(self, sock: socket.socket, *arguments: Any, **more: Any) -> None:
        super().__init__(sock, *arguments, **more)
        self.fp = io.BufferedReader(_Timed(self.fp.detach(), sock))


class _HttpConnection(HTTPConnection):
    """A connection whose answers keep the deadline."""

    response_class = _Response


class _HttpsConnection(HTTPSConnection):
    """The same with TLS."""

    response_class = _Response


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection


class DeadlineAdapter(HTTPAdapter):
    """An adapter of requests whose connections keep the deadline of set_deadline()."""

    def init_poolmanager(self, *arguments: Any, **more: Any) -> None:
        """Make the pools of direct connections."""
        super().init_poolmanager(*arguments, **more)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}

    def proxy_manager_for(self, *arguments: Any, **more: Any) -> Any:
        """Return the pools of connections through a proxy."""
        manager = super().proxy_manager_for(*arguments, **more)
        manager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
        return manager


class BoundedSession(Session):
    """A session whose connections keep the deadline, and which never reads a body by itself.

    Arguments:
        connections: that are kept open; more may be made and are closed after use.
    """

    def __init__(self, connections: int = 1) -> None:
        super().__init__()
        self.headers["Accept-Encoding"] = ACCEPT_ENCODING
        for scheme in ("http://", "https://"):
            self.mount(scheme, DeadlineAdapter(pool_maxsize=connections))

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return no target: requests would read and unpack the body of a redirect, also of one that it does not follow."""


def pieces_of(response: requests.Response) -> Iterator[bytes]:
    """Yield the body of a response as it arrives, unpacked, at most _CHUNK bytes at a time.

    Raises UnknownEncoding for what cannot be unpacked, and the exceptions of requests.
    """
    encoding = response.headers.get("Content-Encoding") or ""
    names = [name.strip().lower() for name in encoding.split(",") if name.strip().lower() not in ("", "identity")]
    if len(names) > 1 or names and names[0] not in ("gzip", "x-gzip", "deflate"):
        raise UnknownEncoding("the encoding %s was not asked for" % encoding)
    return _inflated(_packed(response)) if names else _packed(response)


def body_of(response: requests.Response, limit: int) -> bytes:
    """Return the body of a response, unpacked.

    Raises TooLarge as soon as it has more bytes than the limit; see pieces_of().
    """
    found = bytearray()
    for piece in pieces_of(response):
        found += piece
        if len(found) > limit:
            raise TooLarge()
    return bytes(found)


def _packed(response: requests.Response) -> Iterator[bytes]:
    """Yield a body as it arrives and packed as it is."""
    read1 = getattr(response.raw, "read1", None)
    try:
        if read1 is None:
            # urllib3 1.26 has no read1; each read of the connection keeps the deadline.
            yield from response.raw.stream(_CHUNK, decode_content=False)
            return
        while True:
            piece = read1(_CHUNK, decode_content=False)
            if not piece:
                return
            yield piece
    except ReadTimeoutError as error:
        raise requests.exceptions.ReadTimeout(error) from error
    except (OSError, HTTPError) as error:
        raise requests.exceptions.ConnectionError(error) from error


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what gzip, zlib or plain deflate unpack to, at most _CHUNK bytes at a time."""
    unpacker, begun = zlib.decompressobj(47), False
    for piece in pieces:
        while piece:
            if unpacker.eof:
                if not piece.startswith(_GZIP):
                    # Whatever follows is no part of the body.
                    return
                unpacker = zlib.decompressobj(47)
            try:
                yield unpacker.decompress(piece, _CHUNK)
            except zlib.error as error:
                if begun:
                    raise UnknownEncoding("its packing is broken") from error
                # "deflate" without the header of zlib, as some servers send it.
                unpacker, begun = zlib.decompressobj(-15), True
                continue
            begun = True
            piece = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    yield unpacker.flush()
