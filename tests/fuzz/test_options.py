# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile values for every option of every module cause a clear error that names the option, or documented behavior."""

import json
import random
import re
import traceback

import pytest
from bounds import EXAMPLES, FIGURES
from hostile import LONG, OTHERS, TARGETS, TEXTS, replaced

from ansible_collections.hostops.installatron.plugins.module_utils._core.operation import run

# Options that all modules share. The bounded run tests them with the first module only.
SHARED = {
    "api_url",
    "api_key",
    "validate_certs",
    "ca_path",
    "client_cert",
    "client_key",
    "timeout",
    "retries",
    "transport",
    "cli_path",
    "run_on",
    "user",
    "reseller",
    "websites",
    "wait",
    "wait_timeout",
    "poll_interval",
}
# Values for each option in the bounded run, which are always the same.
SAMPLE = 7
# Maximum length of a message: a value of 100,000 characters must not flood the screen.
LONGEST = 4100


def cases(index, target):
    """Return the (path, value) pairs to try with a target."""
    chooser = random.Random(index)
    found = []
    for path in target.names():
        if path[0] in SHARED and index and not EXAMPLES:
            continue
        values = list(TEXTS + OTHERS)
        found += [(path, value) for value in chooser.sample(values, min(len(values), max(SAMPLE, EXAMPLES // 8)))]
    return found


def complaint(target, options, path, value):
    """Run the module with the options; return a description of wrong behavior, or None."""
    try:
        params, messages = target.operation.spec.validate(options)
        if messages:
            return None if path[-1] in " ".join(messages) else "unnamed: %s" % messages
        outcome = run(target.operation, params)
        json.dumps(outcome.result)
    except Exception:  # pylint: disable=broad-except # any exception is a finding
        return "traceback: " + traceback.format_exc()
    if not outcome.result.get("failed"):
        return None
    message, failure = outcome.result["msg"], outcome.result["failure"]
    if len(message) > LONGEST or "\n" in message:
        return "unnamed: a message of %d characters: %s" % (len(message), message[:300])
    names = set(path) | {name for (name, *_rest) in target.names()}
    if failure["command"] or any(name in message for name in names):
        return None
    return "unnamed: %s" % message[:300]


def against_specification(entry):
    """Return the violations of the specification by a request that reached the sandbox, or None."""
    # Only the server can decide whether these members can be omitted: it might create databases or know the websites.
    left_out = re.compile("is a dependency of 'db_|'websites' is a required property")
    errors = [text for text in entry["schema_errors"] if not left_out.search(text)]
    if not entry["undocumented"] and not errors and entry["outcome"] != "error":
        return None
    return "%s: %s %s %s" % (entry["command"], entry["undocumented"], errors, str(entry["arguments"])[:400])


@pytest.mark.parametrize(
    "index", range(len(TARGETS)), ids=["%s-%d" % (target.module, index) for index, target in enumerate(TARGETS)]
)
def test_option(index, sandbox, tmp_path, monkeypatch):
    # Some options name files that the module writes.
    monkeypatch.chdir(tmp_path)
    target, problems = TARGETS[index], []
    sandbox.reset()
    tried = cases(index, target)
    for path, value in tried:
        problem = complaint(target, replaced(target.options(sandbox), path, value), path, value)
        if problem:
            shown = "LONG" if value == LONG else repr(value)[:100]
            problems.append("%s = %s: %s" % (".".join(path), shown, problem))
    wrong = [text for text in map(against_specification, sandbox.control("GET", "/requests")) if text]
    FIGURES["inputs"] += len(tried)
    FIGURES["tracebacks"] += sum("traceback: " in problem for problem in problems)
    FIGURES["unnamed"] += sum("unnamed: " in problem for problem in problems)
    FIGURES["undocumented"] += len(wrong)
    complaints = problems + sorted(set(wrong))
    assert complaints == [], "\n".join(complaints)
