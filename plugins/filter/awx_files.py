# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter awx_files: documentation, and the entry point."""

from __future__ import annotations

DOCUMENTATION = r"""
name: awx_files
short_description: Make the files that belong to AWX as code
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Takes a description as the filter P(hostops.installatron.awx_objects#filter) does, and returns files with their contents.
options:
  _input:
    description:
      - The description.
    type: dict
    required: true
  of:
    description:
      - V(project), the playbooks and the inventory file that the project of AWX needs.
      - V(configuration), one file with all objects as variables of the collection C(infra.aap_configuration). In place of secrets it has templates
        with the names of their variables.
    type: str
    choices: [project, configuration]
    required: true
"""

EXAMPLES = r"""
- name: Write the objects down
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
    - Tables with C(path), relative to the top of the project, and C(content).
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
    """Names the filter."""

    def filters(self):
        """Return the filter by its name."""
        return {"awx_files": as_filter(files, "awx_files")}
