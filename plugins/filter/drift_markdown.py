# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter drift_markdown: documentation, and the entry point."""

from __future__ import annotations

DOCUMENTATION = r"""
name: drift_markdown
short_description: Write a report of drift as Markdown
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Takes a report of P(hostops.installatron.drift_report#filter).
options:
  _input:
    description:
      - The report.
    type: dict
    required: true
seealso:
  - plugin: hostops.installatron.drift_report
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Write the report
  ansible.builtin.copy:
    content: "{{ report | hostops.installatron.drift_markdown }}"
    dest: /tmp/drift.md
    mode: "0644"
  vars:
    report: {missing: [], unmanaged: [], different: [], accounts: [], errors: [], in_sync: 3, drifted: false}
"""

RETURN = r"""
_value:
  description:
    - Text in Markdown.
  type: str
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._drift import drift_markdown
from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter


class FilterModule:
    """Names the filter."""

    def filters(self):
        """Return the filter by its name."""
        return {"drift_markdown": as_filter(drift_markdown)}
