# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that crash the validation of ansible-core cause errors that name the option."""

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._core.argspec import ArgumentSpec

SPEC = ArgumentSpec({
    "count": {"type": "int"},
    "seconds": {"type": "float"},
    "table": {"type": "dict", "options": {"count": {"type": "int"}, "word": {"type": "str"}}},
    "tables": {"type": "list", "elements": "dict", "options": {"count": {"type": "int"}}},
})


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"count": float("inf")}, "count"),
        ({"count": "-inf"}, "count"),
        ({"count": float("nan")}, "count"),
        ({"seconds": 10**400}, "seconds"),
        ({"seconds": "inf"}, "seconds"),
        ({"seconds": "nan"}, "seconds"),
        ({"table": 5}, "table"),
        ({"table": ["x", 1]}, "table"),
        ({"table": {"count": "inf"}}, "table.count"),
        ({"tables": [5]}, "tables"),
        ({"tables": [{}, {"count": float("inf")}]}, "tables[1].count"),
    ],
)
def test_validation_error_names_option(values, name):
    messages = SPEC.validate(values)[1]
    assert len(messages) == 1
    assert "'%s'" % name in messages[0]


def test_validation_error_without_secrets():
    spec = ArgumentSpec({"key": {"type": "dict", "no_log": True, "options": {"a": {"type": "str"}}}})
    assert "canary" not in "".join(spec.validate({"key": ["canary"]})[1])


@pytest.mark.parametrize("values", [
    {"count": "3", "seconds": "1.5"}, {"table": {"count": 3}}, {"table": "word=x"}, {"tables": [{"count": "3"}]},
    {"count": None, "table": None, "tables": None}])
def test_validation_accepts_convertible_values(values):
    assert SPEC.validate(values)[1] == []
