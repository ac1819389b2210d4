# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creates Markdown tables with escaped values. This is a private util of the collection."""

from __future__ import annotations

import json

from ansible_collections.hostops.installatron.plugins.module_utils._base.text import printable


def cell(value):
    """Return a value as the text of one cell, with all markup escaped."""
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    text = printable(" ".join(text.split()))
    for mark in "\\|<`*_[":
        text = text.replace(mark, "\\" + mark)
    return text


def code(value):
    """Return a value of a difference as text. An empty value becomes a dash."""
    if value is None:
        return "-"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def report(title, head, sections):
    """Return a report.

    Arguments:
        title, head: its title and a line with its numbers. sections: list of (title, description, columns, rows of values). A section
            without rows is omitted.
    """
    parts = ["# %s" % title, head]
    for name, words, columns, rows in sections:
        parts += ["## %s" % name, words, table(columns, rows)] if rows else []
    return "\n\n".join(parts) + "\n"


def table(columns, rows):
    """Return a table.

    Arguments:
        columns: titles. rows: list of lists with a value for each title.
    """
    lines = [columns, ["---"] * len(columns)] + [[cell(value) for value in row] for row in rows]
    return "\n".join("| %s |" % " | ".join(line) for line in lines)


def markdown_table(rows, columns):
    """Return a table from dictionaries.

    Arguments:
        rows: list of dictionaries. columns: their keys, which are also the titles.
    """
    return table([str(name).replace("_", " ").capitalize() for name in columns], [[row.get(name) for name in columns] for row in rows])
