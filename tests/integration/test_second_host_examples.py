# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of the modules without scenarios on the second host, over its command line."""

import json

import pytest
from expectations import EXPECTED, VARIABLES
from harness import ROOT
from test_examples import EXAMPLES, checked_requests, prepare, reader, run, write_files

# These modules fetch pages with the library requests, which the second host does not have.
NEEDS_REQUESTS = ("itron_restore_drill", "itron_rollout")
# The other modules have scenarios on the second host (test_second_host_scenarios, test_user).
MODULES = ("itron_backups", "itron_gui_session", "itron_installs")


@pytest.mark.parametrize(("module", "name"), [(module, name) for module in NEEDS_REQUESTS for name in EXPECTED[module]])
def test_example_that_needs_requests(module, name, sandbox, second, tmp_path):
    sandbox.reset(database_automation=True)
    text = json.dumps([{"name": name, "hosts": second.name, "gather_facts": False, "vars": VARIABLES, "tasks": EXAMPLES[module][name]}])
    with pytest.raises(AssertionError, match="the check of the sites requires the Python library requests. Install it on the host that runs this task"):
        run(sandbox, tmp_path, text, host=second, more_environment={"ITRON_TRANSPORT": "cli"})
    assert sandbox.control("GET", "/requests") == []


@pytest.mark.parametrize(("module", "name"), [(module, name) for module in MODULES for name in EXPECTED[module]])
def test_example(module, name, sandbox, second, tmp_path):
    expected = EXPECTED[module][name]
    sandbox.reset(database_automation=True)
    prepare(sandbox, expected.before)
    text = json.dumps([{"name": name, "hosts": second.name, "gather_facts": False, "vars": VARIABLES,
                        "tasks": EXAMPLES[module][name]}])
    write_files(expected.files, tmp_path)
    recap = run(sandbox, tmp_path, text, host=second, more_environment={"ITRON_TRANSPORT": "cli"})
    assert recap["changed"] == expected.changed
    sandbox.control("POST", "/idle")
    assert {request["interface"] for request in checked_requests(sandbox)} == {"cli"}
    if expected.verify:
        expected.verify(reader(sandbox))


def test_modules_complete():
    modules = {path.stem for path in (ROOT / "plugins" / "modules").glob("itron_*.py")}
    assert modules and modules == {module for module, found in EXPECTED.items() if found}
