# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults, settings, the request log, seeding, restarts, and the command-line twin."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
import requests
from itron_sandbox.world import World
from sandbox_program import DATABASE, FILES, KEY, WEBSITES

SHORT = {"user": "alice", "websites": WEBSITES}
BACKUP_LOGS = {"refuse": 0, "reset_before": 0, "reset_after": 1}


def fault(sandbox, name, command="*", **more):
    """Add a fault."""
    return sandbox.control("POST", "/faults", dict({"fault": name, "command": command}, **more))


def test_added_release(sandbox):
    sandbox.control("POST", "/seed", {"count": 1, "version": "6.5.5"})
    assert "version-available" not in sandbox.ok("installs")[0]
    sandbox.control("POST", "/releases", {"appid": "wordpress", "version": "6.5.6", "tags": ["security"]})
    assert sandbox.ok("installs")[0]["version-available"] == "6.5.6"
    listed = sandbox.ok("browser", application="wordpress", **{"from-version": "6.5.5"})
    assert [(release["version"], release["tags"], release["upgrade_from"]) for release in listed] == [
        ("6.5.5", ["security"], "none"), ("6.5.6", ["security"], "auto")]
    with pytest.raises(requests.HTTPError):
        sandbox.control("POST", "/releases", {"appid": "wordpress", "version": "6.5.6"})
    sandbox.control("POST", "/reset")
    assert [release["version"] for release in sandbox.ok("browser", application="wordpress")][-1] == "6.5.5"


class TestFaults:
    """Faults of requests."""

    @pytest.mark.parametrize("name", sorted(BACKUP_LOGS))
    def test_dropped_connections(self, sandbox, name):
        record = sandbox.install()
        fault(sandbox, name, "backup")
        with pytest.raises(requests.ConnectionError):
            sandbox.call("backup", id=record["id"], **SHORT)
        assert len(sandbox.ok("backups", user="alice")) == BACKUP_LOGS[name]
        assert sandbox.control("GET", "/requests")[1]["outcome"] == "fault:" + name
        sandbox.ok("backup", id=record["id"], **SHORT)

    @pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
    def test_status(self, sandbox, status):
        fault(sandbox, str(status), "installs", retry_after=7)
        answer = sandbox.post({"cmd": "installs", "key": KEY})
        assert answer.status_code == status and answer.headers["Retry-After"] == "7"
        assert sandbox.ok("installs") == []

    def test_gateway_error_after_the_work(self, sandbox):
        record = sandbox.install()
        fault(sandbox, "504", "backup", after=True)
        answer = sandbox.post(dict(SHORT, cmd="backup", key=KEY, id=record["id"]))
        assert answer.status_code == 504 and "Retry-After" not in answer.headers
        assert len(sandbox.ok("backups", user="alice")) == 1

    @pytest.mark.parametrize("name", ["html", "plain_error", "500", "refused", "cut_json", "wrong_data_type"])
    def test_echo_quotes_the_request(self, sandbox, name):
        fault(sandbox, name, "installs", echo=True, after=False)
        text = sandbox.post({"cmd": "installs", "key": KEY, "q": "canary"}).text
        assert KEY in text and "canary" in text

    def test_echo_in_a_redirect(self, sandbox):
        fault(sandbox, "redirect", echo=True)
        answer = sandbox.post({"cmd": "installs", "key": KEY}, allow_redirects=False)
        assert answer.status_code == 302 and KEY in answer.headers["Location"]

    def test_bodies(self, sandbox):
        texts = {}
        for name in ("html", "plain_error", "cut_json", "empty", "wrong_data_type", "refused"):
            fault(sandbox, name, "installs")
            texts[name] = sandbox.post({"cmd": "installs", "key": KEY}).text
            sandbox.control("DELETE", "/faults")
        assert texts["html"].startswith("<!DOCTYPE") and texts["plain_error"].startswith("Error:")
        assert texts["empty"] == "" and json.loads(texts["wrong_data_type"])["data"] == 42
        assert json.loads(texts["refused"])["errcode"] == "sandbox_refused"
        with pytest.raises(ValueError):
            json.loads(texts["cut_json"])

    def test_redirect(self, sandbox):
        fault(sandbox, "redirect", location="https://elsewhere.example/")
        answer = sandbox.post({"cmd": "installs", "key": KEY}, allow_redirects=False)
        assert answer.status_code == 302 and answer.headers["Location"] == "https://elsewhere.example/"

    def test_delay(self, sandbox):
        fault(sandbox, "delay", "installs", seconds=3)
        with pytest.raises(requests.Timeout):
            sandbox.post({"cmd": "installs", "key": KEY}, timeout=0.2)

    @pytest.mark.parametrize("after, backups", [(False, 0), (True, 1)])
    def test_delay_before_and_after_the_work(self, sandbox, after, backups):
        record = sandbox.install()
        fault(sandbox, "delay", "backup", seconds=1.5, after=after)
        with pytest.raises(requests.ReadTimeout):
            sandbox.http.post(sandbox.ready["url"], json=dict(SHORT, cmd="backup", key=KEY, id=record["id"]), timeout=1)
        assert len(sandbox.ok("backups", user="alice")) == backups

    def test_nth_and_times(self, sandbox):
        added = fault(sandbox, "refused", nth=2, times=2)
        fault(sandbox, "refused", "backups", times=0)
        results = [sandbox.call(command)["result"] for command in ("tasks", "installs", "tasks", "tasks", "backups",
                                                                   "backups")]
        assert results == [True, False, False, True, False, False]
        assert [entry["seen"] for entry in sandbox.control("GET", "/faults")] == [6, 2]
        sandbox.control("DELETE", "/faults/%d" % added["id"])
        assert len(sandbox.control("GET", "/faults")) == 1

    def test_writes_only(self, sandbox):
        fault(sandbox, "refused", write=True)
        assert sandbox.call("installs")["result"] is True
        assert sandbox.call("edituser", user="alice")["errcode"] == "sandbox_refused"

    def test_unknown(self, sandbox):
        for bad in ({"fault": "nonsense"}, {"fault": "500", "nth": -1}, {"fault": "500", "times": "x"}):
            answer = sandbox.http.post(sandbox.ready["control_url"] + "/faults", json=bad, timeout=30)
            assert answer.status_code == 400


class TestTaskFaults:
    """Faults of background tasks."""

    @pytest.mark.parametrize("name, more, status, installs", [
        ("task_fails", {}, "failed", 0), ("task_vanishes", {}, None, 1), ("task_vanishes", {"done": False}, None, 0),
        ("task_never_ends", {}, "processing", 0), ("task_unknown_status", {}, "complete", 1),
        ("task_unknown_status", {"forever": True, "status": "mystery"}, "mystery", 1)])
    def test_install(self, sandbox, name, more, status, installs):
        fault(sandbox, name, "install", **more)
        reply = sandbox.call("install", application="wordpress", url="http://company.com", background="1", **SHORT,
                             **DATABASE)
        row = sandbox.finished(reply["task"])
        assert (row["status"] if row else None) == status
        assert len(sandbox.ok("installs", user="alice")) == installs
        assert sandbox.page().status_code == (200 if installs else 404)

    def test_unfinished_task_cancelled(self, sandbox):
        fault(sandbox, "task_never_ends", "install")
        task = sandbox.call("install", application="wordpress", url="http://company.com", background="1", **SHORT,
                            **DATABASE)["task"]
        sandbox.finished(task)
        assert sandbox.control("DELETE", "/tasks") == {"ids": [task["id"]]}
        assert [row["status"] for row in sandbox.ok("tasks")] == ["failed"]
        assert sandbox.control("DELETE", "/tasks") == {"ids": []}

    def test_in_the_foreground(self, sandbox):
        fault(sandbox, "task_fails", "upgrade", errcode="boom")
        record = sandbox.install(version="6.4.3", sitetitle="Safe")
        assert sandbox.refused("upgrade", id=record["id"], revert="yes", **SHORT)[0] == "boom"
        assert "WordPress 6.4.3" in sandbox.page().text


class TestSettings:
    """Settings."""

    def test_read_only(self, sandbox):
        record = sandbox.install()
        sandbox.control("POST", "/settings", {"read_only": True})
        for command in ("edit", "backup", "uninstall", "upgrade"):
            answer = sandbox.post(dict(SHORT, cmd=command, key=KEY, id=record["id"], sitetitle="x"))
            assert answer.status_code == 418 and answer.json()["result"] is False
        assert sandbox.call("upgrade", id=record["id"], dryrun="2", **SHORT)["errcode"] == "invalid_argument_version"
        # The table of edit has no dryrun, so the request is a write.
        assert sandbox.post(dict(SHORT, cmd="edit", key=KEY, id=record["id"], dryrun="2")).status_code == 418
        sandbox.ok("view", id=record["id"], **SHORT)
        outcomes = [entry["outcome"] for entry in sandbox.control("GET", "/requests")]
        assert outcomes == ["ok"] + ["violation"] * 4 + ["refused", "violation", "ok"]

    def test_latency(self, sandbox):
        sandbox.control("POST", "/settings", {"latency": 3})
        with pytest.raises(requests.Timeout):
            sandbox.post({"cmd": "installs", "key": KEY}, timeout=0.2)

    @pytest.mark.parametrize("bad", [{"nonsense": 1}, {"latency": "long"}, {"latency": -1}, {"read_only": 1},
                                     {"finished_tasks": "burnt"}, {"rest": True}, {"admin": ""}])
    def test_wrong_values(self, sandbox, bad):
        before = sandbox.control("GET", "/settings")
        answer = sandbox.http.post(sandbox.ready["control_url"] + "/settings", json=bad, timeout=30)
        assert answer.status_code == 400 and sandbox.control("GET", "/settings") == before


class TestLog:
    """The request log and its checks against the specification."""

    def test_undocumented(self, sandbox):
        record = sandbox.install(sef="yes", cryptkey="k", limitloginattempts="no", color="red", multisite="yes")
        sandbox.ok("edit", id=record["id"], twofactor="no", mode="x", addons="1", api="json", **SHORT)
        sandbox.ok("installs", user="alice", offset="0")
        assert [entry["undocumented"] for entry in sandbox.control("GET", "/requests")] == [
            ["color", "cryptkey", "multisite", "sef"], ["addons", "mode"], ["offset"]]

    @pytest.mark.parametrize("command, arguments, where", [
        ("install", {"autoup": "7"}, "$.autoup"), ("installs", {"filter-version-available": "1"},
                                                   "$['filter-version-available']"),
        ("edit", {"delete": "yes"}, "$.delete"), ("upgrade", {"revert": True}, "$.revert"),
        ("tasks", {"websites": [{"color": "red"}]}, "$.websites[0]"), ("view", {"id": 5}, "$.id"),
        ("restore", {"db_name": "x"}, "$"), ("install", {"notification": "update,x"}, "$.notification"),
        ("browser", {"version": "1"}, "$"), ("tasks", {"user": "a b"}, "$.user"), ("backup", {"id": ""}, "$.id")])
    def test_schema_errors(self, sandbox, command, arguments, where):
        sandbox.call(command, **dict({"id": "x", "websites": []}, **arguments))
        errors = sandbox.control("GET", "/requests")[0]["schema_errors"]
        assert where in [error.partition(": ")[0] for error in errors]

    @pytest.mark.parametrize("everything", [False, True])
    def test_late_reply_after_clear(self, tmp_path, everything):
        world = World(tmp_path, KEY)
        late, next_one = {"command": "installs"}, {"command": "view"}
        world.requests.begin(late)
        if everything:
            world.store.empty()
        world.requests.clear()
        world.requests.begin(next_one)
        world.requests.end(late, "ok")
        assert [(entry["n"], entry["command"], entry["outcome"]) for entry in world.requests.entries()] == [(1, "view", "running")]
        world.close()

    def test_entries(self, sandbox):
        sandbox.install()
        sandbox.http.post(sandbox.ready["url"], data=b"{cut", timeout=30)
        assert sandbox.http.post(sandbox.ready["url"], data=b"[1]", timeout=30).text.startswith("Error:")
        entry, = sandbox.control("GET", "/requests")
        assert entry["n"] == 1 and entry["command"] == "install" and entry["interface"] == "http"
        assert entry["arguments"]["websites"] == WEBSITES and entry["arguments"]["key"] == KEY
        assert entry["outcome"] == "ok" and entry["seconds"] >= 0 and entry["dryrun"] is None
        assert sandbox.control("GET", "/requests?since=1") == []
        sandbox.control("DELETE", "/requests")
        assert sandbox.control("GET", "/requests") == []


class TestSeed:
    """Seeding of many installs."""

    def test_ten_thousand(self, sandbox):
        assert sandbox.control("POST", "/seed", {"count": 10000, "user": "big", "version": ["6.4.3", "6.5.5"]})[
            "count"] == 10000
        records = sandbox.ok("installs", user="big")
        assert len(records) == 10000
        assert len({record["url"] for record in records}) == 10000
        assert len(sandbox.ok("installs", user="big", filter__version__available="yes")) == 5000

    def test_seeded_sites_on_demand(self, sandbox):
        sandbox.control("POST", "/seed", {"count": 2, "user": "alice", "version": "6.4.3",
                                          "fields": {"sitetitle": "Seed"}, "record": {"autoup": "1"}})
        first, second = sandbox.ok("installs", user="alice")
        assert first["autoup"] == "1" and first["title"] == "Seed"
        files = list((sandbox.state / "fs").rglob("*")) if (sandbox.state / "fs").exists() else []
        reply = sandbox.call("upgrade", user="alice", id=first["id"], dryrun="2", plugin="akismet")
        assert reply["result"] is True
        assert files == [] and not (sandbox.state / "fs").exists()
        sandbox.ok("upgrade", user="alice", id=first["id"])
        assert "Seed" in sandbox.page("site00001.example").text
        assert sandbox.page("site00002.example").status_code == 404
        sandbox.ok("uninstall", user="alice", id=second["id"])
        assert len(sandbox.ok("installs", user="alice")) == 1

    def test_on_disk(self, sandbox):
        sandbox.control("POST", "/seed", {"count": 3, "application": "joomla", "files": True, "domain": "j{n}.example"})
        sandbox.control("POST", "/seed", {"count": 1, "application": "joomla", "files": True, "domain": "j{n}.example"})
        assert [sandbox.page("j%05d.example" % number).status_code for number in (1, 4, 5)] == [200, 200, 404]
        assert len(sandbox.ok("installs")) == 4


class TestLife:
    """Start, restart and stop."""

    def test_restart(self, own_sandbox):
        own_sandbox.start()
        own_sandbox.control("POST", "/settings", {"task_seconds": 300})
        record_url = "http://company.com"
        task = own_sandbox.call("install", application="wordpress", url=record_url, background="1", **SHORT,
                                **DATABASE)["task"]
        # The server stops without waiting for the task.
        assert own_sandbox.stop() == 0
        assert not own_sandbox.ready_file.exists()
        own_sandbox.start()
        row, = own_sandbox.ok("tasks")
        assert row["id"] == task["id"] and row["status"] == "failed" and "interrupted" in row["message"]
        assert own_sandbox.ok("installs", user="alice") == []
        own_sandbox.control("POST", "/settings", {"task_seconds": 0})
        own_sandbox.install()
        own_sandbox.stop()
        own_sandbox.start()
        assert len(own_sandbox.ok("installs", user="alice")) == 1 and own_sandbox.page().status_code == 200

    def test_killed(self, own_sandbox):
        own_sandbox.start()
        own_sandbox.control("POST", "/settings", {"task_seconds": 300})
        own_sandbox.call("install", application="wordpress", url="http://company.com", background="1", **SHORT,
                         **DATABASE)
        os.kill(own_sandbox.process.pid, signal.SIGKILL)
        own_sandbox.process.wait(10)
        own_sandbox.ready_file.unlink()
        own_sandbox.start()
        assert own_sandbox.ok("tasks")[0]["status"] == "failed"

    def test_start_and_ready_file(self, own_sandbox):
        own_sandbox.start()
        ready = own_sandbox.ready
        assert ready["url"] == "http://127.0.0.1:%d/server/v1" % ready["port"] and ready["key"] == KEY
        assert ready["control_url"].endswith("/_sandbox") and ready["pid"] == own_sandbox.process.pid
        assert own_sandbox.ready_file.stat().st_mode & 0o077 == 0


class TestCommandLine:
    """The command-line twin and the commands for a background server."""

    def program(self, sandbox, *arguments, text=""):
        """Run the program; return its result."""
        environment = dict(os.environ, PYTHONPATH=str(FILES), PYTHONDONTWRITEBYTECODE="1")
        environment.pop("ITRON_SANDBOX_KEY", None)
        return subprocess.run([sys.executable, "-m", "itron_sandbox", arguments[0], "--state", str(sandbox.state)]
                              + list(arguments[1:]), input=text, capture_output=True, text=True, timeout=30,
                              env=environment, check=False)

    def test_forwards(self, sandbox):
        sandbox.install()
        done = self.program(sandbox, "cli", text=json.dumps({"key": KEY, "cmd": "installs", "user": "alice"}))
        assert json.loads(done.stdout)["data"] == sandbox.ok("installs", user="alice") and done.returncode == 0
        users = json.loads(self.program(sandbox, "cli", "--GET", "/users").stdout)
        assert [user["id"] for user in users["data"]] == ["admin", "alice"]
        entries = sandbox.control("GET", "/requests")
        assert [entry["interface"] for entry in entries] == ["http", "cli", "http", "cli"]

    def test_faults(self, sandbox):
        fault(sandbox, "reset_before")
        fault(sandbox, "503", nth=2)
        text = json.dumps({"key": KEY, "cmd": "installs"})
        assert self.program(sandbox, "cli", text=text).returncode == 255
        done = self.program(sandbox, "cli", text=text)
        assert done.returncode == 1 and "503" in done.stdout

    def test_without_a_server(self, own_sandbox):
        request = dict(SHORT, key=self.program(own_sandbox, "key").stdout.strip(), cmd="install", background="1",
                       application="wordpress", url="http://company.com", **DATABASE)
        reply = json.loads(self.program(own_sandbox, "cli", text=json.dumps(request)).stdout)
        assert reply["task"]["status"] == "processing"
        row, deadline = reply["task"], time.monotonic() + 20
        while row["status"] == "processing" and time.monotonic() < deadline:
            done = self.program(own_sandbox, "cli", text=json.dumps({"key": request["key"], "cmd": "tasks"}))
            row, = json.loads(done.stdout)["data"]
        assert row["status"] == "complete" and row["install"] and done.stderr == ""
        missing = self.program(own_sandbox, "cli", "--GET", "/users/nobody")
        assert json.loads(missing.stdout)["status"] == 404
        page = json.loads(self.program(own_sandbox, "cli", "--GET", "/users?offset=1&limit=1").stdout)
        assert len(page["data"]) == 1 and page["total_count"] == 2

    def test_background(self, own_sandbox):
        started = json.loads(self.program(own_sandbox, "start").stdout)
        try:
            assert started["started"] is True and "key" not in started
            assert json.loads(self.program(own_sandbox, "start").stdout) == dict(started, started=False)
            assert json.loads(self.program(own_sandbox, "status").stdout)["pid"] == started["pid"]
        finally:
            stopped = self.program(own_sandbox, "stop").stdout
        assert json.loads(stopped) == {"stopped": True}
        assert json.loads(self.program(own_sandbox, "stop").stdout) == {"stopped": False}
        assert self.program(own_sandbox, "status").returncode == 3

    def test_port_in_use(self, sandbox, own_sandbox):
        done = self.program(own_sandbox, "start", "--port", str(sandbox.ready["port"]))
        assert done.returncode == 1 and "did not start" in done.stderr
