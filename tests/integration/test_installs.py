# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_installs: many sites are planned, changed and verified in one task."""

from pathlib import Path

import pytest
from bulk_tasks import bulk, counts, hosts, installs_by_host, outcomes, present
from harness import KEY, PLACES, play, site, task, websites
from scenarios import assert_no_warnings, assert_requests_documented

MIXED = hosts(6)
# One site for each operation: install, edit, upgrade, no-op, remove, forget.
DESIRED = [
    site(MIXED[0], version="6.4.3", sitetitle="New"),
    {"url": "http://%s/" % MIXED[1], "application": "wordpress", "autoup": "all"},
    {"url": "HTTP://%s" % MIXED[2].upper(), "version": "6.4.4"},
    {"url": "http://%s" % MIXED[3], "application": "wordpress", "version": "6.4.3"},
    {"url": "http://%s" % MIXED[4], "state": "absent"},
    {"url": "http://%s" % MIXED[5], "state": "detached"},
]
PHASES = ("check", "run", "again", "check again")


@pytest.fixture(scope="module")
def mixed(sandbox, tmp_path_factory):
    runs = {}
    for place in PLACES:
        sandbox.reset()
        before = present(sandbox, MIXED[1:])
        tasks = [bulk(phase, {"installs": DESIRED}, check=phase.startswith("check"), before=before if phase == "check" else ()) for phase in PHASES]
        runs[place] = play(sandbox, tmp_path_factory.mktemp("mixed") / place, tasks, place, defaults={"websites": websites(*MIXED)})
    return runs


@pytest.mark.parametrize("place", PLACES)
def test_check_mode_predicts_run(mixed, place):
    check, first, again, last = (mixed[place][phase] for phase in PHASES)
    for record in (check, first, again, last):
        assert not record.failed, record.result["msg"]
        assert_requests_documented(record)
    assert check.writes == []
    assert check.changed is first.changed is True
    diff = first.result["diff"]
    assert check.result["diff"] == diff
    assert sorted(part["before_header"].partition(" ")[0] for part in diff if part["before"]) == [
        "http://%s" % name for name in (MIXED[1], MIXED[2], MIXED[4], MIXED[5])]
    assert sorted(part["before_header"].partition(" ")[0] for part in diff if part["after"]) == ["http://%s" % name for name in MIXED[:3]]
    assert outcomes(check) == ["planned", "planned", "planned", "ok", "planned", "planned"]
    assert outcomes(first) == ["changed", "changed", "changed", "ok", "changed", "changed"]
    assert [len(entry["steps"]) for entry in check.result["results"]] == [len(entry["steps"]) for entry in first.result["results"]]
    assert first.result["summary"] == {
        "total": 6, "ok": 1, "planned": 0, "changed": 5, "started": 0, "failed": 0, "not_started": 0, "pruned": 0,
        "steps": {"edit": 2, "install": 1, "uninstall": 1, "upgrade": 1}}


@pytest.mark.parametrize("place", PLACES)
def test_idempotency(mixed, place):
    for phase in ("again", "check again"):
        record = mixed[place][phase]
        assert record.changed is False
        assert record.result["diff"] == []
        assert counts(record) == {"installs": 1}


@pytest.mark.parametrize("place", PLACES)
def test_server_state(mixed, place):
    record = mixed[place]["run"]
    rows = installs_by_host(record)
    assert sorted(rows) == MIXED[:4]
    assert rows[MIXED[0]]["cf-sitetitle"] == "New"
    assert rows[MIXED[1]]["autoup"] == "2"
    assert [rows[name]["version"] for name in MIXED[:4]] == ["6.4.3", "6.4.3", "6.4.4", "6.4.3"]
    roots = {row["url"].partition("://")[2]: row["root"] for row in record.state["installs"]}
    assert all(Path(root, "index.php").exists() for root in roots.values())
    # One list and one write for each difference. Each verification reads a single site.
    found = counts(record)
    assert found["installs"] == 1
    assert {name: found[name] for name in ("install", "edit", "upgrade", "uninstall")} == {"install": 1, "edit": 2, "upgrade": 1, "uninstall": 1}
    assert "browser" not in found and "view" not in found


def comparable(record):
    """Return the result without the values that differ between any two runs, such as the last reported progress of a task."""
    result = record.comparable()
    return dict(result, results=[{name: value for name, value in entry.items() if name != "task"} for entry in result["results"]])


def test_action_and_module_agree(mixed):
    for phase in PHASES:
        action, module = (comparable(mixed[place][phase]) for place in PLACES)
        assert action == module, phase


@pytest.mark.parametrize("place", PLACES)
def test_no_warnings_no_secrets(mixed, place):
    run = mixed[place]
    assert_no_warnings(run)
    for secret in ("pw-of-", KEY):
        assert secret not in run.output + run.log


def test_steps_equal_single_module(sandbox, tmp_path, mixed):
    sandbox.reset()
    before = present(sandbox, MIXED[1:])
    tasks = [task(str(number), options, before=before if number == 0 else ()) for number, options in enumerate(DESIRED)]
    run = play(sandbox, tmp_path, tasks, defaults={"websites": websites(*MIXED)})
    together = mixed["controller"]["run"].comparable()["results"]
    assert [run[str(number)].comparable()["steps"] for number in range(len(DESIRED))] == [entry["steps"] for entry in together]
    assert installs_by_host(run["5"]).keys() == installs_by_host(mixed["controller"]["run"]).keys()


def test_scale_thousand_sites(sandbox, tmp_path):
    sandbox.reset()
    sandbox.control("POST", "/seed", {"count": 1000, "user": "alice", "record": {"autoup": "0"}})
    lines = ["- url: http://site%05d.example\n  autoup: %s\n" % (number, "none" if number % 40 else "minor") for number in range(1, 1001)]
    (tmp_path / "sites.yml").write_text("".join(lines))
    options = {"installs_from": "sites.yml", "max_parallel": 8, "defaults": {"application": "wordpress"}}
    run = play(sandbox, tmp_path, [bulk("check", options, check=True), bulk("run", options), bulk("again", options)])
    assert counts(run["check"]) == {"installs": 1}
    assert counts(run["run"]) == {"installs": 1, "tasks": 1, "edit": 25, "installs of one": 25}
    assert counts(run["again"]) == {"installs": 1}
    assert run["check"].result["diff"] == run["run"].result["diff"]
    assert len(run["run"].result["diff"]) == 25
    assert sum(row["autoup"] == "1" for row in installs_by_host(run["run"]).values()) == 25
    assert run["again"].changed is False


FIFTY = hosts(50)


def fifty(**of_the_7th):
    """Return the options of fifty sites that need an edit, with additional options for item 7."""
    desired = [{"url": "http://%s" % name, "sitetitle": "Title"} for name in FIFTY]
    desired[6].update(of_the_7th)
    return desired


@pytest.mark.parametrize("place", PLACES)
def test_one_site_fails(sandbox, tmp_path, place):
    sandbox.reset()
    before = present(sandbox, FIFTY) + [["POST", "/sites", {"url": "http://%s" % FIFTY[6], "upgrade": "task_fails"}]]
    options = {"installs": fifty(version="6.4.4", revert=False), "max_parallel": 10}
    run = play(sandbox, tmp_path, [bulk("run", options, before=before)], place, defaults={"websites": websites(*FIFTY)})
    record = run["run"]
    assert record.failed
    assert record.result["msg"].startswith("1 of 50 sites failed: item 7 (http://%s): upgrade: task " % FIFTY[6])
    assert record.result["failure"]["command"] == "upgrade"
    assert outcomes(record) == ["changed"] * 6 + ["failed"] + ["changed"] * 43
    failed = record.result["results"][6]
    # The title was changed before the upgrade failed.
    assert (failed["item"], failed["changed"], failed["failure"]["command"]) == (7, True, "upgrade")
    assert failed["failure"]["msg"] in record.result["msg"]
    assert record.changed is True
    assert all(row["cf-sitetitle"] == "Title" for row in installs_by_host(record).values())
    assert record.result["summary"]["failed"] == 1


def test_fail_fast(sandbox, tmp_path):
    sandbox.reset()
    desired = fifty(version="5.0")
    before = present(sandbox, FIFTY)
    options = {"installs": desired, "on_error": "stop", "max_parallel": 1}
    faulty = {"command": "edit", "fault": "500", "nth": 3, "after": False}
    run = play(sandbox, tmp_path, [
        bulk("impossible", options, before=before),
        bulk("fault", dict(options, installs=fifty()), before=[["POST", "/faults", faulty]])], defaults={"websites": websites(*FIFTY), "timeout": 2})
    record = run["impossible"]
    assert record.failed and "item 7 (http://%s): version: 5.0 was requested, but 6.4.3 is installed" % FIFTY[6] in record.result["msg"]
    assert record.writes == []
    assert outcomes(record).count("not_started") == 49 and record.changed is False
    record = run["fault"]
    assert record.failed
    assert outcomes(record) == ["changed", "changed", "failed"] + ["not_started"] * 47
    assert "47 were not started" in record.result["msg"]
    assert [entry["changed"] for entry in record.result["results"]] == [True, True, False] + [False] * 47
    assert sum(row["cf-sitetitle"] == "Title" for row in installs_by_host(record).values()) == 2


def test_resume_running_tasks(sandbox, tmp_path):
    names = hosts(2)
    sandbox.reset(task_seconds=1.5)
    desired = [site(name, version="6.4.3", sitetitle="Once") for name in names]
    options = {"installs": desired}
    run = play(sandbox, tmp_path, [bulk("interrupted", dict(options, wait=False))], defaults={"websites": websites(*names)})
    assert outcomes(run["interrupted"]) == ["started", "started"]
    assert run["interrupted"].changed is True
    run = play(sandbox, tmp_path / "second", [bulk("leave", dict(options, wait=False)), ], defaults={"websites": websites(*names)})
    record = run["leave"]
    assert not record.failed, record.result["msg"]
    assert sorted(installs_by_host(record)) == names
    assert record.writes == [] and record.changed is False


def test_shared_polling(sandbox, tmp_path):
    names = hosts(20)
    sandbox.reset(task_seconds=1)
    desired = [site(name, version="6.4.3") for name in names]
    run = play(sandbox, tmp_path, [bulk("run", {"installs": desired, "max_parallel": 20, "poll_interval": 2})],
               defaults={"websites": websites(*names)})
    record = run["run"]
    assert not record.failed, record.result["msg"]
    # A separate loop per task would poll at least once each. test_one_reading_an_interval checks the rate.
    assert 0 < len([request for request in record.requests if request["command"] == "tasks"]) < len(names)
    assert sorted(installs_by_host(record)) == names


@pytest.mark.parametrize("place", PLACES)
def test_prune(sandbox, tmp_path, place):
    names = hosts(4)
    sandbox.reset()
    other = {"id": "bob", "path": "/var/www/bob", "vhosts": {"http://bob.example": "www"}}
    before = present(sandbox, names) + [["POST", sandbox.url, dict(site("bob.example"), key=KEY, user="bob", cmd="install", websites=[other])]]
    options = {"installs": [{"url": "https://%s/" % names[0], "state": "present"}, {"url": "http://%s" % names[1]}], "defaults": {"application": "wordpress"}}
    run = play(sandbox, tmp_path, [
        bulk("too many", dict(options, prune="absent", prune_limit=1), before=before),
        bulk("check", dict(options, prune="absent"), check=True),
        bulk("run", dict(options, prune="absent")),
        bulk("again", dict(options, prune="absent")),
    ], place, defaults={"websites": websites(*names)})
    record = run["too many"]
    assert record.failed and record.writes == []
    assert "2 sites of alice are not listed, and prune_limit is 1: http://%s, http://%s" % tuple(names[2:]) in record.result["msg"]
    check, first = run["check"], run["run"]
    assert not first.failed, first.result["msg"]
    gone = ["http://%s" % name for name in names[2:]]
    assert [entry["url"] for entry in check.result["results"] if entry["item"] is None] == gone
    assert check.result["diff"] == first.result["diff"]
    assert check.writes == []
    assert {"%s (uninstall)" % url for url in gone} <= {part["before_header"] for part in first.result["diff"]}
    assert sorted(installs_by_host(first)) == ["bob.example"] + names[:2]
    assert first.result["summary"]["pruned"] == 2
    assert run["again"].changed is False
    assert all(Path(row["root"], "index.php").exists() for row in first.state["installs"])


def test_prune_refused(sandbox, tmp_path):
    names = hosts(2)
    sandbox.reset()
    options = {"prune": "detached", "installs": [{"url": "http://%s" % names[0], "application": "joomla"}]}
    run = play(sandbox, tmp_path, [bulk("mismatch", options, before=present(sandbox, names))], defaults={"websites": websites(*names)})
    assert run["mismatch"].failed
    assert sorted(installs_by_host(run["mismatch"])) == names
    assert run["mismatch"].writes == []
    run = play(sandbox, tmp_path / "nobody", [bulk("nobody", options)], defaults={"user": None})
    assert run["nobody"].failed and "prune: requires user" in run["nobody"].result["msg"]
    assert run["nobody"].requests == []


def test_requests_several_users(sandbox, tmp_path):
    sandbox.reset()
    names = hosts(2)
    mine = {"id": "bob", "path": "/var/www/bob", "vhosts": {"http://bob.example": "www"}}
    desired = [{"url": "http://%s" % names[0], "user": "alice"}, dict(site("bob.example", version="6.4.3"), user="bob", websites=[mine]),
               {"url": "http://%s" % names[1], "user": "alice", "autoup": "minor"}]
    options = {"installs": desired, "defaults": {"application": "wordpress"}}
    run = play(sandbox, tmp_path, [bulk("run", options, before=present(sandbox, names)), bulk("again", options)], defaults={"user": None})
    first, again = run["run"], run["again"]
    assert not first.failed, first.result["msg"]
    assert outcomes(first) == ["ok", "changed", "changed"]
    assert counts(again) == {"installs": 1}
    assert again.changed is False
    assert [request["arguments"].get("user") for request in first.writes] in (["bob", "alice"], ["alice", "bob"])
    assert installs_by_host(first)["bob.example"]["owner"] == "bob"


@pytest.mark.parametrize(("desired", "message"), [
    ([{"url": "http://a.example"}, {"url": "https://b.example"}, {"url": "https://A.example/"}],
     "item 1 (http://a.example) and item 3 (https://A.example/) are the same site"),
    ([{"id": "x"}, {"id": "x"}], "item 1 (x) and item 2 (x) are the same site"),
    ([{"url": "http://a.example", "autoupp": "all"}], "item 1 (http://a.example): unsupported option: autoupp"),
    ([{"url": "http://a.example", "autoup": "always"}], "item 1 (http://a.example): value of autoup must be one of: none, minor, all, got: always"),
    ([{"url": "http://a.example", "timeout": 3}], "timeout is an option of the task, not of a site"),
    ([{"url": "a.example"}], "item 1 (a.example): url: 'a.example' is not an http:// or https:// URL"),
    ([{"application": "wordpress"}], "item 1: one of the following is required: id, url"),
    ([{"url": "http://a.example", "clone_from": "x", "restore_from": "latest"}], "item 1 (http://a.example): parameters are mutually exclusive"),
])
def test_invalid_list_sends_nothing(sandbox, tmp_path, desired, message):
    sandbox.reset()
    run = play(sandbox, tmp_path, [bulk("run", {"installs": desired})])
    assert run["run"].failed
    assert message in run["run"].result["msg"]
    assert run["run"].requests == []


def test_duplicate_site_by_id_and_url(sandbox, tmp_path):
    sandbox.reset()
    names = hosts(1)
    installed = present(sandbox, names)
    run = play(sandbox, tmp_path, [
        task("find", {"url": "http://%s" % names[0]}, before=installed, register="found"),
        bulk("run", {"installs": [{"url": "http://%s" % names[0], "autoup": "all"}, {"id": "{{ found.install.id }}"}]})],
        defaults={"websites": websites(*names)})
    assert run["run"].failed
    assert "are the same site (id " in run["run"].result["msg"]
    assert run["run"].writes == []


def test_progress_lines(sandbox, tmp_path):
    names = hosts(3)
    sandbox.reset()
    desired = [{"url": "http://%s" % names[0], "version": "6.4.4"}, {"url": "http://%s" % names[1], "autoup": "minor"},
               {"url": "http://%s" % names[2], "version": "1.0"}]
    options = {"installs": desired, "max_parallel": 1}
    before = present(sandbox, names)
    run = play(sandbox, tmp_path, [bulk("run", options, before=before)], defaults={"websites": websites(*names)})
    lines = [line.partition("itron_installs: ")[2] for line in run.output.splitlines() if "itron_installs: [" in line]
    assert lines[0].startswith("[1/3] failed http://%s item" % names[2]) or lines[0].startswith("[1/3] failed http://%s version: 1.0" % names[2])
    assert lines[1].startswith("[2/3] changed http://%s 6.4.3 -> 6.4.4, " % names[0]) and lines[1].endswith(" s left")
    assert lines[2].startswith("[3/3] changed http://%s edit autoup, " % names[1])
    assert len(lines) == 3
    assert "\r" not in run.output


@pytest.mark.parametrize(("keywords", "more"), [({"no_log": True}, {}), ({}, {"ANSIBLE_STDOUT_CALLBACK": "oneline"})])
def test_progress_disabled(sandbox, tmp_path, keywords, more):
    names = hosts(1)
    sandbox.reset()
    run = play(sandbox, tmp_path, [bulk("run", {"installs": [{"url": "http://%s" % names[0], "autoup": "minor"}]},
                                        before=present(sandbox, names), **keywords)],
               defaults={"websites": websites(*names)}, more_environment=more)
    assert installs_by_host(run["run"])[names[0]]["autoup"] == "1"
    assert "itron_installs: [" not in run.output


def test_lost_answer(sandbox, tmp_path):
    names = hosts(6)
    sandbox.reset()
    desired = [site(name, version="6.4.3") for name in names]
    options = {"installs": desired, "max_parallel": 3}
    run = play(sandbox, tmp_path, [
        bulk("run", options, before=[["POST", "/faults", {"command": "install", "fault": "reset_after", "nth": 2}]]), bulk("again", options)],
        defaults={"websites": websites(*names)})
    assert not run["run"].failed, run["run"].result["msg"]
    assert outcomes(run["run"]) == ["changed"] * 6
    assert sorted(installs_by_host(run["run"])) == names
    assert counts(run["run"])["install"] == 6
    assert run["again"].changed is False


def test_requests_catalog_once(sandbox, tmp_path):
    names = hosts(6)
    sandbox.reset()
    desired = [{"url": "http://%s" % name, "version": "latest_minor", "settings": {"limitloginattempts": "no"}} for name in names]
    options = {"installs": desired}
    run = play(sandbox, tmp_path, [bulk("run", options, before=present(sandbox, names)), bulk("again", options)],
               defaults={"websites": websites(*names)})
    assert not run["run"].failed, run["run"].result["msg"]
    # The upgrades from 6.4.3, and the fields of 6.4.3.
    assert counts(run["run"])["browser"] == 2
    assert counts(run["again"]) == {"installs": 1, "browser": 1}
    assert run["again"].changed is False


def test_plugins_parallel_visits(sandbox, tmp_path):
    names = hosts(4)
    sandbox.reset()
    options = {"installs": [{"url": "http://%s" % name, "plugins": ["*"]} for name in names], "max_parallel": 4}
    run = play(sandbox, tmp_path, [bulk("check", options, check=True, before=present(sandbox, names)), bulk("run", options), bulk("again", options)],
               defaults={"websites": websites(*names)})
    assert not run["run"].failed, run["run"].result["msg"]
    assert counts(run["check"])["view"] == 4
    assert outcomes(run["run"]) == ["changed"] * 4
    assert run["check"].result["diff"] == run["run"].result["diff"]
    assert run["again"].changed is False and counts(run["again"]) == {"installs": 1, "view": 4}


def test_empty_list(sandbox, tmp_path):
    sandbox.reset()
    run = play(sandbox, tmp_path, [bulk("run", {"installs": []})])
    assert run["run"].result["results"] == [] and run["run"].changed is False
    assert run["run"].requests == []


def test_unknown_id_fails_alone(sandbox, tmp_path):
    names = hosts(1)
    sandbox.reset()
    desired = [{"id": "nowhere", "application": "wordpress"}, {"url": "http://%s" % names[0], "autoup": "minor"}]
    run = play(sandbox, tmp_path, [bulk("run", {"installs": desired}, before=present(sandbox, names))], defaults={"websites": websites(*names)})
    assert outcomes(run["run"]) == ["failed", "changed"]
    assert "item 1 (nowhere): id: the server has no installed application nowhere" in run["run"].result["msg"]
