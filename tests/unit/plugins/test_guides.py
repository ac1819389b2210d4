# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guides match the code: messages, layers, and the files and make targets of the rules page."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGES = ROOT / "docs" / "docsite" / "rst"
PLUGINS = ROOT / "plugins"
# The packages and files at the top level of the two folders of utils.
UTILS = sorted(path.stem for folder in ("module_utils", "plugin_utils") for path in (PLUGINS / folder).glob("_[a-z]*"))


def test_page_of_messages_matches_code():
    done = subprocess.run([sys.executable, "tools/messages.py", "--check"], cwd=ROOT, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout
    assert (PAGES / "messages.rst").read_text(encoding="utf-8").count("\n  ") > 200


@pytest.mark.parametrize("name", UTILS)
def test_design_page_lists_utils(name):
    assert "``%s``" % name in (PAGES / "design.rst").read_text(encoding="utf-8")


def test_layers_picture_matches_design_page():
    picture = (PAGES.parent / "images" / "layers.svg").read_text(encoding="utf-8")
    layers = re.findall(r"(?m)^   \* - \*\*(.+)\*\*$", (PAGES / "design.rst").read_text(encoding="utf-8"))
    assert len(layers) > 5
    assert [layer for layer in layers if ">%s<" % layer not in picture] == []


def rules():
    """Return the names in the tables of the rules page, as (files and folders, make targets)."""
    names = re.findall(r"``([^`]+)``", (PAGES / "rules.rst").read_text(encoding="utf-8").partition("Not met yet\n")[0])
    files = [name for name in names if "/" in name or re.match(r"[.\w-]+\.(?:md|toml|yml)$", name) or name == ".ansible-lint"]
    return files, [name.partition(" ")[2] for name in names if name.startswith("make ")]


def test_rules_page_names_existing_files_and_targets():
    files, targets = rules()
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert len(files) > 15 and len(targets) > 10
    assert [name for name in files if not (ROOT / name).exists()] == []
    assert [name for name in targets if not re.search(r"(?m)^(?:[\w-]+ )*%s(?: [\w-]+)*:" % re.escape(name), makefile)] == []
