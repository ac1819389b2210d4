# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The health of a site, judged from its pages."""

from __future__ import annotations

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._health.judge import (
    judge,
    page,
    problems,
    regressions,
    unreachable,
)

PAGE = "<html><title>My\n blog &amp; more</title>Welcome</html>"


def seen(text=PAGE, status=200, seconds=0.5, keywords=("Welcome",)):
    """Return the record of a page."""
    return page("", status, seconds, text, keywords)


def test_page_members():
    kept = seen()
    assert kept["title"] == "My blog & more"
    assert kept["missing"] == []
    assert kept["trouble"] == []
    assert problems(kept) == []


@pytest.mark.parametrize(
    ("kept", "status", "expected"),
    [
        (seen(status=500), None, ["/: HTTP status 500"]),
        (seen(status=200), 401, ["/: HTTP status 200 instead of 401"]),
        (seen(status=401), 401, []),
        (seen("<title>x</title>"), None, ["/: the text 'Welcome' is missing"]),
        (seen("Welcome Fatal error: x"), None, ["/: the page contains 'Fatal error:'"]),
        (unreachable("shop/", 3, "no connection"), None, ["shop/: no connection"]),
    ],
)
def test_problems(kept, status, expected):
    assert problems(kept, status) == expected


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (seen(), []),
        (seen(seconds=2.4), []),
        (seen(seconds=2.6), ["/: 2.6 s, before 0.5 s"]),
        (seen(status=404), ["/: HTTP status 404, before 200"]),
        (seen("<title>Other</title>Welcome"), ["/: title 'Other', before 'My blog & more'"]),
        (unreachable("", 1, "no connection"), ["/: no connection"]),
    ],
)
def test_regressions(after, expected):
    assert regressions(seen(), after) == expected


def test_regressions_exclude_earlier_problems():
    slow = seen(PAGE + "SQLSTATE[", seconds=20, keywords=("gone",))
    assert regressions(slow, seen(PAGE + "SQLSTATE[", seconds=50, keywords=("gone",))) == []


def test_judge_with_and_without_baseline():
    bad = seen(status=500)
    assert judge([bad])["healthy"] is False
    assert judge([bad], baseline=judge([bad]))["healthy"] is True
    assert judge([bad], baseline=judge([seen()]))["healthy"] is False
