# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where things are on disk: every path the server is told of is kept below the state directory.

Local paths lie below ``fs``, and the home directory of each user at each host of a URI below ``remote``, so that
``/var/www`` of the machine is never touched. Passwords of URIs play no part in names on disk.
"""

from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from .errors import Refusal, invalid

REMOTE = ("ftp", "ftps", "sftp", "ssh", "webdav", "webdavs", "dav", "davs", "s3", "dropbox3", "gdrive", "rackspace")
# The test doubles of a host that does not answer and of a login that is refused.
UNREACHABLE, WRONG_PASSWORD = ".invalid", "wrong"


class Place:
    """A directory: `uri` as given, `public` path as the server shows it, `storage` the directory on this disk."""

    def __init__(self, uri, public, storage):
        self.uri = uri
        self.public = public
        self.storage = storage

    def below(self, relative, field="path"):
        """Return the place of a path relative to this one; refuse one that leaves it."""
        parts = _parts(relative, field)
        return Place(self.uri, "/".join([self.public.rstrip("/")] + parts) or "/", self.storage.joinpath(*parts))

    def check_connection(self):
        """Connect to the host of the URI as far as a stand-in can: some names stand for trouble."""
        if "://" not in self.uri:
            return
        parts = split(self.uri)
        if (parts.hostname or "").endswith(UNREACHABLE):
            raise Refusal("Error: Could not connect to the web hosting server.", "failed_filesystem_host", "websites")
        if parts.password == WRONG_PASSWORD:
            raise Refusal("Error: The login to the web hosting server failed.", "failed_filesystem_login", "websites")


def split(uri):
    """Return the parts of a URI; what login and password should have encoded, people leave as it is."""
    scheme, separator, rest = uri.partition("://")
    account, at, place = rest.rpartition("@")
    return urlsplit(scheme + separator + quote(account, safe=":%!$&'()*+,;=") + at + place)


def locate(directory, path, field="websites"):
    """Return the Place of a `path` or URI; `directory` is the state directory."""
    text = str(path)
    if "://" not in text:
        if not text.startswith("/"):
            raise invalid(field, "An absolute path or a URI is expected.")
        return Place(text, "", Path(directory) / "fs").below(text, field)
    try:
        parts = split(text)
        port = ":%d" % parts.port if parts.port else ""
    except ValueError as error:
        raise invalid(field, "The path is no valid URI.") from error
    if parts.scheme == "file":
        return Place(text, "", Path(directory) / "fs").below(parts.path, field)
    if parts.scheme not in REMOTE or not parts.hostname:
        raise invalid(field, "The protocol of the path is not supported.")
    account = quote(unquote(parts.username or "anonymous"), safe="") + "@" + parts.hostname + port
    return Place(text, "", Path(directory) / "remote" / account).below(unquote(parts.path), field)


def _parts(relative, field):
    """Return the steps of a path, refusing those that climb."""
    parts = [part for part in str(relative).split("/") if part not in ("", ".")]
    if ".." in parts or "\0" in str(relative):
        raise invalid(field, "The path leaves its home directory.")
    return parts
