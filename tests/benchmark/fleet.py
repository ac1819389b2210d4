# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Benchmarks of a fleet: a rollout with a backup of each site and parallel updates, and reports."""

import math

from figures import Figure
from harness import KEY, USER
from measure import commands
from rounds import column, compared, ratios, seed, sites
from work import OLD_VERSION

# The newest version in the catalog of the sandbox.
NEW_VERSION = "6.5.5"


def rollout(bench, sizes):
    """Case g: a rollout over a fleet, half of it outdated: time against the ideal, and requests for each updated site."""
    figures = [figure for outdated in sizes.outdated for figure in _rollout_figures(bench, sizes, outdated)]
    return [*figures, _memory_figure(bench, sizes)]


def _memory_figure(bench, sizes):
    """Return the Figure for the growth of a rollout's memory with the number of sites."""
    book, debug = _rollout_books(bench, sizes)
    base = bench.memory(debug).shares
    added = []
    for outdated in sizes.outdated:
        # The duration of the server's tasks does not affect the memory.
        _seed(bench, outdated, 0.1)
        added.append(bench.memory(book).shares - base)
    few, many = sizes.outdated[0], sizes.outdated[-1]
    what = "memory added by updating %d of %d sites (%.0f MiB) / %d times that of %d of %d (%.1f MiB)" % (
        many, 2 * many, added[-1], many // few, few, 2 * few, added[0])
    return Figure("g", what, [added[-1] / added[0] * few / many], limit=1.3)


def _rollout_books(bench, sizes):
    """Return two playbooks: a rollout over all sites, and one with only a debug task."""
    health = {"url_ip": "127.0.0.1", "port": bench.sandbox.ready["port"]}
    task = bench.task("itron_rollout", max_parallel=sizes.parallel, poll_interval=sizes.interval, server_revert=False, health=health)
    return bench.book("rollout", [task]), bench.book("rollout_debug", [])


def _seed(bench, outdated, seconds):
    """Create twice as many sites as are outdated. seconds: the duration of each backup and upgrade."""
    # A server lists recently completed tasks only (section 3.16).
    bench.sandbox.reset(task_seconds=seconds, finished_seconds=60)
    bench.sandbox.control("POST", "/seed", {"count": 2 * outdated, "user": USER, "files": True, "version": [OLD_VERSION, NEW_VERSION]})


def _rollout_figures(bench, sizes, outdated):
    """Return the figures for a fleet of twice as many sites as are outdated."""
    name = "rollout"
    books = dict(zip((name, "debug"), _rollout_books(bench, sizes)))

    def prepare(_name):
        _seed(bench, outdated, sizes.write_seconds)

    rounds = bench.paired(books, repeat=3 if outdated == min(sizes.outdated) else 1, prepare=prepare, warm_up=False)
    # A backup and an update for each site.
    ideal = math.ceil(outdated / sizes.parallel) * 2 * sizes.write_seconds
    ours = column(rounds, name, "debug")
    sent = [commands(measured[name].requests) for measured in rounds]
    if any(found["backup"] != outdated for found in sent):
        raise RuntimeError("%s sent %s instead of %d backups" % (name, sent, outdated))
    what = "%d of %d sites updated, backup and upgrade of %g s each, %d at a time, poll_interval %g" % (
        outdated, 2 * outdated, sizes.write_seconds, sizes.parallel, sizes.interval)
    total = [sum(found.values()) / outdated for found in sent]
    return [
        Figure("g", "%s: time added by the task / ideal" % what, ratios(ours, [ideal] * len(ours)), limit=1.3, ours=ours, other=[ideal],
               requests=", ".join("%d %s" % (count, command) for command, count in sorted(sent[-1].items()))),
        Figure("g", "%s: requests per updated site / 7" % what, ratios(total, [7] * len(total)), limit=1, requests="%.2f" % total[-1]),
    ]


def reports(bench, sizes):
    """Case h: the cost of the role report, of the audit of backups, and of adoption, against a comparison of the same sites."""
    largest = max(sizes.growth)
    names = bench.write_yaml("fleet_sites.yml", sites(largest))
    connection = {"api_url": bench.sandbox.url, "api_key": KEY, "user": USER}
    report = {"report_%s" % kind: str(bench.folder / ("report." + kind)) for kind in ("json", "csv", "html")}
    audit = {"backup_policy_audit": True, "backup_policy_fail": False, "backup_policy_defaults": {"max_age": "1d"},
             "backup_policy_markdown": str(bench.folder / "backups.md")}
    books = {
        "debug": bench.book("fleet_debug", []),
        "itron_installs": bench.book("fleet_compare", [bench.task("itron_installs", installs_from=[names])]),
        "report": bench.book("fleet_report", [_role("report", report, connection)]),
        "backup_policy": bench.book("fleet_audit", [_role("backup_policy", audit, connection)]),
        "adopt": bench.book("fleet_adopt", [bench.task("itron_adopt", dest=str(bench.folder / "new-{{ now().timestamp() }}"))]),
        "adopt again": bench.book("fleet_adopt_again", [bench.task("itron_adopt", dest=str(bench.folder / "adopted"))]),
    }
    seed(bench, largest)
    bench.run(books["adopt again"])
    rounds = bench.paired(books, repeat=3)
    others = [("adopt", "itron_adopt, new files", 4), ("adopt again", "itron_adopt, files that agree", 4), ("report", "the role report", 3),
              ("backup_policy", "the role backup_policy", 3)]
    return [compared("h", "%d sites: %s / itron_installs" % (largest, what), rounds, name, "itron_installs", without="debug", limit=limit)
            for name, what, limit in others]


def _role(name, variables, connection):
    """Return a task that includes a role of the collection, connected to the sandbox."""
    call = {"name": "Measured", "ansible.builtin.include_role": {"name": "hostops.installatron." + name}, "vars": variables}
    return {"name": "Role", "module_defaults": {"group/hostops.installatron.itron": connection}, "block": [call]}
