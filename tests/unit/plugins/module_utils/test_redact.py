# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Detection and masking of secrets."""

import base64
import json
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "secrets"))

from spellings import FORMS, SPELLINGS  # noqa: E402 # pylint: disable=wrong-import-position

from ansible_collections.hostops.installatron.plugins.module_utils._base.uri import (  # noqa: E402 # pylint: disable=wrong-import-position
    MASK,
    mask_uri,
    mask_uris,
    needs_encoding,
    uri_secrets,
)
from ansible_collections.hostops.installatron.plugins.module_utils._redaction.labels import (  # noqa: E402 # pylint: disable=wrong-import-position
    is_secret_name,
)
from ansible_collections.hostops.installatron.plugins.module_utils._redaction.redact import (  # noqa: E402 # pylint: disable=wrong-import-position
    MAX_FOREIGN,
    Redactor,
    collect,
)

SECRET = "s3cr3t/&\"+pa ss"


@pytest.mark.parametrize("name", ["passwd", "db_pass", "db-pass", "cf-passwd", "key", "api_key", "session_id",
                                  "session-id", "pass", "ftp_password", "token", "key2", "cryptkey_secret",
                                  "cryptkey", "auth_key", "auth_salt", "nonce_salt"])
def test_is_secret_name(name):
    assert is_secret_name(name)


@pytest.mark.parametrize("name", ["login", "email", "db_name", "update_password", "source_ftu_key", "url", "id",
                                  "user"])
def test_is_secret_name_false(name):
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    ("uri", "masked"),
    [
        ("ftp://bob:hunter2@host/x", "ftp://bob:%s@host/x" % MASK),
        ("ssh://bob@host/x", "ssh://bob@host/x"),
        ("ftp://bob:pa@ss/word@host/x", "ftp://bob:%s@host/x" % MASK),
        ("/var/www/x", "/var/www/x"),
        ("a ftp://a:b@c and sftp://d:e@f end", "a ftp://a:%s@c and sftp://d:%s@f end" % (MASK, MASK)),
    ],
)
def test_mask_uri(uri, masked):
    assert mask_uri(uri) == masked


def test_uri_secrets_raw_and_decoded():
    assert {"p%40ss", "p@ss", "bob:p%40ss"} <= set(uri_secrets("ftp://bob:p%40ss@host/x"))
    assert uri_secrets("ftp://bob@host/x") == []


def test_collect_by_name_at_any_depth():
    value = {"passwd": "one", "websites": [{"path": "ftp://u:two@h/", "databases": [{"pass": "three", "name": "db"}]}],
             "login": "admin", "settings": {"db_pass": None, "pass_list": ["four", "five", None, True]},
             "list-files": ["index.php"], 5: "six"}
    assert {"one", "two", "three", "four", "five"} <= set(collect(value))
    assert not {"admin", "db", "index.php", "None", "True", "six"} & set(collect(value))


def test_maskable_length_and_order():
    redactor = Redactor(["1234567", "12345678", "of-options"])
    redactor.add_from({"db-pass": "of-the-server"})
    assert redactor.maskable == ["of-the-server", "of-options", "12345678"]


@pytest.mark.parametrize("form", [SECRET, quote(SECRET, safe=""), json.dumps(SECRET)])
def test_text_encoded_forms(form):
    cleaned = Redactor([SECRET]).text("before %s after" % form)
    assert "s3cr3t" not in cleaned
    assert cleaned.startswith("before ") and cleaned.endswith(" after") and MASK in cleaned


def test_text_short_secret():
    redactor = Redactor(["blue"])
    assert redactor.text("wrong password: blue") == "wrong password: %s" % MASK
    assert redactor.text("bluebird at /blue-team/") == "bluebird at /blue-team/"


def test_text_plain_value_kept():
    redactor = Redactor(["wordpress1"], plain=["wordpress1"])
    assert redactor.text("user wordpress1") == "user wordpress1"


def test_value_by_name_and_content():
    redactor = Redactor(["topsecret99"])
    given = {"passwd": "x", "note": "it is topsecret99", "path": "ftp://u:pw@h/x", "n": 3, "none": None,
             "list": [{"db-pass": "y"}]}
    assert redactor.value(given) == {"passwd": MASK, "note": "it is " + MASK, "path": "ftp://u:%s@h/x" % MASK, "n": 3,
                                     "none": None, "list": [{"db-pass": MASK}]}
    assert given["passwd"] == "x"


def test_value_diff_marks_kept():
    assert Redactor().value({"passwd": "(set)", "db_pass": "(changed)"}) == {"passwd": "(set)", "db_pass": "(changed)"}


def test_value_names_from_catalog():
    redactor = Redactor()
    assert not is_secret_name("serial")
    redactor.add_names(["serial"])
    assert redactor.value({"serial": "abc", "cf-serial": "d", "mode": "abc"}) == {"serial": MASK, "cf-serial": MASK, "mode": "abc"}


@pytest.mark.parametrize("name", ["cf-cryptkey", "cf-auth_salt", "cf-secure-auth-key", "cf-nonce"])
def test_settings_with_key_names_secret(name):
    assert is_secret_name(name)
    assert Redactor().value({"settings": {name[3:]: "x", "mode": "y"}}) == {"settings": {name[3:]: MASK, "mode": "y"}}
    assert collect({"settings": {name[3:]: "x", "mode": "y"}}) == ["x"]


def test_settings_with_other_names_readable():
    assert not is_secret_name("cf-keywords") and not is_secret_name("autobk") and not is_secret_name("ca_path")


def test_addon_ids_readable():
    row = {"list-plugins": {"password-protected/main.php": {"Name": "Password Protected", "Version": "10.20.30.40"}},
           "list-themes": {"compass": {"Name": "Compass Theme"}}}
    assert collect(row) == []
    assert Redactor().value(row) == row


@pytest.mark.parametrize("form", [quote(json.dumps({"a": SECRET})), json.dumps(json.dumps({"a": SECRET}))])
def test_text_double_encoding(form):
    cleaned = Redactor([SECRET]).text("at " + form)
    assert "s3cr3t" not in cleaned and "ss" not in cleaned.replace("%5C", "")


def test_text_lone_surrogate():
    assert Redactor(["canary1\ud800"]).text("it is canary1\ud800.") == "it is %s." % MASK


def test_text_secrets_of_reply():
    redactor = Redactor()
    redactor.add_from({"data": [{"db-pass": "fromserver1", "db-user": "u"}]})
    assert "fromserver1" not in redactor.text("Access denied for u using fromserver1")


def test_value_common_prefix_and_later_secrets():
    redactor = Redactor(["abcdefgh", "abcdefgh-longer"])
    assert redactor.value({"x": "an abcdefgh-longer, abcdefgh"}) == {"x": "an %s, %s" % (MASK, MASK)}
    assert redactor.value("new-secret-9") == "new-secret-9"
    redactor.add(["new-secret-9"])
    assert redactor.value("new-secret-9") == MASK
    redactor.allow(["new-secret-9"])
    assert redactor.known("new-secret-9") == "new-secret-9"


# --- text of the server -----------------------------------------------------------------------------------------------

# Secrets with characters that are difficult for an encoding, a form or an intermediate program.
AWKWARD = ["Tr0ub&4dor\"x", "pa/ss w'ord<x>@:%é😀 end", SECRET, "&amp;%41\\u0041<b>abc", "Zq7'xKm9'Wv3", "\\\\'%%<<&&\"\"", "пароль; 密码 ☃!"]


@pytest.mark.parametrize("secret", AWKWARD)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_known_secret_all_spellings(spelling, secret):
    spelled = SPELLINGS[spelling](secret)
    redactor = Redactor([secret])
    text = "Access denied for 'bob' with %s at host.example" % spelled
    for cleaned in (redactor.text(text), redactor.foreign(text), redactor.value({"title": text})["title"]):
        assert spelled not in cleaned and secret not in cleaned and MASK in cleaned
        assert cleaned.startswith("Access denied for 'bob' with ") and cleaned.endswith(" at host.example")


@pytest.mark.parametrize("secret", AWKWARD)
@pytest.mark.parametrize("name", ["db-pass", "cf-passwd", "api_key", "session_id", "ftp_password"])
@pytest.mark.parametrize("form", FORMS)
def test_foreign_labeled_secret(form, name, secret):
    cleaned = Redactor().foreign("Login failed: " + FORMS[form](name, secret))
    assert cleaned.startswith("Login failed: ") and MASK in cleaned
    assert [spelling for spelling, spell in SPELLINGS.items() if spell(secret) in cleaned or secret[4:] in cleaned] == []


@pytest.mark.parametrize("cut", [9, 12])
def test_foreign_truncated_secret(cut):
    assert Redactor(["Hunter2hunter2"]).foreign("using " + "Hunter2hunter2"[:cut]) == "using " + MASK


def test_foreign_hostile_text_bounded():
    redactor = Redactor(["the-key-of-the-server"])
    assert redactor.foreign("&" + "amp;" * 100) == "(a text with more than 30 layers of encoding)"
    assert len(redactor.foreign("%41" * 100000)) < MAX_FOREIGN + 5
    # The limit cuts the secret in half.
    for spelled in ("the-key-of-the-server", base64.b64encode(b"the-key-of-the-server").decode(), "another-key"):
        assert spelled[:7] not in redactor.foreign(" " * 19990 + spelled)


# (message of the server, expected text if it is different)
MESSAGES = [
    ("mysql: unknown variable 'max_connections=x'", None),
    ("curl: option -u: requires parameter", None),
    ("Missing fields: 'passwd', 'email'", None),
    ("define('WP_DEBUG', true) in wp-config.php", None),
    ("Access denied for user 'bob'@'localhost' (using password: YES)", None),
    ("SQLSTATE[HY000] [1045] Access denied for user 'db123'@'10.0.0.5' (using password: NO)", None),
    ('Error: Could not connect to the web hosting server. Please try again in a couple of minutes. '
     'Technical Error: invalid_worker_plugin_upload', None),
    ('The task is complete.\n',
     'The task is complete.'),
    ('PHP Warning:  mysqli_connect(): (HY000/2002): No such file or directory in /usr/local/installatron/lib/db.php on line 31',
     'PHP Warning: mysqli_connect(): (HY000/2002): No such file or directory in /usr/local/installatron/lib/db.php on line 31'),
    ('Fatal error: Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /usr/local/x.php on line 3', None),
    ('curl: (6) Could not resolve host: files.example.com', None),
    ("curl: (7) Failed to connect to 192.0.2.7 port 443 after 75001 ms: Couldn't connect to server", None),
    ('curl: (60) SSL certificate problem: unable to get local issuer certificate', None),
    ('530 Login authentication failed', None),
    ('227 Entering Passive Mode (192,0,2,7,195,80).', None),
    ("550 Can't change directory to /home/dev1/public_html: No such file or directory", None),
    ('Permission denied (publickey,password).', None),
    ('ssh: connect to host server120.host.com port 22: Connection refused', None),
    ('Host key verification failed.', None),
    ('<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n'
     '<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>',
     '502 Bad Gateway 502 Bad Gateway nginx/1.22.1'),
    ('<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>404 Not Found</title>\n'
     '</head><body>\n<h1>Not Found</h1>\n<p>The requested URL was not found on this server.</p>\n<hr>\n'
     '<address>Apache/2.4.57 (Debian) Server at itron.example Port 443</address>\n</body></html>',
     '404 Not Found Not Found The requested URL was not found on this server. Apache/2.4.57 (Debian) Server at itron.example Port 443'),
    ('The URL &quot;http://company.com/blog&quot; doesn&#039;t belong to a website of this user.',
     'The URL "http://company.com/blog" doesn\'t belong to a website of this user.'),
    ('Caf\\u00e9 d\\u00e9j\\u00e0 vu \\/ index.php',
     'Café déjà vu / index.php'),
    ('An application is already installed at http://www.example.com/blog (id 3reqf1iduigw0kogk8skgcsoc).', None),
    ('There is no website for https://example.com:8443/shop. Please contact support@example.com.', None),
    ('passwd: must be at least 8 characters long', None),
    ('The password is too short.', None),
    ('Password: This field is required.', None),
    ('db_pass is required', None),
    ('Missing argument: db_pass', None),
    ("Unknown column 'password' in 'field list'", None),
    ("Duplicate entry 'admin' for key 'PRIMARY'", None),
    ("Table 'db123.wp_users' doesn't exist", None),
    ('Invalid value for field "autoup": 7 (allowed: 0, 1, 2)', None),
    ('syntax error, unexpected token "}", expecting "]"', None),
    ('The plugin password-protected could not be updated: 403 Forbidden', None),
    ('The session has expired, please log in again.', None),
    ('Disk quota exceeded: 100% of 1024 MB used', None),
    ('tar: wp-content/uploads/2013/08/50%25-off.png: Cannot write: No space left on device',
     'tar: wp-content/uploads/2013/08/50%-off.png: Cannot write: No space left on device'),
    ('WordPress 6.4.3 requires PHP 7.0 or higher; your server runs 5.6.40.', None),
    ('Could not write /home/dev1/public_html/wp-config.php (owner bob:bob, mode 0644)', None),
    ('The API key is not valid.', None),
    ('DNS: www.example.com resolves to 192.0.2.7 & not to 192.0.2.8', None),
    ('Backup app_testing-installatron-com_My-Zurmo-3_2013-08-25_05-43-28.tar.gz of http://dev1.dev-is4.installatron.com/crmtest02 failed: 7 <> 8 files', None),
    ('Migration of http://old.example.com to http://new.example.com/blog failed at 45 %: timeout after 30s', None),
    ('Could not log in to ssh://bob:Hunter2hunter2@server120.host.com/var/www/vhosts',
     'Could not log in to ssh://bob:********@server120.host.com/var/www/vhosts'),
]


@pytest.mark.parametrize(("message", "shown"), MESSAGES)
def test_foreign_messages_readable(message, shown):
    redactor = Redactor(["blog", "wordpress1", "S3cret-of-dev1", "the-api-key-1", "words"], plain=["admin"])
    assert redactor.foreign(message) == (shown or message)


@pytest.mark.parametrize("character", [chr(code) for code in range(32, 127)] + list("é☃😀\u00a0\u3000"))
def test_uri_password_all_characters(character):
    password = "Zq7%sxKm9%sWv3" % (character, character)
    uri = "ssh://bob:%s@host/home/bob" % password
    for name in ("path", "bkloc", "source_ftu", "cf-remote"):
        redactor = Redactor(collect({name: uri}))
        assert Redactor().value({name: uri}) == {name: "ssh://bob:%s@host/home/bob" % MASK}
        assert password not in redactor.text("cannot use %s there" % password)
    assert mask_uri(uri) == "ssh://bob:%s@host/home/bob" % MASK
    assert mask_uris("login to %s failed" % uri) == "login to ssh://bob:%s@host/home/bob failed" % MASK
    assert needs_encoding(uri) is (character in '@/?#[]"<>\\^`{|} %' or not character.isascii())


@pytest.mark.parametrize("text", [
    "http://www.example.com:8080/a@b", "write to admin@host: http://host.example: refused, mail me@host.example", "https://example.com/@alice:x",
    "ssh://bob@www.example.com:22/x", "/home/bob@example.com", "no connection to http://127.0.0.1:8000/server/v1",
])
def test_uri_false_positives(text):
    assert mask_uris(text) == text and uri_secrets(text) == []


def test_uri_masked_password_not_secret():
    shown = {"bkloc": "ftp://keeper:%s@store.example/here" % MASK}
    assert uri_secrets(shown["bkloc"], is_uri=True) == uri_secrets("at %s" % shown["bkloc"]) == []
    assert Redactor(collect(shown)).value(shown) == shown


@pytest.mark.timeout(60)
def test_mask_uris_long_word():
    # Quadratic time would take an hour.
    text = "ssh://bob:geheim@host " + "x" * 3_000_000
    assert mask_uris(text) == text.replace("geheim", MASK)


@pytest.mark.parametrize(("uri", "masked"), [
    ("app://admin:pa ss'word@x", "app://admin:" + MASK),
    ("ftp://bob:cut-off", "ftp://bob:" + MASK),
    ("ftp://host:21/x", "ftp://host:21/x"),
    ("ftp://[::1]/x", "ftp://[::1]/x"),
])
def test_mask_uri_without_host_or_end(uri, masked):
    assert mask_uri(uri) == masked


def test_control_characters_escaped():
    text = "a\x1b[2J\x1b]0;x\x07\x9b\u202e\u2028b\nPLAY RECAP\r\tc\ud800\U000e0041"
    assert Redactor().text(text) == (
        "a\\x1b[2J\\x1b]0;x\\x07\\x9b\\u202e\\u2028b\\nPLAY RECAP\\r\\tc\\ud800\\U000e0041")
    assert Redactor().foreign(text) == "a[2J]0;x b PLAY RECAP c"
    assert Redactor().value({"title": text}) == {"title": text}


def test_value_uri_as_key():
    redactor = Redactor(collect({"vhosts": {"ftp://bob:hunter2-hunter2@host": "x"}}))
    assert redactor.value({"vhosts": {"ftp://bob:other-pass@host": "x"}}) == {"vhosts": {"ftp://bob:%s@host" % MASK: "x"}}
    assert "hunter2" not in redactor.text("hunter2-hunter2")


def test_add_from_replies_not_kept():
    redactor = Redactor()
    for number in range(1000):
        redactor.add_from({"db-pass": "password-%d" % number})
    assert len(redactor._unread) < 20
    assert redactor.text("password-3 and password-999") == "%s and %s" % (MASK, MASK)


def test_value_secret_added_later():
    redactor = Redactor()
    assert redactor.value({"title": "about hunter22222"}) == {"title": "about hunter22222"}
    redactor.add(["hunter22222"])
    assert redactor.value({"title": "about hunter22222"}) == {"title": "about %s" % MASK}
    redactor.allow(["hunter22222"])
    assert redactor.value({"title": "about hunter22222"}) == {"title": "about hunter22222"}


def test_known_in_lists_and_keys():
    """In public texts, a name such as passwd labels the description of a field, so only known secrets are masked."""
    redactor = Redactor(["canary-of-the-vendor"])
    text = {"passwd": ["at least 8 characters", {"note": "not canary-of-the-vendor"}], "ftp://a:canary-of-the-vendor@b.example": 1}
    assert redactor.known(text) == {"passwd": ["at least 8 characters", {"note": "not ********"}], "ftp://a:********@b.example": 1}
