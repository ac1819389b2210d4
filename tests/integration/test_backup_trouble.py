# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_backup: lost responses, tasks that fail or time out, and partial failures."""

import pytest
from backup_tasks import DAY, archives_at, backup, backups_at, with_backups
from harness import api, play, websites

NAMES = ("cut", "reset", "early", "vanish", "odd", "fails", "unseen", "nowait", "never", "refused", "delete", "deletion", "restore", "before",
         "half", "gone", "import", "dropped")
HOSTS = ["%s.example" % name for name in NAMES]
CALM = [["DELETE", "/faults", None]]


def host(name):
    """Return the host of a site."""
    return "%s.example" % name


def trouble(command, fault, **more):
    """Return preparations that set only this fault."""
    return CALM + [["POST", "/faults", dict({"command": command, "fault": fault}, **more)]]


def steps(sandbox):
    """Return all tasks. Each name begins with the name of its site."""
    def preinstalled(name, *ages):
        return CALM + with_backups(*ages)(sandbox, HOSTS, host(name))

    def fresh(name, **more):
        return dict({"install": "http://%s" % host(name), "max_age": "1d", "keep": 2}, **more)

    def restore(name, **more):
        return dict({"state": "restored", "install": "http://%s" % host(name), "id": "latest"}, **more)

    old = (5 * DAY, 4 * DAY, 3 * DAY)
    lost = {"cut": trouble("backup", "cut_json"), "reset": trouble("backup", "reset_after"), "vanish": trouble("backup", "task_vanishes"),
            "odd": trouble("backup", "task_unknown_status"), "delete": trouble("delete", "reset_after"),
            "deletion": trouble("delete", "reset_before")}
    tasks = []
    for name, fault in lost.items():
        tasks += [backup("%s: run" % name, fresh(name), before=preinstalled(name, *old) + fault), backup("%s: again" % name, fresh(name), before=CALM)]
    return tasks + [
        backup("early: run", fresh("early"), before=preinstalled("early", *old) + trouble("backup", "reset_before")),
        backup("early: again", fresh("early"), before=CALM),
        backup("fails: run", fresh("fails"), before=preinstalled("fails", *old) + trouble("backup", "task_fails", message="Error: The disk is full.")),
        backup("unseen: run", fresh("unseen"), before=preinstalled("unseen", *old) + trouble("backup", "task_vanishes", done=False)),
        backup("never: run", fresh("never", wait_timeout=0.5), before=preinstalled("never", *old) + trouble("backup", "task_never_ends")),
        backup("nowait: check", fresh("nowait", wait=False), check=True, before=preinstalled("nowait", *old)),
        backup("nowait: run", fresh("nowait", wait=False)),
        backup("nowait: again", fresh("nowait", wait=False)),
        backup("nowait: waits", fresh("nowait")),
        backup("half: run", fresh("half"), before=preinstalled("half", *old) + trouble("delete", "refused", nth=2, message="Error: Not allowed now.")),
        backup("half: again", fresh("half"), before=CALM),
        backup("restore: lost", restore("restore"), before=preinstalled("restore", DAY) + [
            api(sandbox, HOSTS, "edit", id="@restore.example", sitetitle="Later")] + trouble("restore", "reset_after"), host=host("restore")),
        backup("restore: vanishes", restore("restore"), before=[
            CALM[0], api(sandbox, HOSTS, "edit", id="@restore.example", sitetitle="Later")] + trouble("restore", "task_vanishes"),
            host=host("restore")),
        backup("restore: never sent", restore("restore"), before=trouble("restore", "reset_before"), host=host("restore")),
        backup("restore: fails", restore("restore"), before=trouble("restore", "task_fails", message="Error: The disk is full."),
               host=host("restore")),
        backup("restore: lost and failed", restore("restore"), before=trouble("restore", "reset_after") + [
            ["POST", "/faults", {"command": "restore", "fault": "task_fails", "message": "Error: The disk is full."}]], host=host("restore")),
        backup("gone: lost", restore("gone"), before=preinstalled("gone", DAY) + [api(sandbox, HOSTS, "uninstall", id="@gone.example")]
               + [["POST", "/settings", {"finished_tasks": "vanish"}]] + trouble("restore", "reset_after"), host=host("gone")),
        backup("import: before", {"install": "http://import.example", "force": True}, register="one",
               before=preinstalled("import") + [["POST", "/settings", {"finished_tasks": "listed"}]]),
        backup("import: lost", {"state": "imported", "path": "application_backups/{{ one.backup.filename }}"}, before=[
            ["POST", "/backups", {"url": "http://import.example", "forgotten": True}]] + trouble("importbackup", "reset_after")),
        backup("import: missing", {"state": "imported", "path": "application_backups/nothing.tar.gz"}, before=CALM),
        backup("dropped: read", fresh("dropped"), before=preinstalled("dropped", *old) + trouble("backups", "cut_json", nth=2)),
    ]


@pytest.fixture(scope="module")
def run(sandbox, tmp_path_factory):
    """All tasks, by action only: a module runs the same operation."""
    sandbox.reset()
    return play(sandbox, tmp_path_factory.mktemp("trouble"), steps(sandbox), defaults={"websites": websites(*HOSTS), "timeout": 3})


def sent(record, command):
    """Return how often a command was sent."""
    return len([request for request in record.requests if request["command"] == command])


def assert_kept(record, name, count):
    """Assert the number of backups and of archives of a site."""
    assert len(backups_at(record, host(name))) == len(archives_at(record, host(name))) == count


def assert_converged(record, name):
    """Assert that a task was a no-op."""
    assert not record.failed, record.result.get("msg")
    assert record.changed is False and record.writes == []
    assert_kept(record, name, 2)


@pytest.mark.parametrize("name", ["cut", "reset", "vanish", "odd", "delete", "deletion"])
def test_lost_answer_one_backup(name, run):
    record = run["%s: run" % name]
    assert not record.failed, record.result.get("msg")
    assert record.changed is True
    assert sent(record, "backup") == 1
    # The server guards against a second deletion. A lost request may be sent again.
    assert sent(record, "delete") == (3 if name == "deletion" else 2)
    assert_kept(record, name, 2)
    assert record.result["backup"]["id"] == backups_at(record, host(name))[-1]
    assert_converged(run["%s: again" % name], name)


def test_lost_request_not_repeated(run):
    record = run["early: run"]
    assert record.failed and record.changed is False
    assert sent(record, "backup") == 1 and sent(record, "delete") == 0
    assert "itron_task_info" in record.result["msg"]
    assert_kept(record, "early", 3)
    again = run["early: again"]
    assert not again.failed and again.changed is True
    assert_kept(again, "early", 2)


@pytest.mark.parametrize("name", ["fails", "unseen", "never", "dropped"])
def test_removal_after_verified_backup(name, run):
    record = run["%s: run" % name] if name != "dropped" else run["dropped: read"]
    assert record.failed
    assert sent(record, "backup") == 1 and sent(record, "delete") == 0
    assert record.changed is (name == "dropped")
    assert_kept(record, name, 4 if name == "dropped" else 3)
    assert [step["command"] for step in record.result["steps"]] == ["backup"]
    assert record.result["steps"][0]["outcome"] == "failed"


def test_failure_reasons(run):
    assert "The disk is full" in run["fails: run"].result["msg"]
    assert "the server does not show its result" in run["unseen: run"].result["msg"]
    assert "itron_task_info" in run["never: run"].result["msg"] and run["never: run"].result["task"]["cmd"] == "backup"


def test_no_wait_keeps_old_backups(run):
    check, first, again, waits = (run["nowait: %s" % name] for name in ("check", "run", "again", "waits"))
    assert check.diff == first.diff and check.changed is first.changed is True
    assert [step["command"] for step in first.result["steps"]] == ["backup"] and first.result["steps"][0]["outcome"] == "started"
    # Once, before the backup, because an earlier run may have left a task running.
    assert first.result["task"]["cmd"] == "backup" and sent(first, "tasks") == 1
    assert sent(again, "backup") == 0 and again.changed is True
    assert sent(waits, "backup") == 0
    assert_kept(waits, "nowait", 2)


def test_changed_after_partial_failure(run):
    record = run["half: run"]
    assert record.failed and record.changed is True
    assert "Not allowed now" in record.result["msg"]
    assert [step["outcome"] for step in record.result["steps"]] == ["done", "done", "failed"]
    assert_kept(record, "half", 3)
    again = run["half: again"]
    assert not again.failed and again.changed is True
    assert [step["command"] for step in again.result["steps"]] == ["delete"]
    assert_kept(again, "half", 2)


@pytest.mark.parametrize("name", ["lost", "vanishes"])
def test_restore_sent_once(name, run):
    record = run["restore: %s" % name]
    assert not record.failed, record.result.get("msg")
    assert record.changed is True and sent(record, "restore") == 1
    assert "<title>Later</title>" not in record.page["text"] and record.page["status"] == 200


def test_restore_unknown_outcome(run):
    record = run["restore: never sent"]
    assert record.failed and record.changed is False and sent(record, "restore") == 1
    assert "itron_task_info" in record.result["msg"]


@pytest.mark.parametrize("name", ["fails", "lost and failed"])
def test_restore_failure_reports_change(name, run):
    record = run["restore: %s" % name]
    assert record.failed and record.changed is True and sent(record, "restore") == 1
    assert "The disk is full" in record.result["msg"]


def test_lost_answer_restore_proven(run):
    record = run["gone: lost"]
    assert not record.failed, record.result.get("msg")
    assert record.changed is True and sent(record, "restore") == 1
    assert record.page["status"] == 200 and record.result["install"]["id"] == record.install_at("gone.example")["id"]


def test_lost_answer_import(run):
    record = run["import: lost"]
    assert not record.failed, record.result.get("msg")
    assert record.changed is True and sent(record, "importbackup") == 1
    assert_kept(record, "import", 1)


def test_import_missing_archive(run):
    record = run["import: missing"]
    assert record.failed and record.changed is False
    assert record.result["failure"]["errcode"] == "backup_not_found"
