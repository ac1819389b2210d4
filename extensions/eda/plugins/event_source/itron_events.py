# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Event source for Event-Driven Ansible: what happens on an Installatron Server."""

from __future__ import annotations

DOCUMENTATION = r"""
---
short_description: Watch an Installatron Server and report what happens on it
description:
  - Polls an Installatron Server and emits an event for each site that appeared, disappeared or changed its version, for updates and
    security releases that became available, for backups that are missing or too old, and for background tasks that ended.
  - Each interval costs one request. Every second one lists the sites; the other one lists the background tasks, or, every
    O(backups_interval) seconds, the backups. The catalogue of applications is read only when a site has a new update.
  - Only reads. The events hold no secrets, and neither does the state file.
  - 'Delivers at least once: an event is written to O(state_file) before it is handed over, and stays there for O(keep_events) seconds
    after that. A start hands these events over again, under their old C(id) and with C(repeated: true).'
  - What begins and ends between two readings is not seen. A site or a running task that is not listed counts as gone when it is missing
    from the next reading, too.
  - A server that cannot be reached is asked again, after 15 minutes at the most. The source ends when the server refuses the API key
    three times in a row, and goes on where it ended when it is started with a valid key.
  - The members of the events are described in the guide on events and in C(docs/events.schema.json) of the collection.
requirements:
  - ansible-core and the Python package C(requests), in the environment of ansible-rulebook
author:
  - hostops.installatron contributors
version_added: 0.1.0
options:
  state_file:
    description:
      - File in which the source keeps what it has seen. Each source needs a file of its own, on a disk that outlives the process.
      - Without a file there is nothing to compare with, and the first look begins one (see O(first_look)).
      - If the file cannot be read, the source ends with an error. If it cannot be written, no event is handed over until it can.
    type: path
    required: true
  interval:
    description:
      - Seconds between two requests, from V(0.01) to V(86400). Up to a tenth is added or taken away by chance.
    type: float
    default: 60
  events:
    description:
      - Kinds of events to emit.
      - A list that none of these kinds needs is not read.
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
      - How old the youngest backup of a site may be, such as V(24h) or V(7d).
      - If omitted, a backup of any age will do, and only sites without one are reported.
    type: str
  backups_interval:
    description:
      - Seconds between two readings of the list of backups, from V(0.01) to V(604800).
      - The list holds every backup of every site; source and server need time and memory for it.
    type: float
    default: 3600
  first_look:
    description:
      - Whether the first look, with a new state file, reports updates, security releases and backups that need attention already.
      - What appeared, changed or ended is never reported by a first look.
    type: str
    choices:
      - report
      - quiet
    default: report
  keep_events:
    description:
      - Seconds for which an event stays in the state file after it was handed over, from V(0) to V(604800).
      - ansible-rulebook keeps events and the actions that they lead to in its memory. Give at least the time that the longest action
        takes if an action that was killed is to be started again.
    type: float
    default: 300
  user:
    description:
      - Account whose sites are watched. If omitted, those of the administrator.
    type: str
  owned_accounts:
    description:
      - Whether the sites of the accounts that O(user) owns are watched, too.
    type: bool
    default: true
  api_url:
    description:
      - Address of the API, such as V(https://installatron.example.com/server/v1). Required unless O(transport=cli).
      - If omitted, the environment variable E(ITRON_API_URL).
    type: str
  api_key:
    description:
      - The API key, with at least 8 characters. Do not write it into a rulebook.
      - If omitted, the environment variable E(ITRON_API_KEY).
    type: str
    required: true
  validate_certs:
    description:
      - Whether to check the certificate of the server.
      - If omitted, the environment variable E(ITRON_VALIDATE_CERTS).
    type: bool
    default: true
  ca_path:
    description:
      - File or directory with the certificate authorities that are trusted, instead of those of C(requests).
      - If omitted, the environment variable E(ITRON_CA_PATH).
    type: path
  client_cert:
    description:
      - File with the certificate of this client, and its key unless O(client_key) names it.
      - If omitted, the environment variable E(ITRON_CLIENT_CERT).
    type: path
  client_key:
    description:
      - File with the key of O(client_cert).
      - If omitted, the environment variable E(ITRON_CLIENT_KEY).
    type: path
  timeout:
    description:
      - Seconds that one request may take.
      - If omitted, the environment variable E(ITRON_TIMEOUT).
    type: float
    default: 30
  retries:
    description:
      - How often a request that failed is repeated at once, before the interval that it belongs to counts as failed.
      - If omitted, the environment variable E(ITRON_RETRIES).
    type: int
    default: 3
  max_reply_size:
    description:
      - MiB that an answer may have. A site has about 1.3 KB in the list of sites, as has each backup in the list of backups.
      - If omitted, the environment variable E(ITRON_MAX_REPLY_SIZE).
    type: int
    default: 256
  transport:
    description:
      - V(http) for the API over the network, V(cli) for the program of the server where the source runs on its host.
      - If omitted, the environment variable E(ITRON_TRANSPORT).
    type: str
    choices:
      - http
      - cli
    default: http
  cli_path:
    description:
      - The program of the server, for O(transport=cli).
      - If omitted, the environment variable E(ITRON_CLI_PATH).
    type: path
    default: /usr/local/installatron/installatron
"""

EXAMPLES = r"""
# Everything, once a minute. ITRON_API_URL and ITRON_API_KEY are in the environment.
- name: All that happens on the server
  hosts: localhost
  sources:
    - hostops.installatron.itron_events:
        state_file: /var/lib/itron-events/all.json
        backup_max_age: 24h
  rules:
    - name: Show it
      condition: event.kind is defined
      action:
        print_event:
          pretty: true

# Security releases of WordPress only.
- name: Security releases
  hosts: localhost
  sources:
    - hostops.installatron.itron_events:
        state_file: /var/lib/itron-events/security.json
        interval: 300
        events: [security_release]
  rules:
    - name: Patch, canary first
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

# Seconds that the rule engine may take to confirm one event, where the rulebook asks it to (feedback: true).
CONFIRMATION = 60.0


def _utils(name: str) -> Any:
    """Return a module of the collection's event code, which ansible-rulebook does not put on the path of Python."""
    # Not resolved: a link may stand for the folder of the collection, and its target has another place.
    collections = Path(__file__).absolute().parents[6]
    if str(collections.parent) not in sys.path:
        # At the end, so that what stands there hides nothing.
        sys.path.append(str(collections.parent))
    try:
        return importlib.import_module("ansible_collections.hostops.installatron.plugins.module_utils." + name)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "ansible":
            raise
        message = "ansible-core is not installed for %s, which runs ansible-rulebook: install it there, beside the Python package requests" % sys.executable
        raise RuntimeError(message) from error


async def main(queue: asyncio.Queue[Any], args: dict[str, Any]) -> None:
    """Watch the server and put an event on the queue for all that happens.

    Arguments:
        queue: of the rule engine. args: the arguments of the source in the rulebook.
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
    """Return what a function returns that waits for the server; the rule engine goes on meanwhile.

    The thread is none of asyncio's: these would keep the program from ending until the request is over.
    """
    loop = asyncio.get_running_loop()
    result: asyncio.Future[float] = loop.create_future()

    def settle(method: Callable[[Any], None], value: Any) -> None:
        # Whoever waited may be gone.
        if not result.done():
            method(value)

    def work() -> None:
        try:
            answer: tuple[Any, Any] = (result.set_result, function())
        except BaseException as error:  # pylint: disable=broad-exception-caught # it is raised where the result is waited for
            answer = (result.set_exception, error)
        # A loop that is closed belongs to a program that ends.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, *answer)

    threading.Thread(target=work, daemon=True).start()
    return await result


async def _hand_over(watch: Any, queue: asyncio.Queue[Any], feedback: asyncio.Queue[Any] | None) -> None:
    """Put all events that wait on the queue, each after the one before was taken."""
    for event in watch.waiting():
        await queue.put(event)
        if feedback is not None:
            # An event that is not confirmed stays with those that wait.
            try:
                await asyncio.wait_for(feedback.get(), CONFIRMATION)
            except asyncio.TimeoutError:
                return
        watch.handed_over(event["id"])
        await asyncio.sleep(0)


if __name__ == "__main__":
    class PrintingQueue:
        """Prints events: python itron_events.py STATE_FILE, with ITRON_API_URL and ITRON_API_KEY in the environment."""

        async def put(self, event: dict[str, Any]) -> None:
            """Print an event."""
            print(event, flush=True)

    asyncio.run(main(PrintingQueue(), {"state_file": sys.argv[1]}))  # type: ignore[arg-type]
