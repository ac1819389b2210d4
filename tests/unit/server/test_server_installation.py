# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the role server wraps the vendor's installer: its process, the snapshot for a rollback, and the masking of its output."""

import base64
import json
import os
import shlex
import signal
from urllib.parse import quote, quote_plus

import pytest
from itron_server import process
from itron_server.redaction import MASK, mask, secrets_of
from itron_server.snapshot import Snapshot

SECRET = "p+/ä\"&$ x'9-Q"


@pytest.mark.parametrize("spell", [
    str, quote, quote_plus, shlex.quote, json.dumps, lambda text: json.dumps(text, ensure_ascii=False), lambda text: text.encode().hex(),
    lambda text: base64.b64encode(b"user:" + text.encode() + b"\n").decode(), lambda text: base64.b64encode(text.encode()).decode(),
])
def test_mask_encoded_forms(spell):
    masked = mask("before %s after" % spell(SECRET), [SECRET, None, ""])
    assert MASK in masked and masked.startswith("before ") and masked.endswith(" after")
    assert not any(part in masked for part in ("9-Q", base64.b64encode(SECRET.encode()).decode()[4:12], SECRET.encode().hex()[4:12]))


def test_mask_overlapping_secrets():
    assert mask("abcdefgh", ["cdef", "abcdefgh"]) == MASK


def test_secrets_of_settings_file(tmp_path):
    (tmp_path / "settings.ini").write_text("; key=no\nkey=first123\nkey2=\nadmin=root\ndb-pass=\"second12\" ; x\n", encoding="utf-8")
    assert secrets_of(str(tmp_path / "settings.ini")) == ["first123", "second12"]
    assert secrets_of(str(tmp_path / "none")) == []


# --- the process ------------------------------------------------------------------------------------------------------


def alive(pid):
    """Return whether a process runs. A zombie does not run."""
    try:
        with open("/proc/%s/stat" % pid, encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("ignores_sigterm", [False, True])
def test_process_timeout_stops_children(ignores_sigterm, monkeypatch):
    monkeypatch.setattr(process, "GRACE", 0.3)
    loop = "while :; do sleep 0.1; done"
    # Child processes inherit an ignored signal.
    script = "%s sh -c '%s' & echo $!; echo asking; %s" % ("trap '' TERM;" if ignores_sigterm else "", loop, loop)
    status, output, ended = process.run(["sh", "-c", script], 0.5)
    child, said = output.split()
    assert said == "asking" and "did not finish within 0 seconds (server_installer_timeout)" in ended
    assert status == (-signal.SIGKILL if ignores_sigterm else -signal.SIGTERM)
    assert not alive(child)


def test_process_output_held_by_service():
    status, output, ended = process.run(["sh", "-c", "(setsid sleep 30 & echo $!); exit 3"], 20)
    os.kill(int(output), signal.SIGKILL)
    assert (status, ended) == (3, None)


def test_process_stdin_closed_output_bounded(monkeypatch):
    monkeypatch.setattr(process, "KEPT", 1000)
    status, output, ended = process.run(["sh", "-c", "cat; yes 0123456789 | head -n 50000; echo end; echo to stderr >&2"], 20)
    lines = output.splitlines()
    assert (status, ended, lines[-2:]) == (0, None, ["end", "to stderr"])
    assert set(lines[:-2]) == {"0123456789"} and len(output) <= 66536 + 2000


# --- snapshots --------------------------------------------------------------------------------------------------------


def tree(folder):
    """Return the content and the mode of every path below a folder, for comparison."""
    found = {}
    for path in sorted(folder.rglob("*")):
        what = os.readlink(path) if path.is_symlink() else None if path.is_dir() else path.read_bytes()
        found[str(path.relative_to(folder))] = (what, os.lstat(path).st_mode)
    return found


@pytest.fixture
def live(tmp_path):
    """A folder with files, subfolders, a symlink, and a settings.ini with a key."""
    folder = tmp_path / "live"
    for name in ("sites/one", "core/deep/file", "both"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("old " + name, encoding="utf-8")
    (folder / "sites" / "link").symlink_to("one")
    (folder / "run.sh").write_text("x", encoding="utf-8")
    (folder / "run.sh").chmod(0o755)
    (folder / "empty").mkdir(mode=0o750)
    (folder / "settings.ini").write_text("key=secret123", encoding="utf-8")
    (folder / "settings.ini").chmod(0o600)
    return folder


def damage(folder):
    """Change a folder as an installer might."""
    (folder / "both").unlink()
    (folder / "both").mkdir()
    (folder / "both" / "new").write_text("new", encoding="utf-8")
    (folder / "core" / "deep" / "file").unlink()
    (folder / "core" / "deep").rmdir()
    (folder / "core" / "deep").write_text("a file now", encoding="utf-8")
    (folder / "sites" / "one").write_text("new", encoding="utf-8")
    (folder / "sites" / "link").unlink()
    (folder / "sites" / "link").symlink_to("nowhere")
    (folder / "run.sh").chmod(0o700)
    (folder / "empty").rmdir()
    (folder / "added" / "deep").mkdir(parents=True)
    (folder / "added" / "deep" / "file").write_text("secret456 is not in here", encoding="utf-8")
    (folder / "settings.ini").write_text("key=secret456", encoding="utf-8")


def test_snapshot_restore_moves_new_files_aside(live, tmp_path):
    before = tree(live)
    copies = Snapshot([str(live), str(tmp_path / "none")], str(tmp_path / "copies"), str(live / "settings.ini"))
    copies.take()
    assert copies.changes() == [[], [], []]
    damage(live)
    (tmp_path / "none").write_text("new", encoding="utf-8")
    copies.restore(str(tmp_path / "aside"))
    assert tree(live) == before and not (tmp_path / "none").exists()
    aside = tmp_path / "aside" / str(live)[1:]
    assert (aside / "sites" / "one").read_text(encoding="utf-8") == "new" and (aside / "added" / "deep" / "file").exists()
    assert (tmp_path / "aside" / str(tmp_path / "none")[1:]).read_text(encoding="utf-8") == "new"
    assert copies.restore(str(tmp_path / "again")) == [] and not (tmp_path / "again").exists()


def test_snapshot_excludes_secret_file(live, tmp_path):
    copies = Snapshot([str(live)], str(tmp_path / "copies"), str(live / "settings.ini"))
    copies.take()
    (live / "settings.ini").write_text("key=secret456", encoding="utf-8")
    copies.restore(str(tmp_path / "aside"))
    assert list(tmp_path.rglob("settings.ini")) == [live / "settings.ini"]


def test_snapshot_restore_new_installation(live, tmp_path):
    copies = Snapshot([str(tmp_path / "new")], str(tmp_path / "copies"), str(tmp_path / "new" / "settings.ini"))
    copies.take()
    live.rename(tmp_path / "new")
    copies.restore(str(tmp_path / "aside"))
    assert not (tmp_path / "new").exists() and list((tmp_path / "aside").rglob("run.sh")) != []
