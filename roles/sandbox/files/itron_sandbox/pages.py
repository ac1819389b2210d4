# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The web sites: files and pages selected by the ``Host`` header, rendered from the site's files and database."""

import html
import mimetypes

from . import catalog, places, sitedata, sitefiles, urls
from .errors import Refusal

NOT_FOUND = (404, {"Content-Type": "text/html; charset=utf-8"}, b"<html><body><h1>404 Not Found</h1></body></html>")
PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="generator" content="{generator}">
<meta name="description" content="{tagline}">
</head>
<body>
<h1>{title}</h1>
<p class="tagline">{tagline}</p>
{posts}
</body>
</html>
"""


class Sites:
    """The document roots of each host; the index is rebuilt when the websites change."""

    def __init__(self, world):
        self._world = world
        self._index = (None, {})

    def roots(self, host, scheme):
        """Return the document roots of a host, those with the same scheme first."""
        known = self._hosts()
        found = known.get(host) or known.get(host.rpartition(":")[0] if ":" in host else host) or []
        return [root for _other, root in sorted(found, key=lambda item: item[0] != scheme)]

    def _hosts(self):
        """Return the index: host -> list of (scheme, directory)."""
        rows = self._world.store.query("SELECT websites FROM users")
        mark = hash(tuple(rows))
        if self._index[0] != mark:
            self._index = (mark, self._read())
        return self._index[1]

    def _read(self):
        """Return the index of all stored websites."""
        index = {}
        for website in self._world.accounts.every_website():
            for vhost, root in (website.get("vhosts") or {}).items():
                try:
                    url = urls.parse(vhost)
                    home = places.locate(self._world.directory, website.get("path") or self._world.panel.last_path(website))
                    place = home.below(str(root)).below(url.path)
                except Refusal:
                    continue
                index.setdefault(url.host, []).append((url.scheme, place.storage))
        return index

    def serve(self, host, scheme, path):
        """Return (status, headers, body) for a page of a site, or None if no website has the host."""
        roots = self.roots(host.lower(), scheme)
        if not roots:
            return None
        parts = [part for part in path.split("/") if part not in ("", ".")]
        if ".." in parts:
            return NOT_FOUND
        for root in roots:
            answer = self._serve_below(root, parts)
            if answer:
                return answer
        return NOT_FOUND

    def _serve_below(self, root, parts):
        """Return the response for a path below a document root, or None."""
        target = root.joinpath(*parts)
        if target.is_file():
            if target.suffix == ".php":
                return self._front_page(target.parent) if target.name == "index.php" else _script(target)
            kind = mimetypes.guess_type(target.name)[0] or "application/octet-stream"
            return 200, {"Content-Type": kind}, target.read_bytes()
        if not target.is_dir():
            return None
        for name in ("index.html", "index.htm"):
            if (target / name).is_file():
                return 200, {"Content-Type": "text/html; charset=utf-8"}, (target / name).read_bytes()
        return self._front_page(target) if (target / "index.php").is_file() else None

    def _front_page(self, storage):
        """Return the front page of the application in a directory."""
        found = sitefiles.detect(storage)
        if found is None:
            return _script(storage / "index.php")
        appid, version = found
        database = sitefiles.read_config(appid, storage)
        try:
            if sitefiles.is_broken(storage):
                return _failure("There has been a critical error on this website.")
            self._world.databases.check(database["host"], database["name"], database["user"], database["pass"])
            data = sitedata.read(self._world.databases, appid, database)
        except (Refusal, OSError):
            return _failure("Error establishing a database connection")
        return _page(appid, version, data)


def _page(appid, version, data):
    """Return the page with title, tagline, generator and the titles of the posts."""
    values = {name: html.escape(str(value)) for name, value in data["values"].items()}
    text = PAGE.format(language=values.get("language", "en"), title=values.get("sitetitle", ""),
                       tagline=values.get("sitetagline", values.get("sitedesc", "")),
                       generator="%s %s" % (catalog.applications()[appid]["name"], version),
                       posts="\n".join("<article><h2>%s</h2></article>" % html.escape(post)
                                       for post in data["posts"]))
    return 200, {"Content-Type": "text/html; charset=utf-8"}, text.encode()


def _failure(message):
    """Return the error page of a site that does not work."""
    return (500, {"Content-Type": "text/html; charset=utf-8"},
            ("<html><body><h1>%s</h1></body></html>" % html.escape(message)).encode())


def _script(path):
    """Return the output of a script other than the front page: its name, never its source."""
    return (200, {"Content-Type": "text/html; charset=utf-8"},
            ("<html><body><p>%s</p></body></html>" % html.escape(path.name)).encode())
