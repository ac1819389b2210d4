# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/docsite/rst/commands.rst lists exactly the existing commands, arguments and options.

The page is compared with two independent readings of the specification: the commands of the client and the schemas of the
sandbox. Modules are found on disk: a test fails until the page names the options of a new module.
"""

import importlib
import json
import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.hostops.installatron.plugins.module_utils._core.approval import PLANNING
from ansible_collections.hostops.installatron.plugins.module_utils._core.argspec import CONNECTION, HEADER, WAIT, WEBSITE
from ansible_collections.hostops.installatron.plugins.module_utils._install.fields import INSTALL_FIELDS
from ansible_collections.hostops.installatron.plugins.module_utils._wire.commands import COMMANDS

PACKAGE = "ansible_collections.hostops.installatron.plugins."
ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "docsite" / "rst" / "commands.rst").read_text(encoding="utf-8")
SCHEMAS = ROOT / "roles" / "sandbox" / "files" / "itron_sandbox" / "schemas"
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("itron_*.py"))
# Options of all modules; the section on the header describes them.
EVERYWHERE = set(CONNECTION.options) | set(HEADER.options) | {"rest_url"}
FURTHER = "any further field of the application"


def sections():
    """Return the sections of the page as {title: text}."""
    parts = re.split(r"(?m)^(.+)\n-{3,}\n", PAGE)
    return dict(zip(parts[1::2], parts[2::2]))


def literals(text):
    """Return the texts in double backquotes."""
    return re.findall(r"``([^`]+)``", text)


def rows(text):
    """Return the rows of the tables in a text, without the header rows, as lists of cells."""
    found = []
    for table in text.split(".. list-table::")[1:]:
        lines = re.split(r"(?m)^   \* -", table.partition("\n\n")[2].partition("\n\n")[0])[2:]
        found += [[bare(cell.strip()) for cell in re.split(r"\n     -", line)] for line in lines]
    return found


def bare(cell):
    """Return a cell without its backquotes if it is one literal."""
    return cell[2:-2] if re.fullmatch(r"``[^`]+``", cell) else cell


SECTIONS = sections()
# The rows of each command's table: (argument, module, option, remark).
TABLES = {name: [tuple(row) for row in rows(SECTIONS.get(name, ""))] for name in COMMANDS}
LOCAL = {tuple(row[:2]) for row in rows(SECTIONS["Options without an argument"])}


def options_of(module):
    """Return the options of a module, suboptions as C(outer.inner), without the options of all modules."""
    spec = importlib.import_module(PACKAGE + "action." + module).OPERATION.spec.options
    found = set()
    for name, option in spec.items():
        if name not in EVERYWHERE:
            found |= {"%s.%s" % (name, inner) for inner in option["options"]} if option.get("options") else {name}
    return found


def header_of(name):
    """Return the arguments in the header line of a command."""
    return literals(re.search(r"(?m)^Header: (.*)$", SECTIONS[name]).group(1))


def test_commands_complete():
    named = [title for title, text in SECTIONS.items() if "\nHeader: " in text]
    assert sorted(named) == sorted(COMMANDS) and len(named) == 18


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda command: command.name)
def test_arguments_complete(command):
    extra = [name for name in ("background", "dryrun") if getattr(command, name)]
    assert header_of(command.name) == ["key", *command.header, *extra]
    assert "Section %s." % command.section in SECTIONS[command.name]
    assert {row[0] for row in TABLES[command.name]} - {FURTHER} == command.arguments


@pytest.mark.parametrize("name", COMMANDS)
def test_arguments_match_sandbox_schema(name):
    schema = json.loads((SCHEMAS / ("%s.json" % name)).read_text(encoding="utf-8"))["properties"]
    documented = {row[0] for row in TABLES[name]} | set(header_of(name)) | {"cmd"}
    assert set(schema) - documented == set()
    # The catalog adds sitetagline, and a separate schema describes the header.
    assert documented - set(schema) <= {"key", "user", "reseller", "websites", "sitetagline", FURTHER}


@pytest.mark.parametrize("name", COMMANDS)
def test_rows_name_existing_options(name):
    senders = re.search(r"(?m)^Sent by: (.*)$", SECTIONS[name]).group(1).split(", ")
    assert senders and set(senders) <= set(MODULES)
    assert {row[1] for row in TABLES[name]} <= set(senders)
    assert [row for row in TABLES[name] if row[2] not in options_of(row[1])] == []


def description(module, option):
    """Return the documented description of an option or suboption of a module."""
    document = yaml.safe_load(importlib.import_module(PACKAGE + "modules." + module).DOCUMENTATION)
    found = {"suboptions": document["options"]}
    for name in option.split("."):
        found = found["suboptions"][name]
    return str(found["description"])


@pytest.mark.parametrize("name", COMMANDS)
def test_option_descriptions_name_argument(name):
    # Rows with a remark are options that set an argument only indirectly.
    direct = [row for row in TABLES[name] if not row[3]]
    assert [row for row in direct if not re.search(r"C\(%s[=)]" % row[0], description(row[1], row[2]))] == []


@pytest.mark.parametrize("module", MODULES)
def test_module_options_complete(module):
    named = {row[2] for table in TABLES.values() for row in table if row[1] == module}
    local = {option for owner, option in LOCAL if owner == module}
    assert options_of(module) - named - local - set(WAIT.options) - set(PLANNING.options) == set()
    assert local <= options_of(module)


@pytest.mark.parametrize("module", MODULES)
def test_modules_with_connection_listed(module):
    reaches = "api_url" in importlib.import_module(PACKAGE + "action." + module).OPERATION.spec.options
    assert bool([name for name in COMMANDS if module in SECTIONS[name]] or module in SECTIONS["Reading users"]) == reaches


@pytest.mark.parametrize("command", ["install", "edit"])
def test_field_table_matches_page(command):
    fields = {(field.argument, field.option) for field in INSTALL_FIELDS.values() if command == "install" or field.edit}
    named = {(argument, option) for argument, _module, option, _remark in TABLES[command]}
    assert fields <= named


def test_header_complete():
    text = SECTIONS["Request header"]
    assert {row[0] for row in rows(text)} >= {"key", *HEADER.options}
    inner = {name for name in literals(text) if name.startswith("websites[].")}
    expected = {"websites[].%s" % name for name, option in WEBSITE.items() if not option.get("options")}
    expected |= {"websites[].databases[].%s" % name for name in WEBSITE["databases"]["options"]}
    assert inner == expected
    website = json.loads((SCHEMAS / "header.json").read_text(encoding="utf-8"))["$defs"]["website"]["properties"]
    # The reseller of the header applies to all websites.
    assert set(website) - set(WEBSITE) == {"reseller"}


def test_background_and_dry_run_complete():
    found = {row[0]: literals("``%s``" % row[1]) for row in rows(SECTIONS["Background and dry run"])}
    assert set(found["background"]) == set(WAIT.options)
    assert found["dryrun"] == ["dryrun"]


def test_connection_options_complete():
    assert set(CONNECTION.options) - set(literals(SECTIONS["Options without an argument"])) == {"api_key"}
