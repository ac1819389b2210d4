#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the module itron_user."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_user
short_description: Create, change, suspend, and remove users and resellers on Installatron Server
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Manages one user or reseller and its websites in the database of Installatron Server. Nothing outside this database
    is changed.
  - Only specified options are compared with the server. Omitted options are left unchanged.
  - O(user) is the managed account and is required. O(reseller) is the account that owns it. O(websites) is the complete
    list of its websites.
  - Accounts are read through the server's newer REST API (v2, C(GET /users/{id})) and written through the v1 API
    (C(edituser), section 4.3, and C(deleteuser), section 4.4).
  - If the server does not provide v2, the module cannot compare the account. See O(users_api).
  - In diff mode, RV(ignore:diff) contains the differing properties before and after the change. Secrets are shown as
    V((set\)) or V((changed\)).
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
      - The steps are the same as outside check mode. The module sends no command that writes.
      - If the server does not provide v2, O(state=absent) reports a change in check mode, even if the user does not
        exist.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - If the server does not provide v2, the module sends C(edituser) and reports a change on every run.
      - In this case, O(state=absent) is only idempotent if the server returns the error code C(user_not_found) for an
        unknown user.
      - Documented responses of the server do not contain O(package). See O(update_package).
      - Passwords in O(websites) are not compared if the server does not return them.
options:
  state:
    description:
      - V(present) creates the account or changes its differing properties (C(edituser), section 4.3).
      - V(absent) removes the account, its websites, its installed applications, and its backups from the server's
        database (C(deleteuser), section 4.4). Files, databases, and backup archives are kept.
    type: str
    choices:
      - present
      - absent
    default: present
  type:
    description:
      - Type of the account. Corresponds to the API argument C(type) (section 4.3).
      - By default, a new account gets V(user). The server may convert a user to a reseller when it owns an account.
    type: str
    choices:
      - user
      - reseller
  language:
    description:
      - Language of the user interface, for example V(en) or V(nl). Corresponds to the API argument C(language) (section
        4.3). The v2 API returns it as C(locale).
      - By default, a new account gets the default language of the server.
    type: str
  email:
    description:
      - Email address. Corresponds to the API argument C(email) (section 4.3).
      - By default, a new account gets the email address of its websites.
    type: str
  package:
    description:
      - Arbitrary name that assigns different applications to groups of users, for example V(no_mysql). Corresponds to
        the API argument C(package) (section 4.3).
      - It is compared if the server returns it. Otherwise, it is sent when the account is created, and together with
        other changes. See O(update_package).
    type: str
  update_package:
    description:
      - When to send O(package) if the server does not return it.
      - V(with_changes) sends it when the account is created or another property changes. The module warns when it does
        not send the package.
      - V(always) sends it and reports a change on every run.
    type: str
    choices:
      - with_changes
      - always
    default: with_changes
  suspended:
    description:
      - Whether the account is suspended. Corresponds to the API argument C(suspended) with the values V(yes) and V(no)
        (section 4.3).
    type: bool
  users_api:
    description:
      - How to read accounts.
      - V(v2) reads them through v2. The module fails if the server does not provide it.
      - V(v1) does not read them. The module sends C(edituser) and reports a change on every run.
      - V(auto) tries v2. If the server returns an HTML page or another response that is not v2, the module warns and
        continues as with V(v1).
      - A refused key, an HTTP status such as 403 or 503, and a lost connection are errors.
    type: str
    choices:
      - auto
      - v1
      - v2
    default: auto
  force:
    description:
      - Whether O(state=absent) removes an account that has installed applications or owns accounts, including
        applications of these accounts.
      - If V(false), the task fails and lists them.
    type: bool
    default: false
notes:
  - C(edituser) replaces the whole list of websites, so O(websites) must contain all of them. The order is ignored.
  - Websites are matched by their O(websites[].id). If one side has no identifier, they are matched by
    O(websites[].path) without credentials and O(websites[].label).
  - Only the specified suboptions of a website are compared. O(websites[].vhosts) and O(websites[].databases) are
    compared as a whole.
  - If O(websites) is set in C(module_defaults) for the group C(hostops.installatron.itron), this module writes these
    websites to the account.
seealso:
  - module: hostops.installatron.itron_user_info
  - module: hostops.installatron.itron_gui_session
"""

EXAMPLES = r"""
- name: Ensure that Alice has two websites
  hostops.installatron.itron_user:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    email: alice@example.com
    language: en
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
      - id: alice2
        path: "sftp://alice:{{ vault_alice_ftp_password | urlencode }}@web2.example.com/home/alice"
        vhosts:
          https://shop.example.com: shop

- name: Create a reseller
  hostops.installatron.itron_user:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: reseller1
    type: reseller
    email: reseller@example.com

- name: Create a sub-reseller that a reseller owns
  hostops.installatron.itron_user:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: reseller2
    type: reseller
    reseller: reseller1

- name: Suspend Alice
  hostops.installatron.itron_user:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    suspended: true

- name: Allow Alice to install only WordPress, and send the package on every run
  hostops.installatron.itron_user:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    package: wordpress_only
    update_package: always

- name: Set the language, and fail if the server cannot return the account
  hostops.installatron.itron_user:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    users_api: v2
    user: alice
    language: nl

- name: Remove the account of Alice, unless it still has installed applications
  hostops.installatron.itron_user:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    state: absent
"""

RETURN = r"""
user:
  description:
    - The account after the task, or the expected account in check mode. V(null) if it does not exist or could not be read.
    - If the server does not provide v2, it contains the sent values.
    - Values that the server does not return are V(null). Passwords are never returned.
  type: dict
  returned: always, except when the options are invalid
  contains:
    id:
      description:
        - Name of the account.
      type: str
      returned: when RV(user) is not V(null)
      sample: "alice"
    type:
      description:
        - Type, V(user) or V(reseller).
      type: str
      returned: when RV(user) is not V(null)
      sample: "user"
    reseller:
      description:
        - Account that owns this account (C(parent) in v2).
      type: str
      returned: when RV(user) is not V(null)
      sample: "admin"
    suspended:
      description:
        - Whether it is suspended.
      type: bool
      returned: when RV(user) is not V(null)
      sample: false
    language:
      description:
        - Language of its user interface (C(locale) in v2).
      type: str
      returned: when RV(user) is not V(null)
      sample: "en"
    email:
      description:
        - Email address.
      type: str
      returned: when RV(user) is not V(null)
      sample: "alice@example.com"
    package:
      description:
        - Package. V(null) if the server does not return it.
      type: str
      returned: when RV(user) is not V(null)
      sample: "wordpress_only"
    websites:
      description:
        - Websites of the account.
      type: list
      elements: dict
      returned: when RV(user) is not V(null)
      contains:
        id:
          description:
            - Identifier. V(null) if the server does not return it.
          type: str
          returned: when RV(user) is not V(null)
          sample: "alice1"
        label:
          description:
            - Display name. V(null) if the server does not return it.
          type: str
          returned: when RV(user) is not V(null)
          sample: "example.com"
        path:
          description:
            - Home directory. A password in it is masked. V(null) if the server does not return it.
          type: str
          returned: when RV(user) is not V(null)
          sample: "/home/alice"
        vhosts:
          description:
            - URL of each domain with its document root, relative to the path.
          type: dict
          returned: when RV(user) is not V(null)
          sample: {"https://www.example.com": "public_html"}
        email:
          description:
            - Email address. V(null) if the server does not return it.
          type: str
          returned: when RV(user) is not V(null)
          sample: "alice@example.com"
        uid:
          description:
            - Numeric owner of files. V(null) if the server does not return it.
          type: int
          returned: when RV(user) is not V(null)
          sample: 1001
        gid:
          description:
            - Numeric group of files. V(null) if the server does not return it.
          type: int
          returned: when RV(user) is not V(null)
          sample: 1001
        server:
          description:
            - Identifier of the web server. V(null) if the server does not return it.
          type: str
          returned: when RV(user) is not V(null)
          sample: "web1"
        vhost_ip:
          description:
            - IP address of the domains. V(null) if the server does not return it.
          type: str
          returned: when RV(user) is not V(null)
          sample: "192.0.2.10"
        path_backups:
          description:
            - Directory for backups, relative to the path. V(null) if the server does not return it.
          type: str
          returned: when RV(user) is not V(null)
          sample: "/application_backups/"
        mysql_host:
          description:
            - Database server. V(null) if the server does not return it.
          type: str
          returned: when RV(user) is not V(null)
          sample: "localhost"
        language:
          description:
            - Language. V(null) if the server does not return it.
          type: str
          returned: when RV(user) is not V(null)
          sample: "en"
        suspended:
          description:
            - Whether it is suspended. V(null) if the server does not return it.
          type: bool
          returned: when RV(user) is not V(null)
          sample: false
        db_mode:
          description:
            - How databases are created. V(null) if the server does not return it.
          type: str
          returned: when RV(user) is not V(null)
          sample: "manual"
        reseller:
          description:
            - Account that owns this account (C(parent) in v2). V(null) if the server does not return it.
          type: str
          returned: when RV(user) is not V(null)
          sample: "admin"
        databases:
          description:
            - Databases that already exist, each with C(type), C(host), C(name), and C(user).
          type: list
          elements: dict
          returned: when RV(user) is not V(null)
          sample: [{"type": "mysql", "host": "localhost", "name": "alice_blog", "user": "alice_blog"}]
        custom:
          description:
            - Further values, whose names begin with an underscore. Values with the name of a secret are omitted.
          type: dict
          returned: when RV(user) is not V(null)
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
    id: "alice"
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
steps:
  description:
    - Steps that the module performed, or would perform in check mode. Empty if no step is required.
  type: list
  elements: dict
  returned: always, except when the options are invalid
  contains:
    command:
      description:
        - API command, V(edituser) or V(deleteuser).
      type: str
      returned: always, except when the options are invalid
      sample: "edituser"
    arguments:
      description:
        - Arguments of the command. Secrets are masked.
      type: dict
      returned: always, except when the options are invalid
      sample: {"user": "alice", "suspended": "yes"}
    outcome:
      description:
        - V(planned) is a step that would run outside check mode, V(done) succeeded, and V(failed) did not succeed.
        - V(unneeded) was refused by the server, because the account does not exist.
      type: str
      returned: always, except when the options are invalid
      sample: "done"
  sample:
    - command: "edituser"
      arguments: {"user": "alice", "suspended": "yes"}
      outcome: "done"
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
      sample: "edituser"
    stage:
      description:
        - Stage of the failure, one of V(input), V(read), V(plan), V(write), and V(verify).
      type: str
      returned: on failure, except when the options are invalid
      sample: "write"
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
    command: "edituser"
    stage: "write"
    errcode: "invalid_api_key"
    errfield: "key"
    http_status: 200
    hint: "Check api_key (ITRON_API_KEY)."
"""

from ansible_collections.hostops.installatron.plugins.module_utils._module import run_module
from ansible_collections.hostops.installatron.plugins.module_utils._user.work import OPERATION


def main():
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
