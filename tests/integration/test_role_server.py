# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role server on an empty second host with a stand-in of the vendor's installer: changes, removal, and restored state."""

import hashlib
import json
import os
import secrets
import shlex
import signal
import subprocess

import pytest
from harness import KEY, ROOT, wait_for
from second_host import PYTHON, missing_requirement
from server_host import HOME, INSTALLER, LICENSE, NGINX_CONF, WORK, Target, clone

SETTINGS = HOME + "/etc/settings.ini"
PROGRAM = ROOT / "roles" / "server" / "files" / "itron_server"
DATABASE = {"server_db_host": "127.0.0.1", "server_db_user": "itron", "server_db_name": "itron"}


@pytest.fixture(scope="module", autouse=True)
def require_second_host():
    """Skip the tests if this machine cannot run a second host."""
    if missing_requirement():
        pytest.skip(missing_requirement())


@pytest.fixture(scope="module")
def first_check(sandbox, tmp_path_factory):
    """(An empty target, a check mode run of the role on it, whether the run left the target unchanged)."""
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
    """A separate target for the test, with the server installed."""
    return clone(installed[0], tmp_path, sandbox)


# --- the role ---------------------------------------------------------------------------------------------------------


def test_check_mode_empty_machine(first_check):
    _target, run, untouched = first_check
    assert (run.status, run.warnings, untouched) == (0, [], True), run.output
    assert run.shown("Report the planned action") == "Installatron Server is not installed."


def test_installation(installed):
    target, run = installed
    assert (run.status, run.warnings) == (0, []), run.output
    assert target.text("/var/stand-in/arguments") == "-f --key %s\n" % LICENSE
    assert run.fact == {"action": "install", "version_before": "", "version": "10.0.0",
                        "installer_checksum": "sha256:" + hashlib.sha256(INSTALLER.read_bytes()).hexdigest()}
    # The key that the installer generated is replaced.
    assert target.settings() == {"key": KEY, "key2": "", "admin": "root", "db-pass": ""}
    assert "admin=root ; the main administrator\n" in target.text(SETTINGS)
    assert target.file(SETTINGS).stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in target.file(WORK).iterdir()) == ["added.json", "backups", "installer.log", "lock"]
    assert target.file(WORK).stat().st_mode & 0o777 == 0o700
    copies = list(target.file(WORK).glob("backups/*/*/etc/nginx/nginx.conf"))
    assert [copy.read_text(encoding="utf-8") for copy in copies] == [NGINX_CONF]


def test_idempotency(installed, sandbox):
    target, _run = installed
    target.file("/var/stand-in/available").write_text("10.0.1\n", encoding="utf-8")
    before = target.state()
    # The types of values from -e name=value.
    texts = {"server_upgrade": "no", "server_key_revoke": "false", "server_web_server_guard": "yes", "server_free_space": "1", "server_installer_timeout": "60"}
    run = target.play(server_key=KEY, server_api_url=sandbox.url, server_settings={"admin": "root"}, arguments=["--diff"], **texts)
    target.switch("available", on=False)
    assert (run.status, run.changed, run.warnings) == (0, [], []), run.output
    assert target.state() == before and target.text("/var/stand-in/arguments").count("\n") == 1


def test_upgrade_with_key_rotation(target, sandbox):
    target.file("/var/stand-in/available").write_text("10.0.1\n", encoding="utf-8")
    following, before = secrets.token_hex(16), target.state()
    wanted = {"server_upgrade": True, "server_key": KEY, "server_key_next": following, "server_api_url": sandbox.url, "server_license_key": ""}
    check = target.play(check=True, **wanted)
    assert check.status == 0 and target.state() == before, check.output
    assert check.shown("Report the planned action") == "Installatron Server 10.0.0 is upgraded to 10.0.1."
    run = target.play(**wanted)
    diff = "Show the changes to settings.ini without secrets"
    assert run.status == 0 and run.shown(diff) == check.shown(diff) == ["-key2=(set)", "+key2=(changed)"], run.output
    assert target.text("/var/stand-in/arguments").splitlines()[1:] == ["-f --quick"]
    assert (run.fact["version_before"], run.fact["version"]) == ("10.0.0", "10.0.1")
    assert (target.settings()["key"], target.settings()["key2"], target.settings()["admin"]) == (KEY, following, "root")
    assert following not in run.output + run.log and KEY not in run.output + run.log


def test_server_does_not_answer(target):
    target.switch("silent")
    before = target.state()
    run = target.play(server_upgrade=True)
    assert run.status == 2 and "Often its database is not running. server_repair: true runs" in run.message, run.output
    assert target.state() == before and target.text("/var/stand-in/arguments").count("\n") == 1


def test_key_refused(target, sandbox):
    run = target.play(server_key=secrets.token_hex(16), server_api_url=sandbox.url, server_api_retries=0)
    assert run.status == 2 and "api_key" in run.message, run.output
    assert KEY in (target.settings()["key"], target.settings()["key2"])


def test_removal(target):
    settings, data = target.text(SETTINGS), target.file("/var/installatron/backup.tar")
    data.write_text("a backup", encoding="utf-8")
    assert target.play(server_state="absent", check=True).shown("Report the planned action") == "Installatron Server is removed."
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


# --- secrets, and failures before and in the installer ----------------------------------------------------------------


def test_wrong_license_restores_machine(sandbox, tmp_path):
    target = Target(tmp_path, sandbox, nginx=True)
    canary = {name: "cny%s" % secrets.token_hex(6) for name in ("license", "wrong", "db", "key", "next", "setting")}
    wanted = {**DATABASE, "server_db_password": canary["db"] + " '\"$&/ü", "server_key": canary["key"], "server_key_next": canary["next"],
              "server_secret_settings": {"odd": canary["setting"]}}
    nginx = {name: entry for name, entry in target.state().items() if name.startswith("/etc")}
    target.switch("break_nginx")
    runs = [target.play(arguments=["-vvvv", "--diff"], **wanted, server_license_key="WRONG-" + canary["wrong"])]
    assert runs[0].status == 2 and "Check server_license_key" in runs[0].message and "is not valid for this server" in runs[0].message, runs[0].output
    assert {name: entry for name, entry in target.state().items() if name.startswith("/etc")} == nginx and not target.file(HOME).exists()
    target.switch("break_nginx", on=False)
    runs.append(target.play(arguments=["-vvvv", "--diff"], **wanted, server_license_key=canary["license"]))
    assert runs[1].status == 0 and target.settings()["odd"] == canary["setting"], runs[1].output[-3000:]
    said = "".join(run.output + run.log for run in runs)
    assert [name for name, token in canary.items() if token in said] == []
    files = [path for path in target.root.parent.rglob("*") if path.is_file() and not path.is_symlink() and "stand-in" not in path.parts]
    held = {path.name: [name for name, token in canary.items() if token.encode() in path.read_bytes()] for path in files}
    assert {path: names for path, names in held.items() if names} == {"settings.ini": ["db", "key", "next", "setting"]}
    # The process list contains the documented arguments of the vendor's script and no others.
    seen = target.text("/var/stand-in/processes")
    times = {name: seen.count(token) for name, token in canary.items()}
    given = {"license": canary["license"], "wrong": "WRONG-" + canary["wrong"]}
    script = {name: seen.count("-f --key %s --db-host=127.0.0.1" % value) for name, value in given.items()}
    # A command line can appear twice while the shell of the script forks.
    assert times == {**script, "db": sum(script.values()), "key": 0, "next": 0, "setting": 0} and min(script.values()) > 0


def test_wrong_checksum_and_full_disk(sandbox, tmp_path):
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
    "server_installer_checksum: required": {"server_installer_src": "", "server_installer_url": "http://mirror.example/installer.sh"},
    "server_installer_checksum: must be sha256:": {"server_installer_checksum": "md5:" + "0" * 32},
    "server_license_key": {"server_license_key": "a key; rm -rf /"},
    "server_api_url": {"server_api_url": "https://installatron.example/server/v1"},
    "server_installer_timeout": {"server_backups_kept": 0},
    "server_work_directory": {"server_work_directory": "/"},
}


def test_conflicting_options(installed):
    run = installed[0].play_cases(REFUSED.values())
    messages = [record.result["msg"] for record in run.records if record.failed]
    assert [message[:len(begin)] for message, begin in zip(messages, REFUSED)] == list(REFUSED) and len(messages) == len(REFUSED), run.output
    assert not any(record.name == "Examine the target" for record in run.records)


# --- the program that supervises the installer, without Ansible -------------------------------------------------------


def request(action="upgrade", **more):
    """Return a request to the program."""
    arguments = ["-f", "--quick"] if action == "upgrade" else ["-f", "--key", LICENSE]
    return {"work_to_do": "install", "action": action, "arguments": arguments, "home": HOME, "data": "/var/installatron", "cron": "/etc/cron.d/installatron",
            "work": WORK, "checksum": "", "timeout": 60, "verify_timeout": 0, "version_wanted": "", "guard": True, "keep": 2, "secrets": [], **more}


def start(target, script=None, **more):
    """Start the program on a target. Return the process, which has received its request."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in PROGRAM.glob("*.py")}
    target.file(WORK).mkdir(parents=True, exist_ok=True)
    (target.file(WORK) / "installatron-server.sh").write_bytes(script or INSTALLER.read_bytes())
    process = subprocess.Popen([str(target.enter), "exec %s -c %s" % (PYTHON, shlex.quote(texts["run"]))], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    process.stdin.write(json.dumps({"program": texts, "module": "work", "request": request(**more)}))
    process.stdin.close()
    return process


def run_program(target, **more):
    """Run the program on a target. Return its response."""
    process = start(target, **more)
    with process:
        return json.loads(process.stdout.read())


def kept(target):
    """Return the state that must be restored, without the directory of the role."""
    return {name: entry for name, entry in target.state().items() if not name.startswith(WORK)}


def wait_for_installer(target):
    """Wait until the stand-in waits for the license server."""
    wait_for(lambda: (target.file(HOME) / "core").exists() and target.text(HOME + "/core") == "half-made\n", 60, "the installer does not start")


@pytest.mark.parametrize(("switch", "words"), [
    ("fail", "failed with exit status 3"),
    ("hang", "did not finish within 1 seconds (server_installer_timeout)"),
    ("silent", "reported success, but /usr/local/installatron/installatron --GET /version fails: it exited with status 255"),
    ("break_nginx", "The configuration of nginx worked before the installer ran, but not afterwards."),
])
def test_upgrade_failure_restores_state(target, switch, words):
    before = kept(target)
    target.switch(switch)
    answer = run_program(target, timeout=1 if switch == "hang" else 60)
    assert words in answer["problem"] and "The previous state is restored. " in answer["problem"], answer
    assert kept(target) == before
    aside = next(target.file(WORK).glob("failed-*"))
    name, text = ("core", "half-made\n") if switch in ("fail", "hang") else ("version", "10.0.1\n")
    assert (aside / HOME[1:] / name).read_text(encoding="utf-8") == text
    assert list(aside.rglob("settings.ini")) == list(target.file(WORK).glob("backups/*/programs")) == []
    if switch == "break_nginx":
        assert "broken" in (aside / "etc/nginx/nginx.conf").read_text(encoding="utf-8")
        assert target.text("/var/stand-in/nginx").splitlines()[-2:] == ["-s reload", "-t"]


def test_web_server_broken_before(target):
    target.file("/etc/nginx/nginx.conf").write_text("broken by its operator", encoding="utf-8")
    assert run_program(target)["problem"] is None
    assert target.text("/etc/nginx/nginx.conf") == "broken by its operator" and target.text(HOME + "/version") == "10.0.1\n"


def test_ineffective_installer_fails(target):
    target.switch("same_version")
    assert "still has version 10.0.0 and not 10.0.1" in run_program(target, version_wanted="10.0.1")["problem"]
    target.switch("unlicensed")
    answer = run_program(target, action="install")
    assert "reports that it has no valid license" in answer["problem"] and "Check server_license_key" in answer["problem"]


def test_installer_not_a_script(target):
    before = kept(target)
    assert "is not a script, it begins with '<html>'" in run_program(target, script=b"<html>\nexit 1\n")["problem"]
    digest = "sha512:" + "0" * 128
    assert run_program(target, checksum=digest)["problem"].startswith("server_installer_checksum: the checksum of the installer is sha512:")
    assert run_program(target, checksum="sha256:" + hashlib.sha256(INSTALLER.read_bytes()).hexdigest().upper())["problem"] is None
    assert target.text("/var/stand-in/arguments").count("\n") == 2 and kept(target) != before


def test_configuration_copies_limited(target):
    for name in ("20000101-000000", "20010101-000000"):
        (target.file(WORK) / "backups" / name).mkdir()
    run_program(target)
    assert not {"20000101-000000", "20010101-000000"} & {path.name for path in (target.file(WORK) / "backups").iterdir()}


def test_termination_and_lock(target):
    before = kept(target)
    target.switch("hang")
    with start(target) as process:
        wait_for_installer(target)
        assert run_program(target)["problem"].startswith("Another run of the role server is active on this host")
        os.kill(process.pid, signal.SIGHUP)
        os.kill(process.pid, signal.SIGTERM)
        answer = json.loads(process.stdout.read())
    assert "was terminated because the role was interrupted" in answer["problem"] and kept(target) == before


def test_removal_of_package(target):
    manager = "echo \"$*\" >>/var/stand-in/rpm\n[ \"$1\" != -e ] || rm -r %s/etc %s/core\n" % (HOME, HOME)
    (target.local / "bin").mkdir()
    (target.local / "bin" / "rpm").write_text("#!/bin/sh\n" + manager, encoding="utf-8")
    (target.local / "bin" / "rpm").chmod(0o755)
    settings = (target.text(SETTINGS), target.file(SETTINGS).stat().st_mode)
    target.file("/etc/nginx/conf.d/installatron.conf").write_text("# changed by its operator: root %s/http;\n" % HOME, encoding="utf-8")
    answer = run_program(target, work_to_do="remove", remove_data=False)
    assert answer == {"changed": True, "problem": None, "mentions": ["/etc/nginx/conf.d/installatron.conf"]}
    assert target.text("/var/stand-in/rpm") == "-q installatron-server\n-e installatron-server\n"
    assert (target.text(SETTINGS), target.file(SETTINGS).stat().st_mode) == settings
    assert [path.name for path in target.file(HOME).iterdir()] == ["etc"]


def test_web_server_configuration_restored(target):
    # This web server rejects its configuration if the server's file is missing.
    nginx = '[ "$1" != -t ] || [ -e /etc/nginx/conf.d/installatron.conf ]\n'
    (target.local / "sbin" / "nginx").write_text("#!/bin/sh\n" + nginx, encoding="utf-8")
    web = {name: entry for name, entry in target.state().items() if name.startswith("/etc/nginx")}
    answer = run_program(target, work_to_do="remove", remove_data=False)
    assert "is removed, but nginx does not accept its configuration without the server's part" in answer["problem"]
    assert {name: entry for name, entry in target.state().items() if name.startswith("/etc/nginx")} == web


def test_installation_killed_resumes(sandbox, tmp_path):
    target = Target(tmp_path, sandbox, nginx=True)
    target.switch("hang")
    target.switch("break_nginx")
    with start(target, action="install") as process:
        wait_for_installer(target)
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
