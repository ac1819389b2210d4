# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rollout that is killed at every transition and every request, and the run that resumes it.

No site is updated without a backup of the run, updated twice, or omitted, and the verdicts are the same as in an uninterrupted run.
The only exception: a site that breaks while the run is dead needs attention. MODEL=all tests every kill; otherwise a fixed
sample is tested.
"""

import json
import os
import threading
from collections import Counter
from unittest import mock

import pytest
from harness import KEY, USER

from ansible_collections.hostops.installatron.plugins.module_utils._core import operation as _operation
from ansible_collections.hostops.installatron.plugins.module_utils._rollout.journal import Journal
from ansible_collections.hostops.installatron.plugins.module_utils._rollout.work import OPERATION
from ansible_collections.hostops.installatron.plugins.module_utils._wire.transport import HttpTransport

OLD, NEW = "6.4.3", "6.5.5"
# Each name begins with the kind of the site.
NAMES = ("good1", "breaks1", "good2", "fails1", "current1", "good3")
# The verdict on each kind in an uninterrupted run.
EXPECTED = {"good": "updated", "breaks": "rolled_back", "fails": "rolled_back", "current": "unchanged"}
# The result of a site's upgrade in the sandbox.
UPGRADES = {"breaks": "page_500", "fails": "task_fails"}
# Upper limits for the number of moments in a run.
MOMENTS = {"before": 24, "cut": 24, "after": 24, "request": 110, "answer": 110}
# The sample tests every n-th moment.
SAMPLE = {"before": 3, "cut": 3, "after": 3, "request": 16, "answer": 16}
ALL = os.environ.get("MODEL") == "all"


class Killed(BaseException):
    """Terminates every thread, like a signal that cannot be caught."""


class Killer:
    """Kills the run at one moment: at the n-th journal entry (before, in the middle, or after), or at the n-th request."""

    def __init__(self, moment=None, nth=0):
        self.moment, self.nth = moment, nth
        self.counts = Counter()
        self.dead = False
        self._lock = threading.Lock()
        self._writing = threading.Lock()

    def reaches(self, moment):
        """Count a moment; return whether the run dies or is already dead."""
        with self._lock:
            self.counts[moment] += 1
            if self.dead or (moment == self.moment and self.counts[moment] == self.nth):
                self.dead = True
                return True
        return False

    def check(self, moment):
        """Raise Killed if the run dies at this moment."""
        if self.reaches(moment):
            raise Killed

    def append(self, journal, event, original=Journal.append, **values):
        """Replace Journal.append."""
        self.check("before")
        # Once a process has died in the middle of a line, nothing more is written.
        with self._writing:
            if self.reaches("cut"):
                line = json.dumps(dict(values, event=event), separators=(",", ":")).encode()
                journal._file.write(line[:len(line) // 2])
                raise Killed
            original(journal, event, **values)
        self.check("after")

    def send(self, transport, *arguments, original=HttpTransport._send_once):
        """Replace HttpTransport._send_once."""
        self.check("request")
        reply = original(transport, *arguments)
        self.check("answer")
        return reply


def run(sandbox, journal, killer, **more):
    """Run the rollout in this process with additional options; return its result, or None if it was killed."""
    given = dict({"api_url": sandbox.url, "api_key": KEY, "user": USER, "journal": str(journal), "canary": 1, "waves": ["2"], "max_failures": -1,
                  "rollback": True, "server_revert": False, "max_parallel": 2, "poll_interval": 0.02, "fail_on": [], "retry": [],
                  "health": {"url_ip": "127.0.0.1", "port": sandbox.ready["port"], "attempts": 2, "delay": 0.01, "slower_margin": 30}}, **more)
    params, messages = OPERATION.spec.validate(given)
    assert not messages, messages

    def append(journal, event, **values):
        killer.append(journal, event, **values)

    def send(transport, *arguments):
        return killer.send(transport, *arguments)

    with mock.patch.object(Journal, "append", append), mock.patch.object(HttpTransport, "_send_once", send):
        try:
            outcome = _operation.run(OPERATION, params)
        except Killed:
            return None
    assert not outcome.result.get("failed"), outcome.result
    return outcome.result


def kind_of(name):
    """Return the kind of a site."""
    return name.rstrip("0123456789")


def make_fleet(sandbox, names=NAMES):
    """Create the sites, and set the results of their upgrades."""
    sandbox.reset(task_seconds=0.05)
    for name in names:
        kind = kind_of(name)
        sandbox.control("POST", "/seed", {"count": 1, "user": USER, "files": True, "domain": "%s.example" % name,
                                          "version": NEW if kind == "current" else OLD})
        if kind in UPGRADES:
            sandbox.control("POST", "/sites", {"url": "http://%s.example" % name, "upgrade": UPGRADES[kind]})
    sandbox.control("DELETE", "/requests")


def name_of(url):
    """Return the name of a site."""
    return url.partition("://")[2].partition(".")[0]


def verdicts_of(result, names):
    """Return {site: verdict} and {site: full verdict}. Sites that the result omits are unchanged."""
    found = {name_of(verdict["url"]): verdict for verdict in result["verdicts"]}
    return {name: found[name]["verdict"] if name in found else "unchanged" for name in names}, found


def promises_broken(sandbox, result, names=NAMES):
    """Return the promises that the server's state and the result break."""
    state = sandbox.control("GET", "/state")
    done = Counter(name_of(row["url"]) for row in state["tasks"] if row["cmd"] == "upgrade" and row["status"] == "complete")
    broken = ["%s was updated %d times" % (name, number) for name, number in done.items() if number > 1]
    backed_up = set()
    for request in sandbox.control("GET", "/requests"):
        id = request["arguments"].get("id")
        if request["command"] == "backup" and request["outcome"] == "ok":
            backed_up.add(id)
        elif request["command"] == "upgrade" and not request["dryrun"] and id not in backed_up:
            broken.append("%s was updated without a backup" % id)
    verdicts, found = verdicts_of(result, names)
    for name, verdict in verdicts.items():
        kind = kind_of(name)
        if verdict != EXPECTED[kind] and not (kind in UPGRADES and found[name]["reason"] == "interrupted"):
            broken.append("%s is %s and not %s: %s" % (name, verdict, EXPECTED[kind], found.get(name)))
    for verdict in found.values():
        if verdict["verdict"] in ("updated", "attention", "rolled_back") and verdict["backup"]["id"] not in {row["id"] for row in state["backups"]}:
            broken.append("the backup in the verdict on %s does not exist" % verdict["url"])
    good = {name_of(row["url"]) for row in state["installs"] if row["version"] == NEW}
    return broken + ["%s has the old version" % name for name, verdict in verdicts.items() if verdict == "updated" and name not in good]


def play_random(sandbox, folder, chance):
    """Run a rollout that is killed up to three times; return (names, options, kills) and the broken promises.

    Arguments:
        folder: for the journal. chance: a random.Random that selects sites, options and kills.
    """
    # The first site is good, because a failed canary stops the rollout.
    names = ["good0", *("%s%d" % (chance.choice(list(EXPECTED)), number) for number in range(1, chance.randint(2, 8)))]
    options = {"canary": chance.choice([0, 1]), "waves": chance.choice([[], ["1"], ["50%"]]), "max_parallel": chance.randint(1, 4)}
    kills = [(moment, chance.randrange(1, MOMENTS[moment])) for moment in chance.choices(list(MOMENTS), k=chance.randint(0, 3))]
    make_fleet(sandbox, names)
    # The last killer never kills. Use the first run that finishes.
    runs = (run(sandbox, folder / "journal", Killer(*kill), **options) for kill in [*kills, ()])
    result = next(found for found in runs if found is not None)
    return (names, options, kills), promises_broken(sandbox, result, names)


def test_uninterrupted_run(sandbox, tmp_path):
    make_fleet(sandbox)
    killer = Killer()
    result = run(sandbox, tmp_path / "journal", killer)
    assert promises_broken(sandbox, result) == []
    assert verdicts_of(result, NAMES)[0] == {name: EXPECTED[kind_of(name)] for name in NAMES}
    # The limits in MOMENTS cover the whole run.
    assert all(killer.counts[moment] < number for moment, number in MOMENTS.items()), killer.counts


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_run(sandbox, tmp_path, moment, record_property):
    problems, kills = [], 0
    for nth in range(1, MOMENTS[moment], 1 if ALL else SAMPLE[moment]):
        make_fleet(sandbox)
        journal = tmp_path / str(nth)
        killed = run(sandbox, journal, Killer(moment, nth)) is None
        kills += killed
        # The server continues to work while the next run starts.
        result = run(sandbox, journal, Killer())
        problems += ["%s %d: %s" % (moment, nth, problem) for problem in promises_broken(sandbox, result)]
        if not killed:
            break
    record_property("figure: kills of a rollout", kills)
    assert problems == []
    assert kills


def test_repeatedly_killed_run(sandbox, tmp_path):
    """Each run proceeds a little further than the previous one."""
    make_fleet(sandbox)
    runs = [run(sandbox, tmp_path / "journal", Killer("after", nth)) for nth in range(4, 14)]
    assert runs[0] is None
    assert promises_broken(sandbox, run(sandbox, tmp_path / "journal", Killer())) == []
