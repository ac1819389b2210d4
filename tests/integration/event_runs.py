# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the event source in a separate process against a sandbox."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
from harness import COMPILED, HERE, KEY, ROOT, wait_for

COLLECTION = ROOT / ".build" / "collections" / "ansible_collections" / "hostops" / "installatron"
SOURCE = COLLECTION / "extensions" / "eda" / "plugins" / "event_source" / "itron_events.py"
SCHEMA = json.loads((ROOT / "docs" / "events.schema.json").read_text(encoding="utf-8"))
# Timeout. A source that takes longer hangs.
TIMEOUT = 60


class EventSource:
    """The runs of one source, sequentially.

    Arguments:
        sandbox: the Sandbox to watch. folder: for the files. options: arguments of the source.
    """

    def __init__(self, sandbox, folder, **options):
        self._sandbox = sandbox
        self._events = Path(folder) / "events.jsonl"
        self._log = Path(folder) / "source.log"
        self.state_file = Path(folder) / "state" / "state.json"
        self._options = dict({"state_file": str(self.state_file), "interval": 0.02, "retries": 0}, **options)
        self.process = None

    def start(self, kill_at=0, prefix=(), key=KEY, **options):
        """Start the source. prefix: a command that runs it. kill_at: see event_reader."""
        environment = {name: value for name, value in COMPILED.items() if not name.startswith(("ITRON_", "ANSIBLE_", "PYTHONPATH"))}
        environment.update(ITRON_API_URL=self._sandbox.url, ITRON_API_KEY=key, NO_PROXY="127.0.0.1", no_proxy="127.0.0.1")
        with open(self._log, "ab") as log:
            self.process = subprocess.Popen(
                [*prefix, sys.executable, str(HERE / "event_reader.py"), str(SOURCE), str(self._events),
                 json.dumps(dict(self._options, **options)), str(kill_at)],
                env=environment, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        return self

    def kill(self):
        """Kill the source."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(TIMEOUT)

    def wait_for_exit(self):
        """Wait until the source exits. Return its exit status."""
        return self.process.wait(TIMEOUT)

    @property
    def events(self):
        """The events of all runs."""
        return [json.loads(line) for line in self._events.read_text().splitlines()] if self._events.exists() else []

    @property
    def log(self):
        """The log of all runs."""
        return self._log.read_text(encoding="utf-8")

    def wait_for_events(self, *kinds):
        """Wait until events of these kinds have arrived. Return the latest one of each."""
        self.wait(lambda: set(kinds) <= {event["kind"] for event in self.events}, "events of the kinds %s did not all arrive" % (kinds,))
        return [[event for event in self.events if event["kind"] == kind][-1] for kind in kinds]

    def wait_for_requests(self, count):
        """Wait until the source has sent this many more requests."""
        since = self.requests()[-1]["n"] if self.requests() else 0
        self.wait(lambda: len(self.requests(since)) >= count, "the source sends no more requests")

    def wait_for_log(self, words):
        """Wait until the log contains these words."""
        self.wait(lambda: words in self.log, "no %r in the log" % words)

    def wait(self, condition, what):
        """Wait until a condition holds. what: the failure message."""
        try:
            wait_for(condition, TIMEOUT, what)
        except AssertionError as error:
            raise AssertionError("%s\nevents: %s\nlog: %s" % (error, self.events, self.log[-3000:])) from None

    def requests(self, since=0):
        """Return the requests that the sandbox received."""
        return self._sandbox.control("GET", "/requests?since=%d" % since)

    def peak_memory(self):
        """Return the peak memory of the running source, in MiB."""
        line, = [line for line in Path("/proc/%d/status" % self.process.pid).read_text().splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) / 1024


def assert_delivery(events):
    """Assert that all events match the schema and that repeated events are marked."""
    for event in events:
        jsonschema.Draft7Validator(SCHEMA).validate(event)
    fresh = [event["id"] for event in events if not event["repeated"]]
    assert len(set(fresh)) == len(fresh)
    for place, event in enumerate(events):
        same = [other for other in events[:place] if other["id"] == event["id"]]
        assert not same or event["repeated"]
        assert all(dict(other, repeated=True) == dict(event, repeated=True) for other in same)
