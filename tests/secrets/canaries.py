# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Canaries, which are secrets that can be recognized anywhere, and the search for them."""

import base64
import re
import secrets
from pathlib import Path

from spellings import SPELLINGS

# Characters that can break masking, quoting, encoding or parsing of a password.
AWKWARD = "-\"q'& $d%</@:é☃\\"
CONTEXT = 160


class Canaries:
    """The secrets of one run. Each has a token of letters and digits, which quoting and URL-encoding do not change.

    The tokens are new in every run, so that leftovers of another run do not count as leaks.
    """

    def __init__(self):
        self._nonce = secrets.token_hex(4)
        self.tokens = {}
        self._pattern = None

    def plain(self, name):
        """Return a secret that consists of its token only."""
        if name not in self.tokens:
            self.tokens[name] = "cny%sx%02dz" % (self._nonce, len(self.tokens))
            self._pattern = None
        return self.tokens[name]

    def password(self, name):
        """Return a secret with characters that need quoting in shells, JSON and URLs."""
        return self.plain(name) + AWKWARD

    def uri(self, name, scheme="ftp", host="files.example", path="/home"):
        """Return a URI with a secret as password, which is not URL-encoded."""
        return "%s://web:%s@%s%s" % (scheme, self.password(name), host, path)

    def found_in(self, data):
        """Return the canaries found in bytes as {name: excerpt}."""
        if self._pattern is None:
            forms = {form: name for name, token in self.tokens.items() for form in _forms(token)}
            self._names = forms
            self._pattern = re.compile(b"|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True)))
        found = {}
        # Search again without line breaks, because base64 can be wrapped.
        data += b"\0" + re.sub(rb"\s|\\n", b"", data)
        for match in self._pattern.finditer(data):
            excerpt = data[max(0, match.start() - CONTEXT) : match.end() + CONTEXT].decode("utf-8", "replace")
            found.setdefault(self._names[match.group()], excerpt)
        return found


def _forms(token):
    """Return a token in every encoding, in upper case, and reversed."""
    forms = {spell(token).encode() for spell in SPELLINGS.values()} | {token.upper().encode(), token[::-1].encode()}
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + token.encode())
        # The first and the last digits also depend on the adjacent characters.
        forms.add(text[(0, 2, 3)[shift] : -4])
    return forms


def search(canaries, places):
    """Search bytes for canaries.

    Arguments:
        canaries: Canaries. places: {name of the place: bytes}.

    Returns (list of findings as sentences, number of bytes searched).
    """
    findings = [
        "%s in %s: ...%s..." % (name, place, excerpt)
        for place, data in places.items()
        for name, excerpt in canaries.found_in(data).items()
    ]
    return findings, sum(len(data) for data in places.values())


def files_below(folder, leave_out=()):
    """Return the content of the files below a folder as {path: bytes}, without those that match a pattern in `leave_out`."""
    folder = Path(folder)
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(path.match(pattern) for pattern in leave_out)
    }
