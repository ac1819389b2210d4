# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the filter fleet_report_html."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet_report_html
short_description: Convert a fleet report to an HTML page
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Converts a report from P(hostops.installatron.fleet_report#filter) to a page with key figures, charts, and a searchable and
    sortable table.
  - The page is self-contained. It loads no other files, and its Content-Security-Policy prevents it from doing so.
  - The page contains only ASCII characters. Other characters are written as character references.
options:
  _input:
    description:
      - The report, as a dictionary or JSON string. A string is processed faster if there are thousands of sites.
    type: raw
    required: true
  title:
    description:
      - Title of the page.
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
    - The HTML page.
  type: str
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter
from ansible_collections.hostops.installatron.plugins.plugin_utils._report_html import fleet_report_html


class FilterModule:
    """Filter plugin."""

    def filters(self):
        """Return the filters by name."""
        return {"fleet_report_html": as_filter(fleet_report_html)}
