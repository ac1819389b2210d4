# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copy the tracked and untracked (not ignored) files of the working tree.

Git ignores build output (caches, the sandbox's state, virtual environments), so copies do not contain it.
As a program: ``worktree.py DIRECTORY`` replaces DIRECTORY with such a copy.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def files() -> list[str]:
    """Return the relative paths of the files in the working tree that are tracked or untracked but not ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [name for name in listed.split("\0") if name and os.path.lexists(ROOT / name)]


def copy(directory: pathlib.Path, keep: str = "") -> None:
    """Replace a directory with a copy of the files; an entry named ``keep`` is left in place."""
    for entry in directory.iterdir() if directory.is_dir() else ():
        if entry.name != keep:
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
    for name in files():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, directory / name, follow_symlinks=False)


if __name__ == "__main__":
    copy(pathlib.Path(sys.argv[1]))
