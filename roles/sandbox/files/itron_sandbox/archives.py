# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backup archives: ``tar.gz`` files with the site's files, a dump of its tables, and the record."""

import io
import json
import tarfile
import time
from pathlib import Path

from . import databases as sql
from . import sitefiles
from .errors import Refusal

RECORD, TABLES, FILES = "installatron.json", "tables.json", "files"


def pack(archive, storage, record, statements):
    """Write an archive of the files named in the record, and the statements that make its tables."""
    archive = Path(archive)
    archive.parent.mkdir(parents=True, exist_ok=True)
    partial = archive.with_name(archive.name + ".partial")
    with tarfile.open(str(partial), "w:gz", compresslevel=1) as tar:
        _add_text(tar, RECORD, json.dumps(record))
        _add_text(tar, TABLES, json.dumps(statements))
        for name in record["list-files"]:
            if (Path(storage) / name).exists():
                tar.add(str(Path(storage) / name), arcname="%s/%s" % (FILES, name))
    partial.replace(archive)


def inspect(archive):
    """Return the record of an archive; refuse a file that is none."""
    try:
        with tarfile.open(str(archive), "r:gz") as tar:
            return json.loads(tar.extractfile(RECORD).read())
    except FileNotFoundError as error:
        raise Refusal("Error: The backup archive was not found.", "backup_not_found", "id") from error
    except (tarfile.TarError, KeyError, ValueError, OSError, EOFError) as error:
        raise Refusal("Error: The file is no backup archive.", "invalid_backup_archive", "path") from error


def unpack(archive, storage, names):
    """Replace the application's files in a directory by those of an archive; return the dump of its tables."""
    storage = Path(storage)
    with tarfile.open(str(archive), "r:gz") as tar:
        statements = json.loads(tar.extractfile(TABLES).read())
        sitefiles.remove(storage, names)
        for member in tar.getmembers():
            parts = member.name.split("/")
            # Only plain files and directories inside the site: an archive can come from anywhere (section 3.14).
            if parts[0] != FILES or ".." in parts or not (member.isfile() or member.isdir()):
                continue
            target = storage.joinpath(*parts[1:])
            if member.isdir():
                target.mkdir(parents=True, exist_ok=True)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(tar.extractfile(member).read())
    return statements


def put_back(world, archive, old, storage, database):
    """Restore files and tables of the record `old` into a directory and a `database` (host, name, prefix, ...)."""
    statements = unpack(archive, storage, old["list-files"])
    tables = [database["prefix"] + table[len(old["db-prefix"]):] for table in old["list-tables"]]
    renamed = sql.renamed(statements, old["list-tables"], old["db-prefix"], database["prefix"])
    world.databases.drop(database["host"], database["name"], tables)
    world.databases.load(database["host"], database["name"], renamed)
    return tables


def filename(record, taken):
    """Return a file name as in the sample of section 3.6; `taken` tells whether a name is in use."""
    words = [_words(record["url-domain"]), _words(record["title"]), time.strftime("%Y-%m-%d_%H-%M-%S", time.gmtime())]
    stem, number = "app_" + "_".join(word for word in words if word), 1
    name = stem + ".tar.gz"
    while taken(name):
        number += 1
        name = "%s-%d.tar.gz" % (stem, number)
    return name


def _words(text):
    """Return text with everything but letters and digits as single dashes."""
    return "-".join("".join(letter if letter.isalnum() else " " for letter in text).split())


def _add_text(tar, name, text):
    """Add a member with the given text."""
    content = text.encode()
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = len(content), int(time.time()), 0o600
    tar.addfile(member, io.BytesIO(content))
