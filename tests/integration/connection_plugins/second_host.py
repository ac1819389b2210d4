# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs commands on the second host of the tests (see second_host.py in the parent folder), in its root directory."""

import os
import shlex
import subprocess

from ansible.errors import AnsibleFileNotFound
from ansible.plugins.connection import ConnectionBase

DOCUMENTATION = """
name: second_host
short_description: Runs commands on the second host of the integration tests
description: See the tests.
author: hostops.installatron contributors
options:
  enter:
    description: Program that runs its only argument as a shell command on the second host.
    type: path
    required: true
    vars:
      - name: second_host_enter
"""


class Connection(ConnectionBase):
    """A connection without a network. C(enter) starts each command."""

    transport = "second_host"
    has_pipelining = True

    def _connect(self):
        """Do nothing: no state is kept between commands."""
        self._connected = True
        return self

    def exec_command(self, cmd, in_data=None, sudoable=True):
        """Run a shell command. Return exit status, standard output and standard error."""
        super().exec_command(cmd, in_data=in_data, sudoable=sudoable)
        done = subprocess.run([self.get_option("enter"), cmd], input=in_data or b"", capture_output=True, check=False)
        return done.returncode, done.stdout, done.stderr

    def put_file(self, in_path, out_path):
        """Copy a file to the second host."""
        super().put_file(in_path, out_path)
        if not os.path.exists(in_path):
            raise AnsibleFileNotFound("no file %s" % in_path)
        with open(in_path, "rb") as file:
            subprocess.run([self.get_option("enter"), "cat >%s" % shlex.quote(out_path)], stdin=file, check=True)

    def fetch_file(self, in_path, out_path):
        """Copy a file from the second host."""
        super().fetch_file(in_path, out_path)
        with open(out_path, "wb") as file:
            subprocess.run([self.get_option("enter"), "cat %s" % shlex.quote(in_path)], stdout=file, check=True)

    def close(self):
        """Do nothing: no connection is open."""
        self._connected = False
