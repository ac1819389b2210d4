# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Redacts secrets in the output of the vendor's installer."""

import base64
import json
import shlex
from urllib.parse import quote, quote_plus

from .settings import SECRET_NAME, SettingsText, read

MASK = "********"
# A shorter value may be part of an ordinary word.
SHORTEST = 4


def secrets_of(path):
    """Return the values of the secret settings of a settings.ini."""
    found = []
    for line in read(path)[0].splitlines():
        name = line.partition("=")[0].strip()
        if "=" in line and name[:1] not in (";", "#") and SECRET_NAME.search(name):
            found.append(SettingsText(line).get(name))
    return [value for value in found if value]


def mask(text, secrets):
    """Return a text in which all common encodings of the secrets are masked. The longest are replaced first."""
    spellings = {spelling for secret in secrets if secret and len(secret) >= SHORTEST for spelling in _spellings(secret)}
    for spelling in sorted(spellings, key=len, reverse=True):
        text = text.replace(spelling, MASK)
    return text


def _spellings(secret):
    data = secret.encode("utf-8", "surrogateescape")
    yield secret
    for safe in ("", "/"):
        yield quote(secret, safe=safe, errors="surrogateescape")
        yield quote_plus(secret, safe=safe, errors="surrogateescape")
    yield shlex.quote(secret)
    for ascii_only in (True, False):
        yield json.dumps(secret, ensure_ascii=ascii_only)[1:-1]
        yield json.dumps(secret, ensure_ascii=ascii_only)[1:-1].replace("/", "\\/")
    if len(data) >= 2 * SHORTEST:
        yield data.hex()
        yield data.hex().upper()
        for shift in range(3):
            # Drop the first and the last digits, because they also depend on the adjacent characters.
            digits = base64.b64encode(b"\0" * shift + data).decode("ascii").rstrip("=")
            yield digits[(0, 2, 3)[shift]:len(digits) - ((len(data) + shift) % 3 > 0)]
