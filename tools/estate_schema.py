# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Generate the JSON Schema of files with sites from the argument specs and the documentation of the modules.

Usage: estate_schema.py [--check]

With ``--check``, the script changes nothing and fails if the schema is out of date.
"""

from __future__ import annotations

import ast
import json
import re
import sys

import yaml
from generated import ROOT, update

SCHEMA = ROOT / "docs" / "estate.schema.json"
_COLLECTION = "hostops.installatron"
# Ansible accepts these strings as booleans. In YAML 1.2, which editors implement, they are strings.
_BOOLEANS = ["yes", "no", "on", "off", "true", "false"]
_LINK = re.compile(r"[A-Z]+\((?:[\w.]+#\w+:)?([^)]*)\)")


def documented(name: str) -> dict[str, object]:
    """Return the documented options of a module or of a documentation fragment."""
    kind = "doc_fragments" if name.startswith("_") else "modules"
    tree = ast.parse((ROOT / "plugins" / kind / f"{name}.py").read_text(encoding="utf-8"))
    text = next(node.value.value for node in ast.walk(tree) if isinstance(node, ast.Assign) and node.targets[0].id == "DOCUMENTATION")
    return yaml.safe_load(text)["options"]


def words(option: dict[str, object]) -> str:
    """Return the description of an option as plain text."""
    description = option.get("description", "")
    return _LINK.sub(r"\1", " ".join(description) if isinstance(description, list) else description)


def value_of(option: dict[str, object], pages: dict[str, object]) -> dict[str, object]:
    """Return the schema of the values of one option.

    Arguments:
        option: from an argument spec. pages: the documentation of its suboptions.
    """
    kind = option["type"]
    if kind == "bool":
        return {"enum": [True, False, *_BOOLEANS]}
    if "choices" in option:
        return {"enum": option["choices"]}
    if kind == "int":
        return {"type": ["integer", "string"], "pattern": "^-?[0-9]+$"}
    if kind == "list":
        return {"type": "array", "items": value_of({**option, "type": option["elements"]}, pages)}
    if kind == "dict":
        return table(option["options"], pages) if "options" in option else {"type": "object"}
    # A file is read so that the version 6.10 is a string, not a number.
    return {"type": ["string", "number", "boolean"]}


def table(options: dict[str, dict[str, object]], pages: dict[str, object]) -> dict[str, object]:
    """Return the schema of a table of options; pages: their documentation."""
    found = {}
    for name, option in options.items():
        page = pages.get(name, {})
        # null counts as not given.
        found[name] = {"description": words(page), "anyOf": [value_of(option, page.get("suboptions", {})), {"type": "null"}]}
    required = [name for name, option in options.items() if option.get("required")]
    return {"type": "object", "additionalProperties": False, "properties": found, **({"required": required} if required else {})}


def schema() -> dict[str, object]:
    """Return the schema of files with sites."""
    from ansible_collections.hostops.installatron.plugins.module_utils._backups.options import RULES
    from ansible_collections.hostops.installatron.plugins.module_utils._installs.items import ITEM
    from ansible_collections.hostops.installatron.plugins.module_utils._user.work import USER
    from ansible_collections.hostops.installatron.plugins.plugin_utils._site_description import ACCOUNT, BACKUP, TABLES

    header = documented("_header")
    site = table(ITEM.options, {**documented("itron_install"), **header})
    rules = documented("itron_backups")["policies"]["suboptions"]
    account = {name: option for name, option in {**USER.options, "reseller": {"type": "str"}}.items() if name in TABLES[ACCOUNT]}
    site["properties"][ACCOUNT] = {"description": "The account of the site, as for the role site.",
                                   "anyOf": [table(account, {**documented("itron_user"), **header}), {"type": "null"}]}
    site["properties"][BACKUP] = {"description": "The backup policy of the site, as for the role site.", "anyOf": [table(RULES, rules), {"type": "null"}]}
    site["anyOf"] = [{"required": [name]} for names in ITEM.constraints["required_one_of"] for name in names]
    site["allOf"] = [{"not": {"required": [first, second]}} for names in ITEM.constraints["mutually_exclusive"]
                     for number, first in enumerate(names) for second in names[number + 1:]]
    sites = {"type": "array", "items": {"$ref": "#/definitions/site"}}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#", "title": f"Sites of {_COLLECTION}", "definitions": {"site": site},
        "anyOf": [sites, {"type": "object", "properties": {"installs": sites}, "required": ["installs"], "additionalProperties": False},
                  {"$ref": "#/definitions/site"}, {"type": "null"}],
    }


def main(arguments: list[str]) -> int:
    """Write or check the schema; return the exit status."""
    # ansible-core imports the collection from there.
    sys.path.insert(0, str(ROOT / ".build" / "collections"))
    text = json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"
    return update("estate_schema", SCHEMA, text, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
