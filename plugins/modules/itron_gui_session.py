#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the module itron_gui_session."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_gui_session
short_description: Open a GUI session on Installatron Server
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Opens a GUI session for the owner of websites, a reseller, or the main administrator (C(guixfer), section 3.17), and
    returns the URL for the browser.
  - RV(session_id) and RV(url) grant access to the account. They are secrets, but the task requests them, so they are
    not masked.
  - Set C(no_log) for the task to keep them out of output and logs.
  - The server stores the account data in the request, such as the websites. It creates the account if it does not
    exist.
extends_documentation_fragment:
  - hostops.installatron._attributes
  - hostops.installatron._attributes.actiongroup_itron
  - hostops.installatron._connection
  - hostops.installatron._header
attributes:
  check_mode:
    support: full
    details:
      - Check mode opens no session. RV(session_id) and RV(url) are V(null).
  diff_mode:
    support: full
    details:
      - The diff contains the account and the type of its session.
  idempotent:
    support: none
    details:
      - Every run opens a new session and reports a change.
options:
  type:
    description:
      - Type of the account that the session is for.
      - V(owner) is the owner of websites, O(user). The API also requires O(websites) (section 3.17.1).
      - V(reseller) is the reseller or sub-reseller O(user). Corresponds to the API argument C(type) with the value
        V(reseller) (section 3.17.2). The server converts the account to a reseller if it is not one.
      - V(administrator) is the main administrator O(admin). O(user) and O(reseller) are not used.
      - O(websites) is only sent with V(owner).
    type: str
    choices:
      - owner
      - reseller
      - administrator
    default: owner
  admin:
    description:
      - Name of the main administrator, the value of C(admin) in C(/usr/local/installatron/etc/settings.ini).
      - Corresponds to the API argument C(user) with O(type=administrator) (section 3.17.2).
    type: str
    default: admin
  language:
    description:
      - Language of the GUI, for example V(en) or V(nl). Corresponds to the API argument C(language) (section 3.17.1).
      - By default, this is the default language of the server. Requires O(type=owner).
    type: str
  email:
    description:
      - Email address to display. Corresponds to the API argument C(email) (section 3.17.1).
      - By default, this is the email address of the website. Requires O(type=owner).
    type: str
  package:
    description:
      - Arbitrary name that assigns different applications to groups of users, for example V(no_mysql). Corresponds to
        the API argument C(package) (section 3.17.1).
      - Requires O(type=owner).
    type: str
  gui_url:
    description:
      - Base URL of the GUI. The module appends V(?s=) and the session. If the URL has no path, the module also appends
        V(/index.php).
      - By default, the URL consists of the scheme, host, and port of O(api_url) and V(/index.php), as in section
        3.17.1.
      - With O(transport=cli), there is no default. RV(url) is V(null) unless the server returns a URL.
      - If the option is not set, the environment variable E(ITRON_GUI_URL) is used.
    type: str
seealso:
  - module: hostops.installatron.itron_user
"""

EXAMPLES = r"""
- name: Open a session for Alice, with an existing database
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

- name: Open a session for a reseller
  hostops.installatron.itron_gui_session:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    type: reseller
    user: reseller1
  no_log: true
  register: session

- name: Open a session for the main administrator, with a separate GUI URL
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
    - The session identifier. It is a secret. V(null) in check mode.
  type: str
  returned: always, except when the options are invalid
  sample: "4f1c2a9be07d3358a6c1f0"
url:
  description:
    - The URL for the browser. It is a secret. V(null) in check mode and if the URL is unknown. See O(gui_url).
  type: str
  returned: always, except when the options are invalid
  sample: "https://installatron.example.com/index.php?s=4f1c2a9be07d3358a6c1f0"
steps:
  description:
    - Steps that the module performed, or would perform in check mode. Empty if no step is required.
  type: list
  elements: dict
  returned: always, except when the options are invalid
  contains:
    command:
      description:
        - API command, V(guixfer).
      type: str
      returned: always, except when the options are invalid
      sample: "guixfer"
    arguments:
      description:
        - Arguments of the command. Secrets are masked.
      type: dict
      returned: always, except when the options are invalid
      sample: {"user": "reseller1", "type": "reseller"}
    outcome:
      description:
        - V(planned) is a step that would run outside check mode, V(done) succeeded, and V(failed) did not succeed.
      type: str
      returned: always, except when the options are invalid
      sample: "done"
  sample:
    - command: "guixfer"
      arguments: {"user": "reseller1", "type": "reseller"}
      outcome: "done"
failure:
  description:
    - Details of the failure, in addition to the message in RV(ignore:msg).
  type: dict
  returned: on failure, except when the options are invalid
  contains:
    command:
      description:
        - Command of the API that failed. V(null) if no command was sent.
      type: str
      returned: on failure, except when the options are invalid
      sample: "guixfer"
    stage:
      description:
        - Stage of the failure, one of V(input), V(write), and V(verify).
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
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
