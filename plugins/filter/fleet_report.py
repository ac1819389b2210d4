# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter fleet_report: documentation, and the entry point."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet_report
short_description: Report what is installed, how old it is, and how it is backed up
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Puts together what the information modules return of sites, backups, tasks, and the catalogue. Used by the role
    P(hostops.installatron.report#role).
  - Nothing but the arguments is looked at, so the same ones give the same report.
  - Takes of each site its identifier, URL, title, owner, application, versions, policies, sizes, and times, and nothing that
    could be a secret.
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
      - The time of the report, ISO 8601 in UTC, such as V(2026-02-01T03:00:00Z). Ages are told from it.
    type: str
    required: true
  max_backup_age:
    description:
      - How old the youngest backup of a site may be, a number with V(m), V(h), V(d), or V(w).
    type: str
    default: 2d
  previous:
    description:
      - An earlier report, or its text as JSON. Sizes are compared with those of the last day before O(now) that it knows.
    type: raw
  as_json:
    description:
      - Whether to return the report as a text of JSON. With thousands of sites this takes half the time, for Ansible hands a text
        on as it is. The filters P(hostops.installatron.fleet_report_csv#filter) and
        P(hostops.installatron.fleet_report_html#filter) take either.
    type: bool
    default: false
seealso:
  - plugin: hostops.installatron.fleet_report_csv
    plugin_type: filter
  - plugin: hostops.installatron.fleet_report_html
    plugin_type: filter
"""

EXAMPLES = r"""
- name: What there is
  hostops.installatron.itron_install_info:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    owned_accounts: true
  register: listed

- name: Its backups
  hostops.installatron.itron_backup_info:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    owned_accounts: true
  register: kept

- name: The newest releases
  hostops.installatron.itron_app_facts:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"

- name: How many sites are outdated, and how many are without a young backup
  ansible.builtin.debug:
    msg: "{{ report.summary.outdated }}, {{ report.summary.backup_old + report.summary.backup_none }}"
  vars:
    report: "{{ listed.installs | hostops.installatron.fleet_report(kept.backups, [], ansible_facts.itron_apps, '2026-02-01T03:00:00Z') }}"
"""

RETURN = r"""
_value:
  description:
    - C(format), the number V(1); C(time), that of the report; C(since), that of the sizes compared with; C(max_backup_age) in
      seconds; C(summary), counts; C(applications), C(versions), C(autoup), and C(backup_age), lists of counts; C(failed_tasks);
      C(history), a point for each day; and C(sites), in the order of their URLs. Sizes are in bytes, ages in seconds.
  type: dict
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter
from ansible_collections.hostops.installatron.plugins.plugin_utils._report import fleet_report


class FilterModule:
    """Names the filter."""

    def filters(self):
        """Return the filter by its name."""
        return {"fleet_report": as_filter(fleet_report)}
