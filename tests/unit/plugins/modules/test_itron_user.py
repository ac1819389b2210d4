# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules for users and sessions: options, arguments and results match the documentation."""

import importlib

import pytest
import yaml

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import ReplyError
from ansible_collections.hostops.installatron.plugins.module_utils._core.operation import run
from ansible_collections.hostops.installatron.plugins.module_utils._gui_session.work import GUI_SESSION, GuiSessionWork
from ansible_collections.hostops.installatron.plugins.module_utils._redaction.redact import is_secret_name
from ansible_collections.hostops.installatron.plugins.module_utils._user.fields import USER_FIELDS, user_result
from ansible_collections.hostops.installatron.plugins.module_utils._wire.client import Answer
from ansible_collections.hostops.installatron.plugins.module_utils._wire.commands import COMMANDS

PACKAGE = "ansible_collections.hostops.installatron.plugins."
COMPARED = ("type", "elements", "default", "choices", "required")
NAMES = ("itron_gui_session", "itron_user", "itron_user_info")


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
    for option, value in code.items():
        if "fallback" in value:
            assert "E(%s)" % value["fallback"][1][0] in " ".join(documentation[option]["description"])


@pytest.mark.parametrize("name", NAMES)
def test_result_keys_documented(name):
    operation, results = module(name).OPERATION, yaml.safe_load(module(name).RETURN)
    assert set(results) == set(operation.empty) | {"failure"} | (set() if operation.reads else {"steps"})


@pytest.mark.parametrize(("name", "key"), [("itron_user", "user"), ("itron_user_info", "users")])
def test_result_user_members_documented(name, key):
    result = user_result({"id": "x", "websites": [{}]}, is_secret_name)
    entry = yaml.safe_load(module(name).RETURN)[key]
    assert set(entry["contains"]) == set(result)
    assert set(entry["contains"]["websites"]["contains"]) == set(result["websites"][0])
    sample = entry["sample"] if key == "user" else entry["sample"][0]
    assert set(sample) == set(result) and set(sample["websites"][0]) == set(result["websites"][0])


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
    result = run(operation, dict(params, user="alice", api_url="http://127.0.0.1:9/x", api_key="short")).result
    assert result["failed"] is True and result["changed"] is False
    assert set(result) - {"failed", "changed", "msg", "steps"} == set(operation.empty) | {"failure"}
    assert set(result["failure"]) == set(yaml.safe_load(module(name).RETURN)["failure"]["contains"])


@pytest.mark.parametrize(
    ("name", "command", "own"),
    [
        ("itron_user", "edituser", COMMANDS["edituser"].arguments),
        ("itron_user", "deleteuser", set()),
        ("itron_gui_session", "guixfer", COMMANDS["guixfer"].arguments),
    ],
)
def test_options_cover_command_arguments(name, command, own):
    document = documented(name)
    assert COMMANDS[command].arguments == own
    for argument in set(own) | set(COMMANDS[command].header):
        assert "C(%s)" % argument in " ".join(document[argument]["description"]), argument
    assert "C(%s)" % command in module(name).DOCUMENTATION


def test_options_match_field_table():
    assert {field.argument for field in USER_FIELDS.values()} == set(COMMANDS["edituser"].arguments) | {"reseller"}
    assert set(USER_FIELDS) <= set(module("itron_user").OPERATION.spec.options)


def test_session_missing_in_reply():
    params = dict.fromkeys(list(GUI_SESSION.options) + ["api_url"])
    work = GuiSessionWork(None, dict(params, type="owner", user="alice", transport="cli"))
    for body in ({}, {"session_id": ""}, {"session_id": 5}):
        with pytest.raises(ReplyError, match="no session_id"):
            work.read_again(work.plan(work.read()), work.read(), Answer(body=body))
    session = work.read_again(None, None, Answer(data="https://h.example/abc", body={"session_id": "abc"}))
    assert session == ("abc", "https://h.example/abc")


@pytest.mark.parametrize("name", NAMES)
def test_examples_use_known_options(name):
    used = set()
    for task in yaml.safe_load(module(name).EXAMPLES):
        used.update(task.get("hostops.installatron.%s" % name, {}))
    assert used and used <= set(documented(name))
