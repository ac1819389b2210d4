# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""At -vvvv --diff, the output contains no secret, whether from options or from the server."""

import json
from urllib.parse import quote

import pytest
from harness import KEY, PLACES, play, site, websites

HOST = "vault.example"
OTHER = "compass.example"
SECRETS = {
    "passwd": "canary-passwd-\"quoted\"/&",
    "db_pass": "canary-db-pass-$dollar",
    "new db_pass": "canary-changed-db-pass",
    "returned": "canary-returned-by-server",
    "ftp": "canary-ftp-password",
    "bkloc": "canary-bkloc-password",
    "new bkloc": "canary-new-bkloc-password",
    "databases": "canary-databases-password",
    "setting": "canary-cryptkey",
    "custom": "canary-custom-password",
}


def header():
    """Return a website with secrets in its parts."""
    return websites(HOST, OTHER, path="ftp://web:%s@files.example/home" % SECRETS["ftp"],
                    databases=[{"host": "localhost", "name": "d", "user": "d", "pass": SECRETS["databases"]}],
                    custom={"_panel_password": SECRETS["custom"]})


def desired(**options):
    """Return the options of a site with every secret option."""
    return site(HOST, **dict({"passwd": SECRETS["passwd"], "db_pass": SECRETS["db_pass"],
                              "bkloc": "ftp://keeper:%s@backup.example/x" % SECRETS["bkloc"]}, **options))


def shop():
    """Return the options of a second site, with a setting that only the catalog marks as secret."""
    return site(OTHER, application="magento", settings={"mode": "production", "cryptkey": SECRETS["setting"]})


def steps(sandbox):
    """Return the tasks: successes, failures, and errors that quote the response of the server."""
    def step(name, options, check=False, before=()):
        # The module's secrets are not in a variable of the task, because Ansible shows variables at -vvvv.
        return {"name": name, "hostops.installatron.itron_install": options, "check_mode": check, "ignore_errors": True,
                "vars": {"sandbox_before": list(before)}}

    def fault(name, command, **more):
        return [["DELETE", "/faults", None], ["POST", "/faults", dict({"command": command, "fault": name}, **more)]]

    changed = desired(update_password="always", db_pass=SECRETS["new db_pass"],
                      bkloc="ftp://keeper:%s@backup.example/x" % SECRETS["new bkloc"])
    return [
        step("check", desired(), check=True),
        step("install", desired()),
        step("again", desired()),
        step("view", desired(refresh=True)),
        step("shop", shop()),
        step("password check", changed, check=True),
        step("password", changed),
        step("without", {"url": "http://%s" % HOST, "refresh": True}),
        step("cut", {"url": "http://%s" % HOST}, before=fault("cut_json", "installs")),
        step("type", {"url": "http://%s" % HOST}, before=fault(
            "wrong_data_type", "installs", data={"db-pass": SECRETS["returned"], "cf-passwd": SECRETS["returned"]})),
        step("quoted", desired(email="new@example.com"), before=fault(
            "refused", "edit", message="Error: wrong password %s for %s, key %s" % (
                SECRETS["db_pass"], "ftp://web:%s@files.example" % SECRETS["ftp"], KEY))),
        step("plain", desired(email="new@example.com"), before=fault(
            "plain_error", "edit", message="Error: %s" % SECRETS["passwd"])),
        step("input", desired(email="x", url="http://web:%s@%s" % (SECRETS["ftp"], HOST))),
        step("type of option", desired(autobk_daily="x")),
        step("choice", desired(autoup=SECRETS["returned"][:3])),
        step("unknown", desired(nonsense="x")),
        step("gone", {"url": "http://%s" % HOST, "state": "absent"}),
    ]


@pytest.fixture(scope="module", params=PLACES)
def run(request, sandbox, tmp_path_factory):
    """The playbook at -vvvv --diff, by action or by module."""
    sandbox.reset()
    folder = tmp_path_factory.mktemp("secrets") / request.param
    return play(sandbox, folder, steps(sandbox), request.param, arguments=["-vvvv", "--diff"],
                defaults={"api_key": None, "timeout": 3, "websites": header()},
                more_environment={"ITRON_API_KEY": KEY})


def test_tasks_succeeded(run):
    outcome = {name: record.failed for name, record in run.records.items()}
    failing = {"cut", "type", "quoted", "plain", "input", "type of option", "choice", "unknown"}
    assert {name for name, failed in outcome.items() if failed} == failing, {
        name: run[name].result.get("msg") for name in outcome if (name in failing) != outcome[name]}


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_secrets_not_shown(run, name):
    secret = SECRETS[name]
    forms = {secret, quote(secret, safe=""), json.dumps(secret)[1:-1], json.dumps(json.dumps(secret))[3:-3]}
    results = json.dumps([record.result for record in run.records.values()])
    for where, text in (("output", run.output), ("log", run.log), ("results", results)):
        for form in forms:
            at = text.find(form)
            assert at < 0, "%s in the %s: ...%s..." % (name, where, text[max(0, at - 200):at + 40])


def test_key_not_shown(run):
    assert KEY not in run.output
    assert KEY not in run.log


def test_plain_values_readable(run):
    text = json.dumps(run["install"].result)
    for word in ("vault_example", "http://%s" % HOST, "wordpress", "backup.example"):
        assert word in text


def test_host_name_readable(run):
    assert run["shop"].result["install"]["url"] == "http://%s" % OTHER


def test_secrets_sent_to_server(run):
    row = run["password"].install_at(HOST)["record"]
    assert row["bkloc"] == "ftp://keeper:%s@backup.example/x" % SECRETS["new bkloc"]


def test_diff_masks_secrets(run):
    diff = json.dumps(run["password"].result["diff"])
    assert "passwd" in diff and "(changed)" in diff
