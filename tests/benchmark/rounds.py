# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared functions of the benchmarks: sizes, seeded sites, and arithmetic over rounds.

The cost of a task is the time that it adds to a playbook with one ``debug`` task. All figures come from rounds in which the
playbooks run alternately, so that other load affects both sides.
"""

from collections import namedtuple

from figures import Figure
from harness import USER
from measure import commands

Sizes = namedtuple("Sizes", "loop many growth writes write_seconds parallel interval drifted viewed outdated",
                   defaults=(100, 1000, (10, 100, 1000, 10000), 50, 1.0, 10, 0.2, 25, 100, (100, 1000)))
Sizes.__doc__ = """The sizes of the benchmarks.

loop: items of a loop. many: sites of one task with variables. growth: numbers of sites in files. writes: sites that
change. write_seconds: seconds that the server works on each. parallel: max_parallel. interval: poll_interval to
measure besides the default. drifted: sites out of many that the task repairs. viewed: sites that are visited.
outdated: sites of a fleet that a rollout updates; the same number of sites is current.
"""

# The desired state of every site. The seeded sites have this state.
SITE = {"application": "wordpress", "autoup": "none", "language": "en", "email": "alice@example.com"}


def seed(bench, count, **more):
    """Seed the given number of sites of one user, and no others."""
    bench.sandbox.reset()
    bench.sandbox.control("POST", "/seed", dict({"count": count, "user": USER}, **more))


def sites(count, **more):
    """Return the options of the seeded sites."""
    desired = dict(SITE, **more)
    return [dict({"url": "http://site%05d.example" % number}, **desired) for number in range(1, count + 1)]


def expect(rounds, name, counts):
    """Return a description of the requests of a playbook. Raises RuntimeError if a round sent other requests."""
    for measured in rounds:
        found = dict(commands(measured[name].requests))
        found.pop("tasks", None)
        if found != counts:
            raise RuntimeError("%s sent %s instead of %s" % (name, found, counts))
    return ", ".join("%d %s" % (count, command) for command, count in counts.items())


def column(rounds, name, without=None, clock="seconds"):
    """Return the seconds of a playbook in each round, minus those of another one.

    Arguments:
        clock: C(seconds) for elapsed time, or C(cpu).
    """
    return [getattr(measured[name], clock) - (getattr(measured[without], clock) if without else 0.0)
            for measured in rounds]


def ratios(above, below):
    """Return the quotients of two columns."""
    return [over / under for over, under in zip(above, below)]


def compared(case, what, rounds, ours, other, without=None, **more):
    """Return the Figure that compares two playbooks.

    Arguments:
        ours, other: names of the playbooks. without: name of the playbook whose time is subtracted from both.
        more: further arguments of the Figure.
    """
    wall, cpu = ([column(rounds, name, without, clock) for name in (ours, other)] for clock in ("seconds", "cpu"))
    return Figure(case, what, ratios(*wall), ours=wall[0], other=wall[1], cpu=ratios(*cpu), **more)
