# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading modules show no secret at -vvvv --diff, whether from options or from the server."""

import json
from urllib.parse import quote

import pytest
from harness import KEY, PLACES, api, site, websites
from reading import play_reading_tasks, reading_task, send

HOST = "vault.example"
SECRETS = {
    "ftp": "canary-ftp-password",
    "databases": "canary-databases-password",
    "custom": "canary-custom-password",
    "db_pass": 'canary-db-pass-$dollar"quoted"',
    "bkloc": "canary-bkloc-password",
    "passwd": "canary-passwd/&",
    "returned": "canary-returned-by-server",
}
FTP = "ftp://web:%s@files.example/home" % SECRETS["ftp"]


def header():
    """Return websites with secrets in their parts."""
    return websites(
        HOST,
        path=FTP,
        databases=[{"host": "localhost", "name": "d", "user": "d", "pass": SECRETS["databases"]}],
        custom={"_panel_password": SECRETS["custom"]},
    )


def prepare(sandbox):
    """Install a site with secrets that the reading tasks do not receive, and back it up."""
    body = {"key": KEY, "user": "alice", "websites": websites(HOST, path=FTP)}
    options = site(
        HOST,
        db_pass=SECRETS["db_pass"],
        passwd=SECRETS["passwd"],
        bkloc="ftp://keeper:%s@backup.example/x" % SECRETS["bkloc"],
    )
    row = send(sandbox, "POST", sandbox.url, dict(body, cmd="install", **options))["data"]
    send(sandbox, "POST", sandbox.url, dict(body, cmd="backup", id=row["id"]))


def fault(name, command, **more):
    """Return the preparations that set only this fault."""
    return [["DELETE", "/faults", None], ["POST", "/faults", dict({"command": command, "fault": name}, **more)]]


def reading_tasks(sandbox):
    """Return the tasks: successes, and errors that quote the response of the server."""
    rows = [
        {
            "id": "x",
            "db-pass": SECRETS["returned"],
            "backup-location": "ftp://keeper:%s@backup.example" % SECRETS["bkloc"],
        }
    ]
    quoted = {"message": "Error: wrong password %s, key %s" % (FTP, KEY)}
    failing = fault("task_fails", "backup", **quoted) + [
        api(sandbox, [HOST], "backup", id="@" + HOST, background="yes", websites=websites(HOST, path=FTP))
    ]
    install = {"url": "http://%s" % HOST}
    # The names are literal here, because Ansible shows the value of a variable with a canary.
    return [
        reading_task("installs", "itron_install_info", {}),
        reading_task("visit", "itron_install_info", dict(install, addons=True, refresh=True)),
        reading_task("backups", "itron_backup_info", {"install": install["url"]}),
        reading_task("tasks", "itron_task_info", {}),
        reading_task("apps", "itron_app_facts", {"application": "wordpress"}),
        reading_task("failed task", "itron_task_info", {}, before=failing),
        reading_task("cut installs", "itron_install_info", {}, before=fault("cut_json", "installs")),
        reading_task("cut backups", "itron_backup_info", {}, before=fault("cut_json", "backups")),
        reading_task("type", "itron_backup_info", {}, before=fault("wrong_data_type", "backups", data=dict(rows[0]))),
        reading_task("no tables", "itron_install_info", {}, before=fault("wrong_data_type", "installs", data=rows + ["x"])),
        reading_task("quoted", "itron_app_facts", {}, before=fault("refused", "browser", **quoted)),
        reading_task("quoted visit", "itron_install_info", {"refresh": True}, before=fault("refused", "view", **quoted)),
        reading_task(
            "input",
            "itron_backup_info",
            {"install": "http://web:%s@%s" % (SECRETS["ftp"], HOST)},
            before=[["DELETE", "/faults", None]],
        ),
    ]


@pytest.fixture(scope="module", params=PLACES)
def run(request, sandbox, tmp_path_factory):
    """The playbook at -vvvv --diff, by action or by module."""
    sandbox.reset()
    prepare(sandbox)
    tasks = reading_tasks(sandbox)
    run = play_reading_tasks(
        sandbox,
        tmp_path_factory.mktemp("secrets") / request.param,
        tasks,
        request.param,
        ["-vvvv", "--diff"],
        {"ITRON_API_KEY": KEY},
        api_key=None,
        websites=header(),
        timeout=3,
    )
    return run


def test_tasks_succeeded(run):
    failing = {"cut installs", "cut backups", "type", "no tables", "quoted", "input"}
    assert {name for name, record in run.records.items() if record.failed} == failing, {
        name: record.result.get("msg") for name, record in run.records.items()
    }
    assert len(run["visit"].result["installs"]) == len(run["backups"].result["backups"]) == 1
    assert run["quoted visit"].result["not_visited"]


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_secrets_not_shown(run, name):
    secret = SECRETS[name]
    forms = {secret, quote(secret, safe=""), json.dumps(secret)[1:-1], json.dumps(json.dumps(secret))[3:-3]}
    results = json.dumps([record.result for record in run.records.values()])
    for where, text in (("output", run.output), ("log", run.log), ("results", results)):
        for form in forms:
            at = text.find(form)
            assert at < 0, "%s in the %s: ...%s..." % (name, where, text[max(0, at - 200) : at + 40])


def test_key_not_shown(run):
    assert KEY not in run.output
    assert KEY not in run.log


def test_plain_values_readable(run):
    install = run["visit"].result["installs"][0]
    assert (install["url"], install["db_name"], install["bkloc"]) == (
        "http://%s" % HOST,
        "vault_example",
        "ftp://keeper:********@backup.example/x",
    )
    backup = run["backups"].result["backups"][0]
    assert "backup.example" in backup["location"] and "keeper" in backup["location"]
    fields = run["apps"].result["ansible_facts"]["itron_apps"][0]["fields"]
    assert fields["passwd"]["label"] == "Administrator Password"
