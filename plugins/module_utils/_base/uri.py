# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""URIs with credentials that are not encoded as RFC 3986 requires. This is a private util of the collection.

Users do not encode special characters in passwords. Everything between C(://) and the last C(@) is therefore treated as login and
password. If the path also contains an C(@), a part of the path is masked as well, which does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote, unquote_plus

MASK = "********"

# The limit avoids quadratic time on long words.
_SCHEME = re.compile(r"([A-Za-z0-9][A-Za-z0-9+.-]{0,30})://")
# Start of another URI in the same text. Inside a password, whitespace or a bracket does not precede a scheme.
_NEXT = re.compile(r"(?<=[\s'\"<>(\[,;])[A-Za-z0-9][A-Za-z0-9+.-]{0,30}://")
# A port rather than a password: the authority ends after it.
_PORT = re.compile(r":\d{1,5}(?=$|[/\s,;.)\]\"'<>?#])")
_HOST = re.compile(r"(?:[^\s/@:]*@)?(?:[\w-]+(?:\.[\w-]+)+|localhost|\[[0-9A-Fa-f:.]*\]?)")
# An @ before a host.
_AT = re.compile(r"@(?=[\w\[])")
# The end of a URI without an @ in prose.
_END = re.compile(r"[\s'\"<>]|\Z")
# Valid user info according to RFC 3986, section 3.2.1.
_ENCODED = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*")
# Maximum length of a URI in a text, in characters.
_LONGEST = 2000
# Scheme of a migration with the login of WordPress (section 3.4), which has no host.
_HOSTLESS = "app"


class Uri(NamedTuple):
    """The parts of a URI. C(login) and C(password) are not decoded, and None if missing. C(rest) contains host and path."""

    scheme: str
    login: str | None
    password: str | None
    rest: str


def split_uri(value: str) -> Uri | None:
    """Return the parts of a URI, or None if the value has no scheme."""
    match = _SCHEME.match(value.strip())
    if match is None:
        return None
    body = value.strip()[match.end():]
    if match.group(1).lower() == _HOSTLESS:
        login, colon, password = body.partition(":")
        return Uri(match.group(1), login, password if colon else None, "")
    userinfo, at, rest = body.rpartition("@")
    if not at and _lacks_at_sign(body):
        userinfo, at, rest = body, "", ""
    elif not at:
        return Uri(match.group(1), None, None, body)
    login, colon, password = userinfo.partition(":")
    return Uri(match.group(1), login, password if colon else None, rest)


def _lacks_at_sign(body: str) -> bool:
    """Return whether the text after C(://) is a login and password without C(@): its colon is not followed by a port."""
    authority = body.partition("/")[0]
    return ":" in authority and not authority.startswith("[") and not _PORT.match(body, body.index(":"))


def mask_uri(value: str) -> str:
    """Return a URI with its password masked; login, host and path stay readable."""
    uri = split_uri(value)
    if uri is None:
        return mask_uris(value)
    if not uri.password:
        return value
    hostless = uri.scheme.lower() == _HOSTLESS or not uri.rest and "@" not in value
    return "%s://%s:%s%s%s" % (uri.scheme, uri.login, MASK, "" if hostless else "@", uri.rest)


def needs_encoding(value: str) -> bool:
    """Return whether the login or password of a URI contains unencoded characters that programs may parse differently."""
    uri = split_uri(value)
    return uri is not None and not (_ENCODED.fullmatch(uri.login or "") and _ENCODED.fullmatch(uri.password or ""))


def _passwords(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield (start of the login, start of the password, end of the password) for each URI with a password in a text."""
    place = 0
    while True:
        scheme = _SCHEME.search(text, place)
        if scheme is None:
            return
        start = scheme.end()
        place = start
        colon = text.find(":", start)
        following = _NEXT.search(text, start)
        limit = min(following.start() if following else len(text), start + _LONGEST)
        if colon < 0 or colon >= limit:
            continue
        end = _password_end(text, scheme.group(1).lower(), start, colon, limit)
        if end is not None and end > colon + 1:
            yield start, colon + 1, end
            place = end


def _password_end(text: str, scheme: str, start: int, colon: int, limit: int) -> int | None:
    """Return the end of the password that follows a colon, or None if no password follows."""
    login = text[start:colon]
    if scheme == _HOSTLESS:
        return _end(text, colon)
    if "/" in login:
        return None
    ats = [match.start() for match in _AT.finditer(text, colon, limit)]
    is_host = _HOST.fullmatch(login)
    if _PORT.match(text, colon) and (is_host or not ats or scheme in ("http", "https")):
        return None
    if is_host and (not ats or text[colon + 1].isspace()):
        # A host in a sentence: "http://host: connection refused, write to admin@host".
        return None
    return ats[-1] if ats else _end(text, colon)


def _end(text: str, place: int) -> int:
    match = _END.search(text, place + 1)
    return match.start() if match else len(text)


def mask_uris(text: str) -> str:
    """Return a text with the passwords of all its URIs masked.

    In prose, the end of a URI is a guess: the last C(@) before a host ends the password.
    """
    if "://" not in text:
        return text
    pieces, last = [], 0
    for _start, begin, end in _passwords(text):
        pieces += [text[last:begin], MASK]
        last = end
    return "".join(pieces) + text[last:] if pieces else text


def uri_secrets(text: str, is_uri: bool = False) -> list[str]:
    """Return the secrets of the URIs in a text: raw and decoded passwords, and login with password.

    Arguments:
        text: the text. is_uri: whether the text is a single URI rather than prose.
    """
    if "@" not in text and ":" not in text.partition("://")[2]:
        # A fast path for addresses without credentials, which lists contain by the thousand.
        return []
    found: list[str] = []
    if is_uri:
        uri = split_uri(text)
        pairs = [(uri.login or "", uri.password)] if uri is not None and uri.password else []
    else:
        pairs = [(text[start:begin - 1], text[begin:end]) for start, begin, end in _passwords(text)]
    for login, password in pairs:
        if password == MASK:
            # The password is already masked, and the login is not secret.
            continue
        found += [password, unquote(password), unquote_plus(password), "%s:%s" % (login, password)]
    return found
