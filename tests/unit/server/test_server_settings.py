# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""settings.ini: changed values, bytes that are kept, and key rotation that never revokes a key in use unless requested."""

import itertools
import os
import stat

import pytest
from itron_server import settings
from itron_server.settings import Unusable, apply, merge, plan_keys

A, B, C = "a" * 8, "b" * 8, "c" * 8
TEXT = "; comment\n\nkey=%s\nkey2 =\nadmin = admin ; who\n# odd line\nquoted=\"a;b\"\n[mail]\nsmtp=here\n" % A


def wanted(**more):
    """Return options that change nothing, updated with the given ones."""
    return {"settings": {}, "secret_settings": {}, "absent": [], "key": "", "key_next": "", "key_revoke": False, "fresh": False, "check": False, **more}


def test_merge_no_options():
    for text in ("", TEXT, TEXT.replace("\n", "\r\n"), TEXT[:-1], "\udcff=\udce9\n"):
        assert merge(text, wanted()) == text


def test_merge_existing_value():
    merged = merge(TEXT, wanted(settings={"admin": "root", "smtp": "there; now", "quoted": "a;b"}))
    assert merged == TEXT.replace("admin = admin ; who", "admin = root ; who").replace("smtp=here", 'smtp="there; now"')
    assert merge(merged, wanted(settings={"admin": "root", "smtp": "there; now"})) == merged


def test_merge_new_setting():
    assert merge(TEXT, wanted(settings={"new": 5})) == TEXT.replace("[mail]", "new=5\n[mail]")
    assert merge("a=1\r\nb=2", wanted(settings={"new": "x"})) == "a=1\r\nb=2\r\nnew=x\r\n"


def test_merge_ignores_comments_and_similar_names():
    text = ";admin=x\n#admin=x\nmyadmin=x\nadmin.x=x\n"
    assert merge(text, wanted(settings={"admin": "y"})) == text + "admin=y\n"
    assert merge(text, wanted(absent=["admin"])) == text
    assert merge(text + "admin=1\n", wanted(absent=["admin"])) == text


@pytest.mark.parametrize(("options", "words"), [
    ({"settings": {"key": "x"}}, "server_settings: set key with server_key"),
    ({"secret_settings": {"key2": "x"}}, "server_secret_settings: set key2"),
    ({"absent": ["key"]}, "server_settings_absent: set key"),
    ({"settings": {"a b": "x"}}, "not a valid name of a setting"),
    ({"settings": {"a": True}}, "Quote a word"),
    ({"settings": {"a": None}}, "Quote a word"),
    ({"settings": {"a": "x\ny=1"}}, "cannot hold"),
    ({"settings": {"a": 'x"y'}}, "cannot hold"),
    ({"settings": {"a": "1"}, "absent": ["a"]}, "more than one of"),
    ({"settings": {"a": "1"}, "secret_settings": {"a": "2"}}, "more than one of"),
    ({"key": "short"}, "server_key: must have at least 8"),
    ({"key": A + "\nx=1"}, "server_key: must have at least 8"),
    ({"key_next": A}, "server_key_next: requires server_key"),
    ({"key": A, "key_next": A}, "the same as server_key"),
])
def test_merge_refused_options(options, words):
    with pytest.raises(Unusable, match=words):
        merge("", wanted(**options))


def test_merge_duplicate_setting_refused():
    with pytest.raises(Unusable, match="admin in 2 lines"):
        merge("admin=1\n[x]\nadmin=2\n", wanted(settings={"admin": "3"}))


# --- keys -------------------------------------------------------------------------------------------------------------


def every_case():
    """Yield all (held, key, following, revoke) of three keys."""
    some = [list(keys) for number in range(3) for keys in itertools.permutations((A, B, C), number)]
    for held, revoke in itertools.product(some, (False, True)):
        for key, following in itertools.product((A, B, C), ("", A, B, C)):
            if key != following:
                yield held, key, following, revoke


def test_plan_keys_all_cases():
    refused = 0
    for held, key, following, revoke in every_case():
        try:
            keys = plan_keys(held, key, following, revoke)
        except Unusable:
            refused += 1
            needed = set(held) | {key, *([following] if following else [])}
            assert (len(needed) > 2) if not revoke else not {key, following} & set(held)
            continue
        assert keys[0] == key and (not following or keys[1] == following) and len(keys) <= 2
        if not revoke:
            assert set(held) <= set(keys)
        else:
            assert not held or set(held) & set(keys)
            assert set(keys) == {key, *([following] if following else [])}
        assert plan_keys(keys, key, following, revoke) == keys
    assert refused > 10


def test_plan_keys_rotation():
    assert plan_keys([C], A, fresh=True) == [A]
    assert plan_keys([A], A, B) == [A, B]
    assert plan_keys([A, B], B) == [B, A]
    assert plan_keys([B, A], B, revoke=True) == [B]
    assert plan_keys([A, B], "") == [A, B]


def test_merge_key2():
    text = "key=%s\nkey2=%s\nadmin=x\n" % (A, B)
    assert merge(text, wanted(key=B, key_revoke=True)) == "key=%s\nadmin=x\n" % B
    assert merge("key=%s\nkey2=\n" % A, wanted(key=A)) == "key=%s\nkey2=\n" % A
    assert merge("key=%s\nkey2=\n" % A, wanted(key=A, key_next=B)) == "key=%s\nkey2=%s\n" % (A, B)


# --- the file ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path):
    """A world-readable settings.ini."""
    path = tmp_path / "settings.ini"
    path.write_text(TEXT, encoding="utf-8")
    path.chmod(0o644)
    return path


def test_diff_without_secrets(file):
    options = wanted(path=str(file), key=B, settings={"admin": "root", "smtp_password": "visible1"}, secret_settings={"odd": "hidden12"}, absent=["smtp"])
    answer = apply({**options, "check": True})
    assert answer["changed"] and file.read_text(encoding="utf-8") == TEXT
    assert answer["diff"] == ["-key=(set)", "+key=(changed)", "-key2=(set)", "+key2=(changed)", "-admin=admin", "+admin=root", "+smtp_password=(set)",
                              "+odd=(set)", "-smtp=here", "-(mode of the file) 0644", "+(mode of the file) 0600"]
    assert apply(options) == answer
    assert apply(options) == {"changed": False, "diff": [], "problem": None}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and os.listdir(file.parent) == ["settings.ini"]


def test_symlink_kept_and_mode_changed(file, tmp_path):
    link = tmp_path / "link.ini"
    link.symlink_to(file)
    assert apply(wanted(path=str(link)))["changed"] and link.is_symlink()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and file.read_text(encoding="utf-8") == TEXT


def test_write_error_keeps_old_file(file, monkeypatch):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(settings.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        apply(wanted(path=str(file), key=B))
    assert file.read_text(encoding="utf-8") == TEXT and os.listdir(file.parent) == ["settings.ini"]


def test_problem_messages(file):
    def problem(**options):
        return settings.answer(wanted(key=B, **options))["problem"]

    nowhere = str(file.parent / "none" / "settings.ini")
    assert problem(path=str(file), key_next=C).startswith("server_key: settings.ini has room for two keys")
    assert problem(path=nowhere).endswith("so settings.ini cannot be created.")
    assert problem(path=str(file.parent)) == "settings.ini cannot be read or written: Is a directory"
    assert settings.answer(wanted(path=nowhere, key=B, check=True)) == {"changed": True, "diff": ["+key=(set)"], "problem": None}
