# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the filter awx_files."""

from __future__ import annotations

DOCUMENTATION = r"""
name: awx_files
short_description: Create the files that AWX needs from a description
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Converts a description, as for the filter P(hostops.installatron.awx_objects#filter), to files with their contents.
options:
  _input:
    description:
      - The description.
    type: dict
    required: true
  of:
    description:
      - Files to return.
      - V(project) returns the playbooks and the inventory file for the AWX project.
      - V(configuration) returns one file with all objects as variables of the collection C(infra.aap_configuration). Secrets are
        replaced by templates with the names of their variables.
    type: str
    choices: [project, configuration]
    required: true
"""

EXAMPLES = r"""
- name: Write the configuration file
  ansible.builtin.copy:
    content: "{{ (description | hostops.installatron.awx_files('configuration')).0.content }}"
    dest: /tmp/awx_configuration.yml
    mode: "0644"
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
    - Dictionaries with C(path), relative to the root of the project, and C(content).
  type: list
  elements: dict
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_files import awx_configuration, awx_project_files
from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter
from ansible_collections.hostops.installatron.plugins.plugin_utils._literal import literal, plain


def files(description, of):
    """Return the files of one kind."""
    if of == "project":
        return awx_project_files(plain(description))
    return literal([{"path": "awx_configuration.yml", "content": awx_configuration(plain(description))}])


class FilterModule:
    """Filter plugin."""

    def filters(self):
        """Return the filters by name."""
        return {"awx_files": as_filter(files, "awx_files")}
