# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Benchmarks of sites that change: parallel writes, and equivalent playbooks with uri."""

import math

from figures import Figure
from harness import USER, site, websites
from measure import commands
from rounds import column, compared, expect, ratios, seed, sites

# The default of poll_interval in seconds.
DEFAULT_INTERVAL = 2
# The catalog of the sandbox has newer releases.
OLD_VERSION = "6.4.3"


def writes(bench, sizes):
    """Case e: all sites change, several in parallel: time against the ideal, and polls of C(tasks)."""
    figures = []
    for kind, interval in ((_Edits, DEFAULT_INTERVAL), (_Upgrades, sizes.interval), (_Upgrades, DEFAULT_INTERVAL),
                           (_Installs, sizes.interval)):
        figures += _write_figures(bench, sizes, kind(bench, sizes), interval)
    return figures


class _Edits:
    """Sites that need C(edit), which the server completes before it responds."""

    command = "edit"
    in_background = False

    def __init__(self, bench, sizes):
        self._bench = bench
        self._sizes = sizes
        self.options = {"installs_from": [bench.write_yaml("edit_sites.yml", sites(sizes.writes, autoup="all"))]}

    def prepare(self):
        """Seed sites that all need a change, and make each change take time."""
        seed(self._bench, self._sizes.writes, files=True)
        slow = {"command": "edit", "fault": "delay", "times": 0, "seconds": self._sizes.write_seconds}
        self._bench.sandbox.control("POST", "/faults", slow)


class _Upgrades:
    """Sites that need C(upgrade), a background task of the server."""

    command = "upgrade"
    in_background = True

    def __init__(self, bench, sizes):
        self._bench = bench
        self._sizes = sizes
        # Without revert, which would create a backup and measure the sandbox instead of the collection.
        desired = sites(sizes.writes, version="latest", revert=False)
        self.options = {"installs_from": [bench.write_yaml("upgrade_sites.yml", desired)]}

    def prepare(self):
        """Seed sites that all need a change, and make each change take time."""
        seed(self._bench, self._sizes.writes, version=OLD_VERSION, files=True)
        self._bench.sandbox.control("POST", "/settings", {"task_seconds": self._sizes.write_seconds})


class _Installs:
    """Sites that need C(install), a background task of the server."""

    command = "install"
    in_background = True

    def __init__(self, bench, sizes):
        self._bench = bench
        self._sizes = sizes
        hosts = ["new%05d.example" % number for number in range(1, sizes.writes + 1)]
        desired = [site(host, version=OLD_VERSION) for host in hosts]
        self.options = {"installs_from": [bench.write_yaml("install_sites.yml", desired)], "websites": websites(*hosts)}

    def prepare(self):
        """Empty the sandbox, so that every site must be installed, and make each installation take time."""
        self._bench.sandbox.reset(task_seconds=self._sizes.write_seconds)


def _write_figures(bench, sizes, kind, interval):
    """Return the figures of one command: time against the ideal, and polls against one for each interval."""
    name = "%s_%g" % (kind.command, interval)
    options = dict(kind.options, max_parallel=sizes.parallel)
    if interval != DEFAULT_INTERVAL:
        options["poll_interval"] = interval
    task = bench.task("itron_installs", **options)
    books = {"debug": bench.book(name + "_debug", []), name: bench.book(name, [task])}
    rounds = bench.paired(books, repeat=3, prepare=lambda _name: kind.prepare())
    ideal = math.ceil(sizes.writes / sizes.parallel) * sizes.write_seconds
    ours = column(rounds, name, "debug")
    sent = [commands(measured[name].requests) for measured in rounds]
    if any(found[kind.command] != sizes.writes for found in sent):
        raise RuntimeError("%s sent %s instead of %d %s" % (name, sent, sizes.writes, kind.command))
    what = "%d %s of %g s, %d at a time" % (sizes.writes, kind.command, sizes.write_seconds, sizes.parallel)
    if kind.in_background:
        what += ", poll_interval %g" % interval
    # If the interval exceeds the duration of the tasks, the more frequent polls at the start of a run must compensate.
    limit = 1.5 if kind.in_background and interval > sizes.write_seconds else 1.3
    figures = [Figure("e", "%s: time added by the task / ideal" % what, ratios(ours, [ideal] * len(ours)), limit=limit,
                      ours=ours, other=[ideal], requests=_described(sent[-1]))]
    if kind.in_background:
        polls = [found["tasks"] for found in sent]
        allowed = [_allowed_polls(measured[name].requests, interval) for measured in rounds]
        figures.append(Figure("e", "%s: polls / allowed polls per minute" % what, ratios(polls, allowed), limit=1,
                              requests="%d tasks (%d allowed)" % (polls[-1], allowed[-1])))
    return figures


def _allowed_polls(requests, interval):
    """Return the allowed number of polls of C(tasks) in a run: one for each interval of every started minute."""
    times = [request["time"] for request in requests]
    return math.ceil((max(times) - min(times)) / 60) * math.ceil(60 / interval)


def _described(counts):
    """Return a description of command counts."""
    return ", ".join("%d %s" % (count, command) for command, count in sorted(counts.items()))


def today(bench, sizes):
    """Case f, without a budget: equivalent playbooks with uri."""
    return _repair(bench, sizes) + _visits(bench, sizes)


def _repair(bench, sizes):
    """Compare the repair of drifted sites with one list and a loop of edits."""
    names = bench.write_yaml("repair_sites.yml", sites(sizes.many, autoup="all"))
    drifted = "{{ listing.json.data | rejectattr('autoup', 'equalto', '2') }}"
    edit = bench.uri({"cmd": "edit", "id": "{{ item.id }}", "autoup": "2"}, loop=drifted,
                     loop_control={"label": "{{ item.url }}"})
    books = {
        "debug": bench.book("repair_debug", []),
        "uri": bench.book("repair_uri", [bench.uri({"cmd": "installs"}, register="listing"), edit]),
        "itron_installs": bench.book("repair", [bench.task("itron_installs", installs_from=[names])]),
    }

    def prepare(_name):
        seed(bench, sizes.many - sizes.drifted, record={"autoup": "2"})
        bench.sandbox.control("POST", "/seed", {"count": sizes.drifted, "user": USER, "record": {"autoup": "1"}})

    rounds = bench.paired(books, repeat=3, prepare=prepare)
    sent = (expect(rounds, "itron_installs", {"installs": 1 + sizes.drifted, "edit": sizes.drifted}),
            expect(rounds, "uri", {"installs": 1, "edit": sizes.drifted}))
    what = "%d of %d sites drifted: itron_installs / one list and a loop of uri" % (sizes.drifted, sizes.many)
    return [compared("f", what, rounds, "itron_installs", "uri", "debug", requests="%s / %s" % sent)]


def _visits(bench, sizes):
    """Compare itron_installs with a loop of C(view) over all sites."""
    names = bench.write_yaml("viewed_sites.yml", sites(sizes.viewed))
    view = bench.uri({"cmd": "view", "id": "{{ item.id }}"}, loop="{{ listing.json.data }}",
                     loop_control={"label": "{{ item.url }}"})
    rounds = bench.paired({
        "debug": bench.book("viewed_debug", []),
        "uri": bench.book("viewed_uri", [bench.uri({"cmd": "installs"}, register="listing"), view]),
        "lists": bench.book("viewed_lists", [bench.task("itron_installs", installs_from=[names])]),
        "refresh": bench.book("viewed_refresh", [bench.task("itron_installs", installs_from=[names],
                                                            defaults={"refresh": True})]),
    }, repeat=2, prepare=lambda _name: seed(bench, sizes.viewed, files=True), warm_up=False)
    theirs = expect(rounds, "uri", {"installs": 1, "view": sizes.viewed})
    figures = []
    for name, what, counts in (("lists", "itron_installs", {"installs": 1}),
                               ("refresh", "itron_installs with refresh", {"installs": 1, "view": sizes.viewed})):
        what = "%d sites compared: %s / a loop of view with uri" % (sizes.viewed, what)
        figures.append(compared("f", what, rounds, name, "uri", "debug",
                                requests="%s / %s" % (expect(rounds, name, counts), theirs)))
    return figures
