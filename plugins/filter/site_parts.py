# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter site_parts: documentation, and the entry point."""

from __future__ import annotations

DOCUMENTATION = r"""
name: site_parts
short_description: Take descriptions of sites apart into accounts, applications, and backup policies
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - A description holds the options of one item of M(hostops.installatron.itron_installs), and beside them the tables
    C(account) and C(backup), as the role P(hostops.installatron.site#role) takes them.
  - It is an error if two sites of one user say different things of its account.
positional: defaults, complete
options:
  _input:
    description:
      - Descriptions of sites.
    type: list
    elements: dict
    required: true
  defaults:
    description:
      - Table that is merged under each description; C(settings) and C(backup) are merged key by key.
    type: dict
    default: {}
  complete:
    description:
      - Whether an item of C(installs) that names no websites gets those of its account, if the account is described.
      - For check mode, in which the account does not come to be before its sites are looked at.
    type: bool
    default: false
seealso:
  - module: hostops.installatron.itron_backups
"""

EXAMPLES = r"""
- name: The sites, without what belongs to their accounts and backups
  hostops.installatron.itron_installs:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    installs: "{{ (sites | hostops.installatron.site_parts).installs }}"
  vars:
    sites:
      - url: https://www.example.com/blog
        user: alice
        application: wordpress
        account:
          email: alice@example.com
        websites:
          - id: alice1
            path: /home/alice
            vhosts:
              https://www.example.com: public_html
        backup:
          max_age: 24h
          keep: 7
"""

RETURN = r"""
_value:
  description:
    - C(accounts), the options of M(hostops.installatron.itron_user) by user, of those users whose description has C(account).
    - C(installs), the items of M(hostops.installatron.itron_installs).
    - C(backups), the backup policies by id or URL, of those sites that have C(backup) and are to be present.
  type: dict
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter
from ansible_collections.hostops.installatron.plugins.plugin_utils._site_description import site_parts


class FilterModule:
    """Names the filter."""

    def filters(self):
        """Return the filter by its name."""
        return {"site_parts": as_filter(site_parts)}
