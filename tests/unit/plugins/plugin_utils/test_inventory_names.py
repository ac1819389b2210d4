# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of inventory hosts: valid, unique, and independent of the order of the sites."""

import re

import pytest
from ansible.inventory.manager import split_host_pattern
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.hostops.installatron.plugins.plugin_utils._inventory_names import (
    domain_of,
    host_names,
    legal,
)


def install(url, id="id1"):
    """Return the members of a result that determine the name."""
    return {"id": id, "url": url}


@pytest.mark.parametrize(
    ("url", "choice", "name"),
    [
        ("https://www.example.com", "url", "www.example.com"),
        ("https://www.example.com/", "url", "www.example.com"),
        ("https://WWW.Example.com:443/blog", "url", "www.example.com_blog"),
        ("http://www.example.com/Blog/two", "url", "www.example.com_Blog_two"),
        ("http://www.example.com:8443/blog", "url", "www.example.com_8443_blog"),
        ("http://bücher.example", "url", "xn--bcher-kva.example"),
        ("http://a.example/b%20c,d!&e", "url", "a.example_b_20c_d__e"),
        ("http://[2001:db8::1]:8080/x.y", "url", "2001_db8__1_8080_x.y"),
        ("http://www.example.com:8443/blog", "domain", "www.example.com"),
        ("http://www.example.com/blog", "id", "id1"),
        # Names that a group or the controller could have.
        ("http://localhost", "url", "localhost_id1"),
        ("http://wordpress/", "url", "wordpress_id1"),
        ("http://127.0.0.1/", "url", "127.0.0.1_id1"),
        ("http://127.0.0.1:8080", "url", "127.0.0.1_8080"),
        ("http://[::1]/", "domain", "__1_id1"),
        # Invalid values from the server.
        (None, "url", "id1_id1"),
        ("-rf /", "url", "_rf___id1"),
    ],
)
def test_name_of_host(url, choice, name):
    assert host_names([install(url)], choice) == ([name], [])


def test_name_collision_adds_id():
    installs = [install("http://a.example/x/y", "1"), install("http://a.example/x_y", "2"),
                install("http://b.example", "3")]
    names, warnings = host_names(installs, "url")
    assert names == ["a.example_x_y_1", "a.example_x_y_2", "b.example"]
    assert warnings == [
        "hostname: 1 names belong to several sites (a.example_x_y); the id is appended to each of them"]


def test_name_collision_warning_limited():
    installs = [install("http://s%d.example/%s" % (number, path), "%d%s" % (number, path))
                for number in range(9) for path in "ab"]
    names, warnings = host_names(installs, "domain")
    assert len(set(names)) == 18
    assert warnings == [
        "hostname: 9 names belong to several sites (s0.example, s1.example, s2.example, s3.example, "
        "s4.example, ...); the id is appended to each of them"]


def test_name_http_and_https():
    names, _warnings = host_names([install("http://a.example", "1"), install("https://a.example", "2")], "url")
    assert names == ["a.example_1", "a.example_2"]


@pytest.mark.parametrize(("identity", "domain"), [("a.example:80/x:1", "a.example"), ("[::1]:80/x", "[::1]"), ("", "")])
def test_domain_of(identity, domain):
    assert domain_of(identity) == domain


@given(st.text())
def test_legal_name_is_single_pattern(text):
    name = legal(text)
    assert re.fullmatch(r"[A-Za-z0-9._-]*", name)
    assert not name.startswith("-")
    assert split_host_pattern(name) == ([name] if name else [])


@given(st.lists(st.text(alphabet="ab/_.-", max_size=4), max_size=8))
def test_names_unique_and_independent_of_order(paths):
    installs = [install("http://a.example/%s" % path, "id%d" % number) for number, path in enumerate(paths)]
    names, _warnings = host_names(installs, "url")
    assert len(set(names)) == len(installs)
    assert host_names(installs[::-1], "url")[0] == names[::-1]
