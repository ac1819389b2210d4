# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of the house: imports point downwards, modules and actions come in pairs, the action group is complete.

Files are found on disk and read with ``ast``; nothing is imported. A new module needs no edit here; a new package needs a
line in LAYERS and in the picture in CONTRIBUTING.md.
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

# The layers of module_utils from the bottom up. A file imports from its own package and from those before it.
LAYERS = ("_base", "_redaction", "_wire", "_health", "_core", "_apps", "_install", "_backup", "_fleet", "_installs", "_rollout", "_drill", "_backups", "_user",
          "_adopt", "_task", "_gui_session", "_events", "_module")
# Modules without the options of a connection, which the action group sets.
REACH_NO_SERVER = {"itron_validate"}
# Files that reach no server: they import files of these names only, and the two lowest layers.
PURE = {"model", "plan", "fields", "websites"}
# The only utils that know Ansible; of these only _module knows AnsibleModule.
KNOW_ANSIBLE = {"_module", "_core.argspec", "_action", "_installs_from", "_filters", "_yaml_text", "_literal"}


def python_files(kind):
    """Return the files of one folder of plugins/ and of the packages in it, without ``__init__.py``."""
    return sorted(path for path in (PLUGINS / kind).rglob("*.py") if path.stem != "__init__")


MODULES = python_files("modules")
ACTIONS = python_files("action")
MODULE_UTILS = python_files("module_utils")
UTILS = MODULE_UTILS + python_files("plugin_utils")
ENTRIES = MODULES + ACTIONS + python_files("inventory") + python_files("lookup") + python_files("filter")


def dotted(path):
    """Return the name of a util below its folder: ``_wire.client``, ``_module``, ``_action``."""
    return ".".join(path.relative_to(PLUGINS).with_suffix("").parts[1:])


def layer_of(name):
    """Return the layer of a util: its place in LAYERS, or one above all of them for plugin_utils. Raises ValueError without one."""
    if (PLUGINS / "plugin_utils" / f"{name}.py").exists():
        return len(LAYERS)
    return LAYERS.index(name.split(".")[0])


def imported_names(source, package):
    """Return the absolute dotted names that the source of a file in ``package`` imports, wherever in the file."""
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
    """Return the utils of this collection among dotted names."""
    known = {dotted(path) for path in UTILS}
    found = set()
    for name in names:
        for kind in ("module_utils", "plugin_utils"):
            if name.startswith(f"{PACKAGE}.{kind}."):
                parts = name[len(f"{PACKAGE}.{kind}.") :].split(".")
                found.add(".".join(parts[:2]) if ".".join(parts[:2]) in known else parts[0])
    return found


def names_of(path):
    """Return what a file of plugins/ imports."""
    return imported_names(path.read_text(encoding="utf-8"), ".".join([PACKAGE, *path.relative_to(PLUGINS).parts[:-1]]))


def is_pure(name):
    """Say whether a util reaches no server."""
    package, _dot, file = name.rpartition(".")
    return package in LAYERS[:2] or file in PURE


def violations(name, names, entry=False):
    """Return the sentences that say which imports of a file break a rule; none when all is well."""
    found = []
    for other in sorted(utils_in(names)):
        if not entry and layer_of(other) > layer_of(name):
            found.append(f"{name} imports {other}, which lies above it")
        if not entry and is_pure(name) and not is_pure(other):
            found.append(f"{name} must not import {other}, which may reach a server")
        if name == "_action" and other == "_module":
            found.append(f"{name} must not import {other}")
    ansible = sorted(other for other in names if other.split(".")[0] == "ansible")
    if not entry and name not in KNOW_ANSIBLE:
        found += [f"{name} imports {other}: it must work without Ansible" for other in ansible]
    if name != "_module":
        found += [f"{name} imports {other}" for other in ansible if other.endswith(".AnsibleModule")]
    return found


def identifier(path):
    """Return how a file is called in the names of the tests."""
    return str(path.relative_to(PLUGINS))


def tree_in_contributing():
    """Return {package: files} of the picture of the layers in CONTRIBUTING.md, in its order from the top down."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    picture = text.split("plugins/module_utils/\n", 1)[1].split("```", 1)[0]
    return {name: files.split() for name, files in re.findall(r"(?m)^  (_\w+)(?:\.py|/) +((?:\w+\.py ?)*)", picture)}


def test_the_picture_of_the_layers_shows_what_is_on_disk():
    tree = tree_in_contributing()
    assert tuple(reversed(tree)) == LAYERS
    on_disk = {}
    for path in MODULE_UTILS:
        package, _dot, file = dotted(path).rpartition(".")
        on_disk.setdefault(package or file, []).extend([f"{file}.py"] if package else [])
    assert {name: sorted(files) for name, files in tree.items()} == on_disk


@pytest.mark.parametrize("path", UTILS, ids=identifier)
def test_util_is_private_and_says_so(path):
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert dotted(path).startswith("_")
    assert "private" in docstring.lower()


@pytest.mark.parametrize("path", UTILS, ids=identifier)
def test_util_imports_downwards_only(path):
    assert violations(dotted(path), names_of(path)) == []


@pytest.mark.parametrize("path", ENTRIES, ids=identifier)
def test_entry_imports_known_utils_and_no_ansible_module(path):
    assert violations(dotted(path), names_of(path), entry=True) == []


@pytest.mark.parametrize("path", UTILS + ENTRIES, ids=identifier)
def test_no_other_collection_and_no_other_package_than_requests(path):
    allowed = {"ansible", "ansible_collections", "requests", "urllib3", "idna"} | sys.stdlib_module_names
    if path.parent.name in ("plugin_utils", "inventory"):
        # Comes with ansible-core, so it is there on every controller.
        allowed |= {"yaml", "jinja2", "markupsafe"}
    if path.stem == "_yaml_text":
        # Only to change files that people wrote; without it, the error names it.
        allowed |= {"ruamel"}
    assert {name.split(".")[0] for name in names_of(path)} <= allowed
    assert [name for name in names_of(path) if name.startswith("ansible_coll") and not name.startswith(PACKAGE)] == []


def test_imports_have_no_cycle():
    graph = {dotted(path): utils_in(names_of(path)) for path in UTILS}
    while graph:
        free = {name for name, others in graph.items() if not others & graph.keys()}
        assert free, f"a cycle among {sorted(graph)}"
        graph = {name: others for name, others in graph.items() if name not in free}


def test_there_is_something_to_hold_rules_for():
    assert MODULES
    assert UTILS


def test_every_module_has_an_action_and_the_reverse():
    assert [path.name for path in ACTIONS] == [path.name for path in MODULES]


def test_action_group_names_the_modules_on_disk():
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert runtime["action_groups"]["itron"] == [path.stem for path in MODULES if path.stem not in REACH_NO_SERVER]


def test_modules_carry_the_prefix_of_the_collection():
    assert [path.name for path in MODULES if not path.name.startswith("itron_")] == []


@pytest.mark.parametrize(
    ("name", "source", "message"),
    [
        ("_wire.transport", "from .._core.tasks import Clock", "_wire.transport imports _core.tasks, which lies above it"),
        ("_wire.client", "def f():\n    from .._core.operation import run", "_wire.client imports _core.operation, which lies above it"),
        ("_backup.plan", "from .._core import tasks", "_backup.plan must not import _core.tasks, which may reach a server"),
        ("_base.errors", f"import {PACKAGE}.module_utils._core.tasks", "_base.errors imports _core.tasks, which lies above it"),
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
def test_a_broken_rule_is_found(name, source, message):
    names = imported_names(source, f"{PACKAGE}.module_utils.{name.partition('.')[0]}")
    assert message in violations(name, names)


def test_relative_imports_are_resolved_across_folders():
    names = imported_names("from ..module_utils._core.plan import Plan", f"{PACKAGE}.action")
    assert utils_in(names) == {"_core.plan"}


def test_a_package_without_a_layer_is_an_error():
    with pytest.raises(ValueError):
        layer_of("_nowhere.file")


def test_helpers_of_tests_have_names_of_their_own():
    """Folders of tests put one another on the path, where the first of two modules with one name hides the other."""
    folders = {path.parent for path in (ROOT / "tests").glob("**/conftest.py")} | {ROOT / "tests" / "benchmark"}
    names = [path.name for folder in folders for path in folder.glob("*.py")]
    own_in_every_folder = {"__init__.py", "__main__.py", "conftest.py"}
    assert "harness.py" in names
    assert sorted(name for name in set(names) - own_in_every_folder if names.count(name) > 1) == []


@pytest.mark.parametrize("role", sorted(path.name for path in (ROOT / "roles").iterdir() if path.is_dir()))
def test_a_role_has_a_molecule_scenario_that_begins_with_a_check_of_an_empty_server(role):
    folder = ROOT / "extensions" / "molecule"
    common = yaml.safe_load((folder / "config.yml").read_text(encoding="utf-8"))["scenario"]["test_sequence"]
    scenario = yaml.safe_load((folder / role / "molecule.yml").read_text(encoding="utf-8"))["scenario"]
    sequence = scenario.get("test_sequence", common)
    assert sequence[:2] == ["cleanup", "check"]
    assert {"converge", "verify"} <= set(sequence)
    # A drill restores and removes each time.
    assert "idempotence" in sequence or role == "restore_drill"
    assert "hostops.installatron.%s\n" % role in (folder / role / "converge.yml").read_text(encoding="utf-8")


# --- time in tests ----------------------------------------------------------------------------------------------------

CLOCKS = {"time", "monotonic", "perf_counter", "process_time"}
# Seconds: what takes longer hangs.
HANGS = 60


def _reads_a_clock(node):
    """Say whether a piece of source asks a clock, or takes what something took by name."""
    return any(
        isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and inner.func.attr in CLOCKS
        and isinstance(inner.func.value, ast.Name) and inner.func.value.id == "time"
        or isinstance(inner, (ast.Name, ast.Attribute)) and getattr(inner, "id", getattr(inner, "attr", "")) in ("elapsed", "took")
        for inner in ast.walk(node)
    )


def timed_assertions(source):
    """Return the lines of a test that assert how long something took; a limit of HANGS or more against hanging is allowed."""
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
def test_no_test_asserts_how_long_something_took(path):
    """Durations are benchmarks: a test that measures time fails one user in a hundred."""
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
def test_the_rule_of_time_finds_what_breaks_it(source, lines):
    assert timed_assertions(source) == lines
