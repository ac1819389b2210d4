# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The switches of the sandbox, stored in the state."""

DEFAULTS = {
    # Delay of each request in seconds.
    "latency": 0,
    # Minimum duration in seconds of a command with a background mode.
    "task_seconds": 0.2,
    # A finished task stays in the list with its final status ("listed"), or disappears ("vanish").
    "finished_tasks": "listed",
    # Seconds for which a finished task is listed.
    "finished_seconds": 3600,
    # Refuse every write except dry runs with HTTP 418.
    "read_only": False,
    # Choose a database if the request names none (panel.php, section 3.17.3).
    "database_automation": False,
    # The PHP hooks of an operator: "file", a panel.php, and "php", the PHP program. See panel.py.
    "panel": {},
    # Accept only databases that the control interface created.
    "databases_precreated": False,
    # The newer interface: served, "html" (a login page), or "v1" (a reply of version 1).
    "rest": "served",
    # The directories of remote accounts for migrations: "login@host" (ftp, sftp and ssh) or "host" (app: its document root),
    # and a directory on this disk, such as one in the state of another sandbox.
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
    """Return whether `value` has the type of the default. Numbers can be integer or float, and must not be negative."""
    if name in CHOICES:
        return value in CHOICES[name]
    if isinstance(DEFAULTS[name], dict):
        return isinstance(value, dict) and all(isinstance(item, str) and item.startswith("/") for item in value.values())
    if isinstance(DEFAULTS[name], bool):
        return isinstance(value, bool)
    if isinstance(DEFAULTS[name], (int, float)):
        return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0
    return isinstance(value, str) and value != ""
