# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is secret, and that it leaves nothing behind."""

import json
import time
from urllib.parse import quote

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._redact import (
    MASK,
    Redactor,
    collect,
    is_secret_name,
    mask_uri,
    uri_secrets,
)

SECRET = "s3cr3t/&\"+pa ss"


@pytest.mark.parametrize("name", ["passwd", "db_pass", "db-pass", "cf-passwd", "key", "api_key", "session_id",
                                  "session-id", "pass", "ftp_password", "token", "key2", "cryptkey_secret",
                                  "cryptkey", "auth_key", "auth_salt", "nonce_salt"])
def test_secret_names(name):
    assert is_secret_name(name)


@pytest.mark.parametrize("name", ["login", "email", "db_name", "update_password", "source_ftu_key", "url", "id",
                                  "user"])
def test_open_names(name):
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
def test_mask_uri_keeps_what_is_no_secret(uri, masked):
    assert mask_uri(uri) == masked


def test_uri_secrets_are_found_as_written_and_decoded():
    assert {"p%40ss", "p@ss", "bob:p%40ss"} <= set(uri_secrets("ftp://bob:p%40ss@host/x"))
    assert uri_secrets("ftp://bob@host/x") == []


def test_collect_goes_by_names_at_any_depth():
    value = {"passwd": "one", "websites": [{"path": "ftp://u:two@h/", "databases": [{"pass": "three", "name": "db"}]}],
             "login": "admin", "settings": {"db_pass": None, "pass_list": ["four", "five"]},
             "list-files": ["index.php"]}
    assert {"one", "two", "three", "four", "five"} <= set(collect(value))
    assert not {"admin", "db", "index.php"} & set(collect(value))


@pytest.mark.parametrize("form", [SECRET, quote(SECRET, safe=""), json.dumps(SECRET)])
def test_text_loses_every_form_of_a_secret(form):
    cleaned = Redactor([SECRET]).text("before %s after" % form)
    assert "s3cr3t" not in cleaned
    assert cleaned.startswith("before ") and cleaned.endswith(" after") and MASK in cleaned


def test_a_short_secret_is_masked_alone_and_not_inside_words():
    redactor = Redactor(["blue"])
    assert redactor.text("wrong password: blue") == "wrong password: %s" % MASK
    assert redactor.text("bluebird at /blue-team/") == "bluebird at /blue-team/"


def test_a_value_that_is_also_open_stays_readable():
    redactor = Redactor(["wordpress1"], plain=["wordpress1"])
    assert redactor.text("user wordpress1") == "user wordpress1"


def test_value_masks_by_name_and_by_value_and_leaves_the_argument_alone():
    redactor = Redactor(["topsecret99"])
    given = {"passwd": "x", "note": "it is topsecret99", "path": "ftp://u:pw@h/x", "n": 3, "none": None,
             "list": [{"db-pass": "y"}]}
    assert redactor.value(given) == {"passwd": MASK, "note": "it is " + MASK, "path": "ftp://u:%s@h/x" % MASK, "n": 3,
                                     "none": None, "list": [{"db-pass": MASK}]}
    assert given["passwd"] == "x"


def test_diff_marks_are_not_masked():
    assert Redactor().value({"passwd": "(set)", "db_pass": "(changed)"}) == {"passwd": "(set)", "db_pass": "(changed)"}


def test_names_learnt_from_the_catalogue():
    redactor = Redactor()
    redactor.add_names(["cryptkey"])
    assert redactor.value({"cryptkey": "abc", "mode": "abc"}) == {"cryptkey": MASK, "mode": "abc"}


@pytest.mark.parametrize("name", ["cf-cryptkey", "cf-auth_salt", "cf-secure-auth-key", "cf-nonce"])
def test_settings_that_sound_like_keys_are_secret(name):
    assert is_secret_name(name)
    assert Redactor().value({"settings": {name[3:]: "x", "mode": "y"}}) == {"settings": {name[3:]: MASK, "mode": "y"}}
    assert collect({"settings": {name[3:]: "x", "mode": "y"}}) == ["x"]


def test_other_settings_stay_readable():
    assert not is_secret_name("cf-keywords") and not is_secret_name("autobk") and not is_secret_name("ca_path")


def test_plugins_whose_ids_sound_secret_stay_readable():
    row = {"list-plugins": {"password-protected/main.php": {"Name": "Password Protected", "Version": "10.20.30.40"}},
           "list-themes": {"compass": {"Name": "Compass Theme"}}}
    assert collect(row) == []
    assert Redactor().value(row) == row


@pytest.mark.parametrize("form", [quote(json.dumps({"a": SECRET})), json.dumps(json.dumps({"a": SECRET}))])
def test_text_loses_a_secret_that_was_encoded_twice(form):
    cleaned = Redactor([SECRET]).text("at " + form)
    assert "s3cr3t" not in cleaned and "ss" not in cleaned.replace("%5C", "")


def test_half_a_character_in_a_secret_does_no_harm():
    assert Redactor(["canary1\ud800"]).text("it is canary1\ud800.") == "it is %s." % MASK


def test_secrets_of_a_reply_are_learnt():
    redactor = Redactor()
    redactor.add_from({"data": [{"db-pass": "fromserver1", "db-user": "u"}]})
    assert "fromserver1" not in redactor.text("Access denied for u using fromserver1")


@pytest.mark.parametrize("cut", [0, 3, 8])
def test_text_after_a_secret_that_was_cut_off_stays_when_it_is_masked_again(cut):
    clean = Redactor().text
    once = clean('no JSON: {"session_id": "abcdefgh')
    assert once == 'no JSON: {"session_id": "********'
    # The excerpt of an answer is cut after it was masked, and masked again.
    told = clean(once[: len(once) - cut]) + ". Try again."
    assert clean(told) == 'no JSON: {"session_id": "********. Try again.'


@pytest.mark.parametrize("secret", ["*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19", "*", "****abc"])
def test_a_secret_that_looks_like_a_mask_is_masked(secret):
    assert Redactor().text('{"db-pass": "%s' % secret) == '{"db-pass": "********'


def seconds_to_clean(secrets):
    """Return the seconds that a result of ten thousand texts takes with so many known secrets, the best of three."""
    redactor = Redactor("secret-%05d" % number for number in range(secrets))
    result = [{"url": "https://site-%05d.example" % number, "note": "on secret-%05d" % number} for number in range(5000)]
    rounds = []
    for _round in range(3):
        start = time.process_time()
        cleaned = redactor.value(result)
        rounds.append(time.process_time() - start)
    assert cleaned[secrets - 1] == {"url": result[secrets - 1]["url"], "note": "on " + MASK}
    assert cleaned[secrets] == result[secrets]
    return min(rounds)


def test_many_secrets_do_not_slow_down_long_results():
    # A list of sites comes with a password for each of them: without an index that is a square.
    assert seconds_to_clean(2000) < 6 * seconds_to_clean(10)


def test_the_longest_of_secrets_that_begin_alike_is_masked_and_later_ones_too():
    redactor = Redactor(["abcdefgh", "abcdefgh-longer"])
    assert redactor.value({"x": "an abcdefgh-longer, abcdefgh"}) == {"x": "an %s, %s" % (MASK, MASK)}
    assert redactor.value("new-secret-9") == "new-secret-9"
    redactor.add(["new-secret-9"])
    assert redactor.value("new-secret-9") == MASK
    redactor.allow(["new-secret-9"])
    assert redactor.known("new-secret-9") == "new-secret-9"
