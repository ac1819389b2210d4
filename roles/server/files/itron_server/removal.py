# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removes Installatron Server. Data and settings stay unless their removal is requested."""

import os
import shutil
import subprocess
import time

from . import webservers
from .examine import PACKAGE, package_manager
from .places import Places, fingerprint
from .snapshot import Snapshot

COMMANDS = {"rpm": ["rpm", "-e", PACKAGE], "dpkg": ["dpkg", "--remove", PACKAGE]}
# A larger file is not a configuration file.
LONGEST = 1 << 20


class Removal:
    """One removal.

    Arguments:
        request: the request of the role.
    """

    def __init__(self, request):
        self._places = Places(request)
        self._data_too = request["remove_data"]
        self._servers = webservers.present()
        self._stamp = "%s-%d" % (time.strftime("%Y%m%d-%H%M%S"), os.getpid())
        self._web = Snapshot([server.folder for server in self._servers], self._places.below("backups", self._stamp, "webserver"))

    def execute(self):
        """Remove the server. Return the answer for the role."""
        self._web.take()
        problem = self._remove_package()
        if problem:
            return {"changed": False, "problem": problem, "mentions": []}
        self._remove_files()
        self._remove_configuration()
        problem = self._check_web_servers()
        return {"changed": True, "problem": problem, "mentions": self._mentions()}

    def _remove_package(self):
        """Remove the package, if it is installed, but keep settings and hooks. Return the problem or None."""
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
            return "%s failed with exit status %d, and Installatron Server was not removed: %s" % (
                " ".join(COMMANDS[manager]), done.returncode, done.stdout.strip()[-500:])
        return None

    def _etc(self):
        """Return {path: (content, status)} of the files in the directory of the settings. Subdirectories are not included."""
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
        """Remove the files that the installer added to the configuration of web servers, unless they were changed since."""
        for name, mark in self._places.added().items():
            if mark is not None and fingerprint(name) == mark:
                remove(name)
        self._places.remove("added.json")

    def _check_web_servers(self):
        """Reload the web servers without the removed files. If one is broken, restore its files and return the problem, otherwise None."""
        touched = [name for names in self._web.changes() for name in names]
        broken = [server.name for server in self._servers if server.broken()]
        if broken:
            self._web.restore(self._places.below("failed-" + self._stamp))
        for server in self._servers:
            if any(name.startswith(server.folder) for name in touched):
                server.reread()
        if broken:
            return ("Installatron Server is removed, but %s does not accept its configuration without the server's part. That part is restored. "
                    "Remove it manually." % " and ".join(broken))
        return None

    def _mentions(self):
        """Return the files of web servers that mention the server's directory. The vendor also changes files of other packages."""
        found = []
        for server in self._servers:
            for folder, _folders, names in os.walk(server.folder):
                found += [path for path in (os.path.join(folder, name) for name in sorted(names)) if _contains(path, self._places.home)]
        return found


def _contains(path, text):
    """Return whether a file contains a text."""
    if not os.path.isfile(path) or os.path.getsize(path) > LONGEST:
        return False
    with open(path, "rb") as file:
        return text.encode() in file.read()


def remove(path):
    """Remove a file, a symbolic link, or a directory with its contents, if it exists."""
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)
