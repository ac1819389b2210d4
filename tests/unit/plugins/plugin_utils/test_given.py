# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables that are given as texts."""

from __future__ import annotations

import pytest

from ansible_collections.hostops.installatron.plugins.plugin_utils._given import listed, truth


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, []), ([], []), (["a,b", 1], ["a,b", 1]), ("", []), ("a", ["a"]), ("a, b,", ["a", "b"]), (5, ["5"]), ("50%", ["50%"])],
)
def test_lists(value, expected):
    assert listed(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, True), (False, False), (None, False), ("", False), ("True", True), ("no", False), ("off", False), (" Yes ", True), (0, False),
     ("0", False), (1, True)],
)
def test_truth(value, expected):
    assert truth(value) is expected


@pytest.mark.parametrize("value", ["maybe", "2", [], "{{ yes }}"])
def test_what_is_neither_yes_nor_no_is_refused(value):
    with pytest.raises(ValueError, match="neither yes nor no"):
        truth(value)
