# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors: a refusal has the message, ``errcode`` and ``errfield`` of the reply."""


class Refusal(Exception):
    """The server refuses the request.

    Arguments: the message for people, ``errcode`` for programs, and ``errfield``, the invalid argument.
    The codes follow the pattern of the vendor's newer interface (``empty_argument_user``, ``user_not_found``, ...).
    """

    def __init__(self, message, errcode=None, errfield=None):
        super().__init__(message)
        self.message = message
        self.errcode = errcode
        self.errfield = errfield


class Interrupted(Exception):
    """The program stops while a task runs."""


class ConnectionDropped(OSError):
    """Raised through the web server to close the connection without a response."""


def missing(field):
    """Return the refusal for a request that lacks the required argument `field`."""
    return Refusal("Error: The required argument \"%s\" is missing." % field, "empty_argument_%s" % field, field)


def invalid(field, why):
    """Return the refusal for an invalid argument `field`; `why` is the reason as a sentence."""
    return Refusal("Error: Invalid value for \"%s\". %s" % (field, why), "invalid_argument_%s" % field, field)


def not_found(kind, field="id"):
    """Return the refusal for an object of `kind` (install, backup, user, application) that does not exist."""
    return Refusal("Error: The %s could not be found." % kind, "%s_not_found" % kind, field)
