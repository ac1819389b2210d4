# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_backup: options and results match the documentation, and every argument of the commands has an option."""

import importlib

import pytest
import yaml

from ansible_collections.hostops.installatron.plugins.module_utils._backup.fields import backup_result
from ansible_collections.hostops.installatron.plugins.module_utils._backup.work import OPERATION, PLACE, STATES
from ansible_collections.hostops.installatron.plugins.module_utils._core.operation import run
from ansible_collections.hostops.installatron.plugins.module_utils._core.tasks import task_result
from ansible_collections.hostops.installatron.plugins.module_utils._install.fields import install_result
from ansible_collections.hostops.installatron.plugins.module_utils._redaction.redact import is_secret_name
from ansible_collections.hostops.installatron.plugins.module_utils._wire.commands import COMMANDS

PACKAGE = "ansible_collections.hostops.installatron.plugins."
MODULE = importlib.import_module(PACKAGE + "modules.itron_backup")
COMPARED = ("type", "elements", "default", "choices", "required")
RETURN = yaml.safe_load(MODULE.RETURN)


def documented():
    """Return the documented options, including those of the fragments."""
    document = yaml.safe_load(MODULE.DOCUMENTATION)
    options = dict(document["options"])
    for reference in document["extends_documentation_fragment"]:
        fragment, _dot, part = reference.removeprefix("hostops.installatron.").partition(".")
        holder = importlib.import_module(PACKAGE + "doc_fragments." + fragment).ModuleDocFragment
        options.update(yaml.safe_load(getattr(holder, part.upper() or "DOCUMENTATION")).get("options", {}))
    return options


def facts(option):
    """Return the attributes of an option that must be the same in code and documentation."""
    found = {name: option.get(name) for name in COMPARED}
    return dict(found, type=found["type"] or "str", required=bool(found["required"]))


def test_options_documented():
    assert {name: facts(option) for name, option in OPERATION.spec.options.items()} == {name: facts(option) for name, option in documented().items()}


def test_options_cover_command_arguments():
    own = set(yaml.safe_load(MODULE.DOCUMENTATION)["options"])
    for command in ("backup", "delete", "restore", "importbackup"):
        assert COMMANDS[command].arguments <= own, command
    assert set(PLACE) == COMMANDS["restore"].arguments - {"id", "db", "url"}


def test_options_have_states():
    assert set(STATES) == set(yaml.safe_load(MODULE.DOCUMENTATION)["options"]) - {"state", "dryrun"}


def test_result_documented():
    assert set(RETURN) == set(OPERATION.empty) | {"steps", "task", "failure"}
    assert set(RETURN["backup"]["contains"]) == set(RETURN["backups"]["contains"]) == set(backup_result({}))
    assert set(RETURN["install"]["contains"]) == set(install_result({}, is_secret_name))
    assert set(RETURN["task"]["contains"]) == set(task_result({"id": "1"}))
    assert set(RETURN["steps"]["contains"]) == {"command", "arguments", "outcome"}


def test_failure_documented():
    params = dict.fromkeys(OPERATION.spec.options)
    params.update({name: option["default"] for name, option in OPERATION.spec.options.items() if "default" in option})
    outcome = run(OPERATION, dict(params, install="http://a.example", api_url="http://127.0.0.1:9/x", api_key="short"))
    assert outcome.result["failed"] is True and outcome.result["changed"] is False
    assert set(outcome.result["failure"]) == set(RETURN["failure"]["contains"])
    assert {key: outcome.result[key] for key in OPERATION.empty} == {"install": None, "backup": None, "backups": []}


@pytest.mark.parametrize("entry", sorted(RETURN))
def test_return_docs_complete(entry):
    def check(name, value):
        assert value.get("description") and value.get("type") and value.get("returned"), name
        assert "sample" in value or value.get("contains"), name
        for inner, more in (value.get("contains") or {}).items():
            check("%s.%s" % (name, inner), more)

    check(entry, RETURN[entry])
