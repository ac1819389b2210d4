# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Resumes sites whose update or rollback was interrupted in an earlier run. This is a private util of the collection."""

from __future__ import annotations

from typing import Any

from .._base.errors import ItronError, WaitTimeoutError, shortened
from .._fleet.attempts import wait_until_idle
from .._fleet.snapshot import SharedWaiting
from .acts import found_row
from .case import Case, Options, key_of
from .site import SiteRun, Tools, interrupted


def interrupted_case(entry: dict[str, Any], site: dict[str, Any]) -> Case:
    """Return the Case of a site that was interrupted during an action.

    Arguments:
        entry: the last journal entry of the site. site: its entry in the user's list, for its websites; may be empty.
    """
    own = {name: site[name] for name in ("user", "reseller", "websites") if site.get(name) is not None}
    options = Options(None, [], [], True, entry.get("health") or {}, {"user": entry.get("user"), **own})
    case = Case(url=entry["url"], id=entry["id"], options=options, application=entry.get("application"), wave=entry.get("wave"),
                started=entry.get("started"), reason=entry.get("reason"), message=entry.get("message") or "", begun=entry)
    case.load_begun()
    return case


class InterruptedSites:
    """Checks interrupted sites after the server has finished its tasks for them.

    Arguments:
        entries: State.interrupted of the journal. sites: the user's list. tools: see Tools. waiting: for the tasks of the
        sites. check_mode: change nothing.

    After go(), a case that is as healthy as before has no verdict, so the run updates it again. All others have a verdict.
    """

    def __init__(self, entries: dict[str, dict[str, Any]], sites: list[dict[str, Any]], tools: Tools, waiting: SharedWaiting, check_mode: bool) -> None:
        listed = {key_of(site.get("url"), site.get("id")): site for site in sites}
        by_id = {site["id"]: site for site in sites if site.get("id")}
        self.cases = [interrupted_case(entry, listed.get(key) or by_id.get(entry["id"]) or {}) for key, entry in entries.items()]
        self._tools = tools
        self._waiting = waiting
        self._check_mode = check_mode

    def go(self, case: Case) -> None:
        """Check one site and resume its rollback if possible. Raises JournalError."""
        trouble = self._wait(case)
        if trouble:
            self._hand_over(case, trouble)
            return
        case.after = self._tools.look(str(case.url), case.options.health, case.before)
        was_restored = (case.begun or {}).get("event") == "restore"
        if case.after["healthy"]:
            if was_restored and self._has_old_version(case):
                self._close(case, "rolled_back", case.reason or "regression", case.message)
        elif was_restored and self._tools.may_roll_back(case):
            self._restore(case)
        else:
            self._hand_over(case, "; ".join(case.after["regressions"]))

    def _wait(self, case: Case) -> str:
        """Wait until the server has no running task for the site. Return why this failed, or an empty string."""
        client = self._tools.acts.client(case)
        try:
            wait_until_idle(client, self._waiting, case.id, case.key)
        except WaitTimeoutError as error:
            return error.message
        except ItronError as error:
            return "its tasks cannot be listed: %s" % shortened(error.text(client.redactor.text))
        return ""

    def _has_old_version(self, case: Case) -> bool:
        """Return whether the version shows that the interrupted restore succeeded. If so, update the id and version of the case."""
        try:
            row = found_row(self._tools.acts.client(case), case)
        except ItronError:
            return False
        if row is None or str(row.get("version")) != case.version_before:
            return False
        case.id, case.version_after = str(row.get("id")), case.version_before
        return True

    def _restore(self, case: Case) -> None:
        """Resume the rollback."""
        if self._check_mode:
            case.close("planned", "check_mode", "would resume the interrupted rollback")
        else:
            SiteRun(case, None, self._tools).resume_rollback()

    def _hand_over(self, case: Case, seen: str) -> None:
        """Set the verdict attention. seen: the current problem of the site."""
        if (case.begun or {}).get("event") == "verdict" and case.reason != "interrupted":
            self._close(case, "attention", case.reason or "unknown", "The outcome of an earlier update is unknown", "Now %s" % seen, case.restore_instruction())
        else:
            self._close(case, "attention", "interrupted", *interrupted(case, seen))

    def _close(self, case: Case, verdict: str, reason: str, *sentences: str) -> None:
        case.close(verdict, reason, *sentences)
        self._tools.journal.note("verdict", case)
