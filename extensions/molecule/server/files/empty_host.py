# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creates an empty host for the scenario of the role server: its own root file system, with a web server, isolated from this machine.

Arguments: a directory for it, and the state directory of the sandbox. Prints the program that enters the host, and its Python, as JSON.
"""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "tests" / "integration"))

from second_host import PYTHON, missing_requirement  # noqa: E402
from server_host import Target  # noqa: E402


def main():
    """Create the host, or exit with the reason why this machine does not support it."""
    reason = missing_requirement()
    if reason:
        sys.exit(reason)
    host = Target(Path(sys.argv[1]), SimpleNamespace(state_directory=sys.argv[2]), nginx=True)
    print(json.dumps({"enter": str(host.enter), "python": PYTHON}))


if __name__ == "__main__":
    main()
