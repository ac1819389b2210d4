# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter fleet_report_html: documentation, and the entry point."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet_report_html
short_description: Write a report as one HTML page
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Takes a report of P(hostops.installatron.fleet_report#filter), and returns a page with headline numbers, charts, and a table
    that can be searched and sorted.
  - The page needs no other file. It loads nothing, and its Content-Security-Policy forbids it to.
  - It holds only ASCII characters, all others are written as references.
options:
  _input:
    description:
      - The report, or its text as JSON, which is handed over faster where there are thousands of sites.
    type: raw
    required: true
  title:
    description:
      - Heading of the page.
    type: str
    default: Fleet report
seealso:
  - plugin: hostops.installatron.fleet_report
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Write the page
  ansible.builtin.copy:
    content: "{{ report | hostops.installatron.fleet_report_html(title='Shared hosting') }}"
    dest: /tmp/report.html
    mode: "0600"
  vars:
    report: "{{ [] | hostops.installatron.fleet_report([], [], [], '2026-02-01T03:00:00Z') }}"
"""

RETURN = r"""
_value:
  description:
    - The page.
  type: str
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter
from ansible_collections.hostops.installatron.plugins.plugin_utils._report_html import fleet_report_html


class FilterModule:
    """Names the filter."""

    def filters(self):
        """Return the filter by its name."""
        return {"fleet_report_html": as_filter(fleet_report_html)}
