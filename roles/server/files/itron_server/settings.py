# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applies the desired settings to settings.ini. The request contains secrets, the answer contains none."""

import os
import re
import shutil
import stat
import tempfile

MODE = 0o600
KEYS = ("key", "key2")
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
KEY = re.compile(r"[A-Za-z0-9._~+/=-]{8,}")
SECRET_NAME = re.compile(r"key|pass|pwd|secret|token|licen[cs]e|credential|auth|salt|dsn|uri|url", re.IGNORECASE)
PLAIN_VALUE = re.compile(r"[A-Za-z0-9_./:@,+-]*")


class Unusable(Exception):
    """A request that cannot be executed. The text is for the user and contains no secret."""


class SettingsText:
    """The text of settings.ini. Lines that are neither set nor removed stay unchanged, byte by byte."""

    def __init__(self, text):
        self._lines = text.splitlines(keepends=True)
        self._end = "\r\n" if text and "\r\n" in self._lines[0] else "\n"

    def __str__(self):
        return "".join(self._lines)

    def get(self, name):
        """Return the value of a setting, or None."""
        found = self._find(name)
        return _unquoted(found[1].group("value")) if found else None

    def set(self, name, value):
        """Set a setting in its line if it has one, otherwise in a new line before the first section."""
        found = self._find(name)
        if found:
            number, match = found
            self._lines[number] = match.group("before") + _quoted(name, value) + match.group("after")
            return
        place = next((number for number, line in enumerate(self._lines) if line.lstrip().startswith("[")), len(self._lines))
        if place and not self._lines[place - 1].endswith("\n"):
            self._lines[place - 1] += self._end
        self._lines.insert(place, "%s=%s%s" % (name, _quoted(name, value), self._end))

    def remove(self, name):
        """Remove the line of a setting."""
        found = self._find(name)
        if found:
            del self._lines[found[0]]

    def _find(self, name):
        """Return (number of the line, match) of a setting, or None."""
        pattern = re.compile(r"(?P<before>\s*%s\s*=[ \t]*)(?P<value>\"[^\"]*\"|'[^']*'|[^;\r\n]*?)(?P<after>[ \t]*(?:;[^\r\n]*)?[\r\n]*)"
                             % re.escape(name))
        found = [(number, match) for number, match in enumerate(map(pattern.fullmatch, self._lines)) if match]
        if len(found) > 1:
            raise Unusable("settings.ini contains the setting %s in %d lines. Remove all but one of them." % (name, len(found)))
        return found[0] if found else None


def _unquoted(value):
    return value[1:-1] if len(value) > 1 and value[0] in "\"'" and value[-1] == value[0] else value.strip()


def _quoted(name, value):
    if PLAIN_VALUE.fullmatch(value):
        return value
    if re.search(r"[\"\\\x00-\x1f\x7f]|\$\{", value):
        raise Unusable("The value of the setting %s contains a quotation mark, a backslash, ${, or a control character, which settings.ini cannot hold." % name)
    return '"%s"' % value


def plan_keys(held, key, following="", revoke=False, fresh=False):
    """Return the keys that must be valid: the first for C(key), the second for C(key2).

    Arguments:
        held: the keys that are valid now. key, following: the key of the clients, and the key that they move to.
        revoke: whether to revoke other keys. fresh: whether the server was just installed, so that no client has a key.

    Other keys stay valid until they are revoked, and not all keys are revoked at once, so that no client loses access unexpectedly.
    """
    _check_keys(key, following)
    wanted = [name for name in (key, following) if name]
    if not wanted:
        return held
    if fresh:
        return wanted
    if revoke:
        if held and not set(held) & set(wanted):
            raise Unusable("server_key_revoke: settings.ini contains neither server_key nor server_key_next, so every client would lose access at once. Run "
                           "the role once without server_key_revoke, move the clients, and then revoke.")
        return wanted
    kept = wanted + [name for name in held if name not in wanted]
    if len(kept) > len(KEYS):
        raise Unusable("server_key: settings.ini has room for two keys, and its present keys differ from the desired ones. A client may use them. If "
                       "none does, set server_key_revoke: true to revoke every key that is neither server_key nor server_key_next.")
    return kept


def _check_keys(key, following):
    if following and not key:
        raise Unusable("server_key_next: requires server_key.")
    if following and following == key:
        raise Unusable("server_key_next: is the same as server_key. Set a new key, or remove the option.")
    for option, value in (("server_key", key), ("server_key_next", following)):
        if value and not KEY.fullmatch(value):
            raise Unusable("%s: must have at least 8 characters, and only letters, digits, and ._~+/=-." % option)


def check_names(settings, secret_settings, absent):
    """Raise Unusable for invalid names and values of settings."""
    for option, names in (("server_settings", settings), ("server_secret_settings", secret_settings), ("server_settings_absent", absent)):
        for name in names:
            if not NAME.fullmatch(name):
                raise Unusable("%s: %r is not a valid name of a setting." % (option, name))
            if name in KEYS:
                raise Unusable("%s: set %s with server_key and server_key_next, so that no client loses access." % (option, name))
    twice = sorted((set(settings) & set(secret_settings)) | (set(absent) & (set(settings) | set(secret_settings))))
    if twice:
        raise Unusable("The setting %s is in more than one of server_settings, server_secret_settings, and server_settings_absent." % twice[0])
    for name, value in {**settings, **secret_settings}.items():
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise Unusable("The setting %s must be a string or a number. Quote a word such as \"yes\", because settings.ini keeps the spelling." % name)


def merge(text, wanted):
    """Return the text of settings.ini with the desired settings."""
    settings, secret_settings, absent = wanted["settings"], wanted["secret_settings"], wanted["absent"]
    check_names(settings, secret_settings, absent)
    merged = SettingsText(text)
    held = [value for value in map(merged.get, KEYS) if value]
    keys = plan_keys(held, wanted["key"], wanted["key_next"], wanted["key_revoke"], wanted["fresh"])
    values = {**{name: str(value) for name, value in {**settings, **secret_settings}.items()}, **dict(zip(KEYS, keys))}
    for name, value in values.items():
        if merged.get(name) != value:
            merged.set(name, value)
    for name in absent:
        merged.remove(name)
    # An empty key2 comes from the vendor and stays.
    if len(keys) < len(KEYS) and merged.get("key2"):
        merged.remove("key2")
    return str(merged)


def difference(before, after, wanted):
    """Return the lines of a diff of two texts of settings.ini, without secret values."""
    hidden = set(wanted["secret_settings"]) | set(KEYS)
    names = [*KEYS, *wanted["settings"], *wanted["secret_settings"], *wanted["absent"]]
    lines = []
    for name in names:
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        secret = name in hidden or SECRET_NAME.search(name)
        if old is not None:
            lines.append("-%s=%s" % (name, "(set)" if secret else old))
        if new is not None:
            lines.append("+%s=%s" % (name, new if not secret else "(set)" if old is None else "(changed)"))
    return lines


def read(path):
    """Return (text, mode) of a file, or (\"\", None) if it does not exist. Bytes that are not valid UTF-8 are preserved."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
            return file.read(), stat.S_IMODE(os.fstat(file.fileno()).st_mode)
    except FileNotFoundError:
        return "", None


def write(path, text):
    """Replace a file atomically. Keep its owner, and set its mode to 0600."""
    handle, temporary = tempfile.mkstemp(prefix=".settings.", dir=os.path.dirname(path))
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if os.path.exists(path):
            # Includes the SELinux context.
            shutil.copystat(path, temporary)
            os.chown(temporary, os.stat(path).st_uid, os.stat(path).st_gid)
            os.utime(temporary)
        os.chmod(temporary, MODE)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def apply(wanted):
    """Apply the desired settings to settings.ini, except in check mode. Return the answer of the program."""
    path = os.path.realpath(wanted["path"])
    text, mode = read(path)
    merged = merge(text, wanted)
    lines = difference(SettingsText(text), SettingsText(merged), wanted)
    if mode is not None and mode != MODE:
        lines += ["-(mode of the file) %04o" % mode, "+(mode of the file) %04o" % MODE]
    # Before the first installation, the mode is None, and check mode shows only the settings.
    needed = merged != text or (mode is not None and mode != MODE)
    if needed and not wanted["check"]:
        if not os.path.isdir(os.path.dirname(path)):
            raise Unusable("%s does not exist, so settings.ini cannot be created." % os.path.dirname(path))
        write(path, merged)
    return {"changed": needed, "diff": lines, "problem": None}


def answer(wanted):
    """Return the result, or the problem that prevents it."""
    try:
        return apply(wanted)
    except Unusable as problem:
        return {"changed": False, "diff": [], "problem": str(problem)}
    except OSError as error:
        return {"changed": False, "diff": [], "problem": "settings.ini cannot be read or written: %s" % error.strerror}
