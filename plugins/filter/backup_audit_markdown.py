# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter backup_audit_markdown: documentation, and the entry point."""

from __future__ import annotations

DOCUMENTATION = r"""
name: backup_audit_markdown
short_description: Write an audit of backups as Markdown
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Takes an audit of P(hostops.installatron.backup_audit#filter).
options:
  _input:
    description:
      - The audit.
    type: dict
    required: true
seealso:
  - plugin: hostops.installatron.backup_audit
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Write the report
  ansible.builtin.copy:
    content: "{{ {} | hostops.installatron.backup_audit([], [], 0) | hostops.installatron.backup_audit_markdown }}"
    dest: /tmp/backups.md
    mode: "0644"
"""

RETURN = r"""
_value:
  description:
    - Text in Markdown.
  type: str
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._backup_audit import backup_audit_markdown
from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter


class FilterModule:
    """Names the filter."""

    def filters(self):
        """Return the filter by its name."""
        return {"backup_audit_markdown": as_filter(backup_audit_markdown)}
