# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the filter awx_steps."""

from __future__ import annotations

DOCUMENTATION = r"""
name: awx_steps
short_description: Select the AWX objects to create, check, or remove
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Processes the objects from the filter P(hostops.installatron.awx_objects#filter) for the role
    P(hostops.installatron.awx#role).
  - In check mode, objects that others depend on are not created. A module of C(awx.awx) fails if the organization or project of
    an object does not exist, so the filter returns only the names of such objects.
  - A module also fails to remove an object whose organization or credential type does not exist. The filter returns only existing
    objects for removal.
options:
  _input:
    description:
      - The objects.
    type: dict
    required: true
  found:
    description:
      - Names of existing objects in AWX, as lists by API endpoint. Workflow nodes are named C(workflow/identifier). If omitted,
        all objects are created in order.
    type: dict
  action:
    description:
      - Whether to V(make) or V(remove) objects, or to V(check) that O(playbooks) contains all playbooks of the templates.
    type: str
    choices: [make, remove, check]
    default: make
  organization:
    description:
      - Whether to remove the organization. AWX then removes all its contents.
    type: bool
    default: false
  playbooks:
    description:
      - Playbooks in the AWX project.
    type: list
    elements: str
"""

EXAMPLES = r"""
- name: Show the objects to remove
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
    - With O(action=make), the objects by variable, C(nodes) and C(links) of workflows, and in C(waiting) the names of objects
      that depend on others.
    - With O(action=remove), a list of dictionaries with C(module), C(name), and other arguments of the module.
    - With O(action=check), the missing playbooks.
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
    """Filter plugin."""

    def filters(self):
        """Return the filters by name."""
        return {"awx_steps": as_filter(steps, "awx_steps")}
