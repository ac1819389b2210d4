# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The stages of one drill: find the newest backup, restore it, check the copy, remove it. This is a private util of the collection."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from .._backup.fields import backup_result
from .._backup.info import BackupInfoWork
from .._backup.work import OPERATION as BACKUP_OPERATION
from .._backup.work import PLACE, made_params
from .._base.errors import ItronError, WaitTimeoutError
from .._base.text import joined
from .._base.url import identity_of
from .._core.model import plain_text
from .._fleet.attempts import wait_until_idle
from .._install.work import OPERATION as INSTALL_OPERATION
from .._installs.items import site_params

if TYPE_CHECKING:
    from .._core.operation import Attempt
    from .._core.tasks import Clock
    from .._fleet.fleet import Fleet


# Limit of attempts to remove a copy.
REMOVALS = 3


class Tools(NamedTuple):
    """The objects that all drills of a run share.

    fleet: a Fleet. rows: of C(installs) before the first drill. look: callable(url, keywords) -> health of a site (see
    judge). clean: callable(text) -> text without the secrets of the task and of the lists. clock: a Clock. replace: whether to
    remove the copy of an interrupted drill. check_mode: change nothing.
    """

    fleet: Fleet
    rows: list[dict[str, Any]]
    look: Callable[[str, list[str]], dict[str, Any]]
    clean: Callable[[str], str]
    clock: Clock
    replace: bool
    check_mode: bool


class Drill:
    """Runs the stages of one site until it has a verdict. The methods of the stages are in the order of execution.

    Arguments:
        site: its options in the task. tools: see Tools.

    C(verdict) is None until it is known. C(attempt) is the restore, C(error) the first error, and C(changed) whether the server was
    changed.
    """

    def __init__(self, site: dict[str, Any], tools: Tools) -> None:
        self.url: str = site["url"]
        self.drill_url: str = site["drill_url"]
        self.verdict: str | None = None
        self.reason = ""
        self.attempt: Attempt | None = None
        self.error: ItronError | None = None
        self.changed = False
        self.seconds = 0.0
        self._site = site
        self._options = tools.fleet.options_for(site)
        self._place = identity_of(self.drill_url)
        self._tools = tools
        self._backup: dict[str, Any] | None = None

    def go(self) -> None:
        """Run the stages until there is a verdict."""
        begin = self._tools.clock.now()
        try:
            for stage in (self._find_backup, self._find_place, self._restore, self._look):
                stage()
                if self.verdict:
                    break
        except ItronError as error:
            self._fail(error)
        if self.attempt is not None and self.attempt.steps and not self._tools.check_mode:
            self._remove()
        self.verdict = self.verdict or "passed"
        self.seconds = round(self._tools.clock.now() - begin, 1)

    # --- the stages ---

    def _find_backup(self) -> None:
        """Find the newest backup of the site, even if the site is no longer installed. Raises ItronError."""
        rows = [row for row in self._tools.rows if self.url == str(row.get("id")) or identity_of(self.url) == identity_of(row.get("url"))]
        install = str(rows[0].get("id")) if rows else self.url
        client = self._tools.fleet.client(self._options)
        backups = BackupInfoWork(client, {"install": install, "owned_accounts": True}).read()
        if not backups:
            self._close("no_backup", "the server has no backup of the site")
            return
        self._backup = backup_result(backups[0])
        self._options = self._tools.fleet.options_for(self._site, (self._backup or {})["owner"])

    def _find_place(self) -> None:
        """Check that the drill URL is free. With replace, remove the copy of an interrupted drill. Raises ItronError."""
        there = next((row for row in self._tools.rows if identity_of(row.get("url")) == self._place), None)
        if there is None:
            if not self._tools.check_mode:
                # A restore or a removal of an interrupted drill may still be running.
                wait_until_idle(self._tools.fleet.client(self._options), self._tools.fleet.waiting, None, self._place)
            return
        name = "%s (id %s)" % (there.get("installer"), there.get("id"))
        if not self._tools.replace:
            self._close("occupied", "%s is installed at the drill URL; remove it, or set replace if it is the copy of an interrupted drill" % name)
        elif not self._may_be_left(there):
            self._close("occupied", "%s is installed at the drill URL, but is not the copy of a drill: its owner is %s, and its database is %s" % (
                name, there.get("owner"), there.get("db-name")))
        elif self._tools.check_mode:
            # The server would refuse to validate a restore to an occupied URL.
            self.changed = True
            self._close("planned", "")
        else:
            self._remove_copy()
            self.changed = True

    def _may_be_left(self, row: dict[str, Any]) -> bool:
        """Return whether the application at the drill URL may be the copy of an interrupted drill."""
        name = self._site.get("db_name")
        return plain_text(row.get("owner")) == self._options["user"] and name in (None, row.get("db-name"))

    def _restore(self) -> None:
        """Restore the backup to the drill URL. In check mode, only let the server validate the command. Raises ItronError."""
        values = {name: self._site[name] for name in PLACE if self._site.get(name) is not None}
        values.update(state="restored", id=(self._backup or {})["id"], url=self.drill_url)
        params = made_params(values, self._options["user"])
        self.attempt = attempt = self._tools.fleet.live_attempt(BACKUP_OPERATION, self._options, params)
        try:
            attempt.prepare()
        except ItronError:
            if attempt.current is None or attempt.current.occupant is None:
                raise
            self._close("occupied", "%s (id %s) has been installed at the drill URL since the start of the run" % (
                attempt.current.occupant.get("installer"), attempt.current.occupant.get("id")))
            return
        try:
            attempt.carry_out()
        finally:
            self.changed = self.changed or attempt.changed
        if self._tools.check_mode:
            self._close("planned", "")

    def _look(self) -> None:
        """Check the pages of the copy."""
        health = self._tools.look(self.drill_url, [self._site["text"]] if self._site.get("text") else [])
        if not health["healthy"]:
            self._close("failed", "; ".join(health["problems"]))

    def _remove(self) -> None:
        """Remove the copy. Retry on failure, because a remaining copy blocks the next drill."""
        for number in range(REMOVALS):
            if number:
                self._tools.clock.sleep(self._tools.fleet.waiting.interval)
            try:
                self._remove_copy()
                return
            except ItronError as error:
                trouble = error
            if isinstance(trouble, WaitTimeoutError):
                break
        before = self.reason
        self._fail(trouble)
        self.reason = joined((before, "Cannot remove the copy at %s: %s" % (self.drill_url, self.reason)))

    def _remove_copy(self) -> None:
        """Uninstall the application at the drill URL. Raises ItronError."""
        client = self._tools.fleet.client(self._options)
        wait_until_idle(client, self._tools.fleet.waiting, None, self._place)
        for row in client.installs():
            if identity_of(row.get("url")) == self._place:
                removal = self._tools.fleet.live_attempt(INSTALL_OPERATION, self._options, site_params({"id": str(row["id"]), "state": "absent"}))
                removal.prepare()
                removal.carry_out()

    # --- shared by the stages ---

    def _close(self, verdict: str, reason: str) -> None:
        """Set the verdict and its reason."""
        self.verdict, self.reason = verdict, self._tools.clean(reason)

    def _fail(self, error: ItronError) -> None:
        """Set the verdict failed."""
        self.error = self.error or error
        self._close("failed", error.text(self.attempt.redactor.text) if self.attempt is not None else error.text())

    def as_result(self) -> dict[str, Any]:
        """Return the result of the drill."""
        backup = self._backup or dict.fromkeys(("id", "time", "size"))
        return {"url": self.url, "drill_url": self.drill_url, "verdict": self.verdict, "reason": self.reason or None,
                "backup": backup["id"], "backup_time": backup["time"], "backup_size": backup["size"], "seconds": self.seconds}
