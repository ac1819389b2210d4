# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The info modules: results of backups and releases, filters, and polling of tasks."""

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._apps.facts import AppFactsWork, matches
from ansible_collections.hostops.installatron.plugins.module_utils._apps.fields import app_result, size
from ansible_collections.hostops.installatron.plugins.module_utils._backup.fields import backup_result
from ansible_collections.hostops.installatron.plugins.module_utils._backup.info import BackupInfoWork
from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import (
    InputError,
    RefusedError,
    ReplyError,
    TaskError,
    WaitTimeoutError,
)
from ansible_collections.hostops.installatron.plugins.module_utils._core.tasks import Waiting
from ansible_collections.hostops.installatron.plugins.module_utils._install.info import InstallInfoWork
from ansible_collections.hostops.installatron.plugins.module_utils._redaction.redact import MASK, Redactor
from ansible_collections.hostops.installatron.plugins.module_utils._task.info import GRACE, TaskInfoWork, Watch


class Server:
    """A client that returns the given answers of each command sequentially. The last one is returned repeatedly."""

    def __init__(self, **answers):
        self.answers = answers
        self.asked = []
        self.redactor = Redactor()

    def _answer(self, command, arguments):
        self.asked.append((command, {name: value for name, value in arguments.items() if value is not None}))
        answers = self.answers[command]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def __getattr__(self, command):
        return lambda **arguments: self._answer(command, arguments)

    def view(self, id, addons=False):
        """Answer C(view)."""
        return self._answer("view", {"id": id, "addons": addons})


# --- results ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("40M", 41943040),
        ("1.5 GB", 1610612736),
        ("512", 512),
        ("2kb", 2048),
        ("1TiB", 1024**4),
        ("much", None),
        ("", None),
        (None, None),
        (7, 7),
    ],
)
def test_size_in_bytes(text, number):
    assert size(text) == number


def test_backup_result():
    row = {
        "id": "b",
        "installer": "zurmo",
        "db-pass": "S@q",
        "cf-passwd": "x",
        "backup-install": "i",
        "backup-time": "1377427408",
        "time": "1376660774",
        "cache-archive": "13836288",
        "backup-location": "ftp://me:secret@host/x",
        "path": "/home/x",
    }
    result = backup_result(row)
    assert (result["size"], result["time"], result["install_time"]) == (
        13836288,
        "2013-08-25T10:43:28Z",
        "2013-08-16T13:46:14Z",
    )
    assert result["location"] == "ftp://me:%s@host/x" % MASK
    assert result["expiry"] is None and result["install"] == "i"
    assert not [name for name, value in result.items() if value in ("S@q", "x")]
    assert backup_result(None) is None


def test_app_result_php_arrays():
    row = {
        "id": "wordpress_4.9.7",
        "appid": "wordpress",
        "tags": ["security"],
        "languages": {"0": "de", "1": "en"},
        "requirements": {"diskspace": "40M", "php": "5.2.4-"},
        "upgrade_from": "auto",
        "fields": {
            "passwd": {"label": "Administrator Password", "gettable": False, "sort_order": 3, "options": []},
            "multisite": {"settable": False, "options": {"no": "No"}},
            "broken": "x",
        },
    }
    result = app_result(row)
    assert (
        result["application"] == "wordpress"
        and result["languages"] == ["de", "en"]
        and result["upgrade_from"] == "auto"
    )
    assert result["requirements"] == {"diskspace": 41943040, "php": "5.2.4-"}
    assert sorted(result["fields"]) == ["multisite", "passwd"]
    assert result["fields"]["passwd"]["gettable"] is False and result["fields"]["passwd"]["settable"] is True
    assert result["fields"]["passwd"]["options"] == {} and result["fields"]["multisite"]["settable"] is False
    assert app_result({"id": "joomla", "fields": [], "requirements": []})["application"] == "joomla"


# --- itron_app_facts --------------------------------------------------------------------------------------------------

ENTRY = {"name": "WordPress", "category": "Content Management", "branch": "current", "tags": ["security", "beta"]}


@pytest.mark.parametrize(
    ("desired", "fits"),
    [
        ({}, True),
        ({"name": "press"}, True),
        ({"name": "joomla"}, False),
        ({"category": ["content management", "x"]}, True),
        ({"category": ["content"]}, False),
        ({"category": []}, False),
        ({"tags": ["SECURITY"]}, True),
        ({"tags": ["minor"]}, False),
        ({"branch": ["current"], "tags": ["beta"]}, True),
        ({"branch": ["old"], "tags": ["beta"]}, False),
    ],
)
def test_app_filters(desired, fits):
    assert matches(ENTRY, desired) is fits


def test_app_filters_missing_members():
    assert not matches({"name": None, "category": None, "branch": None, "tags": []}, {"name": "x"})
    assert not matches({"name": None, "category": None, "branch": None, "tags": []}, {"category": ["x"]})


def test_app_facts_application_argument():
    server = Server(browser=[[]])
    for names in (["wordpress", "wordpress"], ["wordpress", "joomla"], None):
        AppFactsWork(server, {"application": names}).read()
    assert [arguments.get("application") for _command, arguments in server.asked] == [
        "wordpress",
        ["wordpress", "joomla"],
        None,
    ]


def test_app_facts_invalid_reply():
    with pytest.raises(ReplyError, match="browser: data is not a list"):
        AppFactsWork(Server(browser=[{"x": 1}]), {}).read()


# --- itron_install_info -----------------------------------------------------------------------------------------------


def install_info(server, **options):
    """Return the result, the notes and the progress lines of itron_install_info."""
    work = InstallInfoWork(
        server,
        dict(
            {
                "owned_accounts": False,
                "version_available": False,
                "version_available_minor": False,
                "addons": False,
                "refresh": False,
            },
            **options,
        ),
    )
    lines = []
    work.report = lines.append
    current = work.read()
    return work.result(current), work.check(current), lines


SITES = [
    {"id": "1", "url": "http://a.example", "installer": "wordpress"},
    {"id": "2", "url": "https://a.example", "installer": "joomla"},
]


def test_install_info_fields():
    row = dict(SITES[0], **{"cf-theme": "dark", "cf-password": "secret"})
    assert install_info(Server(installs=[[row]]), fields=["settings", "id"])[0]["installs"] == [{"id": "1", "settings": {"theme": "dark"}}]
    assert install_info(Server(installs=[[row]]), fields=["url"])[0]["installs"] == [{"url": "http://a.example"}]
    whole = install_info(Server(installs=[[row]]))[0]
    assert len(whole["installs"][0]) > 40
    assert install_info(Server(installs=[[row]]), fields=[])[0] == whole


def test_backup_info_fields():
    server = Server(backups=[[{"id": "b", "backup-install": "1", "backup-time": "0"}]])
    work = BackupInfoWork(server, {"owned_accounts": False, "fields": ["id", "install"]})
    assert work.result(work.read()) == {"backups": [{"id": "b", "install": "1"}]}


@pytest.mark.parametrize(("work", "hint"), [(InstallInfoWork, "settings"), (BackupInfoWork, "schedule")])
def test_fields_unknown_refused(work, hint):
    options = dict.fromkeys(("owned_accounts", "version_available", "version_available_minor", "addons", "refresh"), False)
    with pytest.raises(InputError, match="fields: the result has no db_pass, nonsense") as caught:
        work(Server(), dict(options, fields=["id", "nonsense", "db_pass"]))
    assert hint in caught.value.hint


def test_install_info_url_schemes():
    assert [row["id"] for row in install_info(Server(installs=[SITES]), url="https://a.example")[0]["installs"]] == [
        "2"
    ]
    assert [
        row["id"] for row in install_info(Server(installs=[SITES[:1]]), url="https://a.example")[0]["installs"]
    ] == ["1"]


def test_install_info_server_ignores_id():
    assert [row["id"] for row in install_info(Server(installs=[SITES]), id="2")[0]["installs"]] == ["2"]


def test_install_info_url_filters():
    server = Server(installs=[[]])
    install_info(
        server, url="http://a.example", owned_accounts=True, version_available=True, version_available_minor=True
    )
    more = {"filter-ownedaccounts": "yes", "filter-version-available": "yes", "filter-version-available-minor": "yes"}
    assert server.asked == [("installs", dict(more, q="a.example")), ("installs", more)]


def test_install_info_addons_only_wordpress():
    server = Server(installs=[SITES], view=[{"version": "9"}])
    result, notes, lines = install_info(server, addons=True)
    assert server.asked[1:] == [("view", {"id": "1", "addons": True})]
    assert [row["version"] for row in result["installs"]] == ["9", None] and notes == []
    assert lines == ["view: 1 of 1 sites visited"]


def test_install_info_view_refused():
    refusal = RefusedError("view: no", errcode="e")
    result, notes, _lines = install_info(Server(installs=[SITES], view=[refusal, {"version": "9"}]), refresh=True)
    assert [row["version"] for row in result["installs"]] == [None, "9"]
    assert result["not_visited"] == [{"id": "1", "url": "http://a.example", "errcode": "e", "msg": "view: no"}]
    assert len(notes) == 1 and "refused to visit 1" in notes[0]
    with pytest.raises(RefusedError):
        install_info(Server(installs=[SITES], view=[refusal]), refresh=True, id="1")


# --- itron_backup_info ------------------------------------------------------------------------------------------------

BACKUPS = [
    {"id": "old", "backup-install": "1", "backup-time": "100", "url": "http://a.example"},
    {"id": "new", "backup-install": "1", "backup-time": "300", "url": "http://a.example"},
    {"id": "other", "backup-install": "7", "backup-time": "200", "url": "https://a.example/"},
]


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ({}, ["new", "other", "old"]),
        ({"install": "1"}, ["new", "old"]),
        ({"install": "http://a.example"}, ["new", "old"]),
        ({"id": "other"}, ["other"]),
        ({"id": "other", "install": "1"}, []),
    ],
)
def test_backup_info_server_ignores_filters(options, ids):
    work = BackupInfoWork(Server(installs=[SITES], backups=[BACKUPS]), dict({"owned_accounts": False}, **options))
    assert [backup["id"] for backup in work.result(work.read())["backups"]] == ids


def test_backup_info_removed_application():
    server = Server(installs=[[]], backups=[BACKUPS + [{"id": "z", "url": None}]])
    work = BackupInfoWork(server, {"install": "http://A.example", "owned_accounts": True})
    assert [backup["id"] for backup in work.result(work.read())["backups"]] == ["new", "other", "old"]
    assert server.asked[-1] == ("backups", {"filter-ownedaccounts": "yes"})


def test_backup_info_ambiguous_url():
    with pytest.raises(InputError, match=r"^install: 2 installed applications"):
        BackupInfoWork(
            Server(installs=[[SITES[0], dict(SITES[0], id="3")]]),
            {"install": "http://a.example", "owned_accounts": False},
        ).read()


# --- itron_task_info --------------------------------------------------------------------------------------------------


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self):
        self.time = 0.0

    def now(self):
        """Return the seconds slept so far."""
        return self.time

    def sleep(self, seconds):
        """Let time pass."""
        self.time += seconds


def row(id, status="processing", **more):
    """Return a row of C(tasks)."""
    return dict({"id": id, "status": status, "cmd": "backup", "url": "http://a.example", "install": "1"}, **more)


def watch(server, timeout=60, **options):
    """Return the work of itron_task_info, the state that it read, and its clock."""
    work = TaskInfoWork(
        server,
        dict(
            {"wait": True, "wait_timeout": timeout, "poll_interval": 2, "timeout": 30, "fail_on_error": True}, **options
        ),
    )
    clock = Clock()
    work._waiting = Waiting(options.get("wait", True), timeout, 2, 10, clock)
    work.report = lambda text: None
    return work, work.read(), clock


def test_task_info_wait_without_ids():
    server = Server(tasks=[[row("1"), row("2", "failed")], [row("1", "complete"), row("2", "failed"), row("3")]])
    work, current, _clock = watch(server)
    assert work.check(current) == []
    assert [(task["id"], task["state"]) for task in work.result(current)["tasks"]] == [
        ("1", "done"),
        ("2", "failed"),
        ("3", "running"),
    ]


def test_task_info_wait_task_listed_late():
    server = Server(tasks=[[], [row("b", "complete")], [row("b", "complete"), row("a", "complete")]])
    work, current, _clock = watch(server, ids=["a", " b ", "a"])
    assert [task["id"] for task in work.result(current)["tasks"]] == ["a", "b"] and current.missing == []
    assert work.check(current) == []


def test_task_info_missing_after_grace():
    work, current, clock = watch(Server(tasks=[[]]), ids=["a"])
    assert GRACE <= clock.time < GRACE + 5
    with pytest.raises(TaskError, match="ids: the server lists no task a"):
        work.check(current)
    work, current, _clock = watch(Server(tasks=[[]]), ids=["a"], fail_on_error=False)
    assert work.check(current) == [] and work.result(current) == {"tasks": [], "missing": ["a"]}


def test_task_info_gone():
    work, current, _clock = watch(Server(tasks=[[row("a")], []]))
    assert [task["state"] for task in work.result(current)["tasks"]] == ["gone"]
    assert "no longer lists" in work.check(current)[0]


def test_task_info_done_and_unlisted():
    _work, current, _clock = watch(
        Server(tasks=[[row("a"), row("b")], [row("a", "complete"), row("b")], [row("b", "complete")]])
    )
    assert [task["state"] for task in current.tasks()] == ["done", "done"]


def test_task_info_failed():
    rows = [row("a", "failed", message="Error: x", errcode="invalid_signature"), row("b", "aborted")]
    work, current, _clock = watch(Server(tasks=[[row("a"), row("b")], rows]))
    with pytest.raises(TaskError) as caught:
        work.check(current)
    assert (
        caught.value.message
        == "tasks: task a (backup, http://a.example) failed: Error: x; "
        "task b (backup, http://a.example) failed: aborted"
    )
    assert caught.value.errcode == "invalid_signature" and caught.value.hint == "Try the migration again."
    work, current, _clock = watch(Server(tasks=[[row("a"), row("b")], rows]), fail_on_error=False)
    assert work.check(current) == []


def test_task_info_wait_timeout():
    work, current, clock = watch(Server(tasks=[[row("a")]]), timeout=33, fail_on_error=False)
    assert clock.time == 33
    with pytest.raises(WaitTimeoutError, match=r"task a \(backup, http://a.example\) still running after 33 seconds"):
        work.check(current)


def test_task_info_unreadable_list_tolerated():
    broken = ReplyError("x")
    _work, current, _clock = watch(Server(tasks=[[row("a")], broken, broken, [row("a", "complete")]]))
    assert current.state("a") == "done"
    with pytest.raises(ReplyError):
        watch(Server(tasks=[[row("a")], broken]))


@pytest.mark.parametrize(
    ("install", "ids"), [("1", ["a"]), ("https://A.example/", ["a", "b"]), ("http://nowhere.example", [])]
)
def test_task_info_install(install, ids):
    rows = [row("a"), row("b", install=None), row("c", url="http://c.example", install="3")]
    _work, current, _clock = watch(Server(tasks=[rows]), wait=False, install=install)
    assert [task["id"] for task in current.tasks()] == ids


def test_task_info_without_wait():
    server = Server(tasks=[[row("a")]])
    work, current, _clock = watch(server, wait=False, ids=["a", "x"])
    assert len(server.asked) == 1 and work.check(current) == []
    assert work.result(current)["missing"] == ["x"]


def test_watch_empty():
    current = Watch([], lambda row: True)
    current.look([row("a")])
    assert current.tasks() == [] and current.missing == [] and current.waited("running") == []
