# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of a rollout: the state that it keeps, and the files that it refuses."""

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
    """The path of a journal in a folder that does not exist yet."""
    return str(tmp_path / "new" / "journal")


def verdict(name, reason="healthy", **more):
    """Return the values of a verdict."""
    return dict(SITE, verdict=name, reason=reason, **more)


def run(path, *entries, target=None, resume=True, complete=None):
    """Append a run with entries (event, values) to a journal. Return the initial state of the run and its warnings."""
    with Journal(path, SERVER, True) as journal:
        warnings = journal.begin(target or TARGET, resume)
        for event, values in entries:
            journal.append(event, **values)
        if complete is not None:
            journal.append("end", complete=complete, stopped="")
        return journal.state, warnings


def state_of(path):
    """Return the state that a run in check mode reads from a journal."""
    with Journal(path, SERVER, False) as journal:
        return journal.state


def test_verdicts_kept_until_complete(path):
    run(path, ("verdict", verdict("updated")), complete=False)
    state, _warnings = run(path, complete=True)
    assert (state.runs, state.verdicts["a.example"]["verdict"]) == (2, "updated")
    state, _warnings = run(path)
    assert (state.runs, state.verdicts) == (1, {})


def test_size_stable_after_complete_rollouts(path):
    for _number in range(3):
        run(path, ("verdict", verdict("updated")), complete=True)
        size = os.path.getsize(path)
    run(path, ("verdict", verdict("updated")), complete=True)
    assert os.path.getsize(path) == size


def test_target_changed_starts_new_rollout(path):
    run(path, ("verdict", verdict("failed", "update_failed")), complete=False)
    state, warnings = run(path, target=dict(TARGET, version="6"))
    assert state.verdicts == {} and warnings == ["journal: it contains an incomplete rollout with other options (version); this rollout starts over"]


def test_resume_false_drops_verdicts(path):
    run(path, ("verdict", verdict("failed", "update_failed")), complete=False)
    assert run(path, resume=False)[0].verdicts == {}


@pytest.mark.parametrize(("resume", "target"), [(True, TARGET), (False, TARGET), (True, {"name": "other", "version": "latest"})])
@pytest.mark.parametrize("event", ["update", "restore"])
def test_interrupted_site_kept(path, event, resume, target):
    run(path, ("backup", SITE), (event, SITE))
    for _number in range(2):
        state, _warnings = run(path, target=target, resume=resume, complete=True)
        assert state.interrupted["a.example"]["backup"] == {"id": "b"}
    run(path, ("verdict", verdict("attention", "interrupted")), resume=resume, target=target, complete=True)
    state, _warnings = run(path, ("verdict", verdict("updated")), resume=resume, target=target)
    assert state.interrupted["a.example"]["reason"] == "interrupted"
    assert run(path, resume=resume, target=target)[0].interrupted == {}


def test_interrupted_site_not_after_backup_only(path):
    run(path, ("backup", SITE))
    assert run(path)[0].interrupted == {}


@pytest.mark.parametrize("cut", range(1, 40))
def test_truncated_last_line_ignored(path, cut):
    run(path, ("verdict", verdict("updated")), ("update", dict(SITE, url="http://b.example")))
    with open(path, "r+b") as file:
        file.truncate(os.path.getsize(path) - cut)
    assert state_of(path).interrupted == {}
    run(path, ("update", dict(SITE, url="http://c.example")))
    assert list(state_of(path).interrupted) == ["c.example"] and list(state_of(path).verdicts) == ["a.example"]


def test_file_empty_or_truncated_header(path):
    os.makedirs(os.path.dirname(path))
    for start in (b"", b'{"format":"hostops'):
        with open(path, "wb") as file:
            file.write(start)
        run(path, ("update", SITE))
        assert list(state_of(path).interrupted) == ["a.example"]


@pytest.mark.parametrize(("content", "message"), [
    (json.dumps({"format": 1, "target": {}, "verdicts": {}}, indent=4) + "\n", "state file or report of an earlier version"),
    (json.dumps({"summary": {}, "verdicts": []}), "state file or report of an earlier version"),
    ("some notes of mine\n", "is not the journal of a rollout"),
    ("[1, 2]\n", "is not the journal of a rollout"),
    ('{"format": "hostops.installatron rollout journal", "version": 3, "server": "%s"}\n' % SERVER, "has format 3"),
    ('{"format": "hostops.installatron rollout journal", "version": 2, "server": "https://other"}\n', "belongs to https://other, not to https://h"),
])
@pytest.mark.parametrize("write", [True, False])
def test_file_of_other_kind_refused(tmp_path, content, message, write):
    file = tmp_path / "file"
    file.write_text(content)
    with pytest.raises(JournalError, match=message) as caught, Journal(str(file), SERVER, write):
        pass
    assert caught.value.stage == "input" and caught.value.hint.startswith("Nothing was sent. ")
    assert file.read_text() == content


@pytest.mark.parametrize("line", [b"not JSON", b"[]", b'{"event":"verdict"}', b'{"event":"end"}', b'{"event":"run","resumes":true}', b"{}", b"\xff\xfe"])
def test_invalid_line_refused(path, line):
    run(path)
    with open(path, "ab") as file:
        file.write(line + b"\n")
    with pytest.raises(JournalError, match="line 3 of"):
        state_of(path)


def test_lock_refuses_second_run(path):
    with Journal(path, SERVER, True) as journal:
        journal.begin(TARGET, True)
        with pytest.raises(JournalError, match="another run uses"), Journal(path, SERVER, True):
            pass
        assert state_of(path).runs == 1
    run(path)


def test_lock_released_when_owner_dies(path):
    run(path)
    code = "import fcntl,sys,time; f = open(sys.argv[1], 'ab'); fcntl.flock(f, fcntl.LOCK_EX); print('locked', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code, path], stdout=subprocess.PIPE) as owner:
        owner.stdout.readline()
        with pytest.raises(JournalError, match="another run uses"):
            run(path)
        owner.kill()
    run(path)


def test_folder_cannot_be_created(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match="journal: cannot use .*: "), Journal(str(tmp_path / "file" / "journal"), SERVER, True):
        pass


def test_append_full_disk_removes_entry(path, monkeypatch):
    with Journal(path, SERVER, True) as journal:
        journal.begin(TARGET, True)
        size = os.path.getsize(path)

        def no_room(_descriptor):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(module.os, "fsync", no_room)
        with pytest.raises(JournalError, match="No space left on device"):
            journal.append("update", **SITE)
    assert os.path.getsize(path) == size


def test_append_syncs_entry(path, monkeypatch):
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


def test_path_missing_keeps_nothing():
    with Journal(None, SERVER, True) as journal:
        assert journal.begin(TARGET, True) == []
        journal.append("update", **SITE)


def test_file_not_world_readable(path):
    run(path)
    assert os.stat(path).st_mode & 0o007 == 0
