# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module page has attributes, related pages and samples. Modules are found on disk: a new module needs no edit here."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
MODULES = sorted((ROOT / "plugins" / "modules").glob("itron_*.py"))
ATTRIBUTES = {"check_mode", "diff_mode", "idempotent"}
LEVELS = {"full", "partial", "none", "N/A"}


def page(path):
    """Return the documentation and the return values of a module."""
    texts = {node.targets[0].id: node.value.value for node in ast.parse(path.read_text(encoding="utf-8")).body
             if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)}
    return yaml.safe_load(texts["DOCUMENTATION"]), yaml.safe_load(texts["RETURN"])


PAGES = {path.stem: page(path) for path in MODULES}


def leaves(values, path=()):
    """Yield (dotted name, documentation) of each return value without nested values."""
    for name, value in values.items():
        if value.get("contains"):
            yield from leaves(value["contains"], path + (name,))
        else:
            yield ".".join(path + (name,)), value


@pytest.mark.parametrize("name", PAGES)
def test_attributes(name):
    documentation, _returned = PAGES[name]
    attributes = documentation["attributes"]
    assert set(attributes) == ATTRIBUTES
    assert {attribute["support"] for attribute in attributes.values()} <= LEVELS
    unexplained = [key for key, attribute in attributes.items() if attribute["support"] != "full" and not attribute.get("details")]
    assert unexplained == [], "details are missing"
    fragments = documentation["extends_documentation_fragment"]
    assert ("hostops.installatron._attributes.actiongroup_itron" in fragments) == ("hostops.installatron._connection" in fragments)


@pytest.mark.parametrize("name", PAGES)
def test_related_pages(name):
    documentation, _returned = PAGES[name]
    related = [entry["module"] for entry in documentation["seealso"] if "module" in entry]
    assert related
    assert [other for other in related if other.rpartition(".")[2] not in PAGES or other.endswith("." + name)] == []


@pytest.mark.parametrize("name", PAGES)
def test_samples(name):
    _documentation, returned = PAGES[name]
    assert [path for path, value in leaves(returned) if "sample" not in value] == []
    assert [path for path, value in leaves(returned) if not value.get("returned")] == []


def test_return_docs_consistent():
    done = subprocess.run([sys.executable, "tools/return_docs.py", "--check"], cwd=ROOT, check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
