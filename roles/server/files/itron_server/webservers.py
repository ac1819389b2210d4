# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the configuration and the state of the web servers of the target, and reloads them."""

import os
import shutil
import subprocess

# Name of the service, its configuration directory, programs (the first that exists is used), and arguments that test and reload the configuration.
KNOWN = (
    ("nginx", "/etc/nginx", ("nginx",), ["-t"], ["-s", "reload"]),
    ("apache2", "/etc/apache2", ("apache2ctl", "apachectl"), ["-t"], ["-k", "graceful"]),
    ("httpd", "/etc/httpd", ("apachectl", "httpd"), ["-t"], ["-k", "graceful"]),
)
SYSTEMD = "/run/systemd/system"
TIMEOUT = 120


class WebServer:
    """A web server. C(passed) and C(ran) are its state before the change."""

    def __init__(self, name, folder, program, test, reload):
        self.name = name
        self.folder = folder
        self._program = program
        self._test = test
        self._reload = reload
        self.passed = self.passes()
        self.ran = self.runs()

    def passes(self):
        """Return whether the web server accepts its configuration."""
        return _succeeds([self._program, *self._test])

    def runs(self):
        """Return whether it is running, or None without systemd."""
        return _succeeds(["systemctl", "is-active", "--quiet", self.name]) if os.path.isdir(SYSTEMD) else None

    def broken(self):
        """Return whether a change broke it: it no longer accepts its configuration, or it was running and cannot be started."""
        if not self.passed:
            return False
        return not self.passes() or bool(self.ran and not self.runs() and not self._start())

    def reread(self):
        """Reload the configuration if the web server is running. Start it if it was running before."""
        if self.ran and not self.runs():
            self._start()
        elif self.runs():
            _succeeds(["systemctl", "reload", self.name])
        elif self.runs() is None:
            # Without systemd, its state is unknown. If it is not running, this command fails without effect.
            _succeeds([self._program, *self._reload])

    def _start(self):
        return _succeeds(["systemctl", "start", self.name]) and self.runs()


def present():
    """Return the web servers that have both a configuration and a program on this host."""
    found = []
    for name, folder, programs, test, reload in KNOWN:
        program = next(filter(None, map(shutil.which, programs)), None)
        if program and os.path.isdir(folder):
            found.append(WebServer(name, folder, program, test, reload))
    return found


def _succeeds(command):
    """Return whether a command exits with status 0."""
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
