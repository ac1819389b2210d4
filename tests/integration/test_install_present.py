# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_install: a site comes to be, and is found unchanged."""

import pytest
from harness import PLACES, site
from scenarios import Scenario, assert_scenario, play_scenarios

CREATION = ["installs", "installs", "install", "installs"]


def installed(version, **fields):
    """Return a verification: the sandbox holds the site with these values."""
    def verify(record, host):
        row = record.install_at(host)
        assert row["version"] == version
        assert row["installer"] == record.result["install"]["application"]
        assert {name: row["record"].get(name) for name in fields} == fields
        assert record.result["install"]["id"] == row["id"]
        assert record.result["install"]["version"] == version
        assert [step["outcome"] for step in record.result["steps"]] == ["done"]
    return verify


SCENARIOS = [
    Scenario("plain", site, CREATION, verify=installed("6.5.5")),
    Scenario("exact", lambda host: site(host, version="6.4.3", sitetitle="Exact", language="de", login="boss",
                                        passwd="pw-of-the-boss", email="boss@example.com", autoup="minor"),
             CREATION, verify=installed("6.4.3", **{"cf-sitetitle": "Exact", "cf-login": "boss",
                                                    "cf-email": "boss@example.com", "language": "de", "autoup": "1"})),
]


@pytest.fixture(scope="module")
def runs(sandbox, tmp_path_factory):
    """All scenarios of this file, played by action and by module."""
    return play_scenarios(SCENARIOS, sandbox, tmp_path_factory.mktemp("present"))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario(scenario, place, runs):
    assert_scenario(scenario, runs[place])
