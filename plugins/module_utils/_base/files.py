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


def write_text(path: str, text: str) -> None:
    """Replace a file atomically, and preserve its mode. Raises OSError."""
    os.makedirs(os.path.dirname(os.path.abspath(path)), mode=0o750, exist_ok=True)
    # Preserves a symbolic link.
    path = os.path.realpath(path)
    part = path + ".part"
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640), "w", encoding="utf-8") as file:
        file.write(text)
    with contextlib.suppress(FileNotFoundError):
        os.chmod(part, os.stat(path).st_mode & 0o7777)
    os.replace(part, path)
