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
# Moments at which a run with two events can be killed: before and after fsync, rename and fsync, and before and after each event is sent.
MOMENTS = 10


@pytest.fixture
def source(sandbox, tmp_path):
    """A function that returns an EventSource for an empty sandbox."""
    sandbox.reset()
    made = []

    def make(**options):
        made.append(EventSource(sandbox, tmp_path, **options))
        return made[-1]

    yield make
    for each in made:
        each.kill()


def seed(sandbox, count=1, **more):
    """Add sites to the sandbox and return their ids."""
    return sandbox.control("POST", "/seed", dict({"count": count, "version": "6.5.5"}, **more))["ids"]


# --- every kind -------------------------------------------------------------------------------------------------------

def test_site_life_cycle(sandbox, source):
    watch = source(backup_max_age="24h", backups_interval=0.05).start()
    watch.wait_for_requests(6)
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


def test_new_release_reported(sandbox, source):
    seed(sandbox, 3)
    watch = source().start()
    watch.wait_for_requests(4)
    sandbox.control("POST", "/releases", {"appid": "wordpress", "version": "6.5.6", "tags": ["security"]})
    update, security = watch.wait_for_events("update_available", "security_release")
    assert (update["version"], update["count"], security["version"], security["count"]) == ("6.5.6", 3, "6.5.6", 3)
    # Only one page of the catalog was read for this.
    assert [request["command"] for request in watch.requests() if request["command"] not in ("installs", "tasks", "backups")] == ["browser"]


# --- kills and trouble ------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("moment", range(1, MOMENTS + 1))
def test_kill_loses_no_event(sandbox, source, moment):
    watch = source(events=["site_appeared"]).start()
    watch.wait_for_requests(3)
    watch.kill()
    ids = seed(sandbox, 2)
    # Every moment occurs: a run that is not killed would not exit.
    assert watch.start(kill_at=moment).wait_for_exit() == -9
    before = len(watch.events)
    watch.start()
    watch.wait(lambda: {event["site"]["id"] for event in watch.events} == set(ids), "an event was lost")
    watch.wait_for_requests(3)
    assert_delivery(watch.events)
    # Only an event that may have arrived before the kill is repeated, and only once.
    assert len(watch.events) <= before + 2
    assert before <= 2


def test_server_outage(sandbox, source):
    watch = source(events=["site_appeared"]).start()
    watch.wait_for_requests(3)
    sandbox.control("POST", "/faults", [{"command": "*", "fault": fault, "nth": 2 * place + 1, "times": 2}
                                        for place, fault in enumerate(("refuse", "html", "503", "cut_json"))])
    ids = seed(sandbox, 1)
    watch.wait_for_log("the source works again after 8 failures")
    appeared, = watch.wait_for_events("site_appeared")
    assert [appeared["site"]["id"], appeared["repeated"]] == [*ids, False]
    assert watch.log.count("next attempt in") == 8


def test_stop_during_request(sandbox, source):
    watch = source(events=["site_appeared"], timeout=1000).start()
    watch.wait_for_requests(3)
    sandbox.control("POST", "/faults", {"command": "installs", "fault": "delay", "seconds": 200})
    watch.wait(lambda: sandbox.control("GET", "/faults")[0]["seen"], "no request is pending")
    watch.process.send_signal(signal.SIGINT)
    # The request takes longer than the timeout of wait_for_exit().
    watch.wait_for_exit()


def test_transport_cli(sandbox, source):
    watch = source(events=["site_appeared"], transport="cli", cli_path=sandbox.ready["cli"]).start()
    watch.wait_for_requests(2)
    ids = seed(sandbox, 1)
    appeared, = watch.wait_for_events("site_appeared")
    assert ([appeared["site"]["id"]], appeared["server"]) == (ids, "cli")


def test_revoked_key(sandbox, source):
    watch = source(events=["site_appeared"]).start()
    watch.wait_for_requests(3)
    watch.kill()
    ids = seed(sandbox, 1)
    assert watch.start(key="revoked-" + CANARY).wait_for_exit() != 0
    assert "refused the API key 3 times in a row; the source stops. No events are lost" in watch.log
    assert CANARY not in watch.log
    watch.start()
    appeared, = watch.wait_for_events("site_appeared")
    assert [appeared["site"]["id"]] == ids


def test_state_file_unreadable(source):
    watch = source()
    watch.state_file.parent.mkdir()
    watch.state_file.write_text('{"format": "hostops.installatron events", "ver', encoding="utf-8")
    assert watch.start().wait_for_exit() != 0
    assert "state_file: cannot read %s" % watch.state_file in watch.log
    assert watch.requests() == []


def test_state_file_full_disk(sandbox, source):
    if not shutil.which("unshare", path=_path()) or not _works([*_unshare(), "mount", "-t", "tmpfs", "tmpfs", "/mnt"]):
        pytest.skip("this user cannot mount a small disk: run as root, or allow user namespaces (unshare and mount: apt-get install util-linux mount)")
    watch = source(events=["site_appeared"])
    watch.state_file.parent.mkdir()
    mount = "mount -t tmpfs -o size=64k tmpfs %s && exec \"$@\"" % watch.state_file.parent
    watch.start(prefix=[*_unshare(), "/bin/sh", "-c", mount, "sh"])
    watch.wait_for_requests(3)
    disk = "/proc/%d/root%s" % (watch.process.pid, watch.state_file.parent)
    filler = os.open(os.path.join(disk, "filler"), os.O_WRONLY | os.O_CREAT)
    with pytest.raises(OSError):
        while True:
            os.write(filler, b"\0" * 1024)
    os.close(filler)
    ids = seed(sandbox, 10)
    watch.wait_for_log("No space left on device")
    assert watch.events == []
    os.unlink(os.path.join(disk, "filler"))
    watch.wait_for_log("the source works again")
    watch.wait(lambda: [event["site"]["id"] for event in watch.events] == ids, "events were lost")
    assert not any(event["repeated"] for event in watch.events)


# --- size -------------------------------------------------------------------------------------------------------------

def test_scale_ten_thousand_sites(sandbox, source):
    seed(sandbox, 10000, version=["6.4.1", "6.4.2", "6.5.5"])
    row = install(sandbox, "one.example", HOSTS, version="6.5.5")
    sandbox.control("DELETE", "/requests")
    watch = source(backup_max_age="24h", first_look="quiet").start()
    watch.wait_for_requests(24)
    commands = [request["command"] for request in watch.requests()]
    assert commands[:4] == ["installs", "browser", "backups", "installs"]
    assert commands[4:24] == ["tasks", "installs"] * 10
    assert watch.events == []
    # Messages of tasks are searched for the passwords of all sites.
    sandbox.control("POST", "/faults", {"command": "backup", "fault": "task_fails"})
    call(sandbox, "backup", HOSTS, id=row["id"], background="yes")
    watch.wait_for_events("task_failed")
    watch.wait_for_requests(4)
    peak = watch.peak_memory()
    assert peak < 150, "%d MiB" % peak
    print("10,001 sites: %d MiB" % peak)
