# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Create the virtual environment for the program, with the standard library only.

``python -m itron_sandbox.environment DIRECTORY STAMP PACKAGE...`` writes the file STAMP last, so that an incomplete
directory can be detected.
"""

import subprocess
import sys
import venv
from pathlib import Path


def main(directory, stamp, *packages):
    """Create the environment, install the packages, and write the stamp; return the exit status."""
    venv.create(directory, with_pip=True)
    interpreter = Path(directory) / "bin" / "python"
    done = subprocess.run([str(interpreter), "-m", "pip", "--quiet", "install"] + list(packages), check=False)
    if done.returncode == 0:
        Path(stamp).write_text("\n".join(packages) + "\n", encoding="utf-8")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
