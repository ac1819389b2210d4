# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The watch over a simulated server: at-least-once delivery, marked repetitions, failures, and no secrets."""

import errno
import json
import logging
import os

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import ItronError
from ansible_collections.hostops.installatron.plugins.module_utils._core.connection import client_of
from ansible_collections.hostops.installatron.plugins.module_utils._events import watch as watch_file
from ansible_collections.hostops.installatron.plugins.module_utils._events.options import settings_of
from ansible_collections.hostops.installatron.plugins.module_utils._events.pace import Pace
from ansible_collections.hostops.installatron.plugins.module_utils._events.state import StateError
from ansible_collections.hostops.installatron.plugins.module_utils._wire.reply import Reply

KEY = "Canary-key-1"


class Clock:
    """A clock that tests advance."""

    def __init__(self):
        self.seconds = 0.0

    def now(self):
        """Return monotonic seconds."""
        return self.seconds

    def wall(self):
        """Return Unix time."""
        return 1767225600 + self.seconds


class Server:
    """A transport that returns C(lists), or C(body) and C(status) if set. C(asked) has the commands."""

    def __init__(self):
        self.lists = {"installs": [], "tasks": [], "backups": [], "browser": [{"version": "6.4.3", "tags": ["security"]}]}
        self.asked = []
        self.status, self.body = 200, None

    def post(self, payload, repeatable):
        """Answer one request."""
        assert repeatable, "an event source must not write"
        self.asked.append(payload["cmd"])
        body = self.body if self.body is not None else {"result": True, "message": "", "data": self.lists[payload["cmd"]]}
        return Reply(body if isinstance(body, bytes) else json.dumps(body).encode(), self.status)


@pytest.fixture
def world(tmp_path, monkeypatch):
    """A World."""
    return World(tmp_path, monkeypatch)


class World:
    """A server, a clock, and the current watch over the server."""

    def __init__(self, folder, monkeypatch):
        self.path = folder / "state.json"
        self.server, self.clock = Server(), Clock()
        self.watch = None
        monkeypatch.setattr(watch_file, "client_of", self._client_of)

    def _client_of(self, *arguments, **more):
        client, warnings = client_of(*arguments, **more)
        client.transport = self.server
        return client, warnings

    def start(self, **options):
        """Start a new watch, as after a kill. State that the previous watch had only in memory is lost."""
        if self.watch is not None:
            self.watch.close()
        settings = settings_of(dict({"state_file": str(self.path), "api_url": "https://host/server/v1", "api_key": KEY}, **options))
        self.watch = watch_file.Watch(settings, self.clock, Pace(60, lambda low, high: high))
        return self.watch

    def turns(self, count=2):
        """Run turns at intervals of a minute. Deliver the events and return them."""
        found = []
        for _turn in range(count):
            self.watch.step()
            found += self.take()
            self.clock.seconds += 60
        return found

    def take(self, count=None):
        """Deliver some or all of the pending events and return them."""
        found = []
        for event in self.watch.waiting():
            if count is not None and len(found) == count:
                break
            found.append(event)
            self.watch.handed_over(event["id"])
        return found


def site(id, version="6.4.1", **more):
    """Return a row of installs."""
    return dict({"id": id, "url": "http://%s.example" % id, "installer": "wordpress", "version": version, "owner": "alice"}, **more)


def summary(events):
    """Return (kind, number, repeated) of each event."""
    return [(event["kind"], event["id"].partition("-")[2], event["repeated"]) for event in events]


def add_sites_after_first_look(world, *ids):
    """Finish the first look, then add sites that the next turn finds."""
    world.start(events=["site_appeared"])
    world.turns(1)
    world.server.lists["installs"] = [site(id) for id in ids]


# --- delivery ---------------------------------------------------------------------------------------------------------

def test_delivery_repeated_after_restart(world):
    add_sites_after_first_look(world, "a", "b")
    world.watch.step()
    assert summary(world.take(1)) == [("site_appeared", "1", False)]
    world.start(events=["site_appeared"])
    assert summary(world.take()) == [("site_appeared", "1", True), ("site_appeared", "2", True)]
    assert world.turns() == []


def test_delivery_after_kill_before_save(world, monkeypatch):
    add_sites_after_first_look(world, "a")

    def killed(*_paths):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(os, "replace", killed)
        world.watch.step()
    world.start(events=["site_appeared"])
    assert summary(world.turns(1)) == [("site_appeared", "1", False)]


def test_delivered_event_kept_for_keep_events(world):
    add_sites_after_first_look(world, "a")
    assert len(world.turns(1)) == 1
    world.turns(4)
    world.start(events=["site_appeared"])
    assert summary(world.take()) == [("site_appeared", "1", True)]
    world.clock.seconds += 301
    world.turns(1)
    world.start(events=["site_appeared"])
    assert world.take() == []


def test_undelivered_event_kept(world):
    add_sites_after_first_look(world, "a")
    for _turn in range(20):
        world.watch.step()
        world.clock.seconds += 600
    assert summary(world.take()) == [("site_appeared", "1", False)]


def test_restart_detects_changes_while_stopped(world):
    world.server.lists.update(installs=[site("a"), site("b")], tasks=[{"id": "1", "status": "processing"}])
    world.start()
    world.turns(4)
    world.clock.seconds += 1000
    world.turns(1)
    world.server.lists.update(installs=[site("a", "6.4.2")], tasks=[{"id": "1", "status": "failed"}])
    world.start()
    assert {event["kind"] for event in world.turns(6)} == {"version_changed", "site_disappeared", "task_failed"}
    world.start(keep_events=0)
    assert all(event["repeated"] for event in world.take())
    assert world.turns(6) == []


def test_turn_without_news_single_request_no_write(world):
    world.server.lists["installs"] = [site("a", **{"version-available": "6.4.4"})]
    world.start(first_look="quiet")
    world.turns(4)
    before, asked = os.stat(world.path), len(world.server.asked)
    assert world.turns(20) == []
    assert world.server.asked[asked:] == ["installs", "tasks"] * 10
    assert os.stat(world.path).st_mtime_ns == before.st_mtime_ns


def test_unselected_kinds_recorded_not_emitted(world):
    add_sites_after_first_look(world, "a")
    world.server.lists["installs"].append(site("b", **{"version-available": "6.4.4"}))
    assert {event["kind"] for event in world.turns(1)} == {"site_appeared"}
    world.start()
    world.take()
    assert [event["kind"] for event in world.turns(1)] == []


# --- failures ---------------------------------------------------------------------------------------------------------

def test_outage_logged_and_no_event_lost(world, caplog):
    add_sites_after_first_look(world, "a")
    world.server.status, world.server.body = 503, b"<html>busy</html>"
    assert [round(world.watch.step()) for _failure in range(6)] == [120, 240, 480, 900, 900, 900]
    assert world.take() == []
    world.server.status, world.server.body = 200, None
    assert summary(world.turns(1)) == [("site_appeared", "1", False)]
    assert [record.levelname for record in caplog.records] == ["ERROR"] * 6 + ["WARNING"]
    assert "installs: HTTP status 503" in caplog.messages[0] and "next attempt in 120 s" in caplog.messages[0]
    assert caplog.messages[-1] == "the source works again after 6 failures"


REFUSED = {"result": False, "message": "bad key", "errcode": "invalid_api_key"}


@pytest.mark.parametrize(("status", "body"), [(200, REFUSED), (401, b""), (403, b"<html>no</html>")])
def test_key_revoked_stops_source(world, caplog, status, body):
    add_sites_after_first_look(world, "a")
    world.server.status, world.server.body = status, body
    world.watch.step()
    world.watch.step()
    with pytest.raises(ItronError):
        world.watch.step()
    assert "refused the API key 3 times in a row; the source stops" in caplog.messages[-1]
    world.server.status, world.server.body = 200, None
    world.start(events=["site_appeared"])
    assert summary(world.turns(1)) == [("site_appeared", "1", False)]


def test_key_refused_occasionally(world):
    world.start()
    for _time in range(4):
        world.server.body = REFUSED
        world.watch.step()
        world.watch.step()
        world.server.body = None
        world.watch.step()


def test_full_disk_delays_events(world, monkeypatch, caplog):
    add_sites_after_first_look(world, "a")
    before = world.path.read_bytes()

    def full(_file):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        world.watch.step()
        assert world.take() == []
    assert "No space left on device" in caplog.messages[-1]
    assert world.path.read_bytes() == before
    assert not (world.path.parent / "state.json.part").exists()
    assert summary(world.turns(1)) == [("site_appeared", "1", False)]


def test_state_file_unreadable_stops_source(world):
    world.path.write_text("{", encoding="utf-8")
    with pytest.raises(StateError, match="cannot read"):
        world.start()


def test_catalog_unknown_application_tolerated(world, caplog):
    world.start()
    world.server.lists["installs"] = [site("a", installer="own", **{"version-available": "2"})]
    post = world.server.post
    world.server.post = lambda payload, repeatable: post(payload, repeatable) if payload["cmd"] != "browser" else Reply(
        json.dumps({"result": False, "message": "no such application", "errcode": "application_not_found"}).encode())
    assert [event["kind"] for event in world.turns(1)] == ["update_available"]
    assert caplog.messages[-1].startswith("own: cannot read its releases, so its security releases are not reported.")


def test_plain_http_warning(world, caplog):
    world.start(api_url="http://host/server/v1")
    assert "in clear text" in caplog.text


# --- secrets ----------------------------------------------------------------------------------------------------------

def test_secrets_absent_from_events_file_and_log(world, caplog):
    caplog.set_level(logging.DEBUG)
    world.start()
    world.turns(4)
    password = "Canary-password-2"
    world.server.lists["installs"] = [site("a", **{"db-pass": password, "cf-passwd": password + "3", "title": password, "path": "ftp://u:Canary-4@h/p"})]
    world.server.lists["tasks"] = [{"id": "1", "status": "failed", "message": "Access with %s and %s and password=Canary-5" % (password, KEY),
                                    "errcode": password, "url": "http://u:Canary-6@a.example", "cmd": "backup"},
                                   {"id": "2", "status": "processing", "message": password, "errcode": password}]
    found = world.turns(4)
    assert {event["kind"] for event in found} >= {"site_appeared", "task_failed"}
    world.server.body = {"result": False, "message": "key %s and %s" % (KEY, password)}
    world.watch.step()
    for text in (json.dumps(found), world.path.read_text(encoding="utf-8"), caplog.text):
        assert "Canary" not in text


@pytest.mark.parametrize(("count", "asked"), [(2, ["tasks", "installs", "installs"]), (5, ["tasks", "installs"])])
def test_secrets_of_sites_read_for_failed_tasks(world, count, asked):
    world.start(events=["task_failed"])
    world.turns(1)
    ids = ["a%d" % number for number in range(count)]
    world.server.lists["installs"] = [site(id, **{"db-pass": "Canary-of-%s" % id}) for id in ids]
    world.server.lists["tasks"] = [{"id": id, "status": "failed", "install": id, "message": "it is Canary-of-%s" % id} for id in ids]
    world.server.asked.clear()
    found = world.turns(1)
    assert len(found) == count and "Canary" not in json.dumps(found)
    assert world.server.asked == asked
    assert world.turns(1) == [] and world.server.asked == [*asked, "tasks"]
