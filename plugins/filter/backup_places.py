# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter backup_places: documentation, and the entry point."""

from __future__ import annotations

DOCUMENTATION = r"""
name: backup_places
short_description: Say where sites are to keep their backups
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Takes policies and the sites of an audit, and returns what is to be set where. Used by the role
    P(hostops.installatron.backup_policy#role).
positional: sites, everything
options:
  _input:
    description:
      - Policies by site, as P(hostops.installatron.site_parts#filter) returns them.
    type: dict
    required: true
  sites:
    description:
      - C(sites) of an audit of P(hostops.installatron.backup_audit#filter).
    type: list
    elements: dict
    required: true
  everything:
    description:
      - Policy of all other sites of the audit. If omitted, nothing is set for them.
    type: dict
seealso:
  - plugin: hostops.installatron.backup_audit
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show what is to be set
  ansible.builtin.debug:
    msg: "{{ {} | hostops.installatron.backup_places(audit.sites, {'location': 'local'}) }}"
  vars:
    audit: "{{ {} | hostops.installatron.backup_audit([], [], 0, {}) }}"
"""

RETURN = r"""
_value:
  description:
    - Items of M(hostops.installatron.itron_installs).
  type: list
  elements: dict
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._backup_audit import backup_places
from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter


class FilterModule:
    """Names the filter."""

    def filters(self):
        """Return the filter by its name."""
        return {"backup_places": as_filter(backup_places)}
