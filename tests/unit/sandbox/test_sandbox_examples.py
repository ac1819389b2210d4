# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of the specification, copied with another host."""

import json
import shlex
import subprocess

import pytest

CURL_INSTALL = r'''curl https://installatron.com/server/v1 \
 -d "key=8327b11a311aad5a8092d26d209c9e13" \
 -d "websites[0][id]=ws124" \
 -d "websites[0][email]=user@mail.com" \
 -d "websites[0][path]=ftp://website124:password@12.24.36.22" \
 -d "websites[0][vhosts][http://company.com]=httpdocs" \
 -d "websites[0][vhosts][http://www.company.com]=httpdocs" \
 -d "cmd=install" \
 -d "application=wordpress" \
 -d "url=http://company.com" \
 -d "db_name=db123" \
 -d "db_user=db123" \
 -d "db_pass=sdfsdf1" \
 -d "db_host=localhost"'''
CURL_BROWSER = r'''curl https://installatron.com/apps \
 -d "api=json" \
 -d "cmd=browser" \
 -d "application=wordpress" \
 -d "version=4.9.7"'''
CURL_RESELLER = r'''curl https://installatron.com/server/v1 \
 -d "key=8327b11a311aad5a8092d26d209c9e13" \
 -d "cmd=edituser" \
 -d "user=r12345"'''
CURL_SUBRESELLER = r'''curl https://installatron.com/server/v1 \
 -d "key=8327b11a311aad5a8092d26d209c9e13" \
 -d "cmd=edituser" \
 -d "reseller=r12345" \
 -d "user=r12346"'''
CURL_OWNED = r'''curl https://installatron.com/server/v1 \
 -d "key=8327b11a311aad5a8092d26d209c9e13" \
 -d "cmd=installs" \
 -d "user=r12346" \
 -d "filter-ownedaccounts=yes"'''
CLI_INSTALL = '''{ "key": "8327b11a311aad5a8092d26d209c9e13", "websites": [{ "id":"ws124",
 "path":"/var/www/vhosts/company.com", "vhosts":{ "http://company.com":"httpdocs",
 "http://www.company.com":"httpdocs" }, "email":"user@mail.com", "uid":153, "gid":153 }],
 "cmd":"install", "application":"wordpress", "url":"http://company.com/blog", "db_name":"db123",
 "db_user":"db123", "db_pass":"sdfsdf1", "db_host":"localhost" }'''
PHP_INSTALL = {
    "key": "8327b11a311aad5a8092d26d209c9e13",
    "websites": [{"id": "ws124", "path": "ftp://website124:password@12.24.36.22", "email": "user@mail.com",
                  "vhosts": {"http://company.com": "httpdocs", "http://www.company.com": "httpdocs",
                             "https://company.com": "httpsdocs", "https://www.company.com": "httpsdocs"}}],
    "cmd": "install", "application": "wordpress", "url": "http://company.com/blog", "db_name": "db123",
    "db_user": "db123", "db_pass": "sdfsdf1", "db_host": "localhost"}
PHP_GUI = {
    "key": "8327b11a311aad5a8092d26d209c9e13",
    "websites": [{"id": "website124", "label": "company.com", "path": "ftp://website124@12.24.36.22",
                  "vhosts": {"http://company.com": "httpdocs", "https://company.com": "httpsdocs"},
                  "email": "user@mail.com", "db_mode": "manual",
                  "databases": [{"type": "mysql", "host": "localhost", "name": "db134", "user": "db134",
                                 "pass": "0sdhfldsafh"},
                                {"type": "mysql", "host": "localhost", "name": "db135", "user": "db135"}]}],
    "cmd": "guixfer", "language": "en"}
# The members of the sample replies in their order.
RECORD = ["id", "installer", "version", "language", "time", "agent", "owner", "path", "path-created", "url",
          "url-domain", "db-host", "db-type", "db-name", "db-user", "db-pass", "db-prefix", "title", "list-files",
          "list-tables", "autoup", "bkloc", "autobk", "cf-login", "cf-email", "cf-sitetitle", "cf-sitetagline",
          "cf-limitloginattempts", "cache-tables", "link-admin", "cache-files", "cache-time", "cache-numbackups"]
RELEASE = ["id", "appid", "version", "branch", "name", "category", "type", "date", "license", "tags", "description",
           "authordescription", "changelog", "upgrade", "install", "link_site", "link_showcase", "link_docs",
           "link_faq", "link_support", "link_changelog", "link_admin", "link_installersupport", "requirements",
           "languages", "fields", "images"]


def curl(sandbox, command):
    """Run a curl command from the specification against the sandbox; return the reply."""
    base = "http://127.0.0.1:%d" % sandbox.ready["port"]
    words = shlex.split(command.replace("\\\n", " ").replace("https://installatron.com", base))
    pairs = [word for option, word in zip(words, words[1:]) if option == "-d"]
    answer = sandbox.http.post(words[1], data="&".join(pairs), timeout=30,
                               headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.headers["Content-Type"] == "application/json"
    return answer.json()


def in_order(wanted, found):
    """Return whether `found` contains the names in `wanted` in the same order, possibly with others in between."""
    return [name for name in found if name in wanted] == wanted


def test_curl_install(sandbox):
    reply = curl(sandbox, CURL_INSTALL)
    record = reply["data"]
    assert list(reply) == ["result", "message", "data"] and reply["result"] is True and reply["message"] == ""
    assert in_order(RECORD, record)
    assert len(record["id"]) == 25 and record["id"].isalnum() and record["id"] == record["id"].lower()
    assert record["owner"] == "admin" and record["db-pass"] == "sdfsdf1" and record["db-prefix"] == "wp_"
    strings = {name: value for name, value in record.items() if not name.startswith("list-")}
    assert all(isinstance(value, str) for value in strings.values())
    assert "wp_options" in record["list-tables"] and "wp-config.php" in record["list-files"]
    assert (sandbox.state / "remote" / "website124@12.24.36.22" / "httpdocs" / "wp-config.php").is_file()
    assert "<title>My blog</title>" in sandbox.page("www.company.com").text


def test_two_installs_in_one_database(sandbox):
    first = curl(sandbox, CURL_INSTALL)["data"]
    second = curl(sandbox, CURL_INSTALL.replace('"url=http://company.com"', '"url=http://company.com/blog"'))["data"]
    assert (first["db-prefix"], second["db-prefix"]) == ("wp_", "wp2_")
    assert sandbox.page(path="/blog/").status_code == 200


@pytest.mark.parametrize("path", ["/server/v1", "/server/v1/", "/installatron/", "/index.php"])
@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "application/json", None])
def test_php_json_without_content_type(sandbox, path, content_type):
    base = "http://127.0.0.1:%d" % sandbox.ready["port"]
    answer = sandbox.http.post(base + path, data=json.dumps(PHP_INSTALL).encode(), timeout=30,
                               headers={"Content-Type": content_type} if content_type else {})
    assert answer.json()["result"] is True
    assert sandbox.control("GET", "/requests")[0]["content_type"] == content_type


def test_command_line(sandbox):
    done = subprocess.run([sandbox.ready["cli"]], input=CLI_INSTALL, capture_output=True, text=True, timeout=30,
                          check=True)
    record = json.loads(done.stdout)["data"]
    assert record["path"] == "/var/www/vhosts/company.com/httpdocs/blog"
    assert sandbox.root("httpdocs", "blog", "index.php").is_file()
    entry = sandbox.control("GET", "/requests")[0]
    assert entry["interface"] == "cli" and entry["schema_errors"] == [] and entry["undocumented"] == []


def test_public_catalog(sandbox):
    reply = curl(sandbox, CURL_BROWSER)
    assert reply["message"] == "The task is complete.\n"
    release = reply["data"][0]
    assert list(release) == RELEASE
    assert release["id"] == "wordpress_4.9.7"
    assert release["fields"]["twofactor"]["options"]["clef"] and release["fields"]["passwd"]["gettable"] is False


def test_resellers(sandbox):
    assert curl(sandbox, CURL_RESELLER)["result"] and curl(sandbox, CURL_SUBRESELLER)["result"]
    reply = curl(sandbox, CURL_OWNED)
    assert reply == {"result": True, "message": "", "data": []}


def test_gui_session(sandbox):
    base = "http://127.0.0.1:%d/index.php" % sandbox.ready["port"]
    reply = sandbox.http.post(base, data=json.dumps(dict(PHP_GUI, user="user1")), timeout=30).json()
    assert reply["result"] is True and len(reply["session_id"]) == 22
    page = sandbox.http.get(base, params={"s": reply["session_id"]}, timeout=30)
    assert "user1" in page.text
    assert "Login" in sandbox.http.get(base, params={"s": "wrong"}, timeout=30).text


def test_gui_session_of_a_reseller(sandbox):
    reply = sandbox.call("guixfer", user="reseller123", type="reseller")
    assert reply["result"] is True and reply["session_id"]
    assert sandbox.control("GET", "/requests")[0]["schema_errors"] == []
