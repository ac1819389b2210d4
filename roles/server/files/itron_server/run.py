# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a function of this package from texts: the target keeps no file of it, and no argument of a process holds a secret.

Executed with python -c. Standard input: JSON with C(program), the texts of the package by the names of their files, C(module) whose
function C(answer) is called, and C(request), its argument. Standard output: what it returned, as JSON.
"""

import importlib
import importlib.abc
import importlib.util
import json
import sys

PACKAGE = "itron_server"
NUMBERS = ("free", "keep", "timeout", "verify_timeout")


class Texts(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Finds the modules of the package in texts.

    Arguments:
        texts: {name of the file without .py: text}.
    """

    def __init__(self, texts):
        self._texts = {PACKAGE if name == "__init__" else "%s.%s" % (PACKAGE, name): text for name, text in texts.items()}

    def find_spec(self, fullname, path, target=None):
        """Return how a module is loaded, None for those of others."""
        if fullname not in self._texts:
            return None
        return importlib.util.spec_from_loader(fullname, self, origin="<%s>" % fullname, is_package=fullname == PACKAGE)

    def is_package(self, fullname):
        """Say whether a name is the package itself."""
        return fullname == PACKAGE

    def get_source(self, fullname):
        """Return the text of a module."""
        return self._texts[fullname]


def main():
    """Read texts and request, print the answer."""
    given = json.load(sys.stdin)
    sys.meta_path.insert(0, Texts(given["program"]))
    # Before ansible-core 2.19, a template makes a text of a number.
    request = {name: int(value) if name in NUMBERS else value for name, value in given["request"].items()}
    module = importlib.import_module("%s.%s" % (PACKAGE, given["module"]))
    print(json.dumps(module.answer(request)))


if __name__ == "__main__":
    main()
