# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Event source plugin for Event-Driven Ansible that watches an Installatron Server."""

from __future__ import annotations

DOCUMENTATION = r"""
---
short_description: Watch an Installatron Server and emit events
description:
  - Polls an Installatron Server and emits an event for each site that appeared, disappeared, or changed its version, for
    available updates and security releases, for missing and outdated backups, and for finished background tasks.
  - The source sends one request in each interval. It alternates between the list of sites and the list of background tasks, which
    is replaced by the list of backups every O(backups_interval) seconds. It reads the application catalog only if a site has a
    new update.
  - The source never modifies the server. Events and the state file contain no secrets.
  - Events are delivered at least once. The source writes an event to O(state_file) before delivery and keeps it for
    O(keep_events) seconds afterwards. When it starts, it delivers these events again with the same C(id) and with
    C(repeated=true).
  - Changes that begin and end between two polls are not detected. The source reports a site or a running task as missing only if
    it is missing from two consecutive polls.
  - If the server cannot be reached, the source retries with increasing intervals of up to 15 minutes. If the server refuses the
    API key three times in a row, the source stops. It resumes from its state when it is started with a valid key.
  - The guide on events and C(docs/events.schema.json) in the collection describe the members of the events.
requirements:
  - ansible-core and the Python package C(requests), in the environment of ansible-rulebook
author:
  - hostops.installatron contributors
version_added: 0.1.0
options:
  state_file:
    description:
      - File for the state of the source. Each source requires a separate file on persistent storage.
      - Without an existing file, the first poll creates the state. See O(first_look).
      - If the file cannot be read, the source stops with an error. If it cannot be written, the source delivers no events until
        it can.
    type: path
    required: true
  interval:
    description:
      - Interval between two requests in seconds, from V(0.01) to V(86400). The source adds a random deviation of up to 10
        percent.
    type: float
    default: 60
  events:
    description:
      - Kinds of events to emit.
      - The source does not read lists that the selected events do not require.
    type: list
    elements: str
    choices:
      - site_appeared
      - site_disappeared
      - version_changed
      - update_available
      - security_release
      - backup_missing
      - backup_too_old
      - task_finished
      - task_failed
      - task_lost
    default:
      - site_appeared
      - site_disappeared
      - version_changed
      - update_available
      - security_release
      - backup_missing
      - backup_too_old
      - task_finished
      - task_failed
      - task_lost
  backup_max_age:
    description:
      - Maximum age of the newest backup of a site, such as V(24h) or V(7d).
      - If omitted, only sites without a backup are reported.
    type: str
  backups_interval:
    description:
      - Interval between two polls of the list of backups in seconds, from V(0.01) to V(604800).
      - The list contains every backup of every site. It requires time and memory on the server and in the source.
    type: float
    default: 3600
  first_look:
    description:
      - Whether the first poll with a new state file reports available updates, security releases, and backup problems.
      - The first poll never reports sites that appeared, disappeared, or changed, or tasks that finished.
    type: str
    choices:
      - report
      - quiet
    default: report
  keep_events:
    description:
      - Time for which an event stays in the state file after delivery in seconds, from V(0) to V(604800).
      - ansible-rulebook keeps events and running actions in memory. To restart actions after a crash, set this option to at least
        the duration of the longest action.
    type: float
    default: 300
  user:
    description:
      - Account whose sites are watched. By default, this is the administrator.
    type: str
  owned_accounts:
    description:
      - Whether to watch the sites of the accounts that O(user) owns.
    type: bool
    default: true
  api_url:
    description:
      - URL of the API, such as V(https://installatron.example.com/server/v1). Required unless O(transport=cli).
      - If omitted, the environment variable E(ITRON_API_URL) is used.
    type: str
  api_key:
    description:
      - The API key, with at least 8 characters. Do not store it in a rulebook.
      - If omitted, the environment variable E(ITRON_API_KEY) is used.
    type: str
    required: true
  validate_certs:
    description:
      - Whether to validate the TLS certificate of the server.
      - If omitted, the environment variable E(ITRON_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - Path of a CA bundle, or of a directory of CA certificates, instead of the CA certificates of C(requests).
      - If omitted, the environment variable E(ITRON_CA_PATH) is used.
    type: path
  client_cert:
    description:
      - Path of a PEM file with the client certificate. Without O(client_key), it must also contain the private key.
      - If omitted, the environment variable E(ITRON_CLIENT_CERT) is used.
    type: path
  client_key:
    description:
      - Path of a PEM file with the private key of O(client_cert).
      - If omitted, the environment variable E(ITRON_CLIENT_KEY) is used.
    type: path
  timeout:
    description:
      - Timeout of a single request in seconds.
      - If omitted, the environment variable E(ITRON_TIMEOUT) is used.
    type: float
    default: 30
  retries:
    description:
      - Maximum number of immediate retries of a failed request.
      - If omitted, the environment variable E(ITRON_RETRIES) is used.
    type: int
    default: 3
  max_reply_size:
    description:
      - Maximum size of a response in MiB. A site or a backup requires about 1.3 KB.
      - If omitted, the environment variable E(ITRON_MAX_REPLY_SIZE) is used.
    type: int
    default: 256
  transport:
    description:
      - How to connect to the server. V(http) uses O(api_url). V(cli) runs O(cli_path) on the Installatron Server host.
      - If omitted, the environment variable E(ITRON_TRANSPORT) is used.
    type: str
    choices:
      - http
      - cli
    default: http
  cli_path:
    description:
      - Path of the Installatron Server command-line program. Used if O(transport=cli).
      - If omitted, the environment variable E(ITRON_CLI_PATH) is used.
    type: path
    default: /usr/local/installatron/installatron
"""

EXAMPLES = r"""
# Emit all events, with one request per minute. ITRON_API_URL and ITRON_API_KEY are in the environment.
- name: Show all events
  hosts: localhost
  sources:
    - hostops.installatron.itron_events:
        state_file: /var/lib/itron-events/all.json
        backup_max_age: 24h
  rules:
    - name: Show the event
      condition: event.kind is defined
      action:
        print_event:
          pretty: true

# Emit only security releases, and patch WordPress.
- name: Install security releases
  hosts: localhost
  sources:
    - hostops.installatron.itron_events:
        state_file: /var/lib/itron-events/security.json
        interval: 300
        events: [security_release]
  rules:
    - name: Patch WordPress, starting with a canary
      condition: event.kind == "security_release" and event.application == "wordpress"
      action:
        run_playbook:
          name: hostops.installatron.emergency_patch
          extra_vars:
            emergency_patch_application: "{{ event.application }}"
            emergency_patch_below: "{{ event.version }}"
"""

import asyncio
import contextlib
import importlib
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Timeout in seconds for the confirmation of an event by the rule engine (feedback: true).
CONFIRMATION = 60.0


def _utils(name: str) -> Any:
    """Return a Python module of the collection. ansible-rulebook does not add the collection to the Python path."""
    # Do not resolve links: the collection directory may be a link to another location.
    collections = Path(__file__).absolute().parents[6]
    if str(collections.parent) not in sys.path:
        # Append the path, so that it does not hide other modules.
        sys.path.append(str(collections.parent))
    try:
        return importlib.import_module("ansible_collections.hostops.installatron.plugins.module_utils." + name)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "ansible":
            raise
        message = "ansible-core is not installed for %s, which runs ansible-rulebook; install ansible-core and requests there" % sys.executable
        raise RuntimeError(message) from error


async def main(queue: asyncio.Queue[Any], args: dict[str, Any]) -> None:
    """Watch the server and put events on the queue.

    Arguments:
        queue: the queue of the rule engine. args: the arguments of the source in the rulebook.
    """
    args = dict(args)
    feedback = args.pop("eda_feedback_queue", None)
    args.pop("feedback", None)
    watch = _utils("_events.watch").Watch(_utils("_events.options").settings_of(args))
    try:
        while True:
            pause = await _in_thread(watch.step)
            await _hand_over(watch, queue, feedback)
            await asyncio.sleep(pause)
    finally:
        watch.close()


async def _in_thread(function: Callable[[], float]) -> float:
    """Run a blocking function in a thread and return its result.

    The thread is a daemon thread. Threads of asyncio would delay the end of the program until the request finishes.
    """
    loop = asyncio.get_running_loop()
    result: asyncio.Future[float] = loop.create_future()

    def settle(method: Callable[[Any], None], value: Any) -> None:
        # The waiting task may have been cancelled.
        if not result.done():
            method(value)

    def work() -> None:
        try:
            answer: tuple[Any, Any] = (result.set_result, function())
        except BaseException as error:  # pylint: disable=broad-exception-caught # re-raised in the waiting task
            answer = (result.set_exception, error)
        # The loop is closed if the program is exiting.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, *answer)

    threading.Thread(target=work, daemon=True).start()
    return await result


async def _hand_over(watch: Any, queue: asyncio.Queue[Any], feedback: asyncio.Queue[Any] | None) -> None:
    """Put all pending events on the queue sequentially."""
    for event in watch.waiting():
        await queue.put(event)
        if feedback is not None:
            # Unconfirmed events remain pending.
            try:
                await asyncio.wait_for(feedback.get(), CONFIRMATION)
            except asyncio.TimeoutError:
                return
        watch.handed_over(event["id"])
        await asyncio.sleep(0)


if __name__ == "__main__":
    class PrintingQueue:
        """Queue that prints events. Usage: python itron_events.py STATE_FILE, with ITRON_API_URL and ITRON_API_KEY in the environment."""

        async def put(self, event: dict[str, Any]) -> None:
            """Print an event."""
            print(event, flush=True)

    asyncio.run(main(PrintingQueue(), {"state_file": sys.argv[1]}))  # type: ignore[arg-type]
