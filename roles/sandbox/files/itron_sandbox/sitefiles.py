# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of an application in a document root: write, detect, change and remove them.

The files are small, but configuration and version are stored where the real application stores them, and pages are
rendered from them. A broken configuration or a restored version is therefore visible.
"""

import re
import shutil
from pathlib import Path

from . import addons, catalog

# The names of the parts of a database connection in each configuration format.
NAMES = {
    "define": {"host": "DB_HOST", "name": "DB_NAME", "user": "DB_USER", "pass": "DB_PASSWORD"},
    "class": {"host": "host", "name": "db", "user": "user", "pass": "password", "prefix": "dbprefix"},
    "array": {"host": "host", "name": "dbname", "user": "username", "pass": "password", "prefix": "table_prefix"},
}
BROKEN = "throw new Error('The upgrade left this site broken.');"
QUOTED = r"'((?:[^'\\]|\\.)*)'"


def layout(appid):
    """Return the description of an application's files and tables."""
    return catalog.applications()[appid]["site"]


def write(appid, version, storage, database):
    """Write all files of an application; `database` has host, name, user, pass, prefix."""
    storage, site = Path(storage), layout(appid)
    storage.mkdir(parents=True, exist_ok=True)
    for name in site["files"]:
        if name in site["directories"]:
            (storage / name).mkdir(exist_ok=True)
            (storage / name / "index.php").write_text("<?php // %s\n" % name, encoding="utf-8")
        else:
            (storage / name).write_text("<?php // %s of %s\n" % (name, appid), encoding="utf-8")
    if site["addons"]:
        addons.write(storage)
    write_version(appid, version, storage)
    write_config(appid, storage, database)


def write_version(appid, version, storage):
    """Write the file that contains the version, and the front page of that release."""
    site = layout(appid)
    path = Path(storage) / site["version"]["path"]
    path.parent.mkdir(parents=True, exist_ok=True)
    head = "<?php\n" if path.suffix == ".php" else ""
    path.write_text(head + site["version"]["format"] % version + "\n", encoding="utf-8")
    (Path(storage) / "index.php").write_text("<?php // front page of %s\n" % appid, encoding="utf-8")


def write_config(appid, storage, database):
    """Write the configuration file with the connection to the database."""
    config = layout(appid)["config"]
    path = Path(storage) / config["path"]
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["<?php"]
    for part, name in NAMES[config["format"]].items():
        lines.append(_assignment(config["format"], name, database[part]))
    if "prefix" not in NAMES[config["format"]]:
        lines.append("$table_prefix = '%s';" % _escape(database["prefix"]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_config(appid, storage):
    """Return host, name, user, pass and prefix of the database from the site's configuration."""
    config = layout(appid)["config"]
    path = Path(storage) / config["path"]
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    found = {}
    for part, name in dict(NAMES[config["format"]]).items():
        found[part] = _search(_pattern(config["format"], name), text)
    if "prefix" not in found:
        found["prefix"] = _search(r"\$table_prefix = " + QUOTED, text)
    return found


def detect(storage):
    """Return (application id, version) of the application in a directory, or None."""
    for appid in catalog.applications():
        site = layout(appid)
        path = Path(storage) / site["version"]["path"]
        if not path.is_file() or not (Path(storage) / site["config"]["path"]).is_file():
            continue
        pattern = re.escape(site["version"]["format"]).replace("%s", "([0-9][0-9.p-]*)")
        match = re.search(pattern, path.read_text(encoding="utf-8"))
        if match:
            return appid, match.group(1)
    return None


def conflicts(appid, storage):
    """Return the names in a directory that an installation would overwrite."""
    storage = Path(storage)
    names = layout(appid)["files"] + ["index.html", "index.htm"]
    return [name for name in names if (storage / name).exists()]


def break_page(storage):
    """Make the front page fail, as after a bad upgrade."""
    (Path(storage) / "index.php").write_text("<?php\n%s\n" % BROKEN, encoding="utf-8")


def is_broken(storage):
    """Return whether the front page fails."""
    return BROKEN in (Path(storage) / "index.php").read_text(encoding="utf-8")


def remove(storage, names, directory_too=False):
    """Remove the application's files; with `directory_too` also the directory if it is empty. Other files stay."""
    storage = Path(storage)
    for name in names:
        path = storage / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.exists() or path.is_symlink():
            path.unlink()
    if directory_too and storage.is_dir() and not any(storage.iterdir()):
        storage.rmdir()


def size(storage, names):
    """Return the size of the application's files in bytes."""
    total = 0
    for name in names:
        path = Path(storage) / name
        files = path.rglob("*") if path.is_dir() else [path]
        total += sum(file.stat().st_size for file in files if file.is_file())
    return total


def _assignment(style, name, value):
    """Return a line of PHP that sets a configuration value."""
    value = _escape(value)
    if style == "define":
        return "define('%s', '%s');" % (name, value)
    if style == "class":
        return "public $%s = '%s';" % (name, value)
    return "'%s' => '%s'," % (name, value)


def _pattern(style, name):
    """Return the regular expression that finds a configuration value."""
    if style == "define":
        return r"define\('%s', %s\)" % (name, QUOTED)
    if style == "class":
        return r"public \$%s = %s" % (name, QUOTED)
    return r"'%s' => %s" % (name, QUOTED)


def _escape(value):
    """Return text escaped for a single-quoted PHP string."""
    return str(value).replace("\\", "\\\\").replace("'", "\\'")


def _search(pattern, text):
    """Return the unescaped first group of a match, or an empty string."""
    match = re.search(pattern, text)
    return re.sub(r"\\(.)", r"\1", match.group(1)) if match else ""
