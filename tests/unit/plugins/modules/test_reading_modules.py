# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The info modules: options and results are documented, and every argument of their command has an option."""

import importlib

import pytest
import yaml

from ansible_collections.hostops.installatron.plugins.module_utils._apps.fields import APP_COLUMNS, APP_FIELD_COLUMNS
from ansible_collections.hostops.installatron.plugins.module_utils._backup.fields import BACKUP_COLUMNS
from ansible_collections.hostops.installatron.plugins.module_utils._core.operation import run
from ansible_collections.hostops.installatron.plugins.module_utils._install.fields import INSTALL_COLUMNS
from ansible_collections.hostops.installatron.plugins.module_utils._install.info import _FILTERS
from ansible_collections.hostops.installatron.plugins.module_utils._task.info import Watch
from ansible_collections.hostops.installatron.plugins.module_utils._wire.commands import COMMANDS

PACKAGE = "ansible_collections.hostops.installatron.plugins."
COMPARED = ("type", "elements", "default", "choices", "required")
COLUMNS = {
    "itron_install_info": {
        "installs": {column.name for column in INSTALL_COLUMNS} | {"settings"},
        "not_visited": {"id", "url", "errcode", "msg"},
    },
    "itron_backup_info": {"backups": {column.name for column in BACKUP_COLUMNS}},
    "itron_task_info": {"tasks": set(), "missing": None},
    "itron_app_facts": {"ansible_facts": {"itron_apps"}},
}
NAMES = sorted(COLUMNS)


def module(name):
    """Return the Python module of an Ansible module."""
    return importlib.import_module(PACKAGE + "modules." + name)


def documented(name):
    """Return the documented options, including those of the fragments."""
    document = yaml.safe_load(module(name).DOCUMENTATION)
    options = dict(document["options"])
    for reference in document["extends_documentation_fragment"]:
        fragment, _dot, part = reference.removeprefix("hostops.installatron.").partition(".")
        holder = importlib.import_module(PACKAGE + "doc_fragments." + fragment).ModuleDocFragment
        more = yaml.safe_load(getattr(holder, part.upper() or "DOCUMENTATION")).get("options", {})
        assert not set(options) & set(more), "documented twice"
        options.update(more)
    return options


def facts(option):
    """Return the attributes of an option that must be the same in code and documentation."""
    found = {name: option.get(name) for name in COMPARED}
    return dict(found, type=found["type"] or "str", required=bool(found["required"]))


@pytest.mark.parametrize("name", NAMES)
def test_options_documented(name):
    code, documentation = module(name).OPERATION.spec.options, documented(name)
    assert {option: facts(value) for option, value in code.items()} == {
        option: facts(value) for option, value in documentation.items()
    }
    assert all(value.get("description") for value in documentation.values())


@pytest.mark.parametrize("name", NAMES)
def test_result_keys_documented(name):
    results = yaml.safe_load(module(name).RETURN)
    assert set(results) - {"failure", "json"} == set(COLUMNS[name])
    for key, columns in COLUMNS[name].items():
        contains = set(results[key].get("contains") or ())
        assert (
            contains == _task_columns()
            if name == "itron_task_info" and key == "tasks"
            else contains == (columns or set())
        )


def _task_columns():
    watch = Watch(None, lambda row: True)
    watch.look([{"id": "1"}])
    return set(watch.tasks()[0])


def test_result_catalog_columns_documented():
    entry = yaml.safe_load(module("itron_app_facts").RETURN)["ansible_facts"]["contains"]["itron_apps"]["contains"]
    assert set(entry) == {column.name for column in APP_COLUMNS} | {"versions_available", "versions_available_minor"}
    assert set(entry["fields"]["sample"]["limitloginattempts"]) == {column.name for column in APP_FIELD_COLUMNS}


@pytest.mark.parametrize("name", NAMES)
def test_return_docs_complete(name):
    def check(path, value):
        assert value.get("description") and value.get("type") and value.get("returned") and "sample" in value, path
        assert value["type"] != "list" or value.get("elements"), path
        for inner, more in (value.get("contains") or {}).items():
            check("%s.%s" % (path, inner), more)

    for key, value in yaml.safe_load(module(name).RETURN).items():
        check(key, value)


@pytest.mark.parametrize("name", NAMES)
def test_failure_documented(name):
    operation = module(name).OPERATION
    params = {option: value.get("default") for option, value in operation.spec.options.items()}
    result = run(operation, dict(params, api_url="http://127.0.0.1:9/x", api_key="short")).result
    assert result["failed"] is True and result["changed"] is False
    assert set(result) - {"failed", "changed", "msg"} == set(operation.empty) | {"failure"}
    assert set(result["failure"]) == set(yaml.safe_load(module(name).RETURN)["failure"]["contains"])


@pytest.mark.parametrize(
    ("name", "command", "options"),
    [
        (
            "itron_install_info",
            "installs",
            {"q": "q", "id": "id", **{argument: option for option, argument in _FILTERS.items()}},
        ),
        ("itron_install_info", "view", {"id": "id", "addons": "addons"}),
        (
            "itron_backup_info",
            "backups",
            {"q": "q", "pid": "install", "id": "id", "filter-ownedaccounts": "owned_accounts"},
        ),
        ("itron_task_info", "tasks", {}),
        (
            "itron_app_facts",
            "browser",
            {
                "application": "application",
                "version": "version",
                "from-version": "from_version",
                "versions-available-from": "versions_available_from",
                "language": "language",
            },
        ),
    ],
)
def test_options_cover_command_arguments(name, command, options):
    assert set(options) == COMMANDS[command].arguments
    document = documented(name)
    for argument, option in options.items():
        assert "C(%s)" % argument in " ".join(document[option]["description"]), option
