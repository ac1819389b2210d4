# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calculates the positions in the SVG charts of a report. This is a private util of the collection.

Widths are percentages, so that text has the same size on all screens. The style sheet of the page defines the colors.
"""

from __future__ import annotations

from collections import namedtuple
from datetime import date

Bars = namedtuple("Bars", "name title words height bars")
Bar = namedtuple("Bar", "label short note top parts")
Part = namedtuple("Part", "kind words number start width")
Line = namedtuple("Line", "name title words height path rules first last")
Rule = namedtuple("Rule", "y text_y number")

# Heights in pixels of a bar with its label, and of a line chart.
_ROW, _TALL = 42, 170
_LONGEST = 44


def bars(name, title, rows):
    """Return Bars on a common scale. Their description contains all numbers.

    Arguments:
        name: unique on the page. title: of the chart. rows: (label, parts as (class, words, number), note at the right end).
    """
    scale = max([sum(number for _class, _words, number in parts) for _label, parts, _note in rows], default=0) or 1
    words = "; ".join("%s: %s" % (label, ", ".join("%d %s" % (number, text) for _class, text, number in parts if number) or "0")
                      for label, parts, _note in rows)
    return Bars(name, title, words, len(rows) * _ROW, [
        Bar(label, shortened(label), note, place * _ROW, list(_parts(parts, scale))) for place, (label, parts, note) in enumerate(rows)])


def _parts(parts, scale):
    """Yield the Parts of one bar from left to right, without empty ones."""
    start = 0
    for kind, words, number in parts:
        if number:
            yield Part(kind, words, number, "%.3f" % (100 * start / scale), "%.3f" % (100 * number / scale))
            start += number


def line(name, title, points, format_number):
    """Return the Line through at least two points (day as YYYY-MM-DD, number), the oldest first.

    Arguments:
        name: unique on the page. title: of the chart. format_number: callable(number) -> text.
    """
    days = [date.fromisoformat(day).toordinal() for day, _number in points]
    low, high = _range([number for _day, number in points])
    places = ["%.2f %.2f" % (100 * (day - days[0]) / ((days[-1] - days[0]) or 1), 100 * (high - number) / (high - low))
              for day, (_text, number) in zip(days, points)]
    words = "From %s on %s to %s on %s." % (format_number(points[0][1]), points[0][0], format_number(points[-1][1]), points[-1][0])
    rules = [_rule(low + (high - low) * share, 20 + (1 - share) * (_TALL - 50), format_number) for share in (0, 0.5, 1)]
    return Line(name, title, words, _TALL, "M" + " L".join(places), rules, points[0][0], points[-1][0])


def _range(numbers):
    """Return the limits of the axis: the range of the numbers with a margin, never below zero."""
    low, high = min(numbers), max(numbers)
    margin = (high - low) * 0.1 or max(high * 0.05, 1)
    return max(0, low - margin), high + margin


def _rule(number, height, format_number):
    """Return the horizontal Rule for a number."""
    return Rule("%.1f" % height, "%.1f" % (height + 4), format_number(number))


def shortened(text):
    """Return a text, truncated to the length of a label."""
    text = str(text)
    return text if len(text) <= _LONGEST else text[:_LONGEST - 1] + "\u2026"
