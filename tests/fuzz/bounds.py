# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The number of random inputs, and the figures of a run."""

import os

# Random inputs for each test that generates them. Without a number, a bounded run uses a fixed set.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES") or 0)
FIGURES = {"inputs": 0, "tracebacks": 0, "unnamed": 0, "undocumented": 0, "evaluated": 0, "max_seconds": 0, "max_memory": 0}
