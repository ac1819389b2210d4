# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cyclic garbage collector is paused while many sites are loaded and planned."""

from __future__ import annotations

import gc

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._fleet.snapshot import collector_paused


@pytest.fixture(params=[True, False])
def enabled(request):
    """The state of the collector before the work: enabled or disabled."""
    before = gc.isenabled()
    (gc.enable if request.param else gc.disable)()
    yield request.param
    (gc.enable if before else gc.disable)()


def test_collector_paused_and_restored(enabled):
    with collector_paused():
        assert not gc.isenabled()
    assert gc.isenabled() is enabled


def test_collector_restored_after_error(enabled):
    with pytest.raises(ValueError, match="work"), collector_paused():
        raise ValueError("work")
    assert gc.isenabled() is enabled
