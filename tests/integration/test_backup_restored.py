# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_backup: files and data are restored from a backup, in place and to another URL, and nothing else is overwritten."""

import json
from urllib.parse import quote

import pytest
from backup_tasks import DAY, backup, with_backups
from harness import KEY, PLACES, api, play, site, websites
from scenarios import assert_check_mode_predicts_run, assert_no_warnings, assert_requests_documented

NAMES = ("page", "older", "newer", "gone", "source", "copy", "moved", "taken", "calm")
HOSTS = ["%s.example" % name for name in NAMES]
SECRETS = {"db_pass": "canary-db-pass-of-the-copy", "ftp": "canary-ftp-password", "own": "canary-own-db-pass"}
READ = ["installs", "backups", "installs", "backups"]


def titled(sandbox, host, *titles):
    """Return preparations: a site that had these titles in turn, with a backup of each except the last."""
    before = [api(sandbox, HOSTS, "install", **site(host, version="6.4.3", sitetitle=titles[0]))]
    for title in titles[1:]:
        before += [api(sandbox, HOSTS, "backup", id="@" + host), api(sandbox, HOSTS, "edit", id="@" + host, sitetitle=title)]
    return before


def restored(name, **options):
    """Return the options that restore the latest backup of a site."""
    return dict({"state": "restored", "install": "http://%s.example" % name, "id": "latest"}, **options)


def both(name, options, before, host):
    """Return a check and a run."""
    return [backup("%s: check" % name, options, check=True, before=before, host=host), backup("%s: run" % name, options, host=host)]


def steps(sandbox):
    """Return all tasks."""
    def ages(host, *seconds):
        return [["POST", "/backups", {"url": "http://%s" % host, "ages": seconds}]]

    copy = {"url": "http://copy.example", "db_host": "localhost", "db_name": "copydb", "db_user": "copydb", "db_pass": SECRETS["db_pass"],
            "db_prefix": "cp_", "url_ip": "127.0.0.1"}
    upgraded = with_backups(DAY)(sandbox, HOSTS, "older.example") + [api(sandbox, HOSTS, "upgrade", id="@older.example", version="6.4.4")]
    source = titled(sandbox, "source.example", "The source", "The source, later")
    source[0][2]["db_pass"] = SECRETS["own"]
    over = copy.copy()
    over["url"] = "https://source.example"
    joomla = site("taken.example")
    joomla["application"] = "joomla"
    taken = [api(sandbox, HOSTS, "uninstall", id="@taken.example"), api(sandbox, HOSTS, "install", **joomla)]
    first = titled(sandbox, "page.example", "First", "Second", "Third") + ages("page.example", 2 * DAY, DAY)
    return (
        both("page", restored("page"), first, "page.example")
        + [backup("page: again", restored("page"), host="page.example"),
           backup("page: list", {"install": "http://page.example"}, register="page"),
           backup("page: by id", {"state": "restored", "id": "{{ page.backups[1].id }}"}, host="page.example"),
           backup("page: by file", {"state": "restored", "file": "{{ page.backups[0].filename }}", "db": "manual"}, host="page.example")]
        + both("older", restored("older"), upgraded, "older.example")
        + both("gone", restored("gone"), titled(sandbox, "gone.example", "Older title", "Newer title") + [
            api(sandbox, HOSTS, "uninstall", id="@gone.example")], "gone.example")
        + both("copy", restored("source", **copy), source, "copy.example")
        + [backup("copy: again", restored("source", **copy), host="copy.example"),
           backup("copy: over the source", restored("source", **over), host="source.example")]
        + [backup("taken: before", {"install": "http://taken.example"}, before=with_backups(DAY)(sandbox, HOSTS, "taken.example"), register="taken")]
        + both("taken", {"state": "restored", "id": "{{ taken.backup.id }}"}, taken, "taken.example")
        + [backup("none", restored("moved"), before=[api(sandbox, HOSTS, "install", **site("moved.example"))]),
           backup("unknown", {"state": "restored", "id": "5xfygnd10ws0wc8skck444sab"}),
           backup("refused", restored("calm", url="http://nowhere.example"), check=True, before=with_backups(DAY)(sandbox, HOSTS, "calm.example")),
           backup("no dry run", restored("calm", url="http://nowhere.example", dryrun="none"), check=True)])


@pytest.fixture(scope="module")
def runs(sandbox, tmp_path_factory):
    """All tasks at -vvvv --diff, by action and by module."""
    result = {}
    header = websites(*HOSTS, path="ftp://web:%s@files.example/home" % SECRETS["ftp"])
    for place in PLACES:
        sandbox.reset()
        tasks = steps(sandbox)
        for item in tasks:
            for request in item["vars"]["sandbox_before"]:
                if isinstance(request[2], dict) and "websites" in request[2]:
                    request[2]["websites"] = header
        result[place] = play(sandbox, tmp_path_factory.mktemp("restored") / place, tasks, place, arguments=["-vvvv", "--diff"],
                             defaults={"api_key": None, "websites": header}, more_environment={"ITRON_API_KEY": KEY})
    return result


@pytest.fixture(params=PLACES)
def run(request, runs):
    """The run in one place."""
    return runs[request.param]


def assert_restored(record, title):
    """Assert that the site serves the content of the backup."""
    assert not record.failed, record.result["msg"]
    assert record.changed is True
    assert record.page["status"] == 200 and "<title>%s</title>" % title in record.page["text"]
    assert_requests_documented(record)


@pytest.mark.parametrize("name", ["page", "older", "gone", "copy"])
def test_check_mode_dryrun(name, run):
    check, first = run["%s: check" % name], run["%s: run" % name]
    assert not check.failed, check.result["msg"]
    assert_check_mode_predicts_run(check, first)
    assert check.arguments("restore")["dryrun"] == "2"
    assert check.result["steps"][0]["outcome"] == "verified"


def test_restore_changed_page(run):
    assert "<title>Third</title>" in run["page: check"].page["text"]
    record = run["page: run"]
    assert_restored(record, "Second")
    assert record.commands == READ + ["restore", "installs"]
    assert record.arguments("restore") == {"id": record.result["backup"]["id"], "background": "yes"}
    assert record.result["install"]["id"] == record.install_at("page.example")["id"] == record.result["backup"]["install"]
    assert len(record.result["backups"]) == 2
    assert record.diff["after"] == {"url": "http://page.example", "version": "6.4.3", "restored_from": record.result["backup"]["id"],
                                    "backup_time": record.result["backup"]["time"]}


def test_restore_not_idempotent(run):
    assert_restored(run["page: again"], "Second")
    assert [request["command"] for request in run["page: again"].writes] == ["restore"]


def test_restore_by_id_or_file(run):
    assert_restored(run["page: by id"], "First")
    assert run["page: by id"].commands == ["backups", "installs", "backups", "restore", "installs"]
    assert_restored(run["page: by file"], "Second")
    assert run["page: by file"].arguments("restore")["db"] == "manual"


def test_restore_older_version(run):
    record = run["older: run"]
    assert (record.diff["before"]["version"], record.diff["after"]["version"]) == ("6.4.4", "6.4.3")
    assert record.result["install"]["version"] == record.install_at("older.example")["version"] == "6.4.3"


def test_restore_uninstalled_site(run):
    assert run["gone: check"].page["status"] == 404
    record = run["gone: run"]
    assert_restored(record, "Older title")
    assert record.diff["before"] == {}
    assert record.result["install"]["id"] == record.result["backup"]["install"] == record.install_at("gone.example")["id"]


def test_restore_to_other_url(run):
    record = run["copy: run"]
    assert_restored(record, "The source")
    source, copy = record.install_at("source.example"), record.install_at("copy.example")
    assert source["root"] != copy["root"] and source["database"] != copy["database"]
    assert source["record"]["cf-sitetitle"] == "The source, later"
    assert record.result["install"]["id"] == copy["id"] != source["id"]
    assert (copy["record"]["db-name"], copy["record"]["db-pass"], copy["prefix"]) == ("copydb", SECRETS["db_pass"], "cp_")
    assert record.arguments("restore")["url_ip"] == "127.0.0.1"


@pytest.mark.parametrize("name", ["copy: again", "copy: over the source", "taken: check", "taken: run"])
def test_restore_refuses_overwrite(name, run):
    record = run[name]
    assert record.failed and record.changed is False and record.writes == []
    assert "nothing is overwritten" in record.result["msg"]
    assert record.page["status"] == 200


def test_restore_missing_backup(run):
    for name, words in (("none", "no backup latest of http://moved.example"), ("unknown", "no backup 5xfygnd10ws0wc8skck444sab")):
        assert run[name].failed and run[name].writes == []
        assert words in run[name].result["msg"] and "itron_backup_info" in run[name].result["msg"]


def test_check_mode_refusal(run):
    record = run["refused"]
    assert record.failed and record.changed is False and record.writes == []
    assert record.result["failure"]["stage"] == "dryrun" and record.result["steps"][0]["outcome"] == "refused"
    record = run["no dry run"]
    assert not record.failed and "restore" not in record.commands and record.result["steps"][0]["outcome"] == "planned"


@pytest.mark.parametrize("place", PLACES)
def test_no_warnings(place, runs):
    assert_no_warnings(runs[place])


def test_secrets_not_shown(run):
    results = json.dumps([record.result for record in run.records.values()])
    for name, secret in dict(SECRETS, key=KEY).items():
        for text in (run.output, run.log, results):
            assert secret not in text and quote(secret, safe="") not in text, name
    assert run["copy: run"].result["steps"][0]["arguments"]["db_pass"] != SECRETS["db_pass"]
