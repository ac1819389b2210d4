# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Protects texts from templating by Ansible. This is a private util of the collection."""

from __future__ import annotations

import json

try:
    # Since ansible-core 2.19, only trusted strings are templated; before, all but unsafe ones.
    from ansible.template import trust_as_template as _TRUST
    _MARK = None
except ImportError:
    from ansible.utils.unsafe_proxy import wrap_var as _MARK
    _TRUST = None


def literal(value):
    """Return a nested value whose strings are never templated."""
    if isinstance(value, dict):
        return {name: literal(item) for name, item in value.items()}
    if isinstance(value, list):
        return [literal(item) for item in value]
    return _MARK(value) if _TRUST is None and isinstance(value, str) else value


def plain(value):
    """Return a nested value with plain Python types instead of Ansible's types."""
    return json.loads(json.dumps(value))
