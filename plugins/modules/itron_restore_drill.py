#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the module itron_restore_drill."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_restore_drill
short_description: Verify that the newest backups can be restored
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Restores the newest backup of each site to a drill URL, probes the pages of the copy, removes the copy, and returns a report.
    The module does not change the sites and their backups.
  - The module does not change an application that is already installed at a drill URL, unless O(replace=true).
  - A drill passes if the restore succeeds, each page returns the status 200 without a redirect, and each page contains the
    expected texts.
  - Drills run in parallel, except drills whose copies share a database or a URL.
  - An interrupted task can leave a copy behind. In this case, the next drill of the site returns the verdict V(occupied), unless
    O(replace=true).
extends_documentation_fragment:
  - hostops.installatron._attributes
  - hostops.installatron._attributes.actiongroup_itron
  - hostops.installatron._connection
  - hostops.installatron._header
  - hostops.installatron._wait.many
attributes:
  check_mode:
    support: full
    details:
      - The module finds the same backups, and the server verifies the same restores. The module does not probe pages, and it does
        not fail if a backup is missing.
  diff_mode:
    support: full
    details:
      - RV(ignore:diff) is a list with an entry for each restore.
  idempotent:
    support: none
    details:
      - Every drill restores and removes a copy. Afterwards, the server is in its original state.
requirements:
  - The host that runs the task can reach the pages of the copies.
options:
  sites:
    description:
      - The sites to test.
    type: list
    elements: dict
    required: true
    suboptions:
      url:
        description:
          - URL or identifier of the site. The site does not have to be installed.
        type: str
        required: true
      drill_url:
        description:
          - URL of the copy. It must match O(pattern), and no application may be installed there. See O(replace).
        type: str
        required: true
      text:
        description:
          - Text that the pages of the copy must contain.
        type: str
      user:
        description:
          - Owner of the site. By default, the owner that the server lists for the backup.
        type: str
      reseller:
        description:
          - Reseller of the owner. See O(reseller).
        type: str
      websites:
        description:
          - Websites of the owner, with the suboptions of O(websites). One of them must serve O(sites[].drill_url).
        type: list
        elements: dict
      url_ip:
        description:
          - IP address at which the server reaches O(sites[].drill_url). See O(hostops.installatron.itron_backup#module:url_ip).
        type: str
      db_host:
        description:
          - Database server of the copy. See O(hostops.installatron.itron_backup#module:db_host).
        type: str
      db_name:
        description:
          - Database of the copy. If an installed application may use the same tables, the task fails before it sends a command
            that writes.
        type: str
      db_user:
        description:
          - User of O(sites[].db_name).
        type: str
      db_pass:
        description:
          - Password of O(sites[].db_user).
        type: str
      db_prefix:
        description:
          - Table prefix of the copy. By default, this is the prefix of the site.
        type: str
  pattern:
    description:
      - Regular expression that each O(sites[].drill_url) must match, without its scheme. It prevents a restore to the URL of a
        production site.
    type: str
    default: (^|[./-])(drill|restore|test)([0-9]*)([./-]|$)
  replace:
    description:
      - Whether to remove an application at a drill URL first, such as the copy from an interrupted drill.
      - An application whose database differs from O(sites[].db_name) is not removed.
    type: bool
    default: false
  health:
    description:
      - How to check the health of the copies.
    type: dict
    suboptions:
      paths:
        description:
          - Pages to probe, as paths below each O(sites[].drill_url). By default, the module probes the home page.
        type: list
        elements: str
      keywords:
        description:
          - Texts that each page must contain.
        type: list
        elements: str
      timeout:
        description:
          - Timeout for one page in seconds. By default, V(30).
        type: float
      validate_certs:
        description:
          - Whether to validate the TLS certificate. By default, V(true).
        type: bool
      url_ip:
        description:
          - IP address of the drill URLs, if DNS does not point to it.
        type: str
      port:
        description:
          - Port of the drill URLs, if it differs from the port in the URL.
        type: int
      attempts:
        description:
          - Maximum number of probes until a copy is healthy. By default, V(3).
        type: int
      delay:
        description:
          - Delay between two probes in seconds. By default, V(5).
        type: float
  fail_on:
    description:
      - Verdicts that make the task fail at the end, except in check mode.
    type: list
    elements: str
    choices: [passed, planned, failed, no_backup, occupied]
    default: [failed, no_backup, occupied]
seealso:
  - module: hostops.installatron.itron_backup
"""

EXAMPLES = r"""
- name: Test the newest backup of Alice's blog at another URL, and report the result
  hostops.installatron.itron_restore_drill:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
          https://drill.example.com: drill
    sites:
      - url: https://www.example.com/blog
        drill_url: https://drill.example.com
        db_host: localhost
        db_name: alice_drill
        db_user: alice_drill
        db_pass: "{{ vault_alice_db_pass }}"
        text: Welcome to the blog
    health:
      attempts: 2
      delay: 1
    fail_on: []
  register: drill
"""

RETURN = r"""
drills:
  description:
    - Result of each drill, in the order of O(sites).
  type: list
  elements: dict
  returned: always, except when the options of the task are invalid
  contains:
    url:
      description: The value of O(sites[].url).
      type: str
      returned: always
      sample: "https://www.example.com/blog"
    drill_url:
      description: URL of the copy.
      type: str
      returned: always
      sample: "https://drill.example.com"
    verdict:
      description:
        - V(passed), V(planned) (in check mode), V(failed), V(no_backup), or V(occupied) (an application is installed at the drill
          URL).
      type: str
      returned: always
      sample: "passed"
    reason:
      description: Reason of the failure. V(null) if the drill did not fail.
      type: str
      returned: always
      sample: null
    backup:
      description: Identifier of the backup. V(null) if there is none.
      type: str
      returned: always
      sample: "aga40vngcy888kg44coogkgwk"
    backup_time:
      description: Time of the backup.
      type: str
      returned: always
      sample: "2026-11-27T10:03:28Z"
    backup_size:
      description: Size of the backup in bytes.
      type: int
      returned: always
      sample: 13836288
    seconds:
      description: Duration of the drill in seconds.
      type: float
      returned: always
      sample: 12.4
summary:
  description:
    - Number of drills for each verdict, and C(total).
  type: dict
  returned: always, except when the options of the task are invalid
  sample: {passed: 1, planned: 0, failed: 0, no_backup: 0, occupied: 0, total: 1}
failure:
  description:
    - Details of the failure, in addition to the message in RV(ignore:msg).
  type: dict
  returned: when the task failed, except when the options are invalid
  contains:
    command:
      description:
        - Command of the API that failed. V(null) if no command was sent.
      type: str
      returned: on failure, except when the options are invalid
      sample: "installs"
    stage:
      description:
        - Stage of the failure, one of V(input), V(read), V(write), and V(verify).
      type: str
      returned: on failure, except when the options are invalid
      sample: "verify"
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
"""

from ansible_collections.hostops.installatron.plugins.module_utils._drill.work import OPERATION
from ansible_collections.hostops.installatron.plugins.module_utils._module import run_module


def main():
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
