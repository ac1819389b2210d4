#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks descriptions of sites without a server: documentation, and the entry point on the target."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_validate
short_description: Check descriptions of sites without a server
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Checks the files that O(hostops.installatron.itron_installs#module:installs_from) and the role P(hostops.installatron.site#role)
    take, for a pipeline that has neither the server nor its API key.
  - It finds files that are no YAML, keys that stand twice, templates, unknown options, values that an option does not take, URLs
    that are none, two descriptions of one site, descriptions of one account that differ, and a URL whose host none of the websites
    of its user has.
  - The task fails if anything is wrong. RV(problems) then has all of it, with file and line.
  - What only the catalogue of a server knows, such as the names of applications and of their settings, is not checked; RV(unchecked)
    lists it.
extends_documentation_fragment:
  - hostops.installatron._attributes
  - hostops.installatron._header
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
  installs:
    description:
      - List of sites, as O(hostops.installatron.itron_installs#module:installs) takes it.
      - One of O(installs) and O(installs_from) is required.
    type: list
    elements: dict
  installs_from:
    description:
      - Files on the controller with the sites, as O(hostops.installatron.itron_installs#module:installs_from) takes them. A site may
        also have the tables C(account) and C(backup) of the role P(hostops.installatron.site#role).
    type: list
    elements: str
  defaults:
    description:
      - The O(hostops.installatron.itron_installs#module:defaults) of the task that applies the files.
    type: dict
notes:
  - O(user), O(reseller), and O(websites) are those of the task that applies the files. Without websites, neither here nor at the
    sites of a user, the host of a URL is not checked.
  - The module is no member of the action group C(hostops.installatron.itron), for it has no options of a connection.
seealso:
  - module: hostops.installatron.itron_installs
  - module: hostops.installatron.itron_adopt
"""

EXAMPLES = r"""
- name: Check all files of the estate
  hostops.installatron.itron_validate:
    installs_from: [sites]
    defaults:
      application: wordpress
      autoup: minor
  register: checked

- name: Say what only the server can tell
  ansible.builtin.debug:
    var: checked.unchecked
"""

RETURN = r"""
sites:
  description:
    - Number of sites that were checked; those of a file that cannot be read are not among them.
  type: int
  returned: always, except when the options are invalid
  sample: 120
problems:
  description:
    - What is wrong, each with the site, its file, and its line.
  type: list
  elements: str
  returned: always, except when the options are invalid
  sample: ["item 7 (https://www.example.com/shop, sites/alice.yml, line 31): unsupported option: autoupdate"]
unchecked:
  description:
    - What only a server can tell.
  type: list
  elements: str
  returned: always, except when the options are invalid
  sample: ["application: joomla, wordpress", "language: de, en"]
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
      sample: "null"
    stage:
      description:
        - Where it failed, one of V(input).
      type: str
      returned: on failure, except when the options are invalid
      sample: "input"
    errcode:
      description:
        - Code of the error, if the server gave one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "null"
    errfield:
      description:
        - API argument that the server complains about, if it named one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "null"
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
      sample: "All of them are in the result."
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
    """Run the operation on the target."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
