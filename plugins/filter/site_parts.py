# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the filter site_parts."""

from __future__ import annotations

DOCUMENTATION = r"""
name: site_parts
short_description: Split site descriptions into accounts, applications, and backup policies
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Splits descriptions for the role P(hostops.installatron.site#role). A description contains the options of an item of
    M(hostops.installatron.itron_installs), and the optional dictionaries C(account) and C(backup).
  - The filter fails if two sites of a user contain contradictory descriptions of its account.
positional: defaults, complete
options:
  _input:
    description:
      - Site descriptions.
    type: list
    elements: dict
    required: true
  defaults:
    description:
      - Default values of each description. C(settings) and C(backup) are merged by key.
    type: dict
    default: {}
  complete:
    description:
      - Whether an item of C(installs) without websites gets the websites of its account, if the account is described.
      - Use this in check mode, in which the account is not created before its sites are compared.
    type: bool
    default: false
seealso:
  - module: hostops.installatron.itron_backups
"""

EXAMPLES = r"""
- name: Manage the applications of the sites
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
    - C(accounts) contains the options of M(hostops.installatron.itron_user) by user, for users with a C(account) in a
      description.
    - C(installs) contains the items of M(hostops.installatron.itron_installs).
    - C(backups) contains the backup policies by identifier or URL, for sites with C(backup) whose state is present.
  type: dict
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter
from ansible_collections.hostops.installatron.plugins.plugin_utils._site_description import site_parts


class FilterModule:
    """Filter plugin."""

    def filters(self):
        """Return the filters by name."""
        return {"site_parts": as_filter(site_parts)}
