# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of all modules before the first request: addresses, keys, times, and the header."""

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.module_utils._core.connection import client_of, waiting_of
from ansible_collections.hostops.installatron.plugins.module_utils._install.work import OPERATION
from ansible_collections.hostops.installatron.plugins.module_utils._redaction.redact import Redactor
from ansible_collections.hostops.installatron.plugins.module_utils._wire.header import header


def params(**options):
    """Return validated options with their defaults."""
    values = {name: option.get("default") for name, option in OPERATION.spec.options.items()}
    return dict(values, **dict({"api_url": "http://127.0.0.1/server/v1", "api_key": "long-enough"}, **options))


@pytest.mark.parametrize("url", ["http://127.0.0.1:5000/x", "http://localhost/x", "http://[::1]:80/x",
                                 "https://host.example/x"])
def test_warning_absent_https_and_loopback(url):
    assert client_of(params(api_url=url), Redactor(), False)[1] == []


def test_warning_plain_http():
    warnings = client_of(params(api_url="http://host.example/server/v1"), Redactor(), False)[1]
    assert len(warnings) == 1
    assert warnings[0].startswith("api_url: ") and "https://" in warnings[0]


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"api_key": "short"}, "api_key: "),
        ({"timeout": 0}, "timeout: "),
        ({"retries": -1}, "retries: "),
        ({"retries": 10**400}, "retries: "),
        ({"max_reply_size": 0}, "max_reply_size: "),
        ({"max_reply_size": 10**6}, "max_reply_size: "),
        ({"api_key": "0123456789\n"}, "api_key: "),
        ({"api_key": "0123456789\ud800"}, "api_key: "),
        ({"api_url": "http://%s.example/" % ("a" * 64)}, "api_url: "),
        ({"api_url": "http://a..example/"}, "api_url: "),
        ({"rest_url": "http://%s.example/" % ("a" * 64)}, "rest_url: "),
        ({"timeout": 2.0**63}, "timeout: "),
        ({"timeout": float("nan")}, "timeout: "),
        ({"rest_url": "http://host:port/x"}, "rest_url: "),
        ({"rest_url": "file:///etc/passwd"}, "rest_url: "),
        ({"rest_url": "https://me:pw-of-me@host/x"}, "rest_url: "),
        ({"api_url": "ftp://host/x"}, "api_url: "),
        ({"api_url": "host"}, "api_url: "),
        ({"api_url": "http://host:port/x"}, "api_url: "),
        ({"api_url": "https://me:pw-of-me@host/x"}, "api_url: "),
    ],
)
def test_options_refused(options, word):
    with pytest.raises(InputError) as caught:
        client_of(params(**options), Redactor(), False)
    assert caught.value.message.startswith(word)
    assert "pw-of-me" not in caught.value.text()


@pytest.mark.parametrize("options", [
    {"wait_timeout": 0}, {"poll_interval": -1}, {"wait_timeout": float("nan")}, {"poll_interval": float("inf")}])
def test_options_refused_times(options):
    with pytest.raises(InputError, match=next(iter(options))):
        waiting_of(params(**options))


def test_header_format():
    website = {"id": "w", "vhosts": {"HTTP://A.example/": "www"}, "suspended": False, "uid": 5, "path": None,
               "databases": [{"type": "mysql", "name": "d", "host": None}], "custom": {"_prefix": "p"}}
    assert header({"user": "alice", "reseller": None, "websites": [website]}) == {
        "user": "alice", "reseller": None, "websites": [
            {"id": "w", "vhosts": {"http://a.example": "www"}, "suspended": "no", "uid": 5,
             "databases": [{"type": "mysql", "name": "d"}], "_prefix": "p"}]}


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"user": "$HOME"}, "user: "),
        ({"user": "a b"}, "user: "),
        ({"user": ""}, "user: "),
        ({"reseller": "a\nb"}, "reseller: "),
        ({"websites": [{"path": "javascript:alert(1)"}]}, r"websites\[0\]\.path: "),
        ({"websites": [{}, {"path": "1-x://me:pw-of-me@h"}]}, r"websites\[1\]\.path: "),
        ({"websites": [{"uid": -1}]}, r"websites\[0\]\.uid: "),
        ({"websites": [{"gid": False}]}, r"websites\[0\]\.gid: "),
    ],
)
def test_header_refused_values(options, word):
    with pytest.raises(InputError, match=word) as caught:
        header(options)
    assert "pw-of-me" not in caught.value.text()


@pytest.mark.parametrize("name", ["alice", "alice@example.com", "web-1.site_2"])
def test_header_account_names(name):
    assert header({"user": name, "reseller": name})["user"] == name


def test_header_custom_without_underscore():
    with pytest.raises(InputError, match=r"websites\[0\]\.custom: prefix"):
        header({"websites": [{"custom": {"prefix": "p"}}]})


def test_warning_ambiguous_uri_encoding():
    from ansible_collections.hostops.installatron.plugins.module_utils._core.connection import _encoding_warning

    odd, good = "ssh://bob:pa/ss@wd@host/x", "ssh://bob:pa%2Fss%40wd@host/x"
    assert _encoding_warning({"websites": [{"path": good}], "bkloc": "local", "url": odd}) == []
    warning, = _encoding_warning({"websites": [{"path": good}, {"path": odd}], "migrate_from": {"source_ftu": odd}})
    assert warning.startswith("websites[1].path, migrate_from.source_ftu: ") and "pa/ss" not in warning
    warning, = _encoding_warning({"installs": [{"bkloc": odd}] * 1000})
    assert warning.startswith("installs[0].bkloc, ") and "installs[4].bkloc and more: " in warning
