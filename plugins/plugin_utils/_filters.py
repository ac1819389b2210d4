# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wraps a pure function as a filter. This is a private util of the collection."""

from __future__ import annotations

import functools
import re

from ansible.errors import AnsibleFilterError

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError


def as_filter(function, name=None):
    """Return a filter that passes plain lists and dictionaries to a function. Errors contain the name of the filter (default: that of the function)."""
    name = name or function.__name__

    @functools.wraps(function)
    def wrapped(*args, **kwargs):
        try:
            return function(*[_plain(value) for value in args], **{key: _plain(value) for key, value in kwargs.items()})
        except InputError as error:
            raise AnsibleFilterError("%s: %s" % (name, error.text())) from error
        except re.error as error:
            raise AnsibleFilterError("%s: %r is not a regular expression (%s)" % (name, error.pattern, error)) from error

    return wrapped


def _plain(value):
    """Return a nested value with plain lists and dictionaries. Those of Ansible may template their members on access."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
