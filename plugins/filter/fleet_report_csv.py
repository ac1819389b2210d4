# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter fleet_report_csv: documentation, and the entry point."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet_report_csv
short_description: Write the sites of a report as CSV
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Takes a report of P(hostops.installatron.fleet_report#filter), and returns a line for each site after one with the names of
    the columns.
  - A text that a spreadsheet would take for a formula stands behind an apostrophe.
options:
  _input:
    description:
      - The report, or its text as JSON, which is handed over faster where there are thousands of sites.
    type: raw
    required: true
seealso:
  - plugin: hostops.installatron.fleet_report
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Write the sites
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
    - The table, with commas and line feeds.
  type: str
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter
from ansible_collections.hostops.installatron.plugins.plugin_utils._report_csv import fleet_report_csv


class FilterModule:
    """Names the filter."""

    def filters(self):
        """Return the filter by its name."""
        return {"fleet_report_csv": as_filter(fleet_report_csv)}
