#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups of many sites brought to their policies: documentation, and the entry point on the target."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_backups
short_description: Bring the backups of many web applications to their policies
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Compares the backups of all sites with their policies, with one list of sites and one of backups. Makes the backups that are missing
    or too old, removes those that are too many, and reports.
  - Location and schedule of a site are set before its backup is made.
  - A site that fails does not keep the others from their backups.
  - The last backup of a site is never removed, and no backup is removed before a new one is proven.
extends_documentation_fragment:
  - hostops.installatron._attributes
  - hostops.installatron._attributes.actiongroup_itron
  - hostops.installatron._connection
  - hostops.installatron._header
attributes:
  check_mode:
    support: full
    details:
      - The report shows what the server has. The task does not fail for the findings of the report, unless O(audit) is set.
  diff_mode:
    support: full
    details:
      - RV(ignore:diff) is a list with an entry for each site that changes.
  idempotent:
    support: full
options:
  policies:
    description:
      - The sites with their policies. If omitted, all sites that the server lists, with the policy in O(defaults).
      - An empty list selects nothing.
    type: list
    elements: dict
    suboptions:
      install:
        description:
          - Identifier or URL of the installed application.
        type: str
        required: true
      user:
        description:
          - Owner of the site. If omitted, the one that the server lists.
        type: str
      reseller:
        description:
          - Reseller of the owner, see O(reseller).
        type: str
      websites:
        description:
          - Websites of the owner, with the options of O(websites).
        type: list
        elements: dict
      max_age:
        description:
          - How old the youngest backup may be, as a number and V(m), V(h), V(d), or V(w), such as V(24h). If it is older, a backup is made.
        type: str
      keep:
        description:
          - How many backups are kept at most, the youngest ones. The last one is never removed. If omitted, none is removed.
        type: int
      expiry:
        description:
          - When a new backup expires, see O(hostops.installatron.itron_backup#module:expiry).
        type: str
      location:
        description:
          - Backup location of the site, see O(hostops.installatron.itron_install#module:bkloc). If the youngest backup is elsewhere, a
            new one is made.
        type: str
      schedule:
        description:
          - When the server makes backups by itself, see O(hostops.installatron.itron_install#module:autobk).
        type: str
      daily:
        description:
          - Number of daily backups, see O(hostops.installatron.itron_install#module:autobk_daily).
        type: int
      weekly:
        description:
          - Number of weekly backups, see O(hostops.installatron.itron_install#module:autobk_weekly).
        type: int
      monthly:
        description:
          - Number of monthly backups, see O(hostops.installatron.itron_install#module:autobk_monthly).
        type: int
  defaults:
    description:
      - Policy of sites that do not say otherwise.
    type: dict
    suboptions:
      max_age:
        description:
          - See O(policies[].max_age).
        type: str
      keep:
        description:
          - See O(policies[].keep).
        type: int
      expiry:
        description:
          - See O(policies[].expiry).
        type: str
      location:
        description:
          - See O(policies[].location).
        type: str
      schedule:
        description:
          - See O(policies[].schedule).
        type: str
      daily:
        description:
          - See O(policies[].daily).
        type: int
      weekly:
        description:
          - See O(policies[].weekly).
        type: int
      monthly:
        description:
          - See O(policies[].monthly).
        type: int
  owned_accounts:
    description:
      - Whether the sites of the accounts that O(user) owns are listed, too.
    type: bool
    default: true
  audit:
    description:
      - Whether to report only.
    type: bool
    default: false
  places:
    description:
      - Whether O(policies[].location), O(policies[].schedule), and the numbers of O(policies[].daily), O(policies[].weekly), and
        O(policies[].monthly) backups are set. If not, they are compared only.
    type: bool
    default: true
  fail_on_findings:
    description:
      - Whether the task fails at its end if a site does not meet its policy.
    type: bool
    default: true
  max_parallel:
    description:
      - How many sites are worked on at the same time, from V(1) to V(64).
    type: int
    default: 4
  wait_timeout:
    description:
      - Seconds to wait for one task of the server, more than V(0).
    type: float
    default: 900
  poll_interval:
    description:
      - Seconds that set the pace of the looks at running tasks, more than V(0). One request serves all sites.
    type: float
    default: 2
seealso:
  - module: hostops.installatron.itron_backup
  - module: hostops.installatron.itron_backup_info
  - plugin: hostops.installatron.backup_audit_markdown
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Every site of Alice has a backup of the last day, and keeps its two youngest ones
  hostops.installatron.itron_backups:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
    defaults:
      max_age: 1d
      keep: 2

- name: Alice's blog keeps seven backups, on another server, and no other site is touched
  hostops.installatron.itron_backups:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    policies:
      - install: https://www.example.com/blog
        user: alice
        websites:
          - id: alice1
            path: /home/alice
            vhosts:
              https://www.example.com: public_html
        max_age: 24h
        keep: 7
        location: "ftp://alice:{{ vault_alice_ftp_password }}@backup.example.com/alice"

- name: Report the sites without a backup of the last two days
  hostops.installatron.itron_backups:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    defaults:
      max_age: 2d
    audit: true
    fail_on_findings: false
  register: audit
"""

RETURN = r"""
sites:
  description:
    - The state of the backups of each site, at the end of the task. Sites without a backup come first, those that meet their policies last.
  type: list
  elements: dict
  returned: always, except when the options of the task are invalid
  contains:
    url:
      description: URL of the site; what the policy says if it is not installed.
      type: str
      returned: always
      sample: "https://www.example.com/blog"
    id:
      description: Identifier of the installed application; V(null) if it is not installed.
      type: str
      returned: always
      sample: "4yhfygnd10ws0wc8skck444s"
    user:
      description: Owner of the site.
      type: str
      returned: always
      sample: "alice"
    application:
      description: Identifier of the application.
      type: str
      returned: always
      sample: "wordpress"
    count:
      description: Number of backups.
      type: int
      returned: always
      sample: 2
    newest:
      description: Time of the youngest backup; V(null) if there is none.
      type: str
      returned: always
      sample: "2026-11-27T10:03:28Z"
    age:
      description: Age of the youngest backup in seconds.
      type: int
      returned: always
      sample: 3600
    size:
      description: Size of the youngest backup in bytes.
      type: int
      returned: always
      sample: 13836288
    total_size:
      description: Size of all backups in bytes.
      type: int
      returned: always
      sample: 27672576
    location:
      description: Location of the youngest backup.
      type: str
      returned: always
      sample: "local"
    keep:
      description: What the policy says.
      type: int
      returned: always
      sample: 7
    max_age:
      description: What the policy says.
      type: str
      returned: always
      sample: "24h"
    findings:
      description:
        - What does not meet the policy, of V(no_backup), V(not_installed), V(empty), V(too_old), V(wrong_location), and V(too_many).
      type: list
      elements: str
      returned: always
      sample: []
worst:
  description:
    - The first entries of RV(sites) with findings, at most 100.
  type: list
  elements: dict
  returned: always, except when the options of the task are invalid
  sample: []
summary:
  description:
    - Number of sites by finding, C(sites), C(ok), C(backups), and C(total_size).
  type: dict
  returned: always, except when the options of the task are invalid
  sample: {no_backup: 0, not_installed: 0, empty: 0, too_old: 0, wrong_location: 0, too_many: 0, sites: 1, ok: 1, backups: 2, total_size: 27672576}
results:
  description:
    - What was done, for each site with something to do.
  type: list
  elements: dict
  returned: always, except when the options of the task are invalid
  contains:
    url:
      description: URL of the site.
      type: str
      returned: always
      sample: "https://www.example.com/blog"
    id:
      description: Identifier of the installed application.
      type: str
      returned: always
      sample: "4yhfygnd10ws0wc8skck444s"
    outcome:
      description: V(ok), V(planned) (check mode), V(changed), or V(failed).
      type: str
      returned: always
      sample: "changed"
    changed:
      description: Whether something changed.
      type: bool
      returned: always
      sample: true
    steps:
      description: The requests that change something, as RV(hostops.installatron.itron_backup#module:steps).
      type: list
      elements: dict
      returned: always
      sample: [{command: backup, arguments: {id: 4yhfygnd10ws0wc8skck444s}, outcome: done}]
    failure:
      description: Details as in RV(failure), with the message in C(msg); V(null) if the site did not fail.
      type: dict
      returned: always
      sample: null
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

from ansible_collections.hostops.installatron.plugins.module_utils._backups.work import OPERATION
from ansible_collections.hostops.installatron.plugins.module_utils._module import run_module


def main():
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
