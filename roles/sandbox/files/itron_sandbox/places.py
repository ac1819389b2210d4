# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mapping of paths to the disk: every path in a request is stored below the state directory.

Local paths are below ``fs``, and the home directories of remote users below ``remote``, so that ``/var/www`` of the
machine is never touched. Names on disk do not depend on the passwords in URIs.
"""

from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from .errors import Refusal, invalid

REMOTE = ("ftp", "ftps", "sftp", "ssh", "webdav", "webdavs", "dav", "davs", "s3", "dropbox3", "gdrive", "rackspace")
# Names that simulate an unreachable host and a refused login.
UNREACHABLE, WRONG_PASSWORD = ".invalid", "wrong"


class Place:
    """A directory: `uri` as given, the `public` path that the server shows, and `storage`, the directory on this disk."""

    def __init__(self, uri, public, storage):
        self.uri = uri
        self.public = public
        self.storage = storage

    def below(self, relative, field="path"):
        """Return the place of a path relative to this one; refuse a path outside it."""
        parts = _parts(relative, field)
        return Place(self.uri, "/".join([self.public.rstrip("/")] + parts) or "/", self.storage.joinpath(*parts))

    def check_connection(self):
        """Simulate the connection to the host of the URI: some names stand for failures."""
        if "://" not in self.uri:
            return
        parts = split(self.uri)
        if (parts.hostname or "").endswith(UNREACHABLE):
            raise Refusal("Error: Could not connect to the web hosting server.", "failed_filesystem_host", "websites")
        if parts.password == WRONG_PASSWORD:
            raise Refusal("Error: The login to the web hosting server failed.", "failed_filesystem_login", "websites")


def split(uri):
    """Return the parts of a URI. User names and passwords are often not encoded, so encode them first."""
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
    """Return the components of a path; refuse a path that contains ``..``."""
    parts = [part for part in str(relative).split("/") if part not in ("", ".")]
    if ".." in parts or "\0" in str(relative):
        raise invalid(field, "The path leaves its home directory.")
    return parts
