# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter drift_report: documentation, and the entry point."""

from __future__ import annotations

DOCUMENTATION = r"""
name: drift_report
short_description: Report what differs between descriptions of sites and the server
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Takes the result of M(hostops.installatron.itron_installs) in check mode and diff mode, and says which sites are
    missing, not managed, or different. Used by the role P(hostops.installatron.drift#role).
positional: listed
options:
  _input:
    description:
      - Result of M(hostops.installatron.itron_installs) in check mode and diff mode.
    type: dict
    required: true
  listed:
    description:
      - RV(hostops.installatron.itron_install_info#module:installs), all that is installed.
    type: list
    elements: dict
    required: true
  accounts:
    description:
      - Results of a loop of M(hostops.installatron.itron_user) over names, in check mode and diff mode.
    type: list
    elements: dict
    default: []
  ignore:
    description:
      - Regular expressions. What is not managed at a URL in which one of them is found is left out.
    type: list
    elements: str
    default: []
  failure:
    description:
      - Why nothing could be compared, if so.
    type: str
seealso:
  - plugin: hostops.installatron.drift_markdown
    plugin_type: filter
"""

EXAMPLES = r"""
- name: What is wanted
  hostops.installatron.itron_installs:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    installs_from: sites/
  check_mode: true
  diff: true
  register: compared

- name: What there is
  hostops.installatron.itron_install_info:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    owned_accounts: true
  register: listed

- name: Sites that nobody described
  ansible.builtin.debug:
    msg: "{{ (compared | hostops.installatron.drift_report(listed.installs)).unmanaged }}"
"""

RETURN = r"""
_value:
  description:
    - C(missing), C(unmanaged), C(different), and C(accounts), lists of tables; C(errors), what could not be compared; C(in_sync),
      the number of sites that are as they should be; C(drifted), whether anything is in one of the lists; C(failure), why nothing
      could be compared, or null; C(message), what differs in one line. With a C(failure), C(drifted) is null.
  type: dict
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._drift import drift_report
from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter


class FilterModule:
    """Names the filter."""

    def filters(self):
        """Return the filter by its name."""
        return {"drift_report": as_filter(drift_report)}
