# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Helpers for the tests of the role server: an empty second host, a stand-in of the vendor's installer, and runs of the role."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from harness import ROOT, Record, environment
from second_host import SecondHost

INSTALLER = ROOT / "extensions" / "molecule" / "server" / "files" / "installatron-server.sh"
ROLE = "hostops.installatron.server"
HOME = "/usr/local/installatron"
WORK = "/var/lib/hostops-installatron"
# A web server that logs its arguments, and rejects its configuration if a line contains "broken".
NGINX = 'echo "$*" >>/var/stand-in/nginx\n[ "$1" != -t ] || ! grep -rq broken /etc/nginx\n'
NGINX_CONF = "# of the operator\nhttp { include /etc/nginx/conf.d/*.conf; }\n"
LICENSE = "LICENCE-0123-4567"
VARIABLES = {"server_license_key": LICENSE, "server_installer_src": str(INSTALLER), "server_free_space": 1, "server_verify_timeout": 0}


class Run:
    """A finished run of the role: C(status), C(output), and the result of each task by name."""

    def __init__(self, done, folder):
        self.status = done.returncode
        self.output = done.stdout
        log = folder / "ansible.log"
        self.log = log.read_text(encoding="utf-8") if log.exists() else ""
        records = folder / "records.jsonl"
        lines = records.read_text(encoding="utf-8").splitlines() if records.exists() else []
        self.records = [Record(json.loads(line)) for line in lines]

    @property
    def changed(self):
        """The names of the tasks that report a change."""
        return [record.name for record in self.records if record.result.get("changed")]

    @property
    def message(self):
        """The message of the last failed task."""
        return [record.result.get("msg") for record in self.records if record.failed][-1]

    @property
    def warnings(self):
        """The lines with warnings and deprecations."""
        return [line for line in self.output.splitlines() if "[WARNING" in line or "[DEPRECATION" in line]

    def shown(self, name):
        """Return the message of a task, or None if it did not run."""
        return next((record.result["msg"] for record in self.records if record.name == name and "msg" in record.result), None)

    @property
    def fact(self):
        """The fact server_result."""
        return [record.result["ansible_facts"]["server_result"] for record in self.records
                if "server_result" in record.result.get("ansible_facts", {})][-1]


class Target(SecondHost):
    """An empty machine on which the role runs. C(folder) is for the files of the runs."""

    def __init__(self, folder, sandbox, nginx=False):
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(folder / "host", sandbox, bare=True)
        self._runs = folder / "runs"
        self._sandbox = sandbox
        (self.root / "etc" / "cron.d").mkdir()
        (self.root / "var" / "stand-in").mkdir()
        if nginx:
            self._write_program(self.local / "sbin" / "nginx", "#!/bin/sh\n" + NGINX)
            (self.root / "etc" / "nginx" / "conf.d").mkdir(parents=True)
            self.file("/etc/nginx/nginx.conf").write_text(NGINX_CONF, encoding="utf-8")

    def file(self, path):
        """Return the path of a file of the target on this machine."""
        inside = Path(path).relative_to("/")
        return self.local / inside.relative_to("usr/local") if path.startswith("/usr/local/") else self.root / inside

    def text(self, path):
        """Return the content of a file of the target."""
        return self.file(path).read_text(encoding="utf-8")

    def switch(self, name, on=True):
        """Switch a behavior of the stand-in on or off."""
        if on:
            self.file("/var/stand-in/" + name).touch()
        else:
            self.file("/var/stand-in/" + name).unlink()

    def settings(self):
        """Return the settings of settings.ini as {name: value}."""
        lines = [line.partition(";")[0].partition("=") for line in self.text(HOME + "/etc/settings.ini").splitlines()]
        return {name: value.strip().strip('"') for name, equals, value in lines if equals}

    def state(self):
        """Return all relevant files, {path: (mode, content)}: the vendor's, those of the web server, and those of the role."""
        found = {}
        for top in (HOME, "/var/installatron", "/etc", WORK):
            for path in sorted(self.file(top).rglob("*")):
                name = str(Path(top) / path.relative_to(self.file(top)))
                found[name] = (path.stat().st_mode, path.read_bytes() if path.is_file() else None)
        return found

    def play(self, check=False, arguments=(), **variables):
        """Run the role with these variables in addition to those of every test. Return the Run."""
        return self._play({"vars": {**VARIABLES, **variables}, "roles": [ROLE]}, check, arguments)

    def play_cases(self, cases):
        """Run the role in one play once for each set of variables. Each must fail. Return the Run."""
        tasks = [{"block": [{"ansible.builtin.include_role": {"name": ROLE}, "vars": case}],
                  "rescue": [{"name": "Continue with the next case", "ansible.builtin.meta": "noop"}]} for case in cases]
        return self._play({"vars": VARIABLES, "tasks": tasks}, False, ())

    def _play(self, content, check, arguments):
        folder = self._runs / str(len(list(self._runs.glob("*"))))
        folder.mkdir(parents=True)
        play = {"name": "Run the role", "hosts": self.name, "gather_facts": False, **content}
        (folder / "play.yml").write_text(json.dumps([play]), encoding="utf-8")
        (folder / "hosts").write_text(self.inventory + "\n", encoding="utf-8")
        done = subprocess.run(
            [str(Path(sys.executable).parent / "ansible-playbook"), "-i", str(folder / "hosts"), str(folder / "play.yml"), *arguments]
            + (["--check"] if check else []),
            env={**environment(self._sandbox, folder), **self.environment}, cwd=str(folder), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False)
        return Run(done, folder)


def clone(target, folder, sandbox):
    """Return a new target in the state of another one, which saves the time of an installation."""
    other = Target(folder, sandbox)
    for ours, theirs in ((other.root, target.root), (other.local, target.local)):
        for name in ("etc", "var", "installatron", "sbin"):
            if (theirs / name).exists():
                shutil.rmtree(ours / name, ignore_errors=True)
                shutil.copytree(theirs / name, ours / name, symlinks=True)
    return other
