# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS in front of the sandbox: certificates of every kind, a TLS front end, and a server that records requests.

The package cryptography comes with ansible-core.
"""

import contextlib
import datetime
import ipaddress
import re
import selectors
import socket
import ssl
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)
NOW = datetime.datetime.now(datetime.timezone.utc)


class Authority:
    """A certificate authority. C(path) is the file with its certificate."""

    def __init__(self, folder, name="authority"):
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        builder = _builder(self._name, self._name, self._key, NOW - DAY, NOW + DAY)
        builder = builder.add_extension(x509.BasicConstraints(True, None), True)
        # Python 3.13 and later verify the extensions that the standard requires of an authority.
        usage = dict.fromkeys(("digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
                               "key_agreement", "encipher_only", "decipher_only"), False)
        builder = builder.add_extension(x509.KeyUsage(key_cert_sign=True, crl_sign=True, **usage), True)
        identifier = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        builder = builder.add_extension(identifier, False)
        self._issuer = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
        self.path = str(folder / ("%s.pem" % name))
        _write(self.path, _pem(builder.sign(self._key, hashes.SHA256())))

    def issue(self, name, *hosts, end=NOW + DAY):
        """Issue a certificate for hosts. Return the paths of (certificate and key in one file, certificate, key)."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(_name(name), self._name, key, NOW - 30 * DAY, end)
        builder = builder.add_extension(self._issuer, False)
        if hosts:
            names = [_general_name(host) for host in hosts]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), False)
        certificate = _pem(builder.sign(self._key, hashes.SHA256()))
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                    serialization.NoEncryption())
        paths = [str(self._folder / ("%s.%s.pem" % (name, kind))) for kind in ("both", "cert", "key")]
        for path, content in zip(paths, (certificate + private, certificate, private)):
            _write(path, content)
        return paths


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _general_name(host):
    """Return an address or a name in the form that certificates use."""
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _builder(subject, issuer, key, start, end):
    return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(end))


def _pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


def _write(path, content):
    with open(path, "wb") as file:
        file.write(content)


class Listener:
    """Accepts connections on a free port of 127.0.0.1 and passes each one to serve() in a thread."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection = self._socket.accept()[0]
                self.connections += 1
                threading.Thread(target=self._guarded, args=(connection,), daemon=True).start()

    def _guarded(self, connection):
        with connection, contextlib.suppress(OSError):
            self.serve(connection)

    def serve(self, connection):
        """Answer one connection."""
        raise NotImplementedError

    def close(self):
        """Stop accepting connections."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


class Front(Listener):
    """Terminates TLS and forwards everything to a port of 127.0.0.1.

    Arguments:
        port: the target. certificate: path of the file with certificate and key.
        clients: path of the authority that must have issued the clients' certificates, or None.
    """

    def __init__(self, port, certificate, clients=None):
        self._port = port
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        if clients:
            self._context.verify_mode = ssl.CERT_REQUIRED
            self._context.load_verify_locations(clients)
        super().__init__()

    @property
    def url(self):
        """The address of the API behind the front end."""
        return "https://127.0.0.1:%d/server/v1" % self.port

    def serve(self, connection):
        """Forward bytes in both directions until one side closes the connection."""
        with self._context.wrap_socket(connection, server_side=True) as inner, socket.create_connection(
                ("127.0.0.1", self._port)) as outer, selectors.DefaultSelector() as selector:
            selector.register(inner, selectors.EVENT_READ, outer)
            selector.register(outer, selectors.EVENT_READ, inner)
            while True:
                for key, _events in selector.select():
                    data = key.fileobj.recv(65536)
                    while key.fileobj is inner and inner.pending():
                        data += inner.recv(65536)
                    if not data:
                        return
                    key.data.sendall(data)


def _is_complete(request):
    """Return whether a request is complete, including its body."""
    head, separator, body = request.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return bool(separator) and len(body) >= (int(length.group(1)) if length else 0)


class Recorder(Listener):
    """Records everything that it receives in C(received), and answers with HTTP 502."""

    def __init__(self):
        self.received = b""
        super().__init__()

    def serve(self, connection):
        """Read one request and respond to it."""
        connection.settimeout(2)
        request = connection.recv(65536)
        # The body may arrive in a separate packet.
        while request and not _is_complete(request):
            piece = connection.recv(65536)
            if not piece:
                break
            request += piece
        self.received += request
        connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
