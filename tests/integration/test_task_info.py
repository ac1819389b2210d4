# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_task_info: what runs and ran, and waiting for it."""

import pytest
from harness import PLACES, api, site, websites
from reading import Reading, ask, assert_reading, installed, play_questions, play_readings, send
from scenarios import assert_requests_documented, cases, main_ones

MODULE = "itron_task_info"
HOSTS = ("one.example", "two.example")
FAST = {"poll_interval": 0.05}
REASON = {"message": "Error: the disk of one.example is full", "errcode": "disk_full"}


def prepare(sandbox):
    """Install two sites, and make a backup of each in the background."""
    for host in HOSTS:
        row = installed(sandbox, HOSTS, host)
        send(sandbox, *api(sandbox, HOSTS, "backup", id=row["id"], background="yes"))
        sandbox.control("POST", "/idle")


def lists(*tasks, missing=()):
    """Return a check that exactly these tasks are listed, each given by command and host, and that all are done."""

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


@pytest.mark.parametrize("reading", main_ones(__file__, READINGS), ids=lambda reading: reading.name)
def test_action_and_module_agree(runs, reading):
    # Ids of tasks have another form than those that the comparison of other modules knows.
    answers = [
        [dict(task, id=None, install=None, time=None) for task in runs[place]["%s: run" % reading.name].result["tasks"]]
        for place in PLACES
    ]
    assert answers[0] == answers[1]


def started(sandbox, *faults, **settings):
    """Return the preparations that start a backup of the first site, which meets these faults."""
    return (
        [["DELETE", "/faults", None], ["POST", "/settings", dict({"finished_tasks": "listed"}, **settings)]]
        + [["POST", "/faults", fault] for fault in faults]
        + [api(sandbox, HOSTS, "backup", id="@one.example", background="yes")]
    )


def on_task(name, **more):
    """Return a fault of the backup's task."""
    return dict({"command": "backup", "fault": name}, **more)


# Each wait is for what runs when it begins; what earlier tasks left is over by then, and stays listed.
WAIT = dict(FAST, wait=True, install="http://one.example")


@pytest.fixture(scope="module")
def waits(sandbox, tmp_path_factory):
    """Waiting for tasks that run while one waits; on the controller only, for the start of a module takes its time."""
    sandbox.reset(task_seconds=1)
    installed(sandbox, HOSTS, "one.example")
    tasks = [
        ask("no wait", MODULE, {"install": "http://one.example"}, before=started(sandbox)),
        ask("wait", MODULE, WAIT, before=started(sandbox)),
        ask("wait in check mode", MODULE, WAIT, True, before=started(sandbox)),
        ask(
            "list breaks",
            MODULE,
            WAIT,
            before=started(sandbox, {"command": "tasks", "fault": "html", "nth": 3, "times": 2}),
        ),
        ask("fails", MODULE, WAIT, before=started(sandbox, on_task("task_fails", **REASON))),
        ask("earlier failures", MODULE, WAIT),
        ask("leaves", MODULE, WAIT, before=started(sandbox, finished_tasks="vanish")),
    ]
    return play_questions(sandbox, tmp_path_factory.mktemp("waits"), tasks, "controller", websites=websites(*HOSTS))


def test_without_wait_a_running_task_is_said_to_run(waits):
    record = waits["no wait"]
    assert not record.failed and [task["state"] for task in record.result["tasks"]] == ["running"]
    assert len(record.requests) == 1


@pytest.mark.parametrize("name", ["wait", "wait in check mode"])
def test_wait_lasts_until_the_task_is_over(waits, name):
    record = waits[name]
    assert not record.failed and record.changed is False and record.writes == []
    assert {task["state"] for task in record.result["tasks"]} == {"done"}
    assert len(record.requests) > 2
    assert_requests_documented(record)


def test_progress_is_shown(waits):
    assert "1 still running: backup http://one.example" in waits.output


def test_a_list_that_cannot_be_read_for_a_while_does_not_end_the_wait(waits):
    record = waits["list breaks"]
    assert not record.failed and {task["state"] for task in record.result["tasks"]} == {"done"}
    assert any(request["outcome"] != "ok" for request in record.requests)


def test_failures_during_the_wait_count_and_earlier_ones_do_not(waits):
    assert waits["fails"].failed and "the disk of one.example is full" in waits["fails"].result["msg"]
    assert not waits["earlier failures"].failed


def test_a_task_that_left_the_list_is_no_success(waits):
    record = waits["leaves"]
    assert not record.failed and record.result["tasks"][-1]["state"] == "gone"
    assert "left the list before the end was seen" in waits.words


def start(name, fault):
    """Return the task that starts installing a site of its own, which meets a fault, and registers the answer."""
    host = "%s.example" % name
    before = [["DELETE", "/faults", None]] + (
        [["POST", "/faults", dict({"command": "install"}, **fault)]] if fault else []
    )
    return ask("start %s" % name, "itron_install", site(host, wait=False), before=before, register=name)


@pytest.fixture(scope="module", params=PLACES)
def named(request, sandbox, tmp_path_factory):
    """Waiting for tasks that itron_install started, by action or by module."""
    sandbox.reset()
    by_id = dict(FAST, wait=True)
    tasks = [
        start("good", None),
        start("bad", dict(REASON, fault="task_fails")),
        start("endless", {"fault": "task_never_ends"}),
        ask("good one", MODULE, dict(by_id, ids=["{{ good.task.id }}"])),
        ask("fails", MODULE, dict(by_id, ids=["{{ bad.task.id }}", "{{ good.task.id }}"])),
        ask("fails quietly", MODULE, dict(by_id, ids=["{{ bad.task.id }}", "{{ good.task.id }}"], fail_on_error=False)),
        ask("never ends", MODULE, dict(by_id, ids=["{{ endless.task.id }}"], wait_timeout=0.5, fail_on_error=False)),
        ask("unknown id", MODULE, dict(by_id, ids=["nosuchtask"], wait_timeout=0.3)),
        ask("unknown id quietly", MODULE, dict(by_id, ids=["nosuchtask"], wait_timeout=0.3, fail_on_error=False)),
        ask(
            "broken list",
            MODULE,
            dict(by_id, retries=0),
            before=[["POST", "/faults", {"command": "tasks", "fault": "503", "times": 0}]],
        ),
        ask("no time", MODULE, dict(by_id, wait_timeout=0), before=[["DELETE", "/faults", None]]),
        ask("no url", MODULE, {"install": "one.example"}),
    ]
    hosts = ["%s.example" % name for name in ("good", "bad", "endless")]
    return play_questions(sandbox, tmp_path_factory.mktemp("named"), tasks, request.param, websites=websites(*hosts))


def test_a_named_task_that_is_done(named):
    record = named["good one"]
    assert not record.failed and record.result["missing"] == []
    assert [(task["id"], task["state"]) for task in record.result["tasks"]] == [
        (named["start good"].result["task"]["id"], "done")
    ]


def test_a_failed_task_fails_with_its_reason(named):
    record = named["fails"]
    assert record.failed and record.changed is False
    assert record.result["msg"].startswith("tasks: task ") and "the disk of one.example is full" in record.result["msg"]
    assert (record.result["failure"]["command"], record.result["failure"]["stage"]) == ("tasks", "wait")


@pytest.mark.parametrize("name", ["fails", "fails quietly"])
def test_named_tasks_are_listed_in_their_order(named, name):
    assert [task["state"] for task in named[name].result["tasks"]] == ["failed", "done"]
    assert "is full" in named[name].result["tasks"][0]["message"]
    assert not named["fails quietly"].failed


def test_an_unknown_id_is_said(named):
    assert named["unknown id"].failed
    assert "ids: the server lists no task nosuchtask" in named["unknown id"].result["msg"]
    for name in ("unknown id", "unknown id quietly"):
        assert named[name].result["missing"] == ["nosuchtask"] and named[name].result["tasks"] == []
    assert not named["unknown id quietly"].failed


def test_the_end_of_the_time_is_a_failure(named):
    record = named["never ends"]
    assert record.failed and "still ran after 0.5 seconds" in record.result["msg"]
    assert [task["state"] for task in record.result["tasks"]] == ["running"]
    assert record.result["failure"]["stage"] == "wait"


def test_a_list_that_cannot_be_read_at_all_is_a_failure(named):
    record = named["broken list"]
    assert record.failed and record.result["failure"]["http_status"] == 503
    assert record.result["tasks"] == [] and record.result["missing"] == []


def test_wrong_options_are_refused_before_anything_is_sent(named):
    for name, word in (("no time", "wait_timeout: "), ("no url", "install: ")):
        assert named[name].failed and named[name].result["msg"].startswith(word) and named[name].requests == []
