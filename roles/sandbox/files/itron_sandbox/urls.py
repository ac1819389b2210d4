# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Site URLs: one normal form in which addresses are compared and stored."""

from urllib.parse import urlsplit

from .errors import invalid

PORTS = {"http": 80, "https": 443}


class SiteUrl:
    """An address of a site: `scheme`, `host` (lower case, IDNA, with a port unless it is the default), `path`."""

    def __init__(self, scheme, host, path):
        self.scheme = scheme
        self.host = host
        self.path = path

    def __str__(self):
        return "%s://%s%s" % (self.scheme, self.host, self.path)

    @property
    def domain(self):
        """The host without a port, as in ``url-domain``."""
        return self.host.rpartition(":")[0] if self.host[-1:].isdigit() and ":" in self.host else self.host

    @property
    def vhost(self):
        """The scheme and host, which name a vhost."""
        return "%s://%s" % (self.scheme, self.host)


def parse(text, field="url"):
    """Return the SiteUrl of `text`; refuse anything except an http or https address of a site."""
    try:
        parts = urlsplit(str(text).strip())
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
    except (ValueError, UnicodeError) as error:
        raise invalid(field, "It is not a URL.") from error
    scheme = parts.scheme.lower()
    if scheme not in PORTS or not host or "@" in parts.netloc or parts.query or parts.fragment:
        raise invalid(field, "A URL such as http://company.com/blog is expected.")
    if ".." in parts.path.split("/"):
        raise invalid(field, "The path leaves the website.")
    if port and port != PORTS[scheme]:
        host = "%s:%d" % (host, port)
    return SiteUrl(scheme, host, parts.path.rstrip("/"))
