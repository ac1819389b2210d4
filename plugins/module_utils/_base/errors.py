# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The kinds of failure of a conversation with Installatron Server. This is a private util of the collection."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# The longest message, in characters.
MAX_MESSAGE = 4000


def shortened(text: str) -> str:
    """Return a text of at most MAX_MESSAGE characters: beginning and end, where the reason and the way out stand."""
    if len(text) <= MAX_MESSAGE:
        return text
    return "%s ... %s" % (text[:MAX_MESSAGE // 2], text[-MAX_MESSAGE // 4:])


class Delivery(enum.Enum):
    """What became of a request that got no good reply."""

    NOT_DONE = "not done"    # never sent, or answered with a refusal; the same request would end like this again
    UNREACHED = "unreached"  # the connection was never made; any request may be sent again
    LOST = "lost"            # sent, and no answer came; a command which the server guards against doubles may be sent again
    GATEWAY = "gateway"      # a proxy answered for a server that may still be at work
    GARBLED = "garbled"      # the server answered, but not with a reply; it may have done what was asked and is through with it

    @property
    def is_unknown(self) -> bool:
        """Whether the request may or may not have been carried out."""
        return self in (Delivery.LOST, Delivery.GATEWAY, Delivery.GARBLED)

    @property
    def is_open(self) -> bool:
        """Whether the server may still be at work on the request."""
        return self in (Delivery.LOST, Delivery.GATEWAY)

    @classmethod
    def of_status(cls, status: int | None) -> Delivery:
        """Return the Delivery of a request that an HTTP status without a reply of the API answers; None: a program answered."""
        if status in (502, 504):
            return cls.GATEWAY
        return cls.GARBLED if status is None or status < 400 or status >= 500 else cls.NOT_DONE


class ItronError(Exception):
    """A failure with all that a user needs to act on it.

    Arguments:
        message: one line for people, without secrets.
        stage: where it happened: V(input), V(read), V(plan), V(dryrun), V(write), V(wait), V(verify).
        command: name of the API command, if there was one.
        errcode, errfield: what the server said, if it did.
        http_status: status of the HTTP reply, if there was one.
        hint: the way out, one sentence.
        delivery: what became of the request, if there was one.
        quoted: text of others that belongs behind the message; the Client brings it into its normal form.
    """

    def __init__(self, message: str, stage: str | None = None, command: str | None = None, errcode: str | None = None,
                 errfield: str | None = None, http_status: int | None = None, hint: str | None = None,
                 delivery: Delivery = Delivery.NOT_DONE, quoted: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.stage = stage
        self.command = command
        self.errcode = errcode
        self.errfield = errfield
        self.http_status = http_status
        self.hint = hint
        self.delivery = delivery
        self.quoted = quoted

    def failure(self) -> dict[str, Any]:
        """Return the documented C(failure) dictionary."""
        return {
            "command": self.command,
            "stage": self.stage,
            "errcode": self.errcode,
            "errfield": self.errfield,
            "http_status": self.http_status,
            "hint": self.hint,
        }

    def text(self, clean: Callable[[str], str] = str) -> str:
        """Return message and hint as the one line that a task prints.

        Arguments:
            clean: a function that masks secrets in a text. Message and hint are cleaned apart, for where the message ends
                in a secret that was cut off, that secret seems to go on.
        """
        message = " ".join(clean(str(self.message)).split())
        if self.hint:
            return "%s%s %s" % (message, "" if message.endswith((".", "!", "?")) else ".", clean(self.hint))
        return message


class InputError(ItronError):
    """An option that cannot be right; nothing was sent. The message names the option."""

    def __init__(self, message: str, **kwargs: Any) -> None:
        kwargs.setdefault("stage", "input")
        super().__init__(message, **kwargs)


class RefusedError(ItronError):
    """The server understood the request and said no (C(result: false)); nothing was done by it."""


class ReplyError(ItronError):
    """An answer that is no reply of the API: HTML, cut-off JSON, an empty body, an HTTP error, data of a wrong type."""


class NoRestError(ReplyError):
    """The server has no v2 interface: an HTML page came, or an answer without the envelope of v2 (rest-v2.md section 1)."""


class TransportError(ItronError):
    """No answer: the connection could not be made, or broke."""


class TaskError(ItronError):
    """A background task failed, or its object does not show what the task should have done."""


class WaitTimeoutError(ItronError):
    """The time to wait ended while a task was still running."""
