# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sites of one task share: how it treats the garbage collector."""

from __future__ import annotations

import gc

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._fleet.snapshot import collector_paused


@pytest.fixture(params=[True, False])
def enabled(request):
    """The collector as it is before the work, on or off."""
    before = gc.isenabled()
    (gc.enable if request.param else gc.disable)()
    yield request.param
    (gc.enable if before else gc.disable)()


def test_the_collector_rests_and_is_then_as_before(enabled):
    with collector_paused():
        assert not gc.isenabled()
    assert gc.isenabled() is enabled


def test_the_collector_is_as_before_when_the_work_fails(enabled):
    with pytest.raises(ValueError, match="work"), collector_paused():
        raise ValueError("work")
    assert gc.isenabled() is enabled
