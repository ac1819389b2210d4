# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets of any characters, in any option or reply, in any encoding: the output contains none of them."""

import copy
import re

import pytest
from answers import ROW, OddServer, serve
from bounds import EXAMPLES, FIGURES
from hostile import TARGETS, replaced
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from spellings import FORMS, SPELLINGS

from ansible_collections.hostops.installatron.plugins.module_utils._core import operation as _operation

PRINTABLE = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
SECRETS = st.text(PRINTABLE | st.sampled_from("'\"&<>%@:/\\ +=;?#é ☃aZ09"), min_size=8, max_size=64)
# Ordinary words, punctuation and numbers occur in every output.
COMMON = re.compile(r"[\w .,:/()*-]*", re.A)
URI = "ssh://bob:%s@files.example/home/bob"
# Options that contain a secret, and the form of the value. Options that a module does not have are skipped.
OPTIONS = (
    (("passwd",), "%s"),
    (("db_pass",), "%s"),
    (("bkloc",), URI),
    (("websites", "path"), URI),
    (("websites", "custom"), {"_panel_password": "%s"}),
    (("path",), URI),
    (("migrate_from", "source_ftu"), URI),
)
# Members of a reply whose names mark secrets of the server.
NAMED = (("db-pass", "%s"), ("cf-passwd", "%s"), ("cf-cryptkey", "%s"), ("path", URI), ("bkloc", URI), ("file", URI), ("cf-remote", URI))
# Members that can repeat a known secret.
TEXTS = ("title", "message", "url", "owner", "cf-login", "cf-note", "status", "version", "label")


def strings(value):
    """Yield all strings in nested data, including keys."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from strings(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from strings(item)
    else:
        yield str(value)


def filled(template, secret):
    """Return a template with the secret inserted."""
    return {key: filled(item, secret) for key, item in template.items()} if isinstance(template, dict) else template % secret


def has_option(spec, path):
    """Return whether a module has an option."""
    options = spec.options
    for name in path:
        if name not in options:
            return False
        options = options[name].get("options") or {}
    return True


CASES = st.fixed_dictionaries(
    {
        "secret": SECRETS,
        "option": st.sampled_from(OPTIONS),
        "given": st.booleans(),
        "named": st.sampled_from(NAMED),
        "text": st.sampled_from(TEXTS),
        "envelope": st.sampled_from(["message", "errcode", "errfield"]),
        "result": st.booleans(),
        "spelling": st.sampled_from(sorted(SPELLINGS)),
        "form": st.sampled_from(sorted(FORMS)),
        "in_form": st.booleans(),
        "broken": st.sampled_from(["", "installs", "edit", "install", "tasks", "backups", "browser"]),
        "check_mode": st.booleans(),
    }
)


@pytest.mark.parametrize(
    "index", range(len(TARGETS)), ids=["%s-%d" % (target.module, index) for index, target in enumerate(TARGETS)]
)
def test_secret_masked(index, monkeypatch):
    target = TARGETS[index]
    standard = serve(monkeypatch, target)

    @settings(
        max_examples=EXAMPLES * 8 or 25,
        derandomize=not EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(CASES)
    def attempt(case):
        secret = case["secret"].strip()
        assume(len(secret) >= 8 and len(set(secret)) >= 4 and not COMMON.fullmatch(secret))
        path, template = case["option"]
        options, row = copy.deepcopy(standard), copy.deepcopy(ROW)
        knows = case["given"] and has_option(target.operation.spec, path)
        if knows:
            options = replaced(options, path, filled(template, secret))
        else:
            name, template = case["named"]
            row[name] = template % secret
        spelled = SPELLINGS[case["spelling"]](secret)
        row[case["text"]] = "It is %s there" % spelled
        # An unknown secret can be recognized only by the name in front of it.
        quoted = FORMS[case["form"]]("db-pass", secret) if case["in_form"] or not knows else spelled
        monkeypatch.setattr(OddServer, "row", row)
        monkeypatch.setattr(
            OddServer, "envelope", {case["envelope"]: "Error: no %s" % quoted, "result": case["result"], "task": None}
        )
        monkeypatch.setattr(OddServer, "broken", {case["broken"]})
        monkeypatch.setattr(OddServer, "text", quoted)
        params, messages = target.operation.spec.validate(options)
        assume(not messages)
        FIGURES["inputs"] += 1
        lines = []
        outcome = _operation.run(
            target.operation, params, case["check_mode"], True, lambda text, always=False: lines.append(text)
        )
        shown = list(strings([outcome.result, outcome.warnings, lines]))
        found = {name: spell(secret) for name, spell in SPELLINGS.items()}
        leaks = [(name, text) for name, form in found.items() for text in shown if form in text]
        assert leaks == [], secret

    attempt()
