# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugins and themes of a WordPress site, read from its own files (section 3.7, addons=1)."""

import re
from pathlib import Path

# The newest version of each. The bundled version of some is older, so that updates are available.
PLUGINS = {
    "akismet/akismet.php": {"Name": "Akismet", "bundled": "2.5.8", "newest": "2.5.9", "Author": "Automattic",
                            "AuthorURI": "http://automattic.com/wordpress-plugins/", "slug": "akismet", "id": "15",
                            "PluginURI": "http://akismet.com/?return=true", "Description": "Keeps spam out."},
    "hello.php": {"Name": "Hello Dolly", "bundled": "1.6", "newest": "1.6", "Author": "Matt Mullenweg",
                  "AuthorURI": "http://ma.tt/", "slug": "hello-dolly", "id": "3564",
                  "PluginURI": "http://wordpress.org/extend/plugins/hello-dolly/", "Description": "A lyric."},
}
THEMES = {
    "twentyeleven": {"Name": "Twenty Eleven", "bundled": "1.6", "newest": "1.7"},
    "twentytwelve": {"Name": "Twenty Twelve", "bundled": "1.2", "newest": "1.2"},
}
VERSION = re.compile(r"^ ?\*? ?Version: (.+)$", re.MULTILINE)


def write(storage):
    """Write the bundled plugins and themes of a new site."""
    for name, plugin in PLUGINS.items():
        _write_plugin(storage, name, plugin["bundled"])
    for name, theme in THEMES.items():
        _write_theme(storage, name, theme["bundled"])


def plugins(storage):
    """Return the ``list-plugins`` table of a site."""
    return {name: _plugin_entry(name, _version(_plugin_path(storage, name))) for name in PLUGINS
            if _plugin_path(storage, name).is_file()}


def themes(storage):
    """Return the ``list-themes`` table of a site."""
    return {name: _theme_entry(name, _version(_theme_path(storage, name))) for name in THEMES
            if _theme_path(storage, name).is_file()}


def bundled():
    """Return both tables for a new site."""
    return ({name: _plugin_entry(name, plugin["bundled"]) for name, plugin in PLUGINS.items()},
            {name: _theme_entry(name, theme["bundled"]) for name, theme in THEMES.items()})


def find(table, wanted):
    """Return the ids in `table` that `wanted` selects, and the unknown names.

    `wanted` is ``*``, a list, or ids separated by commas (section 3.10). A plugin may be named by its slug.
    """
    names = wanted if isinstance(wanted, list) else [name.strip() for name in str(wanted).split(",") if name.strip()]
    if "*" in names:
        return list(table), []
    known, unknown = [], []
    for name in names:
        matches = [key for key in table if name in (key, PLUGINS.get(key, {}).get("slug"))]
        known += matches
        unknown += [] if matches else [name]
    return known, unknown


def update(storage, plugin_ids, theme_ids):
    """Update plugins and themes to their newest versions."""
    for name in plugin_ids:
        _write_plugin(storage, name, PLUGINS[name]["newest"])
    for name in theme_ids:
        _write_theme(storage, name, THEMES[name]["newest"])


def _plugin_path(storage, name):
    """Return the path of a plugin's main file."""
    return Path(storage) / "wp-content" / "plugins" / name


def _theme_path(storage, name):
    """Return the path of the style sheet that describes a theme."""
    return Path(storage) / "wp-content" / "themes" / name / "style.css"


def _write_plugin(storage, name, version):
    """Write the main file of a plugin with the header that WordPress reads."""
    path = _plugin_path(storage, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("<?php\n/*\nPlugin Name: %s\nVersion: %s\n*/\n" % (PLUGINS[name]["Name"], version),
                    encoding="utf-8")


def _write_theme(storage, name, version):
    """Write the style sheet of a theme with the header that WordPress reads."""
    path = _theme_path(storage, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("/*\nTheme Name: %s\nVersion: %s\n*/\n" % (THEMES[name]["Name"], version), encoding="utf-8")


def _version(path):
    """Return the version in a file's header."""
    match = VERSION.search(path.read_text(encoding="utf-8"))
    return match.group(1).strip() if match else ""


def _plugin_entry(name, version):
    """Return a plugin as in the sample of section 3.7; ``_ud`` describes a newer version."""
    known = PLUGINS[name]
    entry = {"Name": known["Name"], "PluginURI": known["PluginURI"], "Version": version,
             "Description": known["Description"], "Author": known["Author"], "AuthorURI": known["AuthorURI"],
             "TextDomain": "", "DomainPath": "", "Network": False, "Title": known["Name"],
             "AuthorName": known["Author"]}
    if version != known["newest"]:
        entry["_ud"] = {"id": known["id"], "slug": known["slug"], "new_version": known["newest"],
                        "url": "http://wordpress.org/plugins/%s/" % known["slug"],
                        "package": "http://downloads.wordpress.org/plugin/%s.%s.zip" % (known["slug"],
                                                                                        known["newest"])}
    return entry


def _theme_entry(name, version):
    """Return a theme as in the sample of section 3.7; ``_ud`` describes a newer version."""
    known = THEMES[name]
    entry = {"Name": known["Name"], "Title": known["Name"], "Version": version, "Author": "the WordPress team",
             "Author URI": "http://wordpress.org/", "Template": name, "Stylesheet": name}
    if version != known["newest"]:
        entry["_ud"] = {"theme": name, "new_version": known["newest"], "url": "http://wordpress.org/themes/%s" % name,
                        "package": "http://wordpress.org/themes/download/%s.%s.zip" % (name, known["newest"])}
    return entry
