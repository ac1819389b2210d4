# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Edits a list of dictionaries in a YAML file and preserves all comments. This is a private util of the collection.

Items are added and removed as lines of text, because a comment above an item belongs to it, but a YAML library attaches it to the
previous item. ruamel.yaml changes values inside an item and preserves comments, quotes, and tags.
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

# Texts that all YAML parsers read as the same string without quotes, except for the words below.
_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./@-]*(?::[A-Za-z0-9_./@-]+)*(?: [A-Za-z0-9_./@-]+)*")
_WORDS = frozenset(("yes", "no", "on", "off", "y", "n", "true", "false", "null"))
# Wide enough that no line is wrapped.
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
    """Return a string, number, boolean, None, or an empty list or dictionary as YAML. Strings with template markers are tagged C(!unsafe)."""
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
    """Return the lines of a dictionary or list that is not empty: its first member, comments, and its other members.

    Arguments:
        value: of strings, numbers, booleans, lists, and dictionaries. comments: lines without their C(#).
    """
    lines = []
    for number, member in enumerate(value.items() if isinstance(value, dict) else value):
        lines += _member(*member) if isinstance(value, dict) else item_lines(member)
        if number == 0:
            # A name from the server must not end the comment.
            lines += ["# " + printable(comment) for comment in comments]
    return lines


def _member(name, value):
    """Return the lines of one member of a dictionary."""
    if isinstance(value, (dict, list)) and value:
        return ["%s:" % scalar(name)] + ["  " + line for line in block_lines(value)]
    return ["%s: %s" % (scalar(name), scalar(value))]


def item_lines(item, comments=()):
    """Return the lines of one item of a list; see block_lines."""
    lines = block_lines(item, comments) if isinstance(item, (dict, list)) and item else [scalar(item)]
    return [("- " if number == 0 else "  ") + line for number, line in enumerate(lines)]


# --- adding and removing ----------------------------------------------------------------------------------------------

class ListText:
    """The text of a file with a list of dictionaries, at the top level or under C(installs).

    Arguments:
        text: the text. name: of the file, for error messages.

    Raises InputError for a list that is not in block style.
    """

    def __init__(self, text, name):
        # Lines as YAML counts them, with their line endings.
        self._lines = (text if text.endswith("\n") or not text else text + "\n").splitlines(keepends=True)
        self._name = name
        self._items = []
        self._column = 0
        root = yaml.compose(text, Loader=_LOADER)
        if isinstance(root, yaml.MappingNode):
            root = next((value for key, value in root.value if key.value == "installs"), root)
        # The file may be the dictionary of one site.
        self._is_table = isinstance(root, yaml.MappingNode)
        if isinstance(root, yaml.SequenceNode) and root.value:
            if root.flow_style:
                raise InputError("%s: the list is in flow style (brackets)" % name, hint="Write it in block style, with each site after a -.")
            self._items = [self._dash(node.start_mark.line) for node in root.value]
            self._column = self._lines[self._items[0]].index("-")

    def _dash(self, line):
        """Return the line with the dash of the item whose first member is in a line."""
        while not self._lines[line].lstrip().startswith("-"):
            line -= 1
        return line

    def _head(self, index):
        """Return the first line of an item including the comments directly above it. For the index after the last item, return the end of the list."""
        if index == len(self._items):
            return self._end()
        line = self._items[index]
        while line > 0 and self._is_comment(line - 1):
            line -= 1
        return line

    def _is_comment(self, line):
        """Return whether a line is a comment outside of an item."""
        text = self._lines[line]
        return text.lstrip().startswith("#") and len(text) - len(text.lstrip()) <= self._column

    def _end(self):
        """Return the line after the last item."""
        line = len(self._lines)
        while line > 0 and (not self._lines[line - 1].strip() or self._is_comment(line - 1) or self._lines[line - 1].rstrip() == "..."):
            line -= 1
        return line if self._items else len(self._lines)

    def changed(self, removed, added):
        """Return the text without some items and with others.

        Arguments:
            removed: set of indexes. added: list of (index of the next item, lines), in order.

        Raises InputError if the file is the dictionary of one site.
        """
        if self._is_table:
            raise InputError("%s contains the dictionary of one site, so sites cannot be added or removed" % self._name,
                             hint="Convert it to a list: add - before its first line, and indent the other lines.")
        lines, place = [], 0
        for index in range(len(self._items) + 1):
            head = self._head(index)
            lines += self._lines[place:head]
            place = head
            lines += ["%s%s\n" % (" " * self._column, line) for before, item in added if before == index for line in item]
            if index in removed:
                # Comments above the first item may apply to the whole file.
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
        """Return the text with other values in some of its items.

        Arguments:
            changes: index -> {name: value}. A dictionary is merged into an existing one.

        Raises InputError if ruamel.yaml is missing or cannot read an item.
        """
        if self._is_table:
            return self._changed_table(self._lines, changes[0])
        lines, place = [], 0
        for index, values in sorted(changes.items()):
            first, end = self._items[index], self._content_end(index)
            lines += self._lines[place:first]
            # Process only this item with ruamel.yaml, so that the others remain unchanged.
            table = self._changed_table(self._table_lines(first, end), values).splitlines(keepends=True)
            lines += [" " * self._column + ("- " if number == 0 else "  ") + line if line.strip() else line for number, line in enumerate(table)]
            place = end
        return "".join(lines + self._lines[place:])

    def _changed_table(self, lines, values):
        """Return the text of a dictionary with other values. Raises InputError."""
        if RUAMEL_IMPORT_ERROR:
            raise InputError(missing_required_lib("ruamel.yaml"))
        try:
            return _changed_table(lines, values)
        except YAMLError as error:
            raise InputError("%s: cannot change an item (%s)" % (self._name, " ".join(str(error).split())),
                             hint="Change these members manually: %s. Anchors of other items are not supported." % ", ".join(values)) from error

    def _content_end(self, index):
        """Return the line after the last nonblank line of an item."""
        end = self._head(index + 1)
        while not self._lines[end - 1].strip():
            end -= 1
        return end

    def _table_lines(self, first, end):
        """Return the lines of an item as the lines of a dictionary."""
        lines = [self._lines[first].replace("-", " ", 1), *self._lines[first + 1:end]]
        depth = len(lines[0]) - len(lines[0].lstrip()) if lines[0].strip() else self._column + 2
        return [line[min(depth, len(line) - len(line.lstrip(" "))):] for line in lines]


# --- changing ---------------------------------------------------------------------------------------------------------

def _changed_table(lines, values):
    """Return the text of a dictionary with other values. Raises YAMLError."""
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
    """Return the indentation of lists in a dictionary. The default is 2."""
    for line, following in itertools.pairwise(lines):
        key = _OPENS_LIST.match(line)
        item = re.match(r"( *)- ", following)
        if key and item:
            return len(item.group(1)) - len(key.group(1))
    return 2


def _merge(table, values):
    """Set members of a dictionary."""
    for name, value in values.items():
        if isinstance(value, dict) and isinstance(table.get(name), dict):
            _merge(table[name], value)
        elif name in table:
            _replace(table, name, value)
        else:
            table[name] = _node(value)


def _replace(table, name, value):
    """Replace a member of a dictionary. Keep the comment after it, which belongs to the next member."""
    comment = _tail(table, name)
    table[name] = _node(value)
    if comment is not None:
        _set_tail(table, name, comment)


def _tail(node, key):
    """Return the comment after a member of a dictionary or an item of a list, or None."""
    value = node[key]
    if isinstance(value, (CommentedMap, CommentedSeq)) and value and not value.fa.flow_style():
        return _tail(value, _last(value))
    comment = getattr(value, "comment", None)
    return comment if comment is not None else (node.ca.items.get(key) or _NO_COMMENT)[_slot(node)]


def _set_tail(node, key, comment):
    """Set the comment after a member of a dictionary or an item of a list."""
    value = node[key]
    if isinstance(value, (CommentedMap, CommentedSeq)) and value:
        _set_tail(value, _last(value), comment)
        return
    tokens = list(node.ca.items.get(key) or _NO_COMMENT)
    tokens[_slot(node)] = comment
    node.ca.items[key] = tokens


def _last(node):
    """Return the last key of a dictionary, or the last index of a list."""
    return next(reversed(node)) if isinstance(node, CommentedMap) else len(node) - 1


def _slot(node):
    """Return the position of the comment after a value in the comments of ruamel.yaml."""
    return 2 if isinstance(node, CommentedMap) else 0


def _node(value):
    """Return a value for ruamel.yaml that all parsers read identically."""
    if isinstance(value, dict):
        return CommentedMap((_node(name), _node(item)) for name, item in value.items())
    if isinstance(value, list):
        return CommentedSeq(_node(item) for item in value)
    if not isinstance(value, str) or scalar(value) == value:
        return value
    if scalar(value).startswith(_UNSAFE):
        return TaggedScalar(value, style='"', tag="!unsafe")
    return DoubleQuotedScalarString(value)
