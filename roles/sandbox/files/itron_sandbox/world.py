# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects that commands work with, in one container."""

import threading
from contextlib import ExitStack, contextmanager

from .accounts import Accounts
from .databases import Databases
from .errors import Refusal
from .faults import Faults
from .panel import Panel
from .records import Backups, Installs
from .requestlog import RequestLog
from .settings import Settings
from .store import Store
from .tasks import Tasks


class Claims:
    """Places and installs held by running work, so that no two tasks work on the same one."""

    def __init__(self):
        self._guard = threading.Lock()
        self._holders = {}
        self._locks = {}

    def take(self, keys, holder):
        """Claim places for `holder`; refuse if another holder has one of them."""
        with self._guard:
            for key in keys:
                if self._holders.get(key, holder) is not holder:
                    raise Refusal("Error: Another task is working at this URL.", "occupied_url", "url")
            self._holders.update((key, holder) for key in keys)

    def release(self, holder):
        """Release all claims of `holder`."""
        with self._guard:
            self._holders = {key: other for key, other in self._holders.items() if other is not holder}

    @contextmanager
    def locked(self, keys):
        """Acquire the locks named by `keys`; wait for other threads that hold them."""
        with ExitStack() as stack:
            for key in sorted(keys):
                with self._guard:
                    lock = self._locks.setdefault(key, threading.RLock())
                stack.enter_context(lock)
            yield


class World:
    """The state in a directory and the objects that use it; `offline` if no server runs."""

    def __init__(self, directory, key, offline=False):
        self.key = key
        self.offline = offline
        self.stop = threading.Event()
        self.store = Store(directory)
        self.directory = self.store.directory
        self.settings = Settings(self.store)
        self.accounts = Accounts(self.store, self.settings)
        self.panel = Panel(self.store, self.settings)
        self.databases = Databases(self.store, self.settings, self.panel)
        self.installs = Installs(self.store)
        self.backups = Backups(self.store)
        self.tasks = Tasks(self.store, self.settings, self.stop)
        self.faults = Faults(self.store)
        self.requests = RequestLog(self.store)
        self.claims = Claims()

    def close(self):
        """Stop running work and close the state."""
        self.stop.set()
        self.tasks.idle(2)
        self.store.close()
