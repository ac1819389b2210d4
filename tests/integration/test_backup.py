# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_backup: create, keep, remove and import backups."""

import pytest
from backup_tasks import DAY, HOUR, BackupScenario, archive_of, archives_at, backup, backups_at, with_backups
from harness import PLACES, api, play, websites
from scenarios import assert_requests_documented, assert_scenario, cases, main_scenarios, play_scenarios

READ = ["installs", "backups"]


def of_site(**options):
    """Return a function host -> options for the site of the host."""
    return lambda host: dict({"install": "http://%s" % host}, **options)


def made(*kept):
    """Return a check that there is one new backup, and that these old ones still exist. The oldest is number 0."""
    def verify(record, host):
        old = record.diff["before"]["backups"][::-1]
        ids = backups_at(record, host)
        assert ids[:-1] == [old[number] for number in kept]
        assert ids[-1] not in old
        assert record.result["backup"]["id"] == ids[-1]
        assert [row["id"] for row in record.result["backups"]] == ids[::-1]
        assert record.result["backup"]["size"] == record.state["archives"][archive_of(record, ids[-1])] > 0
        assert record.result["install"]["id"] == record.result["backup"]["install"] == record.install_at(host)["id"]
        assert record.diff["after"]["backups"] == ["(new)"] + ids[:-1][::-1]
    return verify


def kept(*numbers):
    """Return a check that there is no new backup, and that these old ones still exist. The oldest is number 0."""
    def verify(record, host):
        old = record.diff["before"]["backups"][::-1]
        left = [old[number] for number in numbers]
        assert sorted(backups_at(record, host)) == sorted(left)
        assert [row["id"] for row in record.result["backups"]] == record.diff["after"]["backups"] == left[::-1]
        assert record.result["backup"]["id"] == left[-1]
        assert archives_at(record, host) == sorted(archive_of(record, id) for id in left)
    return verify


def with_expiry(record, host):
    """Assert that the request contains the expiry of the backup."""
    assert record.arguments("backup") == {"id": record.install_at(host)["id"], "expiry": "30", "background": "yes"}
    assert record.result["backup"]["expiry"] == record.diff["after"]["expiry"] == "30"


def removed(force):
    """Return a check that the backup is gone and the other one still exists."""
    def verify(record, host):
        gone = record.diff["before"]
        assert record.diff["after"] == {}
        assert record.result["backup"] is None
        assert [row["id"] for row in record.result["backups"]] == backups_at(record, host)
        assert len(backups_at(record, host)) == 1 and gone["id"] not in backups_at(record, host)
        assert record.arguments("delete") == dict({"id": gone["id"], "background": "yes"}, **({"force": "yes"} if force else {}))
        # The archive of the other backup may be missing as well; see archiveless.
        assert [path for path in archives_at(record, host) if path.endswith("/" + gone["filename"])] == []
        assert force or len(archives_at(record, host)) == 1
    return verify


def imported(record, host):
    """Assert that the archive is listed among the backups again, at its old path."""
    row = record.result["backup"]
    assert row["id"] in backups_at(record, host)
    assert archives_at(record, host) == [archive_of(record, row["id"])]
    assert archive_of(record, row["id"]).endswith("/application_backups/" + row["filename"])
    assert record.diff == {"before": {}, "after": {"filename": row["filename"], "path": "application_backups/" + row["filename"]}}


def damaged_backups(**what):
    """Return preparations that damage the backups of the site."""
    return lambda sandbox, hosts, host: [["POST", "/backups", dict({"url": "http://%s" % host}, **what)]]


TWO = [("older", of_site(force=True)), ("newer", of_site(force=True))]
SCENARIOS = [
    BackupScenario("first", of_site(), READ + ["backup", "backups"], check=READ, again=READ, before=with_backups(), verify=made()),
    BackupScenario("aged", of_site(max_age="24h"), READ + ["backup", "backups"], check=READ, again=READ, before=with_backups(2 * DAY),
                   verify=made(0)),
    BackupScenario("expires", of_site(max_age="2w", expiry="30"), READ + ["backup", "backups"], check=READ, again=READ,
                   before=with_backups(15 * DAY), verify=with_expiry),
    BackupScenario("three", of_site(max_age="1d", keep=3), READ + ["delete", "backups"], check=READ, again=READ,
                   before=with_backups(4 * DAY, 3 * DAY, 2 * DAY, HOUR), verify=kept(1, 2, 3)),
    BackupScenario("unsorted", of_site(keep=2), READ + ["delete", "delete", "backups"], check=READ, again=READ,
                   before=with_backups(3 * DAY, 5 * DAY, HOUR, 4 * DAY), verify=kept(2, 3)),
    BackupScenario("one", of_site(keep=1), READ + ["delete", "delete", "backups"], check=READ, again=READ,
                   before=with_backups(9 * DAY, 8 * DAY, 7 * DAY), verify=kept(2)),
    # The new backup is verified before an old one is removed.
    BackupScenario("renewed", of_site(max_age="30m", keep=3), READ + ["backup", "backups", "delete", "delete", "backups"], check=READ, again=READ,
                   before=with_backups(4 * DAY, 3 * DAY, 2 * DAY, HOUR), verify=made(2, 3)),
    BackupScenario("single", of_site(max_age="30m", keep=1), READ + ["backup", "backups", "delete", "backups"], check=READ, again=READ,
                   before=with_backups(HOUR), verify=made()),
    BackupScenario("absent", lambda host: {"state": "absent", "id": "{{ older.backup.id }}"}, ["backups", "backups", "delete", "backups"],
                   check=["backups", "backups"], again=["backups"], priors=TWO, before=with_backups(), verify=removed(force=False)),
    BackupScenario("byfile", of_site(state="absent", file="{{ older.backup.filename }}"), READ + ["backups", "delete", "backups"],
                   check=READ + ["backups"], again=READ, priors=TWO, before=with_backups(), verify=removed(force=False)),
    BackupScenario("archiveless", of_site(state="absent", id="{{ older.backup.id }}", force=True),
                   READ + ["backups", "backups", "delete", "backups"], check=READ + ["backups", "backups"], again=READ + ["backups"],
                   priors=TWO, before=with_backups(), between=damaged_backups(lost=True),
                   verify=removed(force=True)),
    BackupScenario("imported", lambda host: {"state": "imported", "path": "application_backups/{{ older.backup.filename }}"},
                   ["backups", "importbackup", "backups"], check=["backups"], again=["backups"], priors=TWO[:1], before=with_backups(),
                   between=damaged_backups(forgotten=True), verify=imported),
]


@pytest.fixture(scope="module")
def runs(sandbox, chosen, tmp_path_factory):
    """All scenarios of this file, run by action and by module."""
    return play_scenarios(chosen(SCENARIOS), sandbox, tmp_path_factory.mktemp("backup"))


@pytest.mark.parametrize(("scenario", "place"), cases(__file__, SCENARIOS))
def test_scenario(scenario, place, runs):
    assert_scenario(scenario, runs[place])


@pytest.mark.parametrize("scenario", main_scenarios(__file__, SCENARIOS), ids=lambda scenario: scenario.name)
def test_action_and_module_agree(scenario, runs):
    # Names of archives end with the time, and sizes depend on it.
    for phase in ("check", "run", "again", "check again"):
        action, module = (runs[place]["%s: %s" % (scenario.name, phase)] for place in PLACES)
        assert action.commands == module.commands
        assert action.changed == module.changed
        assert set(action.result) - {"invocation"} == set(module.result) - {"invocation"}
        assert [step["outcome"] for step in action.result["steps"]] == [step["outcome"] for step in module.result["steps"]]
        # The import is for the user, and the result contains all backups of the user.
        assert scenario.name == "imported" or len(action.result["backups"]) == len(module.result["backups"])


def steps(sandbox):
    """Return tasks whose results differ from those of a scenario."""
    hosts = ["idle.example", "other.example"]
    lone = with_backups(40 * DAY)(sandbox, hosts, "idle.example")
    other = with_backups(DAY)(sandbox, hosts, "other.example")
    of_lone = {"install": "http://idle.example"}
    named = {"state": "absent", "id": "{{ lone.backup.id }}"}
    return [
        backup("any", dict(of_lone), before=lone + other, register="lone"),
        backup("young", dict(of_lone, max_age="6w")),
        backup("https", {"install": "https://idle.example", "max_age": "6w", "keep": 1}),
        backup("by id", {"install": "{{ lone.install.id }}", "max_age": "6w"}),
        backup("last", named),
        backup("last: check", named, check=True),
        backup("last: force", dict(named, force=True)),
        backup("last: file", {"state": "absent", "file": "{{ lone.backup.filename }}", "force": True}),
        backup("last: with site", dict(named, install="http://idle.example", force=True)),
        backup("other", dict(named, install="http://other.example")),
        backup("uninstalled: last", named, before=[api(sandbox, hosts, "uninstall", id="@idle.example")]),
        backup("force: check", dict(other_site(), force=True), check=True),
        backup("force", dict(other_site(), force=True)),
        backup("force: again", dict(other_site(), force=True), register="two"),
        backup("not installed", {"install": "http://idle.example"}),
        backup("no such id", {"install": "5xfygnd10ws0wc8skck444sab"}),
        backup("no such backup", {"state": "absent", "id": "5xfygnd10ws0wc8skck444sab"}),
        backup("archive lost", {"state": "absent", "id": "{{ two.backup.id }}"}, before=[["POST", "/backups", {"url": "http://other.example", "lost": True}]]),
    ]


def other_site():
    """Return the options of the second site."""
    return {"install": "http://other.example"}


@pytest.fixture(scope="module")
def others(sandbox, tmp_path_factory):
    """The other tasks, run by action and by module."""
    result = {}
    for place in PLACES:
        sandbox.reset()
        result[place] = play(sandbox, tmp_path_factory.mktemp("others") / place, steps(sandbox), place,
                             defaults={"websites": websites("idle.example", "other.example")})
    return result


@pytest.fixture(params=PLACES)
def run(request, others):
    """The run in one place."""
    return others[request.param]


@pytest.mark.parametrize("name", ["any", "young", "https", "by id"])
def test_max_age_recent_backup(name, run):
    record = run[name]
    assert not record.failed, record.result["msg"]
    assert record.changed is False and record.writes == [] and record.diff == {"before": {}, "after": {}}
    assert record.commands == READ
    assert [record.result["backup"]["id"]] == [row["id"] for row in record.result["backups"]] == backups_at(record, "idle.example")


@pytest.mark.parametrize("name", ["last", "last: check", "last: force", "last: file", "last: with site", "uninstalled: last"])
def test_last_backup_kept(name, run):
    record = run[name]
    assert record.failed and record.changed is False and record.writes == []
    assert "the last backup is never removed" in record.result["msg"]
    assert record.result["failure"]["stage"] == "plan"
    assert record.result["backup"]["id"] in [row["id"] for row in record.state["backups"]]
    assert archive_of(record, record.result["backup"]["id"]) in record.state["archives"]


def test_backup_of_other_application_refused(run):
    assert run["other"].failed and "belongs to" in run["other"].result["msg"]
    assert run["other"].writes == []


def test_force_always_creates(run):
    check, first, again = (run[name] for name in ("force: check", "force", "force: again"))
    assert check.changed and not check.writes and check.diff == first.diff
    assert check.result["backup"]["id"] is None and check.result["backup"]["install"] == first.result["install"]["id"]
    for record, count in ((first, 2), (again, 3)):
        assert record.changed and record.commands == READ + ["backup", "backups"]
        assert len(backups_at(record, "other.example")) == len(record.result["backups"]) == count
        assert_requests_documented(record)


@pytest.mark.parametrize("name", ["not installed", "no such id"])
def test_not_installed(name, run):
    assert run[name].failed and run[name].writes == []
    assert run[name].result["msg"].startswith("install: ")


def test_absent_missing_backup(run):
    record = run["no such backup"]
    assert not record.failed and record.changed is False and record.commands == ["backups"]
    assert record.result["backup"] is None and record.result["backups"] == []


def test_absent_lost_archive_needs_force(run):
    record = run["archive lost"]
    assert record.failed and record.changed is False
    assert record.result["failure"]["errcode"] == "failed_backup_location"
    assert record.result["backup"]["id"] in backups_at(record, "other.example")
