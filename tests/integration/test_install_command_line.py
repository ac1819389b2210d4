# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_install: check mode of the command line, credentials in the environment, and the server's own command line."""

import pytest
from harness import KEY, MODULE, PLACES, play, site, websites

HOST = "line.example"


def install(name, options, **keywords):
    """Return a task that does not set check_mode, so that the command line determines it."""
    return dict({"name": name, MODULE: options}, **keywords)


@pytest.mark.parametrize("place", PLACES)
def test_check_and_diff(place, sandbox, tmp_path):
    sandbox.reset()
    runs = {}
    for name, arguments in (("check", ["--check", "--diff"]), ("run", ["--diff"]), ("again", ["--check", "--diff"])):
        runs[name] = play(sandbox, tmp_path / name, [install("site", site(HOST))], place, arguments,
                          defaults={"websites": websites(HOST)})
        assert runs[name].status == 0 and runs[name].warnings == []
    check, run, again = (runs[name]["site"] for name in ("check", "run", "again"))
    assert check.writes == [] and check.install_at(HOST) is None
    assert check.diff == run.diff and check.changed is run.changed is True
    assert run.install_at(HOST)["id"] == run.result["install"]["id"]
    assert again.changed is False and again.commands == ["installs"]
    for name in ("check", "run"):
        assert "+" in runs[name].output and "http://%s" % HOST in runs[name].output
        assert "changed=1" in runs[name].output


@pytest.mark.parametrize("place", PLACES)
def test_credentials_from_environment(place, sandbox, tmp_path):
    sandbox.reset()
    tasks = [install("process", site(HOST)),
             install("task", site(HOST), environment={"ITRON_API_KEY": "0" * 32}, ignore_errors=True)]
    run = play(sandbox, tmp_path, tasks, place, defaults={"api_key": None, "api_url": None, "websites": websites(HOST)},
               more_environment={"ITRON_API_KEY": KEY, "ITRON_API_URL": sandbox.url})
    assert not run["process"].failed and run["process"].changed is True
    # The keyword of the task takes precedence over the environment of ansible-playbook.
    assert run["task"].failed and run["task"].result["failure"]["errcode"] == "invalid_api_key"


def test_key_not_in_process_arguments(sandbox, tmp_path):
    sandbox.reset()
    given = {"ITRON_API_KEY": "0" * 32, "LANGUAGE": "de_CH"}
    run = play(sandbox, tmp_path, [install("task", site(HOST), environment=given, ignore_errors=True)], "target",
               ["-vvv"], defaults={"api_key": None, "websites": websites(HOST)})
    # -vvv prints command lines, including environment variables of the task that are not secret.
    assert "LANGUAGE=de_CH" in run.output
    assert run["task"].failed and "0" * 32 not in run.output


def test_transport_cli(sandbox, tmp_path):
    sandbox.reset()
    tasks = [install("run", site(HOST)), install("again", site(HOST))]
    run = play(sandbox, tmp_path, tasks, defaults={"transport": "cli", "cli_path": sandbox.ready["cli"],
                                                   "api_url": None, "websites": websites(HOST)})
    assert run.status == 0 and run.warnings == [], run.output
    assert {request["interface"] for request in run["run"].requests} == {"cli"}
    assert run["run"].install_at(HOST)["id"] == run["run"].result["install"]["id"]
    assert run["again"].changed is False and run["again"].commands == ["installs"]


def test_missing_key_sends_nothing(sandbox, tmp_path):
    sandbox.reset()
    run = play(sandbox, tmp_path, [install("run", site(HOST), ignore_errors=True)], defaults={"api_key": None})
    assert run["run"].failed and "api_key" in run["run"].result["msg"]
    assert run["run"].requests == []
