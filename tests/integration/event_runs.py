# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source in a process of its own, against a sandbox."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
from harness import COMPILED, HERE, KEY, ROOT, wait_for

COLLECTION = ROOT / ".build" / "collections" / "ansible_collections" / "hostops" / "installatron"
SOURCE = COLLECTION / "extensions" / "eda" / "plugins" / "event_source" / "itron_events.py"
SCHEMA = json.loads((ROOT / "docs" / "events.schema.json").read_text(encoding="utf-8"))
# What waits longer than this hangs.
PATIENCE = 60


class EventSource:
    """The runs of one source, one after the other.

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
            self.process.wait(PATIENCE)

    def ended(self):
        """Wait for the end of the source; return its exit status."""
        return self.process.wait(PATIENCE)

    @property
    def events(self):
        """The events that were handed over, in all runs."""
        return [json.loads(line) for line in self._events.read_text().splitlines()] if self._events.exists() else []

    @property
    def log(self):
        """What the source logged, in all runs."""
        return self._log.read_text(encoding="utf-8")

    def wait_for_events(self, *kinds):
        """Wait until events of these kinds were handed over; return the newest one of each."""
        self.wait(lambda: set(kinds) <= {event["kind"] for event in self.events}, "not all of %s came" % (kinds,))
        return [[event for event in self.events if event["kind"] == kind][-1] for kind in kinds]

    def wait_for_turns(self, count):
        """Wait until the source has sent so many more requests."""
        since = self.requests()[-1]["n"] if self.requests() else 0
        self.wait(lambda: len(self.requests(since)) >= count, "the source does not go on")

    def wait_for_log(self, words):
        """Wait until the log has these words."""
        self.wait(lambda: words in self.log, "no %r in the log" % words)

    def wait(self, condition, what):
        """Wait until a condition holds; what: says what is amiss if it never does."""
        try:
            wait_for(condition, PATIENCE, what)
        except AssertionError as error:
            raise AssertionError("%s\nevents: %s\nlog: %s" % (error, self.events, self.log[-3000:])) from None

    def requests(self, since=0):
        """Return the requests that reached the sandbox."""
        return self._sandbox.control("GET", "/requests?since=%d" % since)

    def peak_memory(self):
        """Return the most memory that the running source has used, in MiB."""
        line, = [line for line in Path("/proc/%d/status" % self.process.pid).read_text().splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) / 1024


def assert_delivery(events):
    """Fail unless the schema describes all events, and what came twice is marked."""
    for event in events:
        jsonschema.Draft7Validator(SCHEMA).validate(event)
    fresh = [event["id"] for event in events if not event["repeated"]]
    assert len(set(fresh)) == len(fresh)
    for place, event in enumerate(events):
        same = [other for other in events[:place] if other["id"] == event["id"]]
        assert not same or event["repeated"]
        assert all(dict(other, repeated=True) == dict(event, repeated=True) for other in same)
