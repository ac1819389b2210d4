# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Architecture rules: imports point down the layers, modules and actions come in pairs, the action group is complete.

The tests find the files on disk and parse them with ``ast``; they import nothing. A new module needs no edit here. A new
package needs a line in LAYERS and in the diagram in CONTRIBUTING.md.
"""

from __future__ import annotations

import ast
import pathlib
import re
import sys

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
PACKAGE = "ansible_collections.hostops.installatron.plugins"

# The layers of module_utils from the bottom up. A file may import from its own package and from the packages before it.
LAYERS = ("_base", "_redaction", "_wire", "_health", "_core", "_apps", "_install", "_backup", "_fleet", "_installs", "_rollout", "_drill", "_backups", "_user",
          "_adopt", "_task", "_gui_session", "_events", "_module")
# Modules without the connection options that the action group sets.
REACH_NO_SERVER = {"itron_validate"}
# Files that never contact a server. They may import only files with these names and the two lowest layers.
PURE = {"model", "plan", "fields", "websites"}
# The only utils that may import Ansible. Of these, only _module may import AnsibleModule.
KNOW_ANSIBLE = {"_module", "_core.argspec", "_action", "_installs_from", "_filters", "_yaml_text", "_literal"}


def python_files(kind):
    """Return the Python files below one folder of plugins/, except ``__init__.py``."""
    return sorted(path for path in (PLUGINS / kind).rglob("*.py") if path.stem != "__init__")


MODULES = python_files("modules")
ACTIONS = python_files("action")
MODULE_UTILS = python_files("module_utils")
UTILS = MODULE_UTILS + python_files("plugin_utils")
ENTRIES = MODULES + ACTIONS + python_files("inventory") + python_files("lookup") + python_files("filter")


def dotted(path):
    """Return the dotted name of a util relative to its folder: ``_wire.client``, ``_module``, ``_action``."""
    return ".".join(path.relative_to(PLUGINS).with_suffix("").parts[1:])


def layer_of(name):
    """Return the layer of a util: its index in LAYERS, or the layer above them for plugin_utils. Raises ValueError for an unknown package."""
    if (PLUGINS / "plugin_utils" / f"{name}.py").exists():
        return len(LAYERS)
    return LAYERS.index(name.split(".")[0])


def imported_names(source, package):
    """Return the absolute dotted names that the source of a file in ``package`` imports at any depth."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            names.update(f"{module}.{alias.name}" for alias in node.names)
    return names


def utils_in(names):
    """Return the dotted names that are utils of this collection."""
    known = {dotted(path) for path in UTILS}
    found = set()
    for name in names:
        for kind in ("module_utils", "plugin_utils"):
            if name.startswith(f"{PACKAGE}.{kind}."):
                parts = name[len(f"{PACKAGE}.{kind}.") :].split(".")
                found.add(".".join(parts[:2]) if ".".join(parts[:2]) in known else parts[0])
    return found


def names_of(path):
    """Return the dotted names that a file of plugins/ imports."""
    return imported_names(path.read_text(encoding="utf-8"), ".".join([PACKAGE, *path.relative_to(PLUGINS).parts[:-1]]))


def is_pure(name):
    """Return whether a util never contacts a server."""
    package, _dot, file = name.rpartition(".")
    return package in LAYERS[:2] or file in PURE


def violations(name, names, entry=False):
    """Return a message for each import of a file that breaks a rule."""
    found = []
    for other in sorted(utils_in(names)):
        if not entry and layer_of(other) > layer_of(name):
            found.append(f"{name} imports {other}, which is in a higher layer")
        if not entry and is_pure(name) and not is_pure(other):
            found.append(f"{name} must not import {other}, which may contact a server")
        if name == "_action" and other == "_module":
            found.append(f"{name} must not import {other}")
    ansible = sorted(other for other in names if other.split(".")[0] == "ansible")
    if not entry and name not in KNOW_ANSIBLE:
        found += [f"{name} imports {other}: it must work without Ansible" for other in ansible]
    if name != "_module":
        found += [f"{name} imports {other}" for other in ansible if other.endswith(".AnsibleModule")]
    return found


def identifier(path):
    """Return the parameter id of a file."""
    return str(path.relative_to(PLUGINS))


def tree_in_contributing():
    """Return {package: files} from the diagram of the layers in CONTRIBUTING.md, from the top down."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    diagram = text.split("plugins/module_utils/\n", 1)[1].split("```", 1)[0]
    return {name: files.split() for name, files in re.findall(r"(?m)^  (_\w+)(?:\.py|/) +((?:\w+\.py ?)*)", diagram)}


def test_layers_in_contributing_match_disk():
    tree = tree_in_contributing()
    assert tuple(reversed(tree)) == LAYERS
    on_disk = {}
    for path in MODULE_UTILS:
        package, _dot, file = dotted(path).rpartition(".")
        on_disk.setdefault(package or file, []).extend([f"{file}.py"] if package else [])
    assert {name: sorted(files) for name, files in tree.items()} == on_disk


@pytest.mark.parametrize("path", UTILS, ids=identifier)
def test_util_private(path):
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert dotted(path).startswith("_")
    assert "private" in docstring.lower()


@pytest.mark.parametrize("path", UTILS, ids=identifier)
def test_imports_of_util_point_down(path):
    assert violations(dotted(path), names_of(path)) == []


@pytest.mark.parametrize("path", ENTRIES, ids=identifier)
def test_imports_of_entry_allowed(path):
    assert violations(dotted(path), names_of(path), entry=True) == []


@pytest.mark.parametrize("path", UTILS + ENTRIES, ids=identifier)
def test_imports_third_party_allowed(path):
    allowed = {"ansible", "ansible_collections", "requests", "urllib3", "idna"} | sys.stdlib_module_names
    if path.parent.name in ("plugin_utils", "inventory"):
        # These packages are dependencies of ansible-core, so every controller has them.
        allowed |= {"yaml", "jinja2", "markupsafe"}
    if path.stem == "_yaml_text":
        # Optional: only editing hand-written files needs it. Without it, the error names the package.
        allowed |= {"ruamel"}
    assert {name.split(".")[0] for name in names_of(path)} <= allowed
    assert [name for name in names_of(path) if name.startswith("ansible_coll") and not name.startswith(PACKAGE)] == []


def test_imports_without_cycle():
    graph = {dotted(path): utils_in(names_of(path)) for path in UTILS}
    while graph:
        free = {name for name, others in graph.items() if not others & graph.keys()}
        assert free, f"import cycle in {sorted(graph)}"
        graph = {name: others for name, others in graph.items() if name not in free}


def test_plugins_found():
    assert MODULES
    assert UTILS


def test_actions_match_modules():
    assert [path.name for path in ACTIONS] == [path.name for path in MODULES]


def test_action_group_complete():
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert runtime["action_groups"]["itron"] == [path.stem for path in MODULES if path.stem not in REACH_NO_SERVER]


def test_module_prefix():
    assert [path.name for path in MODULES if not path.name.startswith("itron_")] == []


@pytest.mark.parametrize(
    ("name", "source", "message"),
    [
        ("_wire.transport", "from .._core.tasks import Clock", "_wire.transport imports _core.tasks, which is in a higher layer"),
        ("_wire.client", "def f():\n    from .._core.operation import run", "_wire.client imports _core.operation, which is in a higher layer"),
        ("_backup.plan", "from .._core import tasks", "_backup.plan must not import _core.tasks, which may contact a server"),
        ("_base.errors", f"import {PACKAGE}.module_utils._core.tasks", "_base.errors imports _core.tasks, which is in a higher layer"),
        (
            "_core.tasks",
            "from ansible.module_utils.urls import open_url",
            "_core.tasks imports ansible.module_utils.urls.open_url: it must work without Ansible",
        ),
        (
            "_core.argspec",
            "from ansible.module_utils.basic import AnsibleModule",
            "_core.argspec imports ansible.module_utils.basic.AnsibleModule",
        ),
    ],
)
def test_import_violation_found(name, source, message):
    names = imported_names(source, f"{PACKAGE}.module_utils.{name.partition('.')[0]}")
    assert message in violations(name, names)


def test_imports_relative_across_folders():
    names = imported_names("from ..module_utils._core.plan import Plan", f"{PACKAGE}.action")
    assert utils_in(names) == {"_core.plan"}


def test_layer_unknown_package():
    with pytest.raises(ValueError):
        layer_of("_nowhere.file")


def test_helper_module_names_unique():
    """Test folders are added to the path of other test folders, where two modules with the same name would hide each other."""
    folders = {path.parent for path in (ROOT / "tests").glob("**/conftest.py")} | {ROOT / "tests" / "benchmark"}
    names = [path.name for folder in folders for path in folder.glob("*.py")]
    allowed_duplicates = {"__init__.py", "__main__.py", "conftest.py"}
    assert "harness.py" in names
    assert sorted(name for name in set(names) - allowed_duplicates if names.count(name) > 1) == []


@pytest.mark.parametrize("role", sorted(path.name for path in (ROOT / "roles").iterdir() if path.is_dir()))
def test_molecule_scenario_of_role(role):
    folder = ROOT / "extensions" / "molecule"
    common = yaml.safe_load((folder / "config.yml").read_text(encoding="utf-8"))["scenario"]["test_sequence"]
    scenario = yaml.safe_load((folder / role / "molecule.yml").read_text(encoding="utf-8"))["scenario"]
    sequence = scenario.get("test_sequence", common)
    assert sequence[:2] == ["cleanup", "check"]
    assert {"converge", "verify"} <= set(sequence)
    # A restore drill is never idempotent: it restores and removes a copy in each run.
    assert "idempotence" in sequence or role == "restore_drill"
    assert "hostops.installatron.%s\n" % role in (folder / role / "converge.yml").read_text(encoding="utf-8")


# --- time in tests ----------------------------------------------------------------------------------------------------

CLOCKS = {"time", "monotonic", "perf_counter", "process_time"}
# Seconds after which an operation counts as hanging.
HANGS = 60


def _reads_a_clock(node):
    """Return whether an expression reads a clock or a variable named elapsed or took."""
    return any(
        isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and inner.func.attr in CLOCKS
        and isinstance(inner.func.value, ast.Name) and inner.func.value.id == "time"
        or isinstance(inner, (ast.Name, ast.Attribute)) and getattr(inner, "id", getattr(inner, "attr", "")) in ("elapsed", "took")
        for inner in ast.walk(node)
    )


def timed_assertions(source):
    """Return the lines with an assertion on a duration. A limit of at least HANGS seconds, which detects a hang, is allowed."""
    tree = ast.parse(source)
    constants = {
        target.id: node.value.value
        for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets if isinstance(target, ast.Name)
    }
    found = []
    for compare in [inner for node in ast.walk(tree) if isinstance(node, ast.Assert) for inner in ast.walk(node.test)]:
        if not isinstance(compare, ast.Compare) or not _reads_a_clock(compare):
            continue
        limit = compare.comparators[-1]
        value = limit.value if isinstance(limit, ast.Constant) else constants.get(getattr(limit, "id", None))
        generous = isinstance(limit, ast.Name) and value is None or isinstance(value, (int, float)) and value >= HANGS
        if not (generous and len(compare.ops) == 1 and isinstance(compare.ops[0], (ast.Lt, ast.LtE))):
            found.append(compare.lineno)
    return found


TIMED = [path for path in sorted((ROOT / "tests").rglob("*.py")) if "benchmark" not in path.parts]


@pytest.mark.parametrize("path", TIMED, ids=lambda path: str(path.relative_to(ROOT)))
def test_timed_assertions_absent(path):
    """Benchmarks measure durations. A test that asserts on a duration is flaky."""
    assert timed_assertions(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("start = time.monotonic()\nassert time.monotonic() - start < 2", [2]),
        ("assert 0.4 < time.monotonic() - start < 99", [1]),
        ("assert time.time() - start >= 0.45", [1]),
        ("assert took > 1", [1]),
        ("assert time.monotonic() - start < 60", []),
        ("LONG = 90\nassert took < LONG", []),
        ("SHORT = 9\nassert elapsed < SHORT", [2]),
        ("def wait_for(seconds):\n    assert time.monotonic() - begin < limit", []),
    ],
)
def test_timed_assertions_found(source, lines):
    assert timed_assertions(source) == lines
