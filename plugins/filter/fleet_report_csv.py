# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the filter fleet_report_csv."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet_report_csv
short_description: Convert a fleet report to CSV
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Converts a report from P(hostops.installatron.fleet_report#filter) to CSV, with a header line and a line for each site.
  - Values that a spreadsheet could interpret as formulas are prefixed with an apostrophe.
options:
  _input:
    description:
      - The report, as a dictionary or JSON string. A string is processed faster if there are thousands of sites.
    type: raw
    required: true
seealso:
  - plugin: hostops.installatron.fleet_report
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Write the CSV file
  ansible.builtin.copy:
    content: "{{ report | hostops.installatron.fleet_report_csv }}"
    dest: /tmp/sites.csv
    mode: "0600"
  vars:
    report: "{{ [] | hostops.installatron.fleet_report([], [], [], '2026-02-01T03:00:00Z') }}"
"""

RETURN = r"""
_value:
  description:
    - The table, separated by commas and line feeds.
  type: str
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter
from ansible_collections.hostops.installatron.plugins.plugin_utils._report_csv import fleet_report_csv


class FilterModule:
    """Filter plugin."""

    def filters(self):
        """Return the filters by name."""
        return {"fleet_report_csv": as_filter(fleet_report_csv)}
