# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The web servers of the target: whether their configuration is good, and whether they run."""

import os
import shutil
import subprocess

# Name of the service, its configuration, and programs that test it and read it anew, the first that is there.
KNOWN = (
    ("nginx", "/etc/nginx", ("nginx",), ["-t"], ["-s", "reload"]),
    ("apache2", "/etc/apache2", ("apache2ctl", "apachectl"), ["-t"], ["-k", "graceful"]),
    ("httpd", "/etc/httpd", ("apachectl", "httpd"), ["-t"], ["-k", "graceful"]),
)
SYSTEMD = "/run/systemd/system"
TIMEOUT = 120


class WebServer:
    """One web server; C(passed) and C(ran) say how it was before the change."""

    def __init__(self, name, folder, program, test, reload):
        self.name = name
        self.folder = folder
        self._program = program
        self._test = test
        self._reload = reload
        self.passed = self.passes()
        self.ran = self.runs()

    def passes(self):
        """Say whether it accepts its configuration."""
        return _succeeds([self._program, *self._test])

    def runs(self):
        """Say whether it runs; None where systemd does not know."""
        return _succeeds(["systemctl", "is-active", "--quiet", self.name]) if os.path.isdir(SYSTEMD) else None

    def broken(self):
        """Say whether a change broke it: what it accepted, it does not accept any more, or it ran and cannot be started any more."""
        if not self.passed:
            return False
        return not self.passes() or bool(self.ran and not self.runs() and not self._start())

    def reread(self):
        """Let it read its configuration anew, if it runs; start it, if it ran before."""
        if self.ran and not self.runs():
            self._start()
        elif self.runs():
            _succeeds(["systemctl", "reload", self.name])
        elif self.runs() is None:
            # Without systemd nobody knows whether it runs; if it does not, this fails and does nothing.
            _succeeds([self._program, *self._reload])

    def _start(self):
        return _succeeds(["systemctl", "start", self.name]) and self.runs()


def present():
    """Return the web servers that have both a configuration and a program here."""
    found = []
    for name, folder, programs, test, reload in KNOWN:
        program = next(filter(None, map(shutil.which, programs)), None)
        if program and os.path.isdir(folder):
            found.append(WebServer(name, folder, program, test, reload))
    return found


def _succeeds(command):
    """Say whether a command can be run and ends well."""
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
