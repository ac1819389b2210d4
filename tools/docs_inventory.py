# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Convert a list of references to an inventory for Sphinx's intersphinx. Usage: docs_inventory.py LIST INVENTORY"""

from __future__ import annotations

import sys
import zlib
from pathlib import Path

HEADER = "# Sphinx inventory version 2\n# Project: ansible\n# Version: latest\n# The remainder of this file is compressed using zlib.\n"


def inventory(text):
    """Return the inventory as bytes. Each line of `text` has type, name, address and title; # starts a comment."""
    lines = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            kind, name, address, title = line.split(" ", 3)
            lines.append("%s %s -1 %s %s\n" % (name, kind, address, title))
    return HEADER.encode() + zlib.compress("".join(lines).encode())


if __name__ == "__main__":
    source, target = sys.argv[1:]
    Path(target).write_bytes(inventory(Path(source).read_text(encoding="utf-8")))
