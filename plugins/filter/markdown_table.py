# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the filter markdown_table."""

from __future__ import annotations

DOCUMENTATION = r"""
name: markdown_table
short_description: Convert rows to a Markdown table
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Converts a list of dictionaries to a Markdown table. Special characters in values are escaped.
positional: columns
options:
  _input:
    description:
      - The rows.
    type: list
    elements: dict
    required: true
  columns:
    description:
      - Keys of the rows, in the order of the columns. They are also the column titles.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Show a table
  ansible.builtin.debug:
    msg: "{{ [{'url': 'https://www.example.com/blog', 'version': '6.4.3'}] | hostops.installatron.markdown_table(['url', 'version']) }}"
"""

RETURN = r"""
_value:
  description:
    - The table in Markdown.
  type: str
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter
from ansible_collections.hostops.installatron.plugins.plugin_utils._markdown import markdown_table


class FilterModule:
    """Filter plugin."""

    def filters(self):
        """Return the filters by name."""
        return {"markdown_table": as_filter(markdown_table)}
