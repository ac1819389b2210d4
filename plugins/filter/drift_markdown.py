# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the filter drift_markdown."""

from __future__ import annotations

DOCUMENTATION = r"""
name: drift_markdown
short_description: Convert a drift report to Markdown
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Converts a report from P(hostops.installatron.drift_report#filter) to Markdown.
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
    - The report in Markdown.
  type: str
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._drift import drift_markdown
from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter


class FilterModule:
    """Filter plugin."""

    def filters(self):
        """Return the filters by name."""
        return {"drift_markdown": as_filter(drift_markdown)}
