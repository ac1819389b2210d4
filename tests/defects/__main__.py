# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows that the tests have teeth: `make defects` puts deliberate defects into a copy of the collection, one at a time.

Each must make the test fail that table.py names for it; the same tests must pass without any. DEFECTS_ONLY=REGEX tries
those whose names it fits, DEFECTS_JOBS says how many at once (2).
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))

from table import DEFECTS  # noqa: E402

COPIED = ("plugins", "roles", "tests", "meta", "galaxy.yml", "pyproject.toml")
# Exit status of pytest when it ran tests and some failed; any other means that it could not even run them.
CAUGHT = 1
# Seconds for one test; a defect that makes it wait for ever is caught, too.
LIMIT = 60


class Copy:
    """A copy of the collection that tests see under its name."""

    def __init__(self, folder):
        self.root = Path(folder)
        for name in COPIED:
            source, target = ROOT / name, self.root / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".*cache"))
            else:
                shutil.copy(source, target)
        link = self.root / ".build" / "collections" / "ansible_collections" / "hostops" / "installatron"
        link.parent.mkdir(parents=True)
        link.symlink_to(self.root)
        (self.root / ".build" / "ansible.cfg").write_text("[defaults]\n")

    def test(self, *names):
        """Run tests in the copy; return (exit status, output)."""
        # Patched files may have the size and the second of the old ones, which compiled files go by.
        environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", LC_ALL="C.UTF-8",
                           ANSIBLE_COLLECTIONS_PATH=str(self.root / ".build" / "collections"))
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "--tb=line", "--show-capture=no",
             "--timeout=%d" % LIMIT, *["tests/%s" % name for name in names]],
            cwd=self.root, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=20 * LIMIT, check=False)
        return done.returncode, done.stdout

    def apply(self, defect):
        """Put a defect into the copy and return what takes it out again. Raises ValueError if it does not fit."""
        path = self.root / "plugins" / defect.file
        text = path.read_text(encoding="utf-8")
        if text.count(defect.search) != 1:
            raise ValueError("%s: the text to replace stands there %d times" % (defect.file, text.count(defect.search)))
        path.write_text(text.replace(defect.search, defect.replace), encoding="utf-8")
        return lambda: path.write_text(text, encoding="utf-8")


def judge(defect, copies):
    """Try one defect; return what was wrong with it, or None if its test caught it."""
    copy = copies.get()
    start = time.monotonic()
    try:
        restore = copy.apply(defect)
        try:
            status, output = copy.test(defect.test)
        finally:
            restore()
    except ValueError as error:
        problem = str(error)
    else:
        problem = None if status == CAUGHT and re.search(r"\b[1-9]\d* failed", output) else (
            "not caught" if status == 0 else "the test could not run:\n%s" % output[-1500:])
    finally:
        copies.put(copy)
    seconds = time.monotonic() - start
    print("%s: %s (%s, %.1f s)" % ("MISSED" if problem else "caught", defect.name, defect.test, seconds)
          + ("\n    %s" % problem if problem else ""), flush=True)
    return problem


def main():
    """Try all defects and print how many were caught; return the exit status."""
    word = os.environ.get("DEFECTS_ONLY", "")
    defects = [defect for defect in DEFECTS if re.search(word, defect.name)]
    jobs = max(1, int(os.environ.get("DEFECTS_JOBS", "2")))
    with tempfile.TemporaryDirectory(prefix="itron-defects-") as folder:
        copies, first = Queue(), Copy(Path(folder) / "0")
        status, output = first.test(*sorted({defect.test for defect in defects}))
        if status != 0:
            print("the tests fail without any defect:\n%s" % output[-3000:])
            return 1
        copies.put(first)
        for number in range(1, jobs):
            copies.put(Copy(Path(folder) / str(number)))
        with ThreadPoolExecutor(jobs) as pool:
            problems = [problem for problem in pool.map(lambda defect: judge(defect, copies), defects) if problem]
    print("summary: caught %d of %d deliberate defects" % (len(defects) - len(problems), len(defects)))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
