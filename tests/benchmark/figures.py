# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a benchmark found: a figure with its spread, its limit and where it comes from; and tables of them."""

from statistics import median

HEADINGS = ("case", "what", "figure", "spread", "limit", "verdict", "processor", "ours", "counterpart", "requests")


class Figure:
    """One number with the rounds that it comes from.

    Arguments:
        case: letter of the benchmark. what: what the number is, in words.
        values: the number as each round found it. unit: what follows it, C(x) for ratios.
        limit: the number must not be greater; None for a number beside the budgets.
        ours: seconds (or another quantity) of the collection, one for each round. other: the same of the counterpart.
        cpu: the same number in processor seconds, which a busy machine blurs less; one for each round.
        requests: text, what reached the server. size: number of sites, for the plot of the growth.
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
        """Whether the limit holds; true where there is none."""
        return self.limit is None or self.value <= self.limit

    def cells(self):
        """Return the texts of a row of the table."""
        spread = "%s to %s" % (_number(min(self.values)), _number(max(self.values))) if len(self.values) > 1 else ""
        verdict = "" if self.limit is None else "held" if self.held else "MISSED"
        return (self.case, self.what, "%s %s" % (_number(self.value), self.unit), spread,
                "" if self.limit is None else "%s %s" % (_number(self.limit), self.unit), verdict,
                "%s %s" % (_number(median(self.cpu)), self.unit) if self.cpu else "",
                _seconds(self.ours), _seconds(self.other), self.requests)


def _number(value):
    """Return a number with three significant digits."""
    if isinstance(value, int) or value == int(value):
        return "%d" % value
    digits = next((digits for digits, above in ((3, 0.1), (2, 10), (1, 100)) if abs(value) < above), 0)
    return "%.*f" % (digits, value)


def _seconds(values):
    """Return the median of seconds, or nothing."""
    return "%.2f s" % median(values) if values else ""


def text_table(figures):
    """Return a table for the terminal."""
    rows = [HEADINGS] + [figure.cells() for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def markdown_table(figures, headings=HEADINGS):
    """Return a table in Markdown."""
    rows = [headings, ["---"] * len(headings)] + [figure.cells() for figure in figures]
    return "\n".join("| %s |" % " | ".join(row) for row in rows)
