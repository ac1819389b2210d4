# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies of the collection in which one file is changed while tests run: for tests/defects and tests/mutation."""

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
# Seconds for one test, and how many times as long all of them may take together.
LIMIT = 60
LIMITS = 20


class Copy:
    """A copy of the collection that tests see under its name."""

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
        """Run tests in the copy, named as pytest does below C(tests); return (exit status, output)."""
        # Patched files may have the size and the second of the old ones, which compiled files go by. With CI, hypothesis
        # tries the same examples every time.
        environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", LC_ALL="C.UTF-8", CI="1",
                           ANSIBLE_COLLECTIONS_PATH=str(self.root / ".build" / "collections"))
        # In a file, for there may be more names than a command line holds.
        arguments = self.root / ".build" / "tests"
        arguments.write_text("".join("tests/%s\n" % name for name in names), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--tb=line", "--show-capture=no", "--timeout=%d" % limit, *options, "@%s" % arguments],
            cwd=self.root, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=LIMITS * limit, check=False)
        return done.returncode, done.stdout

    @contextmanager
    def patched(self, file, text):
        """Have another text in a file below C(plugins) as long as the context lasts."""
        path = self.root / "plugins" / file
        before = path.read_text(encoding="utf-8")
        path.write_text(text, encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(before, encoding="utf-8")


@contextmanager
def copies(number):
    """Make copies for a context; yields the first one, and callable(function, things) -> [function(copy, thing)].

    The callable works on as many things at once as there are copies.
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
