# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure the cost of the collection against the budgets, and print a table. Started by C(make benchmark)."""

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "integration"))

import fleet
import idle
import page
import work
from figures import text_table
from harness import Sandbox
from measure import Bench
from rounds import Sizes

CASES = {"a": idle.one_site, "b": idle.loop, "c": idle.many_in_variables, "d": idle.many_in_files, "e": work.writes,
         "f": work.today, "g": fleet.rollout, "h": fleet.reports}


def options_of(arguments):
    """Return the parsed options of the command line."""
    parser = argparse.ArgumentParser(prog="make benchmark", description=__doc__.partition(" Started")[0])
    parser.add_argument("--only", metavar="a,b", default=",".join(CASES),
                        help="letters of the benchmarks (default: all)")
    parser.add_argument("--repeat", type=int, metavar="N",
                        help="number of measured rounds (default: depends on the benchmark)")
    parser.add_argument("--write", action="store_true",
                        help="write docs/performance.md and its plot; requires all benchmarks")
    parser.add_argument("--check", action="store_true", help="exit with status 1 if a budget is missed")
    options = parser.parse_args(arguments)
    options.only = options.only.split(",")
    if not set(options.only) <= set(CASES):
        parser.error("--only: must be letters of %s" % ",".join(CASES))
    if options.write and set(options.only) != set(CASES):
        parser.error("--write: requires all benchmarks; omit --only")
    if options.repeat is not None and options.repeat < 1:
        parser.error("--repeat: must be 1 or more")
    return options


def measure(letters, repeat):
    """Return the Figures of some benchmarks."""
    figures = []
    with tempfile.TemporaryDirectory(prefix="itron-benchmark-") as folder:
        sandbox = Sandbox(Path(folder) / "sandbox")
        try:
            for letter in letters:
                start = time.monotonic()
                figures += CASES[letter](Bench(sandbox, Path(folder) / letter, repeat), Sizes())
                print("%s: %d s" % (letter, time.monotonic() - start), file=sys.stderr, flush=True)
        finally:
            sandbox.stop()
    return figures


def main(arguments):
    """Run the benchmarks and print the table; return the exit status."""
    options = options_of(arguments)
    start = time.monotonic()
    figures = measure(options.only, options.repeat)
    print(text_table(figures))
    if options.write:
        page.write(figures, time.monotonic() - start)
    missed = [figure for figure in figures if not figure.held]
    print("%d of %d budgets met" % (sum(figure.limit is not None for figure in figures) - len(missed),
                                    sum(figure.limit is not None for figure in figures)))
    return 1 if missed and options.check else 0


if __name__ == "__main__":
    # An interrupted run must clean up processes and files, too.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
