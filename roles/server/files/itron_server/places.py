# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths on the target: those of the vendor, and the working directory of the role, which only root can read."""

import fcntl
import hashlib
import json
import os


class Places:
    """The paths of one run.

    Arguments:
        request: the options of the role with home, data, cron and work.
    """

    def __init__(self, request):
        self.home = request["home"]
        self.data = request["data"]
        self.cron = request["cron"]
        self.settings = os.path.join(self.home, "etc", "settings.ini")
        self._work = request["work"]

    def below(self, *names):
        """Return a path in the working directory of the role."""
        return os.path.join(self._work, *names)

    def lock(self):
        """Return an open file that holds the lock of the role, or None if another run holds it."""
        file = open(self.below("lock"), "w", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        return file

    def write(self, name, text):
        """Write a file that only its owner can read."""
        with open(self.below(name), "w", encoding="utf-8", errors="replace", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(text)

    def remove(self, name):
        """Remove a file if it exists."""
        if os.path.exists(self.below(name)):
            os.unlink(self.below(name))

    def added(self):
        """Return {path: fingerprint} of the files that the installer added to the configuration of web servers."""
        try:
            with open(self.below("added.json"), encoding="utf-8") as file:
                return json.load(file)
        except FileNotFoundError:
            return {}

    def record_added(self, names):
        """Record files that the installer added."""
        self.write("added.json", json.dumps({**self.added(), **{name: fingerprint(name) for name in names}}, indent=1))


def fingerprint(path):
    """Return a fingerprint of a file or a symbolic link, or None if it does not exist."""
    if os.path.islink(path):
        return "link:" + os.readlink(path)
    try:
        with open(path, "rb") as file:
            return "sha256:" + hashlib.sha256(file.read()).hexdigest()
    except FileNotFoundError:
        return None
