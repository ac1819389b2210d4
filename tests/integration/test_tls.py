# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS, redirects and proxies: which servers the collection trusts and sends the key to."""

import json
import re
import socket

import pytest
from harness import KEY, PLACES, play, task
from test_inventory import run, write
from tls_front import DAY, NOW, Authority, Front, Recorder

from ansible_collections.hostops.installatron.plugins.module_utils._core import operation as _operation
from ansible_collections.hostops.installatron.plugins.module_utils._install import work as _install

# In a test, pytest's filters replace those that the transport sets. test_action_and_module asserts that no warning is printed.
pytestmark = pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
# No site exists at this URL, so the task is a no-op.
ABSENT = {"url": "http://nothing.example", "state": "absent", "retries": 0, "timeout": 5}


class Servers:
    """Front ends with certificates of every kind for one sandbox."""

    def __init__(self, sandbox, folder):
        port = sandbox.ready["port"]
        authority, stranger = Authority(folder), Authority(folder, "stranger")
        self.ca, self.other_ca = authority.path, stranger.path
        self.client = authority.issue("client")
        self.stranger = stranger.issue("unknown")
        self.missing = str(folder / "missing.pem")
        self.garbage = str(folder / "garbage.pem")
        (folder / "garbage.pem").write_text("not a certificate\n")
        self.fronts = {
            "good": Front(port, authority.issue("good", "127.0.0.1", "localhost")[0]),
            "expired": Front(port, authority.issue("expired", "127.0.0.1", end=NOW - DAY)[0]),
            "name": Front(port, authority.issue("name", "other.example")[0]),
            "mutual": Front(port, authority.issue("mutual", "127.0.0.1")[0], clients=authority.path)}
        self.recorder = Recorder()

    def close(self):
        """Close all servers."""
        for server in [*self.fronts.values(), self.recorder]:
            server.close()


@pytest.fixture(scope="module")
def world(sandbox, tmp_path_factory):
    made = Servers(sandbox, tmp_path_factory.mktemp("tls"))
    yield made
    made.close()


def good_cases(world):
    """Return name -> options with which the connection must succeed."""
    ca, (both, cert, key) = {"ca_path": world.ca}, world.client
    urls = {name: {"api_url": front.url} for name, front in world.fronts.items()}
    return {
        "ca_path": dict(urls["good"], **ca),
        "by name": dict(ca, api_url=urls["good"]["api_url"].replace("127.0.0.1", "localhost")),
        "no verification": dict(urls["good"], validate_certs=False),
        "expired but not verified": dict(urls["expired"], validate_certs=False),
        "client certificate and key in one file": dict(urls["mutual"], **ca, client_cert=both),
        "client certificate and key in two files": dict(urls["mutual"], **ca, client_cert=cert, client_key=key)}


def bad_cases(world):
    """Return name -> (options, words of the message) with which it must fail."""
    ca, urls = {"ca_path": world.ca}, {name: {"api_url": front.url} for name, front in world.fronts.items()}
    verify = ["certificate verify failed", "ca_path", "validate_certs"]
    return {
        "default": (urls["good"], verify),
        "another authority": (dict(urls["good"], ca_path=world.other_ca), verify),
        "expired": (dict(urls["expired"], **ca), ["certificate has expired", "validate_certs"]),
        "wrong name": (dict(urls["name"], **ca), ["127.0.0.1", "validate_certs"]),
        "no client certificate": (dict(urls["mutual"], **ca), ["TLS", "client_cert"]),
        "unknown client certificate": (
            dict(urls["mutual"], **ca, client_cert=world.stranger[0]), ["TLS", "client_cert"]),
        "ca_path is missing": (dict(urls["good"], ca_path=world.missing), ["ca_path", "missing.pem"]),
        "ca_path is garbage": (dict(urls["good"], ca_path=world.garbage), ["ca_path"]),
        "client_cert is missing": (
            dict(urls["mutual"], **ca, client_cert=world.missing), ["client_cert", "missing.pem"]),
        "client_key is missing": (
            dict(urls["mutual"], **ca, client_cert=world.client[1], client_key=world.missing),
            ["client_key", "missing.pem"]),
        "client_cert is garbage": (dict(urls["mutual"], **ca, client_cert=world.garbage), ["client_cert"]),
        "no TLS there": (dict(ca, api_url="https://127.0.0.1:%d/x" % world.recorder.port), ["TLS"])}


GOOD = ["ca_path", "by name", "no verification", "expired but not verified", "client certificate and key in one file",
        "client certificate and key in two files"]
BAD = ["default", "another authority", "expired", "wrong name", "no client certificate", "unknown client certificate",
       "ca_path is missing", "ca_path is garbage", "client_cert is missing", "client_key is missing",
       "client_cert is garbage", "no TLS there"]


def run_install(options):
    """Run itron_install in this process and return its Outcome."""
    params, messages = _install.OPERATION.spec.validate(dict(ABSENT, api_key=KEY, user="alice", **options))
    assert not messages
    return _operation.run(_install.OPERATION, params)


def assert_refused(result, words):
    """Assert that a message is a single line with all these words and without the key."""
    assert result["changed"] is False
    assert "\n" not in result["msg"] and KEY not in result["msg"]
    for word in words:
        assert word in result["msg"], (word, result["msg"])


@pytest.mark.parametrize("name", GOOD)
def test_certificates_accepted(world, name):
    outcome = run_install(good_cases(world)[name])
    assert not outcome.result.get("failed"), outcome.result["msg"]
    assert outcome.warnings == []


@pytest.mark.parametrize("name", BAD)
def test_certificates_refused(world, name):
    options, words = bad_cases(world)[name]
    assert_refused(run_install(options).result, words)
    assert world.recorder.received.count(KEY.encode()) == 0


@pytest.mark.parametrize("name", ["ca_path", "no verification", "default"])
def test_bundle_in_environment_ignored(world, name, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", world.other_ca)
    monkeypatch.setenv("CURL_CA_BUNDLE", world.other_ca)
    if name == "default":
        assert_refused(run_install(bad_cases(world)[name][0]).result, ["certificate verify failed"])
    else:
        assert not run_install(good_cases(world)[name]).result.get("failed")


@pytest.mark.parametrize("place", PLACES)
def test_action_and_module(sandbox, world, tmp_path, place):
    cases = dict(bad_cases(world), **{name: (options, None) for name, options in good_cases(world).items()})
    played = play(sandbox, tmp_path, [task(name, dict(ABSENT, **options)) for name, (options, _words) in cases.items()],
                  place)
    for name, (_options, words) in cases.items():
        record = played[name]
        if words is None:
            assert not record.failed, record.result.get("msg")
            assert [request["command"] for request in record.requests] == ["installs", "installs"]
        else:
            assert record.failed
            assert_refused(record.result, words)
            assert record.requests == []
    assert played.warnings == []
    assert "Traceback" not in played.output and "InsecureRequestWarning" not in played.output


def test_inventory(sandbox, world, tmp_path):
    sandbox.reset()
    sandbox.control("POST", "/seed", {"count": 2, "user": "alice"})
    path = write(tmp_path, {"filters": {"user": "alice"}})
    url = world.fronts["good"].url
    done = run(sandbox, tmp_path, "ansible-inventory", "-i", path, "--list", ITRON_API_URL=url, ITRON_CA_PATH=world.ca)
    assert done.returncode == 0 and len(json.loads(done.stdout)["_meta"]["hostvars"]) == 2, done.stderr
    for name in ("default", "expired", "wrong name", "ca_path is missing"):
        options, words = bad_cases(world)[name]
        more = {"ITRON_%s" % option.upper(): value for option, value in options.items()}
        done = run(sandbox, tmp_path, "ansible-inventory", "-i", path, "--list", **more)
        said = " ".join(done.stderr.split())
        assert done.returncode != 0 and all(word in said for word in words), said
        assert "Traceback" not in said and KEY not in done.stdout + done.stderr


# --- redirects ---

@pytest.mark.parametrize("place", PLACES)
def test_redirect_refused(sandbox, world, tmp_path, place):
    target = "http://127.0.0.1:%d/server/v1" % world.recorder.port
    fault = ["POST", "/faults", {"command": "*", "fault": "redirect", "location": target, "times": 0}]
    before = world.recorder.connections
    played = play(sandbox, tmp_path, [task("redirect", ABSENT, before=[fault])], place)
    sandbox.control("DELETE", "/faults")
    assert_refused(played["redirect"].result, ["302", target, "not followed", "api_url"])
    assert world.recorder.connections == before


def test_redirect_refused_by_inventory(sandbox, world, tmp_path):
    target = "http://127.0.0.1:%d/server/v1" % world.recorder.port
    sandbox.control("POST", "/faults", {"command": "*", "fault": "redirect", "location": target, "times": 0})
    before = world.recorder.connections
    done = run(sandbox, tmp_path, "ansible-inventory", "-i", write(tmp_path, {}), "--list")
    sandbox.control("DELETE", "/faults")
    assert done.returncode != 0 and target in "".join(done.stderr.split())
    assert world.recorder.connections == before


# --- clear text and proxies ---

@pytest.mark.parametrize(("url", "warned"), [
    ("http://itron.invalid/server/v1", True), ("https://itron.invalid/server/v1", False)])
def test_warning_clear_text(url, warned, monkeypatch):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        for name in ("http_proxy", "https_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:%d" % unused.getsockname()[1])
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        outcome = run_install({"api_url": url})
    assert outcome.result["failed"]
    assert bool([text for text in outcome.warnings if "clear text" in text and "https://" in text]) is warned


def test_warning_no_verification(monkeypatch):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("https_proxy", "http://127.0.0.1:%d" % unused.getsockname()[1])
        outcome = run_install({"api_url": "https://itron.invalid/server/v1", "validate_certs": False})
    assert [text.split(":")[0] for text in outcome.warnings] == ["validate_certs"]


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("place", PLACES)
def test_proxy_from_environment(sandbox, world, tmp_path, place, scheme):
    world.recorder.received = b""
    proxy = "http://127.0.0.1:%d" % world.recorder.port
    options = dict(ABSENT, api_url="%s://itron.invalid/server/v1" % scheme)
    played = play(sandbox, tmp_path, [task("proxy", options)], place, more_environment={
        "http_proxy": proxy, "https_proxy": proxy, "HTTP_PROXY": proxy, "HTTPS_PROXY": proxy})
    assert played["proxy"].failed and "502" in played["proxy"].result["msg"]
    first = world.recorder.received.decode().splitlines()[0]
    request = r"CONNECT itron\.invalid:443 " if scheme == "https" else r"POST http://itron\.invalid/"
    assert re.match(request, first), first
    # A proxy of an https:// address receives the name of the server but not the content.
    assert (KEY in world.recorder.received.decode()) is (scheme == "http")


def test_no_proxy(sandbox, world, tmp_path):
    before = world.recorder.connections
    proxy = "http://127.0.0.1:%d" % world.recorder.port
    played = play(sandbox, tmp_path, [task("direct", ABSENT)],
                  more_environment={"http_proxy": proxy, "HTTP_PROXY": proxy})
    assert not played["direct"].failed
    assert world.recorder.connections == before
