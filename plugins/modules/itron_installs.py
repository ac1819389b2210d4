#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the module itron_installs."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_installs
short_description: Install, configure, upgrade, and remove many web applications in one task
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Manages a list of installed applications. Each item accepts the options of M(hostops.installatron.itron_install) and results
    in the same steps.
  - The module reads the list of installed applications once for all items, and each part of the catalog once. It plans all items
    before it sends the first command that writes. Items without changes require no requests of their own.
  - Changes are applied in parallel, to O(max_parallel) items at a time. The module polls C(tasks) once for all of them.
  - Before it sends a request, the module validates all options of all items. It refuses two items for the same site. The
    comparison ignores the scheme of the URL, the case of the host, and a trailing slash.
  - A failed item does not affect other items, unless O(on_error=stop). If an item failed, the task fails at the end, and
    RV(results) contains the result of every item.
  - An interrupted run can be started again. If a task of an earlier run is still running on a site, the module waits for it
    before it changes that site.
  - If the items belong to several users, the module lists the applications of all accounts that the O(user) of the task owns
    (C(filter-ownedaccounts)). By default, this is the administrator.
  - The module prints a progress line for each finished item. In long runs, it prints at most one line per second for unchanged
    items. It prints none with O(ignore:no_log), O(run_on=target), O(transport=cli), or C(async), or with a callback that produces
    machine-readable output, such as C(ansible.posix.json).
  - A plan can be saved in check mode (O(make_plan)), approved, and applied exactly (O(approved_plan)).
extends_documentation_fragment:
  - hostops.installatron._attributes
  - hostops.installatron._attributes.actiongroup_itron
  - hostops.installatron._connection
  - hostops.installatron._header
  - hostops.installatron._plan
  - hostops.installatron._wait
attributes:
  check_mode:
    support: full
    details:
      - The steps are the same as outside check mode. The server verifies installations and upgrades, O(max_parallel) at a time.
        See O(hostops.installatron.itron_install#module:dryrun).
      - The module sends no command that writes.
  diff_mode:
    support: full
    details:
      - RV(ignore:diff) is a list with an entry for each changed site. Its header contains the site and the action.
  idempotent:
    support: full
    details:
      - Passwords of an item with C(update_password=always) are sent on every run.
options:
  installs:
    description:
      - List of sites. Each item accepts the options of M(hostops.installatron.itron_install), except the options for connection
        and waiting. Each item requires C(url) or C(id).
      - C(user), C(reseller), and C(websites) of an item take precedence over those of the task.
      - One of O(installs) and O(installs_from) is required. The list can be empty.
    type: list
    elements: dict
  installs_from:
    description:
      - Files on the controller that contain the sites. Each entry is a file, a directory, or a glob pattern. A directory includes
        all C(.yml), C(.yaml), and C(.json) files in it and its subdirectories.
      - Relative paths are resolved relative to the playbook or role and its C(files) directory.
      - A file contains a list of items, a dictionary C(installs) with such a list, or the dictionary of a single site.
      - The action plugin reads the files without Ansible's templating, which is slow for thousands of sites. Values that contain
        a template are refused. Files and values encrypted with C(ansible-vault) are decrypted.
      - The module ignores the dictionary C(account) in descriptions for the role P(hostops.installatron.site#role). From the
        dictionary C(backup), it only uses the values that apply to the installed application.
      - An item without C(websites) gets the websites of the other items of its C(user).
      - Error messages contain the line number in the file.
    type: list
    elements: str
  defaults:
    description:
      - Default options of the items. Options of an item take precedence. A value of V(null) in an item means that the option is
        not set.
      - C(settings) are merged by key. C(id) and C(url) cannot be defaults.
    type: dict
  prune:
    description:
      - What to do with applications of O(user) that are on the server but not in the list.
      - V(false) leaves them unchanged. V(detached) makes the server forget them and keeps their files and tables. V(absent)
        removes them with their files and tables.
      - Applications of other users are never pruned, even if O(user) is a reseller. Nothing is pruned if an item could not be
        matched with the server.
      - Pruning is performed after all other changes.
    type: str
    choices:
      - "false"
      - detached
      - absent
    default: "false"
  prune_limit:
    description:
      - Maximum number of sites that O(prune) may remove. If this number is exceeded, the task fails before it sends a command
        that writes, and lists the sites.
    type: int
    default: 10
  max_parallel:
    description:
      - Maximum number of sites to process at the same time, from V(1) to V(64).
    type: int
    default: 4
  on_error:
    description:
      - What to do if an item fails.
      - V(continue) processes the other items.
      - V(stop) starts no further items. Items in progress are completed, and RV(results) contains the items that were not
        started.
    type: str
    choices:
      - continue
      - stop
    default: continue
seealso:
  - module: hostops.installatron.itron_install
  - module: hostops.installatron.itron_install_info
  - ref: ansible_collections.hostops.installatron.docsite.estate
    description: Describing an estate as data.
  - ref: ansible_collections.hostops.installatron.docsite.scale
    description: Performance with thousands of sites.
"""

EXAMPLES = r"""
- name: Manage two sites of Alice
  hostops.installatron.itron_installs:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
    defaults:
      application: wordpress
      autoup: minor
    installs:
      - url: https://www.example.com/blog
        sitetitle: Alice's blog
      - url: https://www.example.com/shop
        sitetitle: Alice's shop

- name: Manage all sites in a directory, ten at a time
  hostops.installatron.itron_installs:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    installs_from: sites/
    max_parallel: 10
  register: estate

- name: Remove unlisted sites of Alice, but not more than one
  hostops.installatron.itron_installs:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
    installs:
      - url: https://www.example.com/blog
        application: wordpress
    prune: absent
    prune_limit: 1

- name: Create a plan for approval
  hostops.installatron.itron_installs:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    installs_from: sites/
    plan_dest: plan.json
  check_mode: true
"""

RETURN = r"""
plan:
  description:
    - The planned changes, for O(approved_plan) and for the filter P(hostops.installatron.plan_markdown#filter). Sites without
      changes are not included.
    - The plan contains no secrets. Secret values are replaced by fingerprints that depend on the API key.
  type: dict
  returned: in check mode with O(make_plan=true) or O(plan_dest), if all sites could be planned
  contains:
    format:
      description:
        - Version of the format, V(1).
      type: int
      returned: always
      sample: 1
    digest:
      description:
        - Fingerprint of the whole plan, to approve it.
      type: str
      returned: always
      sample: "5f1de21b7b6b4c1f0b35"
    server:
      description:
        - URL of the API, or V(cli).
      type: str
      returned: always
      sample: "https://installatron.example.com/server/v1"
    desired:
      description:
        - Fingerprint of the desired state in the task.
      type: str
      returned: always
      sample: "0c2b53d07bd8f0b0a5ee"
    total:
      description:
        - Number of compared sites.
      type: int
      returned: always
      sample: 120
    sites:
      description:
        - Each site that would change, sorted by URL.
        - C(url), C(id), and C(action), a short description; C(pruned), whether it is removed because it is not listed; C(steps), the
          commands with their arguments, in which secrets are replaced by fingerprints; C(before) and C(after), the differences.
        - C(header) is a fingerprint of user and websites, and C(found) has a fingerprint of each member of the server's record.
      type: list
      elements: dict
      returned: always
      sample: []
results:
  description:
    - Result of each item in the order of the list, followed by the sites removed by O(prune). Empty if the server data could not
      be read.
  type: list
  elements: dict
  returned: always, except when the options of the task are invalid
  contains:
    item:
      description:
        - Position of the item in the list, starting at 1. V(null) for a site removed by O(prune).
      type: int
      returned: always
      sample: 7
    url:
      description:
        - URL of the site.
      type: str
      returned: always
      sample: "https://www.example.com/blog"
    id:
      description:
        - Identifier of the installed application, also if it was removed. V(null) if it is unknown.
      type: str
      returned: always
      sample: "4yhfygnd10ws0wc8skck444s"
    outcome:
      description:
        - V(ok) (unchanged), V(planned) (in check mode), V(changed), V(started) (task is running with O(wait=false)), V(failed),
          or V(not_started).
        - V(not_started) follows a failure with O(on_error=stop), or means that the O(approved_plan) does not contain the item.
      type: str
      returned: always
      sample: "changed"
    changed:
      description:
        - Whether the item was changed, or would be changed in check mode. Also V(true) if the item failed after a change.
      type: bool
      returned: always
      sample: true
    steps:
      description:
        - Commands for the item, as in RV(hostops.installatron.itron_install#module:steps).
      type: list
      elements: dict
      returned: always
      sample:
        - command: edit
          arguments: {autoup: "1", id: "4yhfygnd10ws0wc8skck444s"}
          outcome: done
    task:
      description:
        - The last background task of the item, as in RV(hostops.installatron.itron_install#module:task).
      type: dict
      returned: always
      sample: null
    failure:
      description:
        - Details of the failure, as in RV(hostops.installatron.itron_install#module:failure), with the message in C(msg). V(null)
          if the item did not fail.
      type: dict
      returned: always
      sample: null
summary:
  description:
    - Number of items for each outcome.
  type: dict
  returned: always, except when the options of the task are invalid
  contains:
    total:
      description:
        - All items, including sites removed by O(prune).
      type: int
      returned: always
      sample: 1000
    ok:
      description:
        - Unchanged items.
      type: int
      returned: always
      sample: 974
    planned:
      description:
        - Items that would be changed, in check mode.
      type: int
      returned: always
      sample: 0
    changed:
      description:
        - Items that were changed.
      type: int
      returned: always
      sample: 25
    started:
      description:
        - Items with a running task.
      type: int
      returned: always
      sample: 0
    failed:
      description:
        - Items that failed.
      type: int
      returned: always
      sample: 1
    not_started:
      description:
        - Items that were not started.
      type: int
      returned: always
      sample: 0
    pruned:
      description:
        - Sites that O(prune) removed.
      type: int
      returned: always
      sample: 0
    steps:
      description:
        - Number of executions of each command, or of planned executions in check mode.
      type: dict
      returned: always
      sample: {edit: 24, upgrade: 2}
failure:
  description:
    - Details of the failure of the first failed item. RV(results[].failure) contains the details for each item.
  type: dict
  returned: when the task failed, except when the options are invalid
  contains:
    command:
      description:
        - Command of the API that failed. V(null) if no command was sent.
      type: str
      returned: on failure, except when the options are invalid
      sample: "install"
    stage:
      description:
        - Stage of the failure, one of V(input), V(read), V(plan), V(dryrun), V(write), V(wait), and V(verify).
      type: str
      returned: on failure, except when the options are invalid
      sample: "write"
    errcode:
      description:
        - Error code, if the server returned one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "invalid_argument"
    errfield:
      description:
        - Invalid argument of the API, if the server returned one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "url"
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
      sample: "Check the option it names."
"""

from ansible_collections.hostops.installatron.plugins.module_utils._installs.work import OPERATION
from ansible_collections.hostops.installatron.plugins.module_utils._module import run_module


def main():
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
