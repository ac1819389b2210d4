# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions as filters: plain values in, complaints that name the filter out."""

from __future__ import annotations

import datetime
import re

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_filter, as_stages

STAGES = {"count": lambda value, more=0: len(value) + more, "same": lambda value: value}


@pytest.mark.parametrize("value, stage, facts, result", [
    ([1, 2], "count", {"more": 3}, 5),
    ((number for number in range(4)), "count", {}, 4),
    ({"from": datetime.date(2026, 2, 1)}, "same", {}, {"from": "2026-02-01"}),
])
def test_a_stage(value, stage, facts, result):
    assert as_stages("waves", STAGES)(value, stage, **facts) == result


@pytest.mark.parametrize("value, stage, facts, message", [
    ([], "other", {}, "waves: there is no stage other; there are count, same"),
    ([], "same", {"more": 1}, "waves: same: .*more"),
    (17, "count", {}, "waves: count: .*int"),
])
def test_a_wrong_stage_names_filter_and_stage(value, stage, facts, message):
    with pytest.raises(AnsibleFilterError, match=message):
        as_stages("waves", STAGES)(value, stage, **facts)


def test_a_filter_gets_plain_values_and_names_itself():
    def picked(sites, pattern):
        if not isinstance(sites, list):
            raise InputError("sites: a list is needed")
        return [site for site in sites if re.match(pattern, site)]

    made = as_filter(picked)
    assert made(("a", "b"), pattern="a") == ["a"]
    with pytest.raises(AnsibleFilterError, match="picked: sites: a list is needed"):
        made("a", "a")
    with pytest.raises(AnsibleFilterError, match=r"picked: '\[' is no regular expression"):
        made(["a"], "[")
