# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of a rollout: what it keeps, what it refuses, and files in every bad shape."""

import errno
import json
import os
import subprocess
import sys

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._rollout import journal as module
from ansible_collections.hostops.installatron.plugins.module_utils._rollout.journal import Journal, JournalError

SERVER = "https://h/server/v1"
TARGET = {"name": "rollout", "version": "latest"}
SITE = {"url": "http://a.example", "id": "1", "backup": {"id": "b"}, "version_before": "1", "before": {}}


@pytest.fixture
def path(tmp_path):
    """The path of a journal in a folder that is not there yet."""
    return str(tmp_path / "new" / "journal")


def verdict(name, reason="healthy", **more):
    """Return the values of a verdict."""
    return dict(SITE, verdict=name, reason=reason, **more)


def run(path, *entries, target=None, resume=True, complete=None):
    """Write a run with (event, values) to a journal; return the state that it began with, and its warnings."""
    with Journal(path, SERVER, True) as journal:
        warnings = journal.begin(target or TARGET, resume)
        for event, values in entries:
            journal.append(event, **values)
        if complete is not None:
            journal.append("end", complete=complete, stopped="")
        return journal.state, warnings


def state_of(path):
    """Return what a journal says to a run in check mode."""
    with Journal(path, SERVER, False) as journal:
        return journal.state


def test_verdicts_stay_until_the_rollout_is_complete(path):
    run(path, ("verdict", verdict("updated")), complete=False)
    state, _warnings = run(path, complete=True)
    assert (state.runs, state.verdicts["a.example"]["verdict"]) == (2, "updated")
    state, _warnings = run(path)
    assert (state.runs, state.verdicts) == (1, {})


def test_journal_of_a_complete_rollout_does_not_grow(path):
    for _number in range(3):
        run(path, ("verdict", verdict("updated")), complete=True)
        size = os.path.getsize(path)
    run(path, ("verdict", verdict("updated")), complete=True)
    assert os.path.getsize(path) == size


def test_another_target_begins_anew_and_says_so(path):
    run(path, ("verdict", verdict("failed", "update_failed")), complete=False)
    state, warnings = run(path, target=dict(TARGET, version="6"))
    assert state.verdicts == {} and warnings == ["journal: the rollout in it is about something else (version) and is not complete; this one begins anew"]


def test_without_resume_verdicts_do_not_stay(path):
    run(path, ("verdict", verdict("failed", "update_failed")), complete=False)
    assert run(path, resume=False)[0].verdicts == {}


@pytest.mark.parametrize(("resume", "target"), [(True, TARGET), (False, TARGET), (True, {"name": "other", "version": "latest"})])
@pytest.mark.parametrize("event", ["update", "restore"])
def test_interrupted_site_is_remembered_in_any_case(path, event, resume, target):
    run(path, ("backup", SITE), (event, SITE))
    for _number in range(2):
        state, _warnings = run(path, target=target, resume=resume, complete=True)
        assert state.interrupted["a.example"]["backup"] == {"id": "b"}
    run(path, ("verdict", verdict("attention", "interrupted")), resume=resume, target=target, complete=True)
    state, _warnings = run(path, ("verdict", verdict("updated")), resume=resume, target=target)
    assert state.interrupted["a.example"]["reason"] == "interrupted"
    assert run(path, resume=resume, target=target)[0].interrupted == {}


def test_backup_that_was_begun_interrupts_nothing(path):
    run(path, ("backup", SITE))
    assert run(path)[0].interrupted == {}


@pytest.mark.parametrize("cut", range(1, 40))
def test_last_line_that_is_cut_off_did_not_happen(path, cut):
    run(path, ("verdict", verdict("updated")), ("update", dict(SITE, url="http://b.example")))
    with open(path, "r+b") as file:
        file.truncate(os.path.getsize(path) - cut)
    assert state_of(path).interrupted == {}
    run(path, ("update", dict(SITE, url="http://c.example")))
    assert list(state_of(path).interrupted) == ["c.example"] and list(state_of(path).verdicts) == ["a.example"]


def test_file_that_is_empty_or_cut_in_its_first_line_is_a_new_journal(path):
    os.makedirs(os.path.dirname(path))
    for start in (b"", b'{"format":"hostops'):
        with open(path, "wb") as file:
            file.write(start)
        run(path, ("update", SITE))
        assert list(state_of(path).interrupted) == ["a.example"]


@pytest.mark.parametrize(("content", "message"), [
    (json.dumps({"format": 1, "target": {}, "verdicts": {}}, indent=4) + "\n", "state file or report of an earlier version"),
    (json.dumps({"summary": {}, "verdicts": []}), "state file or report of an earlier version"),
    ("some notes of mine\n", "is no journal of a rollout"),
    ("[1, 2]\n", "is no journal of a rollout"),
    ('{"format": "hostops.installatron rollout journal", "version": 3, "server": "%s"}\n' % SERVER, "has format 3"),
    ('{"format": "hostops.installatron rollout journal", "version": 2, "server": "https://other"}\n', "belongs to https://other, not to https://h"),
])
@pytest.mark.parametrize("write", [True, False])
def test_file_of_another_kind_is_refused_and_kept(tmp_path, content, message, write):
    file = tmp_path / "file"
    file.write_text(content)
    with pytest.raises(JournalError, match=message) as caught, Journal(str(file), SERVER, write):
        pass
    assert caught.value.stage == "input" and caught.value.hint.startswith("Nothing was sent. ")
    assert file.read_text() == content


@pytest.mark.parametrize("line", [b"not JSON", b"[]", b'{"event":"verdict"}', b'{"event":"end"}', b'{"event":"run","resumes":true}', b"{}", b"\xff\xfe"])
def test_line_that_is_no_entry_is_named(path, line):
    run(path)
    with open(path, "ab") as file:
        file.write(line + b"\n")
    with pytest.raises(JournalError, match="line 3 of"):
        state_of(path)


def test_second_run_is_refused_until_the_first_is_over(path):
    with Journal(path, SERVER, True) as journal:
        journal.begin(TARGET, True)
        with pytest.raises(JournalError, match="another run uses"), Journal(path, SERVER, True):
            pass
        assert state_of(path).runs == 1
    run(path)


def test_lock_dies_with_its_owner(path):
    run(path)
    code = "import fcntl,sys,time; f = open(sys.argv[1], 'ab'); fcntl.flock(f, fcntl.LOCK_EX); print('locked', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code, path], stdout=subprocess.PIPE) as owner:
        owner.stdout.readline()
        with pytest.raises(JournalError, match="another run uses"):
            run(path)
        owner.kill()
    run(path)


def test_folder_that_cannot_be_made_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match="journal: .* cannot be used: "), Journal(str(tmp_path / "file" / "journal"), SERVER, True):
        pass


def test_full_disk_leaves_nothing_of_an_entry(path, monkeypatch):
    with Journal(path, SERVER, True) as journal:
        journal.begin(TARGET, True)
        size = os.path.getsize(path)

        def no_room(_descriptor):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(module.os, "fsync", no_room)
        with pytest.raises(JournalError, match="cannot be written: No space left on device"):
            journal.append("update", **SITE)
    assert os.path.getsize(path) == size


def test_entry_is_on_the_disk_when_append_returns(path, monkeypatch):
    synced = []
    monkeypatch.setattr(module.os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_size))
    with Journal(path, SERVER, True) as journal:
        journal.append("update", **SITE)
        assert synced[-1] == os.path.getsize(path)


def test_check_mode_writes_nothing(path):
    with Journal(path, SERVER, False) as journal:
        journal.begin(TARGET, True)
        journal.append("update", **SITE)
    assert not os.path.exists(path)


def test_without_a_path_nothing_is_kept():
    with Journal(None, SERVER, True) as journal:
        assert journal.begin(TARGET, True) == []
        journal.append("update", **SITE)


def test_file_is_not_for_everybody(path):
    run(path)
    assert os.stat(path).st_mode & 0o007 == 0
