# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_install: options match in code, field table and documentation, and results match the documentation."""

import importlib

import pytest
import yaml

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.hostops.installatron.plugins.module_utils._core.operation import run
from ansible_collections.hostops.installatron.plugins.module_utils._core.tasks import task_result
from ansible_collections.hostops.installatron.plugins.module_utils._install.fields import INSTALL_FIELDS, install_result
from ansible_collections.hostops.installatron.plugins.module_utils._install.work import OPERATION, InstallWork, check_options
from ansible_collections.hostops.installatron.plugins.module_utils._redaction.redact import Redactor, is_secret_name
from ansible_collections.hostops.installatron.plugins.module_utils._wire.client import Client
from ansible_collections.hostops.installatron.plugins.module_utils._wire.commands import COMMANDS

MODULE = importlib.import_module("ansible_collections.hostops.installatron.plugins.modules.itron_install")
FRAGMENTS = "ansible_collections.hostops.installatron.plugins.doc_fragments."
# Options that are not properties of an application: how to find it, and what to do with it.
WORKING = {"import_existing", "import_version", "migrate_from", "clone_from", "restore_from", "state", "id", "application",
           "version", "settings", "update_password", "plugins", "themes", "revert", "force", "delete_backups", "refresh",
           "dryrun"}
COMPARED = ("type", "elements", "default", "choices", "required")


def documented():
    """Return the documented options, including those of the fragments."""
    document = yaml.safe_load(MODULE.DOCUMENTATION)
    options = dict(document["options"])
    for name in document["extends_documentation_fragment"]:
        fragment, _dot, part = name.removeprefix("hostops.installatron.").partition(".")
        holder = importlib.import_module(FRAGMENTS + fragment).ModuleDocFragment
        more = yaml.safe_load(getattr(holder, part.upper() or "DOCUMENTATION")).get("options", {})
        assert not set(options) & set(more), "documented twice"
        options.update(more)
    return options


def facts(option):
    """Return the attributes of an option that must be the same in code and documentation."""
    found = {name: option.get(name) for name in COMPARED}
    found["type"] = found["type"] or "str"
    found["required"] = bool(found["required"])
    return found


def assert_same_options(code, documentation, path=""):
    """Assert that two tables of options agree at all depths."""
    assert sorted(code) == sorted(documentation), path
    for name, option in code.items():
        assert facts(option) == facts(documentation[name]), path + name
        assert documentation[name].get("description"), path + name
        assert_same_options(option.get("options") or {}, documentation[name].get("suboptions") or {}, path + name + ".")


def test_options_documented():
    assert_same_options(OPERATION.spec.options, documented())


def test_options_environment_variables_documented():
    for name, option in OPERATION.spec.options.items():
        if "fallback" in option:
            text = " ".join(documented()[name]["description"])
            assert "E(%s)" % option["fallback"][1][0] in text, name


def test_options_match_field_table():
    own = set(OPERATION.spec.options) - set(documented_fragments())
    assert own - WORKING == set(INSTALL_FIELDS)


def documented_fragments():
    """Return the options that the fragments document."""
    return set(documented()) - set(yaml.safe_load(MODULE.DOCUMENTATION)["options"])


@pytest.mark.parametrize("field", INSTALL_FIELDS.values(), ids=lambda field: field.option)
def test_field_arguments(field):
    assert field.argument in COMMANDS["install"].arguments
    assert field.edit == (field.argument in COMMANDS["edit"].arguments)


@pytest.mark.parametrize("field", INSTALL_FIELDS.values(), ids=lambda field: field.option)
def test_field_secrets_no_log(field):
    assert field.secret == bool(OPERATION.spec.options[field.option].get("no_log"))
    assert field.secret == is_secret_name(field.option)


def test_result_documented():
    results = yaml.safe_load(MODULE.RETURN)
    assert set(results) - {"failure"} <= {"install", "steps", "task", "diff", "changed", "plan"}
    assert set(results["install"]["contains"]) == set(install_result({}, is_secret_name))
    assert set(results["task"]["contains"]) == set(task_result({"id": "1"}))
    assert set(results["steps"]["contains"]) == {"command", "arguments", "outcome"}


def test_failure_documented():
    params = dict.fromkeys(OPERATION.spec.options)
    params.update({name: option["default"] for name, option in OPERATION.spec.options.items() if "default" in option})
    outcome = run(OPERATION, dict(params, url="http://a.example", api_url="http://127.0.0.1:9/x", api_key="short"))
    assert outcome.result["failed"] is True and outcome.result["changed"] is False
    assert set(outcome.result["failure"]) == set(yaml.safe_load(MODULE.RETURN)["failure"]["contains"])


@pytest.mark.parametrize("entry", ["install", "steps", "task", "failure"])
def test_return_docs_complete(entry):
    def check(name, value):
        assert value.get("description") and value.get("type") and value.get("returned"), name
        assert "sample" in value or value.get("contains"), name
        for inner, more in (value.get("contains") or {}).items():
            check("%s.%s" % (name, inner), more)

    check(entry, yaml.safe_load(MODULE.RETURN)[entry])


def test_examples_use_known_options():
    used = set()

    def collect(tasks):
        for task in tasks:
            for key, value in task.items():
                if key == "hostops.installatron.itron_install":
                    used.update(value)
                elif key in ("block", "rescue", "always", "tasks"):
                    collect(value)

    collect(yaml.safe_load(MODULE.EXAMPLES))
    assert used and used <= set(OPERATION.spec.options)


def test_argspec_duplicate_option_refused():
    with pytest.raises(TypeError):
        ArgumentSpec({"a": {}}).merge(ArgumentSpec({"a": {}}))


def test_options_refused_before_request():
    class Nothing:
        def post(self, payload, repeatable):
            raise AssertionError("sent")

    params = dict.fromkeys(OPERATION.spec.options)
    params.update(state="present", url="http://a.example", settings={"email": "x"}, update_password="on_create",
                  refresh=False, revert=True, force=False, delete_backups=False)
    with pytest.raises(Exception, match="settings: email is a separate option"):
        InstallWork(Client(Nothing(), "12345678", {}, Redactor()), params)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bkloc": "/backups"}, "bkloc: '/backups' is neither local nor a URI"),
        ({"bkloc": "1-x://me:pw-of-me@h"}, "bkloc: '1-x://me:"),
        ({"notification": ["update", "everything"]}, "notification: 'everything' is unknown"),
        ({"url_ip": "web1.example"}, "url_ip: 'web1.example' is not an IP address"),
        ({"notification": ["all", "update"]}, "notification: all cannot be combined with other values"),
        ({"migrate_from": {"source_url": "http://a.example", "source_ftu": "ftp://"}}, "migrate_from.source_ftu: "),
    ],
)
def test_values_refused(options, message):
    params, messages = OPERATION.spec.validate(dict({"url": "http://a.example", "api_key": "0123456789", "api_url": "http://127.0.0.1/"}, **options))
    assert messages == []
    with pytest.raises(InputError) as caught:
        check_options(params)
    assert caught.value.text().startswith(message)
    assert "pw-of-me" not in caught.value.text()
