# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of inventory hosts: usable, unique, and the same whatever else is installed."""

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
    """Return what the naming looks at of a documented result."""
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
        # Names that could be those of a group, or of the controller.
        ("http://localhost", "url", "localhost_id1"),
        ("http://wordpress/", "url", "wordpress_id1"),
        ("http://127.0.0.1/", "url", "127.0.0.1_id1"),
        ("http://127.0.0.1:8080", "url", "127.0.0.1_8080"),
        ("http://[::1]/", "domain", "__1_id1"),
        # What the server should not send.
        (None, "url", "id1_id1"),
        ("-rf /", "url", "_rf___id1"),
    ],
)
def test_name(url, choice, name):
    assert host_names([install(url)], choice) == ([name], [])


def test_all_that_share_a_name_get_their_id_and_nobody_else_does():
    installs = [install("http://a.example/x/y", "1"), install("http://a.example/x_y", "2"),
                install("http://b.example", "3")]
    names, warnings = host_names(installs, "url")
    assert names == ["a.example_x_y_1", "a.example_x_y_2", "b.example"]
    assert warnings == [
        "hostname: 1 names stand for more than one site (a.example_x_y); the id is added to all of them"]


def test_the_warning_stays_short():
    installs = [install("http://s%d.example/%s" % (number, path), "%d%s" % (number, path))
                for number in range(9) for path in "ab"]
    names, warnings = host_names(installs, "domain")
    assert len(set(names)) == 18
    assert warnings == [
        "hostname: 9 names stand for more than one site (s0.example, s1.example, s2.example, s3.example, "
        "s4.example, ...); the id is added to all of them"]


def test_two_schemes_of_one_site_are_two_hosts():
    names, _warnings = host_names([install("http://a.example", "1"), install("https://a.example", "2")], "url")
    assert names == ["a.example_1", "a.example_2"]


@pytest.mark.parametrize(("identity", "domain"), [("a.example:80/x:1", "a.example"), ("[::1]:80/x", "[::1]"), ("", "")])
def test_domain(identity, domain):
    assert domain_of(identity) == domain


@given(st.text())
def test_a_name_is_one_pattern_and_one_file(text):
    name = legal(text)
    assert re.fullmatch(r"[A-Za-z0-9._-]*", name)
    assert not name.startswith("-")
    assert split_host_pattern(name) == ([name] if name else [])


@given(st.lists(st.text(alphabet="ab/_.-", max_size=4), max_size=8))
def test_names_are_unique_and_do_not_depend_on_the_order(paths):
    installs = [install("http://a.example/%s" % path, "id%d" % number) for number, path in enumerate(paths)]
    names, _warnings = host_names(installs, "url")
    assert len(set(names)) == len(installs)
    assert host_names(installs[::-1], "url")[0] == names[::-1]
