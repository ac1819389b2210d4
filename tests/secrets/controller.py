# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ansible-playbook, collect its output and files, and monitor the list of processes."""

import json
import os
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

from canaries import files_below
from harness import environment

HERE = Path(__file__).resolve().parent
# With ANSIBLE_KEEP_REMOTE_FILES, the files that transfer a module and its options to the target are kept.
CARRIERS = ("remote/*/AnsiballZ_*.py", "remote/*/args", "remote/*/arguments")
WRAPPER = """#!/bin/sh
# Calls the vendor's program and logs the command line.
tr '\\0' '\\n' </proc/$$/cmdline >>%(note)s
exec %(program)s "$@"
"""
# Seconds between two scans of the list of processes.
LOOK = 0.02


class ProcessList:
    """Collects the command lines of all processes of this machine within a C(with) block."""

    def __init__(self):
        self._seen = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exception):
        self._stop.set()
        self._thread.join(10)

    def _watch(self):
        while not self._stop.wait(LOOK):
            for entry in os.scandir("/proc"):
                if entry.name.isdigit():
                    self._look(entry.name)

    def _look(self, process):
        try:
            with open("/proc/%s/cmdline" % process, "rb") as file:
                self._seen.add(file.read())
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            # The process has exited, or belongs to another user.
            return

    @property
    def data(self):
        """All distinct command lines."""
        return b"\n".join(sorted(self._seen))


class Played:
    """A finished run: C(status), C(output), C(results) by task, and C(places), which is everything to search."""

    def __init__(self, done, out, processes):
        self.status = done.returncode
        self.output = done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")
        self.places = dict(
            {"stdout": done.stdout, "stderr": done.stderr, "process list": processes}, **files_below(out, CARRIERS)
        )
        lines = [json.loads(line) for line in self.places.get("results.jsonl", b"").splitlines()]
        self.results = {line["task"]: line["result"] for line in lines if "item" not in line["kind"]}
        self.failed = {line["task"] for line in lines if line["kind"] == "failed"}


class Controller:
    """An environment to run ansible-playbook in: a sandbox, and a virtual environment with ansible-core.

    Arguments:
        sandbox: a harness.Sandbox. programs: bin directory of the virtual environment. folder: a new directory for this run.
    """

    def __init__(self, sandbox, programs, folder):
        self.sandbox = sandbox
        self.programs = Path(programs)
        # The input contains secrets and is not searched; the output is.
        self.input, self.out = Path(folder) / "input", Path(folder) / "out"
        for path in (self.input, self.out):
            path.mkdir(parents=True)
        self.cli = self.input / "installatron"
        self.cli.write_text(WRAPPER % {"note": self.out / "command-lines", "program": sandbox.ready["cli"]})
        self.cli.chmod(0o755)

    def write(self, name, value):
        """Write an input file from text or JSON data; return its path."""
        path = self.input / name
        path.write_text(value if isinstance(value, str) else json.dumps(value, indent=1), encoding="utf-8")
        return path

    def environment(self, **more):
        """Return the environment of a program, in which all its files are written to the directory that is searched."""
        settings = dict(
            environment(self.sandbox, self.out),
            ANSIBLE_CALLBACK_PLUGINS=str(HERE / "callback_plugins"),
            ANSIBLE_CALLBACKS_ENABLED="results_dump",
            ANSIBLE_KEEP_REMOTE_FILES="true",
            ANSIBLE_CACHE_PLUGIN="jsonfile",
            ANSIBLE_CACHE_PLUGIN_CONNECTION=str(self.out / "facts"),
            ANSIBLE_DISPLAY_TRACEBACK="always",
            RESULTS_FILE=str(self.out / "results.jsonl"),
            RESULTS_PLAN=str(self.input / "plan.json"),
            RESULTS_CONTROL=self.sandbox.ready["control_url"],
        )
        return dict(settings, **more)

    def run(self, program, *arguments, **more):
        """Run a program of Ansible; return a Played object."""
        # A separate temporary directory, because paths of sockets of ansible-core 2.22 must be short.
        with tempfile.TemporaryDirectory(prefix="itron") as temporary, ProcessList() as processes:
            done = subprocess.run(
                [str(self.programs / program), *map(str, arguments)],
                env=self.environment(TMPDIR=temporary, **more),
                cwd=str(self.input),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=400,
                check=False,
            )
            shutil.copytree(temporary, self.out / "tmp", dirs_exist_ok=True, ignore=shutil.ignore_patterns("pymp-*"))
        return Played(done, self.out, processes.data)

    def play(self, tasks, plan, *arguments, defaults=None, variables=None, before=(), **more):
        """Run tasks in one playbook.

        Arguments:
            tasks: of the play. plan: {task name: requests to the control interface before the task}.
            arguments: of ansible-playbook. defaults: options of the action group. variables: content of the variables file.
            before: plays to run first. more: environment variables.
        """
        self.write("plan.json", plan)
        self.write("variables.json", variables or {})
        book = [
            *before,
            {
                "name": "Secrets",
                "hosts": "localhost",
                "gather_facts": False,
                "vars_files": ["variables.json"],
                "module_defaults": {"group/hostops.installatron.itron": defaults or {}},
                "tasks": tasks,
            },
        ]
        self.write("playbook.yml", book)
        self.write(
            "hosts", "localhost ansible_connection=local ansible_python_interpreter=%s\n" % (self.programs / "python")
        )
        return self.run("ansible-playbook", "-i", "hosts", *arguments, "playbook.yml", **more)
