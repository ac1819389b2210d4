# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Atomic writing of files. This is a private util of the collection."""

from __future__ import annotations

import contextlib
import json
import os
from typing import Any


def write_json(path: str, value: Any, indent: int = 4) -> None:
    """Write a value as JSON, as write_text() does."""
    write_text(path, json.dumps(value, indent=indent, sort_keys=True, ensure_ascii=False) + "\n")


def write_text(path: str, text: str, mode: int | None = None, sync: bool = False) -> None:
    """Replace a file atomically. Raises OSError or UnicodeError, and then leaves the file unchanged.

    Arguments:
        path: a symbolic link is preserved. mode: of the file. None preserves the mode of an existing file; a new file gets 0640.
        sync: whether to sync the file and its directory to disk.
    """
    os.makedirs(os.path.dirname(os.path.abspath(path)), mode=0o750, exist_ok=True)
    path = os.path.realpath(path)
    part = path + ".part"
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode or 0o640), "w", encoding="utf-8") as file:
            file.write(text)
            if sync:
                file.flush()
                os.fsync(file.fileno())
        if mode is None:
            with contextlib.suppress(FileNotFoundError):
                os.chmod(part, os.stat(path).st_mode & 0o7777)
        os.replace(part, path)
        if sync:
            _sync_directory(os.path.dirname(path))
    except (OSError, UnicodeError):
        with contextlib.suppress(OSError):
            os.unlink(part)
        raise


def _sync_directory(path: str) -> None:
    """Sync the entries of a directory to disk."""
    directory = os.open(path, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
