#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One user or reseller, as it is wanted: documentation, and the entry point on the target."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_user
short_description: Create, change, suspend, and forget users and resellers of Installatron Server
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Brings one user or reseller in the database of Installatron Server, with its websites, to what is wanted. Nothing
    outside that database is touched.
  - Only options that are given are compared with the server; what is omitted stays as it is.
  - The account is O(user), which is required here; O(reseller) is the account that owns it, and O(websites) are all
    the websites that it is to have.
  - Accounts are read through the newer REST interface of the server (v2, C(GET /users/{id})) and written through the
    v1 interface (C(edituser), section 4.3, and C(deleteuser), section 4.4).
  - Where the server has no v2, nothing can be compared; see O(users_api).
  - In diff mode RV(ignore:diff) holds the properties that differ, before and after, as dictionaries. A secret shows
    in it as V((set\)) or V((changed\)).
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
      - The steps are the same as without check mode. Nothing that writes is sent.
      - Where the server has no v2, O(state=absent) is a change in check mode, even if there is no such user.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - Where the server has no v2, C(edituser) is sent every time, and the task is changed every time.
        O(state=absent) is idempotent there, too, if the server refuses to delete an unknown user with the code
        C(user_not_found).
      - No reply that is documented shows O(package); see O(update_package).
      - Passwords in O(websites) are not compared where the server does not show them.
options:
  state:
    description:
      - V(present) creates the account if it is missing, and otherwise changes what differs (C(edituser), section
        4.3).
      - V(absent) makes the server forget the account, its websites, its installed applications, and its backups
        (C(deleteuser), section 4.4). Files, databases, and the archives of backups stay where they are.
    type: str
    choices:
      - present
      - absent
    default: present
  type:
    description:
      - Type of the account. Becomes the API argument C(type) (section 4.3).
      - If omitted, a new account gets V(user). The server may turn a user into a reseller by itself when it owns an
        account.
    type: str
    choices:
      - user
      - reseller
  language:
    description:
      - Language of the user interface, for example V(en) or V(nl). Becomes the API argument C(language) (section
        4.3); it is read back as C(locale).
      - If omitted, a new account gets the default language of the server.
    type: str
  email:
    description:
      - E-mail address. Becomes the API argument C(email) (section 4.3).
      - If omitted, a new account gets that of its websites.
    type: str
  package:
    description:
      - Any text that assigns different applications to sets of users, for example V(no_mysql). Becomes the API
        argument C(package) (section 4.3).
      - It is compared where the server shows it. Otherwise it is sent when the account is created, and together with
        other changes; see O(update_package).
    type: str
  update_package:
    description:
      - When to send an O(package) that the server does not show.
      - V(with_changes) sends it when the account is created or something else changes, and warns when it is not sent.
      - V(always) sends it every time, which is a change every time.
    type: str
    choices:
      - with_changes
      - always
    default: with_changes
  suspended:
    description:
      - Whether the account is suspended. Becomes the API argument C(suspended) with V(yes) or V(no) (section 4.3).
    type: bool
  users_api:
    description:
      - How accounts are read.
      - V(v2) reads them through v2; it is an error if the server does not have it.
      - V(v1) does not read them. C(edituser) is sent every time, and the task is changed every time.
      - V(auto) tries v2, and does the same as V(v1), with a warning, when the server answers with an HTML page or
        with something else that is not v2. A refused key, an HTTP status such as 403 or 503, or a lost connection is
        an error.
    type: str
    choices:
      - auto
      - v1
      - v2
    default: auto
  force:
    description:
      - Whether O(state=absent) goes on though the server would forget installed applications (of the account or of
        accounts below it) or accounts below it. If V(false), the task fails and names them.
    type: bool
    default: false
notes:
  - C(edituser) replaces the whole list of websites, so O(websites) must name all of them. Their order does not
    matter. A website is the same one by its O(websites[].id) or, where one side has none, by its O(websites[].path)
    without credentials and its O(websites[].label).
  - Of a website, only what is given is compared; O(websites[].vhosts) and O(websites[].databases) are compared as a
    whole.
  - With C(module_defaults) for the group C(hostops.installatron.itron), mind that O(websites) given there are written
    by this module.
seealso:
  - module: hostops.installatron.itron_user_info
  - module: hostops.installatron.itron_gui_session
"""

EXAMPLES = r"""
- name: Alice has two websites; a reordered list is no change, for the whole list is compared
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

- name: A reseller
  hostops.installatron.itron_user:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: reseller1
    type: reseller
    email: reseller@example.com

- name: A sub-reseller, owned by a reseller
  hostops.installatron.itron_user:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: reseller2
    type: reseller
    reseller: reseller1

- name: Alice is suspended, everything else stays as it is
  hostops.installatron.itron_user:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    suspended: true

- name: Alice may install WordPress only, which the server does not show, so it is sent every time
  hostops.installatron.itron_user:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    package: wordpress_only
    update_package: always

- name: It is an error if the server cannot say what it has
  hostops.installatron.itron_user:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    users_api: v2
    user: alice
    language: nl

- name: The server forgets Alice; it is an error if she still has installed applications
  hostops.installatron.itron_user:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    state: absent
"""

RETURN = r"""
user:
  description:
    - The account after the task; in check mode as it is expected to be. V(null) if there is none, or if it could not
      be read. Where the server has no v2, it holds what was sent.
    - What the server does not say is V(null). Passwords are never in it.
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
        - The account that owns it (C(parent) in v2).
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
        - E-mail address.
      type: str
      returned: when RV(user) is not V(null)
      sample: "alice@example.com"
    package:
      description:
        - Package. V(null) where the server does not show it.
      type: str
      returned: when RV(user) is not V(null)
      sample: "wordpress_only"
    websites:
      description:
        - Its websites.
      type: list
      elements: dict
      returned: when RV(user) is not V(null)
      contains:
        id:
          description:
            - Identifier. V(null) if the server does not say.
          type: str
          returned: when RV(user) is not V(null)
          sample: "alice1"
        label:
          description:
            - Name to show. V(null) if the server does not say.
          type: str
          returned: when RV(user) is not V(null)
          sample: "example.com"
        path:
          description:
            - Home directory; a password in it is masked. V(null) if the server does not say.
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
            - E-mail address. V(null) if the server does not say.
          type: str
          returned: when RV(user) is not V(null)
          sample: "alice@example.com"
        uid:
          description:
            - Numeric POSIX owner of files. V(null) if the server does not say.
          type: int
          returned: when RV(user) is not V(null)
          sample: 1001
        gid:
          description:
            - Numeric POSIX group of files. V(null) if the server does not say.
          type: int
          returned: when RV(user) is not V(null)
          sample: 1001
        server:
          description:
            - Identifier of the web server. V(null) if the server does not say.
          type: str
          returned: when RV(user) is not V(null)
          sample: "web1"
        vhost_ip:
          description:
            - IP address of the domains. V(null) if the server does not say.
          type: str
          returned: when RV(user) is not V(null)
          sample: "192.0.2.10"
        path_backups:
          description:
            - Folder for backups, relative to the path. V(null) if the server does not say.
          type: str
          returned: when RV(user) is not V(null)
          sample: "/application_backups/"
        mysql_host:
          description:
            - Database server. V(null) if the server does not say.
          type: str
          returned: when RV(user) is not V(null)
          sample: "localhost"
        language:
          description:
            - Language. V(null) if the server does not say.
          type: str
          returned: when RV(user) is not V(null)
          sample: "en"
        suspended:
          description:
            - Whether it is suspended. V(null) if the server does not say.
          type: bool
          returned: when RV(user) is not V(null)
          sample: false
        db_mode:
          description:
            - How databases come to be. V(null) if the server does not say.
          type: str
          returned: when RV(user) is not V(null)
          sample: "manual"
        reseller:
          description:
            - The account that owns it (C(parent) in v2). V(null) if the server does not say.
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
            - Further values, under names that begin with an underscore, without those whose name says that they are
              secret.
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
    - What was done, or in check mode what would be done; empty if there was nothing to do.
  type: list
  elements: dict
  returned: always, except when the options are invalid
  contains:
    command:
      description:
        - Command of the API, V(edituser) or V(deleteuser).
      type: str
      returned: always, except when the options are invalid
      sample: "edituser"
    arguments:
      description:
        - Its arguments, in the API's form; secrets are masked.
      type: dict
      returned: always, except when the options are invalid
      sample: {"user": "alice", "suspended": "yes"}
    outcome:
      description:
        - V(planned) comes from check mode. V(done) is over, and V(failed) did not succeed. V(unneeded)
          was refused by the server because there was nothing to delete.
      type: str
      returned: always, except when the options are invalid
      sample: "done"
  sample:
    - command: "edituser"
      arguments: {"user": "alice", "suspended": "yes"}
      outcome: "done"
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
      sample: "edituser"
    stage:
      description:
        - Where it failed, one of V(input), V(read), V(plan), V(write), and V(verify).
      type: str
      returned: on failure, except when the options are invalid
      sample: "write"
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
    """Run the operation on the target."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
