# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The errors of requests to Installatron Server. This is a private util of the collection."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# The longest message, in characters.
MAX_MESSAGE = 4000


def shortened(text: str) -> str:
    """Return a text shortened to MAX_MESSAGE characters. The beginning with the reason and the end with the hint are kept."""
    if len(text) <= MAX_MESSAGE:
        return text
    return "%s ... %s" % (text[:MAX_MESSAGE // 2], text[-MAX_MESSAGE // 4:])


class Delivery(enum.Enum):
    """The delivery status of a request without a successful reply."""

    NOT_DONE = "not done"    # not sent, or refused; a repetition fails in the same way
    UNREACHED = "unreached"  # the connection failed; any request may be sent again
    LOST = "lost"            # sent, but no reply arrived; only a guarded command may be sent again
    GATEWAY = "gateway"      # a proxy replied; the server may still be executing the request
    GARBLED = "garbled"      # the reply is invalid; the server may have executed the request, and is done with it

    @property
    def is_unknown(self) -> bool:
        """Whether it is unknown if the request was executed."""
        return self in (Delivery.LOST, Delivery.GATEWAY, Delivery.GARBLED)

    @property
    def is_open(self) -> bool:
        """Whether the server may still be executing the request."""
        return self in (Delivery.LOST, Delivery.GATEWAY)

    @classmethod
    def of_status(cls, status: int | None) -> Delivery:
        """Return the Delivery for an HTTP status without a reply of the API. None stands for the command-line program."""
        if status in (502, 504):
            return cls.GATEWAY
        return cls.GARBLED if status is None or status < 400 or status >= 500 else cls.NOT_DONE


class ItronError(Exception):
    """A failure with the details that a user needs to fix it.

    Arguments:
        message: one line without secrets.
        stage: stage of the failure: V(input), V(read), V(plan), V(dryrun), V(write), V(wait), V(verify).
        command: name of the API command, or None.
        errcode, errfield: error code and field from the server, or None.
        http_status: status of the HTTP reply, or None.
        hint: the fix.
        delivery: the delivery status of the request.
        quoted: external text to append to the message; the Client masks and normalizes it.
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
        """Return the message and the hint as one line.

        Arguments:
            clean: a function that masks secrets in a text. The message and the hint are masked separately, because the hint would
                hide the end of a message that ends in a truncated secret.
        """
        message = " ".join(clean(str(self.message)).split())
        if self.hint:
            return "%s%s %s" % (message, "" if message.endswith((".", "!", "?")) else ".", clean(self.hint))
        return message


class InputError(ItronError):
    """An invalid option, which the message names. No request was sent."""

    def __init__(self, message: str, **kwargs: Any) -> None:
        kwargs.setdefault("stage", "input")
        super().__init__(message, **kwargs)


class RefusedError(ItronError):
    """The server rejected the request (C(result: false)) and changed nothing."""


class ReplyError(ItronError):
    """The response is not a valid reply of the API: HTML, truncated JSON, an empty body, an HTTP error, or data of a wrong type."""


class NoRestError(ReplyError):
    """The server has no v2 interface: the response is HTML, or has no v2 envelope (rest-v2.md section 1)."""


class TransportError(ItronError):
    """No response: the connection failed or was lost."""


class TaskError(ItronError):
    """A background task failed, or its object does not show the expected effect."""


class WaitTimeoutError(ItronError):
    """A background task did not finish in time."""
