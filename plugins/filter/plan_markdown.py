# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter plan_markdown: documentation, and the entry point."""

from __future__ import annotations

DOCUMENTATION = r"""
name: plan_markdown
short_description: Show a plan as Markdown
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Takes RV(hostops.installatron.itron_installs#module:plan), and returns what people approve, for example as the comment of a merge
    request - counts first, then removals, then the changes of each site.
options:
  _input:
    description:
      - The plan.
    type: dict
    required: true
  limit:
    description:
      - How many sites are shown at most, of those that are removed and of those that change. The counts are those of all sites. If omitted, all
        sites are shown.
    type: int
    version_added: 0.1.0
seealso:
  - module: hostops.installatron.itron_installs
"""

EXAMPLES = r"""
- name: Plan
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

- name: Apply exactly this plan, when it has been approved
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
    - The plan as Markdown.
  type: str
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter
from ansible_collections.hostops.installatron.plugins.plugin_utils._saved_plan import plan_markdown


class FilterModule:
    """Names the filter."""

    def filters(self):
        """Return the filter by its name."""
        return {"plan_markdown": as_filter(plan_markdown)}
