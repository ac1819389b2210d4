# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a generated file, or checks that it is up to date; for the tools with ``--check``."""

from __future__ import annotations

import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent


def update(tool: str, path: pathlib.Path, text: str, arguments: list[str]) -> int:
    """Write a file, or with ``--check`` compare it; return the exit status.

    Arguments:
        tool: name of the script below tools/. path: of the file. text: the generated content. arguments: of the command line.
    """
    if "--check" not in arguments:
        path.write_text(text, encoding="utf-8")
    elif not path.exists() or path.read_text(encoding="utf-8") != text:
        print(f"{tool}: {path.relative_to(ROOT)} is out of date; run tools/{tool}.py")
        return 1
    return 0
