# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the filter drift_report."""

from __future__ import annotations

DOCUMENTATION = r"""
name: drift_report
short_description: Report differences between site descriptions and the server
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Converts the result of M(hostops.installatron.itron_installs) in check mode and diff mode to a report of missing, unmanaged,
    and different sites.
  - The role P(hostops.installatron.drift#role) uses this filter.
positional: listed
options:
  _input:
    description:
      - Result of M(hostops.installatron.itron_installs) in check mode and diff mode.
    type: dict
    required: true
  listed:
    description:
      - All installed applications, RV(hostops.installatron.itron_install_info#module:installs).
    type: list
    elements: dict
    required: true
  accounts:
    description:
      - Results of M(hostops.installatron.itron_user) in a loop over names, in check mode and diff mode.
    type: list
    elements: dict
    default: []
  ignore:
    description:
      - Regular expressions. Unmanaged sites whose URL matches one of them are omitted.
    type: list
    elements: str
    default: []
  failure:
    description:
      - Reason why the comparison failed, if it failed.
    type: str
seealso:
  - plugin: hostops.installatron.drift_markdown
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Compare the sites
  hostops.installatron.itron_installs:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    installs_from: sites/
  check_mode: true
  diff: true
  register: compared

- name: List the installed applications
  hostops.installatron.itron_install_info:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    owned_accounts: true
  register: listed

- name: Show unmanaged sites
  ansible.builtin.debug:
    msg: "{{ (compared | hostops.installatron.drift_report(listed.installs)).unmanaged }}"
"""

RETURN = r"""
_value:
  description:
    - C(missing), C(unmanaged), C(different), and C(accounts) are lists of dictionaries.
    - C(errors) contains sites that could not be compared.
    - C(in_sync) is the number of sites without drift.
    - C(drifted) is true if one of the lists contains an entry. It is null if the comparison failed.
    - C(failure) is the reason why the comparison failed, or null.
    - C(message) is a summary in one line.
  type: dict
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._drift import drift_report
from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter


class FilterModule:
    """Filter plugin."""

    def filters(self):
        """Return the filters by name."""
        return {"drift_report": as_filter(drift_report)}
