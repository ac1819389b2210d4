# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real web servers: a path over SSH whose URI has a private key in place of the password.

All other URIs are directories in the state directory. The files of a real web server are fetched before the work and sent
back after it, with tar over ssh. Host keys are not checked, because the host is a temporary one of a test.
"""

import os
import subprocess
import tempfile
from contextlib import contextmanager
from urllib.parse import unquote

from .errors import Refusal
from .places import split

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----"
TIMEOUT = 60


def is_real(uri):
    """Return whether a URI refers to a real web server."""
    return uri.startswith("ssh://") and unquote(split(uri).password or "").startswith(KEY)


@contextmanager
def fetched(place):
    """Fetch the files of a real web server to the storage of its home `place`, and send them back at the end."""
    if not is_real(place.uri):
        yield
        return
    place.storage.mkdir(parents=True, exist_ok=True)
    _run(["find", ".", "-mindepth", "1", "-delete"], place.storage)
    _run(["tar", "-xf", "-"], place.storage, _ssh(place.uri, "tar -cf - ."))
    try:
        yield
    finally:
        packed = _run(["tar", "-cf", "-", "."], place.storage)
        _ssh(place.uri, "find . -mindepth 1 -delete && tar -xf -", packed)


def _ssh(uri, command, data=b""):
    """Run a shell command in the directory of a URI; return its output. Refuse if it fails."""
    parts = split(uri)
    with tempfile.NamedTemporaryFile("w", suffix=".key") as key:
        os.chmod(key.name, 0o600)
        key.write(unquote(parts.password))
        key.flush()
        options = ["-F", "none", "-T", "-i", key.name, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no",
                   "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-p", str(parts.port or 22)]
        target = "%s@%s" % (unquote(parts.username), parts.hostname)
        done = subprocess.run(["ssh", *options, target, "cd '%s' && %s" % (unquote(parts.path).replace("'", "'\\''"), command)],
                              input=data, capture_output=True, timeout=TIMEOUT, check=False)
    if done.returncode:
        raise Refusal("Error: The login to the web hosting server failed.", "failed_filesystem_login", "websites")
    return done.stdout


def _run(command, directory, data=b""):
    """Run a program in a directory and return its output."""
    return subprocess.run(command, cwd=directory, input=data, capture_output=True, timeout=TIMEOUT, check=True).stdout
