# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the integration tests."""

import pytest

# Each takes more than a minute, and one worker runs all tests of a file.
LONG = (
    "test_role_awx", "test_examples", "test_docs_examples", "test_second_host_scenarios", "test_interruption", "test_inventory",
    "test_installs", "test_benchmark",
)

pytest.register_assert_rewrite("harness", "scenarios", "reading", "test_examples")


def pytest_collection_modifyitems(items):
    """Run the longest files first, so that no worker ends up alone with one of them."""
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG) + (not item.path.stem.startswith("test_role_")))


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    """One sandbox for all tests of a file."""
    from harness import Sandbox

    program = Sandbox(tmp_path_factory.mktemp("sandbox"))
    yield program
    program.stop()


@pytest.fixture(scope="module")
def chosen(request):
    """A function that returns, by place, the scenarios in a list that the selected tests of the file use. One play runs all of them."""
    about = {"controller": [], "target": []}
    for item in request.session.items:
        if item.path == request.path and hasattr(item, "callspec"):
            compares = item.originalname.startswith("test_action_and_module")
            for place in about if compares else [item.callspec.params.get("place", "controller")]:
                about[place] += item.callspec.params.values()
    return lambda scenarios: {place: [scenario for scenario in scenarios if scenario in values] for place, values in about.items()}


@pytest.fixture(scope="module")
def second(sandbox, tmp_path_factory):
    """The second host of a file. Skips the test if this machine cannot run one."""
    from second_host import SecondHost, missing_requirement

    reason = missing_requirement()
    if reason:
        pytest.skip(reason)
    return SecondHost(tmp_path_factory.mktemp("host"), sandbox)
