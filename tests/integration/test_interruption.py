# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGTERM and SIGINT during a run: it exits promptly, nothing is done twice, and the next run completes the work."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from bulk_tasks import INSTALLS, bulk, hosts
from harness import KEY, MODULE, PLACES, USER, environment, play, site, task, wait_for, websites

SIGNALS = (signal.SIGTERM, signal.SIGINT)
SITES = hosts(6)
# Seconds that the server works on each site, and seconds that an interrupted run may take to exit on a busy machine.
WORK, END = 1.5, 5.0
MANY = {INSTALLS: {"installs": [site(host) for host in SITES], "max_parallel": 3}}
# The interrupted tasks: a site and several sites whose server tasks never finish, and several whose tasks finish.
OPTIONS = {"one": {MODULE: site(SITES[0])}, "many": MANY, "busy": MANY}
STUCK = {"one": 1, "many": 3, "busy": 0}


@pytest.fixture(autouse=True)
def default_sigint():
    """Restore the default action of SIGINT, which child processes inherit. A background job of a shell ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def start(sandbox, folder, options, place):
    """Start ansible-playbook with one task and return the process. Its output goes to a file in the folder."""
    folder.mkdir(parents=True)
    group = {
        "api_url": sandbox.url,
        "api_key": KEY,
        "user": USER,
        "run_on": place,
        "poll_interval": 0.2,
        "websites": websites(*SITES),
    }
    (folder / "playbook.yml").write_text(
        json.dumps(
            [
                {
                    "name": "Interrupted",
                    "hosts": "localhost",
                    "gather_facts": False,
                    "tasks": [dict(options, name="Work")],
                    "module_defaults": {"group/hostops.installatron.itron": group},
                }
            ]
        )
    )
    (folder / "hosts").write_text("localhost ansible_connection=local ansible_python_interpreter=%s\n" % sys.executable)
    # sandbox_watch would wait for the tasks of the sandbox before it starts the next task.
    unwatched = {
        name: value for name, value in environment(sandbox, folder).items() if name != "ANSIBLE_CALLBACKS_ENABLED"
    }
    with open(folder / "output", "wb") as output:
        return subprocess.Popen(
            [
                str(Path(sys.executable).parent / "ansible-playbook"),
                "-i",
                str(folder / "hosts"),
                str(folder / "playbook.yml"),
            ],
            env=unwatched,
            cwd=str(folder),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def running(sandbox):
    """Return the tasks that run on the server."""
    return [row for row in sandbox.control("GET", "/state")["tasks"] if row["status"] == "processing"]


def left_behind(folder):
    """Return {id: command line} of the processes of a run: those with its folder in their environment."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder).encode() in (process / "environ").read_bytes():
                found[int(process.name)] = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            # The process has exited, or belongs to another user.
            continue
    return found


def interrupt(sandbox, folder, what, place, number):
    """Start a run, and send the signal when the server works on its maximum number of sites. Return (status, output)."""
    process = start(sandbox, folder, OPTIONS[what], place)
    try:
        wait_for(
            lambda: len(running(sandbox)) >= (STUCK[what] or 3) or process.poll() is not None, 60, "nothing was started"
        )
        process.send_signal(number)
        status = process.wait(END)
        wait_for(lambda: not left_behind(folder), END, "processes are still running: %s" % left_behind(folder))
    finally:
        for identity in left_behind(folder):
            os.kill(identity, signal.SIGKILL)
        process.wait()
    return status, (folder / "output").read_text()


def finish(sandbox, folder, what, place):
    """Run the task again immediately, and once more. Return the Record of the last run."""
    process = start(sandbox, folder / "next", OPTIONS[what], place)
    try:
        process.wait(60)
    finally:
        process.kill()
        process.wait()
    output = (folder / "next" / "output").read_text()
    assert process.returncode == 0, output
    made = (task if what == "one" else bulk)("last", next(iter(OPTIONS[what].values())))
    return play(sandbox, folder / "last", [made], place, defaults={"websites": websites(*SITES)})["last"]


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("what", sorted(OPTIONS))
def test_interruption(sandbox, tmp_path, what, place, number):
    sandbox.reset(task_seconds=WORK)
    if STUCK[what]:
        sandbox.control("POST", "/faults", {"command": "install", "fault": "task_never_ends", "times": STUCK[what]})
    status, output = interrupt(sandbox, tmp_path / "interrupted", what, place, number)
    assert status == (99 if number is signal.SIGINT else -number), output
    assert "Traceback" not in output
    for request in sandbox.control("GET", "/requests"):
        assert (request["undocumented"], request["schema_errors"]) == ([], [])
        assert request["outcome"] in ("ok", "running")
    if STUCK[what]:
        # Tasks that never finish are ended manually. The next run waits for tasks that are still running on the server.
        sandbox.control("DELETE", "/tasks")

    last = finish(sandbox, tmp_path, what, place)
    assert not last.failed and last.changed is False and last.writes == []
    wanted = SITES[:1] if what == "one" else SITES
    assert Counter(row["url"].partition("://")[2] for row in last.state["installs"]) == Counter(wanted)
    begun = Counter(
        row["url"] for row in last.state["tasks"] if row["cmd"] == "install" and row["status"] == "complete"
    )
    assert set(begun.values()) == {1}, "a site was installed twice"
