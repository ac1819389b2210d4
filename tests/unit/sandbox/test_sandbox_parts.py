# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts that need no server: request bodies, URLs, places, versions."""

import threading
from contextlib import closing

import pytest
from itron_sandbox import catalog, places, schemas, urls, wire
from itron_sandbox.accounts import Accounts
from itron_sandbox.commands import COMMANDS
from itron_sandbox.errors import Refusal
from itron_sandbox.records import Installs
from itron_sandbox.store import Store


@pytest.mark.parametrize("body, expected", [
    (b"a=1&b=x+y%21", {"a": "1", "b": "x y!"}),
    (b"a[]=1&a[]=2", {"a": ["1", "2"]}),
    (b"w[0][v][http://a.b]=c&w[0][id]=1", {"w": [{"v": {"http://a.b": "c"}, "id": "1"}]}),
    (b"w%5B0%5D%5Bv%5D%5Bhttp%3A%2F%2Fa.b%5D=c", {"w": [{"v": {"http://a.b": "c"}}]}),
    (b"a[x]=1&a[0]=2", {"a": {"x": "1", "0": "2"}}),
    (b"a=1&a=2", {"a": "2"}),
    (b"a", {"a": ""}), (b"", {}), (b'  {"a": [1]}', {"a": [1]}),
])
def test_bodies(body, expected):
    assert wire.parse_body(body) == expected


@pytest.mark.parametrize("body", [b"{", b"[]", b"[1"])
def test_bad_bodies(body):
    with pytest.raises(wire.BadRequest):
        wire.parse_body(body)


@pytest.mark.parametrize("text, expected", [
    ("HTTP://Company.COM/", "http://company.com"), ("https://a.b:443/x/", "https://a.b/x"),
    ("http://a.b:8080/Blog", "http://a.b:8080/Blog"), ("http://b\u00fccher.example", "http://xn--bcher-kva.example")])
def test_urls(text, expected):
    assert str(urls.parse(text)) == expected


@pytest.mark.parametrize("text", ["a.b", "ftp://a.b", "http://", "http://u@a.b", "http://a.b?x=1", "http://a.b/#x",
                                  "http://a.b:x/", "http://a.b/../c"])
def test_bad_urls(text):
    with pytest.raises(Refusal):
        urls.parse(text)


@pytest.mark.parametrize("path, storage, public", [
    ("/var/www", "fs/var/www", "/var/www"), ("ftp://u%40x:p@h", "remote/u%40x@h", "/"),
    ("ssh://u:p@h:22/a/b", "remote/u@h:22/a/b", "/a/b"), ("sftp://h/a", "remote/anonymous@h/a", "/a"),
    ("file://localhost/a", "fs/a", "/a")])
def test_places(tmp_path, path, storage, public):
    place = places.locate(tmp_path, path)
    assert place.storage == tmp_path / storage and place.public == public
    assert place.below("c//./d").storage == tmp_path / storage / "c" / "d"


@pytest.mark.parametrize("path", ["relative", "/a/../../b", "ftp://u@h/../x", "ftp://u@h/%2e%2e/x", "http://h/a",
                                  "ftp:///x", "ftp://h:x/"])
def test_bad_places(tmp_path, path):
    with pytest.raises(Refusal):
        places.locate(tmp_path, path)


def test_schemas_complete():
    assert len(COMMANDS) == 18
    assert all(schemas.errors(command, {}) for command in COMMANDS)
    assert {path.stem for path in schemas.FOLDER.glob("*.json")} == set(COMMANDS) | {"header"}


def test_catalog_order():
    for appid in catalog.applications():
        versions = catalog.versions(appid)
        assert versions == sorted(versions, key=catalog.order) and len(versions) >= 5
        for version in versions:
            assert catalog.metadata(appid, version)["fields"]["version"]["settable"] is False


def test_stale_visit_discarded(tmp_path):
    """A visit that started before a change or a removal does not overwrite it."""
    store = Store(tmp_path)
    installs = Installs(store)
    seen = {"id": "x", "owner": "alice", "url": "http://a.example", "installer": "wordpress", "version": "6.4.3"}
    installs.put(seen, "/site", {})
    installs.replace(seen, dict(seen, title="seen"), "/site", {})
    assert installs.get("x")[0]["title"] == "seen"
    installs.put(dict(seen, title="edited"), "/site", {})
    installs.replace(seen, dict(seen, title="seen"), "/site", {})
    assert installs.get("x")[0]["title"] == "edited"
    installs.delete("x")
    installs.replace(seen, seen, "/site", {})
    assert installs.get("x") is None
    store.close()


def test_concurrent_websites_stored(tmp_path):
    store = Store(tmp_path)
    accounts = Accounts(store, {"admin": "admin"})
    begin = threading.Barrier(8)

    def request(number):
        begin.wait(10)
        for turn in range(10):
            accounts.remember("alice", [{"id": "ws-%d-%d" % (number, turn), "path": "/home/alice"}])

    threads = [threading.Thread(target=request, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with closing(store.connection):
        assert len(accounts.websites("alice")) == 80
