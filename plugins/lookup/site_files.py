# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup: descriptions of sites out of files."""

from __future__ import annotations

DOCUMENTATION = r"""
name: site_files
short_description: Read descriptions of sites from files
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Returns the descriptions in the files that M(hostops.installatron.itron_adopt) writes, for the roles that take a list of sites, such
    as P(hostops.installatron.site#role) and P(hostops.installatron.drift#role).
  - The files are those that O(hostops.installatron.itron_installs#module:installs_from) takes. That option reads them faster, where
    accounts and backup policies do not matter.
  - A description without C(websites) gets those of the other descriptions of its C(user).
  - Values that are encrypted with C(ansible-vault) are decrypted. A template in a file is refused.
options:
  _terms:
    description:
      - Paths, folders (all C(.yml), C(.yaml), and C(.json) files in them and in their subfolders), or glob patterns. Relative ones are
        looked for beside the playbook or role, and in its folder C(files).
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Accounts, sites, and backups are as the files say
  ansible.builtin.import_role:
    name: hostops.installatron.site
  vars:
    site_sites: "{{ query('hostops.installatron.site_files', 'sites') }}"
"""

RETURN = r"""
_raw:
  description: The descriptions, in the order of the files and of the sites in them.
  type: list
  elements: dict
"""

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.plugin_utils._installs_from import find_files, read_file
from ansible_collections.hostops.installatron.plugins.plugin_utils._site_description import share_websites


class LookupModule(LookupBase):
    """The lookup."""

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
