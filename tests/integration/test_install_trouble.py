# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_install: passwords, waiting for tasks, lost responses, and partial failures."""

import pytest
from harness import api, play, site, task, websites

NAMES = ("password", "shop", "nowait", "reset", "early", "cut", "gateway", "busy", "vanish", "odd", "fails", "never", "half",
         "upgrade", "edit", "async")
CRYPTKEY = "key-of-the-shop-0123456789abcdef"
HOSTS = ["%s.example" % name for name in NAMES]


def host(name):
    """Return the host of a site."""
    return "%s.example" % name


def trouble(command, fault, **more):
    """Return preparations that set only this fault."""
    return [["DELETE", "/faults", None], ["POST", "/faults", dict({"command": command, "fault": fault}, **more)]]


CALM = [["DELETE", "/faults", None]]


def existing(name, **options):
    """Return the options of a site, without its database."""
    return dict({"url": "http://%s" % host(name), "application": "wordpress"}, **options)


def steps(sandbox):
    """Return all tasks. Each name begins with the name of its site."""
    def preinstalled(name):
        return CALM + [api(sandbox, HOSTS, "install", **site(host(name), version="6.4.3"))]

    always = existing("password", passwd="pw-new-and-long", update_password="always")
    tasks = [
        task("password: other", existing("password", passwd="pw-new-and-long"), before=preinstalled("password")),
        task("password: check", always, check=True),
        task("password: always", always),
        task("password: always again", always),
        task("nowait: check", site(host("nowait"), wait=False), check=True, before=CALM),
        task("nowait: run", site(host("nowait"), wait=False)),
        task("nowait: again", site(host("nowait"), wait=False)),
        task("async: run", site(host("async")), **{"async": 60, "poll": 1}),
    ]
    first = site(host("shop"), cryptkey="the-first-key")
    first["application"] = "magento"
    shop = dict(existing("shop", settings={"cryptkey": CRYPTKEY}, update_password="always"), application="magento")
    tasks += [
        task("shop: other", dict(shop, update_password="on_create"), before=CALM + [
            api(sandbox, HOSTS, "install", **first)]),
        task("shop: check", shop, check=True),
        task("shop: always", shop),
        task("shop: always again", shop),
    ]
    lost = {"reset": trouble("install", "reset_after"), "early": trouble("install", "reset_before"),
            "cut": trouble("install", "cut_json"), "gateway": trouble("install", "504", after=True),
            "busy": trouble("installs", "503", retry_after=0, times=2), "vanish": trouble("install", "task_vanishes"),
            "odd": trouble("install", "task_unknown_status")}
    for name, before in lost.items():
        tasks += [task("%s: run" % name, site(host(name)), before=before, host=host(name)),
                  task("%s: again" % name, site(host(name)), before=CALM)]
    fails = site(host("fails"))
    half = existing("half", sitetitle="Half", version="6.4.4")
    upgrade = existing("upgrade", version="6.4.4")
    return tasks + [
        task("fails: run", fails, before=trouble("install", "task_fails", message="Error: The disk is full.")),
        task("fails: again", fails, before=CALM),
        task("never: run", site(host("never"), wait_timeout=0.5), before=trouble("install", "task_never_ends")),
        task("half: run", half, before=preinstalled("half") + trouble("upgrade", "refused", message="Error: Not allowed now.")),
        task("half: again", half, before=CALM),
        task("upgrade: run", upgrade, host=host("upgrade"), before=preinstalled("upgrade") + [
            ["POST", "/sites", {"url": "http://upgrade.example", "upgrade": "task_fails"}]]),
        task("edit: run", existing("edit", sitetitle="Lost"), before=preinstalled("edit") + trouble("edit", "reset_after")),
        task("edit: again", existing("edit", sitetitle="Lost"), before=CALM),
    ]


@pytest.fixture(scope="module")
def run(sandbox, tmp_path_factory):
    """All tasks, by action only: a module runs the same operation."""
    sandbox.reset()
    return play(sandbox, tmp_path_factory.mktemp("trouble"), steps(sandbox), defaults={"websites": websites(*HOSTS), "timeout": 3})


def sent(record, command):
    """Return how often a command was sent."""
    return len([request for request in record.requests if request["command"] == command])


def assert_converged(record):
    """Assert that a task was a no-op."""
    assert not record.failed, record.result.get("msg")
    assert record.changed is False
    assert record.writes == []


def test_update_password_on_create(run):
    assert_converged(run["password: other"])
    assert run["password: other"].commands == ["installs"]


def test_update_password_always(run):
    check, first, again = (run["password: %s" % name] for name in ("check", "always", "always again"))
    assert check.changed is True and check.writes == []
    for record in (first, again):
        assert record.changed is True
        assert record.arguments("edit") == {"id": record.result["install"]["id"], "passwd": "pw-new-and-long"}
        assert record.diff == check.diff
        assert (record.diff["before"]["passwd"], record.diff["after"]["passwd"]) == ("(set)", "(changed)")
        assert record.result["steps"][0]["arguments"]["passwd"] != "pw-new-and-long"


def test_unreadable_setting_on_create(run):
    assert_converged(run["shop: other"])
    check, first, again = (run["shop: %s" % name] for name in ("check", "always", "always again"))
    assert check.changed is True and check.writes == []
    for record in (first, again):
        assert record.changed is True
        assert record.arguments("edit") == {"id": record.result["install"]["id"], "cryptkey": CRYPTKEY}
        assert record.diff == check.diff
        assert CRYPTKEY not in str(record.result)
    for name in ("other", "check", "always", "always again"):
        assert not run["shop: %s" % name].result.get("warnings")


def test_no_wait_returns_task(run):
    check, first, again = (run["nowait: %s" % name] for name in ("check", "run", "again"))
    assert check.changed is True and first.changed is True
    assert check.diff == first.diff
    # Once, before the installation, so that a task that an earlier run left running is not started again.
    assert sent(first, "tasks") == 1
    assert first.result["task"]["cmd"] == "install"
    assert first.result["steps"][0]["outcome"] == "started"
    assert_converged(again)


def test_async_task(run):
    record = run["async: run"]
    assert not record.failed, record.result.get("msg")
    assert record.changed is True
    assert record.install_at("async.example")["id"] == record.result["install"]["id"]


@pytest.mark.parametrize("name", ["reset", "cut", "gateway"])
def test_lost_answer_one_install(name, run):
    record = run["%s: run" % name]
    assert not record.failed, record.result.get("msg")
    assert record.changed is True
    assert sent(record, "install") == 1
    assert record.result["install"]["id"] == record.install_at(host(name))["id"]
    assert record.page["status"] == 200
    assert_converged(run["%s: again" % name])


def test_lost_request_repeated(run):
    record = run["early: run"]
    assert not record.failed, record.result.get("msg")
    assert record.changed is True
    assert sent(record, "install") == 2
    assert record.install_at("early.example")["id"] == record.result["install"]["id"]
    assert_converged(run["early: again"])


def test_busy_server_retried(run):
    record = run["busy: run"]
    assert not record.failed, record.result.get("msg")
    assert record.commands[:3] == ["installs"] * 3
    assert record.install_at("busy.example")["id"] == record.result["install"]["id"]


@pytest.mark.parametrize("name", ["vanish", "odd"])
def test_task_outcomes(name, run):
    record = run["%s: run" % name]
    assert not record.failed, record.result.get("msg")
    assert record.changed is True
    assert record.install_at(host(name))["id"] == record.result["install"]["id"]
    assert_converged(run["%s: again" % name])


def test_task_failed(run):
    record = run["fails: run"]
    assert record.failed
    assert record.changed is False
    assert "The disk is full" in record.result["msg"]
    assert record.result["msg"].startswith("install: ")
    assert (record.result["failure"]["command"], record.result["failure"]["stage"]) == ("install", "wait")
    assert record.install_at("fails.example") is None
    again = run["fails: again"]
    assert not again.failed and again.changed is True
    assert again.install_at("fails.example")["id"] == again.result["install"]["id"]


def test_task_wait_timeout(run):
    record = run["never: run"]
    assert record.failed
    assert "itron_task_info" in record.result["msg"]
    assert (record.result["failure"]["command"], record.result["failure"]["stage"]) == ("install", "wait")
    assert record.result["task"]["cmd"] == "install"


def test_changed_after_partial_failure(run):
    record = run["half: run"]
    assert record.failed
    assert record.changed is True
    assert "Not allowed now" in record.result["msg"]
    assert record.result["failure"]["command"] == "upgrade"
    assert [step["outcome"] for step in record.result["steps"]] == ["done", "failed"]
    assert record.install_at("half.example")["record"]["cf-sitetitle"] == "Half"
    again = run["half: again"]
    assert not again.failed and again.changed is True
    assert [step["command"] for step in again.result["steps"]] == ["upgrade"]


def test_upgrade_failure_reverted(run):
    record = run["upgrade: run"]
    assert record.failed
    assert (record.result["failure"]["command"], record.result["failure"]["stage"]) == ("upgrade", "wait")
    assert record.install_at("upgrade.example")["version"] == "6.4.3"
    assert record.page["status"] == 200


def test_lost_answer_edit(run):
    record = run["edit: run"]
    assert not record.failed, record.result.get("msg")
    assert record.changed is True
    assert sent(record, "edit") == 1
    assert record.install_at("edit.example")["record"]["cf-sitetitle"] == "Lost"
    assert_converged(run["edit: again"])
