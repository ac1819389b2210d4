# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A reply of the server, and its JSON within limits. This is a private util of the collection."""

from __future__ import annotations

import functools
import json
import re
from typing import Any

from .._base.errors import ReplyError
from .._base.text import decoded

# Nesting depth of objects and lists. The deepest sample of the specification has six levels.
MAX_DEPTH = 64
# Minimum average size in bytes of a member, and of an object or list. A site has about 70 members in 1,300 bytes. Denser data
# is not a list of sites, and requires many times its size in memory.
BYTES_PER_MEMBER, BYTES_PER_TABLE = 16, 128
MEBIBYTE = 1024 * 1024
# A surrogate: half of a character outside the Basic Multilingual Plane.
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class Reply:
    """A reply of the server.

    Arguments:
        body: the body as bytes.
        status: HTTP status, or None for a reply of the command line.
        location: target of a redirect.
        retry_after: clamped seconds of the Retry-After header, or None.
        exit_status, stderr: result of the command-line program.
        content_type: the Content-Type header.
        max_size: the option max_reply_size, in MiB.
    """

    def __init__(self, body: bytes, status: int | None = None, location: str | None = None, retry_after: float | None = None,
                 exit_status: int | None = None, stderr: bytes = b"", content_type: str | None = None, max_size: int = 256) -> None:
        self.body = body
        self.status = status
        self.location = location
        self.retry_after = retry_after
        self.exit_status = exit_status
        self.stderr = stderr
        self.content_type = content_type
        self.max_size = max_size

    @functools.cached_property
    def text(self) -> str:
        """The body as a string, without a byte order mark."""
        return decoded(self.body).strip().removeprefix("\ufeff").lstrip()

    @functools.cached_property
    def json(self) -> Any:
        """The JSON value of the body. Raises ValueError if the body is not JSON, and ReplyError if it is too dense or too deeply nested."""
        _check_density(self.body, self.max_size)
        try:
            value = self._loaded()
            too_deep = _is_deeper(value, MAX_DEPTH)
        except RecursionError:
            too_deep = True
        if too_deep:
            raise ReplyError("the response is nested more than %d levels deep" % MAX_DEPTH, http_status=self.status,
                             hint="The API does not send such replies. Check api_url, and check for a proxy or firewall in front of the server.")
        return _replace_surrogates(value) if _SURROGATE.search(self.body) else value

    def _loaded(self) -> Any:
        """Parse the text. Raises ValueError."""
        return json.loads(self.text)


def _check_density(body: bytes, max_size: int) -> None:
    """Raise ReplyError for a body that would require far more memory than its size. Called before parsing."""
    limit = max_size * MEBIBYTE
    tables = body.count(b"[") + body.count(b"{")
    if tables > limit // BYTES_PER_TABLE or tables + body.count(b",") > limit // BYTES_PER_MEMBER:
        raise ReplyError("the response has more members than max_reply_size allows",
                         hint="Increase max_reply_size (now %d MiB) if the server has that much data." % max_size)


def _is_deeper(value: Any, depth: int) -> bool:
    """Return whether a value has more nested levels than depth.

    The search goes level by level, because a list of sites is long but not deep.
    """
    level = [value] if isinstance(value, (dict, list)) else []
    for _level in range(depth):
        level = [item for table in level for item in (table.values() if isinstance(table, dict) else table) if isinstance(item, (dict, list))]
        if not level:
            return False
    return True


def _replace_surrogates(value: Any) -> Any:
    """Return a value with unpaired surrogates replaced, because they cannot be encoded."""
    if isinstance(value, dict):
        return {_replace_surrogates(key): _replace_surrogates(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_replace_surrogates(item) for item in value]
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else value
