# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Helpers for the tests of itron_installs: tasks, and the resulting state of the server."""

from collections import Counter

from harness import MODULE, api, site, task

INSTALLS = "hostops.installatron.itron_installs"


def bulk(name, options, **keywords):
    """Return a task of itron_installs; see harness.task."""
    made = task(name, options, **keywords)
    made[INSTALLS] = made.pop(MODULE)
    return made


def hosts(count):
    """Return a number of host names."""
    return ["s%02d.example" % number for number in range(1, count + 1)]


def present(sandbox, names, **arguments):
    """Return preparations that install a site on each of these hosts."""
    return [api(sandbox, names, "install", **site(name, **dict({"version": "6.4.3"}, **arguments))) for name in names]


def counts(record):
    """Return how often each command was sent. Count C(installs) of one site separately from the whole list."""
    names = Counter()
    for request in record.requests:
        narrow = request["command"] == "installs" and {"id", "q"} & set(request["arguments"])
        names["installs of one" if narrow else request["command"]] += 1
    return dict(names)


def outcomes(record):
    """Return the outcome of each item."""
    return [entry["outcome"] for entry in record.result["results"]]


def installs_by_host(record):
    """Return the state of the sandbox as {host: record of the install}."""
    return {row["url"].partition("://")[2]: row["record"] for row in record.state["installs"]}
