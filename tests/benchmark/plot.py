# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A minimal SVG plot of points with their spread on two logarithmic axes, without a library."""

import math
from statistics import median
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 70, 24, 56, 56
COLORS = ("#0b62a4", "#c2410c", "#15803d", "#7c3aed")
HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<!--
Copyright (c) 2026, hostops.installatron contributors
SPDX-License-Identifier: GPL-3.0-or-later
-->
"""


class Axis:
    """A logarithmic axis over whole decades.

    Arguments:
        values: the values to cover. start, end: the position of its ends in pixels.
    """

    def __init__(self, values, start, end):
        self._low = math.floor(math.log10(min(values)))
        self._high = max(math.ceil(math.log10(max(values))), self._low + 1)
        self._start = start
        self._end = end

    def at(self, value):
        """Return the pixel of a value."""
        return self._start + (self._end - self._start) * (math.log10(value) - self._low) / (self._high - self._low)

    @property
    def decades(self):
        """The values of the grid lines."""
        return [10.0 ** power for power in range(self._low, self._high + 1)]


def svg(title, x_name, y_name, series):
    """Return a plot as SVG text.

    Arguments:
        series: {name: {x: values of y}}. A point is the median of its values; a line shows their spread.
    """
    xs = [x for points in series.values() for x in points]
    ys = [y for points in series.values() for values in points.values() for y in values]
    x_axis = Axis(xs, LEFT, WIDTH - RIGHT)
    # The spread of a very small cost can include zero and negative values, which a logarithmic axis cannot show.
    y_axis = Axis([max(y, 0.01) for y in ys], HEIGHT - BOTTOM, TOP)
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img"'
             ' font-family="sans-serif" font-size="12">' % (WIDTH, HEIGHT, WIDTH, HEIGHT),
             "<title>%s</title>" % escape(title), '<rect width="100%" height="100%" fill="#ffffff"/>',
             _text(LEFT, 20, title, size=15), _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, x_name, "middle"),
             _text(LEFT, 44, y_name)]
    parts += _grid(x_axis, y_axis)
    for number, (name, points) in enumerate(series.items()):
        parts += _series(name, points, x_axis, y_axis, COLORS[number], LEFT + 14, TOP + 20 + 18 * number)
    return HEADER + "\n".join(parts + ["</svg>", ""])


def _grid(x_axis, y_axis):
    """Return the grid lines and the numbers of both axes."""
    parts = []
    for value in x_axis.decades:
        x = x_axis.at(value)
        parts += [_line(x, TOP, x, HEIGHT - BOTTOM, "#d4d4d4"),
                  _text(x, HEIGHT - BOTTOM + 18, "{:,.0f}".format(value), "middle")]
    for value in y_axis.decades:
        y = y_axis.at(value)
        parts += [_line(LEFT, y, WIDTH - RIGHT, y, "#d4d4d4"), _text(LEFT - 8, y + 4, "%g" % value, "end")]
    return parts


def _series(name, points, x_axis, y_axis, color, key_x, key_y):
    """Return the points of one series, the line through them, and its entry in the legend."""
    places = [(x_axis.at(x), values) for x, values in sorted(points.items())]
    spots = [(x, y_axis.at(max(median(values), 0.01))) for x, values in places]
    line = " ".join("%.1f,%.1f" % spot for spot in spots)
    parts = ['<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>' % (line, color)]
    for (x, values), (_x, y) in zip(places, spots):
        low, high = (y_axis.at(max(value, 0.01)) for value in (min(values), max(values)))
        parts += [_line(x, low, x, high, color),
                  '<circle cx="%.1f" cy="%.1f" r="4" fill="%s"/>' % (x, y, color),
                  _text(x - 8, y - 8, "%.2f s" % median(values), "end")]
    return parts + ['<circle cx="%d" cy="%d" r="4" fill="%s"/>' % (key_x, key_y - 4, color),
                    _text(key_x + 10, key_y, name)]


def _line(x1, y1, x2, y2, color):
    return '<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s"/>' % (x1, y1, x2, y2, color)


def _text(x, y, words, anchor="start", size=12):
    return '<text x="%.1f" y="%.1f" text-anchor="%s" font-size="%d" fill="#1f2937">%s</text>' % (
        x, y, anchor, size, escape(words))
