# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The matrix: unit, sanity and integration tests on every supported ansible-core, each with a compatible Python.

Every row has a copy of the working tree in .build/rows/<version>, with its own virtual environment and caches. A row runs
`make unit sanity integration CORE=<version> PYTHON=<python>` there, with the quick selection of the integration
tests. Only the oldest row also runs some roles and the unit tests of the sandbox. No row runs pylint. ``--full`` runs all tests.
``--brief`` skips sanity tests, and runs integration tests only in the oldest row and, for a few files, in the newest. Checks that
do not depend on the row (lint, and the sanity tests compile and import on other Pythons) are part of `make test` only. Rows without
a matching Python are reported.

``--newest-python`` prints the Python for the newest released ansible-core that this machine can run, and exits.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import importlib.metadata
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

import worktree

ROOT = worktree.ROOT
ROWS = ROOT / ".build" / "rows"

# Version of ansible-core: the oldest and the newest Python for its controller (the support matrix of ansible-core).
# The last row is the newest pre-release.
MATRIX = {
    "2.16.19": ((3, 10), (3, 12)),
    "2.18.19": ((3, 11), (3, 13)),
    "2.19.14": ((3, 11), (3, 13)),
    "2.20.10": ((3, 12), (3, 14)),
    "2.21.5": ((3, 12), (3, 14)),
    "2.22.0rc1": ((3, 13), (3, 15)),
}
# The tools in requirements-dev.txt do not support older Pythons.
OLDEST_FOR_TOOLS = (3, 11)

# The integration tests that the oldest row runs in addition to the quick selection: before 2.19, templates convert numbers to
# strings, which affects roles only.
ROLES = [
    "test_role_texts.py", "test_role_site.py", "test_role_safe_update_trouble.py",
    "test_role_rollout.py::test_emergency_patch", "test_role_rollout.py::test_variables_as_text",
]

NEWEST = "tests/integration/test_install_present.py tests/integration/test_role_site.py tests/integration/test_second_host.py"

PROBE = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2])"
# Output that makes a passed row fail.
NOISE = re.compile(r"\[(?:DEPRECATION )?WARNING\]|DeprecationWarning|ResourceWarning|, \d+ warnings? in [\d.]+s"
                   r"|^WARNING: (?!Using locale|Reviewing|All targets)", re.M)


def candidates(version: str) -> list[str]:
    """Return commands that might start a Python of a version such as 3.12: from PATH, pyenv and uv."""
    name = f"python{version}"
    found = [name]
    for root in (os.environ.get("PYENV_ROOT"), pathlib.Path.home() / ".pyenv"):
        if root:
            found += map(str, sorted(pathlib.Path(root, "versions").glob(f"{version}*/bin/{name}")))
    if shutil.which("uv"):
        command = ["uv", "python", "find", version]
        found += subprocess.run(command, check=False, capture_output=True, text=True).stdout.split()
    return found


def works(python: str, version: str) -> bool:
    """Return whether a Python starts, has this version, and can create virtual environments, in the environment of a row."""
    try:
        done = subprocess.run([python, "-c", PROBE], check=False, capture_output=True, text=True, env=environment())
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.strip() == version


def find_python(core: str, tools: bool = True) -> str | None:
    """Return the newest Python on this machine that supports a version of ansible-core, or None.

    Arguments:
        core: a version in MATRIX. tools: whether it must support the tools in requirements-dev.txt, too.
    """
    oldest, newest = MATRIX[core]
    if tools:
        oldest = max(oldest, OLDEST_FOR_TOOLS)
    for minor in range(newest[1], oldest[1] - 1, -1):
        version = f"3.{minor}"
        for python in candidates(version):
            if works(python, version):
                return python
    return None


def newest_python() -> str:
    """Return the Python for the newest released ansible-core that this machine can run; ``python3`` if there is none."""
    released = [core for core in MATRIX if core.replace(".", "").isdigit()]
    return next(filter(None, map(find_python, reversed(released))), "python3")


def environment() -> dict[str, str]:
    """Return the environment for the make of a row, without the variables of the calling make."""
    foreign = ("ANSIBLE_", "ITRON_", "MAKE", "MFLAGS", "MATRIX_", "PYTEST_", "SANITY_", "SUITE", "VIRTUAL_ENV")
    env = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    venv = str(ROOT / ".build" / "venv")
    env["PATH"] = os.pathsep.join(part for part in env["PATH"].split(os.pathsep) if not part.startswith(venv))
    return env


def prepare(core: str) -> pathlib.Path:
    """Create or update the copy for a row, keep its build directory, and return its path."""
    directory = ROWS / core
    worktree.copy(directory, keep=".build")
    for command in (["init", "--quiet"], ["add", "--all", "--force", "--", ".", ":!.build"]):
        subprocess.run(["git", *command], cwd=directory, check=True)
    return directory


def settings_of(core: str, stage: str, options: argparse.Namespace) -> list[dict[str, str]]:
    """Return the environments of the runs of a stage in a row; an empty list skips the stage."""
    oldest = core == min(MATRIX)
    if options.full:
        return [{}]
    if options.brief and (stage == "sanity" or not oldest and stage == "integration"):
        # In the newest row, the tests that cover actions, roles and modules on another host.
        return [{"INTEGRATION_TESTS": NEWEST}] if core == max(MATRIX) and stage == "integration" else []
    if stage == "integration":
        roles = {"INTEGRATION_TESTS": " ".join(f"tests/integration/{name}" for name in ROLES), "SUITE": "rest"}
        return [{"SUITE": "quick"}, *([roles] if oldest else [])]
    if stage == "unit":
        # The sandbox does not depend on ansible-core.
        return [{} if oldest else {"PYTEST_ARGS": "--ignore=tests/unit/sandbox"}]
    # pylint takes longer than all other sanity tests, and its results hardly depend on the version.
    return [{"SANITY_ARGS": "--skip-test pylint"}]


def run_row(core: str, python: str, options: argparse.Namespace, workers: int) -> tuple[bool, str]:
    """Run the stages of one row; return whether all passed and the report."""
    start = time.monotonic()
    directory = prepare(core)
    lines = []
    passed = True
    stages = [(stage, settings) for stage in options.stages.split(",") for settings in settings_of(core, stage, options)]
    for name, settings in stages:
        arguments = ["make", "--no-print-directory", name, f"PYTHON={python}", f"CORE={core}", f"PYTEST_WORKERS={workers}"]
        env = dict(environment(), SANITY_OWN_PYTHON_ONLY="1", **settings)
        done = subprocess.run(arguments, cwd=directory, env=env, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        lines.append(done.stdout.rstrip())
        log = directory / ".build" / "log" / f"{name}.log"
        noise = NOISE.findall(log.read_text(encoding="utf-8", errors="replace")) if log.exists() else []
        if noise:
            lines.append(f"{log}: {len(noise)} warnings or deprecations")
        passed = passed and done.returncode == 0 and not noise
    verdict = "ok" if passed else "FAILED"
    head = f"== ansible-core {core}, {python}: {verdict} ({time.monotonic() - start:.0f} s)"
    return passed, "\n".join([head, *(f"   {line}" for line in "\n".join(lines).splitlines())])


def parse(arguments: list[str]) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description="Tests on every supported ansible-core.")
    parser.add_argument("rows", nargs="*", help="version prefixes, such as 2.16 (default: all)")
    parser.add_argument("--jobs", type=int, default=1, help="number of parallel rows")
    parser.add_argument("--stages", default="unit,sanity,integration", help="comma-separated")
    parser.add_argument("--full", action="store_true", help="all tests in every row")
    parser.add_argument("--brief", action="store_true", help="no sanity tests; integration tests only in the oldest row, and some in the newest")
    parser.add_argument("--all-but-own", action="store_true", help="skip the ansible-core version that `make test-all` uses")
    parser.add_argument("--newest-python", action="store_true", help="print the Python of the newest row, and exit")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Run the selected rows; return 0 if all that could run passed."""
    options = parse(arguments)
    if options.newest_python:
        print(newest_python())
        return 0
    cores = [core for core in MATRIX if not options.rows or core.startswith(tuple(options.rows))]
    if options.all_but_own:
        own = importlib.metadata.version("ansible-core")
        cores = [core for core in cores if core != own]
    pythons = {core: find_python(core) for core in cores}
    # Each row gets as many workers as a single run: much of a row is waiting, and the last row runs alone.
    workers = os.cpu_count() or 1
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        rows = [pool.submit(run_row, core, python, options, workers)
                for core, python in pythons.items() if python]
        results = []
        for row in concurrent.futures.as_completed(rows):
            passed, report = row.result()
            results.append(passed)
            print(report, flush=True)
    for core in (core for core, python in pythons.items() if not python):
        oldest, newest = (".".join(map(str, version)) for version in MATRIX[core])
        print(f"not run: ansible-core {core} (requires Python {oldest} to {newest} with the module venv)")
    print(f"matrix: {results.count(True)} passed, {results.count(False)} failed, {len(cores) - len(results)} not run")
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
