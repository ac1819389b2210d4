# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of a second host, which has neither this collection nor requests: what can go wrong with it.

Scenarios and examples are played there by test_second_host_scenarios.py and test_second_host_examples.py.
"""

import json

import pytest
from harness import KEY, play, site, task, websites
from second_host import CLI, LINE, PYTHON

HOST = "second.example"


def test_the_second_host_has_python_and_nothing_of_ours(second):
    for package in ("ansible", "ansible_collections", "requests"):
        done = second.run("%s -c 'import %s'" % (PYTHON, package))
        assert done.returncode == 1 and "No module named" in done.stderr
    assert second.run("cat /etc/hostname").stdout == "second\n"


def test_without_requests_http_says_what_to_install(sandbox, second, tmp_path):
    sandbox.reset()
    tasks = [task("http", site(HOST)), task("line", site(HOST, transport="cli", run_on="controller"))]
    played = play(sandbox, tmp_path, tasks, place="target", host=second, defaults={"websites": websites(HOST)})
    message = played["http"].result["msg"]
    assert played["http"].failed and played["http"].requests == []
    assert "requests" in message and PYTHON in message and "\n" not in message
    assert not played["line"].failed and played["line"].changed is True


# Programs that answer badly: name -> (script, words of the message).
PROGRAMS = {
    "status": ("cat >/dev/null; echo out of memory >&2; exit 3\n", ["exit status 3", "standard error: out of memory"]),
    "killed": ("cat >/dev/null; kill -9 $$\n", ["ended by signal 9"]),
    "html": ("cat >/dev/null; echo '<html>Log in</html>'\n", ["HTML came instead of JSON", "Log in"]),
    "text": ("cat >/dev/null; echo 'Error: no licence'\n", ["Error: no licence"]),
    "words": ("cat >/dev/null; echo 'PHP Warning: no ionCube'\n", ["no JSON", "PHP Warning: no ionCube"]),
    "cut": ("cat >/dev/null; printf '{\"result\": true, \"data\": ['\n", ["cut off"]),
    "empty": ("cat >/dev/null\n", ["the answer was empty"]),
    "contrary": ("cat >/dev/null; echo '{\"result\": true}'; exit 7\n", ["exit status 7", "says success"]),
    "wrong": ("cat >/dev/null; echo '{\"result\": true, \"data\": {\"a\": 1}}'\n", ["data is a table", "3.5"]),
    "echo": ("cat >&2; exit 1\n", ["exit status 1", "standard error"]),
    "slow": ("exec sleep 20\n", ["no answer within 1 seconds"]),
}


@pytest.fixture(scope="module")
def broken(sandbox, second, tmp_path_factory):
    """The run of a task for every bad program, one that is missing and one that may not be run."""
    sandbox.reset()
    for name, (script, _words) in PROGRAMS.items():
        second.write_program("/opt/programs/%s" % name, script)
    (second.root / "opt" / "programs" / "plain").write_text("no program", encoding="utf-8")
    tasks = [task("%s: %s" % (name, phase), check=phase == "check",
                  options=site(HOST, cli_path="/opt/programs/%s" % name, timeout=1 if name == "slow" else 30))
             for name in [*PROGRAMS, "plain", "missing"] for phase in ("check", "run")]
    return play(sandbox, tmp_path_factory.mktemp("broken"), tasks, host=second, arguments=["-vvvv"],
                defaults=dict(LINE, websites=websites(HOST)))


@pytest.mark.parametrize("phase", ["check", "run"])
@pytest.mark.parametrize(("name", "words"), [(name, words) for name, (_script, words) in PROGRAMS.items()] + [
    (name, ["cli_path: /opt/programs/%s cannot be run" % name]) for name in ("plain", "missing")])
def test_a_program_that_answers_badly(name, words, phase, broken):
    record = broken["%s: %s" % (name, phase)]
    message, failure = record.result["msg"], record.result["failure"]
    assert record.failed and record.changed is False
    assert "\n" not in message and "Traceback" not in message and len(message) < 800
    assert [word for word in words if word not in message] == [], message
    assert (failure["command"], failure["stage"], failure["http_status"]) == ("installs", "read", None)
    assert failure["hint"]


def test_a_program_that_repeats_its_input_shows_no_secret(broken):
    for text in (broken.output, broken.log):
        assert KEY not in text and site(HOST)["db_pass"] not in text


def test_no_secret_is_seen_on_the_way_to_the_second_host(sandbox, second, tmp_path):
    sandbox.reset()
    secrets = {"passwd": "canary-passwd", "db_pass": "canary-db-pass", "bkloc": "canary-bkloc"}
    options = site(HOST, passwd=secrets["passwd"], db_pass=secrets["db_pass"],
                   bkloc="ftp://keeper:%s@backup.example/x" % secrets["bkloc"])
    header = websites(HOST, path="ftp://web:canary-ftp@files.example/home")
    tasks = [task("check", options, check=True), task("run", options), task("again", options)]
    played = play(sandbox, tmp_path, tasks, host=second, arguments=["-vvvv", "--diff"],
                  defaults=dict(LINE, websites=header))
    assert [record.failed for record in played.records.values()] == [False] * 3
    assert [record.changed for record in played.records.values()] == [True, True, False]
    for text in (played.output, played.log, json.dumps([record.result for record in played.records.values()])):
        assert [secret for secret in [*secrets.values(), "canary-ftp", KEY] if secret in text] == []


def test_the_program_stands_where_the_documentation_says(second):
    assert second.run("test -x %s" % CLI).returncode == 0


def test_a_v2_read_is_an_argument_of_the_program(second, sandbox):
    sandbox.reset()
    done = second.run("%s --GET /users/nobody" % CLI)
    assert json.loads(done.stdout)["errcode"] == "user_not_found"
