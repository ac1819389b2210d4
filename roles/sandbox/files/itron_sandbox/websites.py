# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The websites of the request header (section 3.1), and the search for the one that serves a URL."""

import functools

from . import places, urls
from .errors import Refusal, invalid, missing


class Location:
    """The location of a URL: the `website`, its `home`, and the `place` of the site's files."""

    def __init__(self, website, home, place, url):
        self.website = website
        self.home = home
        self.place = place
        self.url = url

    @property
    def label(self):
        """The display name of the website."""
        return str(self.website.get("label") or self.website.get("id") or self.url.domain)


def read(arguments):
    """Return the websites of a request after validation; an absent list is an empty one."""
    given = arguments.get("websites")
    if given in (None, ""):
        return []
    if not isinstance(given, list):
        raise invalid("websites", "A list is expected.")
    for website in given:
        if not isinstance(website, dict):
            raise invalid("websites", "Each website must be a table.")
        if not isinstance(website.get("vhosts", {}), dict):
            # PHP encodes an empty table as an empty list.
            if website["vhosts"] != []:
                raise invalid("websites", "\"vhosts\" must be a table of URLs and paths.")
            website["vhosts"] = {}
    return given


def find(directory, url, groups, panel=None):
    """Return the Location that serves `url`; `groups` are lists of websites in order of precedence.

    A `panel` provides the path of a website that has none.
    """
    wanted = url.vhost
    matches = [(website, root) for group in groups for website in group
               for vhost, root in (website.get("vhosts") or {}).items() if vhost == wanted or _vhost(vhost) == wanted]
    for website, root in matches:
        if website.get("path"):
            return _location(directory, website, website["path"], root, url)
    if matches and panel:
        website, root = matches[0]
        return _location(directory, website, panel.path_of(website), root, url)
    if matches:
        raise missing("path")
    raise Refusal("Error: No website of the request or of the user serves %s." % url.vhost,
                  "failed_website_vhost", "url")


def _location(directory, website, path, root, url):
    """Return the Location of a URL on a website with a `path`."""
    home = places.locate(directory, path)
    return Location(website, home, home.below(str(root), "websites").below(url.path, "url"), url)


@functools.lru_cache(maxsize=65536)
def _vhost(text):
    """Return the scheme and host of a key of ``vhosts``, or None if it is not a URL."""
    try:
        return urls.parse(text).vhost
    except Refusal:
        return None
