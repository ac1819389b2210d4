# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guides say what the sources say: messages, and the files of the layers."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGES = ROOT / "docs" / "docsite" / "rst"
PLUGINS = ROOT / "plugins"
# The packages and files that lie directly in the two folders of utils.
UTILS = sorted(path.stem for folder in ("module_utils", "plugin_utils") for path in (PLUGINS / folder).glob("_[a-z]*"))


def texts(kinds=("module_utils", "plugin_utils", "action", "inventory")):
    """Return all texts in the code of the plugins, in one line each, with three dots for what is filled in."""
    found = set()
    for path in (path for kind in kinds for path in (PLUGINS / kind).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found.update(re.sub(r"%[sdrg]", "...", node.value) for node in ast.walk(tree)
                     if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" not in node.value)
    return found


def messages():
    """Return the messages that the page explains, in its order."""
    text = (PAGES / "troubleshooting.rst").read_text(encoding="utf-8")
    return re.findall(r"(?m)^``(.+)``\n  \S", text)


TEXTS = texts()
MESSAGES = messages()


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_that_is_explained_is_one_of_the_code(message):
    assert message in TEXTS


def test_messages_are_explained_once():
    assert len(MESSAGES) > 40
    assert sorted(set(MESSAGES)) == sorted(MESSAGES)


@pytest.mark.parametrize("name", UTILS)
def test_every_file_of_the_layers_is_on_the_page_about_the_design(name):
    assert "``%s``" % name in (PAGES / "design.rst").read_text(encoding="utf-8")


def test_the_picture_shows_every_layer_of_the_page():
    picture = (PAGES.parent / "images" / "layers.svg").read_text(encoding="utf-8")
    layers = re.findall(r"(?m)^   \* - \*\*(.+)\*\*$", (PAGES / "design.rst").read_text(encoding="utf-8"))
    assert len(layers) > 5
    assert [layer for layer in layers if ">%s<" % layer not in picture] == []


def rules():
    """Return what the page about the rules names in its tables, as (files and folders, targets of make)."""
    names = re.findall(r"``([^`]+)``", (PAGES / "rules.rst").read_text(encoding="utf-8").partition("Not met yet\n")[0])
    files = [name for name in names if "/" in name or re.match(r"[.\w-]+\.(?:md|toml|yml)$", name) or name == ".ansible-lint"]
    return files, [name.partition(" ")[2] for name in names if name.startswith("make ")]


def test_the_page_about_the_rules_names_what_exists():
    files, targets = rules()
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert len(files) > 15 and len(targets) > 10
    assert [name for name in files if not (ROOT / name).exists()] == []
    assert [name for name in targets if not re.search(r"(?m)^(?:[\w-]+ )*%s(?: [\w-]+)*:" % re.escape(name), makefile)] == []
