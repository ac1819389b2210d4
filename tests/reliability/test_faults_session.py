# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults while itron_gui_session opens a session: the only scenario whose result is secret and new in each run."""

import re

import pytest
from fault_matrix import FAULTS, prepared_in, since
from fault_scenarios import Scenario
from in_process import InProcess

from ansible_collections.hostops.installatron.plugins.module_utils._gui_session import work as _gui_session

SCENARIO = Scenario("gui_session", _gui_session.OPERATION, lambda place: {})
# Faults of single requests. Faults of background tasks do not apply.
STRIKES = sorted(name for name, fault in FAULTS.items() if fault.members and not (fault.task or fault.lasting))


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """One sandbox for all tests of this file."""
    made = InProcess(tmp_path_factory.mktemp("in_process"))
    made.reset()
    yield made
    made.stop()


def opened(bench, number):
    """Return the number of sessions that the server opened since a request."""
    entries = bench.sandbox.control("GET", "/requests?since=%d" % number)
    return sum(entry["command"] == "guixfer" and entry["outcome"] == "ok" for entry in entries)


@pytest.mark.parametrize("name", STRIKES)
def test_session(bench, name, record_property):
    fault, place = FAULTS[name], prepared_in(bench.sandbox, SCENARIO)
    number = since(bench)
    bench.sandbox.control("POST", "/faults", dict(fault.members, nth=1))
    try:
        done = bench.run(SCENARIO.operation, {}, place, **fault.timing)
    finally:
        bench.sandbox.control("DELETE", "/faults")
    place.wait_until_quiet()
    record_property("figure: runs", 1)
    record_property("figure: faults injected", 1)
    assert opened(bench, number) <= 1
    assert done.failed or done.changed
    if done.failed:
        failure, message = done.result["failure"], done.result["msg"]
        assert failure["command"] == "guixfer" and message.startswith("guixfer: ")
        assert re.search(fault.cause, message)
        assert name == "refused" or (failure["hint"] and message.endswith(failure["hint"])), message
        # A request that was sent and cannot be verified counts as done; a refused request does not.
        assert done.changed or not opened(bench, number), message
    done = bench.run(SCENARIO.operation, {}, place)
    assert not done.failed and done.changed is True and done.result["session_id"]
