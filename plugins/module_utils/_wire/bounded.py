# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""HTTP connections with one deadline for headers and body, and size-limited decompression. This is a private util of the collection.

requests and urllib3 only limit the time of each read, so a server that sends single bytes can block a request indefinitely. They also
decompress a body of any size.
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
    # Callers check REQUESTS_IMPORT_ERROR of transport.py before they send a request.
    Session = HTTPAdapter = HTTPConnection = HTTPSConnection = HTTPConnectionPool = HTTPSConnectionPool = object  # type: ignore[assignment,misc]

# Deadline of this thread's request, in monotonic seconds.
_LIMIT = threading.local()
# Encodings that _decompressed can decode.
ACCEPT_ENCODING = "gzip, deflate"
_CHUNK = 65536
_GZIP = b"\x1f\x8b"


class TooLarge(Exception):
    """A body is larger than the limit."""


class UnknownEncoding(Exception):
    """A body has an encoding that was not requested, or its compressed data is corrupt."""


def set_deadline(seconds: float) -> None:
    """Limit the next request of this thread to a number of seconds, from now to the last byte of the response."""
    _LIMIT.deadline = time.monotonic() + seconds


class _Timed(io.RawIOBase):
    """The response of a server; each read is limited to the remaining time."""

    def __init__(self, raw: io.RawIOBase, connection: socket.socket) -> None:
        super().__init__()
        self._raw = raw
        self._connection = connection

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read the available data into a buffer. Raises TimeoutError after the deadline."""
        left = _LIMIT.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the response was not complete in time")
        self._connection.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Close the response."""
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    """A response that reads status, headers and body through _Timed."""

    def __init__(self, sock: socket.socket, *arguments: Any, **more: Any) -> None:
        super().__init__(sock, *arguments, **more)
        self.fp = io.BufferedReader(_Timed(self.fp.detach(), sock))


class _HttpConnection(HTTPConnection):
    """An HTTP connection with a deadline."""

    response_class = _Response


class _HttpsConnection(HTTPSConnection):
    """An HTTPS connection with a deadline."""

    response_class = _Response


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection


class DeadlineAdapter(HTTPAdapter):
    """A requests adapter whose connections observe the deadline of set_deadline()."""

    def init_poolmanager(self, *arguments: Any, **more: Any) -> None:
        """Create the pools of direct connections."""
        super().init_poolmanager(*arguments, **more)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}

    def proxy_manager_for(self, *arguments: Any, **more: Any) -> Any:
        """Return the pools of proxied connections."""
        manager = super().proxy_manager_for(*arguments, **more)
        manager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
        return manager


class BoundedSession(Session):
    """A session whose connections observe the deadline, and which never reads a body automatically.

    Arguments:
        connections: number of connections to keep open. Additional connections are closed after use.
    """

    def __init__(self, connections: int = 1) -> None:
        super().__init__()
        self.headers["Accept-Encoding"] = ACCEPT_ENCODING
        for scheme in ("http://", "https://"):
            self.mount(scheme, DeadlineAdapter(pool_maxsize=connections))

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return None, because requests reads and decompresses the body of a redirect even if it does not follow it."""


def pieces_of(response: requests.Response) -> Iterator[bytes]:
    """Yield the decompressed body of a response as it arrives, at most _CHUNK bytes at a time.

    Raises UnknownEncoding if the body cannot be decompressed, and the exceptions of requests.
    """
    encoding = response.headers.get("Content-Encoding") or ""
    names = [name.strip().lower() for name in encoding.split(",") if name.strip().lower() not in ("", "identity")]
    if len(names) > 1 or names and names[0] not in ("gzip", "x-gzip", "deflate"):
        raise UnknownEncoding("the encoding %s was not requested" % encoding)
    return _decompressed(_raw_pieces(response)) if names else _raw_pieces(response)


def body_of(response: requests.Response, limit: int) -> bytes:
    """Return the decompressed body of a response.

    Raises TooLarge as soon as the body exceeds the limit in bytes, and the exceptions of pieces_of().
    """
    found = bytearray()
    for piece in pieces_of(response):
        found += piece
        if len(found) > limit:
            raise TooLarge()
    return bytes(found)


def _raw_pieces(response: requests.Response) -> Iterator[bytes]:
    """Yield a body as it arrives, without decompression."""
    read1 = getattr(response.raw, "read1", None)
    try:
        if read1 is None:
            # urllib3 1.26 has no read1. The deadline applies to each read of the connection.
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


def _decompressed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield decompressed gzip, zlib or raw deflate data, at most _CHUNK bytes at a time."""
    unpacker, begun = zlib.decompressobj(47), False
    for piece in pieces:
        while piece:
            if unpacker.eof:
                if not piece.startswith(_GZIP):
                    # Trailing data is not part of the body.
                    return
                unpacker = zlib.decompressobj(47)
            try:
                yield unpacker.decompress(piece, _CHUNK)
            except zlib.error as error:
                if begun:
                    raise UnknownEncoding("the compressed data is corrupt") from error
                # Some servers send "deflate" without the zlib header.
                unpacker, begun = zlib.decompressobj(-15), True
                continue
            begun = True
            piece = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    yield unpacker.flush()
