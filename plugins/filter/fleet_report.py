# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the filter fleet_report."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet_report
short_description: Report installed applications, their versions, and their backups
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Creates a report from the results of the information modules for sites, backups, tasks, and the catalog. The role
    P(hostops.installatron.report#role) uses this filter.
  - The report depends only on the arguments. Identical arguments result in identical reports.
  - The report contains the identifier, URL, title, owner, application, versions, policies, sizes, and times of each site. It
    contains no values that could be secret.
positional: backups, tasks, releases, now
options:
  _input:
    description:
      - RV(hostops.installatron.itron_install_info#module:installs), or RV(hostops.installatron.itron_install_info#module:json).
    type: raw
    required: true
  backups:
    description:
      - RV(hostops.installatron.itron_backup_info#module:backups), or RV(hostops.installatron.itron_backup_info#module:json).
    type: raw
    required: true
  tasks:
    description:
      - RV(hostops.installatron.itron_task_info#module:tasks).
    type: list
    elements: dict
    required: true
  releases:
    description:
      - RV(hostops.installatron.itron_app_facts#module:ansible_facts.itron_apps), the newest release of each application.
    type: list
    elements: dict
    required: true
  now:
    description:
      - Time of the report in ISO 8601 and UTC, such as V(2026-02-01T03:00:00Z). Ages are relative to this time.
    type: str
    required: true
  max_backup_age:
    description:
      - Maximum age of the newest backup of a site, as a number with the unit V(m), V(h), V(d), or V(w).
    type: str
    default: 2d
  previous:
    description:
      - An earlier report, as a dictionary or JSON string. The filter compares sizes with the last day before O(now) in this
        report.
    type: raw
  as_json:
    description:
      - Whether to return the report as a JSON string. For thousands of sites, this halves the processing time, because Ansible
        passes on a string without processing it.
      - The filters P(hostops.installatron.fleet_report_csv#filter) and P(hostops.installatron.fleet_report_html#filter) accept
        both forms.
    type: bool
    default: false
seealso:
  - plugin: hostops.installatron.fleet_report_csv
    plugin_type: filter
  - plugin: hostops.installatron.fleet_report_html
    plugin_type: filter
"""

EXAMPLES = r"""
- name: List the installed applications
  hostops.installatron.itron_install_info:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    owned_accounts: true
  register: listed

- name: List the backups
  hostops.installatron.itron_backup_info:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    owned_accounts: true
  register: kept

- name: Read the newest releases
  hostops.installatron.itron_app_facts:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"

- name: Show the number of outdated sites and of sites without a recent backup
  ansible.builtin.debug:
    msg: "{{ report.summary.outdated }}, {{ report.summary.backup_old + report.summary.backup_none }}"
  vars:
    report: "{{ listed.installs | hostops.installatron.fleet_report(kept.backups, [], ansible_facts.itron_apps, '2026-02-01T03:00:00Z') }}"
"""

RETURN = r"""
_value:
  description:
    - C(format) is the number V(1). C(time) is the time of the report. C(since) is the time of the compared sizes.
    - C(max_backup_age) is in seconds. C(summary) contains counts.
    - C(applications), C(versions), C(autoup), and C(backup_age) are lists of counts.
    - C(failed_tasks) contains the failed tasks. C(history) contains an entry for each day. C(sites) is sorted by URL.
    - Sizes are in bytes and ages in seconds.
  type: dict
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter
from ansible_collections.hostops.installatron.plugins.plugin_utils._report import fleet_report


class FilterModule:
    """Filter plugin."""

    def filters(self):
        """Return the filters by name."""
        return {"fleet_report": as_filter(fleet_report)}
