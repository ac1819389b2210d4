# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What came back from the server, and its JSON within limits. This is a private util of the collection."""

from __future__ import annotations

import functools
import json
import re
from typing import Any

from .._base.errors import ReplyError
from .._base.text import decoded

# Tables and lists inside each other; the deepest sample of the specification has six.
MAX_DEPTH = 64
# Bytes that max_reply_size allows for each member, and for each table or list: a site has about 70 members in 1,300 bytes. What
# is denser is not a list of sites, and takes many times its size in memory.
BYTES_PER_MEMBER, BYTES_PER_TABLE = 16, 128
MEBIBYTE = 1024 * 1024
# Half of a character outside of the basic plane.
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class Reply:
    """What came back.

    Arguments:
        body: bytes.
        status: HTTP status, or None from the command line.
        location: where a redirect points.
        retry_after: seconds that the server asks to wait, clamped, or None.
        exit_status, stderr: of the command line.
        content_type: what the server says that the body is.
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
        """The body as a text, without a byte order mark."""
        return decoded(self.body).strip().removeprefix("\ufeff").lstrip()

    @functools.cached_property
    def json(self) -> Any:
        """The value in the body. Raises ValueError if it is no JSON; ReplyError if it is larger, denser or deeper than a reply may be."""
        _check_density(self.body, self.max_size)
        try:
            value = self._loaded()
            too_deep = _is_deeper(value, MAX_DEPTH)
        except RecursionError:
            too_deep = True
        if too_deep:
            raise ReplyError("the answer has more than %d tables and lists inside each other" % MAX_DEPTH, http_status=self.status,
                             hint="No reply of the API looks like this: check api_url, and what stands before the server.")
        return _whole_characters(value) if _SURROGATE.search(self.body) else value

    def _loaded(self) -> Any:
        """Return the value that the text stands for. Raises ValueError."""
        return json.loads(self.text)


def _check_density(body: bytes, max_size: int) -> None:
    """Refuse what would take far more memory than its size, before it is taken apart. Raises ReplyError."""
    limit = max_size * MEBIBYTE
    tables = body.count(b"[") + body.count(b"{")
    if tables > limit // BYTES_PER_TABLE or tables + body.count(b",") > limit // BYTES_PER_MEMBER:
        raise ReplyError("the answer has more members than a list of sites of this size", hint="Raise max_reply_size (now %d MiB) if the server really "
                         "has so much to tell." % max_size)


def _is_deeper(value: Any, depth: int) -> bool:
    """Say whether a value has more levels of tables and lists; level by level, for a list of sites is long and not deep."""
    level = [value] if isinstance(value, (dict, list)) else []
    for _level in range(depth):
        level = [item for table in level for item in (table.values() if isinstance(table, dict) else table) if isinstance(item, (dict, list))]
        if not level:
            return False
    return True


def _whole_characters(value: Any) -> Any:
    """Return a value in which the halves of characters are replaced: no encoding can carry them."""
    if isinstance(value, dict):
        return {_whole_characters(key): _whole_characters(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole_characters(item) for item in value]
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else value
