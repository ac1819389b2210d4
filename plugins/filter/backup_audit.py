# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter backup_audit: documentation, and the entry point."""

from __future__ import annotations

DOCUMENTATION = r"""
name: backup_audit
short_description: Compare backups with a policy
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Says of each site how old its youngest backup is, how many there are, how large, and where, and what of that is
    against the policy. Used by the role P(hostops.installatron.backup_policy#role).
positional: installs, backups, now, everything
options:
  _input:
    description:
      - Policies by site, as P(hostops.installatron.site_parts#filter) returns them.
    type: dict
    required: true
  installs:
    description:
      - RV(hostops.installatron.itron_install_info#module:installs).
    type: list
    elements: dict
    required: true
  backups:
    description:
      - RV(hostops.installatron.itron_backup_info#module:backups).
    type: list
    elements: dict
    required: true
  now:
    description:
      - The time that ages are told from, in Unix seconds.
    type: int
    required: true
  everything:
    description:
      - Policy of all other installed applications. If omitted, they are not looked at.
    type: dict
seealso:
  - plugin: hostops.installatron.backup_audit_markdown
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

- name: Sites without a backup of the last two days
  ansible.builtin.debug:
    msg: "{{ audit.sites | rejectattr('findings', 'eq', []) | map(attribute='url') }}"
  vars:
    audit: "{{ {} | hostops.installatron.backup_audit(listed.installs, kept.backups, now(utc=true).timestamp(), {'max_age': '2d'}) }}"
"""

RETURN = r"""
_value:
  description:
    - C(sites), a table for each of them, the worst first, those without a backup before all others; C(worst), at most 100 of
      those that do not meet their policy; C(due), the options of
      M(hostops.installatron.itron_backup) for those that can be brought to their policy; C(places), the items of
      M(hostops.installatron.itron_installs) that set where and when the server backs up by itself; C(summary), counts.
  type: dict
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._backup_audit import backup_audit
from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter


class FilterModule:
    """Names the filter."""

    def filters(self):
        """Return the filter by its name."""
        return {"backup_audit": as_filter(backup_audit)}
