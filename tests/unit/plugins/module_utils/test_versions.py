# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of version numbers."""

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._base.versions import newest, version_key

ASCENDING = [
    ["4.9", "4.10", "4.10.1", "5"],
    ["5.0-dev", "5.0-alpha1", "5.0-beta1", "5.0-beta2", "5.0-rc1", "5.0-rc2", "5.0", "5.0.1"],
    ["2.4.6", "2.4.6-p1", "2.4.6-p3", "2.4.6-p10", "2.4.7"],
    ["6.4.3", "6.4.4", "6.5", "6.5.4", "6.10"],
]


@pytest.mark.parametrize("versions", ASCENDING)
def test_order(versions):
    turned = versions[1:] + versions[:1]
    assert sorted(turned, key=version_key) == versions
    assert len({version_key(version) for version in versions}) == len(versions)


@pytest.mark.parametrize(("one", "other"), [("4.9", "4.9.0"), ("5", "5.0.0"), ("5.0-rc1", "5-RC1"), ("v6.1", "v6.1.0")])
def test_order_equal(one, other):
    assert version_key(one) == version_key(other)


def test_newest():
    assert newest(["6.4.10", "6.4.9", "6.3.99"]) == "6.4.10"
    assert newest([]) is None
