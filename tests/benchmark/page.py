# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write docs/performance.md and its plot from the figures of a run."""

import os
import platform
import time
from importlib.metadata import version
from pathlib import Path

from figures import markdown_table
from harness import ROOT
from plot import svg

PAGE = ROOT / "docs" / "performance.md"
PLOT = ROOT / "docs" / "images" / "growth.svg"

TEXT = """<!--
Copyright (c) 2026, hostops.installatron contributors
SPDX-License-Identifier: GPL-3.0-or-later

Written by `make benchmark BENCHMARK_ARGS=--write`. To change the text, edit tests/benchmark/page.py.
-->

# Performance

This page compares the cost of the collection on the controller with playbooks of `ansible.builtin.uri` tasks that do
the same. The server is the sandbox (`roles/sandbox`) on the same machine. Therefore, the figures show the time of
Ansible, the collection, and the requests, but not the time in which a real server installs an application.

Measured on {date} with {machine}. {load}

## Budgets

{budgets}

- **figure**: the median of all rounds; `x` is a ratio. In each round, the playbooks of a row run alternately, so that
  other load affects both sides.
- **spread**: the lowest and the highest round.
- **limit**: the budget. A figure above the limit is marked `MISSED`.
- **processor**: the same ratio in processor seconds of `ansible-playbook` and its processes, without the sandbox.
  It is almost independent of other load.
- **ours** and **counterpart**: the medians of the seconds in the ratio. The "time added by the task" is its time minus
  the time of a playbook with one `debug` task in the same round.
- **requests**: the requests in one run, ours / counterpart.

The rows measure these cases:

- **a**: one `itron_install` task for an unchanged site, compared with one `uri` task that reads the same list.
- **b**: the same in a `loop`. Each item of `uri` starts a Python process. An item of `itron_install` is a function
  call that reuses the connection.
- **c**: `itron_installs` with a list in a variable, compared with a playbook that loads the same variables without
  using them. Most of the time of both is the time in which Ansible loads the variables.
- **d**: `itron_installs` with `installs_from`, which reads the files without Ansible's templating, compared with one
  `debug` task. Memory is the peak over all processes of the run. The growth ratio compares the cost of one more site
  in the largest list with the cost in a smaller list; 1 is exactly linear growth.
- **e**: changes to all sites, ten at a time, on a server that takes one second for each change. The ideal is the
  server's time alone. The server completes `edit` before it responds. `upgrade` and `install` are background tasks;
  one list of them serves all sites, on average at most once in each `poll_interval` over a minute. At the start of a
  run, the polls are closer together. Therefore, tasks of one second take at most 1.5 seconds with the default interval
  of 2 seconds.
- **g**: `itron_rollout` updates the outdated half of a fleet, with a backup of each site, and checks its pages before
  and after the update. The ideal is the server's time alone: a backup and an upgrade for each site. Memory is the
  amount that the task adds to one `debug` task; 1 is exactly linear growth.
- **h**: the roles `report` and `backup_policy` (an audit) read a fleet. The counterpart is `itron_installs`, which
  compares the same sites with a description in a file.

## Growth

![Cost of one task from 10 to 10,000 sites](images/growth.svg)

{growth}

## Comparison with `uri` loops

{today}

The first row fixes drift: the `uri` tasks read one list, filter it, and send an `edit` for each site that differs. The
other rows check the sites for drift. In the loop, the server visits each site with `view`, which is slow on a real
server. `itron_installs` uses the list of sites, and visits sites only with `refresh: true`.

## Run the benchmarks

```sh
make benchmark                                          # print the tables
make benchmark BENCHMARK_ARGS='--only a,c --repeat 15'  # selected cases, more rounds
make benchmark BENCHMARK_ARGS=--check                   # fail if a budget is missed
make benchmark BENCHMARK_ARGS=--write                   # write this page
```

A run takes about {minutes} minutes. The benchmarks run `ansible-playbook` with the default
configuration and callback, and redirect the output to a file.
"""


def write(figures, seconds):
    """Write the page and the plot.

    Arguments:
        figures: the Figures of all benchmarks. seconds: duration of the run.
    """
    PLOT.parent.mkdir(parents=True, exist_ok=True)
    PLOT.write_text(svg("Cost of one task", "unchanged sites", "seconds added by the task",
                        _series(figures)), encoding="utf-8")
    PAGE.write_text(TEXT.format(
        date=time.strftime("%Y-%m-%d"), machine=_machine(), load=_load(), minutes=round(seconds / 60),
        budgets=markdown_table([figure for figure in figures if figure.limit is not None or figure.case == "e"]),
        growth=markdown_table([figure for figure in figures if figure.case == "d" and figure.size]),
        today=markdown_table([figure for figure in figures if figure.case == "f"])), encoding="utf-8")


def _series(figures):
    """Return the series of the plot: one task over files, and the loops of benchmark b as single points."""
    loop = next(figure for figure in figures if figure.case == "b")
    grown = {figure.size: figure.values for figure in figures if figure.case == "d" and figure.size}
    return {"itron_installs with installs_from": grown, "loop of itron_install": {loop.size: loop.ours},
            "loop of ansible.builtin.uri": {loop.size: loop.other}}


def _machine():
    """Return a description of the machine and the software."""
    return "%d cores (%s), Python %s, ansible-core %s, requests %s" % (
        os.cpu_count(), _processor(), platform.python_version(), version("ansible-core"), version("requests"))


def _processor():
    """Return the name of the processor."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _load():
    """Return a sentence about the load of the machine."""
    load = os.getloadavg()[2]
    return "The load average of the machine was %.1f over the last 15 minutes; the benchmarks alone cause about 1." % load
