# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_task_info: running and finished tasks, and waiting for them."""

import pytest
from harness import PLACES, api, site, websites
from reading import Reading, assert_reading, installed, play_reading_tasks, play_readings, reading_task, send
from scenarios import assert_requests_documented, cases, main_scenarios

MODULE = "itron_task_info"
HOSTS = ("one.example", "two.example")
FAST = {"poll_interval": 0.05}
REASON = {"message": "Error: the disk of one.example is full", "errcode": "disk_full"}


def prepare(sandbox):
    """Install two sites and back up each in the background."""
    for host in HOSTS:
        row = installed(sandbox, HOSTS, host)
        send(sandbox, *api(sandbox, HOSTS, "backup", id=row["id"], background="yes"))
        sandbox.control("POST", "/idle")


def lists(*tasks, missing=()):
    """Return a check that exactly these tasks are listed, each given by command and host, and that all are finished."""

    def verify(record):
        assert [(task["cmd"], task["url"].partition("://")[2]) for task in record.result["tasks"]] == list(tasks)
        assert {task["state"] for task in record.result["tasks"]} <= {"done"}
        assert record.result["missing"] == list(missing)
        for task in record.result["tasks"]:
            assert task["percent_min"] == 100 and task["time"].endswith("Z") and task["errcode"] is None

    return verify


BACKUPS = [("backup", host) for host in HOSTS]
READINGS = [
    Reading("all", MODULE, {}, [], lists(*BACKUPS)),
    Reading("site", MODULE, {"install": "https://two.example/"}, [], lists(BACKUPS[1])),
    Reading("wait for nothing", MODULE, dict(FAST, wait=True), [], lists(*BACKUPS)),
    Reading("unknown", MODULE, {"ids": ["1", "2", "1"]}, [], lists(missing=["1", "2"])),
    Reading("none", MODULE, {"ids": [], "wait": True}, [], lists()),
    Reading("wait for one", MODULE, dict(FAST, wait=True, install="http://one.example"), [], lists(BACKUPS[0])),
]


@pytest.fixture(scope="module")
def runs(sandbox, chosen, tmp_path_factory):
    """All readings, by action and by module."""
    return play_readings(chosen(READINGS), sandbox, tmp_path_factory.mktemp("runs"), prepare, HOSTS)


@pytest.mark.parametrize(("reading", "place"), cases(__file__, READINGS))
def test_reading(runs, reading, place):
    assert_reading(reading, runs[place])
    assert len(runs[place]["%s: run" % reading.name].requests) == 1


@pytest.mark.parametrize("reading", main_scenarios(__file__, READINGS), ids=lambda reading: reading.name)
def test_action_and_module_agree(runs, reading):
    # Ids of tasks have another format than those that assert_places_agree() replaces.
    answers = [
        [dict(task, id=None, install=None, time=None) for task in runs[place]["%s: run" % reading.name].result["tasks"]]
        for place in PLACES
    ]
    assert answers[0] == answers[1]


def started(sandbox, *faults, **settings):
    """Return the preparations that start a backup of the first site with these faults."""
    return (
        [["DELETE", "/faults", None], ["POST", "/settings", dict({"finished_tasks": "listed"}, **settings)]]
        + [["POST", "/faults", fault] for fault in faults]
        + [api(sandbox, HOSTS, "backup", id="@one.example", background="yes")]
    )


def on_task(name, **more):
    """Return a fault of the backup's task."""
    return dict({"command": "backup", "fault": name}, **more)


# Each wait is for tasks that run when it starts. Earlier tasks have finished by then and stay listed.
WAIT = dict(FAST, wait=True, install="http://one.example")


@pytest.fixture(scope="module")
def waits(sandbox, tmp_path_factory):
    """Waiting for tasks that are running. On the controller only, because a module starts slowly."""
    sandbox.reset(task_seconds=1)
    installed(sandbox, HOSTS, "one.example")
    tasks = [
        reading_task("no wait", MODULE, {"install": "http://one.example"}, before=started(sandbox)),
        reading_task("wait", MODULE, WAIT, before=started(sandbox)),
        reading_task("wait in check mode", MODULE, WAIT, True, before=started(sandbox)),
        reading_task(
            "list unreadable",
            MODULE,
            WAIT,
            before=started(sandbox, {"command": "tasks", "fault": "html", "nth": 3, "times": 2}),
        ),
        reading_task("fails", MODULE, WAIT, before=started(sandbox, on_task("task_fails", **REASON))),
        reading_task("earlier failures", MODULE, WAIT),
        reading_task("task vanishes", MODULE, WAIT, before=started(sandbox, finished_tasks="vanish")),
    ]
    return play_reading_tasks(sandbox, tmp_path_factory.mktemp("waits"), tasks, "controller", websites=websites(*HOSTS))


def test_no_wait_running_task(waits):
    record = waits["no wait"]
    assert not record.failed and [task["state"] for task in record.result["tasks"]] == ["running"]
    assert len(record.requests) == 1


@pytest.mark.parametrize("name", ["wait", "wait in check mode"])
def test_wait_until_finished(waits, name):
    record = waits[name]
    assert not record.failed and record.changed is False and record.writes == []
    assert {task["state"] for task in record.result["tasks"]} == {"done"}
    assert len(record.requests) > 2
    assert_requests_documented(record)


def test_progress_lines(waits):
    assert "1 still running: backup http://one.example" in waits.output


def test_wait_survives_outage(waits):
    record = waits["list unreadable"]
    assert not record.failed and {task["state"] for task in record.result["tasks"]} == {"done"}
    assert any(request["outcome"] != "ok" for request in record.requests)


def test_wait_counts_new_failures(waits):
    assert waits["fails"].failed and "the disk of one.example is full" in waits["fails"].result["msg"]
    assert not waits["earlier failures"].failed


def test_task_missing(waits):
    record = waits["task vanishes"]
    assert not record.failed and record.result["tasks"][-1]["state"] == "gone"
    assert "whose outcome is unknown" in waits.words


def start(name, fault):
    """Return the task that starts the installation of a separate site with a fault and registers the result."""
    host = "%s.example" % name
    before = [["DELETE", "/faults", None]] + (
        [["POST", "/faults", dict({"command": "install"}, **fault)]] if fault else []
    )
    return reading_task("start %s" % name, "itron_install", site(host, wait=False), before=before, register=name)


@pytest.fixture(scope="module", params=PLACES)
def named(request, sandbox, tmp_path_factory):
    """Waiting for tasks that itron_install started, by action or by module."""
    sandbox.reset()
    by_id = dict(FAST, wait=True)
    tasks = [
        start("good", None),
        start("bad", dict(REASON, fault="task_fails")),
        start("endless", {"fault": "task_never_ends"}),
        reading_task("succeeds", MODULE, dict(by_id, ids=["{{ good.task.id }}"])),
        reading_task("fails", MODULE, dict(by_id, ids=["{{ bad.task.id }}", "{{ good.task.id }}"])),
        reading_task("fails: ignored", MODULE, dict(by_id, ids=["{{ bad.task.id }}", "{{ good.task.id }}"], fail_on_error=False)),
        reading_task("never finishes", MODULE, dict(by_id, ids=["{{ endless.task.id }}"], wait_timeout=0.5, fail_on_error=False)),
        reading_task("unknown id", MODULE, dict(by_id, ids=["nosuchtask"], wait_timeout=0.3)),
        reading_task("unknown id: ignored", MODULE, dict(by_id, ids=["nosuchtask"], wait_timeout=0.3, fail_on_error=False)),
        reading_task(
            "broken list",
            MODULE,
            dict(by_id, retries=0),
            before=[["POST", "/faults", {"command": "tasks", "fault": "503", "times": 0}]],
        ),
        reading_task("no time", MODULE, dict(by_id, wait_timeout=0), before=[["DELETE", "/faults", None]]),
        reading_task("no url", MODULE, {"install": "one.example"}),
    ]
    hosts = ["%s.example" % name for name in ("good", "bad", "endless")]
    return play_reading_tasks(sandbox, tmp_path_factory.mktemp("named"), tasks, request.param, websites=websites(*hosts))


def test_task_finished(named):
    record = named["succeeds"]
    assert not record.failed and record.result["missing"] == []
    assert [(task["id"], task["state"]) for task in record.result["tasks"]] == [
        (named["start good"].result["task"]["id"], "done")
    ]


def test_task_failed(named):
    record = named["fails"]
    assert record.failed and record.changed is False
    assert record.result["msg"].startswith("tasks: task ") and "the disk of one.example is full" in record.result["msg"]
    assert (record.result["failure"]["command"], record.result["failure"]["stage"]) == ("tasks", "wait")


@pytest.mark.parametrize("name", ["fails", "fails: ignored"])
def test_tasks_order(named, name):
    assert [task["state"] for task in named[name].result["tasks"]] == ["failed", "done"]
    assert "is full" in named[name].result["tasks"][0]["message"]
    assert not named["fails: ignored"].failed


def test_unknown_id(named):
    assert named["unknown id"].failed
    assert "ids: the server lists no task nosuchtask" in named["unknown id"].result["msg"]
    for name in ("unknown id", "unknown id: ignored"):
        assert named[name].result["missing"] == ["nosuchtask"] and named[name].result["tasks"] == []
    assert not named["unknown id: ignored"].failed


def test_wait_timeout(named):
    record = named["never finishes"]
    assert record.failed and "still running after 0.5 seconds" in record.result["msg"]
    assert [task["state"] for task in record.result["tasks"]] == ["running"]
    assert record.result["failure"]["stage"] == "wait"


def test_list_unreadable(named):
    record = named["broken list"]
    assert record.failed and record.result["failure"]["http_status"] == 503
    assert record.result["tasks"] == [] and record.result["missing"] == []


def test_options_refused(named):
    for name, word in (("no time", "wait_timeout: "), ("no url", "install: ")):
        assert named[name].failed and named[name].result["msg"].startswith(word) and named[name].requests == []
