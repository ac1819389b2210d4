# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Generate the page of all messages from the code of the plugins, the tasks of the roles, and the explanations in docs/messages.yml.

Usage: messages.py [--check]

With ``--check``, the script changes nothing and fails if the page is out of date. In both modes, it fails if an explanation has no message,
or if a message has neither a hint in the code nor an explanation.
"""

from __future__ import annotations

import ast
import pathlib
import re
import sys
from typing import NamedTuple

import yaml
from generated import ROOT, update

PAGE = ROOT / "docs" / "docsite" / "rst" / "messages.rst"
EXPLANATIONS = ROOT / "docs" / "messages.yml"
# The errors that users see. Other exceptions are caught, or are bugs.
_ERRORS = {"InputError", "ItronError", "RefusedError", "ReplyError", "NoRestError", "TransportError", "TaskError", "WaitTimeoutError", "JournalError",
           "StateError", "AnsibleError", "AnsibleParserError", "AnsibleFilterError", "Refused", "Unusable"}
# Sections of the page, and the packages and files whose messages they contain.
SECTIONS = {
    "Connection and common options": ("_base", "_core", "_wire", "_redaction", "_module", "_action"),
    "Background tasks": ("_task",),
    "One application": ("_install", "_gui_session", "_apps"),
    "Many applications": ("_installs", "_installs_from", "_saved_plan", "_fleet"),
    "Backups": ("_backup", "_backups", "_drill"),
    "Updates": ("_rollout", "_health", "site_health"),
    "Users": ("_user",),
    "Files of applications": ("_adopt", "_estate_files", "_site_description", "_yaml_text", "site_files"),
    "Inventory": ("itron", "_inventory_names", "_inventory_read"),
    "Reports and filters": ("_filters", "_report", "_report_history"),
    "AWX": ("_awx_description", "_awx_files", "_awx_objects", "_awx_playbooks", "_awx_question", "_awx_steps", "survey_answers"),
    "Events": ("_events", "itron_events"),
}
_HEAD = """\
..
  Copyright (c) 2026, hostops.installatron contributors
  SPDX-License-Identifier: GPL-3.0-or-later

.. _ansible_collections.hostops.installatron.docsite.messages:

Messages
========

This page lists the errors and warnings of the collection. Search for the words of a message; ``...`` replaces the values that differ. Each entry
explains the cause and the fix. :ref:`ansible_collections.hostops.installatron.docsite.troubleshooting` explains how to read a failure.

.. contents::
   :local:
   :depth: 1
"""


class Message(NamedTuple):
    """A message of the code.

    Arguments:
        text: with ``...`` for each value. hint: the fix that follows the text, or None.
    """

    text: str
    hint: str | None = None

    @property
    def contains_fix(self) -> bool:
        """Whether the message contains the fix."""
        return bool(self.hint) or " must be " in self.text


def shown(text: str) -> str:
    """Return a format string or a Jinja template on one line, with ``...`` for each value."""
    text = re.sub(r"%(?:\.\d+)?[sdrgf]|{{.*?}}", "...", text, flags=re.DOTALL)
    return " ".join(text.replace("%%", "%").split())


def format_of(node: ast.expr | None, names: dict[str, str]) -> str | None:
    """Return the format string of an expression, or None if it has none.

    Arguments:
        names: values of the constants of the file.
    """
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return format_of(node.left, names)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = format_of(node.left, names), format_of(node.right, names)
        return "".join(part or "%s" for part in parts) if any(parts) else None
    if isinstance(node, ast.IfExp):
        return format_of(node.body, names) or format_of(node.orelse, names)
    if isinstance(node, ast.BoolOp):
        return next(filter(None, (format_of(value, names) for value in node.values)), None)
    return names.get(node.id) if isinstance(node, ast.Name) else None


def python_messages(path: pathlib.Path) -> list[Message]:
    """Return the errors and warnings in a Python file, in the order of the file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {target.id: text for node in tree.body if isinstance(node, ast.Assign) for target in node.targets
             if isinstance(target, ast.Name) and (text := format_of(node.value, {}))}
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        function = ast.unparse(node.func)
        text = format_of(node.args[0], names)
        if text and (function in _ERRORS or function.endswith("warnings.append")):
            hint = format_of(next((keyword.value for keyword in node.keywords if keyword.arg == "hint"), None), names)
            found.append((node.lineno, Message(shown(text), shown(hint) if hint else None)))
    # Skip formats that consist of values only; their words come from other messages.
    return [message for _line, message in sorted(found) if re.search(r"[A-Za-z]{3}", message.text)]


def texts() -> frozenset[str]:
    """Return all strings in the code of the plugins."""
    nodes = (node for path in sorted((ROOT / "plugins").rglob("*.py")) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    return frozenset(shown(node.value) for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def task_messages(path: pathlib.Path) -> list[Message]:
    """Return the failure messages in a task file of a role."""
    found: list[Message] = []

    def visit(node: object) -> None:
        if isinstance(node, list):
            for item in node:
                visit(item)
        elif isinstance(node, dict):
            for name, value in node.items():
                if name == "fail_msg" or name == "msg" and node.keys() == {"msg"} and failing:
                    found.append(Message(shown(value)))
                visit(value)

    for task in yaml.safe_load(path.read_text(encoding="utf-8")) or []:
        failing = "ansible.builtin.fail" in task
        visit(task)
    return [message for message in found if re.search(r"[A-Za-z]{3}", message.text)]


def collected() -> dict[str, list[Message]]:
    """Return the messages by section. Raises KeyError for a file that is in no section."""
    section_of = {name: title for title, names in SECTIONS.items() for name in names}
    found: dict[str, dict[str, Message]] = {title: {} for title in SECTIONS}
    files = [path for folder in ("plugins", "extensions/eda/plugins") for path in sorted((ROOT / folder).rglob("*.py"))]
    for path in files:
        for message in python_messages(path):
            name = next((name for name in (path.stem, path.parent.name) if name in section_of), None)
            if name is None:
                raise KeyError(f"tools/messages.py: SECTIONS does not name {path.relative_to(ROOT)}")
            found[section_of[name]].setdefault(message.text, message)
    roles = [(path, task_messages(path)) for path in sorted((ROOT / "roles").glob("*/tasks/*.yml"))]
    roles += [(path, python_messages(path)) for path in sorted((ROOT / "roles" / "server" / "files").rglob("*.py"))]
    for path, messages in roles:
        for message in messages:
            found.setdefault(f"Role {path.relative_to(ROOT).parts[1]}", {}).setdefault(message.text, message)
    return {title: list(messages.values()) for title, messages in found.items() if messages}


def escaped(text: str) -> str:
    """Return text with reStructuredText markup escaped."""
    return re.sub(r"([*`|_\\])", r"\\\1", text)


def page() -> str:
    """Return the text of the page. Raises ValueError for explanations without a message, and for messages without a fix or an explanation."""
    explanations = yaml.safe_load(EXPLANATIONS.read_text(encoding="utf-8"))
    sections = collected()
    known = {message.text for group in sections.values() for message in group}
    # Parts from which the code assembles messages, and hints.
    parts_of_messages = texts() - known
    sections["Parts of messages"] = [Message(text) for text in explanations if text in parts_of_messages]
    problems = [f"docs/messages.yml: the code has no text {text!r}" for text in explanations if text not in known | parts_of_messages]
    problems += [f"docs/messages.yml: {message.text!r} has neither a hint nor an explanation" for title, group in sections.items() for message in group
                 if message.text not in explanations and not message.contains_fix and not title.startswith("Role ")]
    if problems:
        raise ValueError("\n".join(problems))
    parts = [_HEAD]
    for title, group in sections.items():
        parts.append(f"{title}\n{'-' * len(title)}\n")
        for message in group:
            words = [explanations[message.text].strip()] if message.text in explanations else []
            words += [f"*Fix:* {escaped(message.hint)}"] if message.hint else []
            parts.append(f"``{message.text}``\n  {' '.join(words) or 'The message contains the fix.'}\n")
    return "\n".join(parts)


def main(arguments: list[str]) -> int:
    """Write or check the page; return the exit status."""
    try:
        text = page()
    except (KeyError, ValueError) as error:
        print(error.args[0])
        return 1
    return update("messages", PAGE, text, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
