# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups: ages, retention, steps, options that are refused, and the verification of results."""

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
    """Return the options of a task, including defaults."""
    params = dict.fromkeys(OPERATION.spec.options)
    params.update({name: option["default"] for name, option in OPERATION.spec.options.items() if "default" in option})
    return dict(params, **given)


def desired(state="present", **given):
    """Return the desired state of a task with some options."""
    if state == "present":
        given = dict({"install": "site"}, **given)
    return work(None, state=state, **given).desired


def work(server, **given):
    """Return the work object of a task."""
    return backup_work(server, options(**given))


def row(id, days=0, **more):
    """Return a row of C(backups) with an age in days."""
    return dict({"id": id, "backup-install": "site", "url": URL, "version": "6.4.3", "backup-time": str(NOW - days * DAY),
                 "backup-filename": "%s.tar.gz" % id, "cache-archive": "10"}, **more)


def current(*rows):
    """Return the current state: SITE with some backups."""
    return CurrentPresent(SITE, youngest_first(rows), NOW)


def one_of(backup, *others):
    """Return the current state of a backup among others of the same site."""
    return CurrentBackup(backup, youngest_first([backup, *others]))


def to_restore(backup, **more):
    """Return the current state of a backup and its restore target, which is SITE by default."""
    values = dict({"install": SITE, "occupant": None, "tasks": frozenset()}, **more)
    return CurrentRestored(backup=backup, backups=[backup], **values)


class Server(Client):
    """A client of a server with the given lists."""

    def __init__(self, installs=(), backups=(), tasks=()):
        self.rows = {"installs": list(installs), "backups": list(backups), "tasks": list(tasks)}

    def installs(self, q=None, id=None):
        return [row for row in self.rows["installs"] if id in (None, row["id"]) and (q or "") in row["url"]]

    def backups(self, pid=None, id=None):
        return [row for row in self.rows["backups"] if id in (None, row["id"])]

    def tasks(self):
        return self.rows["tasks"]


@pytest.mark.parametrize(("text", "seconds"), [("30m", 1800), ("24h", 86400), (" 7D ", 7 * DAY), ("2 w", 14 * DAY), ("1m", 60)])
def test_age_seconds(text, seconds):
    assert age_seconds(text, "max_age") == seconds


@pytest.mark.parametrize("text", ["", "24", "h", "0h", "-1d", "1.5d", "1y", "1d2h", "day"])
def test_age_seconds_invalid(text):
    with pytest.raises(InputError, match=r"^max_age: .* is not an age"):
        age_seconds(text, "max_age")


def test_youngest_first_same_second():
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
def test_retention_keeps_newest_and_last(keep, count, new):
    if not new and not count:
        return
    rows = [row(str(age), age) for age in range(count)]
    removed = surplus(desired(keep=keep), current(*rows), new)
    left = [item for item in current(*rows).backups if item not in removed]
    assert len(left) + new == min(keep, count + new) >= 1
    assert [item["id"] for item in left] == [str(age) for age in range(len(left))]
    assert [item["id"] for item in removed] == [str(age) for age in reversed(range(len(left), count))]


def test_retention_ignores_unknown_age():
    rows = [row("a", 1), row("b", 2), row("unknown", **{"backup-time": None})]
    assert [item["id"] for item in surplus(desired(keep=1), current(*rows), False)] == ["b"]


def test_retention_without_keep():
    assert surplus(desired(), current(row("a", 1), row("b", 2)), True) == []


def test_present_backup_before_deletes():
    plan = plan_present(desired(max_age="1d", keep=2, expiry="30"), current(row("a", 4), row("b", 3), row("c", 2)))
    assert plan.steps == (Step("backup", {"id": "site", "expiry": "30"}), Step("delete", {"id": "a"}), Step("delete", {"id": "b"}))
    assert plan.before == {"install": "site", "url": URL, "backups": ["c", "b", "a"]}
    assert plan.after == {"install": "site", "url": URL, "backups": ["(new)", "c"], "expiry": "30"}
    assert plan_present(desired(max_age="3d", keep=3), current(row("c", 2))) == NOTHING


@pytest.mark.parametrize("force", [False, True])
def test_absent_last_backup_refused(force):
    with pytest.raises(ItronError, match="the last backup is never removed") as caught:
        plan_absent(desired("absent", id="a", force=force), one_of(row("a")))
    assert caught.value.stage == "plan"
    plan = plan_absent(desired("absent", id="a", force=force), one_of(row("a", 1), row("b")))
    assert plan.steps == (Step("delete", {"id": "a", "force": "yes"} if force else {"id": "a"}),)


def test_restore_to_other_url():
    asked = desired("restored", id="a", url="HTTP://B.example/", db_name="n", db_pass="secret-word", db="manual")
    plan = plan_restored(asked, to_restore(row("a"), install=None))
    assert plan.steps == (Step("restore", {"id": "a", "url": "http://b.example", "db_name": "n", "db_pass": "secret-word", "db": "manual"}),)
    assert "secret-word" not in str(plan.after) and plan.before == {}


def test_restore_over_other_application_refused():
    for given, option in (({"id": "a"}, "id"), ({"file": "a.tar.gz"}, "file"), ({"id": "a", "url": URL}, "url")):
        with pytest.raises(ItronError, match=r"^%s: joomla .*nothing is overwritten" % option):
            plan_restored(desired("restored", **given), to_restore(row("a"), occupant=dict(SITE, installer="joomla")))


@pytest.mark.parametrize(("given", "own", "other"), [
    ({}, None, None), ({}, {"id": "site", "url": URL}, None), ({}, {"id": "site", "url": "https://a.example/"}, None),
    ({}, {"id": "site", "url": "http://moved.example"}, None), ({}, None, {"id": "x", "url": URL}),
    ({}, {"id": "site", "url": "http://moved.example"}, {"id": "x", "url": URL}), ({"url": "http://b.example"}, None, None),
    ({"url": "http://b.example"}, None, {"id": "x", "url": "https://b.example"}), ({"url": URL}, None, {"id": "site", "url": URL})])
def test_restore_target(given, own, other):
    rows = [item for item in (own, other, {"id": "y", "url": "http://c.example"}) if item]
    assert at_target(rows, desired("restored", id="a", **given), row("a")) == (own, other)


def test_restored_row():
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
def test_options_refused(given):
    with pytest.raises(InputError, match=r"^\w+: "):
        work(None, **dict({"install": "site"}, **given))


def test_find_backup():
    rows = [row("a", 3), row("b", 2), row("x", 1, **{"backup-install": "other", "url": "http://x.example"})]
    server = Server([SITE], rows)
    assert [item["id"] for item in backups_of(server, "site")] == ["b", "a"]
    assert find_backup(server, desired("restored", install="site", id="latest").name)["id"] == "b"
    assert find_backup(server, desired("restored", install="https://a.example/", id="latest").name)["id"] == "b"
    assert find_backup(server, desired("absent", file="x.tar.gz").name)["id"] == "x"
    assert find_backup(server, desired("absent", id="nothing").name) is None
    assert find_backup(server, desired("absent", install="site", file="x.tar.gz").name) is None
    with pytest.raises(InputError, match="^id: the backup x belongs to http://x.example"):
        find_backup(server, desired("absent", install="site", id="x").name)


def test_backups_without_install_id_matched_by_url():
    # The server ignores pid and does not name the application. Retention must not remove backups of other sites.
    rows = [row(id, **{"backup-install": None, "url": url}) for id, url in (("a", "https://a.example/"), ("x", "http://x.example"))]
    server = Server([SITE], rows + [row("b", 1)])
    assert {item["id"] for item in backups_of(server, "site", URL)} == {"a", "b"}
    assert {item["id"] for item in backups_of(server, "site")} == {"b"}
    assert [item["id"] for item in work(server, install="site").read().backups] == ["a", "b"]


def test_find_backup_of_removed_application():
    server = Server([], [row("a", 3), row("b", 2)])
    assert find_backup(server, desired("restored", install="http://a.example", id="latest").name)["id"] == "b"
    assert find_backup(server, desired("restored", install="http://b.example", id="latest").name) is None


def test_find_backup_ambiguous_file():
    server = Server([SITE], [row("a"), row("b", **{"backup-filename": "a.tar.gz"})])
    with pytest.raises(InputError, match="^file: 2 backups have this file: .*a"):
        find_backup(server, desired("absent", file="a.tar.gz").name)


def test_siblings_without_install_id():
    rows = [row("a", **{"backup-install": None}), row("b", **{"backup-install": None, "url": "https://a.example"}), row("x", url="http://x.example")]
    assert {item["id"] for item in siblings(Server([], rows), rows[0])} == {"a", "b"}


@pytest.mark.parametrize(("rows", "words"), [
    ([row("a", 2)], "no new backup is listed"), ([row("a", 2), row("b", **{"cache-archive": "0"})], "the archive of the new backup b is empty")])
def test_backup_not_verified(rows, words):
    asked = work(Server([SITE], rows), install="site", keep=1)
    with pytest.raises(TaskError, match=words):
        asked.verify(Step("backup", {"id": "site"}), current(row("a", 2)))
    assert not asked.is_applied(Step("backup", {"id": "site"}), current(row("a", 2)))


def test_backup_verified():
    asked = work(Server([SITE], [row("a", 2), row("b")]), install="site", keep=1)
    asked.verify(Step("backup", {"id": "site"}), current(row("a", 2)))
    assert asked.is_applied(Step("backup", {"id": "site"}), current(row("a", 2)))
    # Between two removals, no verification is needed.
    asked.verify(Step("delete", {"id": "a"}), current(row("a", 2)))


def test_absent_backup_still_listed():
    asked = work(Server([SITE], [row("a", 2), row("b")]), state="absent", id="a")
    found = one_of(row("a", 2), row("b"))
    with pytest.raises(TaskError, match="the backup a is still listed"):
        asked.read_again(asked.plan(found), found, None)


@pytest.mark.parametrize(("installs", "words"), [([], "the application is not listed"), ([dict(SITE, version="6.5.5")], "version 6.5.5 is installed")])
def test_restore_not_verified(installs, words):
    asked, found = work(Server(installs), state="restored", id="a"), to_restore(row("a"))
    with pytest.raises(TaskError, match=words):
        asked.read_again(asked.plan(found), found, None)
    assert not asked.finished(Step("restore", {"id": "a"}), found)


def test_restore_lost_answer_verified_by_task():
    step, found = Step("restore", {"id": "a"}), to_restore(row("a"), tasks=frozenset(("1",)))
    old, mine = ({"id": id, "cmd": "restore", "install": "site", "url": URL, "status": "complete"} for id in ("1", "2"))
    other = {"id": "3", "cmd": "restore", "install": "x", "url": "http://x.example"}
    asked = work(Server([SITE], tasks=[old, other]), state="restored", id="a")
    assert not asked.is_applied(step, found) and asked.finished(step, found)
    assert asked.running(step, found) is None and not asked.moved(found, asked.look(step, found))
    asked = work(Server([SITE], tasks=[old, mine, other]), state="restored", id="a")
    assert asked.running(step, found) == mine and asked.moved(found, asked.look(step, found))


def test_import_under_other_name_warns():
    asked = work(Server([], [row("a")]), state="imported", path="up/b.tar.gz", user="alice")
    before = NoBackup([])
    plan = asked.plan(before)
    after = asked.read_again(plan, before, None)
    assert after.backup["id"] == "a"
    assert asked.shortfall(plan, after) == ["path: the server lists the archive as a.tar.gz; the next run tries to import it again"]
    assert asked.running(plan.steps[0], before) is None


def test_predict():
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


def test_read_for_install():
    found = work(Server([SITE], [row("a", 3), row("b", 2)]), install="site").read()
    assert (found.install, found.backup["id"]) == (SITE, "b")
    with pytest.raises(InputError, match="^install: the server has no installed application nothing"):
        work(Server(), install="nothing").read()


def test_read_for_backup():
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


def test_read_for_archive():
    server = Server([], [row("a", 3)])
    assert work(server, state="imported", path="up/a.tar.gz", user="alice").read().backup["id"] == "a"
    asked = work(server, state="imported", path="up/b.tar.gz", user="alice")
    found = asked.read()
    assert found.backup is None
    with pytest.raises(TaskError, match="importbackup: the server reported success, but the backup is not listed"):
        asked.read_again(asked.plan(found), found, None)


def test_running_task_of_step():
    task = {"id": "1", "cmd": "backup", "install": "site", "url": URL, "status": "processing"}
    asked = work(Server([SITE], [], [task]), install="site")
    assert asked.running(Step("backup", {"id": "site"}), current()) == task
    assert asked.running(Step("delete", {"id": "a"}), current()) is None
    asked = work(Server([SITE], [], [dict(task, cmd="delete")]), state="absent", id="a")
    assert asked.running(Step("delete", {"id": "a"}), one_of(row("a")))["id"] == "1"


def test_moved():
    asked = work(None, install="site")
    assert asked.moved(current(row("a")), current(row("a"), row("b"))) and not asked.moved(current(row("a")), current(row("a", 1)))
    asked = work(None, state="restored", id="a")
    assert asked.moved(to_restore(row("a")), to_restore(row("a"), install=None)) and not asked.moved(to_restore(row("a")), to_restore(row("a")))
