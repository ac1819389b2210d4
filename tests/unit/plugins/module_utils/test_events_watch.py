# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The watch over a server that a test plays: at least once, marked repeats, failures, and no secret."""

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
    """A clock that a test turns."""

    def __init__(self):
        self.seconds = 0.0

    def now(self):
        """Return monotonic seconds."""
        return self.seconds

    def wall(self):
        """Return Unix time."""
        return 1767225600 + self.seconds


class Server:
    """A transport that answers from C(lists), or with C(body) and C(status) if these are set; C(asked) has the commands."""

    def __init__(self):
        self.lists = {"installs": [], "tasks": [], "backups": [], "browser": [{"version": "6.4.3", "tags": ["security"]}]}
        self.asked = []
        self.status, self.body = 200, None

    def post(self, payload, repeatable):
        """Answer one request."""
        assert repeatable, "an event source only reads"
        self.asked.append(payload["cmd"])
        body = self.body if self.body is not None else {"result": True, "message": "", "data": self.lists[payload["cmd"]]}
        return Reply(body if isinstance(body, bytes) else json.dumps(body).encode(), self.status)


@pytest.fixture
def world(tmp_path, monkeypatch):
    """A World."""
    return World(tmp_path, monkeypatch)


class World:
    """A server, a clock, and the watches over the server, one after the other."""

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
        """Start a watch as after a kill: what only the memory of the last one had is gone."""
        if self.watch is not None:
            self.watch.close()
        settings = settings_of(dict({"state_file": str(self.path), "api_url": "https://host/server/v1", "api_key": KEY}, **options))
        self.watch = watch_file.Watch(settings, self.clock, Pace(60, lambda low, high: high))
        return self.watch

    def turns(self, count=2):
        """Take turns, a minute each, and return the events, which are handed over."""
        found = []
        for _turn in range(count):
            self.watch.step()
            found += self.take()
            self.clock.seconds += 60
        return found

    def take(self, count=None):
        """Hand over so many of the events that wait, or all of them; return them."""
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


def short(events):
    """Return what tells events apart."""
    return [(event["kind"], event["id"].partition("-")[2], event["repeated"]) for event in events]


def appear(world, *ids):
    """Have the first look over, and sites appear that the next turn of the sites sees."""
    world.start(events=["site_appeared"])
    world.turns(1)
    world.server.lists["installs"] = [site(id) for id in ids]


# --- at least once ----------------------------------------------------------------------------------------------------

def test_an_event_that_was_written_down_and_not_handed_over_comes_after_a_start(world):
    appear(world, "a", "b")
    world.watch.step()
    assert short(world.take(1)) == [("site_appeared", "1", False)]
    world.start(events=["site_appeared"])
    assert short(world.take()) == [("site_appeared", "1", True), ("site_appeared", "2", True)]
    assert world.turns() == []


def test_a_kill_before_the_event_was_written_down_loses_nothing_and_repeats_nothing(world, monkeypatch):
    appear(world, "a")

    def killed(*_paths):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(os, "replace", killed)
        world.watch.step()
    world.start(events=["site_appeared"])
    assert short(world.turns(1)) == [("site_appeared", "1", False)]


def test_an_event_stays_for_the_time_to_keep_it(world):
    appear(world, "a")
    assert len(world.turns(1)) == 1
    world.turns(4)
    world.start(events=["site_appeared"])
    assert short(world.take()) == [("site_appeared", "1", True)]
    world.clock.seconds += 301
    world.turns(1)
    world.start(events=["site_appeared"])
    assert world.take() == []


def test_an_event_that_nobody_takes_is_kept_for_ever(world):
    appear(world, "a")
    for _turn in range(20):
        world.watch.step()
        world.clock.seconds += 600
    assert short(world.take()) == [("site_appeared", "1", False)]


def test_what_happened_while_no_source_ran_is_seen_by_the_next(world):
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


def test_a_turn_without_news_costs_one_list_and_writes_nothing(world):
    world.server.lists["installs"] = [site("a", **{"version-available": "6.4.4"})]
    world.start(first_look="quiet")
    world.turns(4)
    before, asked = os.stat(world.path), len(world.server.asked)
    assert world.turns(20) == []
    assert world.server.asked[asked:] == ["installs", "tasks"] * 10
    assert os.stat(world.path).st_mtime_ns == before.st_mtime_ns


def test_kinds_that_are_not_wanted_are_taken_in_and_not_emitted(world):
    appear(world, "a")
    world.server.lists["installs"].append(site("b", **{"version-available": "6.4.4"}))
    assert {event["kind"] for event in world.turns(1)} == {"site_appeared"}
    world.start()
    world.take()
    assert [event["kind"] for event in world.turns(1)] == []


# --- trouble ----------------------------------------------------------------------------------------------------------

def test_an_outage_loses_nothing_and_is_told_with_its_end(world, caplog):
    appear(world, "a")
    world.server.status, world.server.body = 503, b"<html>busy</html>"
    assert [round(world.watch.step()) for _failure in range(6)] == [120, 240, 480, 900, 900, 900]
    assert world.take() == []
    world.server.status, world.server.body = 200, None
    assert short(world.turns(1)) == [("site_appeared", "1", False)]
    assert [record.levelname for record in caplog.records] == ["ERROR"] * 6 + ["WARNING"]
    assert "installs: HTTP status 503" in caplog.messages[0] and "next attempt in 120 s" in caplog.messages[0]
    assert caplog.messages[-1] == "the source works again after 6 failures"


REFUSED = {"result": False, "message": "bad key", "errcode": "invalid_api_key"}


@pytest.mark.parametrize(("status", "body"), [(200, REFUSED), (401, b""), (403, b"<html>no</html>")])
def test_a_revoked_key_ends_the_source_at_the_third_time(world, caplog, status, body):
    appear(world, "a")
    world.server.status, world.server.body = status, body
    world.watch.step()
    world.watch.step()
    with pytest.raises(ItronError):
        world.watch.step()
    assert "refused the API key 3 times in a row; the source ends" in caplog.messages[-1]
    world.server.status, world.server.body = 200, None
    world.start(events=["site_appeared"])
    assert short(world.turns(1)) == [("site_appeared", "1", False)]


def test_a_key_that_is_refused_now_and_then_ends_nothing(world):
    world.start()
    for _time in range(4):
        world.server.body = REFUSED
        world.watch.step()
        world.watch.step()
        world.server.body = None
        world.watch.step()


def test_a_full_disk_holds_events_back_until_there_is_room(world, monkeypatch, caplog):
    appear(world, "a")
    before = world.path.read_bytes()

    def full(_file):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        world.watch.step()
        assert world.take() == []
    assert "cannot be written: No space left on device" in caplog.messages[-1]
    assert world.path.read_bytes() == before
    assert not (world.path.parent / "state.json.part").exists()
    assert short(world.turns(1)) == [("site_appeared", "1", False)]


def test_a_state_file_that_cannot_be_read_ends_the_source(world):
    world.path.write_text("{", encoding="utf-8")
    with pytest.raises(StateError, match="cannot be read"):
        world.start()


def test_an_application_that_the_catalogue_does_not_know_stops_nothing(world, caplog):
    world.start()
    world.server.lists["installs"] = [site("a", installer="own", **{"version-available": "2"})]
    post = world.server.post
    world.server.post = lambda payload, repeatable: post(payload, repeatable) if payload["cmd"] != "browser" else Reply(
        json.dumps({"result": False, "message": "no such application", "errcode": "application_not_found"}).encode())
    assert [event["kind"] for event in world.turns(1)] == ["update_available"]
    assert caplog.messages[-1].startswith("own: without its releases, no security release of it is seen.")


def test_a_key_in_clear_text_is_warned_of(world, caplog):
    world.start(api_url="http://host/server/v1")
    assert "in clear text" in caplog.text


# --- secrets ----------------------------------------------------------------------------------------------------------

def test_no_secret_leaves_in_an_event_in_the_file_or_in_the_log(world, caplog):
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
def test_the_passwords_of_sites_are_known_where_only_tasks_are_watched(world, count, asked):
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
