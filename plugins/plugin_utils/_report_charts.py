# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts of a report: where everything stands in the SVG of the page. This is a private util of the collection.

Widths are shares of the page's, so text keeps its size on every screen; colours come from the classes of the page's style sheet.
"""

from __future__ import annotations

from collections import namedtuple
from datetime import date

Bars = namedtuple("Bars", "name title words height bars")
Bar = namedtuple("Bar", "label short note top parts")
Part = namedtuple("Part", "kind words number start width")
Line = namedtuple("Line", "name title words height path rules first last")
Rule = namedtuple("Rule", "y text_y number")

# Pixels of one bar with its label, and of the drawing of a line.
_ROW, _TALL = 42, 170
_LONGEST = 44


def bars(name, title, rows):
    """Return Bars, each made of parts, on one scale; the description says all numbers.

    Arguments:
        name: unique on the page. title: what the chart shows. rows: (label, parts as (class, words, number), note at the right end).
    """
    scale = max([sum(number for _class, _words, number in parts) for _label, parts, _note in rows], default=0) or 1
    words = "; ".join("%s: %s" % (label, ", ".join("%d %s" % (number, said) for _class, said, number in parts if number) or "0")
                      for label, parts, _note in rows)
    return Bars(name, title, words, len(rows) * _ROW, [
        Bar(label, shortened(label), note, place * _ROW, list(_parts(parts, scale))) for place, (label, parts, note) in enumerate(rows)])


def _parts(parts, scale):
    """Yield the Parts of one bar that are wider than nothing, one after the other."""
    start = 0
    for kind, words, number in parts:
        if number:
            yield Part(kind, words, number, "%.3f" % (100 * start / scale), "%.3f" % (100 * number / scale))
            start += number


def line(name, title, points, said):
    """Return the Line through points of (day as YYYY-MM-DD, number), the oldest first; at least two.

    Arguments:
        name: unique on the page. title: what the chart shows. said: function that tells a number in words.
    """
    days = [date.fromisoformat(day).toordinal() for day, _number in points]
    low, high = _range([number for _day, number in points])
    places = ["%.2f %.2f" % (100 * (day - days[0]) / ((days[-1] - days[0]) or 1), 100 * (high - number) / (high - low))
              for day, (_text, number) in zip(days, points)]
    words = "From %s on %s to %s on %s." % (said(points[0][1]), points[0][0], said(points[-1][1]), points[-1][0])
    rules = [_rule(low + (high - low) * share, 20 + (1 - share) * (_TALL - 50), said) for share in (0, 0.5, 1)]
    return Line(name, title, words, _TALL, "M" + " L".join(places), rules, points[0][0], points[-1][0])


def _range(numbers):
    """Return the lowest and the highest number that a chart shows: a little more than there is, never below zero."""
    low, high = min(numbers), max(numbers)
    margin = (high - low) * 0.1 or max(high * 0.05, 1)
    return max(0, low - margin), high + margin


def _rule(number, height, said):
    """Return the Rule across the chart with its number beside it."""
    return Rule("%.1f" % height, "%.1f" % (height + 4), said(number))


def shortened(text):
    """Return a text that fits into a label."""
    text = str(text)
    return text if len(text) <= _LONGEST else text[:_LONGEST - 1] + "\u2026"
