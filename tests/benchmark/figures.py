# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of benchmarks: figures with spread and limit, and tables of figures."""

from statistics import median

HEADINGS = ("case", "measurement", "figure", "spread", "limit", "verdict", "processor", "ours", "counterpart", "requests")


class Figure:
    """One measured quantity with the values of all rounds.

    Arguments:
        case: letter of the benchmark. what: description of the quantity.
        values: one value for each round. unit: the unit, C(x) for ratios.
        limit: the upper limit of the value; None for a figure without a budget.
        ours: seconds (or another quantity) of the collection, one for each round. other: the same of the counterpart.
        cpu: the same quantity in processor seconds, which depend less on other load; one for each round.
        requests: description of the requests that reached the server. size: number of sites, for the plot of the growth.
    """

    def __init__(self, case, what, values, unit="x", limit=None, ours=(), other=(), cpu=(), requests="", size=None):
        self.case = case
        self.what = what
        self.values = list(values)
        self.unit = unit
        self.limit = limit
        self.ours = list(ours)
        self.other = list(other)
        self.cpu = list(cpu)
        self.requests = requests
        self.size = size

    @property
    def value(self):
        """The median of the rounds."""
        return median(self.values)

    @property
    def held(self):
        """Whether the value is within the limit; true without a limit."""
        return self.limit is None or self.value <= self.limit

    def cells(self):
        """Return the cells of a table row."""
        spread = "%s to %s" % (_number(min(self.values)), _number(max(self.values))) if len(self.values) > 1 else ""
        verdict = "" if self.limit is None else "held" if self.held else "MISSED"
        return (self.case, self.what, "%s %s" % (_number(self.value), self.unit), spread,
                "" if self.limit is None else "%s %s" % (_number(self.limit), self.unit), verdict,
                "%s %s" % (_number(median(self.cpu)), self.unit) if self.cpu else "",
                _seconds(self.ours), _seconds(self.other), self.requests)


def _number(value):
    """Return a number formatted with three significant digits."""
    if isinstance(value, int) or value == int(value):
        return "%d" % value
    digits = next((digits for digits, above in ((3, 0.1), (2, 10), (1, 100)) if abs(value) < above), 0)
    return "%.*f" % (digits, value)


def _seconds(values):
    """Return the formatted median of seconds, or an empty string."""
    return "%.2f s" % median(values) if values else ""


def text_table(figures):
    """Return a plain-text table."""
    rows = [HEADINGS] + [figure.cells() for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def markdown_table(figures, headings=HEADINGS):
    """Return a Markdown table."""
    rows = [headings, ["---"] * len(headings)] + [figure.cells() for figure in figures]
    return "\n".join("| %s |" % " | ".join(row) for row in rows)
