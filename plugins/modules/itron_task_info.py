#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists tasks and waits for them: documentation, and the entry point on the target."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_task_info
short_description: List the tasks of Installatron Server, and wait for them
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Lists what the server is doing and has just done in the background for one user, or for its administrator, through
    the v1 interface of Installatron Server (C(tasks), section 3.16).
  - With O(wait=true) it waits until the tasks are over, for example those that M(hostops.installatron.itron_install)
    started with O(hostops.installatron.itron_install#module:wait=false).
  - The server drops a task from its list some time after its end. What became of it then shows the application
    itself, see M(hostops.installatron.itron_install_info).
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
      - The module only reads, in check mode as without it.
  diff_mode:
    support: N/A
    details:
      - The module changes nothing.
  idempotent:
    support: full
options:
  ids:
    description:
      - Only the tasks with these identifiers, for example RV(hostops.installatron.itron_install#module:task.id). They
        are listed in this order.
      - The API has no argument for it, so that the whole list is read. Identifiers that it does not have are in
        RV(missing).
    type: list
    elements: str
  install:
    description:
      - Only tasks that are about this installed application, given by its identifier or by its URL.
      - The API has no argument for it. A URL is compared without the scheme.
    type: str
  wait:
    description:
      - Whether to look again until the tasks are over. With O(ids) these are waited for; without, all that run when
        the module starts (and are about O(install), if given).
      - An identifier that the server does not list is waited for 5 seconds, because a task may be listed a moment
        after it started.
    type: bool
    default: false
  wait_timeout:
    description:
      - Seconds to wait for all of the tasks together, more than V(0). After that the module fails, with what it saw
        in RV(tasks); the work on the server goes on.
    type: float
    default: 900
  poll_interval:
    description:
      - Seconds between two looks at the list, more than V(0). The pauses grow to 10 seconds.
    type: float
    default: 2
  fail_on_error:
    description:
      - Whether to fail when a task that was waited for has failed, or when the server lists no task with one of
        O(ids). The message has the reasons that the server gives.
      - With V(false), RV(tasks[].state) and RV(missing) say so. Without O(wait) it has no effect.
      - A task that is still running when the time is over is an error in any case.
    type: bool
    default: true
seealso:
  - module: hostops.installatron.itron_install
  - module: hostops.installatron.itron_install_info
"""

EXAMPLES = r"""
- name: List what the server is doing for Alice
  hostops.installatron.itron_task_info:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
  register: all_tasks

- name: Two upgrades at the same time
  module_defaults:
    group/hostops.installatron.itron:
      api_url: https://installatron.example.com/server/v1
      api_key: "{{ vault_itron_api_key }}"
      user: alice
      websites:
        - id: alice1
          path: /home/alice
          vhosts:
            https://www.example.com: public_html
  block:
    - name: Start them
      hostops.installatron.itron_install:
        url: "https://www.example.com/{{ item }}"
        version: latest
        wait: false
      loop:
        - blog
        - news
      register: started
    - name: Wait until both are over
      hostops.installatron.itron_task_info:
        ids: "{{ started.results | map(attribute='task') | select | map(attribute='id') | list }}"
        wait: true
        wait_timeout: 1800

- name: Wait until nothing is going on with one site, whatever comes of it
  hostops.installatron.itron_task_info:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    install: https://www.example.com/blog
    wait: true
    fail_on_error: false
"""

RETURN = r"""
tasks:
  description:
    - The tasks that are asked for, as they were last seen.
  type: list
  elements: dict
  returned: always, except when the options are invalid
  contains:
    id:
      description:
        - Identifier of the task.
      type: str
      returned: for each of RV(tasks)
      sample: "138207901722178300"
    user:
      description:
        - User that the task belongs to.
      type: str
      returned: for each of RV(tasks)
      sample: "alice"
    ws_label:
      description:
        - Label of the website.
      type: str
      returned: for each of RV(tasks)
      sample: "alice1"
    url:
      description:
        - URL of the application.
      type: str
      returned: for each of RV(tasks)
      sample: "https://www.example.com/blog"
    title:
      description:
        - Title of the application.
      type: str
      returned: for each of RV(tasks)
      sample: "Alice's blog"
    label:
      description:
        - What the task does, as the server says it.
      type: str
      returned: for each of RV(tasks)
      sample: "_tasks_upgrading"
    status:
      description:
        - Status, as the server says it.
      type: str
      returned: for each of RV(tasks)
      sample: "processing"
    message:
      description:
        - What it is at, as the server says it.
      type: str
      returned: for each of RV(tasks)
      sample: "_tasks_shared_copyingfiles"
    cmd:
      description:
        - Command that the task carries out.
      type: str
      returned: for each of RV(tasks)
      sample: "upgrade"
    install:
      description:
        - Identifier of the installed application.
      type: str
      returned: for each of RV(tasks)
      sample: "4yhfygnd10ws0wc8skck444s"
    percent_min:
      description:
        - Per cent that are done.
      type: int
      returned: for each of RV(tasks)
      sample: 50
    percent_max:
      description:
        - Per cent at which the current part ends.
      type: int
      returned: for each of RV(tasks)
      sample: 99
    rate:
      description:
        - Rate, as the server says it; the specification names no unit.
      type: int
      returned: for each of RV(tasks)
      sample: 10150
    time:
      description:
        - Time of the task, ISO 8601 in UTC.
      type: str
      returned: for each of RV(tasks)
      sample: "2026-02-01T03:00:00Z"
    state:
      description:
        - V(running), V(done), or V(failed), from RV(tasks[].status); a status that the specification does not name
          counts as V(running).
        - V(gone) if it ran, and left the server's list before its end was seen. Only with O(wait=true).
      type: str
      returned: for each of RV(tasks)
      sample: "done"
    errcode:
      description:
        - Code of the error, if the server gave one.
      type: str
      returned: for each of RV(tasks)
      sample: "invalid_signature"
  sample:
    - id: "138207901722178300"
      user: "alice"
      ws_label: "alice1"
      url: "https://www.example.com/blog"
      title: "Alice's blog"
      label: "_tasks_upgrading"
      status: "complete"
      message: "_tasks_shared_copyingfiles"
      cmd: "upgrade"
      install: "4yhfygnd10ws0wc8skck444s"
      percent_min: 50
      percent_max: 99
      rate: 10150
      time: "2026-02-01T03:00:00Z"
      state: "done"
      errcode: null
missing:
  description:
    - Those of O(ids) that the server never listed.
  type: list
  elements: str
  returned: always, except when the options are invalid
  sample: ["138207901722178300"]
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
      sample: "tasks"
    stage:
      description:
        - Where it failed, one of V(input), V(read), V(plan), and V(wait).
      type: str
      returned: on failure, except when the options are invalid
      sample: "read"
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
  sample:
    command: "tasks"
    stage: "wait"
    errcode: "invalid_signature"
    errfield: null
    http_status: null
    hint: "Try the migration again."
"""

from ansible_collections.hostops.installatron.plugins.module_utils._module import run_module
from ansible_collections.hostops.installatron.plugins.module_utils._task.info import OPERATION


def main():
    """Run the operation on the target."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
