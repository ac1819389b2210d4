# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restore drills without a server: what is refused before anything is sent, and which drills must not overlap."""

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.module_utils._drill.options import (
    DRILL,
    check_options,
    lanes,
    refuse_used_databases,
)


def site(drill_url, **more):
    """Return the options of one site."""
    return dict({"url": "https://shop.example", "drill_url": drill_url}, **more)


def checked(*sites, **more):
    """Check the options of a task."""
    params, messages = DRILL.validate(dict({"api_url": "https://h", "api_key": "k" * 12, "sites": list(sites)}, **more))
    assert messages == []
    check_options(params)


@pytest.mark.parametrize(("sites", "more", "message"), [
    (["https://copy.example"], {}, "sites[0].drill_url: https://copy.example does not match pattern"),
    (["https://drill.example", "https://drills.example"], {}, "sites[1].drill_url"),
    (["drill.example"], {}, "sites[0].drill_url: 'drill.example' is no http:// or https:// URL"),
    (["http://SHOP.example:80/"], {"pattern": "."}, "sites[0].drill_url: http://SHOP.example:80/ is one of the sites"),
    ([], {"pattern": "("}, "pattern: '(' is no regular expression"),
    ([], {"max_parallel": 0}, "max_parallel: must be from 1 to 64"),
    ([], {"health": {"attempts": 0}}, "health.attempts: must be 1 or more"),
])
def test_options_refused(sites, more, message):
    with pytest.raises(InputError) as caught:
        checked(*map(site, sites), **more)
    assert message in caught.value.text()


@pytest.mark.parametrize("url", ["https://drill.example", "https://x.example/test2", "https://a-restore.example"])
def test_drill_url_accepted(url):
    checked(site(url))


SHOP = {"url": "https://shop.example", "db-host": "localhost", "db-name": "shop", "db-prefix": "wp_"}


@pytest.mark.parametrize(("database", "refused"), [
    ({"db_name": "shop"}, True),
    ({"db_name": "shop", "db_host": "127.0.0.1", "db_prefix": "wp_"}, True),
    ({"db_name": "shop", "db_prefix": "wp_drill_"}, True),
    ({"db_name": "shop", "db_prefix": "w"}, True),
    ({"db_name": "shop", "db_prefix": "drill_"}, False),
    ({"db_name": "shop", "db_host": "db2.example"}, False),
    ({"db_name": "drill"}, False),
    ({}, False),
])
def test_database_of_a_site_refused(database, refused):
    drill = site("https://drill.example", **database)
    if not refused:
        refuse_used_databases([drill], [SHOP])
        return
    with pytest.raises(InputError) as caught:
        refuse_used_databases([drill], [SHOP])
    assert "sites[0].db_name: the database shop is that of https://shop.example" in caught.value.text()


def test_database_of_what_is_left_at_the_drill_url():
    refuse_used_databases([site("http://drill.example", db_name="shop")], [dict(SHOP, url="https://drill.example")])


@pytest.mark.parametrize(("sites", "expected"), [
    ([("http://a", None), ("http://b", None)], ["a", "b"]),
    ([("http://a", None), ("https://a/", None)], ["aa"]),
    ([("http://a/x", None), ("http://b", None), ("http://a", None)], ["aa", "b"]),
    ([("http://a/x", None), ("http://a/xy", None)], ["a", "a"]),
    ([("http://a", "d"), ("http://b", "e"), ("http://c", "d")], ["ac", "b"]),
    ([("http://a", "d"), ("http://b", "e"), ("http://a/z", "e")], ["aba"]),
])
def test_lanes(sites, expected):
    found = lanes([site(url, **({"db_name": name} if name else {})) for url, name in sites])
    assert ["".join(entry["drill_url"].partition("://")[2][0] for entry in lane) for lane in found] == expected
