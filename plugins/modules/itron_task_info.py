#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the module itron_task_info."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_task_info
short_description: List background tasks on Installatron Server, and wait for them
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Lists running and recently finished background tasks of one user, or of the server's administrator, through the
    Installatron Server v1 API (C(tasks), section 3.16).
  - With O(wait=true), the module waits until the tasks finish, for example those started by
    M(hostops.installatron.itron_install) with O(hostops.installatron.itron_install#module:wait=false).
  - The server removes a task from its list some time after it finishes. To check its result, read the installed
    application with M(hostops.installatron.itron_install_info).
extends_documentation_fragment:
  - hostops.installatron._attributes
  - hostops.installatron._attributes.actiongroup_itron
  - hostops.installatron._connection
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
  ids:
    description:
      - Return only the tasks with these identifiers, in this order. See
        RV(hostops.installatron.itron_install#module:task.id).
      - The module reads the whole list and filters it, because the API has no argument for it. Identifiers that are not
        in the list are returned in RV(missing).
    type: list
    elements: str
  install:
    description:
      - Return only tasks for this installed application, given by its identifier or URL. The scheme of the URL is
        ignored.
      - The module applies this filter, because the API has no argument for it.
    type: str
  wait:
    description:
      - Whether to wait until the tasks finish. By default, these are all tasks that are running when the module starts.
        O(ids) and O(install) restrict them.
      - If the server does not list an identifier in O(ids), the module waits up to 5 seconds for it, because a new task
        may be listed with a delay.
    type: bool
    default: false
  wait_timeout:
    description:
      - Maximum time to wait for all tasks together, in seconds. Must be greater than V(0).
      - If the time is exceeded, the module fails and returns the current RV(tasks). The tasks continue on the server.
    type: float
    default: 900
  poll_interval:
    description:
      - Interval between two polls, in seconds. Must be greater than V(0). Intervals increase to 10 seconds.
    type: float
    default: 2
  fail_on_error:
    description:
      - Whether the module fails if a task fails while it waits, or if the server does not list one of O(ids). The
        message contains the errors from the server.
      - With V(false), use RV(tasks[].state) and RV(missing) to detect these cases. This option has no effect without
        O(wait=true).
      - A task that is still running after O(wait_timeout) is always an error.
    type: bool
    default: true
seealso:
  - module: hostops.installatron.itron_install
  - module: hostops.installatron.itron_install_info
"""

EXAMPLES = r"""
- name: List the tasks of Alice
  hostops.installatron.itron_task_info:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
  register: all_tasks

- name: Run two upgrades at the same time
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
    - name: Start the upgrades
      hostops.installatron.itron_install:
        url: "https://www.example.com/{{ item }}"
        version: latest
        wait: false
      loop:
        - blog
        - news
      register: started
    - name: Wait until both upgrades finish
      hostops.installatron.itron_task_info:
        ids: "{{ started.results | map(attribute='task') | select | map(attribute='id') | list }}"
        wait: true
        wait_timeout: 1800

- name: Wait until all tasks of one site finish, and ignore failures
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
    - The selected tasks, in their last known state.
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
        - Description of the task, as the server returns it.
      type: str
      returned: for each of RV(tasks)
      sample: "_tasks_upgrading"
    status:
      description:
        - Status, as the server returns it.
      type: str
      returned: for each of RV(tasks)
      sample: "processing"
    message:
      description:
        - Description of the current step, as the server returns it.
      type: str
      returned: for each of RV(tasks)
      sample: "_tasks_shared_copyingfiles"
    cmd:
      description:
        - Command that the task executes.
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
        - Completed percentage.
      type: int
      returned: for each of RV(tasks)
      sample: 50
    percent_max:
      description:
        - Percentage at the end of the current step.
      type: int
      returned: for each of RV(tasks)
      sample: 99
    rate:
      description:
        - Rate, as the server returns it. The specification defines no unit.
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
        - V(running), V(done), or V(failed), according to RV(tasks[].status). A status that the specification does not define
          counts as V(running).
        - V(gone) if a running task was removed from the server's list before the module detected its end. Only with O(wait=true).
      type: str
      returned: for each of RV(tasks)
      sample: "done"
    errcode:
      description:
        - Error code, if the server returned one.
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
    - Identifiers in O(ids) that the server never listed.
  type: list
  elements: str
  returned: always, except when the options are invalid
  sample: ["138207901722178300"]
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
      sample: "tasks"
    stage:
      description:
        - Stage of the failure, one of V(input), V(read), V(plan), and V(wait).
      type: str
      returned: on failure, except when the options are invalid
      sample: "read"
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
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
