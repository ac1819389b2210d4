# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies of the collection in which single files are changed while tests run, for tests/defects and tests/mutation."""

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("plugins", "roles", "tests", "meta", "extensions", "docs/events.schema.json", "galaxy.yml", "pyproject.toml")
# Timeout of one test in seconds, and the factor for the timeout of the whole run.
LIMIT = 60
LIMITS = 20


class Copy:
    """A copy of the collection that tests import under the collection's name."""

    def __init__(self, folder):
        self.root = Path(folder)
        for name in COPIED:
            source, target = ROOT / name, self.root / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".*cache"))
            else:
                target.parent.mkdir(exist_ok=True)
                shutil.copy(source, target)
        link = self.root / ".build" / "collections" / "ansible_collections" / "hostops" / "installatron"
        link.parent.mkdir(parents=True)
        link.symlink_to(self.root)
        (self.root / ".build" / "ansible.cfg").write_text("[defaults]\n")

    def test(self, *names, limit=LIMIT, options=("-x",)):
        """Run tests in the copy, given as pytest node ids relative to C(tests); return (exit status, output)."""
        # Python detects changed files by size and time, which can be the same for a patched file: do not write byte code.
        # With CI, hypothesis tries the same examples every time.
        environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", LC_ALL="C.UTF-8", CI="1",
                           ANSIBLE_COLLECTIONS_PATH=str(self.root / ".build" / "collections"))
        # An argument file, because the names can exceed the length of a command line.
        arguments = self.root / ".build" / "tests"
        arguments.write_text("".join("tests/%s\n" % name for name in names), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--tb=line", "--show-capture=no", "--timeout=%d" % limit, *options, "@%s" % arguments],
            cwd=self.root, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=LIMITS * limit, check=False)
        return done.returncode, done.stdout

    @contextmanager
    def patched(self, file, text):
        """Replace the text of a file below C(plugins) within the context."""
        path = self.root / "plugins" / file
        before = path.read_text(encoding="utf-8")
        path.write_text(text, encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(before, encoding="utf-8")


@contextmanager
def copies(number):
    """Create copies for a context; yield the first copy and a function(function, things) -> [function(copy, thing)].

    That function processes as many things in parallel as there are copies.
    """
    with tempfile.TemporaryDirectory(prefix="itron-patched-") as folder:
        made = [Copy(Path(folder) / str(count)) for count in range(number)]
        free = Queue()
        for copy in made:
            free.put(copy)

        def work(function, thing):
            copy = free.get()
            try:
                return function(copy, thing)
            finally:
                free.put(copy)

        def every(function, things):
            with ThreadPoolExecutor(number) as pool:
                return list(pool.map(lambda thing: work(function, thing), things))

        yield made[0], every
