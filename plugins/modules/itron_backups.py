#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the module itron_backups."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_backups
short_description: Enforce backup policies for many web applications
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Compares the backups of all sites with their policies, with one request for the sites and one for the backups.
  - Creates missing and outdated backups, removes surplus backups, and returns a report.
  - The location and the schedule of a site are set before its backup is created.
  - A failure on one site does not affect the backups of other sites.
  - The module never removes the last backup of a site, and it removes no backup before the server lists the new one.
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
      - The report shows the current state of the server.
      - In check mode, findings make the task fail only if O(audit=true).
  diff_mode:
    support: full
    details:
      - RV(ignore:diff) is a list with an entry for each changed site.
  idempotent:
    support: full
options:
  policies:
    description:
      - The sites and their policies. If omitted, the policy in O(defaults) applies to all sites that the server lists.
      - An empty list selects no sites.
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
          - Owner of the site. By default, the owner that the server lists.
        type: str
      reseller:
        description:
          - Reseller of the owner. See O(reseller).
        type: str
      websites:
        description:
          - Websites of the owner, with the suboptions of O(websites).
        type: list
        elements: dict
      max_age:
        description:
          - Maximum age of the newest backup, as a number with the unit V(m), V(h), V(d), or V(w), such as V(24h). If the backup
            is older, the module creates a new one.
        type: str
      keep:
        description:
          - Maximum number of backups. The module keeps the newest ones and never removes the last one. By default, it removes no
            backup.
        type: int
      expiry:
        description:
          - Expiry of new backups. See O(hostops.installatron.itron_backup#module:expiry).
        type: str
      location:
        description:
          - Backup location of the site. If the newest backup is at another location, the module creates a new one.
          - See O(hostops.installatron.itron_install#module:bkloc).
        type: str
      schedule:
        description:
          - Schedule of automatic backups on the server. See O(hostops.installatron.itron_install#module:autobk).
        type: str
      daily:
        description:
          - Number of daily backups. See O(hostops.installatron.itron_install#module:autobk_daily).
        type: int
      weekly:
        description:
          - Number of weekly backups. See O(hostops.installatron.itron_install#module:autobk_weekly).
        type: int
      monthly:
        description:
          - Number of monthly backups. See O(hostops.installatron.itron_install#module:autobk_monthly).
        type: int
  defaults:
    description:
      - Default policy. Values in O(policies) take precedence.
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
      - Whether to include the sites of the accounts that O(user) owns.
    type: bool
    default: true
  audit:
    description:
      - Whether to return the report without making changes.
    type: bool
    default: false
  places:
    description:
      - Whether to set O(policies[].location), O(policies[].schedule), O(policies[].daily), O(policies[].weekly), and
        O(policies[].monthly). If V(false), the module only compares them.
    type: bool
    default: true
  fail_on_findings:
    description:
      - Whether the task fails if a site does not meet its policy at the end.
    type: bool
    default: true
seealso:
  - module: hostops.installatron.itron_backup
  - module: hostops.installatron.itron_backup_info
  - plugin: hostops.installatron.backup_audit_markdown
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Ensure daily backups of all sites of Alice, and keep the two newest
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

- name: Keep seven backups of Alice's blog on another server
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

- name: Report sites without a backup from the last two days
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
    - The backup state of each site at the end of the task. Sites without a backup come first, and compliant sites come last.
  type: list
  elements: dict
  returned: always, except when the options of the task are invalid
  contains:
    url:
      description: URL of the site, or the value from the policy if the site is not installed.
      type: str
      returned: always
      sample: "https://www.example.com/blog"
    id:
      description: Identifier of the installed application. V(null) if it is not installed.
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
      description: Time of the newest backup. V(null) if there is no backup.
      type: str
      returned: always
      sample: "2026-11-27T10:03:28Z"
    age:
      description: Age of the newest backup in seconds.
      type: int
      returned: always
      sample: 3600
    size:
      description: Size of the newest backup in bytes.
      type: int
      returned: always
      sample: 13836288
    total_size:
      description: Size of all backups in bytes.
      type: int
      returned: always
      sample: 27672576
    location:
      description: Location of the newest backup.
      type: str
      returned: always
      sample: "local"
    keep:
      description: Maximum number of backups in the policy.
      type: int
      returned: always
      sample: 7
    max_age:
      description: Maximum age in the policy.
      type: str
      returned: always
      sample: "24h"
    findings:
      description:
        - Violations of the policy - V(no_backup), V(not_installed), V(empty), V(too_old), V(wrong_location), and V(too_many).
      type: list
      elements: str
      returned: always
      sample: []
worst:
  description:
    - The first entries of RV(sites) with findings, up to 100.
  type: list
  elements: dict
  returned: always, except when the options of the task are invalid
  sample: []
summary:
  description:
    - Number of sites for each finding, and C(sites), C(ok), C(backups), and C(total_size).
  type: dict
  returned: always, except when the options of the task are invalid
  sample: {no_backup: 0, not_installed: 0, empty: 0, too_old: 0, wrong_location: 0, too_many: 0, sites: 1, ok: 1, backups: 2, total_size: 27672576}
results:
  description:
    - Result of each site that required an action.
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
      description: V(ok), V(planned) (in check mode), V(changed), or V(failed).
      type: str
      returned: always
      sample: "changed"
    changed:
      description: Whether the site was changed, or would be changed in check mode.
      type: bool
      returned: always
      sample: true
    steps:
      description: Commands that modify the server, as in RV(hostops.installatron.itron_backup#module:steps).
      type: list
      elements: dict
      returned: always
      sample: [{command: backup, arguments: {id: 4yhfygnd10ws0wc8skck444s}, outcome: done}]
    failure:
      description: Details of the failure, as in RV(failure), with the message in C(msg). V(null) if the site did not fail.
      type: dict
      returned: always
      sample: null
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

from ansible_collections.hostops.installatron.plugins.module_utils._backups.work import OPERATION
from ansible_collections.hostops.installatron.plugins.module_utils._module import run_module


def main():
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
