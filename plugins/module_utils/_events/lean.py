# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Replies that keep only some members during parsing. This is a private util of the collection.

A list of 10,000 sites has 13 MB, and more than 100 MB as Python dictionaries. A long-running event source keeps only the members
that it evaluates, and the secrets, because it must mask them in its output.
"""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

from .._redaction.labels import is_secret_name
from .._wire.reply import Reply

if TYPE_CHECKING:
    from .._wire.transport import CliTransport, HttpTransport

# Members of the envelope around the rows (sections 3.5 and 3.6).
_ENVELOPE = frozenset(("result", "message", "data", "errcode", "errfield"))


class LeanReply(Reply):
    """A reply whose JSON objects contain only some members.

    Arguments:
        reply: the original reply. members: to keep, in addition to those of the envelope and those with the name of a secret.
    """

    def __init__(self, reply: Reply, members: frozenset[str]) -> None:
        super().__init__(reply.body, reply.status, reply.location, reply.retry_after, reply.exit_status, reply.stderr, reply.content_type, reply.max_size)
        self._members = members

    def _loaded(self) -> Any:
        """Return the decoded text without the other members. Raises ValueError."""
        kept = functools.lru_cache(maxsize=4096)(lambda name: name in self._members or name in _ENVELOPE or is_secret_name(name))
        return json.loads(self.text, object_hook=lambda table: {name: value for name, value in table.items() if kept(name)})


class LeanTransport:
    """A transport for v1 that keeps only some members in the rows of some commands.

    Arguments:
        transport: sends the requests. members: command -> members to keep. Replies of other commands are complete.
    """

    def __init__(self, transport: HttpTransport | CliTransport, members: dict[str, frozenset[str]]) -> None:
        self._transport = transport
        self._members = members

    def post(self, payload: dict[str, Any], repeatable: bool) -> Reply:
        """Send one v1 request and return its Reply."""
        reply = self._transport.post(payload, repeatable)
        members = self._members.get(str(payload["cmd"]))
        return reply if members is None else LeanReply(reply, members)
