# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backup archives: ``tar.gz`` files with the site's files, a dump of its tables, and the record."""

import io
import itertools
import json
import tarfile
import time
from contextlib import suppress
from pathlib import Path

from . import databases as sql
from . import sitefiles
from .errors import Refusal

RECORD, TABLES, FILES = "installatron.json", "tables.json", "files"


def pack(archive, storage, record, statements):
    """Write an archive of the files in the record and the statements that create its tables."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    _write(archive, storage, record, statements)


def pack_new(folder, storage, record, statements):
    """Write an archive as `pack` does, with a unique name in `folder`; return the name."""
    folder.mkdir(parents=True, exist_ok=True)
    name = _reserved(folder, record)
    partial = _partial(folder / name)
    try:
        _write(partial, storage, record, statements)
    except BaseException:
        partial.unlink()
        raise
    partial.replace(folder / name)
    return name


def _reserved(folder, record):
    """Return a unique file name in the form of the sample of section 3.6, and reserve it by creating its partial file.

    Sites of one domain can have the same title, and their backups can start in the same second.
    """
    words = [_words(record["url-domain"]), _words(record["title"]), time.strftime("%Y-%m-%d_%H-%M-%S", time.gmtime())]
    stem = "app_" + "_".join(word for word in words if word)
    for number in itertools.count(1):
        name = stem + ("-%d" % number if number > 1 else "") + ".tar.gz"
        with suppress(FileExistsError):
            _partial(folder / name).touch(exist_ok=False)
            if not (folder / name).exists():
                return name
            _partial(folder / name).unlink()


def _partial(archive):
    """Return the path of an archive while it is being written."""
    return archive.with_name(archive.name + ".partial")


def _write(file, storage, record, statements):
    """Write the archive into a file."""
    with tarfile.open(str(file), "w:gz", compresslevel=1) as tar:
        _add_text(tar, RECORD, json.dumps(record))
        _add_text(tar, TABLES, json.dumps(statements))
        for name in record["list-files"]:
            if (Path(storage) / name).exists():
                tar.add(str(Path(storage) / name), arcname="%s/%s" % (FILES, name))


def inspect(archive):
    """Return the record of an archive; refuse a file that is not an archive."""
    try:
        with tarfile.open(str(archive), "r:gz") as tar:
            return json.loads(tar.extractfile(RECORD).read())
    except FileNotFoundError as error:
        raise Refusal("Error: The backup archive was not found.", "backup_not_found", "id") from error
    except (tarfile.TarError, KeyError, ValueError, OSError, EOFError) as error:
        raise Refusal("Error: The file is no backup archive.", "invalid_backup_archive", "path") from error


def unpack(archive, storage, names):
    """Replace the application's files in a directory with those of an archive; return the dump of its tables."""
    storage = Path(storage)
    with tarfile.open(str(archive), "r:gz") as tar:
        statements = json.loads(tar.extractfile(TABLES).read())
        sitefiles.remove(storage, names)
        for member in tar.getmembers():
            parts = member.name.split("/")
            # Only plain files and directories inside the site: archives are untrusted (section 3.14).
            if parts[0] != FILES or ".." in parts or not (member.isfile() or member.isdir()):
                continue
            target = storage.joinpath(*parts[1:])
            if member.isdir():
                target.mkdir(parents=True, exist_ok=True)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(tar.extractfile(member).read())
    return statements


def restore_site(world, archive, old, storage, database):
    """Restore files and tables of the record `old` to a directory and a `database` (host, name, prefix, ...)."""
    statements = unpack(archive, storage, old["list-files"])
    tables = [database["prefix"] + table[len(old["db-prefix"]):] for table in old["list-tables"]]
    renamed = sql.renamed(statements, old["list-tables"], old["db-prefix"], database["prefix"])
    gone = ["DROP TABLE IF EXISTS %s" % sql.quoted(table) for table in tables]
    world.databases.load(database["host"], database["name"], gone + renamed)
    return tables


def _words(text):
    """Return text in which dashes replace everything except letters and digits."""
    return "-".join("".join(letter if letter.isalnum() else " " for letter in text).split())


def _add_text(tar, name, text):
    """Add a member with the given text."""
    content = text.encode()
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = len(content), int(time.time()), 0o600
    tar.addfile(member, io.BytesIO(content))
