# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many sites: their options, their shared lists, and the progress lines."""

import math
import threading
import time

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError, TransportError
from ansible_collections.hostops.installatron.plugins.module_utils._core.argspec import QuickCheck
from ansible_collections.hostops.installatron.plugins.module_utils._core.plan import Plan, Step, summary_of_plan
from ansible_collections.hostops.installatron.plugins.module_utils._core.tasks import Clock
from ansible_collections.hostops.installatron.plugins.module_utils._fleet.progress import Progress
from ansible_collections.hostops.installatron.plugins.module_utils._fleet.snapshot import (
    Listing,
    SharedWaiting,
    Snapshot,
    TaskBoard,
)
from ansible_collections.hostops.installatron.plugins.module_utils._installs.items import ITEM, Entry, read_items

URL = "http://a.example"


# --- options ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("values", [
    {"url": URL},
    {"url": URL, "autoup": "minor", "plugins": ["x"], "settings": {"a": 1}, "force": True, "autobk_daily": 3},
    {"id": "x", "state": "absent", "delete_backups": True},
])
def test_quick_check_matches_validation(values):
    params, messages = ITEM.validate(values)
    assert messages == []
    assert QuickCheck(ITEM)(values) == params


@pytest.mark.parametrize("values", [
    {"url": 1}, {"url": URL, "force": "yes"}, {"url": URL, "force": 1}, {"url": URL, "autobk_daily": True}, {"url": URL, "autoup": "x"},
    {"url": URL, "plugins": "a,b"}, {"url": URL, "plugins": [1]}, {"url": URL, "unknown": 1}, {"application": "x"},
    {"url": URL, "clone_from": "a", "restore_from": "b"}, {"url": URL, "migrate_from": {}}, {"url": URL, "websites": []},
])
def test_quick_check_defers_to_validation(values):
    assert QuickCheck(ITEM)(values) is None


def test_defaults_overridden_by_items():
    defaults = {"application": "wordpress", "autoup": "all", "settings": {"a": "1", "b": "2"}}
    items = read_items([{"url": URL}, {"url": "http://b.example", "autoup": None, "settings": {"b": "3"}, "application": "joomla"}], defaults, {})
    first, second = (item.params for item in items)
    assert (first["application"], first["autoup"], first["settings"]) == ("wordpress", "all", {"a": "1", "b": "2"})
    assert (second["application"], second["autoup"], second["settings"]) == ("joomla", None, {"a": "1", "b": "3"})
    assert defaults["settings"] == {"a": "1", "b": "2"}


def test_values_converted():
    item = read_items([{"url": URL, "version": 6.4, "force": "yes", "plugins": "a,b"}], None, {})[0]
    assert (item.params["version"], item.params["force"], item.params["plugins"]) == ("6.4", True, ["a", "b"])


def test_header_of_item_takes_precedence():
    common = {"user": "alice", "reseller": None, "websites": [{"id": "w", "vhosts": {"HTTP://A.example/": "www"}}]}
    items = read_items([{"url": URL}, {"url": "http://b.example", "user": "bob", "websites": []}], None, common)
    assert items[0].header == {"user": "alice", "reseller": None, "websites": [{"id": "w", "vhosts": {URL: "www"}}]}
    assert items[1].header == {"user": "bob", "reseller": None, "websites": []}


@pytest.mark.parametrize(("defaults", "message"), [
    ({"url": URL}, "defaults: url identifies a site"), ({"wait": True}, "defaults: wait is an option of the task"),
    ({"autoupp": "x"}, "defaults: unsupported option: autoupp"),
])
def test_defaults_refused(defaults, message):
    with pytest.raises(InputError, match=message):
        read_items([], defaults, {})


def test_message_limits_problems():
    with pytest.raises(InputError) as caught:
        read_items([{"url": URL, "x%d" % number: 1} for number in range(13)], None, {})
    assert caught.value.message.count("unsupported option") == 10
    assert caught.value.message.endswith("; and 3 more")


def test_message_names_source_of_item():
    class FromFile(Entry):
        source = "sites.yml, line 7"

    with pytest.raises(InputError, match=r"installs: item 1 \(http://a.example, sites.yml, line 7\): unsupported option: x"):
        read_items([FromFile(url=URL, x=1)], None, {})


# --- shared lists -----------------------------------------------------------------------------------------------------

ROWS = [{"id": "1", "url": "http://A.example/", "owner": "alice"}, {"id": "2", "url": "https://a.example", "owner": "bob"},
        {"id": 3, "url": "broken", "owner": "bob"}]


def test_listing_search():
    listing = Listing(ROWS)
    assert listing.search(id="3") == [ROWS[2]]
    assert listing.search(id="4") == []
    assert listing.search(q="a.example") == ROWS[:2]
    assert listing.search() == ROWS


class Server:
    """A client that records the requests."""

    def __init__(self, rows=(), tasks=(), delay=0.0):
        self.rows = rows
        self.answers = list(tasks)
        self.delay = delay
        self.asked = []
        self.readings = 0

    def installs(self, **arguments):
        """Return the rows."""
        self.asked.append(arguments)
        return self.rows

    def browser(self, **arguments):
        """Return the arguments as the only entry."""
        self.asked.append(arguments)
        return [arguments]

    def tasks(self):
        """Return or raise the next answer. The last one is returned repeatedly."""
        self.readings += 1
        time.sleep(self.delay)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def snapshot(server, *users):
    """Return a Snapshot that has been read."""
    made = Snapshot(server, set(users), SharedWaiting(True, 900.0, 0.05, 30.0))
    made.read()
    return made


def test_snapshot_single_user_requests():
    server = Server(ROWS)
    assert snapshot(server, "alice").listing("alice", lambda: []).rows == ROWS
    assert server.asked == [{}]


def test_snapshot_several_users_requests():
    server = Server(ROWS)
    made = snapshot(server, "alice", "bob", None)
    assert made.listing("bob", lambda: []).rows == ROWS[1:]
    assert made.listing("alice", lambda: []).rows == ROWS[:1]
    read = []
    for _again in range(2):
        assert made.listing(None, lambda: read.append(1) or [{"id": "9", "url": URL}]).search(id="9")
    assert read == [1]
    assert server.asked == [{"filter_ownedaccounts": "yes"}]


def test_snapshot_catalog_cached():
    server = Server(ROWS)
    made = snapshot(server, "alice")
    assert [made.browser(application="x", version="1") for _again in range(3)] == [[{"application": "x", "version": "1"}]] * 3
    made.browser(application="x")
    assert server.asked[1:] == [{"application": "x", "version": "1"}, {"application": "x"}]


def test_task_board_shared_between_threads():
    server = Server(tasks=[[{"id": "1"}]], delay=0.02)
    board = TaskBoard(server, 0.2, Clock())
    board.rows()
    found = []
    threads = [threading.Thread(target=lambda: found.append(board.rows())) for _number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == [[{"id": "1"}]] * 20
    assert server.readings < len(threads)


def readings(monkeypatch, interval, seconds):
    """Return the times at which a board is read during some seconds while a thread always waits."""
    server, clock, moments = Server(tasks=[[]]), ManualClock(), []
    board = TaskBoard(server, interval, clock)

    def wait(pause):
        clock.time += pause

    monkeypatch.setattr(board._changed, "wait", wait)
    while clock.time < seconds:
        board.rows()
        moments.append(clock.time)
        # The next thread asks immediately.
        clock.time += 1e-6
    return moments


def test_task_board_intervals(monkeypatch):
    moments = [round(moment, 1) for moment in readings(monkeypatch, 2.0, 66)]
    assert moments[:20] == [round(0.4 * number, 1) for number in range(20)]
    assert moments[20:] == [12.8, 18.0, 23.2, 28.4, 33.6, 38.8, 44.0, 49.2, 54.4, 59.6, 64.8, 66.8]


@pytest.mark.parametrize("interval", [0.2, 0.5, 2.0, 3.0, 5.0, 10.0, 45.0])
def test_task_board_requests_per_minute(interval, monkeypatch):
    moments = readings(monkeypatch, interval, 300)
    most = max(sum(begin <= moment < begin + 59.99 for moment in moments) for begin in moments)
    assert most <= math.ceil(60 / interval)
    assert len(moments) > 0.8 * 300 / interval


def test_task_board_error_shared_and_not_cached():
    server = Server(tasks=[TransportError("broken"), []], delay=0.05)
    board = TaskBoard(server, 0.01, Clock())
    caught = []

    def ask():
        try:
            board.rows()
        except TransportError as error:
            error.message += "!"
            caught.append(error.message)

    threads = [threading.Thread(target=ask) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert set(caught) == {"broken!"}
    assert board.rows() == []


# --- progress ---------------------------------------------------------------------------------------------------------

class ManualClock:
    """A clock that tests advance."""

    time = 0.0

    def now(self):
        """Return the time."""
        return self.time


def progress(total):
    """Return (Progress, clock, lines)."""
    lines, clock = [], ManualClock()
    return Progress(lambda text, always=False: lines.append((text, always)), total, clock), clock, lines


def test_progress_lines():
    counter, clock, lines = progress(1000)
    counter.unchanged("http://quick.example")
    clock.time = 1.5
    counter.unchanged("http://late.example")
    counter.begin_work(60)
    clock.time = 11.5
    counter.finished("changed", URL, "6.4.1 -> 6.4.2", 12.3)
    counter.finished("failed", URL, "reason", 0.2, worked=False)
    for _number in range(58):
        counter.finished("changed", URL, "", 1)
    counter.finished("changed", URL, "install", 3)
    assert lines[:3] == [
        ("[   2/1000] ok http://late.example", False),
        ("[   3/1000] changed http://a.example 6.4.1 -> 6.4.2, 12 s, about 10 min left", True),
        ("[   4/1000] failed http://a.example reason, 0 s, about 10 min left", True)]
    assert lines[-1] == ("[  63/1000] changed http://a.example install, 3 s", True)


@pytest.mark.parametrize(("steps", "before", "after", "words"), [
    ([Step("upgrade", {})], {"version": "1"}, {"version": "2"}, "1 -> 2"),
    ([Step("edit", {"id": "x", "autoup": "2", "email": "a"}), Step("upgrade", {})], {"version": "1"}, {"version": "2"}, "edit autoup, email, 1 -> 2"),
    ([Step("edit", {"id": "x", "delete": "true"})], {"id": "x"}, {}, "detach"),
    ([Step("install", {})], {}, {"version": "2"}, "install"),
    ([Step("upgrade", {})], {"plugins": {}}, {"plugins": {}}, "upgrade"),
])
def test_summary_of_plan(steps, before, after, words):
    assert summary_of_plan(Plan(tuple(steps), before, after, ())) == words
