# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that Ansible must not take for templates. This is a private util of the collection."""

from __future__ import annotations

import json

try:
    # From ansible-core 2.19 on, a text is a template only if somebody said so; before, only if nobody said it is not.
    from ansible.template import trust_as_template as _TRUST
    _MARK = None
except ImportError:
    from ansible.utils.unsafe_proxy import wrap_var as _MARK
    _TRUST = None


def literal(value):
    """Return a nested value whose texts are never evaluated."""
    if isinstance(value, dict):
        return {name: literal(item) for name, item in value.items()}
    if isinstance(value, list):
        return [literal(item) for item in value]
    return _MARK(value) if _TRUST is None and isinstance(value, str) else value


def plain(value):
    """Return a nested value of the types that other libraries know, not of those of Ansible."""
    return json.loads(json.dumps(value))
