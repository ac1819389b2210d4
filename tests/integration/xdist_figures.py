# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pytest plugin that sums up figures over the workers of pytest-xdist and prints them at the end."""

import pytest


class XdistFigures:
    """Sums `figures`, a table of names and numbers that tests add to. Prints `line` with the sums filled in.

    If the name of a figure begins with C(max_), the maximum is kept instead.
    """

    def __init__(self, figures, line):
        self._figures = figures
        self._line = line

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node, error):
        """Add the figures of a worker. A worker that crashed has none."""
        for name, value in getattr(node, "workeroutput", {}).get("figures", {}).items():
            self._figures[name] = max(self._figures[name], value) if name.startswith("max_") else self._figures[name] + value

    def pytest_sessionfinish(self, session):
        """Send the figures of a worker to the controller."""
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["figures"] = self._figures

    def pytest_terminal_summary(self, terminalreporter):
        """Print the sums."""
        terminalreporter.write_line("summary: " + self._line % self._figures)
