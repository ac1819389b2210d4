# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The one normal form of a URL, and what makes two URLs the same site. This is a private util of the collection."""

from __future__ import annotations

import functools
import ipaddress
import re
from typing import NamedTuple
from urllib.parse import urlsplit

from .errors import InputError

try:
    # A dependency of requests: the current IDNA standard, in which "straße.example" is not "strasse.example".
    import idna
except ImportError:
    idna = None

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"^(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$|^\[[0-9a-f:.]+\]$")
_UNSAFE = re.compile(r"[\x00-\x20\x7f]")


class SiteName(NamedTuple):
    """What names an installed application. text: its id or, with C(is_url), the normal form of its URL."""

    text: str
    is_url: bool


def normalize_url(url: object, option: str = "url") -> str:
    """Return the normal form of a site's URL: scheme and host in lower case, host in IDNA, no default port, no slash at the end.

    Arguments:
        url: what the user or the server wrote.
        option: name of the option, for the error message.

    Raises InputError for anything but an absolute http(s) URL without user info, query and fragment.
    """
    return _normalize(str(url).strip(), option)


@functools.lru_cache(maxsize=65536)
def _normalize(text: str, option: str) -> str:
    """Return the normal form of a text; remembered, for every list of installed applications is compared by it."""
    if _UNSAFE.search(text):
        raise InputError("%s: %r holds white space or control characters" % (option, text))
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise InputError("%s: %r is no URL (%s)" % (option, text, error)) from error
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise InputError("%s: %r is no http:// or https:// URL" % (option, text), hint="Write it like https://www.example.com/blog.")
    if parts.username is not None or parts.password is not None:
        raise InputError("%s: user info does not belong into the URL of a site" % option, hint="Remove everything before the @.")
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise InputError("%s: query and fragment do not belong into the URL of a site" % option, hint="Remove everything from the ? or # on.")
    host = check_host(parts.hostname, option, text)
    suffix = "" if port is None or port == _DEFAULT_PORTS[scheme] else ":%d" % port
    return "%s://%s%s%s" % (scheme, host, suffix, parts.path.rstrip("/"))


def site_identity(url: object, option: str = "url") -> str:
    """Return what tells sites apart: the normal form without its scheme. Raises InputError as normalize_url does."""
    return normalize_url(url, option).partition("://")[2]


def identity_of(url: object) -> str:
    """Return the site_identity of a URL that the server returned, or the URL itself if it is none."""
    try:
        return site_identity(url)
    except InputError:
        return str(url)


def url_of(url: object) -> str:
    """Return the normal form of a URL that the server returned, or the URL itself if it is none."""
    try:
        return normalize_url(url)
    except InputError:
        return str(url)


def is_url(url: object) -> bool:
    """Say whether normalize_url takes a URL."""
    try:
        normalize_url(url)
    except InputError:
        return False
    return True


def id_or_url(value: object, option: str) -> SiteName:
    """Return the SiteName in an option that takes an id or a URL.

    Arguments:
        value: what the user wrote. option: its name, for the error message.

    Raises InputError if it is empty, a URL that normalize_url refuses, or looks like a URL without its scheme.
    """
    text = str(value).strip()
    if "://" in text:
        return SiteName(normalize_url(text, option), True)
    if not text or _UNSAFE.search(text) or "/" in text or "." in text:
        raise InputError("%s: %r is neither an id nor a URL" % (option, text),
                         hint="Write a URL with its scheme, like https://www.example.com/blog; ids are letters and digits.")
    return SiteName(text, False)


def check_ip(value: object, option: str) -> None:
    """Refuse what is no IP address. Raises InputError that names the option."""
    try:
        ipaddress.ip_address(str(value))
    except ValueError:
        raise InputError("%s: %r is no IP address" % (option, value)) from None


def check_host(host: str, option: str, text: str) -> str:
    """Return a host name in lower case and IDNA; the dot that ends a fully qualified name is dropped.

    Arguments:
        host: the name or the address. option: where it stands. text: the whole value, for the error message.

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
    """Return an international host name as the DNS writes it."""
    try:
        if idna is not None:
            return str(idna.encode(host, uts46=True).decode("ascii")).lower()
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise InputError("%s: %r has no valid host name (%s)" % (option, text, error)) from error
