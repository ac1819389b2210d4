# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source against the sandbox: every kind of event, kills, outages, a full disk, a revoked key, and 10,000 sites."""

import json
import os
import shutil
import signal

import pytest
from event_runs import EventSource, assert_delivery
from harness import USER
from role_runs import call, install
from second_host import _path, _unshare, _works

HOSTS = ["one.example", "two.example"]
CANARY = "Canary-4711-secret"
# Moments at which a run with two events can be killed: around fsync, rename and fsync, and around the handing over of each event.
MOMENTS = 10


@pytest.fixture
def source(sandbox, tmp_path):
    """A function that returns an EventSource over an empty sandbox."""
    sandbox.reset()
    made = []

    def make(**options):
        made.append(EventSource(sandbox, tmp_path, **options))
        return made[-1]

    yield make
    for each in made:
        each.kill()


def seed(sandbox, count=1, **more):
    """Let sites appear; return their ids."""
    return sandbox.control("POST", "/seed", dict({"count": count, "version": "6.5.5"}, **more))["ids"]


# --- every kind -------------------------------------------------------------------------------------------------------

def test_the_life_of_a_site(sandbox, source):
    watch = source(backup_max_age="24h", backups_interval=0.05).start()
    watch.wait_for_turns(6)
    row = install(sandbox, "one.example", HOSTS, version="6.4.3", db_pass=CANARY, passwd=CANARY + "-2", sitetitle=CANARY)
    appeared, update, security, missing = watch.wait_for_events("site_appeared", "update_available", "security_release", "backup_missing")
    assert appeared["site"] == {"id": row["id"], "url": "http://one.example", "application": "wordpress", "version": "6.4.3", "user": USER}
    assert (update["version"], security["version"], security["installed"]) == ("6.5.5", "6.5.5", [{"version": "6.4.3", "count": 1}])
    assert [site["id"] for site in missing["sites"]] == [row["id"]]

    call(sandbox, "backup", HOSTS, id=row["id"], background="yes")
    finished, = watch.wait_for_events("task_finished")
    assert (finished["task"]["command"], finished["task"]["install"], finished["task"]["errcode"]) == ("backup", row["id"], None)
    sandbox.control("POST", "/backups", {"url": "http://one.example", "ages": [90000]})
    old, = watch.wait_for_events("backup_too_old")
    assert (old["max_age"], [site["url"] for site in old["sites"]]) == ("24h", ["http://one.example"])

    sandbox.control("POST", "/faults", {"command": "upgrade", "fault": "task_fails", "message": "Error: no access with %s" % CANARY})
    call(sandbox, "upgrade", HOSTS, id=row["id"], version="6.4.4", background="yes")
    failed, = watch.wait_for_events("task_failed")
    assert "no access with" in failed["task"]["message"]
    call(sandbox, "upgrade", HOSTS, id=row["id"], version="6.4.4")
    changed, = watch.wait_for_events("version_changed")
    assert (changed["from_version"], changed["site"]["version"]) == ("6.4.3", "6.4.4")

    sandbox.control("POST", "/settings", {"finished_tasks": "vanish", "task_seconds": 1})
    call(sandbox, "backup", HOSTS, id=row["id"], background="yes")
    lost, = watch.wait_for_events("task_lost")
    assert lost["task"]["command"] == "backup"
    call(sandbox, "uninstall", HOSTS, id=row["id"])
    gone, = watch.wait_for_events("site_disappeared")
    assert gone["site"]["id"] == row["id"]

    assert_delivery(watch.events)
    seen = [event["kind"] for event in watch.events]
    assert [seen.count(kind) for kind in ("site_appeared", "update_available", "security_release", "backup_missing")] == [1, 1, 1, 1]
    for text in (json.dumps(watch.events), watch.state_file.read_text(encoding="utf-8"), watch.log):
        assert CANARY not in text and sandbox.key not in text


def test_a_release_that_appears_is_reported_for_the_sites_that_lack_it(sandbox, source):
    seed(sandbox, 3)
    watch = source().start()
    watch.wait_for_turns(4)
    sandbox.control("POST", "/releases", {"appid": "wordpress", "version": "6.5.6", "tags": ["security"]})
    update, security = watch.wait_for_events("update_available", "security_release")
    assert (update["version"], update["count"], security["version"], security["count"]) == ("6.5.6", 3, "6.5.6", 3)
    # Nothing else was read for it than one page of the catalogue.
    assert [request["command"] for request in watch.requests() if request["command"] not in ("installs", "tasks", "backups")] == ["browser"]


# --- kills and trouble ------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("moment", range(1, MOMENTS + 1))
def test_a_kill_at_any_moment_loses_nothing(sandbox, source, moment):
    watch = source(events=["site_appeared"]).start()
    watch.wait_for_turns(3)
    watch.kill()
    ids = seed(sandbox, 2)
    # Every moment comes: a run that is not killed would not end.
    assert watch.start(kill_at=moment).ended() == -9
    before = len(watch.events)
    watch.start()
    watch.wait(lambda: {event["site"]["id"] for event in watch.events} == set(ids), "an event is lost")
    watch.wait_for_turns(3)
    assert_delivery(watch.events)
    # What may have arrived before the kill comes once more, and nothing more often than that.
    assert len(watch.events) <= before + 2
    assert before <= 2


def test_an_outage_of_the_server(sandbox, source):
    watch = source(events=["site_appeared"]).start()
    watch.wait_for_turns(3)
    sandbox.control("POST", "/faults", [{"command": "*", "fault": fault, "nth": 2 * place + 1, "times": 2}
                                        for place, fault in enumerate(("refuse", "html", "503", "cut_json"))])
    ids = seed(sandbox, 1)
    watch.wait_for_log("the source works again after 8 failures")
    appeared, = watch.wait_for_events("site_appeared")
    assert [appeared["site"]["id"], appeared["repeated"]] == [*ids, False]
    assert watch.log.count("next attempt in") == 8


def test_the_source_ends_at_once_while_it_waits_for_the_server(sandbox, source):
    watch = source(events=["site_appeared"], timeout=1000).start()
    watch.wait_for_turns(3)
    sandbox.control("POST", "/faults", {"command": "installs", "fault": "delay", "seconds": 200})
    watch.wait(lambda: sandbox.control("GET", "/faults")[0]["seen"], "no request waits")
    watch.process.send_signal(signal.SIGINT)
    # The request takes longer than the patience of this.
    watch.ended()


def test_the_command_line_of_the_server(sandbox, source):
    watch = source(events=["site_appeared"], transport="cli", cli_path=sandbox.ready["cli"]).start()
    watch.wait_for_turns(2)
    ids = seed(sandbox, 1)
    appeared, = watch.wait_for_events("site_appeared")
    assert ([appeared["site"]["id"]], appeared["server"]) == (ids, "cli")


def test_a_revoked_key_ends_the_source_and_a_new_one_goes_on(sandbox, source):
    watch = source(events=["site_appeared"]).start()
    watch.wait_for_turns(3)
    watch.kill()
    ids = seed(sandbox, 1)
    assert watch.start(key="revoked-" + CANARY).ended() != 0
    assert "refused the API key 3 times in a row; the source ends. Nothing is lost" in watch.log
    assert CANARY not in watch.log
    watch.start()
    appeared, = watch.wait_for_events("site_appeared")
    assert [appeared["site"]["id"]] == ids


def test_an_unreadable_state_file_ends_the_source(source):
    watch = source()
    watch.state_file.parent.mkdir()
    watch.state_file.write_text('{"format": "hostops.installatron events", "ver', encoding="utf-8")
    assert watch.start().ended() != 0
    assert "state_file: %s cannot be read" % watch.state_file in watch.log
    assert watch.requests() == []


def test_a_full_disk_holds_events_back(sandbox, source):
    if not shutil.which("unshare", path=_path()) or not _works([*_unshare(), "mount", "-t", "tmpfs", "tmpfs", "/mnt"]):
        pytest.skip("no small disk for this user: be root, or allow user namespaces (unshare and mount: apt-get install util-linux mount)")
    watch = source(events=["site_appeared"])
    watch.state_file.parent.mkdir()
    mount = "mount -t tmpfs -o size=64k tmpfs %s && exec \"$@\"" % watch.state_file.parent
    watch.start(prefix=[*_unshare(), "/bin/sh", "-c", mount, "sh"])
    watch.wait_for_turns(3)
    disk = "/proc/%d/root%s" % (watch.process.pid, watch.state_file.parent)
    filler = os.open(os.path.join(disk, "filler"), os.O_WRONLY | os.O_CREAT)
    with pytest.raises(OSError):
        while True:
            os.write(filler, b"\0" * 1024)
    os.close(filler)
    ids = seed(sandbox, 10)
    watch.wait_for_log("cannot be written: No space left on device")
    assert watch.events == []
    os.unlink(os.path.join(disk, "filler"))
    watch.wait_for_log("the source works again")
    watch.wait(lambda: [event["site"]["id"] for event in watch.events] == ids, "events are lost")
    assert not any(event["repeated"] for event in watch.events)


# --- size -------------------------------------------------------------------------------------------------------------

def test_ten_thousand_sites(sandbox, source):
    seed(sandbox, 10000, version=["6.4.1", "6.4.2", "6.5.5"])
    row = install(sandbox, "one.example", HOSTS, version="6.5.5")
    sandbox.control("DELETE", "/requests")
    watch = source(backup_max_age="24h", first_look="quiet").start()
    watch.wait_for_turns(24)
    commands = [request["command"] for request in watch.requests()]
    assert commands[:4] == ["installs", "browser", "backups", "installs"]
    assert commands[4:24] == ["tasks", "installs"] * 10
    assert watch.events == []
    # The passwords of all sites are looked for in what the server says of a task.
    sandbox.control("POST", "/faults", {"command": "backup", "fault": "task_fails"})
    call(sandbox, "backup", HOSTS, id=row["id"], background="yes")
    watch.wait_for_events("task_failed")
    watch.wait_for_turns(4)
    peak = watch.peak_memory()
    assert peak < 150, "%d MiB" % peak
    print("10,001 sites: %d MiB" % peak)
