# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backs up directories and files before a change, and restores them."""

import filecmp
import os
import shutil
import stat


class Snapshot:
    """The state of some paths.

    Arguments:
        paths: absolute paths, which need not exist. folder: the destination of the copies. secret: a file that is kept in memory and never
        copied to the disk.
    """

    def __init__(self, paths, folder, secret=None):
        self._paths = paths
        self._folder = folder
        self._secret = secret
        self._content = None

    def take(self):
        """Copy the paths. The folder must not exist."""
        os.makedirs(self._folder, mode=0o700)
        for path in self._paths:
            if os.path.lexists(path):
                os.makedirs(os.path.dirname(self._copy_of(path)), mode=0o700, exist_ok=True)
                copy(path, self._copy_of(path), self._secret)
        if self._secret and os.path.isfile(self._secret):
            with open(self._secret, "rb") as file:
                self._content = file.read(), os.fstat(file.fileno())

    def changes(self):
        """Return (added, changed, removed) paths since the copies were created. A directory precedes its contents."""
        added, changed, removed = [], [], []
        for path in self._paths:
            now, then = set(_walk(path, path)), set(_walk(self._copy_of(path), path))
            added += sorted(now - then)
            removed += sorted(then - now)
            changed += sorted(name for name in now & then if not _same(name, self._copy_of(name)))
        return [[name for name in names if name != self._secret] for names in (added, changed, removed)]

    def restore(self, aside):
        """Restore the copies, and move files that were added or changed since to another folder. Return the restored paths."""
        added, changed, removed = self.changes()
        for name in added + changed:
            if not os.path.isdir(name) or os.path.islink(name):
                os.makedirs(os.path.dirname(aside + name), mode=0o700, exist_ok=True)
                copy(name, aside + name, self._secret)
        for name in reversed(added):
            _remove(name)
        for name in changed + removed:
            self._restore_path(name)
        self._restore_secret()
        return added + changed + removed

    def _restore_path(self, name):
        source = self._copy_of(name)
        if _kind(source) != stat.S_IFDIR:
            if _kind(name) == stat.S_IFDIR:
                shutil.rmtree(name)
            # Replace the file atomically, so that a running web server never reads an incomplete file.
            copy(source, name + ".putting-back")
            os.replace(name + ".putting-back", name)
            return
        if _kind(name) not in (None, stat.S_IFDIR):
            os.unlink(name)
        os.makedirs(name, exist_ok=True)
        _copy_status(source, name)

    def _restore_secret(self):
        if self._content is None:
            return
        data, status = self._content
        if os.path.isfile(self._secret):
            with open(self._secret, "rb") as file:
                if file.read() == data:
                    return
        with open(self._secret + ".putting-back", "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(data)
            os.chown(file.fileno(), status.st_uid, status.st_gid)
            os.chmod(file.fileno(), stat.S_IMODE(status.st_mode))
        os.replace(self._secret + ".putting-back", self._secret)

    def _copy_of(self, path):
        return self._folder + path


def copy(source, target, leave_out=None):
    """Copy a file, a symbolic link, or a directory with its contents, owners, and modes. Skip sockets and devices."""
    if source == leave_out:
        return
    kind = _kind(source)
    if kind == stat.S_IFLNK:
        os.symlink(os.readlink(source), target)
    elif kind == stat.S_IFREG:
        shutil.copyfile(source, target)
    elif kind == stat.S_IFDIR:
        os.makedirs(target, mode=0o700, exist_ok=True)
        for name in os.listdir(source):
            copy(os.path.join(source, name), os.path.join(target, name), leave_out)
    else:
        return
    _copy_status(source, target)


def _copy_status(source, target):
    """Copy the owner, the mode, and the attributes of a path to another one."""
    status = os.lstat(source)
    # Before the mode, because a change of the owner clears some of its bits.
    os.chown(target, status.st_uid, status.st_gid, follow_symlinks=False)
    shutil.copystat(source, target, follow_symlinks=False)


def _kind(path):
    """Return the type bits of the mode of a path, or None if it does not exist."""
    try:
        return stat.S_IFMT(os.lstat(path).st_mode)
    except FileNotFoundError:
        return None


def _walk(path, name):
    """Yield the names of a path and its contents, as if the path were called name. Skip sockets and devices."""
    kind = _kind(path)
    if kind in (stat.S_IFREG, stat.S_IFLNK, stat.S_IFDIR):
        yield name
    if kind == stat.S_IFDIR:
        for entry in sorted(os.listdir(path)):
            yield from _walk(os.path.join(path, entry), os.path.join(name, entry))


def _same(one, other):
    """Return whether two paths have the same type, owner, mode, and content. Contents of directories are not compared."""
    first, second = os.lstat(one), os.lstat(other)
    if (first.st_mode, first.st_uid, first.st_gid) != (second.st_mode, second.st_uid, second.st_gid):
        return False
    if stat.S_ISLNK(first.st_mode):
        return os.readlink(one) == os.readlink(other)
    return stat.S_ISDIR(first.st_mode) or filecmp.cmp(one, other, shallow=False)


def _remove(path):
    if _kind(path) == stat.S_IFDIR:
        # Empty at this point, unless another program writes there.
        try:
            os.rmdir(path)
        except OSError:
            shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)
