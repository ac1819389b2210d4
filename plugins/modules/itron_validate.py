#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the module itron_validate."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_validate
short_description: Validate site descriptions without a server
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Validates the files for O(hostops.installatron.itron_installs#module:installs_from) and the role
    P(hostops.installatron.site#role), in a pipeline that has no access to the server and its API key.
  - The module detects invalid YAML, duplicate keys, templates, unsupported options, invalid values, and invalid URLs.
  - It also detects duplicate sites, contradictory descriptions of an account, and URLs whose host does not belong to a website of
    the user.
  - The task fails if the module detects a problem. RV(problems) contains all problems with file and line.
  - The module does not check values that depend on the catalog of a server, such as the names of applications and of their
    settings. RV(unchecked) lists these values.
extends_documentation_fragment:
  - hostops.installatron._attributes
  - hostops.installatron._header
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
  installs:
    description:
      - List of sites. See O(hostops.installatron.itron_installs#module:installs).
      - One of O(installs) and O(installs_from) is required.
    type: list
    elements: dict
  installs_from:
    description:
      - Files on the controller that contain the sites. See O(hostops.installatron.itron_installs#module:installs_from).
      - A site can also contain the dictionaries C(account) and C(backup) for the role P(hostops.installatron.site#role).
    type: list
    elements: str
  defaults:
    description:
      - Default options of the sites, as in the task that applies the files. See
        O(hostops.installatron.itron_installs#module:defaults).
    type: dict
notes:
  - O(user), O(reseller), and O(websites) must be the same as in the task that applies the files. The host of a URL is not checked
    if neither the task nor a site of the user defines websites.
  - The module is not part of the action group C(hostops.installatron.itron), because it has no connection options.
seealso:
  - module: hostops.installatron.itron_installs
  - module: hostops.installatron.itron_adopt
"""

EXAMPLES = r"""
- name: Validate all files of the estate
  hostops.installatron.itron_validate:
    installs_from: [sites]
    defaults:
      application: wordpress
      autoup: minor
  register: checked

- name: Show values that require a server
  ansible.builtin.debug:
    var: checked.unchecked
"""

RETURN = r"""
sites:
  description:
    - Number of validated sites. Sites in files that cannot be parsed are not counted.
  type: int
  returned: always, except when the options are invalid
  sample: 120
problems:
  description:
    - The problems. Each message contains the site, its file, and its line.
  type: list
  elements: str
  returned: always, except when the options are invalid
  sample: ["item 7 (https://www.example.com/shop, sites/alice.yml, line 31): unsupported option: autoupdate"]
unchecked:
  description:
    - Values that can only be checked with a server.
  type: list
  elements: str
  returned: always, except when the options are invalid
  sample: ["application: joomla, wordpress", "language: de, en"]
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
      sample: "null"
    stage:
      description:
        - Stage of the failure, one of V(input).
      type: str
      returned: on failure, except when the options are invalid
      sample: "input"
    errcode:
      description:
        - Error code, if the server returned one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "null"
    errfield:
      description:
        - Invalid argument of the API, if the server returned one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "null"
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
      sample: "The result lists all problems."
  sample:
    command: null
    stage: "input"
    errcode: null
    errfield: null
    http_status: null
    hint: null
"""

from ansible_collections.hostops.installatron.plugins.module_utils._installs.validate import OPERATION
from ansible_collections.hostops.installatron.plugins.module_utils._module import run_module


def main():
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
