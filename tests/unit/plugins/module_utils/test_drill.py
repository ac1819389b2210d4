# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restore drills without a server: options that are refused, drills that must run sequentially, and the verdicts."""

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError, ItronError
from ansible_collections.hostops.installatron.plugins.module_utils._core.tasks import Clock, Waiting
from ansible_collections.hostops.installatron.plugins.module_utils._drill.drill import Drill, Tools
from ansible_collections.hostops.installatron.plugins.module_utils._drill.options import (
    DRILL,
    check_options,
    lanes,
    refuse_used_databases,
)
from ansible_collections.hostops.installatron.plugins.module_utils._redaction.redact import Redactor


def site(drill_url, **more):
    """Return the options of one site."""
    return dict({"url": "https://shop.example", "drill_url": drill_url}, **more)


def checked(*sites, **more):
    """Validate and check the options of a task."""
    params, messages = DRILL.validate(dict({"api_url": "https://h", "api_key": "k" * 12, "sites": list(sites)}, **more))
    assert messages == []
    check_options(params)


@pytest.mark.parametrize(("sites", "more", "message"), [
    (["https://copy.example"], {}, "sites[0].drill_url: https://copy.example does not match pattern"),
    (["https://drill.example", "https://drills.example"], {}, "sites[1].drill_url"),
    (["drill.example"], {}, "sites[0].drill_url: 'drill.example' is not an http:// or https:// URL"),
    (["http://SHOP.example:80/"], {"pattern": "."}, "sites[0].drill_url: http://SHOP.example:80/ is the url of a site"),
    ([], {"pattern": "("}, "pattern: '(' is not a regular expression"),
    ([], {"max_parallel": 0}, "max_parallel: must be between 1 and 64"),
    ([], {"health": {"attempts": 0}}, "health.attempts: must be 1 or more"),
])
def test_options_refused(sites, more, message):
    with pytest.raises(InputError) as caught:
        checked(*map(site, sites), **more)
    assert message in caught.value.text()


@pytest.mark.parametrize("url", ["https://drill.example", "https://x.example/test2", "https://a-restore.example"])
def test_drill_url_accepted(url):
    checked(site(url))


SHOP = {"url": "https://shop.example", "db-host": "localhost", "db-name": "shop", "db-prefix": "wp_"}


@pytest.mark.parametrize(("database", "refused"), [
    ({"db_name": "shop"}, True),
    ({"db_name": "shop", "db_host": "127.0.0.1", "db_prefix": "wp_"}, True),
    ({"db_name": "shop", "db_prefix": "wp_drill_"}, True),
    ({"db_name": "shop", "db_prefix": "w"}, True),
    ({"db_name": "shop", "db_prefix": "drill_"}, False),
    ({"db_name": "shop", "db_host": "db2.example"}, False),
    ({"db_name": "drill"}, False),
    ({}, False),
])
def test_database_in_use_refused(database, refused):
    drill = site("https://drill.example", **database)
    if not refused:
        refuse_used_databases([drill], [SHOP])
        return
    with pytest.raises(InputError) as caught:
        refuse_used_databases([drill], [SHOP])
    assert "sites[0].db_name: the database shop belongs to https://shop.example" in caught.value.text()


def test_database_of_previous_copy_accepted():
    refuse_used_databases([site("http://drill.example", db_name="shop")], [dict(SHOP, url="https://drill.example")])


@pytest.mark.parametrize(("sites", "expected"), [
    ([("http://a", None), ("http://b", None)], ["a", "b"]),
    ([("http://a", None), ("https://a/", None)], ["aa"]),
    ([("http://a/x", None), ("http://b", None), ("http://a", None)], ["aa", "b"]),
    ([("http://a/x", None), ("http://a/xy", None)], ["a", "a"]),
    ([("http://a", "d"), ("http://b", "e"), ("http://c", "d")], ["ac", "b"]),
    ([("http://a", "d"), ("http://b", "e"), ("http://a/z", "e")], ["aba"]),
])
def test_lanes(sites, expected):
    found = lanes([site(url, **({"db_name": name} if name else {})) for url, name in sites])
    assert ["".join(entry["drill_url"].partition("://")[2][0] for entry in lane) for lane in found] == expected


# --- one drill --------------------------------------------------------------------------------------------------------

BACKUP = {"id": "b1", "backup-install": "1", "backup-time": "1767225600", "cache-archive": "1000", "owner": "alice", "url": "https://shop.example"}
COPY = {"id": "9", "url": "http://drill.example", "installer": "wordpress", "owner": "alice", "db-name": "drill"}


class Attempt:
    """An attempt that calls its effect on the server, or fails with an error."""

    def __init__(self, effect, error=None):
        self.redactor = Redactor()
        self.current = self.error = None
        self.steps, self.changed = [], False
        self._effect, self._error = effect, error

    def prepare(self):
        self.steps = []

    def carry_out(self):
        self.steps = [{"command": "restore"}]
        if self._error:
            raise self._error
        self.changed = True
        self._effect()


class Fleet:
    """A server with a site and its backups. It records every attempt."""

    def __init__(self, backups=(BACKUP,), rows=(), tasks=(), restore=None, removals=()):
        self.rows, self.calls = [{"id": "1", "url": "https://shop.example"}, *rows], []
        self.waiting = Waiting(True, 2, 0.5, 1, FakeClock())
        self.redactor = Redactor()
        self._backups, self._tasks, self._restore, self._removals = list(backups), list(tasks), restore, list(removals)

    def options_for(self, options, owner=None):
        return dict(options, user=options.get("user") or owner)

    def client(self, options):
        return self

    def backups(self, **arguments):
        return self._backups

    def installs(self, **arguments):
        return list(self.rows)

    def tasks(self):
        return self._tasks

    def live_attempt(self, operation, options, params):
        name = params["state"]
        self.calls.append((name, options["user"], params.get("url") or params.get("id")))
        if name == "restored":
            return Attempt(lambda: self.rows.append(COPY), self._restore)
        return Attempt(self.rows.pop, self._removals.pop(0) if self._removals else None)


class FakeClock(Clock):
    """A clock that only sleeping advances."""

    def __init__(self):
        self.time = 0.0

    def now(self):
        return self.time

    def sleep(self, seconds):
        self.time += seconds


def drilled(fleet, problems=(), replace=False, check_mode=False, **more):
    """Run the drill of one site and return the Drill."""
    health = {"healthy": not problems, "problems": list(problems)}
    tools = Tools(fleet, list(fleet.rows), lambda url, keywords: health, lambda text: text, fleet.waiting.clock, replace, check_mode)
    drill = Drill(site("http://drill.example", db_name="drill", **more), tools)
    drill.go()
    return drill


RESTORED, REMOVED = ("restored", "alice", "http://drill.example"), ("absent", "alice", "9")
REFUSED = ItronError("No.", stage="write", command="restore")


@pytest.mark.parametrize(("fleet", "more", "verdict", "reason", "calls"), [
    ({}, {}, "passed", "", [RESTORED, REMOVED]),
    ({}, {"problems": ["/: HTTP status 500"]}, "failed", "/: HTTP status 500", [RESTORED, REMOVED]),
    ({"backups": ()}, {}, "no_backup", "the server has no backup of the site", []),
    ({"rows": [COPY]}, {}, "occupied", "wordpress (id 9) is installed at the drill URL; remove it, or set replace", []),
    ({"rows": [COPY]}, {"replace": True}, "passed", "", [REMOVED, RESTORED, REMOVED]),
    ({"rows": [dict(COPY, **{"db-name": "shop"})]}, {"replace": True}, "occupied", "its owner is alice, and its database is shop", []),
    ({"rows": [dict(COPY, owner="bob")]}, {"replace": True}, "occupied", "its owner is bob", []),
    ({"restore": REFUSED}, {}, "failed", "No.", [RESTORED]),
    ({"removals": [REFUSED, REFUSED]}, {}, "passed", "", [RESTORED, REMOVED, REMOVED, REMOVED]),
    ({"removals": [REFUSED] * 3}, {"problems": ["/: no"]}, "failed", "/: no. Cannot remove the copy at http://drill.example: No",
     [RESTORED, REMOVED, REMOVED, REMOVED]),
    ({"tasks": [{"status": "processing", "url": "http://drill.example"}]}, {}, "failed", "a task for the site was still running after 2 seconds", []),
    ({}, {"check_mode": True}, "planned", "", [RESTORED]),
    ({"rows": [COPY]}, {"check_mode": True, "replace": True}, "planned", "", []),
])
def test_drill_verdict(fleet, more, verdict, reason, calls):
    server = Fleet(**fleet)
    drill = drilled(server, **more)
    assert drill.verdict == verdict and reason in drill.reason and bool(drill.reason) == bool(reason)
    assert server.calls == calls
    assert drill.changed == (verdict in ("passed", "planned") or RESTORED in calls and "restore" not in fleet)


def test_drill_failed_invalid_header():
    server = Fleet()

    def client(options):
        raise InputError("user: is empty")

    server.client = client
    assert (drilled(server).verdict, drilled(server).reason, server.calls) == ("failed", "user: is empty", [])
