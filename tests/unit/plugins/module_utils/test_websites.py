# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Websites: matching, differences, and servers that hide passwords."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.module_utils._user.websites import check_websites, compare_websites

ONE = {"id": "one", "label": "one.example", "path": "/home/one", "vhosts": {"http://one.example": "www"}}
TWO = {"id": "two", "path": "ftp://web:pass-word@files.example/two", "vhosts": {"https://two.example": "shop"}}


def found(*websites):
    """Return websites as v2 returns them, with the member parent."""
    return [dict(website, parent="admin") for website in websites]


def differing(wanted, have):
    """Return {name: (before, after)} for the websites that differ."""
    return {item.name: (item.before, item.after) for item in compare_websites(wanted, have)[0]}


@given(st.permutations([ONE, TWO, dict(ONE, id="three"), {"path": "/home/four", "vhosts": {}}]))
def test_order_ignored(websites):
    assert compare_websites(websites, found(ONE, TWO, dict(ONE, id="three"), {"path": "/home/four", "vhosts": []})) == (
        [],
        False,
    )


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"vhosts": {"HTTP://One.Example:80/": "/www/"}}, True),
        ({"vhosts": {"http://one.example": "other"}}, False),
        ({"vhosts": {"http://one.example": "www", "http://two.example": "www"}}, False),
        ({"vhosts": {}}, False),
        ({"path": "/home/one/"}, True),
        ({"path": "/home/two"}, False),
        ({"uid": 1001}, True),
        ({"uid": 1002}, False),
        ({"suspended": "yes"}, True),
        ({"suspended": "no"}, False),
        ({"email": ""}, True),
        ({"email": "x@example.com"}, False),
        ({"_plan": {"b": 1, "a": 2}}, True),
        ({"_plan": {"a": 2}}, False),
        ({"_plan": "gold"}, False),
        ({"label": "another"}, False),
        ({"_db_password": "secret-value"}, True),
        ({"_db_password": "another-value"}, False),
    ],
)
def test_members_compared(change, same):
    have = found(dict(ONE, uid="1001", suspended=True, _plan={"a": 2, "b": 1}, _db_password="secret-value"))
    assert (differing([dict(ONE, **change)], have) == {}) is same


def test_members_not_given_ignored():
    assert differing([{"id": "one"}], found(dict(ONE, server="web1", email="a@b.example"))) == {}


def test_members_differing_shown():
    assert differing([dict(ONE, vhosts={"HTTP://New.example:80/": "/www/"}, uid="7", email=" x ")], found(ONE)) == {
        "one": ({"vhosts": {"http://one.example": "www"}, "uid": None, "email": None},
                {"vhosts": {"http://new.example": "www"}, "uid": 7, "email": " x "})
    }


def test_websites_added_and_removed():
    assert differing([TWO], found(ONE)) == {
        "two": (
            None,
            {"id": "two", "path": "ftp://web:********@files.example/two", "vhosts": {"https://two.example": "shop"}},
        ),
        "one": (ONE, None),
    }
    assert differing([], found(ONE)) == {"one": (ONE, None)}


@pytest.mark.parametrize(
    ("want", "have", "differences"),
    [
        # If v2 returns no ids, the path and the label identify a website.
        (ONE, {key: value for key, value in ONE.items() if key != "id"}, 0),
        (dict(ONE, email="x"), {key: value for key, value in ONE.items() if key != "id"}, 1),
        ({key: value for key, value in ONE.items() if key != "id"}, ONE, 0),
        ({"path": "/home/one", "vhosts": ONE["vhosts"]}, ONE, 0),
        ({"path": "/home/one", "vhosts": {}}, ONE, 1),
        # One website is added and one is removed.
        (dict(ONE, id=None, label="other"), ONE, 2),
        (dict(ONE, id=None, path="/home/other"), ONE, 2),
        # Websites with different ids are different, even if all other members are the same.
        (dict(ONE, id="another"), ONE, 2),
    ],
)
def test_matching_by_id_path_and_label(want, have, differences):
    wanted = {key: value for key, value in want.items() if value is not None}
    assert len(differing([wanted], found(have))) == differences


def test_matching_without_id_by_domains():
    first, second = (
        {"path": "/home", "vhosts": {"http://a.example": "a"}},
        {"path": "/home", "vhosts": {"http://b.example": "b"}},
    )
    assert differing([second, first], found(first, second)) == {}


@pytest.mark.parametrize(
    ("want", "have", "same", "hidden"),
    [
        ("ftp://web:p%40ss@h.example/x", "ftp://web:p@ss@h.example/x", True, False),
        ("ftp://web:p%61ss@H.example/x", "ftp://web:pass@h.example/x/", True, False),
        ("ftp://web:new@h.example/x", "ftp://web:old@h.example/x", False, False),
        ("ftp://web:new@h.example/x", "ftp://web:********@h.example/x", True, True),
        ("ftp://web:new@h.example/x", "ftp://web@h.example/x", True, True),
        ("ftp://web:new@h.example/x", "ftp://h.example/x", True, True),
        ("ftp://web:new@h.example/x", "ftp://other@h.example/x", False, False),
        ("ftp://web:new@h.example/x", "ftp://h.example/y", False, False),
        ("ftp://web@h.example/x", "ftp://web:old@h.example/x", False, False),
        ("/home/x", "ftp://h.example/x", False, False),
    ],
)
def test_path_credentials_compared(want, have, same, hidden):
    differences, unseen = compare_websites([{"id": "a", "path": want}], [{"id": "a", "path": have}])
    assert (differences == [], unseen) == (same, hidden)
    assert not [word for word in ("new", "old", "p%40ss") if ":%s@" % word in json.dumps(differences)]


def test_path_credentials_shown_by_server():
    wanted = [{"id": "a", "path": "ftp://web:new@h.example"}, TWO]
    assert differing(wanted, found({"id": "a", "path": "ftp://web@h.example"}, TWO)) == {
        "a": ({"path": "ftp://web@h.example"}, {"path": "ftp://web:********@h.example"})
    }


def test_path_password_changed_marked():
    after = differing(
        [dict(TWO, path="ftp://web:another@files.example/two", _pass="x-new")], found(dict(TWO, _pass="x-old"))
    )["two"][1]
    assert after == {"path": "ftp://web:********@files.example/two (changed)", "_pass": "(changed)"}


BASE = {"type": "mysql", "host": "localhost", "name": "d1", "user": "u", "pass": "old-password"}


@pytest.mark.parametrize(
    ("want", "have", "same", "hidden"),
    [
        ([BASE, dict(BASE, name="d2")], [dict(BASE, name="d2"), BASE], True, False),
        ([{"type": "mysql", "name": "d1"}], [{"name": "d1", "host": "h"}], True, False),
        ([BASE], [BASE, "no table"], True, False),
        ([BASE], [BASE, dict(BASE, name="d2")], False, False),
        ([BASE], [], False, False),
        ([dict(BASE, user="v")], [BASE], False, False),
        ([dict(BASE, **{"pass": "new-password"})], [BASE], False, False),
        (
            [dict(BASE, **{"pass": "new-password"})],
            [{key: value for key, value in BASE.items() if key != "pass"}],
            True,
            True,
        ),
        ([dict(BASE, **{"pass": "new-password"})], [dict(BASE, **{"pass": "***"})], True, True),
        ([], [], True, False),
    ],
)
def test_databases_compared(want, have, same, hidden):
    differences, unseen = compare_websites([{"id": "a", "databases": want}], [{"id": "a", "databases": have}])
    assert (differences == [], unseen) == (same, hidden)
    assert "password" not in json.dumps(differences)


def test_databases_password_changed_marked():
    ((before, after),) = differing(
        [{"id": "a", "databases": [dict(BASE, **{"pass": "new-password"})]}], [{"id": "a", "databases": [BASE]}]
    ).values()
    assert before["databases"][0]["pass"] == "(set)" and after["databases"][0]["pass"] == "(changed)"


def test_names_unique_without_credentials():
    wanted = [
        {"path": "ftp://web:pass-word@h.example/x", "label": ""},
        {"path": "ftp://web:pass-word@h.example/x"},
        {"vhosts": {"http://v.example": "w"}},
        {"email": "x"},
    ]
    assert list(differing(wanted, [])) == ["ftp://h.example/x", "ftp://h.example/x (2)", "http://v.example", "website"]


def test_id_duplicate_refused():
    check_websites([ONE, TWO, {"path": "/x"}, {"path": "/x"}])
    with pytest.raises(InputError, match="websites: the id one"):
        check_websites([ONE, ONE])
