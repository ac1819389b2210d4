# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much bad input is tried, and what came of it."""

import os

# Random inputs for each test that makes them; the bounded run always takes the same.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES") or 0)
FIGURES = {"inputs": 0, "tracebacks": 0, "unnamed": 0, "undocumented": 0, "evaluated": 0, "max_seconds": 0, "max_memory": 0}
