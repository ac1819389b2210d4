# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failures of the command line on a second host, which has neither this collection nor requests.

For scenarios and examples there, see test_second_host_scenarios.py and test_second_host_examples.py.
"""

import json

import pytest
from harness import KEY, play, site, task, websites
from second_host import CLI, CLI_OPTIONS, PYTHON

HOST = "second.example"


def test_second_host_is_clean(second):
    for package in ("ansible", "ansible_collections", "requests"):
        done = second.run("%s -c 'import %s'" % (PYTHON, package))
        assert done.returncode == 1 and "No module named" in done.stderr
    assert second.run("cat /etc/hostname").stdout == "second\n"


def test_missing_requests(sandbox, second, tmp_path):
    sandbox.reset()
    tasks = [task("http", site(HOST)), task("over cli", site(HOST, transport="cli", run_on="controller"))]
    played = play(sandbox, tmp_path, tasks, place="target", host=second, defaults={"websites": websites(HOST)})
    message = played["http"].result["msg"]
    assert played["http"].failed and played["http"].requests == []
    assert "requests" in message and PYTHON in message and "\n" not in message
    assert not played["over cli"].failed and played["over cli"].changed is True


# Programs with invalid output: name -> (script, words of the message).
PROGRAMS = {
    "status": ("cat >/dev/null; echo out of memory >&2; exit 3\n", ["exit status 3", "standard error: out of memory"]),
    "killed": ("cat >/dev/null; kill -9 $$\n", ["terminated by signal 9"]),
    "html": ("cat >/dev/null; echo '<html>Log in</html>'\n", ["the response is HTML instead of JSON", "Log in"]),
    "text": ("cat >/dev/null; echo 'Error: no license'\n", ["Error: no license"]),
    "words": ("cat >/dev/null; echo 'PHP Warning: no ionCube'\n", ["not JSON", "PHP Warning: no ionCube"]),
    "cut": ("cat >/dev/null; printf '{\"result\": true, \"data\": ['\n", ["truncated"]),
    "empty": ("cat >/dev/null\n", ["the response is empty"]),
    "contrary": ("cat >/dev/null; echo '{\"result\": true}'; exit 7\n", ["exit status 7", "reports success"]),
    "wrong": ("cat >/dev/null; echo '{\"result\": true, \"data\": {\"a\": 1}}'\n", ["data is a dictionary", "3.5"]),
    "echo": ("cat >&2; exit 1\n", ["exit status 1", "standard error"]),
    "slow": ("exec sleep 20\n", ["no response from /opt/programs/slow within 1 seconds"]),
}


@pytest.fixture(scope="module")
def broken(sandbox, second, tmp_path_factory):
    """The run of a task for each broken program, a missing one, and one that is not executable."""
    sandbox.reset()
    for name, (script, _words) in PROGRAMS.items():
        second.write_program("/opt/programs/%s" % name, script)
    (second.root / "opt" / "programs" / "plain").write_text("no program", encoding="utf-8")
    tasks = [task("%s: %s" % (name, phase), check=phase == "check",
                  options=site(HOST, cli_path="/opt/programs/%s" % name, timeout=1 if name == "slow" else 30))
             for name in [*PROGRAMS, "plain", "missing"] for phase in ("check", "run")]
    return play(sandbox, tmp_path_factory.mktemp("broken"), tasks, host=second, arguments=["-vvvv"],
                defaults=dict(CLI_OPTIONS, websites=websites(HOST)))


@pytest.mark.parametrize("phase", ["check", "run"])
@pytest.mark.parametrize(("name", "words"), [(name, words) for name, (_script, words) in PROGRAMS.items()] + [
    (name, ["cli_path: cannot run /opt/programs/%s" % name]) for name in ("plain", "missing")])
def test_bad_program_output(name, words, phase, broken):
    record = broken["%s: %s" % (name, phase)]
    message, failure = record.result["msg"], record.result["failure"]
    assert record.failed and record.changed is False
    assert "\n" not in message and "Traceback" not in message and len(message) < 800
    assert [word for word in words if word not in message] == [], message
    assert (failure["command"], failure["stage"], failure["http_status"]) == ("installs", "read", None)
    assert failure["hint"]


def test_echoed_input_masked(broken):
    for text in (broken.output, broken.log):
        assert KEY not in text and site(HOST)["db_pass"] not in text


def test_secrets_in_transit(sandbox, second, tmp_path):
    sandbox.reset()
    secrets = {"passwd": "canary-passwd", "db_pass": "canary-db-pass", "bkloc": "canary-bkloc"}
    options = site(HOST, passwd=secrets["passwd"], db_pass=secrets["db_pass"],
                   bkloc="ftp://keeper:%s@backup.example/x" % secrets["bkloc"])
    header = websites(HOST, path="ftp://web:canary-ftp@files.example/home")
    tasks = [task("check", options, check=True), task("run", options), task("again", options)]
    played = play(sandbox, tmp_path, tasks, host=second, arguments=["-vvvv", "--diff"],
                  defaults=dict(CLI_OPTIONS, websites=header))
    assert [record.failed for record in played.records.values()] == [False] * 3
    assert [record.changed for record in played.records.values()] == [True, True, False]
    for text in (played.output, played.log, json.dumps([record.result for record in played.records.values()])):
        assert [secret for secret in [*secrets.values(), "canary-ftp", KEY] if secret in text] == []


def test_cli_path_default(second):
    assert second.run("test -x %s" % CLI).returncode == 0


def test_v2_read_arguments(second, sandbox):
    sandbox.reset()
    done = second.run("%s --GET /users/nobody" % CLI)
    assert json.loads(done.stdout)["errcode"] == "user_not_found"
