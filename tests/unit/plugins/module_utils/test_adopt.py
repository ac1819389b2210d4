# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Descriptions: options that reproduce the rows of the server without a difference and contain no secret."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.hostops.installatron.plugins.module_utils._adopt.describe import (
    DEFAULT_FIELDS,
    FIELDS,
    HIDDEN,
    REFUSED,
    SECRET,
    Catalog,
    describe_account,
    describe_sites,
)
from ansible_collections.hostops.installatron.plugins.module_utils._install.plan import differences
from ansible_collections.hostops.installatron.plugins.module_utils._install.work import desired_install
from ansible_collections.hostops.installatron.plugins.module_utils._installs.items import site_params
from ansible_collections.hostops.installatron.plugins.module_utils._redaction.redact import Redactor, collect
from ansible_collections.hostops.installatron.plugins.module_utils._user.plan import DesiredUser, user_differences
from ansible_collections.hostops.installatron.plugins.module_utils._wire.header import header

CATALOG = Catalog({"wordpress": {"color": {"options": {"red": "Red", "blue": "Blue"}}, "size": {}, "fixed": {"settable": False},
                                 "api_password": {}, "pin": {"type": "password"}}}, frozenset(FIELDS))
ROW = {"id": "1", "url": "https://a.example/blog", "owner": "alice", "installer": "wordpress", "version": "6.4.2"}


def described(*rows, catalog=CATALOG):
    """Return the Descriptions of rows, with a Redactor that knows the secrets of the rows."""
    return describe_sites(rows, catalog, Redactor(collect(list(rows))).value)


# Deterministic: the same examples in every run, without a deadline.
DETERMINISTIC = settings(derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
TEXTS = st.one_of(st.none(), st.text(max_size=12), st.sampled_from(["", "yes", "0", "1", "2", "custom", "weekly", "local", "{{ x }}", "ftp://a:b@c.example/d"]))
ROWS = st.fixed_dictionaries({
    "id": st.integers(0, 3).map(str), "url": st.sampled_from(["https://a.example", "http://A.example/", "https://b.example/x", "no url"]),
    "installer": st.sampled_from(["wordpress", "joomla"]), "owner": st.sampled_from(["alice", "", None, "no/name"])}, optional={
    **dict.fromkeys((
        "version", "language", "autobk", "bkloc", "cf-login", "cf-email", "cf-sitetitle", "cf-sitetagline", "title", "db-host", "db-name", "db-user", "db-pass",
        "db-prefix", "cf-color", "cf-size", "cf-api_password", "autobk-daily", "autobk-weekly"), TEXTS),
    "autoup": st.sampled_from(["0", "1", "2", "7", 1, None]), "autoup-backup": st.sampled_from(["1", "0", None, "x"]),
    "list-notification": st.lists(st.sampled_from(["update", "clone", "news"]), max_size=3)})


@DETERMINISTIC
@given(st.lists(ROWS, max_size=5))
def test_describe_sites_without_difference(rows):
    found = described(*rows)
    assert len(found) == len(rows)
    rows = {(str(row["id"]), json.dumps(row, sort_keys=True)): row for row in rows}
    for site in found:
        desired = desired_install(site_params({name: value for name, value in site.options.items() if name != "version"}))
        header({"user": site.options.get("user")})
        assert any(differences(desired, row)[0] == [] for (id, _text), row in rows.items() if id == site.id)


def test_describe_sites_options_and_left_out():
    row = dict(ROW, autoup="1", language="en", autobk="custom", bkloc="ftp://keeper:canary@far.example/x", **{
        "autobk-daily": 2, "db-name": "blog", "db-pass": "canary-of-the-database", "cf-sitetitle": "Blog", "cf-color": "red", "cf-size": "8",
        "cf-fixed": "x", "cf-api_password": "canary", "cf-pin": "1234", "cf-unknown": "x"})
    site, = described(row, catalog=CATALOG._replace(names=frozenset(DEFAULT_FIELDS)))
    assert site.options == {
        "url": "https://a.example/blog", "user": "alice", "application": "wordpress", "language": "en", "autoup": "minor", "autobk": "custom",
        "autobk_daily": 2, "sitetitle": "Blog", "db_name": "blog", "settings": {"color": "red", "size": "8"}}
    assert site.left_out == {"autoup_backup": HIDDEN, "autobk_weekly": HIDDEN, "autobk_monthly": HIDDEN, "bkloc": SECRET, "passwd": HIDDEN, "db_pass": SECRET,
                             "settings.api_password": SECRET, "settings.pin": SECRET}


@pytest.mark.parametrize(("more", "option", "reason"), [
    ({"autoup": "7"}, "autoup", REFUSED),
    ({"list-notification": ["news"]}, "notification", REFUSED),
    ({"bkloc": "somewhere"}, "bkloc", REFUSED),
    ({"owner": "no/name"}, "user", REFUSED),
    ({"cf-sitetitle": "\ud800"}, "sitetitle", REFUSED),
    ({"cf-sitetitle": "the secret canary-of-the-database", "db-pass": "canary-of-the-database"}, "sitetitle", SECRET),
])
def test_describe_sites_values_left_out(more, option, reason):
    site, = described(dict(ROW, **more))
    assert option not in site.options and site.left_out[option] == reason


def test_describe_sites_same_url_by_id():
    first, second = described(ROW, dict(ROW, id="2", url="http://a.example/blog/"))
    assert [dict(site.options, version=None) for site in (second, first)] == [
        {"id": id, "user": "alice", "application": "wordpress", "version": None} for id in ("1", "2")]


WEBSITE = {"id": "ws1", "path": "/home/alice", "vhosts": {"https://a.example": "www"}, "uid": "1001", "suspended": "no", "label": None, "parent": "boss"}
ACCOUNT = {"id": "alice", "type": "user", "locale": "en", "email": "", "parent": "boss", "suspended": False, "websites": [WEBSITE]}


def test_describe_account_without_difference():
    account = describe_account(ACCOUNT, lambda value: value)
    assert account.options == {"type": "user", "language": "en", "reseller": "boss", "suspended": False, "websites": [
        {"id": "ws1", "path": "/home/alice", "vhosts": {"https://a.example": "www"}, "uid": 1001, "suspended": False}]}
    websites = header({"websites": account.options.pop("websites")})["websites"]
    desired = DesiredUser("present", "alice", account.options, websites, False, "with_changes")
    assert user_differences(desired, ACCOUNT)[:2] == ([], [])


@pytest.mark.parametrize(("more", "where"), [
    ({"path": "ftp://web:canary@files.example/home"}, "path of ws1"),
    ({"databases": [{"name": "d", "user": "d", "pass": "canary"}]}, "databases of ws1"),
    ({"_panel_password": "canary"}, "_panel_password of ws1"),
])
def test_describe_account_websites_with_secrets_left_out(more, where):
    account = describe_account(dict(ACCOUNT, websites=[dict(WEBSITE, id="ws0"), dict(WEBSITE, **more)]), lambda value: value)
    assert "websites" not in account.options and account.left_out["websites"] == "%s: %s" % (SECRET, where)
    assert [website["id"] for website in account.incomplete["websites"]] == ["ws0", "ws1"] and "canary" not in str(account.incomplete)
