# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""One site of a rollout, stage by stage: look, backup, update, verdict, rollback. This is a private util of the collection."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from .._base.errors import ItronError, shortened
from .._fleet.attempts import is_at_work
from .acts import Acts, found_row, made_backup
from .journal import Journal, JournalError

if TYPE_CHECKING:
    from .._core.tasks import Clock
    from .._fleet.attempts import SiteAttempt
    from .case import Case


class Tools(NamedTuple):
    """What all sites of a run share.

    acts: see Acts. journal: see Journal. look: callable(url, health, baseline) -> health of a site (see judge). clock: a
    Clock. time_box: seconds after the beginning of an update in which a rollback may begin.
    """

    acts: Acts
    journal: Journal
    look: Callable[[str, dict[str, Any], dict[str, Any] | None], dict[str, Any]]
    clock: Clock
    time_box: float

    def may_roll_back(self, case: Case) -> bool:
        """Say whether a rollback of a site may still begin."""
        return self.clock.wall() - (case.started or 0) <= self.time_box


class SiteRun:
    """Takes one site from its first look to its verdict. The stages stand in the order in which they happen.

    Arguments:
        case: the Case of the site. attempt: the prepared attempt at its update. tools: see Tools.
    """

    def __init__(self, case: Case, attempt: SiteAttempt | None, tools: Tools) -> None:
        self._case = case
        self._attempt = attempt
        self._tools = tools
        self._begin = tools.clock.now()
        self._failure: ItronError | None = None
        self._trouble = ""

    def check(self) -> None:
        """Look at the pages and say what a run would do (check mode)."""
        self._stages(self._look_before, self._promise)

    def go(self) -> None:
        """Carry out the stages until there is a verdict. Raises JournalError, after which nothing more must be begun."""
        self._stages(self._look_before, self._back_up, self._update, self._judge, self._roll_back, self._judge_rollback)

    def go_on_with_rollback(self) -> None:
        """Carry out the rollback that an interrupted run had announced. Raises JournalError."""
        self._stages(self._roll_back, self._judge_rollback)

    def _stages(self, *stages: Callable[[], None]) -> None:
        """Call stages until there is a verdict, and write the verdict down."""
        case = self._case
        try:
            for stage in stages:
                stage()
                if case.verdict:
                    break
        except JournalError as error:
            if case.started is None:
                case.close("skipped", "stopped", error.text())
            else:
                case.close("attention", "stopped", case.message, error.text(), case.way_back())
            raise
        finally:
            if case.started is not None:
                case.seconds = round(self._tools.clock.now() - self._begin, 1)
        self._tools.journal.note("verdict", case)

    # --- the stages ---

    def _look_before(self) -> None:
        """Look at the pages; a site that is down is left alone."""
        case = self._case
        case.before = self._look(None)
        if case.before["healthy"]:
            return
        if case.begun:
            # An interrupted run left it like this: compared with its health before that run.
            case.after = case.before
            case.recall()
            case.close("attention", "interrupted", *interrupted(case, "; ".join((case.after or {})["problems"])))
        else:
            case.close("skipped", "down_before", "; ".join(case.before["problems"]))

    def _promise(self) -> None:
        """Say that the site would be updated."""
        self._case.changed = True
        self._case.close("planned", "check_mode", "healthy; would be backed up and updated")

    def _back_up(self) -> None:
        """Make a backup and find it in the list of the server; without one, a site is not updated."""
        case = self._case
        attempt = self._tools.acts.backup(case)
        self._tools.journal.note("backup", case)
        try:
            attempt.prepare()
            attempt.carry_out()
            case.backup = made_backup(attempt, case.version_before)
        except ItronError as error:
            case.error = error
            case.close("skipped", "no_backup", attempt.told(error))
        case.changed = case.changed or attempt.changed

    def _update(self) -> None:
        """Update and wait; a failure is judged by what it leaves behind."""
        case, attempt = self._case, self._attempt
        if attempt is None:
            raise TypeError("a site without a plan is not updated")
        case.started = self._tools.clock.wall()
        self._tools.journal.note("update", case)
        try:
            attempt.carry_out()
        except ItronError as error:
            self._failure = case.error = error
            case.message = attempt.told(error)
        case.changed = case.changed or attempt.changed

    def _judge(self) -> None:
        """Compare the site with its health before the update; what got worse goes on to the rollback."""
        case = self._case
        row, unread, busy = self._seen()
        failed = self._failure is not None and not self._is_applied()
        case.version_after = _version(row)
        case.after = self._look(case.before)
        why = (case.message, "; ".join(case.after["regressions"]))
        if unread or row is None:
            case.close("attention", "unknown", *why, unread or "the server does not list the application any more", case.way_back())
        elif busy:
            # Two commands on one site at the same time is how sites are lost.
            case.close("attention", "still_running", *why, "Wait for its task before anything else", case.way_back())
        elif not failed and case.after["healthy"]:
            case.error = None
            case.close("updated", "healthy")
        elif failed and case.version_after == case.version_before and case.after["healthy"]:
            case.close("failed", "update_failed", *why)
        elif not case.options.rollback:
            case.close("attention", "rollback_not_allowed", *why, case.way_back())
        else:
            case.reason, case.message = "update_failed" if failed else "regression", "; ".join(filter(None, why))

    def _roll_back(self) -> None:
        """Restore the backup of this run, if the time box is open."""
        case = self._case
        if not self._tools.may_roll_back(case):
            case.close("attention", "time_box_over", case.message, "The time for a rollback is over", case.way_back())
            return
        attempt = self._tools.acts.restore(case)
        self._tools.journal.note("restore", case)
        self._failure = None
        try:
            attempt.prepare()
            attempt.carry_out()
        except ItronError as error:
            self._failure = error
            self._trouble = shortened(error.text(attempt.redactor.text))
        case.changed = case.changed or attempt.changed

    def _judge_rollback(self) -> None:
        """Compare the site with what it was before the update."""
        case = self._case
        row, unread, _busy = self._seen(always=True)
        case.version_after = _version(row)
        case.after = self._look(case.before)
        wrong = [self._trouble] if self._failure is not None else []
        if case.version_after != case.version_before:
            wrong.append(unread or "the version is %s and not %s" % (case.version_after or "unknown", case.version_before))
        wrong += case.after["regressions"]
        if wrong:
            case.close("attention", "rollback_failed", case.message, "After the rollback: %s" % "; ".join(wrong), case.way_back())
        else:
            case.id = str((row or {}).get("id"))
            case.close("rolled_back", case.reason or "regression", case.message)

    # --- what the stages share ---

    def _seen(self, always: bool = False) -> tuple[dict[str, Any] | None, str, bool]:
        """Return (row of the site, why it cannot be read or nothing, whether the server still works on it).

        Arguments:
            always: ask the server. Without it, an update that succeeded has read the row already.
        """
        if not always and self._failure is None and self._attempt is not None and self._attempt.current.row is not None:
            return self._attempt.current.row, "", False
        client = self._tools.acts.client(self._case)
        try:
            return found_row(client, self._case), "", is_at_work(client.tasks(), self._case.id, self._case.key)
        except ItronError as error:
            return None, shortened(error.text(client.redactor.text)), False

    def _is_applied(self) -> bool:
        """Say whether the server shows the update, although something failed: an answer was lost, or could not be read."""
        try:
            if self._attempt is not None:
                self._attempt.prepare()
                return not self._attempt.plan.steps
        except ItronError:
            return False
        return False

    def _look(self, baseline: dict[str, Any] | None) -> dict[str, Any]:
        """Return the health of the site."""
        return self._tools.look(str(self._case.url), self._case.options.health, baseline)


def interrupted(case: Case, seen: str) -> tuple[str, ...]:
    """Return the sentences for a site that an interrupted run was updating. seen: what is wrong with it now."""
    return "The run was interrupted while the site was updated", "Now %s" % seen if seen else "", case.way_back()


def _version(row: dict[str, Any] | None) -> str | None:
    """Return the version in a row, or None."""
    return None if row is None or row.get("version") is None else str(row["version"])
