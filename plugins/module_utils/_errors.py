# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The kinds of failure of a conversation with Installatron Server. This is a private util of the collection."""

from __future__ import annotations

# The longest message, in characters.
MAX_MESSAGE = 4000


def shortened(text):
    """Return a text of at most MAX_MESSAGE characters: beginning and end, where the reason and the way out stand."""
    if len(text) <= MAX_MESSAGE:
        return text
    return "%s ... %s" % (text[:MAX_MESSAGE // 2], text[-MAX_MESSAGE // 4:])


class ItronError(Exception):
    """A failure with all that a user needs to act on it.

    Arguments:
        message: one line for people, without secrets.
        stage: where it happened: V(input), V(read), V(plan), V(dryrun), V(write), V(wait), V(verify).
        command: name of the API command, if there was one.
        errcode, errfield: what the server said, if it did.
        http_status: status of the HTTP reply, if there was one.
        hint: the way out, one sentence.
        unknown: true if a write may or may not have been carried out.
        resend: true if the request got lost on the way, so that a command which the server itself guards against
            doubles may be sent once more.
    """

    def __init__(self, message, stage=None, command=None, errcode=None, errfield=None, http_status=None,
                 hint=None, unknown=False, resend=False):
        super().__init__(message)
        self.message = message
        self.stage = stage
        self.command = command
        self.errcode = errcode
        self.errfield = errfield
        self.http_status = http_status
        self.hint = hint
        self.unknown = unknown
        self.resend = resend

    def failure(self):
        """Return the documented C(failure) dictionary."""
        return {
            "command": self.command,
            "stage": self.stage,
            "errcode": self.errcode,
            "errfield": self.errfield,
            "http_status": self.http_status,
            "hint": self.hint,
        }

    def text(self):
        """Return message and hint as the one line that a task prints."""
        message = " ".join(str(self.message).split())
        if self.hint:
            return "%s%s %s" % (message, "" if message.endswith((".", "!", "?")) else ".", self.hint)
        return message


class InputError(ItronError):
    """An option that cannot be right; nothing was sent. The message names the option."""

    def __init__(self, message, **kwargs):
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
