# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The switches of the sandbox, kept in the state."""

DEFAULTS = {
    # Seconds added before every request is looked at.
    "latency": 0,
    # Seconds that a command with a background mode takes at least.
    "task_seconds": 0.2,
    # What becomes of a finished task: it stays in the list with its final status, or vanishes.
    "finished_tasks": "listed",
    # Seconds for which a finished task stays listed.
    "finished_seconds": 3600,
    # Refuse every write that is no dry run with HTTP 418.
    "read_only": False,
    # Choose a database where the request names none (section 3.17.3's panel.php).
    "database_automation": False,
    # The PHP hooks of an operator: "file", a panel.php, and "php", the program that runs it. See panel.py.
    "panel": {},
    # Accept only databases that the control API created.
    "databases_precreated": False,
    # The newer interface: served, or "html" (a login page), or "v1" (a reply of v1).
    "rest": "served",
    # Where migrations find the homes of remote accounts: "login@host" (of ftp, sftp and ssh) or "host" (of app, its
    # document root) and a directory on this disk, such as one below the state of another sandbox.
    "remote_directories": {},
    # The name of the main administrator ("admin=" of settings.ini, section 3.17.2).
    "admin": "admin",
}
CHOICES = {"finished_tasks": ("listed", "vanish"), "rest": ("served", "html", "v1")}


class Settings:
    """Read and change the switches; `store` keeps those that differ from the defaults."""

    def __init__(self, store):
        self._store = store

    def __getitem__(self, name):
        return self.all()[name]

    def all(self):
        """Return every switch with its value."""
        return dict(DEFAULTS, **self._store.get("settings", {}))

    def change(self, values):
        """Change switches; raise ValueError for an unknown name or a value of the wrong type."""
        for name, value in values.items():
            if name not in DEFAULTS:
                raise ValueError("unknown setting: %s" % name)
            if not _fits(name, value):
                raise ValueError("wrong value for %s: %r" % (name, value))
        self._store.put("settings", dict(self._store.get("settings", {}), **values))

    def reset(self):
        """Go back to the defaults."""
        self._store.put("settings", {})


def _fits(name, value):
    """Tell whether `value` is of the type of the default (numbers may be whole or not, and not negative)."""
    if name in CHOICES:
        return value in CHOICES[name]
    if isinstance(DEFAULTS[name], dict):
        return isinstance(value, dict) and all(isinstance(item, str) and item.startswith("/") for item in value.values())
    if isinstance(DEFAULTS[name], bool):
        return isinstance(value, bool)
    if isinstance(DEFAULTS[name], (int, float)):
        return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0
    return isinstance(value, str) and value != ""
