# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Select the tests of slow folders: SUITE=quick runs the selection in quick.py, SUITE=rest the other tests. By default, all run."""

import os
from pathlib import Path

import pytest
from quick import MODULES, OTHERS

TESTS = Path(__file__).resolve().parent
ENTRIES = [entry for entries in MODULES.values() for entry in entries] + OTHERS
# All tests of other folders run.
FOLDERS = {entry.partition("/")[0] for entry in ENTRIES}
PLACES = {"controller", "target"}
SUITES = ("quick", "rest", "all")
SUITE = os.environ.get("SUITE") or "all"


def name_of(item):
    """Return the name that entries are compared with: the path below this folder, and the name of the test."""
    return "%s::%s" % (item.path.relative_to(TESTS).as_posix(), item.nodeid.partition("::")[2])


def matches(entry, name):
    """Return whether an entry matches this test."""
    following = name[len(entry):][:1] if name.startswith(entry) else None
    return following is not None and ("[" in entry or following in ("", ":", "["))


def complaints(folder, tests):
    """Return the errors of the selection in a folder; `tests` maps the names of its tests to the values of their parameters."""
    found = ["tests/quick.py: no test matches %s" % entry for entry in ENTRIES
             if entry.startswith(folder + "/") and not any(matches(entry, name) for name in tests)]
    if folder == "integration":
        modules = sorted(path.stem for path in (TESTS.parent / "plugins" / "modules").glob("itron_*.py"))
        found += ["tests/quick.py: no scenario for the module %s" % name for name in modules if not MODULES.get(name)]
        found += ["tests/quick.py: no such module: %s" % name for name in MODULES if name not in modules]
        for module, entries in MODULES.items():
            values = [value for name, values in tests.items() for value in values if any(matches(entry, name) for entry in entries)]
            found += ["tests/quick.py: %s does not run on the %s" % (module, place) for place in sorted(PLACES.difference(values))]
    return found


class Selection(pytest.Item):
    """A test that fails because of an invalid selection."""

    def __init__(self, wrong, **more):
        super().__init__(**more)
        self._wrong = wrong

    def runtest(self):
        """Fail."""
        pytest.fail("\n".join(self._wrong), pytrace=False)

    def reportinfo(self):
        """Return the name of this test in reports."""
        return self.path, None, self.nodeid


def pytest_configure(config):
    """Refuse an unknown SUITE, which would look like a run without failures."""
    if SUITE not in SUITES:
        raise pytest.UsageError("SUITE must be one of %s" % ", ".join(SUITES))


def pytest_ignore_collect(collection_path):
    """Skip files without a quick test, to save the time to import them."""
    parts = collection_path.relative_to(TESTS).parts if collection_path.is_relative_to(TESTS) else ()
    if SUITE != "quick" or len(parts) != 2 or parts[0] not in FOLDERS or collection_path.suffix != ".py":
        return None
    return not any(entry.partition("::")[0] == "/".join(parts) for entry in ENTRIES) or None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session, config, items):
    """Mark the quick tests, and deselect the tests that are not part of SUITE."""
    divided = {item: name_of(item) for item in items if item.path.is_relative_to(TESTS) and item.path.relative_to(TESTS).parts[0] in FOLDERS}
    quick = {item for item, name in divided.items() if any(matches(entry, name) for entry in ENTRIES)}
    for item in quick:
        item.add_marker("quick")
    # Whole folders only: a run of a file or a test omits the others on purpose.
    wrong = []
    for folder in sorted(FOLDERS.intersection(path.name for path in map(Path, config.args) if path.resolve().parent == TESTS)):
        tests = {name: [value for value in item.callspec.params.values() if isinstance(value, str)] if hasattr(item, "callspec") else []
                 for item, name in divided.items() if name.startswith(folder + "/")}
        wrong += complaints(folder, tests)
    left_out = {"quick": set(divided) - quick, "rest": quick, "all": set()}[SUITE]
    if left_out:
        config.hook.pytest_deselected(items=[item for item in items if item in left_out])
        items[:] = [item for item in items if item not in left_out]
    # A failing test, because pytest-xdist workers that abort during collection do not report the reason.
    if wrong:
        items.append(Selection.from_parent(session, name="selection", nodeid="tests/quick.py::selection", wrong=wrong))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    """Report success if no test of this part of the suite was selected."""
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and SUITE != "all":
        session.exitstatus = pytest.ExitCode.OK
