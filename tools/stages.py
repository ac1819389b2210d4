# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run stages of the test suite: print the summary of a stage that passes, and the whole log of one that fails.

A failed stage does not stop the others. Single-process stages run first and in parallel, one more than there are cores. The
other stages run sequentially, because each distributes its tests over all cores.

Usage: stages.py STAGE[:SUITE]... (a stage is a program tools/stage_STAGE)

SUITE is ``quick``, ``rest`` or ``all``, and is passed to the program as the environment variable SUITE. It selects tests of the
slow stages: quick runs those in tests/quick.py, rest the others. Without SUITE, a stage uses the caller's variable, or all.
"""

from __future__ import annotations

import collections
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOGS = ROOT / ".build" / "log"

# The longest first, so that no long stage starts last.
ONE_PROCESS = ("sanity", "lint", "ee", "molecule", "unit", "model", "artifact")

# The lines of a log to print: the total of the coverage table and the closing lines of the runners.
CLOSING = r"^(?:=+ )?\d+ (?:passed|failed|error|deselected|skipped).* in [\d.]+s.*"
SUMMARY = re.compile(rf"^TOTAL .*|{CLOSING}|^summary: .*", re.M)
COUNT = re.compile(r"(\d+) (passed|failed|skipped|error)")


def run(stage: str) -> tuple[bool, collections.Counter[str]]:
    """Run a stage and print its report; return whether it passed, and its test counts."""
    start = time.monotonic()
    path = LOGS / f"{stage.replace(':', '-')}.log"
    name, _colon, suite = stage.partition(":")
    env = dict(os.environ, SUITE=suite or os.environ.get("SUITE") or "all")
    with path.open("wb") as log:
        program = [str(ROOT / "tools" / f"stage_{name}")]
        done = subprocess.run(program, check=False, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
    seconds = int(time.monotonic() - start)
    text = path.read_text(encoding="utf-8", errors="replace")
    if done.returncode:
        report = f"{text}\n== {stage}: FAILED ({seconds} s), log in {path.relative_to(ROOT)}\n"
    else:
        lines = [line.removeprefix("summary: ") for line in SUMMARY.findall(text)]
        report = "\n   ".join([f"== {stage}: ok ({seconds} s)", *lines]) + "\n"
    # A single write, because another stage can print at the same time.
    print(report, end="", flush=True)
    return not done.returncode, counts(text)


def counts(text: str) -> collections.Counter[str]:
    """Return the numbers of pytest's last closing line in a log, by outcome."""
    closing = re.findall(CLOSING, text, re.M)
    return collections.Counter({word: int(number) for number, word in COUNT.findall(closing[-1] if closing else "")})


def run_all(stages: list[str]) -> list[tuple[bool, collections.Counter[str]]]:
    """Run stages in the most efficient order; return their results in the order of the arguments."""
    def name(stage: str) -> str:
        return stage.partition(":")[0]

    small = sorted((stage for stage in stages if name(stage) in ONE_PROCESS), key=lambda stage: ONE_PROCESS.index(name(stage)))
    # One more than cores, because each stage waits at times.
    with concurrent.futures.ThreadPoolExecutor((os.cpu_count() or 1) + 1) as pool:
        found = dict(zip(small, pool.map(run, small)))
    found |= {stage: run(stage) for stage in stages if stage not in small}
    return [found[stage] for stage in stages]


def closing_line(found: collections.Counter[str], failed: list[str], seconds: float) -> str:
    """Return the closing line for the whole run, in pytest's format."""
    parts = [f"{found['failed'] + found['error']} failed"] if found["failed"] + found["error"] else []
    parts.append(f"{found['passed']} passed")
    parts += [f"{found['skipped']} skipped"] if found["skipped"] else []
    failures = f"stages failed: {' '.join(failed)}; " if failed else ""
    return f"== {failures}{', '.join(parts)} in {seconds:.2f}s =="


def main(stages: list[str]) -> int:
    """Run the stages; return 0 if all passed."""
    start = time.monotonic()
    LOGS.mkdir(parents=True, exist_ok=True)
    (ROOT / ".build" / "coverage").mkdir(exist_ok=True)
    results = run_all(stages)
    failed = [stage for stage, (passed, _counts) in zip(stages, results) if not passed]
    if len(stages) > 1:
        subprocess.run([str(ROOT / "tools" / "doctor")], check=False)
        total = sum((found for _passed, found in results), collections.Counter())
        print(closing_line(total, failed, time.monotonic() - start))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
