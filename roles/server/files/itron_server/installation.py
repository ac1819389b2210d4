# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Installs or upgrades the server with the vendor's installer, and restores the previous state on failure."""

import hashlib
import json
import os
import shutil
import time

from . import process, webservers
from .examine import TOOL, ask_version, interrupted, version_key
from .places import Places
from .redaction import mask, secrets_of
from .snapshot import Snapshot

# Number of lines of output that a message quotes, and their maximum length.
LINES, WIDTH = 15, 300
PAUSE = 2


class Refused(Exception):
    """A request that cannot be executed. Nothing was changed. The text is for the user."""


class Installation:
    """One run of the vendor's installer.

    Arguments:
        request: the request of the role, including the secrets.
    """

    def __init__(self, request):
        self._request = request
        self._places = Places(request)
        self._stamp = "%s-%d" % (time.strftime("%Y%m%d-%H%M%S"), os.getpid())
        self._recover()
        self._servers = webservers.present() if request["guard"] else []
        backup = self._places.below("backups", self._stamp)
        self._web = Snapshot([server.folder for server in self._servers], os.path.join(backup, "webserver"))
        self._programs = Snapshot([self._places.home, self._places.cron], os.path.join(backup, "programs"), self._places.settings)

    def execute(self):
        """Run the installer, and restore the previous state if it fails or breaks a web server. Return the answer for the role."""
        command, checksum = self._command()
        secrets = [*self._request["secrets"], *secrets_of(self._places.settings)]
        self._prepare()
        status, output, ended = process.run(command, self._request["timeout"])
        output = mask(output, [*secrets, *secrets_of(self._places.settings)])
        self._places.write("installer.log", output)
        version, problem = self._judge(status, ended)
        broken = [server.name for server in self._servers if server.broken()]
        answer = {"changed": True, "checksum": checksum, "version": version, "problem": None, "mentions": []}
        if problem or broken:
            answer["problem"] = self._restore(problem, broken, output)
        else:
            answer["problem"] = self._not_upgraded(version)
            self._record_added()
        self._tidy()
        self._places.remove("running.json")
        return answer

    def _recover(self):
        """Restore the web server configuration that an interrupted run left broken, unless Installatron Server works."""
        begun = interrupted(self._request["work"])
        if not begun or not self._request["guard"] or ask_version(self._places.home, 60)[0] is not None:
            return
        broken = [server for server in webservers.present() if not server.passes()]
        copies = self._places.below("backups", begun["stamp"], "webserver")
        if broken and os.path.isdir(copies):
            Snapshot([server.folder for server in broken], copies).restore(self._places.below("interrupted-" + self._stamp))
            for server in broken:
                server.reread()

    def _command(self):
        """Return (command that runs the installer, its checksum). Raise Refused if the installer is not acceptable."""
        script = self._places.below("installatron-server.sh")
        with open(script, "rb") as file:
            data = file.read()
        wanted = self._request["checksum"]
        name, _colon, digest = (wanted or "sha256:").partition(":")
        found = hashlib.new(name, data).hexdigest()
        if wanted and found != digest.lower():
            raise Refused("server_installer_checksum: the checksum of the installer is %s:%s, which differs from the option. Nothing was executed. "
                          "The vendor may have published a new installer: inspect it, and set its checksum." % (name, found))
        first = data.partition(b"\n")[0].decode("utf-8", "replace")
        if not first.startswith("#!"):
            raise Refused("server_installer_url, server_installer_src: the file is not a script, it begins with %r. Nothing was executed."
                          % first[:60])
        # Call the interpreter, because the file system may be mounted with noexec.
        return [*first[2:].split(), script, *self._request["arguments"]], "%s:%s" % (name, found)

    def _prepare(self):
        self._web.take()
        self._programs.take()
        self._places.write("running.json", json.dumps({"action": self._request["action"], "stamp": self._stamp}))

    def _judge(self, status, ended):
        """Return (version of the server or None, problem or None)."""
        if ended or status != 0:
            return None, "The vendor's installer %s." % (ended or "failed with exit status %d" % status)
        deadline = time.monotonic() + self._request["verify_timeout"]
        while True:
            data, silence = ask_version(self._places.home, 60)
            if data is not None and self._request["action"] == "install" and data.get("license") is False:
                return None, "The vendor's installer reported success, but Installatron Server reports that it has no valid license."
            if data is not None:
                return data.get("version"), None
            if time.monotonic() > deadline:
                return None, "The vendor's installer reported success, but %s/%s --GET /version fails: %s." % (self._places.home, TOOL, silence)
            time.sleep(PAUSE)

    def _not_upgraded(self, version):
        wanted = self._request["version_wanted"]
        if wanted and version_key(version) < version_key(wanted):
            return ("The vendor's installer reported success, but Installatron Server still has version %s and not %s. Its output is in %s."
                    % (version, wanted, self._places.below("installer.log")))
        return None

    def _restore(self, problem, broken, output):
        """Restore the previous state. Return the message."""
        aside = self._places.below("failed-" + self._stamp)
        touched = self._web.restore(aside)
        self._programs.restore(aside)
        for server in self._servers:
            if any(name.startswith(server.folder) for name in touched) or server.name in broken:
                server.reread()
        if broken:
            problem = "%s The configuration of %s worked before the installer ran, but not afterwards." % (problem or "", " and ".join(broken))
        still = [server.name for server in self._servers if server.broken()]
        message = [problem.strip(), "The previous state is restored%s. The files of the installer are in %s." % (
            ", but %s still does not work and needs immediate attention" % " and ".join(still) if still else "", aside)]
        if "exit status" in problem or "license" in problem:
            message.append("Check server_license_key, and whether the server can reach the vendor.")
        message.append("The output of the installer is in %s and ends with:" % self._places.below("installer.log"))
        return "\n".join([" ".join(message), *(line[:WIDTH] for line in output.rstrip().splitlines()[-LINES:])])

    def _record_added(self):
        """Record the files that the installer added to web servers, for a later removal."""
        added, _changed, _removed = self._web.changes()
        self._places.record_added([name for name in added if not os.path.isdir(name)])

    def _tidy(self):
        """Delete the backups of the programs, and the oldest backups of web servers."""
        shutil.rmtree(self._places.below("backups", self._stamp, "programs"))
        kept = sorted(os.listdir(self._places.below("backups")))
        for name in kept[:max(0, len(kept) - self._request["keep"])]:
            shutil.rmtree(self._places.below("backups", name))
