# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a function of this package from source texts, so that no file is left on the target and no process has a secret as an argument.

Run it with python -c. Standard input is JSON with C(program) (the source texts by file name), C(module) (the module whose function C(answer)
is called), and C(request) (its argument). Standard output is the result as JSON.
"""

import importlib
import importlib.abc
import importlib.util
import json
import sys

PACKAGE = "itron_server"
NUMBERS = ("free", "keep", "timeout", "verify_timeout")


class Texts(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Importer for the source texts of the package.

    Arguments:
        texts: {name of the file without .py: text}.
    """

    def __init__(self, texts):
        self._texts = {PACKAGE if name == "__init__" else "%s.%s" % (PACKAGE, name): text for name, text in texts.items()}

    def find_spec(self, fullname, path, target=None):
        """Return the spec of a module of the package, or None for other modules."""
        if fullname not in self._texts:
            return None
        return importlib.util.spec_from_loader(fullname, self, origin="<%s>" % fullname, is_package=fullname == PACKAGE)

    def is_package(self, fullname):
        """Return whether the name is that of the package itself."""
        return fullname == PACKAGE

    def get_source(self, fullname):
        """Return the source text of a module."""
        return self._texts[fullname]


def main():
    """Read the source texts and the request, and print the answer."""
    given = json.load(sys.stdin)
    sys.meta_path.insert(0, Texts(given["program"]))
    # Before ansible-core 2.19, templates convert numbers to strings.
    request = {name: int(value) if name in NUMBERS else value for name, value in given["request"].items()}
    module = importlib.import_module("%s.%s" % (PACKAGE, given["module"]))
    print(json.dumps(module.answer(request)))


if __name__ == "__main__":
    main()
