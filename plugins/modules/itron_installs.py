#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many installed applications in one task: documentation, and the entry point on the target."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_installs
short_description: Install, configure, upgrade, and remove many web applications in one task
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Brings a list of installed applications to what is wanted. Each item means what the same options mean in
    M(hostops.installatron.itron_install), and leads to the same steps.
  - The list of what is installed is read once for all items, and the catalogue once for each question. Then everything is
    planned, and only then the first command that writes is sent. Items that are as they should be cost no request.
  - What is to be done is done side by side, O(max_parallel) items at a time; C(tasks) is polled once for all of them.
  - Before anything is sent, all options of all items are checked, and two items for the same site (the URL without its
    scheme, host in any case, with or without a slash at the end) are refused.
  - An item that fails does not stop the others, unless O(on_error=stop). If any item failed, the task fails when all is
    done, and RV(results) says of every item what became of it.
  - A run that was interrupted can simply be started again. A task that an earlier run left running on a site is waited for
    before anything else is done to that site.
  - If the items name several users, the list is read for all accounts that the O(user) of the task owns (without it, the
    administrator), with C(filter-ownedaccounts).
  - A line of progress is printed for each finished item, and in long runs at most one each second for those that need no
    change; not with O(ignore:no_log), with O(run_on=target), O(transport=cli), or C(async), and not with a callback
    whose output is read by programs, such as C(ansible.posix.json).
  - A plan can be saved in check mode (O(make_plan)), approved by people, and applied exactly (O(approved_plan)).
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
      - The steps are the same as without check mode. The server verifies installations and upgrades, O(max_parallel) at a
        time; see the option C(dryrun) of M(hostops.installatron.itron_install). Nothing that writes is sent.
  diff_mode:
    support: full
    details:
      - RV(ignore:diff) is a list with an entry for each site that changes; its header names the site and what is done.
  idempotent:
    support: full
    details:
      - With C(update_password=always) in an item, its passwords are sent every time.
options:
  installs:
    description:
      - List of sites. An item takes the options of M(hostops.installatron.itron_install), with the exception of those for
        connection and waiting, which belong to the task. At least C(url) or C(id) is needed.
      - C(user), C(reseller), and C(websites) of an item replace those of the task.
      - One of O(installs) and O(installs_from) is required. An empty list is allowed.
    type: list
    elements: dict
  installs_from:
    description:
      - Files on the controller with the sites; a path, a folder (all C(.yml), C(.yaml) and C(.json) files in it and in its
        subfolders), or a glob pattern. Relative ones are looked for beside the playbook or role, and in its folder C(files).
      - A file holds a list of items, a table C(installs) with such a list, or the one table of a single site.
      - The files are read by the action plugin itself and do not pass through Ansible's templating, which takes long for
        thousands of sites. A value with a template in it is refused. Files and values that are encrypted with
        C(ansible-vault) are decrypted.
      - The table C(account) of a description of the role P(hostops.installatron.site#role) is ignored; of its table C(backup), what
        belongs to the installed application counts. An item without C(websites) gets those of the other items of its C(user).
      - An error in a file names its line.
    type: list
    elements: str
  defaults:
    description:
      - Options that every item has that does not say otherwise; V(null) in an item means "not given". Tables of
        C(settings) are merged key by key. C(id) and C(url) cannot be defaults.
    type: dict
  prune:
    description:
      - What becomes of the applications that O(user) has on the server and that no item names.
      - With V(false) they are left alone. With V(detached) the server forgets them, and their files and tables stay. With
        V(absent) they are removed with their files and tables.
      - What another user owns is never touched, not even if O(user) is a reseller. Nothing is removed if an item could not
        be matched with the server. Removals come after everything else.
    type: str
    choices:
      - "false"
      - detached
      - absent
    default: "false"
  prune_limit:
    description:
      - The task fails before anything is sent, and names the sites, if O(prune) would remove more than this number of them.
    type: int
    default: 10
  max_parallel:
    description:
      - How many sites are worked on at the same time, from V(1) to V(64).
    type: int
    default: 4
  on_error:
    description:
      - With V(continue), the other items are done when one fails. With V(stop), nothing more is started; what runs is
        brought to its end, and RV(results) says what was not started.
    type: str
    choices:
      - continue
      - stop
    default: continue
seealso:
  - module: hostops.installatron.itron_install
  - module: hostops.installatron.itron_install_info
  - ref: ansible_collections.hostops.installatron.docsite.estate
    description: An estate as data.
  - ref: ansible_collections.hostops.installatron.docsite.scale
    description: What thousands of sites cost.
"""

EXAMPLES = r"""
- name: Two sites of Alice are as the list says
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

- name: All sites in a folder of files, ten at a time
  hostops.installatron.itron_installs:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    installs_from: sites/
    max_parallel: 10
  register: estate

- name: What Alice has and the list does not name is removed, if it is no more than one site
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

- name: Plan, for a person to approve
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
    - What the task would do, for O(approved_plan) and for the filter P(hostops.installatron.plan_markdown#filter). Sites without a
      change are not in it.
    - It holds no secret. Where one matters, it has a fingerprint that only the API key can make.
  type: dict
  returned: in check mode with O(make_plan=true) or O(plan_dest), if every site could be planned for
  contains:
    format:
      description:
        - Version of the format, V(1).
      type: int
      returned: always
      sample: 1
    digest:
      description:
        - Fingerprint of the whole plan, which people approve.
      type: str
      returned: always
      sample: "5f1de21b7b6b4c1f0b35"
    server:
      description:
        - Address of the server, or V(cli).
      type: str
      returned: always
      sample: "https://installatron.example.com/server/v1"
    desired:
      description:
        - Fingerprint of all that the task wants.
      type: str
      returned: always
      sample: "0c2b53d07bd8f0b0a5ee"
    total:
      description:
        - Number of sites that were compared.
      type: int
      returned: always
      sample: 120
    sites:
      description:
        - Each site that would change, in the order of the URLs. C(url), C(id), and C(action) in a few words; C(pruned), whether it is
          removed because nothing names it; C(steps), the commands with their arguments, and fingerprints of those that are secret;
          C(before) and C(after), what differs; C(header) and C(found), fingerprints of user and websites, and of each member of what
          the server said of the site.
      type: list
      elements: dict
      returned: always
      sample: []
results:
  description:
    - What became of each item, in the order of the list; after them what O(prune) removed. Empty if nothing could be read.
  type: list
  elements: dict
  returned: always, except when the options of the task are invalid
  contains:
    item:
      description:
        - Position of the item in the list, from 1; V(null) for what O(prune) removed.
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
        - Identifier of the installed application, also of one that was removed; V(null) if it is not known.
      type: str
      returned: always
      sample: "4yhfygnd10ws0wc8skck444s"
    outcome:
      description:
        - One of V(ok) (nothing to do), V(planned) (check mode), V(changed), V(started) (left running with O(wait=false)), V(failed), and
          V(not_started) (after a failure with O(on_error=stop), or because the O(approved_plan) does not have it).
      type: str
      returned: always
      sample: "changed"
    changed:
      description:
        - Whether anything was changed, or in check mode would be changed; also when the item failed later.
      type: bool
      returned: always
      sample: true
    steps:
      description:
        - The commands of the item, as in RV(hostops.installatron.itron_install#module:steps).
      type: list
      elements: dict
      returned: always
      sample:
        - command: edit
          arguments: {autoup: "1", id: "4yhfygnd10ws0wc8skck444s"}
          outcome: done
    task:
      description:
        - The last task of the server's for this item, as in RV(hostops.installatron.itron_install#module:task).
      type: dict
      returned: always
      sample: null
    failure:
      description:
        - V(null), or why the item failed, as in RV(hostops.installatron.itron_install#module:failure), with the message as C(msg).
      type: dict
      returned: always
      sample: null
summary:
  description:
    - Numbers of items.
  type: dict
  returned: always, except when the options of the task are invalid
  contains:
    total:
      description:
        - All items, and what O(prune) removed.
      type: int
      returned: always
      sample: 1000
    ok:
      description:
        - Items with nothing to do.
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
        - Items with a task that was left running.
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
        - Items that were not begun.
      type: int
      returned: always
      sample: 0
    pruned:
      description:
        - Sites that were removed because no item names them.
      type: int
      returned: always
      sample: 0
    steps:
      description:
        - How often each command was carried out, or in check mode would be.
      type: dict
      returned: always
      sample: {edit: 24, upgrade: 2}
failure:
  description:
    - What the first item that failed stumbled over; RV(results[].failure) has those of all items.
  type: dict
  returned: when the task failed, except when the options are invalid
  contains:
    command:
      description:
        - Command of the API that failed, V(null) if none was sent.
      type: str
      returned: on failure, except when the options are invalid
      sample: "install"
    stage:
      description:
        - Where it failed, one of V(input), V(read), V(plan), V(dryrun), V(write), V(wait), and V(verify).
      type: str
      returned: on failure, except when the options are invalid
      sample: "write"
    errcode:
      description:
        - Code of the error, if the server gave one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "invalid_argument"
    errfield:
      description:
        - API argument that the server complains about, if it named one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "url"
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
      sample: "Check the option it names."
"""

from ansible_collections.hostops.installatron.plugins.module_utils._installs.work import OPERATION
from ansible_collections.hostops.installatron.plugins.module_utils._module import run_module


def main():
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
