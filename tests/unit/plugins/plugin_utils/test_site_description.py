# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A site description is split by module without loss, and contradictions are refused."""

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.plugin_utils._site_description import site_parts

HOME = {"id": "one", "path": "/home/one", "vhosts": {"http://one.example": "www"}}


def test_parts_by_module():
    parts = site_parts([{
        "url": "http://ONE.example/", "user": "alice", "websites": [HOME], "application": "wordpress",
        "account": {"email": "a@one.example", "type": None},
        "backup": {"max_age": "24h", "keep": 3, "location": "ftp://b@far.example/x", "daily": 2, "expiry": None},
    }])
    assert parts["accounts"] == {"alice": {"user": "alice", "email": "a@one.example", "websites": [HOME]}}
    assert parts["installs"] == [{
        "url": "http://ONE.example/", "user": "alice", "websites": [HOME], "application": "wordpress",
        "bkloc": "ftp://b@far.example/x", "autobk_daily": 2, "autobk": "custom"}]
    assert parts["backups"] == {"http://one.example": {
        "user": "alice", "websites": [HOME], "max_age": "24h", "keep": 3, "daily": 2,
        "location": "ftp://b@far.example/x", "install": "http://one.example"}}


def test_account_only_if_described():
    assert site_parts([{"url": "http://one.example", "user": "alice", "websites": [HOME]}])["accounts"] == {}


def test_websites_collected_from_all_sites():
    two = dict(HOME, id="two")
    parts = site_parts([
        {"url": "http://a.example", "user": "alice", "websites": [HOME, two]},
        {"url": "http://b.example", "user": "alice", "websites": [two], "account": {}, "reseller": "boss"},
        {"url": "http://c.example", "user": "bob", "websites": [dict(HOME, id="three")]}])
    assert parts["accounts"] == {"alice": {"user": "alice", "reseller": "boss", "websites": [HOME, two]}}


def test_websites_in_complete_items():
    other = dict(HOME, id="other")
    sites = [{"url": "http://a.example", "user": "alice", "websites": [HOME], "account": {}},
             {"url": "http://b.example", "user": "alice"},
             {"url": "http://c.example", "user": "alice", "websites": [other]},
             {"url": "http://d.example", "user": "bob"}]
    found = [item.get("websites") for item in site_parts(sites, complete=True)["installs"]]
    assert found == [[HOME], [HOME, other], [other], None]
    assert [item.get("websites") for item in site_parts(sites)["installs"]] == [[HOME], None, [other], None]


def test_account_without_websites():
    assert site_parts([{"url": "http://a.example", "user": "alice", "account": {}}])["accounts"] == {
        "alice": {"user": "alice"}}


def test_defaults_merged_and_null_ignored():
    parts = site_parts(
        [{"url": "http://a.example", "settings": {"b": 2}, "backup": {"keep": 9}, "autoup": None}],
        {"settings": {"a": 1}, "backup": {"max_age": "1d", "keep": 2}, "autoup": "minor", "application": "joomla"})
    assert parts["installs"] == [{"url": "http://a.example", "settings": {"a": 1, "b": 2}, "application": "joomla"}]
    assert parts["backups"]["http://a.example"] == {"max_age": "1d", "keep": 9, "install": "http://a.example"}


@pytest.mark.parametrize("state", ["absent", "detached"])
def test_backup_policy_omitted_for_removal(state):
    parts = site_parts([{"id": "x1", "state": state, "backup": {"keep": 1, "location": "local"}}])
    assert parts["backups"] == {} and parts["installs"] == [{"id": "x1", "state": state}]


@pytest.mark.parametrize(("sites", "message"), [
    ({}, "the sites are not a list"),
    (["x"], "site 1 is not a dictionary"),
    ([{"user": "alice"}], "site 1 has neither url nor id"),
    ([{"url": "http://a.example", "backup": {"age": "1d"}}], "site 1 (http://a.example): unknown member of backup: age"),
    ([{"url": "http://a.example", "backup": "1d"}], "site 1 (http://a.example): backup is not a dictionary"),
    ([{"url": "http://a.example", "account": {"name": "x"}}], "site 1 (http://a.example): unknown member of account: name"),
    ([{"url": "http://a.example", "account": {}}], "site 1 (http://a.example): account requires user"),
    ([{"url": "http://a.example", "user": "u", "account": {"email": "a"}},
      {"url": "http://b.example", "user": "u", "account": {"email": "b"}}],
     "site 2 (http://b.example): account.email of u differs"),
    ([{"url": "http://a.example", "user": "u", "account": {}, "websites": [HOME, dict(HOME, path="/other")]}],
     "account u: two different websites have the id one"),
])
def test_description_refused(sites, message):
    with pytest.raises(InputError) as caught:
        site_parts(sites)
    assert message in caught.value.text()
