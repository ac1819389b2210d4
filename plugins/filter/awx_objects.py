# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter awx_objects: documentation, and the entry point."""

from __future__ import annotations

DOCUMENTATION = r"""
name: awx_objects
short_description: Make the objects of AWX from one description
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Takes a description, and returns all objects of AWX that it asks for, by the variables that the collection C(infra.aap_configuration) has
    for them, in the order in which AWX can make them.
  - The role P(hostops.installatron.awx#role) makes these objects. The members of the description are the variables of the role without C(awx_).
  - No object holds a secret. A credential names the variable with its API key as C(api_key_variable), a notification template the one with its
    configuration as C(configuration_variable).
options:
  _input:
    description:
      - The description.
    type: dict
    required: true
seealso:
  - plugin: hostops.installatron.awx_files
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Name the job templates of a server
  ansible.builtin.debug:
    msg: "{{ (description | hostops.installatron.awx_objects).controller_templates | map(attribute='name') }}"
  vars:
    description:
      organization: Hosting
      project:
        url: https://git.example.com/estate.git
      servers:
        - name: main
          api_url: https://installatron.example.com/server/v1
          api_key_variable: vault_itron_api_key
"""

RETURN = r"""
_value:
  description:
    - The objects, as lists by variable, such as C(controller_templates) and C(controller_workflows).
  type: dict
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_objects import awx_objects
from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter
from ansible_collections.hostops.installatron.plugins.plugin_utils._literal import literal, plain


def objects(description):
    """Return the objects; the templates in them are for AWX."""
    return literal(awx_objects(plain(description)))


class FilterModule:
    """Names the filter."""

    def filters(self):
        """Return the filter by its name."""
        return {"awx_objects": as_filter(objects, "awx_objects")}
