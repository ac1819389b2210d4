# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Test the unit tests: `make mutants` makes small changes to the code and reports the changes that no test detects.

mutants.py makes the changes. For each mutant, the tests that execute its statement run first. If they pass, all tests of their
files run, because a fixture or a cache may have executed the statement for other tests. A surviving mutant is either equivalent,
or shows a promise without a unit test. The command never fails because of survivors.
"""

import argparse
import ast
import difflib
import json
import re
import subprocess
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

import coverage
from coverage.parser import PythonParser

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from patched import ROOT, copies  # noqa: E402

PYTHON = ROOT / ".build" / "mutation-venv" / "bin" / "python"
FILES = ("_install/plan", "_core/model", "_core/operation", "_core/tasks", "_redaction/redact", "_wire/client", "_user/websites")
TESTS = ("unit/plugins/module_utils", "unit/plugins/modules", "unit/plugins/plugin_utils", "unit/plugins/test_samples.py")
# Timeout of a test in seconds; detects mutants that loop forever.
LIMIT = 5
# The plugin of hypothesis takes a second to start and only adds a report.
OPTIONS = ("-p", "no:hypothesispytest")


def arguments():
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(prog="MUTANTS_ARGS=... make mutants", description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="*", default=FILES, help="files in plugins/module_utils, without .py")
    parser.add_argument("--number", default="60", help="number of mutants for each file, 0 for all (%(default)s)")
    parser.add_argument("--seed", default="1", help="seed of the sample (%(default)s)")
    parser.add_argument("--jobs", type=int, default=2, help="number of parallel mutants (%(default)s)")
    parser.add_argument("--matrix", action="store_true", help="list the tests that detect only mutants that other tests in their file detect, too")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all results to FILE")
    return parser.parse_args()


def measured(copy, files):
    """Run all tests without a mutant.

    Returns ({file: (callable(line) -> first line of its statement, {that line: tests})}, {test: seconds}). Line 0 has all
    tests of a file. A test without a name is an import.
    """
    status, output = copy.test(*TESTS, limit=60, options=(
        *OPTIONS, "--durations=0", "--durations-min=0", "--cov=plugins/module_utils", "--cov-context=test", "--cov-report="))
    if status:
        sys.exit("the tests fail without any mutant:\n%s" % output[-3000:])
    seconds = Counter()
    for spent, test in re.findall(r"^([\d.]+)s (?:setup|call|teardown) +tests/(.*)", output, re.M):
        seconds[test] += float(spent)
    data = coverage.CoverageData(str(copy.root / ".build" / "coverage" / "data"))
    data.read()
    lines = {}
    for file in files:
        path, tests = str(copy.root / "plugins" / file), defaultdict(set)
        parser = PythonParser(filename=path)
        parser.parse_source()
        for line, contexts in data.contexts_by_lineno(path).items():
            for first in (0, parser.first_line(line)):
                tests[first] |= {context.rpartition("|")[0].partition("tests/")[2] for context in contexts}
        lines[file] = parser.first_line, tests
    return lines, seconds


def tests_of(mutant, lines):
    """Return the tests that execute the statement of a mutant. If an import executes it, return all tests of the file."""
    first_line, tests = lines[mutant["file"]]
    found = tests[first_line(mutant["line"])]
    return sorted((tests[0] if "" in found else found) - {""})


def own_tests(file):
    """Return the name of the test file for a source file."""
    return "test_%s.py" % Path(file).stem.strip("_")


def try_mutant(copy, mutant, lines, options):
    """Return a mutant with C(killed), C(tests), the tests that ran, and C(killers), the tests that failed (none if they could not run)."""
    tests, killers, status = tests_of(mutant, lines), [], 0
    source = mutant.pop("source")
    before = (ROOT / "plugins" / mutant["file"]).read_text(encoding="utf-8")
    # The fewest files first, because collecting the tests of many files takes longer than running them.
    own = [test for test in tests if Path(test.partition("::")[0]).name == own_tests(mutant["file"])]
    extents = [own, tests, sorted({test.partition("::")[0] for test in tests})]
    with copy.patched(mutant["file"], source):
        try:
            while extents and not status:
                names = extents.pop(0)
                way = "--session-timeout=%d" % (10 * LIMIT) if options.matrix and names is own else "-x"
                status, output = copy.test(*names, limit=LIMIT, options=(*OPTIONS, "-rfE", way)) if names else (0, "")
                failed = re.findall(r"^(?:FAILED|ERROR) tests/(.*)", output, re.M)
                killers = [test for test in tests if any(line == test or line.startswith(test + " - ") for line in failed)]
        except subprocess.TimeoutExpired:
            status = 1
    print("." if status else "S", end="", flush=True)
    changed = list(difflib.unified_diff(before.splitlines(), source.splitlines(), lineterm="", n=0))[3:]
    return dict(mutant, killed=bool(status), tests=tests, killers=killers, diff=changed)


def redundant(results):
    """Return [(test function, number of mutants that it detects)] for tests whose mutants are all detected by other tests in their files.

    Only tests in the test file for a mutant's file count; other tests cover other code.
    """
    kills = defaultdict(set)
    for number, mutant in enumerate(results):
        for test in mutant["tests"]:
            if Path(test.partition("::")[0]).name == own_tests(mutant["file"]):
                notices = mutant["killed"] and test in (mutant["killers"] or mutant["tests"])
                kills[test.partition("[")[0]] |= {number} if notices else set()
    left = Counter(number for numbers in kills.values() for number in numbers)
    found = []
    for test in sorted(kills, key=lambda name: (len(kills[name]), name)):
        if all(left[number] > 1 for number in kills[test]):
            found.append((test, len(kills[test])))
            left.subtract(kills[test])
    return found


def length(test):
    """Return the number of lines of a test function, including decorators."""
    name, _colons, function = test.partition("::")
    nodes = ast.walk(ast.parse((ROOT / "tests" / name).read_text(encoding="utf-8")))
    return sum(node.end_lineno + 1 - min(part.lineno for part in (node, *node.decorator_list))
               for node in nodes if isinstance(node, ast.FunctionDef) and node.name == function)


def show(results, files, seconds, matrix):
    """Print the survivors, the redundant tests, and the number of killed mutants for each file."""
    for mutant in results:
        if not mutant["killed"]:
            print("%(file)s:%(line)d %(operator)s" % mutant + ("" if mutant["tests"] else " (no test)"), *mutant["diff"], sep="\n    ")
    for test, kills in redundant(results) if matrix else ():
        spent = sum(number for name, number in seconds.items() if name.partition("[")[0] == test)
        print("redundant: %s (detects %d, %.2f s, %d lines)" % (test, kills, spent, length(test)))
    for file in [*files, ""]:
        killed = [mutant["killed"] for mutant in results if file in ("", mutant["file"])]
        print("%s: %d/%d (%d %%)" % (file or "summary: killed", sum(killed), len(killed), 100 * sum(killed) / max(1, len(killed))))


def main():
    """Test the mutants and print the results."""
    options = arguments()
    files = ["module_utils/%s.py" % name for name in options.files]
    start = time.monotonic()
    command = [str(PYTHON), str(HERE / "mutants.py"), options.number, options.seed, *(str(ROOT / "plugins" / file) for file in files)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as maker, copies(options.jobs) as (first, every):
        lines, seconds = measured(first, files)
        made = json.load(maker.stdout)
        mutants = [dict(mutant, file=file) for file, found in zip(files, made.values()) for mutant in found]
        print("%d mutants, started after %d s" % (len(mutants), time.monotonic() - start), flush=True)
        results = every(lambda copy, mutant: try_mutant(copy, mutant, lines, options), mutants)
    print()
    show(results, files, seconds, options.matrix)
    print("%d s" % (time.monotonic() - start))
    if options.json:
        options.json.write_text(json.dumps({"results": results, "seconds": seconds}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
