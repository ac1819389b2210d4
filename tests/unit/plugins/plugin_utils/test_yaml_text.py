# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Edits of lists in YAML files change only the intended lines and keep all comments."""

import re

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.plugin_utils._yaml_text import ListText, item_lines, scalar

# Deterministic: the same examples in every run, without a deadline.
DETERMINISTIC = settings(derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
TEXTS = st.one_of(st.text(max_size=10), st.sampled_from([
    "yes", "No", "6.10", "null", "a: b", "# x", "{{ x }}", "- a", "12:30", "0x1", "~", " a ", "a\u2028b", "\x85"]))
VALUES = st.recursive(st.one_of(st.none(), st.booleans(), st.integers(-9, 99), TEXTS),
                      lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)), max_leaves=6)
NAMES = st.sampled_from(["a", "b", "list", "table", "text"])


class Loader(yaml.SafeLoader):
    """Reads the tags C(!unsafe) and C(!vault) as text."""


Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))
Loader.add_constructor("!vault", lambda loader, node: "vault " + loader.construct_scalar(node))


def read(text):
    """Return the content of a YAML text."""
    return yaml.load(text, Loader=Loader)


def with_values(text, changes):
    """Return a YAML text with changed values in its tables."""
    return ListText(text, "x.yml").with_values(changes)


@DETERMINISTIC
@given(st.dictionaries(NAMES, VALUES, min_size=1))
def test_item_lines_roundtrip(table):
    text = "".join(line + "\n" for line in item_lines(table, ["one", "two"]))
    assert read(text) == [table]
    assert text.count("# one") == 1 or "# one" in str(table)


def test_scalar_marks_templates_unsafe():
    assert scalar("{{ x }}") == '!unsafe "{{ x }}"' and scalar("{ x }") == '"{ x }"'


FILE = """\
---
# Sites of Alice

# first
- url: http://a.example   # the blog
  sitetitle: 'Quoted'
  passwd: !vault |
    $ANSIBLE_VAULT;1.1;AES256
    6162
  notification:
    - clone   # of everything
    - backup

# second
# in two lines
- url: http://b.example
  settings:
    color: red   # not blue

# third
- url: http://c.example
# the end
"""


def test_with_values_keeps_other_lines():
    text = with_values(FILE, {0: {"sitetitle": "yes", "notification": ["update"], "autoup": "all"}, 1: {"settings": {"color": "blue", "size": "8"}},
                              2: {"language": "{{ x }}"}})
    assert text == FILE.replace("'Quoted'", '"yes"').replace("- clone   # of everything\n    - backup\n", "- update\n  autoup: all\n").replace(
        "red   #", "blue  #").replace("# not blue\n", '# not blue\n    size: "8"\n').replace("c.example\n", 'c.example\n  language: !unsafe "{{ x }}"\n')


@DETERMINISTIC
@given(st.lists(st.dictionaries(NAMES, VALUES, min_size=1), min_size=1, max_size=3), st.data())
def test_with_values_keeps_comments(tables, data):
    lines = ["# head", ""]
    for number, table in enumerate(tables):
        lines += ["# above %d" % number, *item_lines(table)]
    text = "\n".join([*lines, "# foot"]) + "\n"
    changes = {number: data.draw(st.dictionaries(NAMES, VALUES.filter(lambda value: not isinstance(value, dict)), max_size=3)) for number in range(len(tables))}
    changed = with_values(text, changes)
    assert read(changed) == [dict(table, **changes[number]) for number, table in enumerate(tables)]
    marks = [line for line in changed.splitlines() if line in {"# head", "# foot", *("# above %d" % number for number in range(len(tables)))}]
    assert marks == ["# head", *("# above %d" % number for number in range(len(tables))), "# foot"]


@DETERMINISTIC
@given(st.integers(0, 4), st.data())
def test_changed_adds_and_removes_items_with_comments(count, data):
    lines = ["# head", ""]
    for number in range(count):
        lines += ["# above %d" % number, "- n: %d" % number, "  # inside %d" % number, "  x: 1", ""]
    text = "\n".join([*lines, "# foot"]) + "\n"
    removed = set(data.draw(st.lists(st.integers(0, count - 1), max_size=count))) if count else set()
    places = sorted(data.draw(st.lists(st.integers(0, count), max_size=3)))
    changed = ListText(text, "x.yml").changed(removed, [(place, ["- n: new", "  y: 1"]) for place in places])
    wanted = []
    for number in range(count + 1):
        wanted += ["new"] * places.count(number) + ([number] if number < count and number not in removed else [])
    assert [item["n"] for item in read(changed) or ()] == wanted
    for number in set(range(count)) - removed:
        assert re.search(r"# above %d\n- n: %d\n  # inside %d\n" % (number, number, number), changed)
    assert "# head" in changed and changed.endswith("# foot\n" if count else changed[-1])
    assert not any("# inside %d\n" % number in changed for number in removed)


@pytest.mark.parametrize(("text", "added"), [
    ("installs: []\n", "installs:\n- n: 1\n"),
    ("[]\n", "- n: 1\n"),
    ("", "- n: 1\n"),
    ("# nothing yet\n", "# nothing yet\n- n: 1\n"),
    ("installs:\n  - n: 0\n", "installs:\n  - n: 0\n  - n: 1\n"),
])
def test_changed_empty_list(text, added):
    assert ListText(text, "x.yml").changed(set(), [(1 if "n: 0" in text else 0, ["- n: 1"])]) == added


def test_changed_removes_last_item():
    assert read(ListText("installs:\n- n: 1\n", "x.yml").changed({0}, [])) == {"installs": []}


@pytest.mark.parametrize("text", ["[{n: 1}]\n", "installs: [{n: 1}]\n", "url: http://a.example\n"])
def test_changed_flow_style_refused(text):
    with pytest.raises(InputError, match="x.yml"):
        ListText(text, "x.yml").changed(set(), [(0, ["- n: 2"])])
