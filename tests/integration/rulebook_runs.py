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

# Rule engine, ansible-runner and ansible-playbook start one after the other.
PATIENCE = 180


def obstacle():
    """Return why this machine cannot run a rulebook, with the package that helps, or None."""
    if importlib.util.find_spec("ansible_rulebook") is None:
        return "no ansible-rulebook here: pip install ansible-rulebook"
    if shutil.which("java") is None:
        return "no Java here: apt-get install default-jre-headless, or dnf install java-21-openjdk-headless"
    return None


class Rulebook:
    """A running ansible-rulebook.

    Arguments:
        sandbox: the Sandbox. folder: for the files of the run; the state of the source is in it. name: of the rulebook, or a path.
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
                env=dict(environment(sandbox, folder), PATH=path, ITRON_API_URL=sandbox.url, ITRON_API_KEY=KEY), cwd=folder,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    @property
    def log(self):
        """What it and its jobs printed."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def wait(self, condition, what):
        """Wait until a condition holds; what: says what is amiss if it never does."""
        try:
            wait_for(lambda: condition() or self._process.poll() is not None, PATIENCE, what)
            assert condition(), "ansible-rulebook ended with %s" % self._process.returncode
        except AssertionError as error:
            raise AssertionError("%s\n%s" % (error, self.log[-6000:])) from None

    def wait_for_a_look(self, what):
        """Wait until the source has seen sites, tasks or backups; what happens after that gives rise to events."""
        def has_looked():
            return any(json.loads(path.read_text(encoding="utf-8"))[what] is not None for path in self._state.glob("*[a-z].json"))

        self.wait(has_looked, "the source does not begin")

    def wait_for_jobs(self, count=1):
        """Wait until so many jobs are over: a job outlives the rulebook that is ended meanwhile, and would meet the next test."""
        self.wait(lambda: self.log.count("PLAY RECAP") >= count, "the job does not end")

    def ended(self):
        """Wait for the end; return the exit status."""
        return self._process.wait(PATIENCE)

    def stop(self):
        """End it and its jobs."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE)
