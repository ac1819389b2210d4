#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups restored to other URLs and looked at: documentation, and the entry point on the target."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_restore_drill
short_description: Prove that the newest backups can be restored
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Restores the newest backup of each site to a drill URL, looks at its pages, removes the copy, and reports. The sites themselves and
    their backups are only read.
  - What is installed at a drill URL already is not touched, unless O(replace) is set.
  - A drill passes if the restore succeeds, each page has the status 200 without a redirect, and the texts are on it.
  - The drills run side by side, except those whose copies share a database or a URL.
  - An interrupted task can leave a copy behind. The verdict of the next drill is V(occupied) then, unless O(replace) is set.
extends_documentation_fragment:
  - hostops.installatron._attributes
  - hostops.installatron._attributes.actiongroup_itron
  - hostops.installatron._connection
  - hostops.installatron._header
attributes:
  check_mode:
    support: full
    details:
      - Finds the same backups, and lets the server check the same restores. It does not look at pages, and it does not fail for a
        drill without a backup.
  diff_mode:
    support: full
    details:
      - RV(ignore:diff) is a list with an entry for each restore.
  idempotent:
    support: none
    details:
      - A drill restores and removes each time. Afterwards, the server has what it had before.
requirements:
  - The pages of the copies can be reached from where the task runs.
options:
  sites:
    description:
      - The sites to try.
    type: list
    elements: dict
    required: true
    suboptions:
      url:
        description:
          - URL or identifier of the site. It need not be installed any more.
        type: str
        required: true
      drill_url:
        description:
          - URL to restore to. It must match O(pattern), and nothing may be installed there, see O(replace).
        type: str
        required: true
      text:
        description:
          - Text that the pages of the copy must contain.
        type: str
      user:
        description:
          - Owner of the site. If omitted, the one that the server lists for the backup.
        type: str
      reseller:
        description:
          - Reseller of the owner, see O(reseller).
        type: str
      websites:
        description:
          - Websites of the owner, with the options of O(websites). One of them must serve O(sites[].drill_url).
        type: list
        elements: dict
      url_ip:
        description:
          - IP address at which the server reaches O(sites[].drill_url), see O(hostops.installatron.itron_backup#module:url_ip).
        type: str
      db_host:
        description:
          - Database server of the copy, see O(hostops.installatron.itron_backup#module:db_host).
        type: str
      db_name:
        description:
          - Database of the copy. The task fails before anything is sent if an installed application may use the same tables.
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
          - Prefix of the tables of the copy. If omitted, it is that of the site.
        type: str
  pattern:
    description:
      - Regular expression that must be found in each O(sites[].drill_url) without its scheme. It keeps the copies apart from the sites of
        customers.
    type: str
    default: (^|[./-])(drill|restore|test)([0-9]*)([./-]|$)
  replace:
    description:
      - Whether an application at a drill URL is removed first, as what an interrupted drill left. One with another database than
        O(sites[].db_name) is not touched.
    type: bool
    default: false
  health:
    description:
      - How the pages of the copies are looked at.
    type: dict
    suboptions:
      paths:
        description:
          - Pages below each O(sites[].drill_url). If omitted, its first page.
        type: list
        elements: str
      keywords:
        description:
          - Texts that each page must contain.
        type: list
        elements: str
      timeout:
        description:
          - Seconds for one page. If omitted, V(30).
        type: float
      validate_certs:
        description:
          - Whether the certificate must be valid. If omitted, V(true).
        type: bool
      url_ip:
        description:
          - IP address of the drill URLs, if DNS does not point to it.
        type: str
      port:
        description:
          - Port of the drill URLs, if it is not that of the URL.
        type: int
      attempts:
        description:
          - How often a copy is asked until it is healthy. If omitted, V(3).
        type: int
      delay:
        description:
          - Seconds between two attempts. If omitted, V(5).
        type: float
  max_parallel:
    description:
      - How many drills run at the same time, from V(1) to V(64).
    type: int
    default: 4
  fail_on:
    description:
      - Verdicts that make the task fail at its end. Not in check mode.
    type: list
    elements: str
    choices: [passed, planned, failed, no_backup, occupied]
    default: [failed, no_backup, occupied]
  wait_timeout:
    description:
      - Seconds to wait for one task of the server, more than V(0).
    type: float
    default: 900
  poll_interval:
    description:
      - Seconds that set the pace of the looks at running tasks, more than V(0). One request serves all drills.
    type: float
    default: 2
seealso:
  - module: hostops.installatron.itron_backup
"""

EXAMPLES = r"""
- name: Try the newest backup of Alice's blog at another URL, and report without failing
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
    - What became of each site, in the order of O(sites).
  type: list
  elements: dict
  returned: always, except when the options of the task are invalid
  contains:
    url:
      description: URL or identifier of the site, as O(sites[].url) has it.
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
        - V(passed), V(planned) (check mode), V(failed), V(no_backup), or V(occupied) (something is installed at the drill URL).
      type: str
      returned: always
      sample: "passed"
    reason:
      description: What went wrong; V(null) if nothing did.
      type: str
      returned: always
      sample: null
    backup:
      description: Identifier of the backup; V(null) if there is none.
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
      description: Seconds that the drill took.
      type: float
      returned: always
      sample: 12.4
summary:
  description:
    - Number of drills by verdict, and C(total).
  type: dict
  returned: always, except when the options of the task are invalid
  sample: {passed: 1, planned: 0, failed: 0, no_backup: 0, occupied: 0, total: 1}
failure:
  description:
    - Details of the failure, with the message in RV(ignore:msg).
  type: dict
  returned: when the task failed, except when the options are invalid
  contains:
    command:
      description:
        - Command of the API that failed, V(null) if none was sent.
      type: str
      returned: on failure, except when the options are invalid
      sample: "installs"
    stage:
      description:
        - Where it failed, one of V(input), V(read), V(write), and V(verify).
      type: str
      returned: on failure, except when the options are invalid
      sample: "verify"
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
"""

from ansible_collections.hostops.installatron.plugins.module_utils._drill.work import OPERATION
from ansible_collections.hostops.installatron.plugins.module_utils._module import run_module


def main():
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
