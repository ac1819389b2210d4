# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup plugin that reads site descriptions from files."""

from __future__ import annotations

DOCUMENTATION = r"""
name: site_files
short_description: Read site descriptions from files
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Returns the descriptions in the files from M(hostops.installatron.itron_adopt), for roles with a list of sites, such as
    P(hostops.installatron.site#role) and P(hostops.installatron.drift#role).
  - The files have the format of O(hostops.installatron.itron_installs#module:installs_from). If accounts and backup policies are
    not needed, use that option, because it is faster.
  - A description without C(websites) gets the websites of the other descriptions of its C(user).
  - Values encrypted with C(ansible-vault) are decrypted. Templates in files are refused.
options:
  _terms:
    description:
      - Files, directories, or glob patterns. A directory includes all C(.yml), C(.yaml), and C(.json) files in it and its
        subdirectories.
      - Relative paths are resolved relative to the playbook or role and its C(files) directory.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Manage accounts, sites, and backups
  ansible.builtin.import_role:
    name: hostops.installatron.site
  vars:
    site_sites: "{{ query('hostops.installatron.site_files', 'sites') }}"
"""

RETURN = r"""
_raw:
  description: The descriptions, in the order of the files and of the sites in each file.
  type: list
  elements: dict
"""

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.plugin_utils._installs_from import find_files, read_file
from ansible_collections.hostops.installatron.plugins.plugin_utils._site_description import share_websites


class LookupModule(LookupBase):
    """Lookup plugin."""

    def run(self, terms, variables=None, **kwargs):
        """Return the descriptions."""
        self.set_options(var_options=variables, direct=kwargs)
        bases = (variables or {}).get("ansible_search_path") or [self._loader.get_basedir()]
        try:
            sites = [dict(site) if isinstance(site, dict) else site
                     for path in find_files(terms, bases) for site in read_file(path, self._loader)]
            share_websites(sites)
        except InputError as error:
            raise AnsibleError("site_files: %s" % error.text().removeprefix("installs_from: ")) from error
        return sites
