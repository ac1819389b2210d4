# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a value beyond its type."""

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._base.narrow import known


@pytest.mark.parametrize("value", ["http://a.example", "", 0, {}])
def test_a_value_is_returned_as_it_is(value):
    assert known(value) is value


def test_none_is_a_mistake():
    with pytest.raises(AssertionError, match="has to be known"):
        known(None)
