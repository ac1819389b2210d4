# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths on demand: each back end of the role panel, with a real sshd, a real HTTP server and a real command."""

import json
import shlex
import sys
from urllib.parse import unquote, urlsplit

import pytest
from harness import wait_for
from panel_hooks import Hooks, serving
from real_servers import Sshd, missing_requirement

SECRET = "canary/of:the@path+ ü"
WEBSITE = {"id": "ws124", "_account": "alice", "vhosts": {"http://a.example": "httpdocs"}}
CALLS = {"paths": ("enablePathByWebsite", "disablePathByWebsite"), "secondary_paths": ("enableSecondaryPathByWebsite", "disableSecondaryPathByWebsite")}
PROGRAM = """
import json, sys
question = json.load(sys.stdin)
open(%r, "a").write(json.dumps(question) + "\\n")
print(json.dumps({"path": "sftp://%%s@web1.example/" %% question["website"]["_account"]}))
"""

pytestmark = pytest.mark.skipif(missing_requirement("php") is not None, reason=str(missing_requirement("php")))


def hooks(folder, settings, option="paths"):
    """Return Hooks with one back end."""
    return Hooks(folder, {"web": SECRET, "token": "canary-token"}, **{option: settings})


def asked(path):
    """Return the requests that a command has received."""
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize("option", CALLS)
def test_table(option, tmp_path):
    rows = [{"website": "ws124", "path": "ssh://web1.example/home/{_account}", "user": "{_account}", "secret": "web"},
            {"website": "local-*", "path": "/var/www/{id}"}]
    panel = hooks(tmp_path, {"backend": "table", "table": rows}, option)
    enable, disable = CALLS[option]
    found = urlsplit(panel.call(enable, WEBSITE))
    assert (found.username, unquote(found.password), found.hostname, found.path) == ("alice", SECRET, "web1.example", "/home/alice")
    assert panel.call(enable, {"id": "local-7"}) == "/var/www/local-7"
    assert panel.call(disable, WEBSITE) is True
    assert panel.call(enable, {"id": "other"}) is False and panel.call(enable, {}) is False
    # A member of the website cannot lead outside of the configured directory.
    assert panel.call(enable, {"id": "local-../../etc"}) is False
    assert panel.call(enable, dict(WEBSITE, _account="a@elsewhere.example/")) is False
    assert SECRET not in (tmp_path / "log").read_text()


@pytest.mark.parametrize("option, kind", [("paths", "primary"), ("secondary_paths", "secondary")])
def test_command(option, kind, tmp_path):
    command = [sys.executable, "-c", PROGRAM % str(tmp_path / "asked")]
    panel = hooks(tmp_path, {"backend": "command", "command": command}, option)
    enable, disable = CALLS[option]
    assert panel.call(enable, WEBSITE) == "sftp://alice@web1.example/"
    assert [panel.call(disable, WEBSITE) for _twice in range(2)] == [True, True]
    assert asked(tmp_path / "asked") == [{"action": action, "kind": kind, "website": WEBSITE} for action in ("enable", "disable", "disable")]


@pytest.mark.parametrize("script, message", [
    ("echo no access >&2; exit 3", "exited with status 3: no access"),
    ("echo nothing", "not a JSON object with a path"),
    ("echo '{\"path\": \"with space\"}'", "not a JSON object with a path"),
    ("sleep 60 & echo $! >%s; wait", "did not finish within 1 seconds"),
])
def test_command_failure(script, message, tmp_path):
    child = tmp_path / "child"
    script = script % shlex.quote(str(child)) if "%s" in script else script
    panel = hooks(tmp_path, {"backend": "command", "command": ["sh", "-c", script], "timeout": 1})
    assert panel.call("enablePathByWebsite", WEBSITE) is False
    assert message in panel.log[-1]["error"]
    if child.exists():
        stat = "/proc/%s/stat" % child.read_text().strip()
        wait_for(lambda: not _alive(stat), 30, "the child of the command is still running")


def _alive(stat):
    try:
        with open(stat) as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def platform():
    """An HTTP server that stands in for the customer's platform."""
    with serving() as server:
        yield server


def test_http(platform, tmp_path):
    url = "http://127.0.0.1:%d/paths" % platform.server_port
    panel = hooks(tmp_path, {"backend": "http", "url": url, "token_secret": "token", "timeout": 1})
    assert panel.call("enablePathByWebsite", WEBSITE) == "sftp://alice@web1.example/"
    platform.answer = (204, "")
    assert panel.call("disablePathByWebsite", WEBSITE) is True
    assert platform.seen == [("Bearer canary-token", {"action": action, "kind": "primary", "website": WEBSITE}) for action in ("enable", "disable")]
    for answer, message in (((500, "{}"), "status 500"), ((302, ""), "status 302"), ((200, "{}"), "not a JSON object with a path"), (None, "127.0.0.1")):
        platform.answer = answer
        assert panel.call("enablePathByWebsite", WEBSITE) is False and message in panel.log[-1]["error"]
    assert len(platform.seen) == 6 and "canary-token" not in (tmp_path / "log").read_text()


def test_http_token_needs_tls(tmp_path):
    panel = hooks(tmp_path, {"backend": "http", "url": "http://platform.example/", "token_secret": "token"})
    assert panel.call("enablePathByWebsite", WEBSITE) is False and "must begin with https://" in panel.log[-1]["error"]


@pytest.fixture(scope="module")
def sshd():
    """An sshd for the tests of this file. Skips the tests if it is not installed."""
    reason = missing_requirement("sshd", "ssh")
    if reason:
        pytest.skip(reason)
    server = Sshd()
    yield server
    server.stop()


def ssh_settings(sshd, **more):
    """Return the configuration of the back end ssh for the sshd of the tests."""
    return dict({"backend": "ssh", "host": "127.0.0.1", "port": sshd.port, "account": sshd.account, "manager": sshd.account, "keys_file": str(sshd.keys),
                 "identity": str(sshd.identity), "known_hosts": str(sshd.known_hosts), "directory": "/srv/{_account}", "from": "127.0.0.1"}, **more)


def key_of(uri):
    """Return the private key in a URI."""
    return unquote(urlsplit(uri).password)


def test_ssh_key_disabled(sshd, tmp_path):
    panel = hooks(tmp_path, ssh_settings(sshd))
    before = sshd.keys.read_text()
    first, second = (panel.call("enablePathByWebsite", WEBSITE) for _session in range(2))
    other = panel.call("enablePathByWebsite", dict(WEBSITE, id="ws125"))
    assert (urlsplit(first).username, urlsplit(first).port, urlsplit(first).path) == (sshd.account, sshd.port, "/srv/alice")
    assert len({key_of(uri) for uri in (first, second, other)}) == 3
    assert [sshd.log_in(key_of(uri)).returncode for uri in (first, second, other)] == [0, 0, 0]
    assert [panel.call("disablePathByWebsite", WEBSITE) for _twice in range(2)] == [True, True]
    assert [sshd.log_in(key_of(uri)).returncode == 0 for uri in (first, second, other)] == [False, False, True]
    assert panel.call("disablePathByWebsite", dict(WEBSITE, id="ws125")) is True
    assert sshd.keys.read_text() == before
    text = (tmp_path / "log").read_text()
    assert "PRIVATE KEY" not in text and key_of(first).splitlines()[2] not in text


def test_ssh_key_expires(sshd, tmp_path):
    panel = hooks(tmp_path, ssh_settings(sshd, lifetime=2))
    before = sshd.keys.read_text()
    key = key_of(panel.call("enablePathByWebsite", WEBSITE))
    assert "expiry-time=" in sshd.keys.read_text()
    wait_for(lambda: sshd.log_in(key).returncode != 0, 60, "the key still works after its expiry")
    # The next call for any website removes expired keys.
    assert panel.call("disablePathByWebsite", {"id": "other", "_account": "x"}) is True and sshd.keys.read_text() == before


def test_ssh_hostile_names(sshd, tmp_path):
    panel = hooks(tmp_path, ssh_settings(sshd, account="{_account}", keys_file=str(tmp_path / "{account}")))
    for account in ("$(touch /tmp/x)", "a'b", "-oProxyCommand=x", "../x", "", ["a"]):
        assert panel.call("enablePathByWebsite", dict(WEBSITE, _account=account)) is False
    target = tmp_path / "target"
    target.write_text("untouched")
    (tmp_path / "linked").symlink_to(target)
    assert panel.call("enablePathByWebsite", dict(WEBSITE, _account="linked")) is False and "symbolic link" in panel.log[-1]["error"]
    assert target.read_text() == "untouched"
    assert sorted(path.name for path in tmp_path.glob("linked*")) == ["linked", "linked.lock"]


def test_ssh_unknown_host(sshd, tmp_path):
    (tmp_path / "known_hosts").write_text("")
    panel = hooks(tmp_path, ssh_settings(sshd, known_hosts=str(tmp_path / "known_hosts")))
    before = sshd.keys.read_text()
    assert panel.call("enablePathByWebsite", WEBSITE) is False and "Host key verification failed" in panel.log[-1]["error"]
    assert sshd.keys.read_text() == before


def test_ssh_concurrent_keys(sshd, tmp_path):
    panel = hooks(tmp_path, ssh_settings(sshd, timeout=60))
    calls = [panel.start("enablePathByWebsite", {"id": "ws%d" % number, "_account": "x"}) for number in range(8)]
    assert [sshd.log_in(key_of(panel.end(call))).returncode for call in calls] == [0] * 8
    assert all(panel.call("disablePathByWebsite", {"id": "ws%d" % number}) for number in range(8))
    assert "hostops-panel" not in sshd.keys.read_text()
