# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/performance.md and its plot, written from the figures of a run."""

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

Written by `make benchmark BENCHMARK_ARGS=--write`; changes by hand belong into tests/benchmark/page.py.
-->

# Performance

What the collection costs on the controller, measured against playbooks of `ansible.builtin.uri` tasks that do the
same. The server is the sandbox (`roles/sandbox`) on the same machine, so the numbers say what Ansible, the
collection, and the requests take, and not how fast a real server installs an application.

Measured on {date} with {machine}. {load}

## The budgets

{budgets}

- **figure**: the median over the rounds. In each round all playbooks of a row run by turns, so that a busy machine
  slows both sides; **spread** is the lowest and the highest round. `x` is a ratio.
- **limit**: the budget. A figure above it is marked `MISSED`.
- **processor**: the same ratio in processor seconds of `ansible-playbook` and its processes, without the sandbox.
  It hardly depends on what else the machine does.
- **ours** and **counterpart**: the seconds behind the ratio, medians. "What a task adds" is its time less that of a
  playbook of one `debug` task in the same round.
- **requests**: what reached the server in one run, ours / counterpart.

What the rows are:

- **a**: one `itron_install` task for a site that is as it should be, against one `uri` task that reads the same
  list.
- **b**: the same in a `loop`. An item of `uri` starts a Python process; an item of `itron_install` is a function
  call, and the connection stays open.
- **c**: `itron_installs` with a list that stands in a variable, against a playbook that loads the same variables
  and does nothing with them. Most of the time of both is Ansible's own loading of the variables.
- **d**: `itron_installs` with `installs_from`, which reads the files past Ansible's templating, against one `debug`
  task. Memory is the highest that was seen over all processes of the run. The last ratio compares what one more
  site costs among the most sites with what it costs among fewer; 1 is exactly linear growth.
- **e**: sites that all have to be changed, ten at a time, on a server that takes a second for each change. The
  ideal is the server's time alone. `edit` is answered when it is done; `upgrade` and `install` are background tasks
  whose list is read for all sites together, in a minute at most once in each `poll_interval`. The first readings of
  a run are closer together, so that tasks of one second take at most half as long again with the default of 2 seconds.
- **g**: `itron_rollout` updates the outdated half of a fleet, each site behind a backup, and looks at its pages
  before and after. The ideal is the server's time alone: a backup and an upgrade for each site. Memory is what the
  task adds to one `debug` task; 1 is exactly linear growth.
- **h**: the roles `report` and `backup_policy` (an audit) read a fleet; `itron_installs` compares the same sites with
  a description in a file.

## Growth

![What one task costs from 10 to 10,000 sites](images/growth.svg)

{growth}

## What users write today

{today}

The first row repairs what drifted: one list, a filter over it, and an `edit` for each site that differs. The others
answer whether the sites are as they should be: the loop lets the server visit each site with `view`, which is slow on
a real server; `itron_installs` compares with the server's own list and visits sites only with `refresh: true`.

## Repeat it

```sh
make benchmark                                          # the table
make benchmark BENCHMARK_ARGS='--only a,c --repeat 15'  # some of it, more rounds
make benchmark BENCHMARK_ARGS=--check                   # exit status 2 of make when a budget is missed
make benchmark BENCHMARK_ARGS=--write                   # this page
```

A run takes about {minutes} minutes. The playbooks are started as users start them: `ansible-playbook`, default
configuration and callback, output into a file.
"""


def write(figures, seconds):
    """Write the page and the plot.

    Arguments:
        figures: the Figures of all benchmarks. seconds: that the whole run took.
    """
    PLOT.parent.mkdir(parents=True, exist_ok=True)
    PLOT.write_text(svg("What one task costs", "sites, nothing to do", "seconds that the task adds to the playbook",
                        _series(figures)), encoding="utf-8")
    PAGE.write_text(TEXT.format(
        date=time.strftime("%Y-%m-%d"), machine=_machine(), load=_load(), minutes=round(seconds / 60),
        budgets=markdown_table([figure for figure in figures if figure.limit is not None or figure.case == "e"]),
        growth=markdown_table([figure for figure in figures if figure.case == "d" and figure.size]),
        today=markdown_table([figure for figure in figures if figure.case == "f"])), encoding="utf-8")


def _series(figures):
    """Return the series of the plot: one task over files, and the loops of the benchmark b as points beside it."""
    loop = next(figure for figure in figures if figure.case == "b")
    grown = {figure.size: figure.values for figure in figures if figure.case == "d" and figure.size}
    return {"itron_installs with installs_from": grown, "loop of itron_install": {loop.size: loop.ours},
            "loop of ansible.builtin.uri": {loop.size: loop.other}}


def _machine():
    """Return the machine and the software in words."""
    return "%d cores (%s), Python %s, ansible-core %s, requests %s" % (
        os.cpu_count(), _processor(), platform.python_version(), version("ansible-core"), version("requests"))


def _processor():
    """Return the name of the processor."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _load():
    """Return what else the machine did, in words."""
    load = os.getloadavg()[2]
    return "The load of the machine was %.1f in the last 15 minutes; the benchmarks alone make about 1." % load
