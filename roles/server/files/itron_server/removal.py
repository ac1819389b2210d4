# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removal of Installatron Server; its data and its settings stay unless they are to go, too."""

import os
import shutil
import subprocess
import time

from . import webservers
from .examine import PACKAGE, package_manager
from .places import Places, fingerprint
from .snapshot import Snapshot

COMMANDS = {"rpm": ["rpm", "-e", PACKAGE], "dpkg": ["dpkg", "--remove", PACKAGE]}
# A longer file is no configuration.
LONGEST = 1 << 20


class Removal:
    """One removal.

    Arguments:
        request: what the role asks for.
    """

    def __init__(self, request):
        self._places = Places(request)
        self._data_too = request["remove_data"]
        self._servers = webservers.present()
        self._stamp = "%s-%d" % (time.strftime("%Y%m%d-%H%M%S"), os.getpid())
        self._web = Snapshot([server.folder for server in self._servers], self._places.below("backups", self._stamp, "webserver"))

    def carry_out(self):
        """Remove the server; return the answer for the role."""
        self._web.take()
        problem = self._remove_package()
        if problem:
            return {"changed": False, "problem": problem, "mentions": []}
        self._remove_files()
        self._remove_configuration()
        problem = self._check_web_servers()
        return {"changed": True, "problem": problem, "mentions": self._mentions()}

    def _remove_package(self):
        """Remove the package, if one is installed; return what is wrong or None. Settings and hooks outlive it."""
        manager = package_manager()
        if not manager:
            return None
        kept = self._etc()
        done = subprocess.run(COMMANDS[manager], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        for path, (data, status) in kept.items():
            if not os.path.exists(path):
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
                    file.write(data)
                    os.chown(file.fileno(), status.st_uid, status.st_gid)
        if done.returncode != 0:
            return "%s ended with exit status %d, and Installatron Server stays: %s" % (
                " ".join(COMMANDS[manager]), done.returncode, done.stdout.strip()[-500:])
        return None

    def _etc(self):
        """Return {path: (content, status)} of the files directly in the directory of the settings, which stay in memory."""
        folder, kept = os.path.dirname(self._places.settings), {}
        for name in os.listdir(folder) if os.path.isdir(folder) else ():
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    kept[path] = file.read(), os.fstat(file.fileno())
        return kept

    def _remove_files(self):
        for name in os.listdir(self._places.home) if os.path.isdir(self._places.home) else ():
            if name != "etc" or self._data_too:
                remove(os.path.join(self._places.home, name))
        remove(self._places.cron)
        if self._data_too:
            remove(self._places.home)
            remove(self._places.data)

    def _remove_configuration(self):
        """Remove what installers added to the configuration of web servers, unless somebody changed it since."""
        for name, mark in self._places.added().items():
            if mark is not None and fingerprint(name) == mark:
                remove(name)
        self._places.remove("added.json")

    def _check_web_servers(self):
        """Let web servers work without the files that went; return what is wrong or None."""
        touched = [name for names in self._web.changes() for name in names]
        broken = [server.name for server in self._servers if server.broken()]
        if broken:
            self._web.restore(self._places.below("failed-" + self._stamp))
        for server in self._servers:
            if any(name.startswith(server.folder) for name in touched):
                server.reread()
        if broken:
            return ("Installatron Server is removed, but %s does not accept its configuration without the server's part. That part is in place again; "
                    "take it out by hand." % " and ".join(broken))
        return None

    def _mentions(self):
        """Return the files of web servers that still name the server's directory: the vendor also writes into files of others."""
        found = []
        for server in self._servers:
            for folder, _folders, names in os.walk(server.folder):
                found += [path for path in (os.path.join(folder, name) for name in sorted(names)) if _names(path, self._places.home)]
        return found


def _names(path, text):
    """Say whether a file holds a text."""
    if not os.path.isfile(path) or os.path.getsize(path) > LONGEST:
        return False
    with open(path, "rb") as file:
        return text.encode() in file.read()


def remove(path):
    """Remove a file, a link, or a directory with everything in it, if it is there."""
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)
