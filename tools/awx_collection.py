# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Install the collection awx.awx in .build/awx for the tests of the role awx. The package ansible on PyPI contains it up to version 12.

The script downloads the whole package and keeps only this collection. It does nothing if the collection is already installed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / ".build" / "awx"
# The last version with awx.awx 24.6.1, the newest release of that collection.
PACKAGE = "ansible==12.3.0"
PREFIX = "ansible_collections/awx/awx/"


def main() -> int:
    """Download the package and extract the collection; return the exit status."""
    if (TARGET / PREFIX / "MANIFEST.json").exists():
        return 0
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", folder, PACKAGE]
        if subprocess.run(command, check=False).returncode != 0:
            print("cannot install awx.awx: the download of %s failed" % PACKAGE, file=sys.stderr)
            return 1
        with zipfile.ZipFile(next(Path(folder).glob("ansible-*.whl"))) as wheel:
            wheel.extractall(TARGET, [name for name in wheel.namelist() if name.startswith(PREFIX)])
    return 0


if __name__ == "__main__":
    sys.exit(main())
