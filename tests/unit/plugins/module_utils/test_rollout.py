# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rollout without a server: selection, waves, maintenance window, release age, verdicts."""

import datetime

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError, ItronError, TaskError
from ansible_collections.hostops.installatron.plugins.module_utils._base.text import joined
from ansible_collections.hostops.installatron.plugins.module_utils._fleet.attempts import is_at_work
from ansible_collections.hostops.installatron.plugins.module_utils._rollout.acts import made_backup
from ansible_collections.hostops.installatron.plugins.module_utils._rollout.case import Case, Options
from ansible_collections.hostops.installatron.plugins.module_utils._rollout.options import ROLLOUT, check_options
from ansible_collections.hostops.installatron.plugins.module_utils._rollout.select import Selection, hold_back
from ansible_collections.hostops.installatron.plugins.module_utils._rollout.site import SiteRun, Tools
from ansible_collections.hostops.installatron.plugins.module_utils._rollout.waves import (
    Wave,
    check_waves,
    failures_allowed,
    make_waves,
    window_of,
)

NOW = datetime.datetime(2026, 3, 4, 23, 30, tzinfo=datetime.timezone.utc).timestamp()  # a Wednesday
PLAIN = Options("latest", [], [], False, {}, {"user": "alice"})
GOOD = {"healthy": True, "problems": [], "regressions": []}
WORSE = {"healthy": False, "problems": ["/: HTTP status 500"], "regressions": ["/: HTTP status 500, before 200"]}


def params_of(**given):
    """Return the validated options of the module."""
    params, messages = ROLLOUT.validate(dict({"api_url": "https://h", "api_key": "k" * 12}, **given))
    assert messages == []
    return params


def row(number, version="6.4.3", **more):
    """Return a row of installs."""
    return dict({"id": str(number), "url": "http://s%d.example" % number, "installer": "wordpress", "version": version, "owner": "alice"}, **more)


def plugin(version):
    """Return the list of plugins of a site."""
    return {"list-plugins": {"akismet/akismet.php": {"Version": version}}}


def case(number=0, **more):
    """Return the Case of a site before its update."""
    values = {"url": "http://s%d.example" % number, "id": str(number), "options": PLAIN, "application": "wordpress", "version_before": "6.4.3"}
    return Case(**dict(values, **more))


def names(cases):
    """Return the concatenated ids of cases."""
    return "".join(str(entry.id) for entry in cases)


# --- selection --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("options", "expected"), [
    ({}, "012"),
    ({"below": "6.5.0"}, "02"),
    ({"application": "joomla"}, ""),
    ({"include": ["s[12]*"]}, "12"),
    ({"exclude": ["http://s0.*", "2"]}, "1"),
    ({"include": ["alice"]}, "012"),
    ({"include": ["s0.*", " s2.*"], "exclude": ["s2.*", ""]}, "0"),
    ({"sites": [{"url": "https://s2.example", "rollback": True}]}, "2"),
    ({"sites": []}, ""),
    ({"plugin": "akismet"}, "02"),
    ({"plugin": "akismet", "below": "5.3"}, "0"),
])
def test_selection(options, expected):
    rows = [row(0, **plugin("5.2")), row(1, "6.5.5"), row(2, **plugin("5.10"))]
    assert names(Selection(params_of(**options), rows, (), lambda found: found).cases) == expected


def test_selection_visits_only_candidates():
    visited = []

    def visit(found):
        visited.append(found["id"])
        return dict(found, **plugin("5.2"))

    rows = [row(0), row(1, installer="joomla"), row(2)]
    Selection(params_of(plugin="akismet", application="wordpress", exclude=["s2.*"]), rows, (), visit)
    assert visited == ["0"]


def test_selection_includes_sites_of_earlier_run():
    rows = [row(number, "6.5.5") for number in range(3)] + [row(3)]
    known = ("s0.example", "s1.example")
    assert names(Selection(params_of(below="6.5.0"), rows, known, dict).cases) == "013"
    assert names(Selection(params_of(below="6.5.0", exclude=["s0.*"]), rows, known, dict).cases) == "13"


def test_selection_skips_unresolved_sites():
    rows = [row(0), row(1, url="https://b.example"), row(2, url="http://b.example")]
    sites = [{"url": "http://s0.example"}, {"id": "0"}, {"url": "http://z.example"}, {"url": "http://b.example:80"}, {"url": "http://b.example"}]
    cases = Selection(params_of(sites=sites), rows, (), dict).cases
    assert [entry.reason for entry in cases] == [None, "twice", "not_installed", "ambiguous", None]
    assert {entry.verdict for entry in cases} == {None, "skipped"}


def test_selection_websites_only_for_user_of_task():
    websites = [{"id": "w", "path": "/home/alice"}]
    options = {"user": "alice", "reseller": "r", "websites": websites, "sites": [{"id": "0"}, {"id": "1"}, {"id": "2", "user": "carol"}]}
    cases = Selection(params_of(**options), [row(0), row(1, owner="bob"), row(2)], (), dict).cases
    assert [entry.options.header.get("user") for entry in cases] == ["alice", "bob", "carol"]
    assert [bool(entry.options.header.get("websites")) for entry in cases] == [True, False, False]


def test_selection_owner_converted_to_text():
    entry = Selection(params_of(), [row(0, owner=[None])], (), dict).cases[0]
    assert entry.options.header["user"] == "[None]"


def test_selection_site_options_take_precedence():
    site = {"id": "0", "version": "6.4.4", "plugins": ["x"], "rollback": False, "health": {"port": 81}}
    given = params_of(sites=[site], rollback=True, plugins=["a"], themes=["*"], health={"port": 80, "keywords": ["k"]})
    options = Selection(given, [row(0)], (), dict).cases[0].options
    assert options[:5] == ("6.4.4", ["x"], ["*"], False, {"port": 81, "keywords": ["k"]})


@pytest.mark.parametrize(("tags", "options", "version", "held"), [
    ([], {"days": 7}, "6.4.4", False),
    (["security"], {"days": 7}, "6.5.5", False),
    (["security"], {"days": 7, "security": False}, "6.4.4", False),
    ([], {"days": 7, "wanted": "6.5.5"}, "6.5.5", True),
    ([], {"days": 0}, "latest", False),
    ([], {"days": 7, "wanted": "latest_minor"}, "6.4.4", False),
    ([], {"days": 7, "wanted": None}, None, False),
    ([], {"days": 99}, "latest", True),
])
def test_release_age(tags, options, version, held):
    releases = [{"application": "wordpress", "version": "6.4.4", "date": "2026-01-01", "tags": []},
                {"application": "wordpress", "version": "6.5.5", "date": "2026-03-03", "tags": tags},
                {"application": "joomla", "version": "9", "date": "2001-01-01", "tags": []}]
    entry = case(options=PLAIN._replace(version=options.pop("wanted", "latest")))
    why = hold_back(entry, releases, NOW, options["days"], options.get("security", True))
    assert (entry.options.version, bool(why)) == (version, held)


def test_release_age_without_date():
    entry = case()
    assert hold_back(entry, [{"application": "wordpress", "version": "7", "date": None, "tags": None}], NOW, 7, True) == ""
    assert entry.options.version == "7"


# --- waves ------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("canary", "sizes", "expected"), [
    (1, ["10%", "100%"], ["0", "1", "23456789"]),
    (2, ["3"], ["01", "234", "56789"]),
    (0, ["50%", "50%"], ["01234", "56789"]),
    (None, [], ["0123456789"]),
    (["s7.*"], ["100%"], ["7", "012345689"]),
    ("2", ["3", "100%"], ["01", "234", "56789"]),
    ("s7.*, s1.*", ["100%"], ["17", "02345689"]),
    ("", ["20"], ["0123456789"]),
])
def test_waves(canary, sizes, expected):
    assert [names(wave.cases) for wave in make_waves([case(number) for number in range(10)], canary, sizes)] == expected


def test_waves_stable_after_verdicts():
    cases = [case(number, verdict="updated" if number in (0, 3) else None) for number in range(10)]
    made = make_waves(cases, 1, ["50%"])
    assert [(wave.name, names(wave.cases), wave.of) for wave in made] == [("wave 1", "1245", 5), ("wave 2", "6789", 4)]


@pytest.mark.parametrize("size", ["0", "-1", "x", "0%", "101%", "%", "nan%", "inf%"])
def test_waves_invalid_size(size):
    with pytest.raises(InputError, match="waves: "):
        check_waves(0, [size])


def test_canary_invalid_type():
    with pytest.raises(InputError, match="canary: "):
        check_waves({"a": 1}, [])


@pytest.mark.parametrize(("name", "failed", "number", "share", "expected"), [
    ("canary", 0, 5, 50, 0), ("wave 1", 1, 3, -1, 2), ("wave 1", 4, 3, -1, 0), ("wave 1", 0, -1, 25, 2), ("wave 1", 0, 1, 25, 1), ("wave 1", 9, -1, -1, -1)])
def test_stop_rule(name, failed, number, share, expected):
    assert failures_allowed(Wave(name, [case(index) for index in range(10)], 10), failed, number, share) == expected


@pytest.mark.parametrize(("window", "is_open"), [
    ({"start": "23:00", "end": "24:00"}, True),
    ({"start": "22:00", "end": "05:00", "days": ["wed"]}, True),
    ({"start": "22:00", "end": "05:00", "days": ["Thursday"]}, False),
    ({"start": "00:00", "end": "01:00", "timezone": "Europe/Berlin"}, True),
    ({"start": "1320", "end": "05:00", "timezone": "Europe/Berlin", "days": ["wed"]}, True),
    ({"start": "08:00", "end": "18:00"}, False),
    ({"start": "23:30", "end": "23:31"}, True),
    ({"start": "23:00", "end": "23:30"}, False),
])
def test_window(window, is_open):
    why = window_of(window).why_closed(NOW)
    assert (why == "") is is_open
    assert is_open or why.startswith("the maintenance window is closed (")


@pytest.mark.parametrize("window", [None, {}, {"days": [], "start": None, "end": ""}])
def test_window_always_open(window):
    assert window_of(window) is None


@pytest.mark.parametrize("window", [{"days": ["someday"]}, {"start": "noon"}, {"start": "25:00"}, {"end": "12:60"}, {"timezone": "Mars/Phobos"}])
def test_window_invalid(window):
    with pytest.raises(InputError, match="window.%s: " % next(iter(window))):
        window_of(window)


# --- options ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("given", "message"), [
    ({"max_parallel": 65}, "max_parallel: must be between 1 and 64"), ({"soak": -1}, "soak: must be 0 or more"),
    ({"max_failures": -2}, "max_failures: must be -1 or more"), ({"health": {"attempts": 0}}, "health.attempts: must be 1 or more"),
    ({"sites": [{"id": "1"}, {"id": "2", "health": {"timeout": 0}}]}, r"sites\[1\].health.timeout: must be"),
    ({"sites": [{"id": "1", "websites": [{"vhost": 1}]}]}, r"sites\[0\].unsupported option: "),
    ({"waves": ["50"], "canary": 1, "window": {"start": "x"}}, "window.start: "),
])
def test_options_refused(given, message):
    with pytest.raises(InputError, match=message):
        check_options(params_of(**given))


def test_options_websites_validated():
    params = params_of(sites=[{"id": "1", "websites": [{"id": "w", "uid": "7"}]}])
    check_options(params)
    assert params["sites"][0]["websites"][0]["uid"] == 7


# --- one site ---------------------------------------------------------------------------------------------------------

class Clock:
    """A clock that only tests advance."""

    def __init__(self):
        self.time = 1000.0

    def now(self):
        """Return the time."""
        return self.time

    wall = now


class State:
    """A current state with the members that a stage reads."""

    def __init__(self, **values):
        self.__dict__.update(values)


class Attempt:
    """An attempt that raises a given error or leads to a given state."""

    def __init__(self, error=None, current=None, older=(), changed=True, log=(), name="", left=("upgrade",)):
        self.error, self.current, self.older, self.changed = error, current, older, changed
        # The plan that follows from the state of the server after an error.
        self.plan = State(steps=left)
        self.log, self.name = log, name
        self.redactor = self

    text = staticmethod(str)

    def prepare(self):
        """Do nothing, because the state is given."""

    def carry_out(self):
        """Raise the error, if there is one."""
        self.log.append(self.name)
        if self.error:
            raise self.error

    def failure_text(self, error):
        """Return the message of an error."""
        return error.message


class Server:
    """A server with one site: the results of its attempts, and the rows and tasks that it lists afterwards."""

    def __init__(self, backup=None, restore=None, rows=(), tasks=(), unread=None):
        self.log = []
        fresh = [{"id": "b", "cache-archive": "5", "version": "6.4.3"}]
        self.backup_attempt = backup or Attempt(current=State(backups=fresh), log=self.log, name="backup")
        self.restore_attempt = restore or Attempt(log=self.log, name="restore")
        self.backup_attempt.log = self.restore_attempt.log = self.log
        self.rows, self.listed_tasks, self.unread = list(rows), list(tasks), unread
        self.redactor = self.backup_attempt.redactor

    def backup(self, _case):
        """Return the attempt at a backup."""
        return self.backup_attempt

    def restore(self, _case):
        """Return the attempt at a restore."""
        return self.restore_attempt

    def client(self, _case):
        """Return the client of a site, which is this object."""
        return self

    def install(self, id):
        """Return the next row if it has this id. The last row is returned repeatedly."""
        if self.unread:
            raise self.unread
        found = self.rows.pop(0) if len(self.rows) > 1 else self.rows[0] if self.rows else None
        return found if found and found["id"] == id else None

    def installs(self):
        """Return all rows."""
        return self.rows

    def tasks(self):
        """Return the tasks."""
        return self.listed_tasks


class Journal:
    """Adds the transitions to the log of the server."""

    def __init__(self, log):
        self.log = log

    def note(self, event, _case):
        """Log a transition."""
        self.log.append("note " + event)


def run_site(server, update, checks, rollback=False, begun=None, clock=None, time_box=900):
    """Run one site through its stages and return its case.

    Arguments:
        checks: the result of each health check.
    """
    entry = case(options=PLAIN._replace(rollback=rollback), begun=begun)
    update.log, update.name = server.log, "update"
    tools = Tools(server, Journal(server.log), lambda _url, _health, _baseline: checks.pop(0), clock or Clock(), time_box)
    SiteRun(entry, update, tools).go()
    return entry


def updated(version="6.5.5"):
    """Return a successful attempt at an update."""
    return Attempt(current=State(row=row(0, version)))


def failing(message="upgrade: no", left=("upgrade",)):
    """Return a failing attempt at an update. C(left) has the steps that remain after the failure."""
    return Attempt(error=TaskError(message), current=State(row=row(0)), left=left)


def test_stages_order_and_journal():
    server = Server()
    entry = run_site(server, updated(), [GOOD, GOOD])
    assert (entry.verdict, entry.reason, entry.version_after, entry.backup["id"], entry.changed) == ("updated", "healthy", "6.5.5", "b", True)
    assert server.log == ["note backup", "backup", "note update", "update", "note verdict"]


def test_site_down_before_update_skipped():
    server = Server()
    entry = run_site(server, updated(), [WORSE])
    assert (entry.verdict, entry.reason, entry.changed) == ("skipped", "down_before", False)
    assert server.log == ["note verdict"]


def test_site_down_after_interrupted_run_needs_attention():
    begun = {"version_before": "6.4.0", "backup": {"id": "old", "version": "6.4.0"}, "before": GOOD}
    entry = run_site(Server(), updated(), [WORSE], begun=begun)
    assert (entry.verdict, entry.reason, entry.version_before) == ("attention", "interrupted", "6.4.0")
    assert "id: old (version 6.4.0)" in entry.message and "HTTP status 500" in entry.message


@pytest.mark.parametrize(("attempt", "message"), [
    (Attempt(error=TaskError("disk full")), "disk full"),
    (Attempt(current=State(backups=[])), "does not list it"),
    (Attempt(current=State(backups=[{"id": "n", "cache-archive": "0", "version": "6.4.3"}])), "empty"),
    (Attempt(current=State(backups=[{"id": "n", "cache-archive": "5", "version": "6.0"}])), "contains another version"),
    (Attempt(current=State(backups=[{"id": "o", "cache-archive": "5", "version": "6.4.3"}]), older=[{"id": "o"}]), "does not list it"),
])
def test_site_without_verified_backup_skipped(attempt, message):
    server = Server(backup=attempt)
    entry = run_site(server, updated(), [GOOD])
    assert (entry.verdict, entry.reason) == ("skipped", "no_backup") and message in entry.message
    assert "update" not in server.log


def test_backup_newest_is_verified():
    fresh = [{"id": "n", "cache-archive": "0", "version": "1"}, {"id": "m", "cache-archive": "5", "version": "1"}]
    with pytest.raises(TaskError, match="empty"):
        made_backup(Attempt(current=State(backups=fresh)), "1")


@pytest.mark.parametrize(("update", "server", "after", "rollback", "expected"), [
    (failing(), Server(rows=[row(0)]), GOOD, True, ("failed", "update_failed")),
    (failing(), Server(rows=[row(0, "6.5.5")]), GOOD, False, ("attention", "rollback_not_allowed")),
    (failing(left=()), Server(rows=[row(0, "6.5.5")]), GOOD, False, ("updated", "healthy")),
    (failing(left=()), Server(rows=[row(0, "6.5.5")]), WORSE, False, ("attention", "rollback_not_allowed")),
    (failing(), Server(rows=[row(0)]), WORSE, False, ("attention", "rollback_not_allowed")),
    (updated(), Server(), WORSE, False, ("attention", "rollback_not_allowed")),
    (failing(), Server(rows=[]), GOOD, True, ("attention", "unknown")),
    (failing(), Server(unread=ItronError("no answer")), GOOD, True, ("attention", "unknown")),
    (failing(), Server(rows=[row(0)], tasks=[{"status": "processing", "install": "0"}]), GOOD, True, ("attention", "still_running")),
    (failing(), Server(rows=[row(0)], tasks=[{"status": "processing", "url": "https://s0.example/"}]), WORSE, True, ("attention", "still_running")),
    (failing(), Server(rows=[row(0)], tasks=[{"status": "complete", "install": "0"}]), GOOD, True, ("failed", "update_failed")),
])
def test_verdict_after_update(update, server, after, rollback, expected):
    entry = run_site(server, update, [GOOD, after], rollback)
    assert (entry.verdict, entry.reason) == expected
    assert "restore" not in server.log
    assert ("To roll back: itron_backup with state: restored, id: b (version 6.4.3)" in entry.message) is (expected[0] == "attention")


def test_rollback_after_regression():
    server = Server(rows=[row(0, id="new")])
    entry = run_site(server, updated(), [GOOD, WORSE, GOOD], rollback=True)
    assert (entry.verdict, entry.reason, entry.version_after, entry.id) == ("rolled_back", "regression", "6.4.3", "new")
    assert "HTTP status 500" in entry.message
    assert server.log[-4:] == ["update", "note restore", "restore", "note verdict"]


@pytest.mark.parametrize(("restore", "rows", "after", "words"), [
    (Attempt(error=ItronError("no way back")), [row(0)], GOOD, "no way back"),
    (None, [row(0, "6.5.5")], GOOD, "the version is 6.5.5 instead of 6.4.3"),
    (None, [], GOOD, "the version is unknown instead of 6.4.3"),
    (None, [row(0)], WORSE, "/: HTTP status 500"),
])
def test_rollback_failed(restore, rows, after, words):
    entry = run_site(Server(restore=restore, rows=rows), updated(), [GOOD, WORSE, after], rollback=True)
    assert (entry.verdict, entry.reason) == ("attention", "rollback_failed")
    assert "After the rollback: %s" % words in entry.message and "To roll back: " in entry.message


def test_rollback_not_after_time_box():
    clock = Clock()

    class Slow(Attempt):
        """An update that takes a minute."""

        def carry_out(self):
            """Advance the clock."""
            super().carry_out()
            clock.time += 60

    server = Server()
    entry = run_site(server, Slow(current=State(row=row(0, "6.5.5"))), [GOOD, WORSE], rollback=True, clock=clock, time_box=59)
    assert (entry.verdict, entry.reason, entry.seconds) == ("attention", "time_box_over", 60.0)
    assert "restore" not in server.log


def test_is_at_work_ignores_other_sites():
    assert not is_at_work([{"status": "processing", "install": "1", "url": "http://other.example"}], "0", case().key)
    assert is_at_work([{"status": "processing", "install": "0"}], "0", case().key)


def test_joined_sentences():
    assert joined(("One.", "", "two", "three.")) == "One. two. three"
