# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The normal form of a URL, and the identity of a site. This is a private util of the collection."""

from __future__ import annotations

import functools
import ipaddress
import re
from typing import NamedTuple
from urllib.parse import urlsplit

from .errors import InputError

try:
    # A dependency of requests that implements the current IDNA standard, in which "straße.example" differs from "strasse.example".
    import idna
except ImportError:
    idna = None

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"^(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$|^\[[0-9a-f:.]+\]$")
_UNSAFE = re.compile(r"[\x00-\x20\x7f]")


class SiteName(NamedTuple):
    """The name of an installed application. text: its id, or with C(is_url) the normal form of its URL."""

    text: str
    is_url: bool


def normalize_url(url: object, option: str = "url") -> str:
    """Return the normal form of a site's URL: lowercase scheme and host, host in IDNA, no default port, no trailing slash.

    Arguments:
        url: the URL from the user or the server.
        option: name of the option, for the error message.

    Raises InputError unless the URL is an absolute http(s) URL without user info, query and fragment.
    """
    return _normalize(str(url).strip(), option)


@functools.lru_cache(maxsize=65536)
def _normalize(text: str, option: str) -> str:
    """Return the normal form of a URL; cached, because lists of installed applications are compared by it."""
    if _UNSAFE.search(text):
        raise InputError("%s: %r contains whitespace or control characters" % (option, text))
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise InputError("%s: %r is not a URL (%s)" % (option, text, error)) from error
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise InputError("%s: %r is not an http:// or https:// URL" % (option, text), hint="Use the form https://www.example.com/blog.")
    if parts.username is not None or parts.password is not None:
        raise InputError("%s: the URL of a site must not contain user info" % option, hint="Remove the user and password, up to and including the @.")
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise InputError("%s: the URL of a site must not contain a query or fragment" % option, hint="Remove the ? or # and everything after it.")
    host = check_host(parts.hostname, option, text)
    suffix = "" if port is None or port == _DEFAULT_PORTS[scheme] else ":%d" % port
    return "%s://%s%s%s" % (scheme, host, suffix, parts.path.rstrip("/"))


def site_identity(url: object, option: str = "url") -> str:
    """Return the identity of a site: the normal form of its URL without the scheme. Raises InputError as normalize_url() does."""
    return normalize_url(url, option).partition("://")[2]


def identity_of(url: object) -> str:
    """Return the site_identity() of a URL from the server, or the value itself if it is not a valid URL."""
    try:
        return site_identity(url)
    except InputError:
        return str(url)


def url_of(url: object) -> str:
    """Return the normal form of a URL from the server, or the value itself if it is not a valid URL."""
    try:
        return normalize_url(url)
    except InputError:
        return str(url)


def is_url(url: object) -> bool:
    """Return whether normalize_url() accepts a URL."""
    try:
        normalize_url(url)
    except InputError:
        return False
    return True


def id_or_url(value: object, option: str) -> SiteName:
    """Return the SiteName for an option that accepts an id or a URL.

    Arguments:
        value: value of the option. option: name of the option, for the error message.

    Raises InputError for an empty value, a URL that normalize_url() rejects, or a value that looks like a URL without a scheme.
    """
    text = str(value).strip()
    if "://" in text:
        return SiteName(normalize_url(text, option), True)
    if not text or _UNSAFE.search(text) or "/" in text or "." in text:
        raise InputError("%s: %r is neither an id nor a URL" % (option, text),
                         hint="Use a URL with its scheme, such as https://www.example.com/blog, or an id of letters and digits.")
    return SiteName(text, False)


def check_ip(value: object, option: str) -> None:
    """Raise InputError, which names the option, unless the value is an IP address."""
    try:
        ipaddress.ip_address(str(value))
    except ValueError:
        raise InputError("%s: %r is not an IP address" % (option, value)) from None


def check_host(host: str, option: str, text: str) -> str:
    """Return a host name in lowercase and IDNA, without the trailing dot of a fully qualified name.

    Arguments:
        host: the host name or address. option, text: name and whole value of the option, for the error message.

    Raises InputError that names the option.
    """
    host = host.rstrip(".").lower()
    if ":" in host:
        host = "[%s]" % host
    elif not host.isascii():
        host = _to_ascii(host, option, text)
    if not _HOST.match(host) or len(host) > 253:
        raise InputError("%s: %r has no valid host name" % (option, text))
    return host


def _to_ascii(host: str, option: str, text: str) -> str:
    """Return the ASCII form of an international host name."""
    try:
        if idna is not None:
            return str(idna.encode(host, uts46=True).decode("ascii")).lower()
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise InputError("%s: %r has no valid host name (%s)" % (option, text, error)) from error
