# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the filter backup_audit_markdown."""

from __future__ import annotations

DOCUMENTATION = r"""
name: backup_audit_markdown
short_description: Convert a backup audit to Markdown
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Converts the result of M(hostops.installatron.itron_backups) to a report in Markdown.
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
- name: Audit the backups
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
    - The report in Markdown.
  type: str
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._backup_markdown import backup_audit_markdown
from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter


class FilterModule:
    """Filter plugin."""

    def filters(self):
        """Return the filters by name."""
        return {"backup_audit_markdown": as_filter(backup_audit_markdown)}
