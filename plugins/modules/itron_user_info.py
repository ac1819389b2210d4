#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the module itron_user_info."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_user_info
short_description: List users and resellers of Installatron Server
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Lists one account, an account and all accounts that it owns, or all accounts, with their websites.
  - Users can only be read through the server's newer REST API (v2, C(GET /users) and C(GET /users/{id})). If the server
    does not provide it, the task fails with a message.
  - If no account matches, the module returns an empty list.
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
      - This module does not modify state.
  diff_mode:
    support: N/A
    details:
      - This module does not modify state.
  idempotent:
    support: full
options:
  owned_accounts:
    description:
      - Whether to include the accounts that O(user) owns, at every depth, such as those of a reseller and its
        sub-resellers.
      - For the main administrator, these are all accounts.
      - This option has no effect if O(user) is omitted.
    type: bool
    default: false
notes:
  - O(user) is the account to list. If omitted, the module lists all accounts. It does not use O(reseller) and
    O(websites).
  - The module reads all accounts in pages of 500 (the v2 arguments C(offset) and C(limit)).
seealso:
  - module: hostops.installatron.itron_user
"""

EXAMPLES = r"""
- name: List one user
  hostops.installatron.itron_user_info:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
  register: alice

- name: List a reseller and all its accounts
  hostops.installatron.itron_user_info:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: reseller1
    owned_accounts: true
  register: below

- name: List all users and resellers
  hostops.installatron.itron_user_info:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
  register: accounts

- name: Show suspended accounts
  ansible.builtin.debug:
    msg: "{{ accounts.users | selectattr('suspended') | map(attribute='id') | list }}"
"""

RETURN = r"""
users:
  description:
    - The accounts, in the order of the server.
    - Values that the server does not return are V(null). Passwords are never returned.
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
        - Account that owns this account (C(parent) in v2).
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
        - Email address.
      type: str
      returned: for each of RV(users)
      sample: "alice@example.com"
    package:
      description:
        - Package. V(null) if the server does not return it.
      type: str
      returned: for each of RV(users)
      sample: "wordpress_only"
    websites:
      description:
        - Websites of the account.
      type: list
      elements: dict
      returned: for each of RV(users)
      contains:
        id:
          description:
            - Identifier. V(null) if the server does not return it.
          type: str
          returned: for each of RV(users)
          sample: "alice1"
        label:
          description:
            - Display name. V(null) if the server does not return it.
          type: str
          returned: for each of RV(users)
          sample: "example.com"
        path:
          description:
            - Home directory. A password in it is masked. V(null) if the server does not return it.
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
            - Email address. V(null) if the server does not return it.
          type: str
          returned: for each of RV(users)
          sample: "alice@example.com"
        uid:
          description:
            - Numeric owner of files. V(null) if the server does not return it.
          type: int
          returned: for each of RV(users)
          sample: 1001
        gid:
          description:
            - Numeric group of files. V(null) if the server does not return it.
          type: int
          returned: for each of RV(users)
          sample: 1001
        server:
          description:
            - Identifier of the web server. V(null) if the server does not return it.
          type: str
          returned: for each of RV(users)
          sample: "web1"
        vhost_ip:
          description:
            - IP address of the domains. V(null) if the server does not return it.
          type: str
          returned: for each of RV(users)
          sample: "192.0.2.10"
        path_backups:
          description:
            - Directory for backups, relative to the path. V(null) if the server does not return it.
          type: str
          returned: for each of RV(users)
          sample: "/application_backups/"
        mysql_host:
          description:
            - Database server. V(null) if the server does not return it.
          type: str
          returned: for each of RV(users)
          sample: "localhost"
        language:
          description:
            - Language. V(null) if the server does not return it.
          type: str
          returned: for each of RV(users)
          sample: "en"
        suspended:
          description:
            - Whether it is suspended. V(null) if the server does not return it.
          type: bool
          returned: for each of RV(users)
          sample: false
        db_mode:
          description:
            - How databases are created. V(null) if the server does not return it.
          type: str
          returned: for each of RV(users)
          sample: "manual"
        reseller:
          description:
            - Account that owns this account (C(parent) in v2). V(null) if the server does not return it.
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
            - Further values, whose names begin with an underscore. Values with the name of a secret are omitted.
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
    - Details of the failure, in addition to the message in RV(ignore:msg).
  type: dict
  returned: on failure, except when the options are invalid
  contains:
    command:
      description:
        - Command of the API that failed, or V(users) for a request for users. V(null) if no command was sent.
      type: str
      returned: on failure, except when the options are invalid
      sample: "users"
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
      sample: "invalid_api_key"
    errfield:
      description:
        - Invalid argument of the API, if the server returned one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "key"
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
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
