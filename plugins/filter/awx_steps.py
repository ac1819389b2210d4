# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter awx_steps: documentation, and the entry point."""

from __future__ import annotations

DOCUMENTATION = r"""
name: awx_steps
short_description: Say which objects of AWX can be made, looked at, or removed
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Takes the objects of the filter P(hostops.installatron.awx_objects#filter). The role P(hostops.installatron.awx#role) uses it.
  - In check mode, nothing is made that others refer to. A module of C(awx.awx) fails on an object whose organization or project does not
    exist yet, so such objects are only named.
  - When objects are removed, a module fails on one whose organization or credential type is gone already, so only what is there is returned.
options:
  _input:
    description:
      - The objects.
    type: dict
    required: true
  found:
    description:
      - Names of what AWX has, as lists by endpoint of its API, of nodes as C(workflow/identifier). If omitted, everything is made in turn.
    type: dict
  action:
    description:
      - V(make) objects or V(remove) them, or V(check) whether O(playbooks) has all playbooks of the templates.
    type: str
    choices: [make, remove, check]
    default: make
  organization:
    description:
      - Whether the organization is removed, too. AWX removes with it all that is in it.
    type: bool
    default: false
  playbooks:
    description:
      - Playbooks that the project of AWX has.
    type: list
    elements: str
"""

EXAMPLES = r"""
- name: Name what is to be removed
  ansible.builtin.debug:
    msg: "{{ objects | hostops.installatron.awx_steps(found, action='remove') | map(attribute='name') }}"
  vars:
    objects: "{{ description | hostops.installatron.awx_objects }}"
    description:
      organization: Hosting
      project:
        url: https://git.example.com/estate.git
      servers:
        - name: main
          api_url: https://installatron.example.com/server/v1
          api_key_variable: vault_itron_api_key
    found:
      organizations: [Hosting]
      credential_types: []
      credentials: []
      execution_environments: []
      projects: ["Installatron project"]
      inventories: []
      notification_templates: []
      job_templates: ["Installatron main: Plan"]
      workflow_job_templates: []
"""

RETURN = r"""
_value:
  description:
    - With O(action=make), the objects by variable, beside them C(nodes) and C(links) of workflows, and in C(waiting) the names of those that wait for
      others. With O(action=remove), a list of tables with C(module), C(name), and what else the module needs. With O(action=check), the
      playbooks that are missing.
  type: raw
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_steps import awx_removals, awx_steps, missing_playbooks
from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter
from ansible_collections.hostops.installatron.plugins.plugin_utils._literal import literal


def steps(objects, found=None, action="make", organization=False, playbooks=()):
    """Return the steps of one action."""
    if action == "check":
        return missing_playbooks(objects, playbooks)
    return literal(awx_removals(objects, found, organization) if action == "remove" else awx_steps(objects, found))


class FilterModule:
    """Names the filter."""

    def filters(self):
        """Return the filter by its name."""
        return {"awx_steps": as_filter(steps, "awx_steps")}
