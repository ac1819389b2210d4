# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Sites that an earlier run left in the middle of an update or a rollback. This is a private util of the collection."""

from __future__ import annotations

from typing import Any

from .._base.errors import ItronError, WaitTimeoutError, shortened
from .._fleet.attempts import wait_until_idle
from .._fleet.snapshot import SharedWaiting
from .acts import found_row
from .case import Case, Options, key_of
from .site import SiteRun, Tools, interrupted


def interrupted_case(entry: dict[str, Any], site: dict[str, Any]) -> Case:
    """Return the Case of a site that a run left in the middle of an act.

    Arguments:
        entry: the last one of the journal on the site. site: what the user's list says of it, for its websites; may be empty.
    """
    own = {name: site[name] for name in ("user", "reseller", "websites") if site.get(name) is not None}
    options = Options(None, [], [], True, entry.get("health") or {}, {"user": entry.get("user"), **own})
    case = Case(url=entry["url"], id=entry["id"], options=options, application=entry.get("application"), wave=entry.get("wave"),
                started=entry.get("started"), reason=entry.get("reason"), message=entry.get("message") or "", begun=entry)
    case.recall()
    return case


class LeftBehind:
    """Looks at what an earlier run left behind, when the server is through with it.

    Arguments:
        entries: State.interrupted of the journal. sites: the user's list. tools: see Tools. waiting: for the tasks of the
        sites. check_mode: change nothing.

    After go() of a case: one that is as healthy as before has no verdict and is visited again; every other has one.
    """

    def __init__(self, entries: dict[str, dict[str, Any]], sites: list[dict[str, Any]], tools: Tools, waiting: SharedWaiting, check_mode: bool) -> None:
        listed = {key_of(site.get("url"), site.get("id")): site for site in sites}
        by_id = {site["id"]: site for site in sites if site.get("id")}
        self.cases = [interrupted_case(entry, listed.get(key) or by_id.get(entry["id"]) or {}) for key, entry in entries.items()]
        self._tools = tools
        self._waiting = waiting
        self._check_mode = check_mode

    def go(self, case: Case) -> None:
        """Look at one site and go on with it, as far as it can be done without a person. Raises JournalError."""
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
        """Wait until the server does nothing to the site any more; return what is in the way of a look at it, or nothing."""
        client = self._tools.acts.client(case)
        try:
            wait_until_idle(client, self._waiting, case.id, case.key)
        except WaitTimeoutError as error:
            return error.message
        except ItronError as error:
            return "its tasks cannot be listed: %s" % shortened(error.text(client.redactor.text))
        return ""

    def _has_old_version(self, case: Case) -> bool:
        """Say whether the restore that a run announced shows in the version; takes the new id along."""
        try:
            row = found_row(self._tools.acts.client(case), case)
        except ItronError:
            return False
        if row is None or str(row.get("version")) != case.version_before:
            return False
        case.id, case.version_after = str(row.get("id")), case.version_before
        return True

    def _restore(self, case: Case) -> None:
        """Go on with the rollback."""
        if self._check_mode:
            case.close("planned", "check_mode", "the rollback that was interrupted would be carried out")
        else:
            SiteRun(case, None, self._tools).go_on_with_rollback()

    def _hand_over(self, case: Case, seen: str) -> None:
        """Give a site to a person, with what is wrong with it now."""
        if (case.begun or {}).get("event") == "verdict" and case.reason != "interrupted":
            self._close(case, "attention", case.reason or "unknown", "The outcome of an earlier update is unknown", "Now %s" % seen, case.way_back())
        else:
            self._close(case, "attention", "interrupted", *interrupted(case, seen))

    def _close(self, case: Case, verdict: str, reason: str, *sentences: str) -> None:
        case.close(verdict, reason, *sentences)
        self._tools.journal.note("verdict", case)
