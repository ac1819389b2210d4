# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups: ages, retention and steps; options that do not fit together; what counts as proof."""

import itertools

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._backup.find import at_target, backups_of, find_backup, restored_row, siblings
from ansible_collections.hostops.installatron.plugins.module_utils._backup.plan import (
    CurrentBackup,
    CurrentPresent,
    CurrentRestored,
    NoBackup,
    age_seconds,
    made,
    needs_backup,
    plan_absent,
    plan_present,
    plan_restored,
    surplus,
    youngest_first,
)
from ansible_collections.hostops.installatron.plugins.module_utils._backup.work import OPERATION, backup_work
from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError, ItronError, TaskError
from ansible_collections.hostops.installatron.plugins.module_utils._core.plan import NOTHING, Step
from ansible_collections.hostops.installatron.plugins.module_utils._wire.client import Client

NOW, DAY = 1700000000, 86400
URL = "http://a.example"
SITE = {"id": "site", "url": URL, "version": "6.4.3", "installer": "wordpress"}


def options(**given):
    """Return a task's options with their defaults."""
    params = dict.fromkeys(OPERATION.spec.options)
    params.update({name: option["default"] for name, option in OPERATION.spec.options.items() if "default" in option})
    return dict(params, **given)


def desired(state="present", **given):
    """Return the desired state in options."""
    if state == "present":
        given = dict({"install": "site"}, **given)
    return work(None, state=state, **given).desired


def work(server, **given):
    """Return the work of a task."""
    return backup_work(server, options(**given))


def row(id, days=0, **more):
    """Return a row of C(backups) of some age."""
    return dict({"id": id, "backup-install": "site", "url": URL, "version": "6.4.3", "backup-time": str(NOW - days * DAY),
                 "backup-filename": "%s.tar.gz" % id, "cache-archive": "10"}, **more)


def current(*rows):
    """Return SITE with these backups."""
    return CurrentPresent(SITE, youngest_first(rows), NOW)


def one_of(backup, *others):
    """Return a backup that is listed, and others."""
    return CurrentBackup(backup, youngest_first([backup, *others]))


def to_restore(backup, **more):
    """Return a backup and what is where it is restored to; that is SITE unless said otherwise."""
    values = dict({"install": SITE, "occupant": None, "tasks": frozenset()}, **more)
    return CurrentRestored(backup=backup, backups=[backup], **values)


class Server(Client):
    """A client of a server that has what it is given."""

    def __init__(self, installs=(), backups=(), tasks=()):
        self.rows = {"installs": list(installs), "backups": list(backups), "tasks": list(tasks)}

    def installs(self, q=None, id=None):
        return [row for row in self.rows["installs"] if id in (None, row["id"]) and (q or "") in row["url"]]

    def backups(self, pid=None, id=None):
        return [row for row in self.rows["backups"] if id in (None, row["id"])]

    def tasks(self):
        return self.rows["tasks"]


@pytest.mark.parametrize(("text", "seconds"), [("30m", 1800), ("24h", 86400), (" 7D ", 7 * DAY), ("2 w", 14 * DAY), ("1m", 60)])
def test_age(text, seconds):
    assert age_seconds(text, "max_age") == seconds


@pytest.mark.parametrize("text", ["", "24", "h", "0h", "-1d", "1.5d", "1y", "1d2h", "day"])
def test_no_age(text):
    with pytest.raises(InputError, match=r"^max_age: .* is no age"):
        age_seconds(text, "max_age")


def test_of_one_second_the_later_in_the_list_is_the_younger():
    rows = [row("a", 1), row("b", 2), row("c", 1)]
    assert [item["id"] for item in youngest_first(rows)] == ["c", "a", "b"]
    assert made({}) is None and made({"backup-time": "0"}) is None


@pytest.mark.parametrize(("given", "rows", "needed"), [
    ({}, [], True), ({}, [row("a", 900)], False), ({"force": True}, [row("a")], True),
    ({"max_age": "1d"}, [row("a", 1)], False), ({"max_age": "1d"}, [row("a", 1.001)], True),
    ({"max_age": "1d"}, [row("a", 9), row("b", 0.5)], False), ({"max_age": "1d"}, [row("a", -3)], False),
    ({"max_age": "1d"}, [row("a", **{"backup-time": ""})], True)])
def test_needs_backup(given, rows, needed):
    assert needs_backup(desired(**given), current(*rows)) is needed


@pytest.mark.parametrize(("keep", "count", "new"), list(itertools.product((1, 2, 3, 7), range(6), (True, False))))
def test_retention_keeps_the_youngest_and_never_removes_the_last_one(keep, count, new):
    if not new and not count:
        return
    rows = [row(str(age), age) for age in range(count)]
    removed = surplus(desired(keep=keep), current(*rows), new)
    left = [item for item in current(*rows).backups if item not in removed]
    assert len(left) + new == min(keep, count + new) >= 1
    assert [item["id"] for item in left] == [str(age) for age in range(len(left))]
    assert [item["id"] for item in removed] == [str(age) for age in reversed(range(len(left), count))]


def test_retention_leaves_backups_of_unknown_age():
    rows = [row("a", 1), row("b", 2), row("unknown", **{"backup-time": None})]
    assert [item["id"] for item in surplus(desired(keep=1), current(*rows), False)] == ["b"]


def test_without_keep_nothing_is_removed():
    assert surplus(desired(), current(row("a", 1), row("b", 2)), True) == []


def test_a_new_backup_comes_before_what_is_removed():
    plan = plan_present(desired(max_age="1d", keep=2, expiry="30"), current(row("a", 4), row("b", 3), row("c", 2)))
    assert plan.steps == (Step("backup", {"id": "site", "expiry": "30"}), Step("delete", {"id": "a"}), Step("delete", {"id": "b"}))
    assert plan.before == {"install": "site", "url": URL, "backups": ["c", "b", "a"]}
    assert plan.after == {"install": "site", "url": URL, "backups": ["(new)", "c"], "expiry": "30"}
    assert plan_present(desired(max_age="3d", keep=3), current(row("c", 2))) == NOTHING


@pytest.mark.parametrize("force", [False, True])
def test_the_last_backup_is_not_removed(force):
    with pytest.raises(ItronError, match="the last one is never removed") as caught:
        plan_absent(desired("absent", id="a", force=force), one_of(row("a")))
    assert caught.value.stage == "plan"
    plan = plan_absent(desired("absent", id="a", force=force), one_of(row("a", 1), row("b")))
    assert plan.steps == (Step("delete", {"id": "a", "force": "yes"} if force else {"id": "a"}),)


def test_a_restore_elsewhere_names_the_place():
    asked = desired("restored", id="a", url="HTTP://B.example/", db_name="n", db_pass="secret-word", db="manual")
    plan = plan_restored(asked, to_restore(row("a"), install=None))
    assert plan.steps == (Step("restore", {"id": "a", "url": "http://b.example", "db_name": "n", "db_pass": "secret-word", "db": "manual"}),)
    assert "secret-word" not in str(plan.after) and plan.before == {}


def test_nothing_of_another_application_is_overwritten():
    for given, option in (({"id": "a"}, "id"), ({"file": "a.tar.gz"}, "file"), ({"id": "a", "url": URL}, "url")):
        with pytest.raises(ItronError, match=r"^%s: joomla .*nothing is overwritten" % option):
            plan_restored(desired("restored", **given), to_restore(row("a"), occupant=dict(SITE, installer="joomla")))


@pytest.mark.parametrize(("given", "own", "other"), [
    ({}, None, None), ({}, {"id": "site", "url": URL}, None), ({}, {"id": "site", "url": "https://a.example/"}, None),
    ({}, {"id": "site", "url": "http://moved.example"}, None), ({}, None, {"id": "x", "url": URL}),
    ({}, {"id": "site", "url": "http://moved.example"}, {"id": "x", "url": URL}), ({"url": "http://b.example"}, None, None),
    ({"url": "http://b.example"}, None, {"id": "x", "url": "https://b.example"}), ({"url": URL}, None, {"id": "site", "url": URL})])
def test_where_a_restore_goes(given, own, other):
    rows = [item for item in (own, other, {"id": "y", "url": "http://c.example"}) if item]
    assert at_target(rows, desired("restored", id="a", **given), row("a")) == (own, other)


def test_what_a_restore_brought_back():
    there, elsewhere = {"id": "site", "url": URL}, {"id": "new", "url": "http://b.example"}
    assert restored_row([elsewhere, there], desired("restored", id="a"), row("a")) == there
    assert restored_row([elsewhere, there], desired("restored", id="a", url="http://b.example"), row("a")) == elsewhere
    assert restored_row([{"id": "other", "url": URL}], desired("restored", id="a"), row("a"))["id"] == "other"
    assert restored_row([elsewhere], desired("restored", id="a"), row("a")) is None


@pytest.mark.parametrize("given", [
    {"keep": 0}, {"max_age": "soon"}, {"install": " "}, {"install": None, "state": "absent", "id": "latest"},
    {"install": None, "state": "restored", "id": "latest"}, {"state": "absent", "id": "a", "max_age": "1d"}, {"path": "x"}, {"db": "manual"},
    {"state": "restored", "id": "a", "force": True}, {"state": "imported", "install": None, "path": "x", "user": None},
    {"state": "imported", "install": None, "path": "x/", "user": "alice"}, {"state": "imported", "path": "x", "user": "alice"},
    {"state": "restored", "id": "a", "url": "ftp://a.example"}, {"url_ip": "127.0.0.1"}, {"expiry": ""}])
def test_options_that_do_not_fit_are_refused(given):
    with pytest.raises(InputError, match=r"^\w+: "):
        work(None, **dict({"install": "site"}, **given))


def test_backups_are_found_by_id_file_and_age():
    rows = [row("a", 3), row("b", 2), row("x", 1, **{"backup-install": "other", "url": "http://x.example"})]
    server = Server([SITE], rows)
    assert [item["id"] for item in backups_of(server, "site")] == ["b", "a"]
    assert find_backup(server, desired("restored", install="site", id="latest").name)["id"] == "b"
    assert find_backup(server, desired("restored", install="https://a.example/", id="latest").name)["id"] == "b"
    assert find_backup(server, desired("absent", file="x.tar.gz").name)["id"] == "x"
    assert find_backup(server, desired("absent", id="nothing").name) is None
    assert find_backup(server, desired("absent", install="site", file="x.tar.gz").name) is None
    with pytest.raises(InputError, match="^id: the backup x was made of http://x.example"):
        find_backup(server, desired("absent", install="site", id="x").name)


def test_what_does_not_say_whose_it_is_belongs_to_its_url():
    # A server that ignores pid and does not name the application: retention must not reach the backups of others.
    rows = [row(id, **{"backup-install": None, "url": url}) for id, url in (("a", "https://a.example/"), ("x", "http://x.example"))]
    server = Server([SITE], rows + [row("b", 1)])
    assert {item["id"] for item in backups_of(server, "site", URL)} == {"a", "b"}
    assert {item["id"] for item in backups_of(server, "site")} == {"b"}
    assert [item["id"] for item in work(server, install="site").read().backups] == ["a", "b"]


def test_backups_of_what_is_not_installed_any_more_are_found_by_its_url():
    server = Server([], [row("a", 3), row("b", 2)])
    assert find_backup(server, desired("restored", install="http://a.example", id="latest").name)["id"] == "b"
    assert find_backup(server, desired("restored", install="http://b.example", id="latest").name) is None


def test_a_file_that_two_backups_have_is_refused():
    server = Server([SITE], [row("a"), row("b", **{"backup-filename": "a.tar.gz"})])
    with pytest.raises(InputError, match="^file: 2 backups have this file: .*a"):
        find_backup(server, desired("absent", file="a.tar.gz").name)


def test_siblings_where_the_server_does_not_say_which_application_it_was():
    rows = [row("a", **{"backup-install": None}), row("b", **{"backup-install": None, "url": "https://a.example"}), row("x", url="http://x.example")]
    assert {item["id"] for item in siblings(Server([], rows), rows[0])} == {"a", "b"}


@pytest.mark.parametrize(("rows", "words"), [
    ([row("a", 2)], "no new backup is listed"), ([row("a", 2), row("b", **{"cache-archive": "0"})], "the archive of the new backup b is empty")])
def test_a_backup_is_not_proven(rows, words):
    asked = work(Server([SITE], rows), install="site", keep=1)
    with pytest.raises(TaskError, match=words):
        asked.verify(Step("backup", {"id": "site"}), current(row("a", 2)))
    assert not asked.is_applied(Step("backup", {"id": "site"}), current(row("a", 2)))


def test_a_backup_is_proven():
    asked = work(Server([SITE], [row("a", 2), row("b")]), install="site", keep=1)
    asked.verify(Step("backup", {"id": "site"}), current(row("a", 2)))
    assert asked.is_applied(Step("backup", {"id": "site"}), current(row("a", 2)))
    # Nothing has to be proven between two removals.
    asked.verify(Step("delete", {"id": "a"}), current(row("a", 2)))


def test_a_backup_that_is_still_listed_was_not_removed():
    asked = work(Server([SITE], [row("a", 2), row("b")]), state="absent", id="a")
    found = one_of(row("a", 2), row("b"))
    with pytest.raises(TaskError, match="the backup a is still listed"):
        asked.read_again(asked.plan(found), found, None)


@pytest.mark.parametrize(("installs", "words"), [([], "the application is not listed"), ([dict(SITE, version="6.5.5")], "version 6.5.5 is installed")])
def test_a_restore_is_not_proven(installs, words):
    asked, found = work(Server(installs), state="restored", id="a"), to_restore(row("a"))
    with pytest.raises(TaskError, match=words):
        asked.read_again(asked.plan(found), found, None)
    assert not asked.finished(Step("restore", {"id": "a"}), found)


def test_a_lost_restore_of_what_looks_the_same_is_proven_by_its_task_only():
    step, found = Step("restore", {"id": "a"}), to_restore(row("a"), tasks=frozenset(("1",)))
    old, mine = ({"id": id, "cmd": "restore", "install": "site", "url": URL, "status": "complete"} for id in ("1", "2"))
    other = {"id": "3", "cmd": "restore", "install": "x", "url": "http://x.example"}
    asked = work(Server([SITE], tasks=[old, other]), state="restored", id="a")
    assert not asked.is_applied(step, found) and asked.finished(step, found)
    assert asked.running(step, found) is None and not asked.moved(found, asked.look(step, found))
    asked = work(Server([SITE], tasks=[old, mine, other]), state="restored", id="a")
    assert asked.running(step, found) == mine and asked.moved(found, asked.look(step, found))


def test_an_archive_under_another_name_is_told():
    asked = work(Server([], [row("a")]), state="imported", path="up/b.tar.gz", user="alice")
    before = NoBackup([])
    plan = asked.plan(before)
    after = asked.read_again(plan, before, None)
    assert after.backup["id"] == "a"
    assert asked.shortfall(plan, after) == ["path: the server lists the archive as a.tar.gz; the next run will try to import it again"]
    assert asked.running(plan.steps[0], before) is None


def test_prediction_says_what_is_known():
    asked = work(None, install="site", max_age="1d", keep=2, expiry="30")
    found = current(row("a", 4), row("b", 3))
    after = asked.predict(asked.plan(found), found)
    assert [item.get("id") for item in after.backups] == [None, "b"] and after.backup["backup-install"] == "site"
    asked = work(None, state="absent", id="a")
    found = one_of(row("a", 4), row("b", 3))
    after = asked.predict(asked.plan(found), found)
    assert after.backup is None and [item["id"] for item in after.backups] == ["b"]
    asked = work(None, state="restored", id="a", url="http://b.example")
    found = to_restore(row("a"), install=None)
    assert asked.predict(asked.plan(found), found).install["url"] == "http://b.example"
    asked = work(None, state="imported", path="up/b.tar.gz", user="alice")
    assert asked.predict(asked.plan(NoBackup([])), NoBackup([])).backup == {"backup-filename": "b.tar.gz"}
    found = one_of(row("b"))
    assert asked.plan(found) == NOTHING and asked.predict(NOTHING, found) == found


def test_what_is_read_of_an_installed_application():
    found = work(Server([SITE], [row("a", 3), row("b", 2)]), install="site").read()
    assert (found.install, found.backup["id"]) == (SITE, "b")
    with pytest.raises(InputError, match="^install: the server has no installed application nothing"):
        work(Server(), install="nothing").read()


def test_what_is_read_of_a_backup():
    server = Server([SITE, {"id": "y", "url": "http://y.example"}], [row("a", 3), row("b", 2)], [{"id": "7"}])
    found = work(server, state="absent", id="a").read()
    assert (found.backup["id"], [item["id"] for item in found.backups]) == ("a", ["b", "a"])
    found = work(server, state="absent", id="c").read()
    assert found == NoBackup([])
    found = work(server, state="restored", id="a").read()
    assert (found.install, found.tasks, found.occupant) == (SITE, frozenset("7"), None)
    assert work(server, state="restored", id="a", url="http://y.example").read().occupant["id"] == "y"
    with pytest.raises(InputError, match="^id: the server has no backup latest of http://c.example for this user"):
        work(server, state="restored", install="http://c.example", id="latest").read()
    with pytest.raises(InputError, match="^file: the server has no backup c for this user"):
        work(server, state="restored", file="c").read()


def test_what_is_read_of_an_archive():
    server = Server([], [row("a", 3)])
    assert work(server, state="imported", path="up/a.tar.gz", user="alice").read().backup["id"] == "a"
    asked = work(server, state="imported", path="up/b.tar.gz", user="alice")
    found = asked.read()
    assert found.backup is None
    with pytest.raises(TaskError, match="importbackup: the server reported success, but the backup is not listed"):
        asked.read_again(asked.plan(found), found, None)


def test_steps_whose_answer_got_lost_are_found_among_the_tasks():
    task = {"id": "1", "cmd": "backup", "install": "site", "url": URL, "status": "processing"}
    asked = work(Server([SITE], [], [task]), install="site")
    assert asked.running(Step("backup", {"id": "site"}), current()) == task
    assert asked.running(Step("delete", {"id": "a"}), current()) is None
    asked = work(Server([SITE], [], [dict(task, cmd="delete")]), state="absent", id="a")
    assert asked.running(Step("delete", {"id": "a"}), one_of(row("a")))["id"] == "1"


def test_what_moved():
    asked = work(None, install="site")
    assert asked.moved(current(row("a")), current(row("a"), row("b"))) and not asked.moved(current(row("a")), current(row("a", 1)))
    asked = work(None, state="restored", id="a")
    assert asked.moved(to_restore(row("a")), to_restore(row("a"), install=None)) and not asked.moved(to_restore(row("a")), to_restore(row("a")))
