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
  - Takes the result of M(hostops.installatron.itron_backups).
options:
  _input:
    description:
      - The result of the module.
    type: dict
    required: true
seealso:
  - module: hostops.installatron.itron_backups
"""

EXAMPLES = r"""
- name: Look at the backups
  hostops.installatron.itron_backups:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    audit: true
    fail_on_findings: false
  register: audit

- name: Write the report
  ansible.builtin.copy:
    content: "{{ audit | hostops.installatron.backup_audit_markdown }}"
    dest: /tmp/backups.md
    mode: "0644"
"""

RETURN = r"""
_value:
  description:
    - Text in Markdown.
  type: str
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._backup_markdown import backup_audit_markdown
from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter


class FilterModule:
    """Names the filter."""

    def filters(self):
        """Return the filter by its name."""
        return {"backup_audit_markdown": as_filter(backup_audit_markdown)}
