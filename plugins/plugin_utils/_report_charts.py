# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts of a report as SVG that stands in a page. This is a private util of the collection.

Widths are shares of the page's, so text keeps its size on every screen; colours come from the classes of the page's style sheet.
"""

from __future__ import annotations

from collections import namedtuple
from datetime import date
from html import escape

Bar = namedtuple("Bar", "label parts note")
Bar.__doc__ = """One bar: its label, parts as [(class, words, number)], and a note at its right end."""

# Pixels of one bar with its label, and of the drawing of a line.
_ROW, _BAR, _TALL = 42, 10, 170
_LONGEST = 44
# Share of the width, in per cent, that the numbers beside a line chart take.
_GUTTER = 18


def bars(name, title, rows):
    """Return horizontal bars, each made of parts, on one scale; the description says all numbers.

    Arguments:
        name: unique on the page. title: what the chart shows. rows: the Bars.
    """
    scale = max([sum(number for _class, _words, number in row.parts) for row in rows], default=0) or 1
    drawn = [_bar(row, place * _ROW, scale) for place, row in enumerate(rows)]
    words = "; ".join("%s: %s" % (row.label, ", ".join("%d %s" % (number, said) for _class, said, number in row.parts if number) or "0") for row in rows)
    return _image(name, "bars", title, words, len(rows) * _ROW, drawn)


def _bar(row, top, scale):
    """Return label, note and parts of one bar."""
    found = ['<text x="0" y="%d">%s</text>' % (top + 15, escape(shortened(row.label))),
             '<text class="note" x="100%%" y="%d" text-anchor="end">%s</text>' % (top + 15, escape(row.note)),
             '<rect class="track" x="0" y="%d" width="100%%" height="%d" rx="2"/>' % (top + 23, _BAR)]
    start = 0
    for kind, words, number in row.parts:
        if number:
            found.append('<rect class="part %s" x="%.3f%%" y="%d" width="%.3f%%" height="%d"><title>%s: %d %s</title></rect>' % (
                kind, 100 * start / scale, top + 23, 100 * number / scale, _BAR, escape(row.label), number, escape(words)))
            start += number
    return "".join(found)


def line(name, title, points, said):
    """Return a line through points of (day as YYYY-MM-DD, number), the oldest first; at least two.

    Arguments:
        name: unique on the page. title: what the chart shows. said: function that tells a number in words.
    """
    days = [date.fromisoformat(day).toordinal() for day, _number in points]
    low, high = _range([number for _day, number in points])
    places = ["%.2f %.2f" % (100 * (day - days[0]) / ((days[-1] - days[0]) or 1), 100 * (high - number) / (high - low))
              for day, (_text, number) in zip(days, points)]
    drawn = [_rule(low + (high - low) * share, 20 + (1 - share) * (_TALL - 50), said) for share in (0, 0.5, 1)]
    drawn.append('<svg x="%d%%" y="20" width="%d%%" height="%d" viewBox="0 0 100 100" preserveAspectRatio="none" overflow="visible">'
                 '<path class="line" vector-effect="non-scaling-stroke" d="M%s"/></svg>' % (_GUTTER, 100 - _GUTTER, _TALL - 50, " L".join(places)))
    drawn += ['<text class="note" x="%d%%" y="%d">%s</text>' % (_GUTTER, _TALL - 8, escape(points[0][0])),
              '<text class="note" x="100%%" y="%d" text-anchor="end">%s</text>' % (_TALL - 8, escape(points[-1][0]))]
    words = "From %s on %s to %s on %s." % (said(points[0][1]), points[0][0], said(points[-1][1]), points[-1][0])
    return _image(name, "lines", title, words, _TALL, drawn)


def _range(numbers):
    """Return the lowest and the highest number that a chart shows: a little more than there is, never below zero."""
    low, high = min(numbers), max(numbers)
    margin = (high - low) * 0.1 or max(high * 0.05, 1)
    return max(0, low - margin), high + margin


def _rule(number, height, said):
    """Return a line across the chart with its number beside it."""
    return '<line class="rule" x1="%d%%" x2="100%%" y1="%.1f" y2="%.1f"/><text class="note" x="0" y="%.1f">%s</text>' % (
        _GUTTER, height, height, height + 4, escape(said(number)))


def _image(name, kind, title, words, height, drawn):
    """Return the drawing with the words that stand for it where nobody sees it."""
    return '<svg class="%s" role="img" aria-labelledby="%s-title %s-words" width="100%%" height="%d"><title id="%s-title">%s</title>' \
        '<desc id="%s-words">%s</desc>%s</svg>' % (kind, name, name, height, name, escape(title), name, escape(words), "".join(drawn))


def shortened(text):
    """Return a text that fits into a label."""
    text = str(text)
    return text if len(text) <= _LONGEST else text[:_LONGEST - 1] + "\u2026"
