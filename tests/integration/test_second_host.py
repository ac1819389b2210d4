# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module over the command line of a second host, which has neither this collection nor requests.

All scenarios of all files and all examples of all modules are played there as they stand; a new one needs no edit here.
"""

import importlib
import json

import pytest
from expectations import EXPECTED, VARIABLES
from harness import HERE, KEY, ROOT, play, site, task, websites
from scenarios import assert_no_complaints, assert_scenario
from second_host import CLI, PYTHON, SecondHost, obstacle
from test_examples import EXAMPLES, checked_requests, prepare, reader, run

HOST = "second.example"
# api_url is left out: the command line does not need it.
LINE = {"transport": "cli", "run_on": "controller", "api_url": None}


def files_with_scenarios():
    """Return the test modules that define SCENARIOS, by name."""
    paths = sorted(HERE.glob("test_*.py"))
    names = [path.stem for path in paths if "\nSCENARIOS = " in path.read_text(encoding="utf-8")]
    return {name: importlib.import_module(name) for name in names}


FILES = files_with_scenarios()


@pytest.fixture(scope="module")
def second(sandbox, tmp_path_factory):
    """The second host."""
    reason = obstacle()
    if reason:
        pytest.skip(reason)
    return SecondHost(tmp_path_factory.mktemp("second"), sandbox)


@pytest.fixture(scope="module")
def run_of(sandbox, second, tmp_path_factory):
    """A function that plays all scenarios of a file, once."""
    runs = {}

    def get(name):
        if name not in runs:
            scenarios = FILES[name].SCENARIOS
            hosts = [scenario.host for scenario in scenarios]
            sandbox.reset(**getattr(FILES[name], "SETTINGS", {}))
            tasks = [item for scenario in scenarios for item in scenario.tasks(sandbox, hosts)]
            runs[name] = play(sandbox, tmp_path_factory.mktemp(name), tasks, host=second,
                              defaults=dict(LINE, websites=websites(*hosts)))
        return runs[name]

    return get


def over_the_line(run):
    """Assert that every request of a run came over the command line, and that there were some."""
    interfaces = {request["interface"] for record in run.records.values() for request in record.requests}
    assert interfaces == {"cli"}


@pytest.mark.parametrize(("file", "scenario"), [
    pytest.param(name, scenario, id="%s-%s" % (name.removeprefix("test_"), scenario.name))
    for name, module in FILES.items() for scenario in module.SCENARIOS])
def test_scenario(file, scenario, run_of):
    assert_scenario(scenario, run_of(file))


@pytest.mark.parametrize("file", FILES)
def test_all_requests_of_a_file_came_over_the_command_line(file, run_of):
    over_the_line(run_of(file))
    assert_no_complaints(run_of(file))


@pytest.mark.parametrize(("module", "name"), [(module, name) for module, found in EXPECTED.items() for name in found])
def test_example(module, name, sandbox, second, tmp_path):
    expected = EXPECTED[module][name]
    sandbox.reset(database_automation=True)
    prepare(sandbox, expected.before)
    text = json.dumps([{"name": name, "hosts": second.name, "gather_facts": False, "vars": VARIABLES,
                        "tasks": EXAMPLES[module][name]}])
    recap = run(sandbox, tmp_path, text, host=second, more_environment={"ITRON_TRANSPORT": "cli"})
    assert recap["changed"] == expected.changed
    sandbox.control("POST", "/idle")
    assert {request["interface"] for request in checked_requests(sandbox)} == {"cli"}
    if expected.held:
        expected.held(reader(sandbox))


def test_every_module_was_played():
    modules = {path.stem for path in (ROOT / "plugins" / "modules").glob("itron_*.py")}
    assert modules and modules == {module for module, found in EXPECTED.items() if found}


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
        second.write_program("/root/programs/%s" % name, script)
    (second.root / "root" / "programs" / "plain").write_text("no program", encoding="utf-8")
    tasks = [task("%s: %s" % (name, phase), check=phase == "check",
                  options=site(HOST, cli_path="/root/programs/%s" % name, timeout=1 if name == "slow" else 30))
             for name in [*PROGRAMS, "plain", "missing"] for phase in ("check", "run")]
    return play(sandbox, tmp_path_factory.mktemp("broken"), tasks, host=second, arguments=["-vvvv"],
                defaults=dict(LINE, websites=websites(HOST)))


@pytest.mark.parametrize("phase", ["check", "run"])
@pytest.mark.parametrize(("name", "words"), [(name, words) for name, (_script, words) in PROGRAMS.items()] + [
    (name, ["cli_path: /root/programs/%s cannot be run" % name]) for name in ("plain", "missing")])
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
