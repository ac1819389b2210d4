# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Odd answers, with members of the wrong type or unusual values, cause a clear error or a result, never a traceback."""

import copy
import json
import traceback

import pytest
from answers import APP, ROW, OddServer, serve
from bounds import EXAMPLES, FIGURES
from hostile import TARGETS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.hostops.installatron.plugins.module_utils._core import operation as _operation

ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["{{ 7 * 191 }}", "1e999", "-1", "http://[", "9" * 400, "\u0000", "ftp://u:p@h"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8) | st.sampled_from(sorted(ROW)), inner, max_size=3)
    ),
    max_leaves=6,
)


def mutated(sample):
    """Return a strategy for copies of a sample with up to three odd members or nested members."""

    def build(changes):
        made = copy.deepcopy(sample)
        for name, value, whole in changes:
            inner = made.get(name)
            if isinstance(inner, dict) and inner and not whole:
                inner[sorted(inner)[0]] = value
            elif isinstance(inner, list) and inner and not whole:
                inner[0] = value
            else:
                made[name] = value
        return made

    changes = st.tuples(st.sampled_from(sorted(sample)), ODD, st.booleans())
    return st.lists(changes, min_size=1, max_size=3).map(build)


@pytest.mark.parametrize(
    "index", range(len(TARGETS)), ids=["%s-%d" % (target.module, index) for index, target in enumerate(TARGETS)]
)
@pytest.mark.parametrize("part", ["row", "app", "envelope"])
def test_odd_answers(index, part, monkeypatch):
    target = TARGETS[index]
    sample = {
        "row": ROW,
        "app": APP,
        "envelope": {"message": "m", "errcode": None, "task": {"id": "t"}, "data": [ROW], "session_id": "s"},
    }[part]
    params, messages = target.operation.spec.validate(serve(monkeypatch, target))
    assert messages == []

    @settings(
        max_examples=EXAMPLES or 15,
        derandomize=not EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(mutated(sample))
    def attempt(value):
        FIGURES["inputs"] += 1
        OddServer.row, OddServer.app, OddServer.envelope = (
            value if part == name else standard for name, standard in (("row", ROW), ("app", APP), ("envelope", {}))
        )
        for check_mode in (True, False):
            try:
                outcome = _operation.run(target.operation, copy.deepcopy(params), check_mode, diff=True)
                json.dumps(outcome.result)
            except Exception:
                FIGURES["tracebacks"] += 1
                raise AssertionError("%s: %s\n%s" % (target.module, value, traceback.format_exc())) from None
            assert "secret-of-db" not in json.dumps(outcome.result)
            assert not outcome.result.get("failed") or outcome.result["msg"]

    attempt()
