# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Atomic writing of files."""

import os

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._base.files import write_text


def no_space(*_arguments):
    """Fail as on a full disk."""
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(("function", "options"), [("replace", {}), ("fsync", {"sync": True})])
def test_failure_leaves_file_unchanged(tmp_path, monkeypatch, function, options):
    path = tmp_path / "plan.json"
    path.write_text("old", encoding="utf-8")
    monkeypatch.setattr(os, function, no_space)
    with pytest.raises(OSError, match="No space left"):
        write_text(str(path), "new", **options)
    assert [file.name for file in tmp_path.iterdir()] == ["plan.json"] and path.read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize(("mode", "expected"), [(None, 0o604), (0o600, 0o600)])
def test_mode_of_existing_file(tmp_path, mode, expected):
    path = tmp_path / "plan.json"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o604)
    write_text(str(path), "new", mode=mode)
    assert path.stat().st_mode & 0o7777 == expected and path.read_text(encoding="utf-8") == "new"
