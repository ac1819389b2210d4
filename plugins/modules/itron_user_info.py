#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists users and resellers: documentation, and the entry point on the target."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_user_info
short_description: List users and resellers of Installatron Server
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Reads one account, one with everything below it, or all of them, with their websites.
  - Users can only be read through the newer REST interface of the server (v2, C(GET /users) and C(GET /users/{id})).
    Where the server has none, the task fails and says so.
  - Nothing found is an empty list and no error.
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
      - The module only reads, in check mode as without it.
  diff_mode:
    support: N/A
    details:
      - The module changes nothing.
  idempotent:
    support: full
options:
  owned_accounts:
    description:
      - Whether to list the accounts below O(user), too, at every depth, such as those of a reseller and its
        sub-resellers. With the name of the main administrator these are all accounts.
      - Only matters when O(user) is given.
    type: bool
    default: false
notes:
  - O(user) is the account to list. If it is omitted, all accounts are listed. O(reseller) and O(websites) are not
    used.
  - All accounts are read in pages of 500 (the v2 arguments C(offset) and C(limit)).
seealso:
  - module: hostops.installatron.itron_user
"""

EXAMPLES = r"""
- name: Read one user
  hostops.installatron.itron_user_info:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
  register: alice

- name: Read a reseller and everybody below it
  hostops.installatron.itron_user_info:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: reseller1
    owned_accounts: true
  register: below

- name: Read all users and resellers
  hostops.installatron.itron_user_info:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
  register: everybody

- name: Show who is suspended
  ansible.builtin.debug:
    msg: "{{ everybody.users | selectattr('suspended') | map(attribute='id') | list }}"
"""

RETURN = r"""
users:
  description:
    - The accounts, in the order of the server.
    - What the server does not say is V(null). Passwords are never in it.
  type: list
  elements: dict
  returned: always, except when the options are invalid
  contains:
    id:
      description:
        - Name of the account.
      type: str
      returned: for each of RV(users)
      sample: "alice"
    type:
      description:
        - Type, V(user) or V(reseller).
      type: str
      returned: for each of RV(users)
      sample: "user"
    reseller:
      description:
        - The account that owns it (C(parent) in v2).
      type: str
      returned: for each of RV(users)
      sample: "admin"
    suspended:
      description:
        - Whether it is suspended.
      type: bool
      returned: for each of RV(users)
      sample: false
    language:
      description:
        - Language of its user interface (C(locale) in v2).
      type: str
      returned: for each of RV(users)
      sample: "en"
    email:
      description:
        - E-mail address.
      type: str
      returned: for each of RV(users)
      sample: "alice@example.com"
    package:
      description:
        - Package. V(null) where the server does not show it.
      type: str
      returned: for each of RV(users)
      sample: "wordpress_only"
    websites:
      description:
        - Its websites.
      type: list
      elements: dict
      returned: for each of RV(users)
      contains:
        id:
          description:
            - Identifier. V(null) if the server does not say.
          type: str
          returned: for each of RV(users)
          sample: "alice1"
        label:
          description:
            - Name to show. V(null) if the server does not say.
          type: str
          returned: for each of RV(users)
          sample: "example.com"
        path:
          description:
            - Home directory; a password in it is masked. V(null) if the server does not say.
          type: str
          returned: for each of RV(users)
          sample: "/home/alice"
        vhosts:
          description:
            - URL of each domain with its document root, relative to the path.
          type: dict
          returned: for each of RV(users)
          sample: {"https://www.example.com": "public_html"}
        email:
          description:
            - E-mail address. V(null) if the server does not say.
          type: str
          returned: for each of RV(users)
          sample: "alice@example.com"
        uid:
          description:
            - Numeric POSIX owner of files. V(null) if the server does not say.
          type: int
          returned: for each of RV(users)
          sample: 1001
        gid:
          description:
            - Numeric POSIX group of files. V(null) if the server does not say.
          type: int
          returned: for each of RV(users)
          sample: 1001
        server:
          description:
            - Identifier of the web server. V(null) if the server does not say.
          type: str
          returned: for each of RV(users)
          sample: "web1"
        vhost_ip:
          description:
            - IP address of the domains. V(null) if the server does not say.
          type: str
          returned: for each of RV(users)
          sample: "192.0.2.10"
        path_backups:
          description:
            - Folder for backups, relative to the path. V(null) if the server does not say.
          type: str
          returned: for each of RV(users)
          sample: "/application_backups/"
        mysql_host:
          description:
            - Database server. V(null) if the server does not say.
          type: str
          returned: for each of RV(users)
          sample: "localhost"
        language:
          description:
            - Language. V(null) if the server does not say.
          type: str
          returned: for each of RV(users)
          sample: "en"
        suspended:
          description:
            - Whether it is suspended. V(null) if the server does not say.
          type: bool
          returned: for each of RV(users)
          sample: false
        db_mode:
          description:
            - How databases come to be. V(null) if the server does not say.
          type: str
          returned: for each of RV(users)
          sample: "manual"
        reseller:
          description:
            - The account that owns it (C(parent) in v2). V(null) if the server does not say.
          type: str
          returned: for each of RV(users)
          sample: "admin"
        databases:
          description:
            - Databases that already exist, each with C(type), C(host), C(name), and C(user).
          type: list
          elements: dict
          returned: for each of RV(users)
          sample: [{"type": "mysql", "host": "localhost", "name": "alice_blog", "user": "alice_blog"}]
        custom:
          description:
            - Further values, under names that begin with an underscore, without those whose name says that they are
              secret.
          type: dict
          returned: for each of RV(users)
          sample: {"_plan": "gold"}
      sample:
        - id: "alice1"
          label: "example.com"
          path: "/home/alice"
          vhosts: {"https://www.example.com": "public_html"}
          email: "alice@example.com"
          uid: 1001
          gid: 1001
          server: "web1"
          vhost_ip: "192.0.2.10"
          path_backups: "/application_backups/"
          mysql_host: "localhost"
          language: "en"
          suspended: false
          db_mode: "manual"
          reseller: "admin"
          databases: []
          custom: {}
  sample:
    - id: "alice"
      type: "user"
      reseller: "admin"
      suspended: false
      language: "en"
      email: "alice@example.com"
      package: null
      websites:
        - id: "alice1"
          label: "example.com"
          path: "/home/alice"
          vhosts: {"https://www.example.com": "public_html"}
          email: "alice@example.com"
          uid: 1001
          gid: 1001
          server: "web1"
          vhost_ip: "192.0.2.10"
          path_backups: "/application_backups/"
          mysql_host: "localhost"
          language: "en"
          suspended: false
          db_mode: "manual"
          reseller: "admin"
          databases: []
          custom: {}
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
      sample: "users"
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
      sample: "invalid_api_key"
    errfield:
      description:
        - API argument that the server complains about, if it named one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "key"
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
      sample: "Check api_key (ITRON_API_KEY)."
  sample:
    command: "users"
    stage: "read"
    errcode: "invalid_api_key"
    errfield: "key"
    http_status: 403
    hint: "Check api_key (ITRON_API_KEY)."
"""

from ansible_collections.hostops.installatron.plugins.module_utils._module import run_module
from ansible_collections.hostops.installatron.plugins.module_utils._user.info import OPERATION


def main():
    """Run the operation on the target."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
