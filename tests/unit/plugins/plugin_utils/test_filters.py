# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions as filters: they receive plain values, and their errors name the filter."""

from __future__ import annotations

import re

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter


def test_as_filter_converts_values_and_errors():
    def picked(sites, pattern):
        if not isinstance(sites, list):
            raise InputError("sites: a list is needed")
        return [site for site in sites if re.match(pattern, site)]

    made = as_filter(picked)
    assert made(("a", "b"), pattern="a") == ["a"]
    with pytest.raises(AnsibleFilterError, match="picked: sites: a list is needed"):
        made("a", "a")
    with pytest.raises(AnsibleFilterError, match=r"picked: '\[' is not a regular expression"):
        made(["a"], "[")
