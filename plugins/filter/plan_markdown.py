# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the filter plan_markdown."""

from __future__ import annotations

DOCUMENTATION = r"""
name: plan_markdown
short_description: Convert a plan to Markdown
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Converts RV(hostops.installatron.itron_installs#module:plan) to Markdown for approval, for example as a comment on a merge
    request.
  - The text contains the counts, followed by the removals and the changes of each site.
options:
  _input:
    description:
      - The plan.
    type: dict
    required: true
  limit:
    description:
      - Maximum number of removed sites and of changed sites to show. The counts always include all sites. By default, all sites
        are shown.
    type: int
    version_added: 0.1.0
seealso:
  - module: hostops.installatron.itron_installs
"""

EXAMPLES = r"""
- name: Create a plan
  hostops.installatron.itron_installs:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    installs_from: [sites]
    make_plan: true
  check_mode: true
  register: planned

- name: Show the plan
  ansible.builtin.debug:
    msg: "{{ planned.plan | hostops.installatron.plan_markdown }}"

- name: Apply the plan after approval
  hostops.installatron.itron_installs:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    installs_from: [sites]
    approved_plan: "{{ planned.plan }}"
"""

RETURN = r"""
_value:
  description:
    - The plan in Markdown.
  type: str
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter
from ansible_collections.hostops.installatron.plugins.plugin_utils._saved_plan import plan_markdown


class FilterModule:
    """Filter plugin."""

    def filters(self):
        """Return the filters by name."""
        return {"plan_markdown": as_filter(plan_markdown)}
