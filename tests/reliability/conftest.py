# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print the figures of the reliability tests: the sums of all properties that tests record as ``figure: NAME``."""

PREFIX = "figure: "


def pytest_terminal_summary(terminalreporter):
    """Print the figures at the end."""
    sums = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) != "call":
                continue
            for name, value in report.user_properties:
                if name.startswith(PREFIX):
                    sums[name[len(PREFIX) :]] = sums.get(name[len(PREFIX) :], 0) + value
    if sums:
        terminalreporter.write_line("summary: " + ", ".join("%s: %s" % item for item in sums.items()))
