# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes an empty host for the scenario of the role server: a root of its own, with a web server and nothing of this machine to be changed.

Arguments: a folder for it, and the directory of the sandbox's state. Prints the program that enters the host, and its Python, as JSON.
"""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "tests" / "integration"))

from second_host import PYTHON, obstacle  # noqa: E402
from server_host import Target  # noqa: E402


def main():
    """Make the host, or say why this machine cannot have one."""
    reason = obstacle()
    if reason:
        sys.exit(reason)
    host = Target(Path(sys.argv[1]), SimpleNamespace(state_directory=sys.argv[2]), nginx=True)
    print(json.dumps({"enter": str(host.enter), "python": PYTHON}))


if __name__ == "__main__":
    main()
