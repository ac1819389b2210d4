# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The normal form of a URL, and which URLs are the same site."""

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.module_utils._base.url import (
    id_or_url,
    identity_of,
    normalize_url,
    site_identity,
)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("http://Company.COM", "http://company.com"),
        ("HTTPS://company.com/", "https://company.com"),
        ("http://company.com:80/blog/", "http://company.com/blog"),
        ("https://company.com:443", "https://company.com"),
        ("https://company.com:8443/", "https://company.com:8443"),
        ("http://company.com/Blog/Two", "http://company.com/Blog/Two"),
        ("http://company.com.", "http://company.com"),
        ("http://bücher.example/x", "http://xn--bcher-kva.example/x"),
        ("  http://company.com  ", "http://company.com"),
        ("http://[2001:DB8::1]:8080/", "http://[2001:db8::1]:8080"),
        ("http://127.0.0.1:5000/a", "http://127.0.0.1:5000/a"),
    ],
)
def test_normalize(written, normal):
    assert normalize_url(written) == normal
    assert normalize_url(normal) == normal


@pytest.mark.parametrize(
    "written",
    [
        "",
        "company.com",
        "ftp://company.com",
        "http://",
        "http://user@company.com",
        "http://user:pass@company.com",
        "http://company.com/?a=1",
        "http://company.com/?",
        "http://company.com/#x",
        "http://company.com:notaport",
        "http://company.com:99999",
        "http://company com",
        "http://company.com/\nx",
        "http://-company.com",
        "http://" + "a" * 64 + ".com",
    ],
)
def test_normalize_refused_names_option(written):
    with pytest.raises(InputError) as caught:
        normalize_url(written, "websites[0].vhosts")
    assert caught.value.message.startswith("websites[0].vhosts: ")
    assert caught.value.stage == "input"


def test_normalize_error_without_password():
    with pytest.raises(InputError) as caught:
        normalize_url("http://user:hunter22hunter22@company.com")
    assert "hunter22" not in caught.value.text()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://company.com", "https://company.com/"),
        ("http://COMPANY.com:80/blog", "https://company.com:443/blog/"),
        ("http://bücher.example", "http://xn--bcher-kva.example"),
    ],
)
def test_identity_equal(one, other):
    assert site_identity(one) == site_identity(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://company.com", "http://www.company.com"),
        ("http://company.com/blog", "http://company.com/Blog"),
        ("http://company.com", "http://company.com:8080"),
        ("http://company.com", "http://company.com/blog"),
        ("http://straße.example", "http://strasse.example"),
    ],
)
def test_identity_different(one, other):
    assert site_identity(one) != site_identity(other)


def test_identity_of_other_text():
    assert identity_of("somewhere") == "somewhere"
    assert identity_of("https://A.example/") == "a.example"


def test_id_or_url():
    assert id_or_url(" 4yhfygnd10ws0wc8skck444s ", "install") == ("4yhfygnd10ws0wc8skck444s", False)
    assert id_or_url("HTTP://A.example/", "install") == ("http://a.example", True)


@pytest.mark.parametrize("value", ["", "  ", "www.example.com", "example/blog", "two words", "ftp://a.example", "http://me:secret@a.example"])
def test_id_or_url_refused(value):
    with pytest.raises(InputError, match=r"^install: ") as caught:
        id_or_url(value, "install")
    assert "secret" not in caught.value.text()
