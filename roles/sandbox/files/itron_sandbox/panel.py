# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The PHP hooks of an operator (sections 3.17.3 and 4.1): a real panel.php, called through the PHP command line.

The switch ``panel`` sets its path, ``{"file": "/.../panel.php"}``, and optionally the PHP program, ``"php"``. An installation
without ``db_*`` then gets its database from generateDB and createDB, and a website without ``path`` gets one from
enablePathByWebsite, until a test closes the paths with ``POST /_sandbox/paths/disable``.
"""

import json
import subprocess
from pathlib import Path

from .errors import Refusal

PROGRAM = str(Path(__file__).with_name("hooks.php"))
# Seconds. The hooks have their own timeouts.
TIMEOUT = 120
# The store key for the results of enablePathByWebsite, by the id of the website.
PATHS = "paths_on_demand"


class Panel:
    """The hooks that the switch ``panel`` names; false if it names none."""

    def __init__(self, store, settings):
        self._store = store
        self._settings = settings

    def __bool__(self):
        return bool(self._settings["panel"])

    def call(self, method, *arguments, session=None):
        """Call a method of panel.php and return its result."""
        question = {"file": self._settings["panel"]["file"], "session": session or {}, "method": method, "arguments": arguments}
        return self._ask(question)

    def statements(self, database, statements):
        """Run statements, each a text and its values, as the user of a database; return a list of rows for each."""
        return self._ask({"database": database, "statements": statements})

    def _ask(self, question):
        php = self._settings["panel"].get("php", "php")
        done = subprocess.run([php, "-d", "display_errors=stderr", PROGRAM], input=json.dumps(question), capture_output=True, text=True,
                              timeout=TIMEOUT, check=False)
        try:
            answer = json.loads(done.stdout)
        except ValueError as error:
            raise RuntimeError("PHP failed: %s" % (done.stderr or done.stdout)[-500:]) from error
        if "error" in answer:
            raise HookError(answer["error"])
        return answer["answer"]

    # --- databases ---

    def create_database(self, website):
        """Create a database for a website; return {host, name, user, pass, prefix}. Refuse if a hook returns false."""
        found = self.call("generateDB", "mysql", session=website)
        if found is False:
            raise Refusal("Error: No database could be chosen.", "failed_database_host", "db_host")
        name, user, password, host, prefix = found
        if self.call("createDB", name, user, password, "mysql", host, session=website) is not True:
            raise Refusal("Error: The database could not be created.", "failed_database_name", "db_name")
        return {"host": host, "name": name, "user": user, "pass": password, "prefix": prefix}

    def remove_database(self, name, website):
        """Remove a database; refuse if the hook returns false."""
        if self.call("removeDB", name, "mysql", session=website) is not True:
            raise Refusal("Error: The database could not be removed.", "failed_database_name", "db_name")

    # --- paths ---

    def path_of(self, website):
        """Return the path of a website whose request has none; refuse if the hook returns false."""
        key = str(website.get("id", ""))
        known = self._paths().get(key)
        if not known or not known["open"]:
            path = self.call("enablePathByWebsite", website, session=website)
            if not isinstance(path, str) or not path:
                raise Refusal("Error: The path of the website could not be enabled.", "failed_filesystem_ondemand", "websites")
            known = {"path": path, "website": website, "open": True}
            self._store.put(PATHS, dict(self._paths(), **{key: known}))
        return known["path"]

    def last_path(self, website):
        """Return the last known path of a website, or "": a web server serves the files even if the path is closed."""
        return self._paths().get(str(website.get("id", "")), {}).get("path", "")

    def open_paths(self):
        """Return the open paths as {website id: path}."""
        return {key: known["path"] for key, known in self._paths().items() if known["open"]}

    def disable_paths(self):
        """Call disablePathByWebsite for each open path; return {website id: result}."""
        paths = self._paths()
        self._store.put(PATHS, {key: dict(known, open=False) for key, known in paths.items()})
        return {key: self.call("disablePathByWebsite", known["website"], session=known["website"]) for key, known in paths.items() if known["open"]}

    def forget(self):
        """Forget all paths, without calling a hook."""
        self._store.put(PATHS, {})

    def _paths(self):
        return self._store.get(PATHS, {})


class HookError(RuntimeError):
    """PHP code threw an exception, or a database refused a statement."""
