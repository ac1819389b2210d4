# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Benchmarks of unchanged sites: one site, a loop, a list in a variable, files."""

import json

from figures import Figure
from rounds import column, compared, expect, seed, sites


def one_site(bench, sizes):
    """Case a: one task of itron_install against one of uri."""
    seed(bench, sizes.many)
    body = {"cmd": "installs", "q": "site00001.example"}
    rounds = bench.paired({
        "debug": bench.book("one_debug", []),
        "uri": bench.book("one_uri", [bench.uri(body)]),
        "itron_install": bench.book("one_site", [bench.task("itron_install", **sites(1)[0])]),
    }, repeat=9)
    sent = "%s / %s" % (expect(rounds, "itron_install", {"installs": 1}), expect(rounds, "uri", {"installs": 1}))
    return [compared("a", "one unchanged site: itron_install / uri", rounds, "itron_install", "uri", "debug",
                     limit=0.35, requests=sent)]


def loop(bench, sizes):
    """Case b: a loop of itron_install against a loop of uri."""
    seed(bench, sizes.many)
    names = bench.write_yaml("loop_sites.yml", {"sites": sites(sizes.loop)})
    listed = {"loop": "{{ sites }}", "loop_control": {"label": "{{ item.url }}"}}
    options = {name: "{{ item.%s }}" % name for name in sites(1)[0]}
    body = {"cmd": "installs", "q": "{{ item.url | urlsplit('hostname') }}"}
    task = dict(bench.task("itron_install", **options), **listed)
    rounds = bench.paired({
        "debug": bench.book("loop_debug", [], [names]),
        "uri": bench.book("loop_uri", [bench.uri(body, **listed)], [names]),
        "itron_install": bench.book("loop_sites_book", [task], [names]),
    }, repeat=3, warm_up=False)
    counts = {"installs": sizes.loop}
    sent = "%s / %s" % (expect(rounds, "itron_install", counts), expect(rounds, "uri", counts))
    what = "loop over %d unchanged sites: itron_install / uri" % sizes.loop
    return [compared("b", what, rounds, "itron_install", "uri", "debug", limit=0.06, size=sizes.loop, requests=sent)]


def many_in_variables(bench, sizes):
    """Case c: one task of itron_installs over a variable, against a playbook that loads the same variables."""
    seed(bench, sizes.many)
    names = bench.write_yaml("many_sites.yml", {"sites": sites(sizes.many)})
    task = bench.task("itron_installs", installs="{{ sites }}")
    rounds = bench.paired({
        "debug": bench.book("many_debug", [], [names]),
        "itron_installs": bench.book("many_sites_book", [task], [names]),
    }, repeat=7)
    what = "%d unchanged sites in a variable: whole playbook / one debug with the same variables" % sizes.many
    return [compared("c", what, rounds, "itron_installs", "debug", limit=2,
                     requests=expect(rounds, "itron_installs", {"installs": 1}))]


def many_in_files(bench, sizes):
    """Case d: one task of itron_installs over files, from few sites to many: time, memory, result, growth."""
    largest = sizes.growth[-1]
    books = _file_books(bench, sizes.growth)

    def estate(name):
        seed(bench, int(name.partition(" ")[0]) if name != "debug" else largest)

    rounds = bench.paired(books, repeat=5, prepare=estate)
    for name in books:
        if name != "debug":
            sent = expect(rounds, name, {"installs": 1})
    what = "%d unchanged sites in a %s file: whole playbook / one debug"
    figures = [compared("d", what % (largest, kind), rounds, "%d %s" % (largest, kind), "debug", limit=8, requests=sent)
               for kind in ("yaml", "json")]
    figures += _growth(rounds, sizes.growth)
    seed(bench, largest)
    return figures + _sizes_of(bench, largest, books["%d yaml" % largest], books["debug"])


def _sizes_of(bench, count, book, debug):
    """Return the figures for the peak memory of a playbook and the size of its result."""
    peak, before = bench.memory(book), bench.memory(debug)
    figures = [Figure("d", "%d sites: peak memory of %s (one debug: %.0f MiB)" % (count, what, getattr(before, name)),
                      [getattr(peak, name)], "MiB", 400)
               for name, what in (("largest", "the largest process"),
                                  ("resident", "all processes, shared pages counted for each process"),
                                  ("shares", "all processes, shared pages counted once"))]
    size = bench.result_bytes(book)
    return figures + [Figure("d", "%d sites: result as JSON" % count, [size / 1024.0 / 1024.0], "MiB", 5)]


def _file_books(bench, growth):
    """Return the playbooks that read each number of sites from a YAML file, the largest also from JSON, and one debug."""
    books = {"debug": bench.book("files_debug", [])}
    for count in growth:
        path = bench.write_yaml("sites_%d.yml" % count, sites(count))
        books["%d yaml" % count] = bench.book("files_%d" % count, [bench.task("itron_installs", installs_from=[path])])
    path = bench.write("sites_%d.json" % growth[-1], json.dumps(sites(growth[-1])))
    books["%d json" % growth[-1]] = bench.book("files_json", [bench.task("itron_installs", installs_from=[path])])
    return books


def _growth(rounds, growth):
    """Return the cost of each number of sites, and the figure for linear growth."""
    costs = {count: column(rounds, "%d yaml" % count, "debug") for count in growth}
    figures = [Figure("d", "%d sites: time added by the task" % count, costs[count], "s", size=count) for count in growth]
    used = {count: column(rounds, "%d yaml" % count, "debug", clock="cpu")
            for count in (growth[0], growth[-2], growth[-1])}
    return figures + [_linearity(used)]


def _linearity(used):
    """Return the cost of an additional site in the largest list, relative to the cost in smaller lists; 1 is exactly linear.

    Arguments:
        used: {number of sites: processor seconds in each round}. Elapsed time is not used, because noise hides the
            cost of a few hundred sites on a busy machine.
    """
    few, more, most = sorted(used)
    slopes = [((at_most - at_few) / (most - few)) / ((at_more - at_few) / (more - few))
              for at_few, at_more, at_most in zip(used[few], used[more], used[most])]
    what = "growth: processor seconds for one more site up to %d / up to %d" % (most, more)
    return Figure("d", what, slopes, limit=1.3)
