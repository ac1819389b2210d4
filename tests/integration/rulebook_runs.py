# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of ansible-rulebook with the rulebooks of the collection."""

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from harness import KEY, environment, wait_for

# The rule engine, ansible-runner and ansible-playbook start sequentially.
TIMEOUT = 180


def missing_requirement():
    """Return why this machine cannot run a rulebook and the package to install, or None."""
    if importlib.util.find_spec("ansible_rulebook") is None:
        return "ansible-rulebook is not installed: pip install ansible-rulebook"
    if shutil.which("java") is None:
        return "Java is not installed: apt-get install default-jre-headless, or dnf install java-21-openjdk-headless"
    return None


class Rulebook:
    """A running ansible-rulebook.

    Arguments:
        sandbox: the Sandbox. folder: for the files of the run, including the state of the source. name: of the rulebook, or a path.
        variables: of the rulebook. host: variables of localhost in the inventory. arguments: for ansible-rulebook.
    """

    def __init__(self, sandbox, folder, name, variables, host=None, arguments=()):
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        variables = dict({"itron_state_directory": str(folder / "state"), "itron_interval": 0.5}, **variables)
        (folder / "variables.yml").write_text(json.dumps(variables), encoding="utf-8")
        here = dict({"ansible_connection": "local", "ansible_python_interpreter": sys.executable}, **(host or {}))
        (folder / "inventory.yml").write_text(json.dumps({"all": {"hosts": {"localhost": here}}}), encoding="utf-8")
        self._log = folder / "rulebook.log"
        self._state = folder / "state"
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        with open(self._log, "ab") as log:
            self._process = subprocess.Popen(
                [str(Path(sys.executable).parent / "ansible-rulebook"), "--rulebook", str(name), "--vars", "variables.yml", "--inventory", "inventory.yml",
                 "--print-events", *arguments],
                # Without PYTHONUNBUFFERED, printed events stay in a buffer while standard output is a file.
                env=dict(environment(sandbox, folder), PATH=path, ITRON_API_URL=sandbox.url, ITRON_API_KEY=KEY, PYTHONUNBUFFERED="1"), cwd=folder,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    @property
    def log(self):
        """The output of ansible-rulebook and its jobs."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def wait(self, condition, what):
        """Wait until a condition holds. what: the failure message."""
        try:
            wait_for(lambda: condition() or self._process.poll() is not None, TIMEOUT, what)
            assert condition(), "ansible-rulebook exited with %s" % self._process.returncode
        except AssertionError as error:
            raise AssertionError("%s\n%s" % (error, self.log[-6000:])) from None

    def wait_for_first_poll(self, what):
        """Wait until the source has read sites, tasks or backups. Later changes trigger events."""
        def has_polled():
            return any(json.loads(path.read_text(encoding="utf-8"))[what] is not None for path in self._state.glob("*[a-z].json"))

        self.wait(has_polled, "the source does not start")

    def wait_for_jobs(self, count=1):
        """Wait until this many jobs have finished. A job outlives a stopped rulebook and would disturb the next test."""
        self.wait(lambda: self.log.count("PLAY RECAP") >= count, "the job does not finish")

    def wait_for_exit(self):
        """Wait until ansible-rulebook exits. Return its exit status."""
        return self._process.wait(TIMEOUT)

    def stop(self):
        """Stop ansible-rulebook and its jobs."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(TIMEOUT)
