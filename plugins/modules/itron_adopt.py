#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the module itron_adopt."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_adopt
short_description: Export the sites of Installatron Server to files that describe them
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Brings existing sites under management. The module reads all installed applications and writes a description of each for
    O(hostops.installatron.itron_installs#module:installs_from) and the role P(hostops.installatron.site#role). Applying these
    files to the same server is a no-op.
  - The files are in O(dest), one for each owner. Without O(dest), the module returns the descriptions.
  - A later run updates the files to the current state of the server. It finds a site by its identifier or URL in any file in
    O(dest), adds new sites, and updates values that differ.
  - It preserves comments, encrypted values (C(!vault)), the order of the sites, and all other content that does not come from the
    server. It does not rewrite files that match the server.
  - The module writes no secrets. A comment at each site lists the omitted options with the reasons. Add them as values encrypted
    with C(ansible-vault encrypt_string).
  - The module ignores sites in files whose O(hostops.installatron.itron_install#module:state) is not V(present).
extends_documentation_fragment:
  - hostops.installatron._attributes
  - hostops.installatron._attributes.actiongroup_itron
  - hostops.installatron._connection
  - hostops.installatron._header
  - hostops.installatron._rest
attributes:
  check_mode:
    support: full
    details:
      - The module reads the server but does not write files.
  diff_mode:
    support: full
    details:
      - There is one diff for each file. Passwords in files are masked.
  idempotent:
    support: full
options:
  dest:
    description:
      - Directory of the files on the controller, even if O(run_on=target). It is created if it does not exist.
      - The module reads all files with the extensions C(.yml), C(.yaml), and C(.json) in it and its subdirectories. It refuses
        files that are encrypted as a whole.
      - Changing a value in an existing file requires the Python library C(ruamel.yaml) on the controller.
    type: path
  file_for:
    description:
      - Whether the file of a new site is named after its owner or its application.
      - Existing sites stay in their files.
    type: str
    choices: [owner, application]
    default: owner
  owned_accounts:
    description:
      - Whether to include the sites of the accounts that O(user) owns. If O(user) is omitted, these are all sites of the server.
    type: bool
    default: true
  accounts:
    description:
      - Whether to include the accounts that own the sites and their websites, as C(account) and C(websites) of one of their
        sites.
      - The role P(hostops.installatron.site#role) uses these values. O(hostops.installatron.itron_installs#module:installs_from)
        ignores C(account).
      - This requires the server's REST API (v2).
      - If a website has credentials in its path or has databases, all websites of the account are written as comments without
        secrets. Applying them without the passwords would remove these passwords from the server.
    type: bool
    default: false
  fields:
    description:
      - Options of a site to write, in addition to its identifier or URL, its owner, and its application.
      - The available options are V(language), V(autoup), V(autoup_backup), V(notification), V(autobk), V(autobk_daily),
        V(autobk_weekly), V(autobk_monthly), V(bkloc), V(login), V(email), V(sitetitle), V(sitetagline), V(db_host), V(db_name),
        V(db_user), V(db_prefix), V(settings), and V(version).
      - By default, all options except V(version) are written. Automatic updates exceed a fixed version, and the API cannot
        downgrade an application.
      - V(settings) requires one request to the catalog for each application.
    type: list
    elements: str
  defaults:
    description:
      - The O(hostops.installatron.itron_installs#module:defaults) of the task that applies the files. Options with these values
        are not written.
    type: dict
  gone:
    description:
      - What to do with a site in a file that does not exist on the server.
      - V(keep) keeps the site and prints a warning. Applying the file installs it.
      - V(remove) removes the site and the comment above it from the file.
      - With O(user), this only applies to sites of this user and of accounts that own other sites on the server.
    type: str
    choices: [keep, remove]
    default: keep
notes:
  - If two applications have the same URL, they are described by their identifiers.
seealso:
  - module: hostops.installatron.itron_installs
  - module: hostops.installatron.itron_install_info
  - module: hostops.installatron.itron_validate
"""

EXAMPLES = r"""
- name: Export all sites to one file for each owner
  hostops.installatron.itron_adopt:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    dest: sites

- name: Export the account and sites of Alice, without values that are defaults
  hostops.installatron.itron_adopt:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    accounts: true
    dest: sites
    defaults:
      autoup: minor
      language: en

- name: Show changes that were made without the files
  hostops.installatron.itron_adopt:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    dest: sites
    gone: remove
  check_mode: true
  diff: true

- name: Return the descriptions without writing files
  hostops.installatron.itron_adopt:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    fields: [autoup, version]
  register: adopted
"""

RETURN = r"""
files:
  description:
    - Files that were changed, or would be changed in check mode.
  type: list
  elements: dict
  returned: with O(dest)
  contains:
    path:
      description:
        - Path of the file.
      type: str
      returned: for each of RV(files)
      sample: "/srv/estate/sites/alice.yml"
    added:
      description:
        - Number of added sites.
      type: int
      returned: for each of RV(files)
      sample: 2
    updated:
      description:
        - Number of updated sites.
      type: int
      returned: for each of RV(files)
      sample: 1
    removed:
      description:
        - Number of removed sites.
      type: int
      returned: for each of RV(files)
      sample: 0
gone:
  description:
    - URLs or identifiers of sites that are in a file but not on the server.
  type: list
  elements: str
  returned: with O(dest)
  sample: ["https://www.example.com/old"]
summary:
  description:
    - Number of sites for each kind of change.
  type: dict
  returned: with O(dest)
  contains:
    added:
      description:
        - Added sites.
      type: int
      returned: with O(dest)
      sample: 2
    updated:
      description:
        - Updated sites.
      type: int
      returned: with O(dest)
      sample: 1
    removed:
      description:
        - Removed sites.
      type: int
      returned: with O(dest)
      sample: 0
sites:
  description:
    - The descriptions of the sites, sorted by URL.
  type: list
  elements: dict
  returned: without O(dest), except when the options are invalid
  contains:
    id:
      description:
        - Identifier of the installed application.
      type: str
      returned: for each of RV(sites)
      sample: "4yhfygnd10ws0wc8skck444s"
    options:
      description:
        - Options for O(hostops.installatron.itron_installs#module:installs).
      type: dict
      returned: for each of RV(sites)
      sample: {"url": "https://www.example.com/blog", "user": "alice", "application": "wordpress", "autoup": "minor"}
    incomplete:
      description:
        - Options that were omitted because of their secrets, without these secrets. Always empty for sites.
      type: dict
      returned: for each of RV(sites)
      sample: {}
    left_out:
      description:
        - Omitted options, each with C(option) and C(reason).
      type: list
      elements: dict
      returned: for each of RV(sites)
      sample: [{"option": "passwd", "reason": "not returned by the server"}]
accounts:
  description:
    - The descriptions of the accounts that own sites. Empty unless O(accounts=true).
  type: list
  elements: dict
  returned: without O(dest), except when the options are invalid
  contains:
    user:
      description:
        - Name of the account.
      type: str
      returned: for each of RV(accounts)
      sample: "alice"
    options:
      description:
        - Options for M(hostops.installatron.itron_user).
      type: dict
      returned: for each of RV(accounts)
      sample: {"type": "user", "email": "alice@example.com", "websites": [{"id": "alice1", "path": "/home/alice"}]}
    incomplete:
      description:
        - Options that were omitted because of their secrets, without these secrets.
      type: dict
      returned: for each of RV(accounts)
      sample: {"websites": [{"id": "alice1", "path": "ftp://files.example.com/home/alice"}]}
    left_out:
      description:
        - Omitted options, each with C(option) and C(reason).
      type: list
      elements: dict
      returned: for each of RV(accounts)
      sample: []
failure:
  description:
    - Details of the failure, in addition to the message in RV(ignore:msg).
  type: dict
  returned: on failure, except when the options are invalid
  contains:
    command:
      description:
        - Command of the API that failed, or V(users) for a request for users. V(null) if no command was sent.
      type: str
      returned: on failure, except when the options are invalid
      sample: "installs"
    stage:
      description:
        - Stage of the failure, one of V(input) and V(read).
      type: str
      returned: on failure, except when the options are invalid
      sample: "read"
    errcode:
      description:
        - Error code, if the server returned one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "user_not_found"
    errfield:
      description:
        - Invalid argument of the API, if the server returned one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "user"
    http_status:
      description:
        - HTTP status of the response, if there was one.
      type: int
      returned: on failure, except when the options are invalid
      sample: 200
    hint:
      description:
        - How to fix the failure, if known.
      type: str
      returned: on failure, except when the options are invalid
      sample: "Check user, or create it first."
  sample:
    command: "users"
    stage: "read"
    errcode: "invalid_api_key"
    errfield: "key"
    http_status: 403
    hint: "Check api_key (ITRON_API_KEY)."
"""

from ansible_collections.hostops.installatron.plugins.module_utils._adopt.work import OPERATION
from ansible_collections.hostops.installatron.plugins.module_utils._module import run_module


def main():
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
