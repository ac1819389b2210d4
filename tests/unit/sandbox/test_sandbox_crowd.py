# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many concurrent requests for sites with the same domain and title: each gets a reply, and the state stays consistent."""

import random
from concurrent.futures import ThreadPoolExecutor

from sandbox_program import DATABASE, WEBSITES

SHORT = {"user": "alice", "websites": WEBSITES}
SITES, REQUESTS, THREADS = 12, 600, 12
OF_A_SITE = {"backup": {}, "upgrade": {"revert": "yes"}, "clone": {}, "uninstall": {}, "view": {"addons": "1"},
             "edit": {"sitetitle": "My blog"}}


def strike(sandbox, number):
    """Send a random request with `number` as the seed; skip it if no object exists for it."""
    chance = random.Random(number)
    command = chance.choice(["install", "restore", "delete", "state"] + list(OF_A_SITE))
    arguments, url = dict(SHORT), "http://company.com/%d" % chance.randrange(SITES)
    if command == "state":
        sandbox.control("GET", "/state")
        return
    if command == "install":
        arguments.update(application="wordpress", version="6.4.3", sitetitle="My blog", url=url)
    else:
        rows = sandbox.ok("installs" if command in OF_A_SITE else "backups", user="alice")
        if not rows:
            return
        arguments.update(OF_A_SITE.get(command, {}), id=chance.choice(rows)["id"])
    if command == "clone":
        arguments["url"] = url
    if command not in ("edit", "view") and chance.random() < 0.3:
        arguments["background"] = "yes"
    sandbox.call(command, **arguments)


def test_concurrent_first_visits(sandbox):
    """Concurrent first visits create the files of a seeded site once."""
    sandbox.control("POST", "/seed", {"count": 4, "user": "alice"})
    identities = [site["id"] for site in sandbox.ok("installs", user="alice")] * 6
    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        list(pool.map(lambda identity: sandbox.ok("view", id=identity, user="alice"), identities))
    assert not any("virtual" in site["private"] for site in sandbox.control("GET", "/state")["installs"])


def test_concurrent_installs_in_one_database(sandbox):
    """An install whose prefix is used by a concurrent one is refused, and does not change the other tables."""
    def install(number):
        return sandbox.call("install", application="wordpress", url="http://company.com/%d" % number, **SHORT, **DATABASE)

    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        replies = list(pool.map(install, range(THREADS)))
    assert {reply["errcode"] for reply in replies if not reply["result"]} <= {"occupied_db_prefix"}
    sites = sandbox.ok("installs", user="alice")
    assert len(sites) == sum(reply["result"] for reply in replies) == len({site["db-prefix"] for site in sites}) > 0
    for site in sites:
        assert sandbox.ok("view", id=site["id"], **SHORT)["id"] == site["id"]


def test_concurrent_requests(sandbox):
    sandbox.control("POST", "/settings", {"database_automation": True})
    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        # A status other than 200 raises an exception.
        list(pool.map(lambda number: strike(sandbox, number), range(REQUESTS)))
    assert sandbox.control("POST", "/idle", {"seconds": 30})["idle"]
    state = sandbox.control("GET", "/state")
    assert [task for task in state["tasks"] if "Internal error" in task["message"]] == []
    sites = state["installs"]
    assert len(sites) > 3 and len(state["backups"]) > 3
    assert len({site["root"] for site in sites}) == len({(site["database"], site["prefix"]) for site in sites}) == len(sites)
    for site in sites:
        assert sandbox.ok("view", id=site["id"], **SHORT)["id"] == site["id"]
    assert {backup["archive"] for backup in state["backups"]} == set(state["archives"])
