# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ansible-playbook as a user does, and measure its time, requests and memory."""

import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections import Counter, namedtuple
from pathlib import Path

import yaml
from harness import KEY, ROOT, USER

HERE = Path(__file__).resolve().parent
PROGRAM = str(Path(sys.executable).parent / "ansible-playbook")
# Seconds between two samples of the processes' memory.
SAMPLING = 0.02
# Timeout of a playbook in seconds.
LIMIT = 1800

Measurement = namedtuple("Measurement", "seconds cpu requests")
Measurement.__doc__ = """One run.

seconds: the elapsed time. cpu: processor seconds of ansible-playbook and all its processes, without the
sandbox. requests: the request log of the sandbox.
"""

Memory = namedtuple("Memory", "largest resident shares")
Memory.__doc__ = """The peak memory of a run and all its processes, in MiB.

largest: of one process. resident: sum over all processes, in which shared pages count for each of them. shares: the
same sum, in which shared pages count once.
"""


def commands(requests):
    """Return the number of requests for each command as a Counter."""
    return Counter(request["command"] for request in requests)


class Bench:
    """Runs of playbooks in a folder against a sandbox.

    Arguments:
        sandbox: a Sandbox of the integration tests. folder: directory for all files.
        repeat: number of measured rounds; None uses the number of each benchmark.
        warm_up: whether to discard a first round.
    """

    def __init__(self, sandbox, folder, repeat=None, warm_up=True):
        self.sandbox = sandbox
        self.folder = Path(folder)
        self._repeat = repeat
        self._warm_up = warm_up
        here = "localhost ansible_connection=local ansible_python_interpreter=%s\n"
        self._hosts = self.write("hosts", here % sys.executable)

    # --- playbooks ---

    def write(self, name, text):
        """Write a file and return its path as text."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return str(path)

    def write_yaml(self, name, data):
        """Write data as a block-style YAML file and return its path."""
        return self.write(name, yaml.dump(data, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), sort_keys=False))

    def book(self, name, tasks, vars_files=()):
        """Write a playbook that begins with one C(debug) task and return its path."""
        greeting = {"name": "Print a message", "ansible.builtin.debug": {"msg": "hello"}}
        play = {"name": "Benchmark", "hosts": "localhost", "gather_facts": False, "tasks": [greeting, *tasks]}
        if vars_files:
            play["vars_files"] = list(vars_files)
        return self.write_yaml(name + ".yml", [play])

    def task(self, module, **options):
        """Return a task that calls a module of the collection, connected to the sandbox."""
        options = dict({"api_url": self.sandbox.url, "api_key": KEY, "user": USER}, **options)
        return {"name": "Measured", "hostops.installatron.%s" % module: options}

    def uri(self, body, **keywords):
        """Return a task that sends a command with ansible.builtin.uri."""
        options = {"url": self.sandbox.url, "method": "POST", "body_format": "json",
                   "body": dict({"key": KEY, "user": USER}, **body)}
        return dict({"name": "Counterpart", "ansible.builtin.uri": options}, **keywords)

    # --- measurements ---

    def paired(self, books, repeat, prepare=None, warm_up=True):
        """Run playbooks alternately and return a list of rounds, each a dictionary {name: Measurement}.

        Arguments:
            books: {name: path of a playbook}. repeat: number of rounds, unless the user sets another one.
            prepare: callable(name) to run before each playbook; it is not measured. warm_up: False to run no discarded
                first round, if that takes long and its effect is negligible.
        """
        rounds = []
        names = list(books)
        unmeasured = int(self._warm_up and warm_up)
        for number in range(unmeasured + (self._repeat or repeat)):
            # Reverse the order in every other round, so that slow trends such as heat affect all playbooks equally.
            for name in names if number % 2 else reversed(names):
                if prepare:
                    prepare(name)
                measured = self.run(books[name])
                rounds += [{}] if len(rounds) <= number else []
                rounds[number][name] = measured
        return rounds[unmeasured:]

    def run(self, book):
        """Run a playbook once and return its Measurement."""
        self.sandbox.control("DELETE", "/requests")
        used, start = _processor_seconds(), time.monotonic()
        _finish(self._start(book), book)
        seconds, used = time.monotonic() - start, _processor_seconds() - used
        return Measurement(seconds, used, self.sandbox.control("GET", "/requests"))

    def memory(self, book):
        """Run a playbook and return its peak Memory."""
        process = self._start(book)
        sampler = _Sampler(process.pid)
        sampler.start()
        try:
            _finish(process, book)
        finally:
            sampler.end()
        return Memory(sampler.largest, sampler.resident, sampler.shares)

    def result_bytes(self, book):
        """Run a playbook and return the size of its largest task result, as JSON, in bytes."""
        sizes = self.folder / "result_sizes"
        sizes.unlink(missing_ok=True)
        process = self._start(book, ANSIBLE_CALLBACK_PLUGINS=str(HERE / "callback_plugins"),
                              ANSIBLE_CALLBACKS_ENABLED="result_size", RESULT_SIZE_FILE=str(sizes))
        _finish(process, book)
        return max(json.loads(line)["bytes"] for line in sizes.read_text(encoding="utf-8").splitlines())

    def _start(self, book, **more):
        """Start ansible-playbook; its output is written next to the playbook."""
        with open(book + ".out", "wb") as output:
            return subprocess.Popen([PROGRAM, "-i", self._hosts, book], env=self._environment(more),
                                    cwd=str(self.folder), stdin=subprocess.DEVNULL, stdout=output,
                                    stderr=subprocess.STDOUT)

    def _environment(self, more):
        """Return an environment without the user's settings, so that Ansible uses its defaults."""
        users = ("ITRON_", "ANSIBLE_", "PYTEST_", "PYTHON")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(users)}
        return dict(kept, HOME=str(self.folder), ANSIBLE_HOME=str(self.folder / "ansible"), LC_ALL="C.UTF-8",
                    ANSIBLE_CONFIG=str(ROOT / ".build" / "ansible.cfg"), NO_PROXY="127.0.0.1", no_proxy="127.0.0.1",
                    ANSIBLE_COLLECTIONS_PATH=str(ROOT / ".build" / "collections"), **more)


def _processor_seconds():
    """Return the processor time of all finished child processes; the sandbox is not one of them."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _finish(process, book):
    """Wait until a playbook finishes. Raises RuntimeError with its output if it failed."""
    # process.wait(LIMIT) polls every 50 ms, which is a third of the time of a short task.
    killer = threading.Timer(LIMIT, process.kill)
    killer.start()
    try:
        process.wait()
    finally:
        killer.cancel()
        if process.poll() is None:
            process.kill()
            process.wait()
    if process.returncode:
        output = Path(book + ".out").read_text(encoding="utf-8", errors="replace")
        raise RuntimeError("%s ended with %d:\n%s" % (Path(book).name, process.returncode, output[-3000:]))


class _Sampler(threading.Thread):
    """Samples the memory of a process and its descendants until it is stopped; see Memory for the results."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self._pid = pid
        self._over = threading.Event()
        self.largest = self.resident = self.shares = 0.0

    def run(self):
        """Take samples until end() is called."""
        while not self._over.wait(SAMPLING):
            tables = [table for table in map(_memory_of, _tree(self._pid)) if table]
            self.largest = max([self.largest] + [table["VmHWM"] for table in tables])
            self.resident = max(self.resident, sum(table["Rss"] for table in tables))
            self.shares = max(self.shares, sum(table["Pss"] for table in tables))

    def end(self):
        """Stop sampling."""
        self._over.set()
        self.join()


def _tree(pid):
    """Return the ids of a process and its descendants."""
    found = [pid]
    for process in found:
        for children in Path("/proc/%d/task" % process).glob("*/children"):
            try:
                found += [int(child) for child in children.read_text(encoding="ascii").split()]
            except OSError:
                continue  # the process has exited
    return found


def _memory_of(pid):
    """Return C(VmHWM) (the peak), C(Rss) and C(Pss) of a process in MiB, or {} if it has exited."""
    table = {}
    for name in ("status", "smaps_rollup"):
        try:
            lines = Path("/proc/%d/%s" % (pid, name)).read_text(encoding="ascii", errors="replace").splitlines()
        except OSError:
            return {}
        table.update((line.split(":")[0], int(line.split()[1]) / 1024.0)
                     for line in lines if line.startswith(("VmHWM:", "Rss:", "Pss:")))
    # A zombie process has no memory.
    return table if len(table) == 3 else {}
