# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A list of tables in a YAML file that people edit: tables are added, changed and removed, and every comment stays.

Tables are added and removed as lines of text, for a comment above a table belongs to it, and a YAML library takes it for the end
of the one before. Values inside a table are changed by ruamel.yaml, which keeps comments, quotes and tags. This is a private util
of the collection.
"""

from __future__ import annotations

import io
import itertools
import re
import traceback

import yaml
from ansible.module_utils.basic import missing_required_lib

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.module_utils._base.text import printable

try:
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap, CommentedSeq, TaggedScalar
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString
except ImportError:
    RUAMEL_IMPORT_ERROR = traceback.format_exc()
else:
    RUAMEL_IMPORT_ERROR = None

# A text that means the same without quotes to every YAML parser, unless it is one of the words.
_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./@-]*(?::[A-Za-z0-9_./@-]+)*(?: [A-Za-z0-9_./@-]+)*")
_WORDS = frozenset(("yes", "no", "on", "off", "y", "n", "true", "false", "null"))
# No line is broken.
_WIDTH = 1 << 30
_UNSAFE = "!unsafe "
_NO_COMMENT = (None, None, None, None)
_TEMPLATE = re.compile(r"\{[{%#]")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_OPENS_LIST = re.compile(r"( *)[^#\s].*:\s*(#.*)?$")
_EMPTY_LIST = re.compile(r"^(installs:[ \t]*)?\[[ \t]*\][ \t]*$", re.MULTILINE)


# --- writing ----------------------------------------------------------------------------------------------------------

def scalar(value):
    """Return a text, number, boolean, None, or an empty list or table as YAML; a text with the marks of a template is marked as C(!unsafe)."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, list, dict)):
        return str(value)
    text = str(value)
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    quoted = yaml.dump(text, Dumper=_DUMPER, default_style='"', allow_unicode=True, width=_WIDTH).rstrip("\n")
    return _UNSAFE + quoted if _TEMPLATE.search(text) else quoted


def block_lines(value, comments=()):
    """Return the lines of a table or a list that is not empty: its first member, comments, and its other members.

    Arguments:
        value: of texts, numbers, booleans, lists and dictionaries. comments: lines without their C(#).
    """
    lines = []
    for number, member in enumerate(value.items() if isinstance(value, dict) else value):
        lines += _member(*member) if isinstance(value, dict) else item_lines(member)
        if number == 0:
            # What a server calls something must not end the comment.
            lines += ["# " + printable(comment) for comment in comments]
    return lines


def _member(name, value):
    """Return the lines of one member of a table."""
    if isinstance(value, (dict, list)) and value:
        return ["%s:" % scalar(name)] + ["  " + line for line in block_lines(value)]
    return ["%s: %s" % (scalar(name), scalar(value))]


def item_lines(item, comments=()):
    """Return the lines of one item of a list; see block_lines."""
    lines = block_lines(item, comments) if isinstance(item, (dict, list)) and item else [scalar(item)]
    return [("- " if number == 0 else "  ") + line for number, line in enumerate(lines)]


# --- adding and removing ----------------------------------------------------------------------------------------------

class ListText:
    """The text of a file with a list of tables, at its top or under C(installs).

    Arguments:
        text: the text. name: of the file, for error messages.

    Raises InputError for a list that is not in block style.
    """

    def __init__(self, text, name):
        # As YAML counts them, each with its end.
        self._lines = (text if text.endswith("\n") or not text else text + "\n").splitlines(keepends=True)
        self._name = name
        self._items = []
        self._column = 0
        root = yaml.compose(text, Loader=_LOADER)
        if isinstance(root, yaml.MappingNode):
            root = next((value for key, value in root.value if key.value == "installs"), root)
        # The table of one site is no list.
        self._is_table = isinstance(root, yaml.MappingNode)
        if isinstance(root, yaml.SequenceNode) and root.value:
            if root.flow_style:
                raise InputError("%s: the list stands in brackets" % name, hint="Write it as a block, each site behind a -.")
            self._items = [self._dash(node.start_mark.line) for node in root.value]
            self._column = self._lines[self._items[0]].index("-")

    def _dash(self, line):
        """Return the line with the dash of the item whose first member stands in a line."""
        while not self._lines[line].lstrip().startswith("-"):
            line -= 1
        return line

    def _head(self, index):
        """Return the first line of an item with the comments right above it; the end of the list for the index behind the last one."""
        if index == len(self._items):
            return self._end()
        line = self._items[index]
        while line > 0 and self._is_comment(line - 1):
            line -= 1
        return line

    def _is_comment(self, line):
        """Say whether a line is a comment that is no part of an item."""
        text = self._lines[line]
        return text.lstrip().startswith("#") and len(text) - len(text.lstrip()) <= self._column

    def _end(self):
        """Return the line behind the last item."""
        line = len(self._lines)
        while line > 0 and (not self._lines[line - 1].strip() or self._is_comment(line - 1) or self._lines[line - 1].rstrip() == "..."):
            line -= 1
        return line if self._items else len(self._lines)

    def changed(self, removed, added):
        """Return the text without some items and with others.

        Arguments:
            removed: set of indexes. added: list of (index of the item that it stands before, lines), in their order.

        Raises InputError for the table of one site.
        """
        if self._is_table:
            raise InputError("%s holds the table of one site, and there are more to add or none to leave" % self._name,
                             hint="Make it a list: put - before its first line, and indent the others.")
        lines, place = [], 0
        for index in range(len(self._items) + 1):
            head = self._head(index)
            lines += self._lines[place:head]
            place = head
            lines += ["%s%s\n" % (" " * self._column, line) for before, item in added if before == index for line in item]
            if index in removed:
                # What stands above the first one may be about the whole file.
                lines += self._lines[head:self._items[index]] if index == 0 else []
                place = self._head(index + 1)
        lines += self._lines[place:]
        if added and not self._items:
            lines = [line for line in lines if not _EMPTY_LIST.match(line) or line.startswith("installs")]
            lines = [_EMPTY_LIST.sub("installs:", line) for line in lines]
        if not added and self._items and len(removed) == len(self._items):
            lines = ["installs: []\n" if line.rstrip() == "installs:" else line for line in lines]
        return "".join(lines)

    def with_values(self, changes):
        """Return the text with other values in some of its tables.

        Arguments:
            changes: index -> {name: value}; a table is merged into one that is there.

        Raises InputError if ruamel.yaml is missing, or cannot read a table.
        """
        if self._is_table:
            return self._changed_table(self._lines, changes[0])
        lines, place = [], 0
        for index, values in sorted(changes.items()):
            first, end = self._items[index], self._content_end(index)
            lines += self._lines[place:first]
            # Only this table goes through ruamel.yaml: all others stay to the letter.
            table = self._changed_table(self._table_lines(first, end), values).splitlines(keepends=True)
            lines += [" " * self._column + ("- " if number == 0 else "  ") + line if line.strip() else line for number, line in enumerate(table)]
            place = end
        return "".join(lines + self._lines[place:])

    def _changed_table(self, lines, values):
        """Return the text of a table with other values. Raises InputError."""
        if RUAMEL_IMPORT_ERROR:
            raise InputError(missing_required_lib("ruamel.yaml"))
        try:
            return _changed_table(lines, values)
        except YAMLError as error:
            raise InputError("%s: a table of it cannot be changed (%s)" % (self._name, " ".join(str(error).split())),
                             hint="Change it by hand: %s. An anchor that stands in another table is not known here." % ", ".join(values)) from error

    def _content_end(self, index):
        """Return the line behind the last one of an item that is not blank."""
        end = self._head(index + 1)
        while not self._lines[end - 1].strip():
            end -= 1
        return end

    def _table_lines(self, first, end):
        """Return the lines of an item as those of a table."""
        lines = [self._lines[first].replace("-", " ", 1), *self._lines[first + 1:end]]
        depth = len(lines[0]) - len(lines[0].lstrip()) if lines[0].strip() else self._column + 2
        return [line[min(depth, len(line) - len(line.lstrip(" "))):] for line in lines]


# --- changing ---------------------------------------------------------------------------------------------------------

def _changed_table(lines, values):
    """Return the text of a table with other values. Raises YAMLError."""
    loader = YAML()
    loader.preserve_quotes = True
    loader.width = _WIDTH
    offset = _offset(lines)
    loader.indent(mapping=2, sequence=offset + 2, offset=offset)
    loader.explicit_start = lines[0].startswith("---")
    table = loader.load("".join(lines))
    _merge(table, values)
    stream = io.StringIO()
    loader.dump(table, stream)
    return stream.getvalue()


def _offset(lines):
    """Return how far the lists in a table are indented; by two where there is none."""
    for line, following in itertools.pairwise(lines):
        key = _OPENS_LIST.match(line)
        item = re.match(r"( *)- ", following)
        if key and item:
            return len(item.group(1)) - len(key.group(1))
    return 2


def _merge(table, values):
    """Set members of a table."""
    for name, value in values.items():
        if isinstance(value, dict) and isinstance(table.get(name), dict):
            _merge(table[name], value)
        elif name in table:
            _replace(table, name, value)
        else:
            table[name] = _node(value)


def _replace(table, name, value):
    """Replace a member of a table; the comment behind it, which is what stands above the next one, stays."""
    comment = _tail(table, name)
    table[name] = _node(value)
    if comment is not None:
        _set_tail(table, name, comment)


def _tail(node, key):
    """Return the comment behind a member of a table or an item of a list, None if there is none."""
    value = node[key]
    if isinstance(value, (CommentedMap, CommentedSeq)) and value and not value.fa.flow_style():
        return _tail(value, _last(value))
    comment = getattr(value, "comment", None)
    return comment if comment is not None else (node.ca.items.get(key) or _NO_COMMENT)[_slot(node)]


def _set_tail(node, key, comment):
    """Put a comment behind a member of a table or an item of a list."""
    value = node[key]
    if isinstance(value, (CommentedMap, CommentedSeq)) and value:
        _set_tail(value, _last(value), comment)
        return
    tokens = list(node.ca.items.get(key) or _NO_COMMENT)
    tokens[_slot(node)] = comment
    node.ca.items[key] = tokens


def _last(node):
    """Return the last key of a table, or the last index of a list."""
    return next(reversed(node)) if isinstance(node, CommentedMap) else len(node) - 1


def _slot(node):
    """Return where ruamel.yaml keeps the comment behind a value."""
    return 2 if isinstance(node, CommentedMap) else 0


def _node(value):
    """Return a value as ruamel.yaml writes it so that every parser reads the same."""
    if isinstance(value, dict):
        return CommentedMap((_node(name), _node(item)) for name, item in value.items())
    if isinstance(value, list):
        return CommentedSeq(_node(item) for item in value)
    if not isinstance(value, str) or scalar(value) == value:
        return value
    if scalar(value).startswith(_UNSAFE):
        return TaggedScalar(value, style='"', tag="!unsafe")
    return DoubleQuotedScalarString(value)
