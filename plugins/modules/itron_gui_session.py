#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A session of the graphical interface: documentation, and the entry point on the target."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_gui_session
short_description: Open a session of the graphical interface of Installatron Server
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Opens a session for the owner of websites, a reseller, or the main administrator (C(guixfer), section 3.17), and
    returns the address to send the browser to.
  - RV(session_id) and RV(url) let whoever knows them into the account. They are secrets that the task asks for, so
    they are not masked. Set C(no_log) for the task to keep them out of output and logs.
  - The server stores what the request says of the account, such as its websites, and creates an account that it does
    not know.
  - The numbers of sections are those of the specification of Installatron Server's v1 interface.
extends_documentation_fragment:
  - hostops.installatron._attributes
  - hostops.installatron._attributes.actiongroup_itron
  - hostops.installatron._connection
  - hostops.installatron._header
attributes:
  check_mode:
    support: full
    details:
      - No session is opened in check mode; RV(session_id) and RV(url) are V(null).
  diff_mode:
    support: full
    details:
      - Names the account and the type of its session.
  idempotent:
    support: none
    details:
      - Every run opens another session, and is a change.
options:
  type:
    description:
      - Whom the session is for.
      - V(owner) is the owner of websites, O(user); the API requires O(websites) as well (section 3.17.1).
      - V(reseller) is the reseller or sub-reseller O(user). Becomes the API argument C(type) with V(reseller)
        (section 3.17.2). The server makes a reseller of an account that is not one yet.
      - V(administrator) is the main administrator O(admin); O(user) and O(reseller) are not used.
      - O(websites) are only sent with V(owner).
    type: str
    choices:
      - owner
      - reseller
      - administrator
    default: owner
  admin:
    description:
      - Name of the main administrator, the value of C(admin) in C(/usr/local/installatron/etc/settings.ini). Becomes
        the API argument C(user) with O(type=administrator) (section 3.17.2).
    type: str
    default: admin
  language:
    description:
      - Language of the user interface, for example V(en) or V(nl). Becomes the API argument C(language) (section
        3.17.1).
      - If omitted, it is the default language of the server. Only goes with O(type=owner).
    type: str
  email:
    description:
      - E-mail address to show. Becomes the API argument C(email) (section 3.17.1).
      - If omitted, it is that of the website. Only goes with O(type=owner).
    type: str
  package:
    description:
      - Any text that assigns different applications to sets of users, for example V(no_mysql). Becomes the API
        argument C(package) (section 3.17.1). Only goes with O(type=owner).
    type: str
  gui_url:
    description:
      - Address of the graphical interface, to which V(?s=) and the session are appended. Without a path it is
        followed by V(/index.php).
      - If omitted, it is V(/index.php) at scheme, host, and port of O(api_url), as in section 3.17.1. With
        O(transport=cli) there is no such address, and RV(url) is V(null) unless the server itself says one.
      - If the option is not set, the environment variable E(ITRON_GUI_URL) is used.
    type: str
seealso:
  - module: hostops.installatron.itron_user
"""

EXAMPLES = r"""
- name: A session for Alice, with databases that she may use
  hostops.installatron.itron_gui_session:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    language: en
    websites:
      - id: alice1
        label: example.com
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
        email: alice@example.com
        db_mode: manual
        databases:
          - host: localhost
            name: alice_blog
            user: alice_blog
            pass: "{{ vault_alice_db_pass }}"
  no_log: true
  register: session

- name: A session for a reseller
  hostops.installatron.itron_gui_session:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    type: reseller
    user: reseller1
  no_log: true
  register: session

- name: A session for the main administrator, at an address of its own
  hostops.installatron.itron_gui_session:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    type: administrator
    gui_url: https://gui.example.com/index.php
  no_log: true
  register: session
"""

RETURN = r"""
session_id:
  description:
    - The session. V(null) in check mode. It is a secret.
  type: str
  returned: always, except when the options are invalid
  sample: "4f1c2a9be07d3358a6c1f0"
url:
  description:
    - The address to send the browser to. V(null) in check mode, and if nothing says it; see O(gui_url). It is a
      secret.
  type: str
  returned: always, except when the options are invalid
  sample: "https://installatron.example.com/index.php?s=4f1c2a9be07d3358a6c1f0"
steps:
  description:
    - What was done, or in check mode what would be done; empty if there was nothing to do.
  type: list
  elements: dict
  returned: always, except when the options are invalid
  contains:
    command:
      description:
        - Command of the API, V(guixfer).
      type: str
      returned: always, except when the options are invalid
      sample: "guixfer"
    arguments:
      description:
        - Its arguments, in the API's form; secrets are masked.
      type: dict
      returned: always, except when the options are invalid
      sample: {"user": "reseller1", "type": "reseller"}
    outcome:
      description:
        - V(planned) comes from check mode. V(done) is over, and V(failed) did not succeed.
      type: str
      returned: always, except when the options are invalid
      sample: "done"
  sample:
    - command: "guixfer"
      arguments: {"user": "reseller1", "type": "reseller"}
      outcome: "done"
failure:
  description:
    - What went wrong, for programs; RV(ignore:msg) says it for people.
  type: dict
  returned: on failure, except when the options are invalid
  contains:
    command:
      description:
        - Command of the API that failed, V(null) if none was sent.
      type: str
      returned: on failure, except when the options are invalid
      sample: "guixfer"
    stage:
      description:
        - Where it failed, one of V(input), V(write), and V(verify).
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
    command: "guixfer"
    stage: "write"
    errcode: "invalid_api_key"
    errfield: "key"
    http_status: 200
    hint: "Check api_key (ITRON_API_KEY)."
"""

from ansible_collections.hostops.installatron.plugins.module_utils._gui_session.work import OPERATION
from ansible_collections.hostops.installatron.plugins.module_utils._module import run_module


def main():
    """Run the operation on the target."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
