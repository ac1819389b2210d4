#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes down what the server has as descriptions of sites: documentation, and the entry point on the target."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_adopt
short_description: Write down the sites of Installatron Server as the files that describe them
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Brings what already runs under management. It reads all installed applications, and writes for each of them the description
    that O(hostops.installatron.itron_installs#module:installs_from) and the role P(hostops.installatron.site#role) take. Applied
    to the same server, the files change nothing.
  - The files are in O(dest), one for each owner. Without O(dest), the descriptions are in the result.
  - Another run brings the files to what the server has by then. It finds a site by its id or URL, in whichever file of O(dest) it
    stands. It adds what is new, and changes values that differ. Comments, encrypted values (C(!vault)), the order of the sites,
    and everything else that the server does not tell stay as people wrote them. A file that agrees with the server is not
    touched.
  - Nothing secret is written. A comment at each site says what is left out and why; give it as a value that is encrypted with
    C(ansible-vault encrypt_string).
  - A site with a O(hostops.installatron.itron_install#module:state) other than V(present) in a file is left alone.
  - The numbers of sections are those of the specification of Installatron Server's v1 interface.
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
      - The server is read; no file is written.
  diff_mode:
    support: full
    details:
      - One diff for each file. Passwords that people wrote into a file are masked in it.
  idempotent:
    support: full
options:
  dest:
    description:
      - Folder of the files on the controller, also with O(run_on=target). It is created if it is missing.
      - Files with the extensions C(.yml), C(.yaml), and C(.json) are read, in subfolders, too. A file that is encrypted as a whole
        is refused.
      - To change a value in a file that is already there needs the Python library C(ruamel.yaml) on the controller.
    type: path
  file_for:
    description:
      - What a new site's file is named after, its owner or its application.
      - Sites that stand in a file stay in it.
    type: str
    choices: [owner, application]
    default: owner
  owned_accounts:
    description:
      - Whether to write down the sites of the accounts below O(user), too. With a O(user) that is omitted, these are all sites of
        the server.
    type: bool
    default: true
  accounts:
    description:
      - Whether to write down the accounts that own the sites, too, with their websites, as C(account) and C(websites) at one of
        their sites. The role P(hostops.installatron.site#role) takes them; O(hostops.installatron.itron_installs#module:installs_from)
        ignores C(account).
      - Only the REST interface of the server (v2) lists accounts.
      - Websites whose path holds credentials, or that have databases, are written as comments without their secrets, with all others of
        their account. Whoever applied them without their passwords would take these away.
    type: bool
    default: false
  fields:
    description:
      - The options of a site to write down beside those that name it, its owner, and its application.
      - They are V(language), V(autoup), V(autoup_backup), V(notification), V(autobk), V(autobk_daily), V(autobk_weekly),
        V(autobk_monthly), V(bkloc), V(login), V(email), V(sitetitle), V(sitetagline), V(db_host), V(db_name), V(db_user),
        V(db_prefix), V(settings), and V(version). By default all of them but V(version), for the API goes back to no older version,
        and automatic updates go past the one of today.
      - For V(settings), the catalogue is read once for each application.
    type: list
    elements: str
  defaults:
    description:
      - The O(hostops.installatron.itron_installs#module:defaults) of the task that applies the files. What they say is not written
        at each site.
    type: dict
  gone:
    description:
      - What to do with a site of the files that the server does not have. With O(user), only sites count that are of this user, or of
        an account that still has others. V(keep) leaves it, and warns; who applies the files
        installs it. V(remove) takes it out of the file, with the comment above it.
    type: str
    choices: [keep, remove]
    default: keep
notes:
  - Two applications at one URL are described by their ids.
seealso:
  - module: hostops.installatron.itron_installs
  - module: hostops.installatron.itron_install_info
  - module: hostops.installatron.itron_validate
"""

EXAMPLES = r"""
- name: Write down all sites, a file for each owner
  hostops.installatron.itron_adopt:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    dest: sites

- name: Write down the sites of Alice with her account and what differs from the defaults of the company
  hostops.installatron.itron_adopt:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    accounts: true
    dest: sites
    defaults:
      autoup: minor
      language: en

- name: Show what somebody changed beside the files
  hostops.installatron.itron_adopt:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    dest: sites
    gone: remove
  check_mode: true
  diff: true

- name: Take the descriptions as data
  hostops.installatron.itron_adopt:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    fields: [autoup, version]
  register: adopted
"""

RETURN = r"""
files:
  description:
    - The files that were changed, or in check mode would be.
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
        - Number of sites that were added.
      type: int
      returned: for each of RV(files)
      sample: 2
    updated:
      description:
        - Number of sites with values that were changed.
      type: int
      returned: for each of RV(files)
      sample: 1
    removed:
      description:
        - Number of sites that were removed.
      type: int
      returned: for each of RV(files)
      sample: 0
gone:
  description:
    - URLs, or else ids, of the sites that stand in the files and that the server does not have.
  type: list
  elements: str
  returned: with O(dest)
  sample: ["https://www.example.com/old"]
summary:
  description:
    - Numbers of sites.
  type: dict
  returned: with O(dest)
  contains:
    added:
      description:
        - Sites that were added to the files.
      type: int
      returned: with O(dest)
      sample: 2
    updated:
      description:
        - Sites with values that were changed.
      type: int
      returned: with O(dest)
      sample: 1
    removed:
      description:
        - Sites that were removed from the files.
      type: int
      returned: with O(dest)
      sample: 0
sites:
  description:
    - The descriptions of the sites, in the order of their URLs.
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
        - What O(hostops.installatron.itron_installs#module:installs) takes.
      type: dict
      returned: for each of RV(sites)
      sample: {"url": "https://www.example.com/blog", "user": "alice", "application": "wordpress", "autoup": "minor"}
    incomplete:
      description:
        - What is left out only for its secrets, without these; empty for sites.
      type: dict
      returned: for each of RV(sites)
      sample: {}
    left_out:
      description:
        - What is not among the options, each with C(option) and C(reason).
      type: list
      elements: dict
      returned: for each of RV(sites)
      sample: [{"option": "passwd", "reason": "not told by the server"}]
accounts:
  description:
    - The descriptions of the accounts that own sites; empty without O(accounts).
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
        - What M(hostops.installatron.itron_user) takes.
      type: dict
      returned: for each of RV(accounts)
      sample: {"type": "user", "email": "alice@example.com", "websites": [{"id": "alice1", "path": "/home/alice"}]}
    incomplete:
      description:
        - What is left out only for its secrets, without these.
      type: dict
      returned: for each of RV(accounts)
      sample: {"websites": [{"id": "alice1", "path": "ftp://files.example.com/home/alice"}]}
    left_out:
      description:
        - What is not among the options, each with C(option) and C(reason).
      type: list
      elements: dict
      returned: for each of RV(accounts)
      sample: []
failure:
  description:
    - What went wrong, for programs; RV(ignore:msg) says it for people.
  type: dict
  returned: on failure, except when the options are invalid
  contains:
    command:
      description:
        - Command of the API that failed, V(users) for reading users, V(null) if none was sent.
      type: str
      returned: on failure, except when the options are invalid
      sample: "installs"
    stage:
      description:
        - Where it failed, one of V(input) and V(read).
      type: str
      returned: on failure, except when the options are invalid
      sample: "read"
    errcode:
      description:
        - Code of the error, if the server gave one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "user_not_found"
    errfield:
      description:
        - API argument that the server complains about, if it named one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "user"
    http_status:
      description:
        - Status of the HTTP reply, if there was one.
      type: int
      returned: on failure, except when the options are invalid
      sample: 200
    hint:
      description:
        - What to do about it, if something is known.
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
    """Run the operation on the target."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
