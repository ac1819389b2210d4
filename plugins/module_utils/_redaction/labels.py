# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Names of secret values, in dictionaries and in texts. This is a private util of the collection."""

from __future__ import annotations

import functools
import itertools
import re

from .._base.uri import MASK

_SECRET_NAME = re.compile(r"pass|secret|token|credential|api[-_]?key|private[-_]?key|session[-_]?id|crypt[-_]?key|auth[-_]?key"
                          r"|(^|[-_])(salt|nonce)|^key$|^key2$|pwd", re.I)
# The catalog specifies the secret fields of an application (such as the cryptkey of Magento), but not all tasks read it. A field
# whose name suggests a key is therefore treated as secret.
_SECRET_SETTING = re.compile(r"key$|crypt|salt|nonce", re.I)
# The prefix of these fields in rows of the server, and the name of the dictionary that contains them in options and results.
SETTING_PREFIX, _SETTINGS = "cf-", "settings"
# Dictionaries whose keys are ids: a plugin named password-protected is not a password.
_KEYED_BY_ID = frozenset(("list-plugins", "list-themes"))
# Names that look like secrets but are not: an update policy, and the path of a key file.
_NOT_SECRET = frozenset(("update_password", "source_ftu_key"))
# Names of URIs that may contain credentials.
_URI_NAMES = frozenset(("path", "path_backups", "bkloc", "source_ftu", "source_path", "uri", "file", "location", "backup_location"))

# The last part of the name of a secret in a text: db-pass, cf-passwd, X-API-KEY, but not bypass or passive.
_LABEL = (r"(?:[\w.]{0,60}[-_.])?(?:(?:db|ftp|my|user|admin|root|ssh|sftp|mysql)?(?:pass(?:wd|word|wort|phrase|code)?|pwd)|secret|token|credentials?"
          r"|(?:api|private|crypt|auth|encryption|access|secret)[-_]?key|session[-_]?id|salt|nonce|key2?)")
_QUOTE = r"\\*[\"'`]"
# Dumps of data: 'db-pass': ..., ["db-pass"]=> ..., [db-pass] => ..., <db-pass>..., s:7:"db-pass";s:4:..., define('DB_PASSWORD', ...,
# --password=..., X-API-KEY: ..., and short options for passwords.
_DUMPS = tuple(re.compile(pattern, re.I) for pattern in (
    r"%s%s%s\s*\]?\s*(?:=>|[:=]|;\s*s:)\s*" % (_QUOTE, _LABEL, _QUOTE),
    r"\[%s%s?%s?\]\s*=>\s*" % (r"[\"']?", _LABEL, r"[\"']?"),
    r"<%s(?:\s[^<>]*)?>" % _LABEL,
    r"\bdefine\s?\(\s?%s%s%s\s?,\s?" % (_QUOTE, _LABEL, _QUOTE),
    r"(?<!\w)%s\s?=>?\s?(?=\S)" % _LABEL,
    r"\b(?:authorization|cookie|x-api-key)\s?:\s?(?=\S)",
    r"\bmysql\w{0,20}\s[^\n]{0,200}?\s-p(?=\S)",
    r"\b(?:sshpass\s+-p\s*|curl\s[^\n]{0,200}?\s(?:-u|--user)\s*[^\s:]{1,60}:)(?=\S)",
))
# The arguments of a login function in a PHP stack trace.
_CALL = re.compile(r"\b[\w:>-]{0,60}(?:connect|login|auth\w{0,20}|construct|bind|imap_open|passwd?|password)\s?\((?=[^()]{1,500}?,)", re.I)
# A name in a sentence: "Password: hunter2", but not "Password: must be longer".
_SENTENCE = re.compile(r"(?<![\w-])((?:[\w-]{0,60}pass(?:wd|word|phrase)?|pwd|secret|session[-_ ]?id|api[-_ ]?key)\s*:\s+)"
                       r"(\S(?:.*?(?=[,;.]\s|$)))", re.I | re.M)
# Words after such a name that are not values.
_WORDS = frozenset(("yes no on off true false none null required missing empty invalid incorrect wrong expired denied failed refused must should may "
                    "cannot can can't could is isn't was has have does not too the a an this that at field value unknown unset set please use contains "
                    "needs need only allowed length minimum maximum between either your you enter choose **** ********").split())


@functools.lru_cache(maxsize=4096)
def is_secret_name(name: object) -> bool:
    """Return whether a value with this name is a secret (API key, C(passwd), C(db_pass), any C(*pass*) ...)."""
    name = str(name)
    # The keys of vhosts are URLs: compass.example is not a password.
    if name in _NOT_SECRET or "://" in name:
        return False
    return bool(_SECRET_NAME.search(name) or (name.startswith(SETTING_PREFIX) and _SECRET_SETTING.search(name)))


def member_name(parent: object, key: object) -> object:
    """Return the name of a member for is_secret_name(). parent: name of the dictionary that contains the member."""
    if parent in _KEYED_BY_ID:
        return ""
    return SETTING_PREFIX + str(key) if parent == _SETTINGS else key


@functools.lru_cache(maxsize=4096)
def is_uri_name(name: object) -> bool:
    """Return whether a value with this name is a URI that may contain credentials."""
    return str(name).replace("-", "_") in _URI_NAMES


def mask_labelled(text: str) -> str:
    """Return an external text with the values after names of secrets masked.

    In a sentence, the rest of the clause is masked. In a data dump, the end of the value is unknown, so the rest of the text is masked.
    """
    text = _SENTENCE.sub(lambda match: match.group() if _is_word(text, match.start(2)) else match.group(1) + MASK, text)
    call = _CALL.search(text)
    places = [call.end()] if call else []
    for pattern in _DUMPS:
        places += itertools.islice((match.end() for match in pattern.finditer(text) if not _is_word(text, match.end())), 1)
    return text[:min(places)] + MASK if places else text


def _is_word(text: str, place: int) -> bool:
    """Return whether ordinary words follow a name instead of a value: "using password: YES", or a sentence."""
    following = [word.strip(".,;:!?)\"'") for word in text[place:place + 200].split()[:3]]
    return not following or following[0].lower() in _WORDS or len(following) == 3 and all(word.isalpha() and word.isascii() for word in following)
