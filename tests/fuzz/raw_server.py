# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server on a raw socket that sends arbitrary bytes."""

import re
import socket
import socketserver
import threading


class RawServer:
    """Sends C(answer) for each request, a list of bytes to send and pauses in seconds; then closes the connection."""

    key = "0123456789"

    def __init__(self):
        self.answer = [b""]
        self._stop = threading.Event()
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            """Reads a request and sends the answer."""

            def handle(self):
                """Answer one connection."""
                outer.serve(self.request)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = "http://127.0.0.1:%d/server/v1" % self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exception):
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()

    def serve(self, connection):
        """Read a request and send the answer."""
        try:
            self._read(connection)
            for part in self.answer:
                if isinstance(part, bytes):
                    connection.sendall(part)
                elif self._stop.wait(part) or self._gone(connection):
                    return
        except OSError:
            # The client closed the connection.
            return

    @staticmethod
    def _read(connection):
        """Read a whole request. Closing a socket with unread data would reset the connection."""
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(65536)
        head, _end, body = data.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        while len(body) < int(length.group(1) if length else 0):
            body += connection.recv(65536)

    @staticmethod
    def _gone(connection):
        """Return whether the client closed the connection."""
        connection.setblocking(False)
        try:
            return connection.recv(65536, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        finally:
            connection.setblocking(True)
