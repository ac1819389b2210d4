# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the filter awx_objects."""

from __future__ import annotations

DOCUMENTATION = r"""
name: awx_objects
short_description: Create the definitions of AWX objects from a description
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Converts a description to the definitions of all AWX objects, grouped by the variables of the collection
    C(infra.aap_configuration), in the order of creation.
  - The role P(hostops.installatron.awx#role) creates these objects. The members of the description are the variables of the role
    without the prefix C(awx_).
  - The objects contain no secrets. A credential contains the name of the variable with its API key as C(api_key_variable). A
    notification template contains the name of the variable with its configuration as C(configuration_variable).
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
- name: Show the names of a server's job templates
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
    - Lists of objects by variable, such as C(controller_templates) and C(controller_workflows).
  type: dict
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_objects import awx_objects
from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter
from ansible_collections.hostops.installatron.plugins.plugin_utils._literal import literal, plain


def objects(description):
    """Return the objects. The templates in them are evaluated by AWX."""
    return literal(awx_objects(plain(description)))


class FilterModule:
    """Filter plugin."""

    def filters(self):
        """Return the filters by name."""
        return {"awx_objects": as_filter(objects, "awx_objects")}
