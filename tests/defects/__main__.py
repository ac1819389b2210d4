# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Test the tests: `make defects` inserts deliberate defects into a copy of the collection, one at a time.

Each defect must make the test fail that table.py names for it. Without defects, these tests must pass. DEFECTS_ONLY=REGEX selects
defects by name; DEFECTS_JOBS is the number of parallel runs (2).
"""

import os
import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from patched import ROOT, copies  # noqa: E402
from table import DEFECTS  # noqa: E402

# The exit status of pytest if tests failed. Other values mean that it could not run the tests.
CAUGHT = 1


def with_defect(defect):
    """Return the text of a file with the defect. Raises ValueError if the text to replace is not unique."""
    text = (ROOT / "plugins" / defect.file).read_text(encoding="utf-8")
    if text.count(defect.search) != 1:
        raise ValueError("%s: found the text to replace %d times instead of once" % (defect.file, text.count(defect.search)))
    return text.replace(defect.search, defect.replace)


def try_defect(copy, defect):
    """Try a defect; return the problem, or None if its test caught the defect."""
    start = time.monotonic()
    try:
        with copy.patched(defect.file, with_defect(defect)):
            status, output = copy.test(defect.test)
    except ValueError as error:
        problem = str(error)
    else:
        problem = None if status == CAUGHT and re.search(r"\b[1-9]\d* failed", output) else (
            "not caught" if status == 0 else "the test could not run:\n%s" % output[-1500:])
    seconds = time.monotonic() - start
    print("%s: %s (%s, %.1f s)" % ("MISSED" if problem else "caught", defect.name, defect.test, seconds)
          + ("\n    %s" % problem if problem else ""), flush=True)
    return problem


def main():
    """Try all defects and print the number of caught ones; return the exit status."""
    word = os.environ.get("DEFECTS_ONLY", "")
    defects = [defect for defect in DEFECTS if re.search(word, defect.name)]
    with copies(max(1, int(os.environ.get("DEFECTS_JOBS", "2")))) as (first, every):
        status, output = first.test(*sorted({defect.test for defect in defects}))
        if status != 0:
            print("the tests fail without any defect:\n%s" % output[-3000:])
            return 1
        problems = [problem for problem in every(try_defect, defects) if problem]
    print("summary: caught %d of %d deliberate defects" % (len(defects) - len(problems), len(defects)))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
