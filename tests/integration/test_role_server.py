# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role server on an empty second host with a stand-in of the vendor's installer: what it does, what it leaves, and what it puts back."""

import hashlib
import json
import os
import secrets
import shlex
import signal
import subprocess

import pytest
from harness import KEY, ROOT, wait_for
from second_host import PYTHON, obstacle
from server_host import HOME, INSTALLER, LICENSE, NGINX_CONF, WORK, Target, clone

SETTINGS = HOME + "/etc/settings.ini"
PROGRAM = ROOT / "roles" / "server" / "files" / "itron_server"
DATABASE = {"server_db_host": "127.0.0.1", "server_db_user": "itron", "server_db_name": "itron"}


@pytest.fixture(scope="module", autouse=True)
def possible():
    """Skip the tests, with the reason, where this machine cannot have a second host."""
    if obstacle():
        pytest.skip(obstacle())


@pytest.fixture(scope="module")
def first_check(sandbox, tmp_path_factory):
    """(An empty target, the check of the role on it, whether it left anything)."""
    target = Target(tmp_path_factory.mktemp("installed"), sandbox, nginx=True)
    before = target.state()
    run = target.play(check=True)
    return target, run, target.state() == before


@pytest.fixture(scope="module")
def installed(first_check, sandbox):
    """(The target after an installation, the run)."""
    target = first_check[0]
    return target, target.play(server_key=KEY, server_api_url=sandbox.url, server_settings={"admin": "root"})


@pytest.fixture
def target(installed, sandbox, tmp_path):
    """A target of the test's own, on which the server is installed."""
    return clone(installed[0], tmp_path, sandbox)


# --- the role ---------------------------------------------------------------------------------------------------------


def test_a_check_of_an_empty_machine_says_what_a_run_does_and_leaves_nothing(first_check):
    _target, run, untouched = first_check
    assert (run.status, run.complaints, untouched) == (0, [], True), run.output
    assert run.shown("Say what a run would do") == "Installatron Server is not installed."


def test_the_installation(installed):
    target, run = installed
    assert (run.status, run.complaints) == (0, []), run.output
    assert target.text("/var/stand-in/arguments") == "-f --key %s\n" % LICENSE
    assert run.fact == {"action": "install", "version_before": "", "version": "10.0.0",
                        "installer_checksum": "sha256:" + hashlib.sha256(INSTALLER.read_bytes()).hexdigest()}
    # The key that the installer made up is nobody's.
    assert target.settings() == {"key": KEY, "key2": "", "admin": "root", "db-pass": ""}
    assert "admin=root ; the main administrator\n" in target.text(SETTINGS)
    assert target.file(SETTINGS).stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in target.file(WORK).iterdir()) == ["added.json", "backups", "installer.log", "lock"]
    assert target.file(WORK).stat().st_mode & 0o777 == 0o700
    copies = list(target.file(WORK).glob("backups/*/*/etc/nginx/nginx.conf"))
    assert [copy.read_text(encoding="utf-8") for copy in copies] == [NGINX_CONF]


def test_the_second_run_changes_nothing(installed, sandbox):
    target, _run = installed
    target.file("/var/stand-in/available").write_text("10.0.1\n", encoding="utf-8")
    before = target.state()
    # As -e name=value gives them.
    texts = {"server_upgrade": "no", "server_key_revoke": "false", "server_web_server_guard": "yes", "server_free_space": "1", "server_installer_timeout": "60"}
    run = target.play(server_key=KEY, server_api_url=sandbox.url, server_settings={"admin": "root"}, arguments=["--diff"], **texts)
    target.switch("available", on=False)
    assert (run.status, run.changed, run.complaints) == (0, [], []), run.output
    assert target.state() == before and target.text("/var/stand-in/arguments").count("\n") == 1


def test_an_upgrade_and_a_rotation_in_one_run_after_a_check_that_says_the_same(target, sandbox):
    target.file("/var/stand-in/available").write_text("10.0.1\n", encoding="utf-8")
    following, before = secrets.token_hex(16), target.state()
    wanted = {"server_upgrade": True, "server_key": KEY, "server_key_next": following, "server_api_url": sandbox.url, "server_license_key": ""}
    check = target.play(check=True, **wanted)
    assert check.status == 0 and target.state() == before, check.output
    assert check.shown("Say what a run would do") == "Installatron Server 10.0.0 is upgraded to 10.0.1."
    run = target.play(**wanted)
    diff = "Show what changes in settings.ini, without secrets"
    assert run.status == 0 and run.shown(diff) == check.shown(diff) == ["-key2=(set)", "+key2=(changed)"], run.output
    assert target.text("/var/stand-in/arguments").splitlines()[1:] == ["-f --quick"]
    assert (run.fact["version_before"], run.fact["version"]) == ("10.0.0", "10.0.1")
    assert (target.settings()["key"], target.settings()["key2"], target.settings()["admin"]) == (KEY, following, "root")
    assert following not in run.output + run.log and KEY not in run.output + run.log


def test_a_server_that_does_not_answer_is_left_alone_with_words(target):
    target.switch("silent")
    before = target.state()
    run = target.play(server_upgrade=True)
    assert run.status == 2 and "often its database does not run. server_repair: true lets" in run.message, run.output
    assert target.state() == before and target.text("/var/stand-in/arguments").count("\n") == 1


def test_an_address_that_refuses_the_key_is_a_failure(target, sandbox):
    run = target.play(server_key=secrets.token_hex(16), server_api_url=sandbox.url, server_api_retries=0)
    assert run.status == 2 and "api_key" in run.message, run.output
    assert KEY in (target.settings()["key"], target.settings()["key2"])


def test_removal_keeps_data_and_settings_until_they_are_to_go_too(target):
    settings, data = target.text(SETTINGS), target.file("/var/installatron/backup.tar")
    data.write_text("a backup", encoding="utf-8")
    assert target.play(server_state="absent", check=True).shown("Say what a run would do") == "Installatron Server is removed."
    assert target.file(HOME + "/installatron").exists()
    run = target.play(server_state="absent")
    assert run.status == 0 and run.changed == ["Remove Installatron Server"], run.output
    assert target.text(SETTINGS) == settings and data.exists()
    assert not target.file(HOME + "/installatron").exists() and not target.file("/etc/cron.d/installatron").exists()
    assert [path.name for path in target.file("/etc/nginx").rglob("*") if path.is_file()] == ["nginx.conf"]
    assert target.text("/var/stand-in/nginx").splitlines()[-1] == "-s reload"
    before = target.state()
    run = target.play(server_state="absent")
    assert (run.status, run.changed) == (0, []) and target.state() == before, run.output
    run = target.play(server_state="absent", server_remove_data=True)
    assert run.status == 0 and not any(target.file(path).exists() for path in (HOME, "/var/installatron", WORK)), run.output


# --- secrets, and what goes wrong before and in the installer ---------------------------------------------------------


def test_no_secret_is_shown_or_left_and_a_wrong_licence_leaves_the_machine_as_it_was(sandbox, tmp_path):
    target = Target(tmp_path, sandbox, nginx=True)
    canary = {name: "cny%s" % secrets.token_hex(6) for name in ("license", "wrong", "db", "key", "next", "setting")}
    wanted = {**DATABASE, "server_db_password": canary["db"] + " '\"$&/ü", "server_key": canary["key"], "server_key_next": canary["next"],
              "server_secret_settings": {"odd": canary["setting"]}}
    nginx = {name: entry for name, entry in target.state().items() if name.startswith("/etc")}
    target.switch("break_nginx")
    runs = [target.play(arguments=["-vvvv", "--diff"], **wanted, server_license_key="WRONG-" + canary["wrong"])]
    assert runs[0].status == 2 and "Is server_license_key right" in runs[0].message and "is not valid for this server" in runs[0].message, runs[0].output
    assert {name: entry for name, entry in target.state().items() if name.startswith("/etc")} == nginx and not target.file(HOME).exists()
    target.switch("break_nginx", on=False)
    runs.append(target.play(arguments=["-vvvv", "--diff"], **wanted, server_license_key=canary["license"]))
    assert runs[1].status == 0 and target.settings()["odd"] == canary["setting"], runs[1].output[-3000:]
    said = "".join(run.output + run.log for run in runs)
    assert [name for name, token in canary.items() if token in said] == []
    files = [path for path in target.root.parent.rglob("*") if path.is_file() and not path.is_symlink() and "stand-in" not in path.parts]
    held = {path.name: [name for name, token in canary.items() if token.encode() in path.read_bytes()] for path in files}
    assert {path: names for path, names in held.items() if names} == {"settings.ini": ["db", "key", "next", "setting"]}
    # In the process list are the documented arguments of the vendor's script, and nothing else.
    seen = target.text("/var/stand-in/processes")
    times = {name: seen.count(token) for name, token in canary.items()}
    given = {"license": canary["license"], "wrong": "WRONG-" + canary["wrong"]}
    script = {name: seen.count("-f --key %s --db-host=127.0.0.1" % value) for name, value in given.items()}
    # More than once where the shell of the script has just made a process.
    assert times == {**script, "db": sum(script.values()), "key": 0, "next": 0, "setting": 0} and min(script.values()) > 0


def test_a_wrong_checksum_and_a_full_disk_stop_before_anything_is_executed(sandbox, tmp_path):
    target = Target(tmp_path, sandbox)
    (target.root / "installer.sh").write_bytes(INSTALLER.read_bytes())
    run = target.play(server_installer_src="", server_installer_url="file:///installer.sh", server_installer_checksum="sha256:" + "0" * 64)
    assert run.status == 2 and "did not match" in run.message and "server_installer_checksum" in run.message, run.output
    assert "Nothing was executed" in run.message and sorted(path.name for path in target.file(WORK).iterdir()) == []
    run = target.play(server_free_space=1 << 40)
    assert run.status == 2 and "MiB are free for" in run.message and "server_free_space" in run.message, run.output
    assert not target.file("/var/stand-in/arguments").exists() and not target.file(HOME).exists()


REFUSED = {
    "server_db_host": {"server_db_host": "db.example"},
    "server_installer_checksum: it is needed": {"server_installer_src": "", "server_installer_url": "http://mirror.example/installer.sh"},
    "server_installer_checksum: sha256:": {"server_installer_checksum": "md5:" + "0" * 32},
    "server_license_key": {"server_license_key": "a key; rm -rf /"},
    "server_api_url": {"server_api_url": "https://installatron.example/server/v1"},
    "server_installer_timeout": {"server_backups_kept": 0},
    "server_work_directory": {"server_work_directory": "/"},
}


def test_options_that_do_not_go_together(installed):
    run = installed[0].play_cases(REFUSED.values())
    messages = [record.result["msg"] for record in run.records if record.failed]
    assert [message[:len(begin)] for message, begin in zip(messages, REFUSED)] == list(REFUSED) and len(messages) == len(REFUSED), run.output
    assert not any(record.name == "Look at the target" for record in run.records)


# --- the program that watches the installer, without Ansible ----------------------------------------------------------


def request(action="upgrade", **more):
    """Return a request to the program."""
    arguments = ["-f", "--quick"] if action == "upgrade" else ["-f", "--key", LICENSE]
    return {"work_to_do": "install", "action": action, "arguments": arguments, "home": HOME, "data": "/var/installatron", "cron": "/etc/cron.d/installatron",
            "work": WORK, "checksum": "", "timeout": 60, "verify_timeout": 0, "version_wanted": "", "guard": True, "keep": 2, "secrets": [], **more}


def start(target, script=None, **more):
    """Start the program on a target; return the process, which has its request."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in PROGRAM.glob("*.py")}
    target.file(WORK).mkdir(parents=True, exist_ok=True)
    (target.file(WORK) / "installatron-server.sh").write_bytes(script or INSTALLER.read_bytes())
    process = subprocess.Popen([str(target.enter), "exec %s -c %s" % (PYTHON, shlex.quote(texts["run"]))], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    process.stdin.write(json.dumps({"program": texts, "module": "work", "request": request(**more)}))
    process.stdin.close()
    return process


def carry_out(target, **more):
    """Run the program on a target; return its answer."""
    process = start(target, **more)
    with process:
        return json.loads(process.stdout.read())


def kept(target):
    """Return the state that has to be there again, without the directory of the role."""
    return {name: entry for name, entry in target.state().items() if not name.startswith(WORK)}


def begun(target):
    """Wait until the stand-in waits for the licence server."""
    wait_for(lambda: (target.file(HOME) / "core").exists() and target.text(HOME + "/core") == "half-made\n", 60, "the installer does not begin")


@pytest.mark.parametrize(("switch", "words"), [
    ("fail", "ended with exit status 3"),
    ("hang", "did not end within 1 seconds (server_installer_timeout)"),
    ("silent", "reported success, but /usr/local/installatron/installatron --GET /version fails: it ended with exit status 255"),
    ("break_nginx", "The configuration of nginx was good before the installer ran and is not after it."),
])
def test_after_a_failed_upgrade_the_old_state_is_in_place(target, switch, words):
    before = kept(target)
    target.switch(switch)
    answer = carry_out(target, timeout=1 if switch == "hang" else 60)
    assert words in answer["problem"] and "The state from before is in place again; " in answer["problem"], answer
    assert kept(target) == before
    aside = next(target.file(WORK).glob("failed-*"))
    name, text = ("core", "half-made\n") if switch in ("fail", "hang") else ("version", "10.0.1\n")
    assert (aside / HOME[1:] / name).read_text(encoding="utf-8") == text
    assert list(aside.rglob("settings.ini")) == list(target.file(WORK).glob("backups/*/programs")) == []
    if switch == "break_nginx":
        assert "broken" in (aside / "etc/nginx/nginx.conf").read_text(encoding="utf-8")
        assert target.text("/var/stand-in/nginx").splitlines()[-2:] == ["-s reload", "-t"]


def test_a_web_server_that_was_broken_before_is_not_touched(target):
    target.file("/etc/nginx/nginx.conf").write_text("broken by its operator", encoding="utf-8")
    assert carry_out(target)["problem"] is None
    assert target.text("/etc/nginx/nginx.conf") == "broken by its operator" and target.text(HOME + "/version") == "10.0.1\n"


def test_an_installation_without_a_licence_and_an_upgrade_without_a_new_version_are_no_success(target):
    target.switch("same_version")
    assert "still has version 10.0.0 and not 10.0.1" in carry_out(target, version_wanted="10.0.1")["problem"]
    target.switch("unlicensed")
    answer = carry_out(target, action="install")
    assert "says that it has no valid licence" in answer["problem"] and "Is server_license_key right" in answer["problem"]


def test_what_is_no_script_is_not_executed(target):
    before = kept(target)
    assert "is no script, it begins with '<html>'" in carry_out(target, script=b"<html>\nexit 1\n")["problem"]
    digest = "sha512:" + "0" * 128
    assert carry_out(target, checksum=digest)["problem"].startswith("server_installer_checksum: the installer has the checksum sha512:")
    assert carry_out(target, checksum="sha256:" + hashlib.sha256(INSTALLER.read_bytes()).hexdigest().upper())["problem"] is None
    assert target.text("/var/stand-in/arguments").count("\n") == 2 and kept(target) != before


def test_copies_of_the_configuration_do_not_pile_up(target):
    for name in ("20000101-000000", "20010101-000000"):
        (target.file(WORK) / "backups" / name).mkdir()
    carry_out(target)
    assert not {"20000101-000000", "20010101-000000"} & {path.name for path in (target.file(WORK) / "backups").iterdir()}


def test_a_request_to_end_puts_things_in_order_and_a_second_run_waits_its_turn(target):
    before = kept(target)
    target.switch("hang")
    with start(target) as process:
        begun(target)
        assert carry_out(target)["problem"].startswith("Another run of the role server works on this host")
        os.kill(process.pid, signal.SIGHUP)
        os.kill(process.pid, signal.SIGTERM)
        answer = json.loads(process.stdout.read())
    assert "was ended because the role was interrupted" in answer["problem"] and kept(target) == before


def test_removal_of_a_package_keeps_the_settings_and_what_others_wrote(target):
    manager = "echo \"$*\" >>/var/stand-in/rpm\n[ \"$1\" != -e ] || rm -r %s/etc %s/core\n" % (HOME, HOME)
    (target.local / "bin").mkdir()
    (target.local / "bin" / "rpm").write_text("#!/bin/sh\n" + manager, encoding="utf-8")
    (target.local / "bin" / "rpm").chmod(0o755)
    settings = (target.text(SETTINGS), target.file(SETTINGS).stat().st_mode)
    target.file("/etc/nginx/conf.d/installatron.conf").write_text("# changed by its operator: root %s/http;\n" % HOME, encoding="utf-8")
    answer = carry_out(target, work_to_do="remove", remove_data=False)
    assert answer == {"changed": True, "problem": None, "mentions": ["/etc/nginx/conf.d/installatron.conf"]}
    assert target.text("/var/stand-in/rpm") == "-q installatron-server\n-e installatron-server\n"
    assert (target.text(SETTINGS), target.file(SETTINGS).stat().st_mode) == settings
    assert [path.name for path in target.file(HOME).iterdir()] == ["etc"]


def test_a_web_server_that_needs_the_configuration_gets_it_back(target):
    # This one breaks when the file of the server is gone.
    nginx = '[ "$1" != -t ] || [ -e /etc/nginx/conf.d/installatron.conf ]\n'
    (target.local / "sbin" / "nginx").write_text("#!/bin/sh\n" + nginx, encoding="utf-8")
    web = {name: entry for name, entry in target.state().items() if name.startswith("/etc/nginx")}
    answer = carry_out(target, work_to_do="remove", remove_data=False)
    assert "is removed, but nginx does not accept its configuration without the server's part" in answer["problem"]
    assert {name: entry for name, entry in target.state().items() if name.startswith("/etc/nginx")} == web


def test_a_killed_installation_is_finished_by_the_next_run(sandbox, tmp_path):
    target = Target(tmp_path, sandbox, nginx=True)
    target.switch("hang")
    target.switch("break_nginx")
    with start(target, action="install") as process:
        begun(target)
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True, check=True).stdout.split()
        process.kill()
    for child in children:
        os.killpg(int(child), signal.SIGKILL)
    assert "broken" in target.text("/etc/nginx/nginx.conf")
    target.switch("hang", on=False)
    target.switch("break_nginx", on=False)
    (target.file(HOME) / "installatron").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    (target.file(HOME) / "installatron").chmod(0o755)
    run = target.play()
    assert run.status == 0 and run.fact["action"] == "install" and run.fact["version"] == "10.0.0", run.output
    assert target.text("/etc/nginx/nginx.conf") == NGINX_CONF
    assert not (target.file(WORK) / "running.json").exists()
