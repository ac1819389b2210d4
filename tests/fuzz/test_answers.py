# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Odd answers: members of the wrong type, values that no sample has; a clear error or a result, never a traceback."""

import copy
import json
import traceback

import pytest
from bounds import EXAMPLES, FIGURES
from hostile import TARGETS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.hostops.installatron.plugins.module_utils import _operation
from ansible_collections.hostops.installatron.plugins.module_utils._tasks import Waiting
from ansible_collections.hostops.installatron.plugins.module_utils._reply import Reply

ROW = {
    "id": "a" * 25,
    "installer": "wordpress",
    "version": "6.4.3",
    "owner": "fuzz",
    "url": "http://fuzz.example",
    "time": "1700000000",
    "path": "/x",
    "db-pass": "secret-of-db",
    "db-name": "f",
    "cf-login": "admin",
    "cf-cryptkey": "k",
    "title": "T",
    "autoup": "1",
    "bkloc": "local",
    "list-files": ["index.php"],
    "list-notification": ["update"],
    "list-plugins": {"a/a.php": {"Name": "A", "_ud": {"new_version": "2"}}},
    "cache-files": "1",
    "version-available": "6.5",
    "backup-install": "a" * 25,
    "backup-time": "1700000000",
    "cache-archive": "1",
    "status": "processing",
    "percentMin": "1",
    "cmd": "install",
    "message": "m",
    "parent": "admin",
    "type": "user",
    "suspended": False,
    "websites": [{"id": "w", "path": "/x", "vhosts": {"http://a.example": "x"}, "databases": []}],
}
APP = {
    "id": "wordpress",
    "appid": "wordpress",
    "version": "6.5",
    "name": "W",
    "requirements": {"diskspace": "40M"},
    "languages": ["en"],
    "fields": {"passwd": {"label": "l", "options": {"a": "b"}, "settable": True}},
    "images": [],
    "tags": ["a"],
}
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


class OddServer:
    """Stands in for HttpTransport: every command gets the same rows."""

    row, app, envelope = ROW, APP, {}

    def __init__(self, *arguments):
        self.timeout = 1

    def _reply(self, data):
        body = dict({"result": True, "status": 200, "message": "", "data": data}, **self.envelope)
        return Reply(json.dumps(body).encode(), 200)

    def post(self, payload, repeatable):
        """Answer a request of the first interface."""
        if payload["cmd"] == "browser":
            if "versions-available-from" in payload:
                return self._reply({"versions-available": ["6.5"], "versions-available-minor": []})
            return self._reply([self.app])
        if payload["cmd"] == "view":
            return self._reply(self.row)
        return self._reply([self.row])

    def get(self, resource):
        """Answer a request of the newer interface."""
        return self._reply(self.row if resource.count("/") > 1 else [self.row])


def mutated(sample):
    """Return a strategy for copies of a sample in which up to three members, or one inside of them, are odd."""

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
    monkeypatch.setattr(_operation, "HttpTransport", OddServer)
    # Modules without O(wait_timeout) would wait long for a task that the odd answer invents.
    monkeypatch.setattr(_operation, "Waiting", lambda *options: Waiting(True, 0.05, 0.01, 0.05))
    sample = {
        "row": ROW,
        "app": APP,
        "envelope": {"message": "m", "errcode": None, "task": {"id": "t"}, "data": [ROW], "session_id": "s"},
    }[part]
    options = dict(
        target.options(type("Nowhere", (), {"url": "http://127.0.0.1/server/v1", "key": "0123456789"})),
        wait_timeout=0.05,
        timeout=0.2,
    )
    options = {name: value for name, value in options.items() if name in target.operation.spec.options}
    params, messages = target.operation.spec.validate(options)
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
