# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The stages of one site: health check, backup, update, verdict, rollback. This is a private util of the collection."""

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
    """The objects that all sites of a run share.

    acts: see Acts. journal: see Journal. look: callable(url, health, baseline) -> health of a site (see judge). clock: a
    Clock. time_box: seconds after the start of an update in which a rollback may start.
    """

    acts: Acts
    journal: Journal
    look: Callable[[str, dict[str, Any], dict[str, Any] | None], dict[str, Any]]
    clock: Clock
    time_box: float

    def may_roll_back(self, case: Case) -> bool:
        """Return whether a rollback of a site may still start."""
        return self.clock.wall() - (case.started or 0) <= self.time_box


class SiteRun:
    """Runs the stages of one site until it has a verdict. The methods of the stages are in the order of execution.

    Arguments:
        case: the Case of the site. attempt: the prepared attempt to update it. tools: see Tools.
    """

    def __init__(self, case: Case, attempt: SiteAttempt | None, tools: Tools) -> None:
        self._case = case
        self._attempt = attempt
        self._tools = tools
        self._begin = tools.clock.now()
        self._failure: ItronError | None = None
        self._rollback_failure = ""

    def check(self) -> None:
        """Check the pages and set the verdict planned (check mode)."""
        self._stages(self._look_before, self._set_planned)

    def go(self) -> None:
        """Run the stages until there is a verdict. Raises JournalError; the caller must then start no further action."""
        self._stages(self._look_before, self._back_up, self._update, self._judge, self._roll_back, self._judge_rollback)

    def resume_rollback(self) -> None:
        """Run the rollback that an interrupted run had started. Raises JournalError."""
        self._stages(self._roll_back, self._judge_rollback)

    def _stages(self, *stages: Callable[[], None]) -> None:
        """Call stages until there is a verdict, and write it to the journal."""
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
                case.close("attention", "stopped", case.message, error.text(), case.restore_instruction())
            raise
        finally:
            if case.started is not None:
                case.seconds = round(self._tools.clock.now() - self._begin, 1)
        self._tools.journal.note("verdict", case)

    # --- the stages ---

    def _look_before(self) -> None:
        """Check the pages. Skip a site that is down."""
        case = self._case
        case.before = self._look(None)
        if case.before["healthy"]:
            return
        if case.begun:
            # An interrupted run may have caused this, so compare with the health before that run.
            case.after = case.before
            case.load_begun()
            case.close("attention", "interrupted", *interrupted(case, "; ".join((case.after or {})["problems"])))
        else:
            case.close("skipped", "down_before", "; ".join(case.before["problems"]))

    def _set_planned(self) -> None:
        """Set the verdict planned."""
        self._case.changed = True
        self._case.close("planned", "check_mode", "healthy; would be backed up and updated")

    def _back_up(self) -> None:
        """Create a backup and find it in the server's list. Skip the site if that fails."""
        case = self._case
        attempt = self._tools.acts.backup(case)
        self._tools.journal.note("backup", case)
        try:
            attempt.prepare()
            attempt.carry_out()
            case.backup = made_backup(attempt, case.version_before)
        except ItronError as error:
            case.error = error
            case.close("skipped", "no_backup", attempt.failure_text(error))
        case.changed = case.changed or attempt.changed

    def _update(self) -> None:
        """Update and wait. _judge() evaluates a failure by the resulting state."""
        case, attempt = self._case, self._attempt
        if attempt is None:
            raise TypeError("a site without a plan cannot be updated")
        case.started = self._tools.clock.wall()
        self._tools.journal.note("update", case)
        try:
            attempt.carry_out()
        except ItronError as error:
            self._failure = case.error = error
            case.message = attempt.failure_text(error)
        case.changed = case.changed or attempt.changed

    def _judge(self) -> None:
        """Compare the site with its health before the update. If it is worse, set no verdict, so the rollback follows."""
        case = self._case
        row, unread, busy = self._seen()
        failed = self._failure is not None and not self._is_applied()
        case.version_after = _version(row)
        case.after = self._look(case.before)
        why = (case.message, "; ".join(case.after["regressions"]))
        if unread or row is None:
            case.close("attention", "unknown", *why, unread or "the server no longer lists the application", case.restore_instruction())
        elif busy:
            # Two concurrent commands can destroy a site.
            case.close("attention", "still_running", *why, "Wait until its task has finished before you do anything else", case.restore_instruction())
        elif not failed and case.after["healthy"]:
            case.error = None
            case.close("updated", "healthy")
        elif failed and case.version_after == case.version_before and case.after["healthy"]:
            case.close("failed", "update_failed", *why)
        elif not case.options.rollback:
            case.close("attention", "rollback_not_allowed", *why, case.restore_instruction())
        else:
            case.reason, case.message = "update_failed" if failed else "regression", "; ".join(filter(None, why))

    def _roll_back(self) -> None:
        """Restore the backup of this run if the time box has not expired."""
        case = self._case
        if not self._tools.may_roll_back(case):
            case.close("attention", "time_box_over", case.message, "The time for a rollback has expired", case.restore_instruction())
            return
        attempt = self._tools.acts.restore(case)
        self._tools.journal.note("restore", case)
        self._failure = None
        try:
            attempt.prepare()
            attempt.carry_out()
        except ItronError as error:
            self._failure = error
            self._rollback_failure = shortened(error.text(attempt.redactor.text))
        case.changed = case.changed or attempt.changed

    def _judge_rollback(self) -> None:
        """Compare the site with its state before the update."""
        case = self._case
        row, unread, _busy = self._seen(always=True)
        case.version_after = _version(row)
        case.after = self._look(case.before)
        wrong = [self._rollback_failure] if self._failure is not None else []
        if case.version_after != case.version_before:
            wrong.append(unread or "the version is %s instead of %s" % (case.version_after or "unknown", case.version_before))
        wrong += case.after["regressions"]
        if wrong:
            case.close("attention", "rollback_failed", case.message, "After the rollback: %s" % "; ".join(wrong), case.restore_instruction())
        else:
            case.id = str((row or {}).get("id"))
            case.close("rolled_back", case.reason or "regression", case.message)

    # --- shared by the stages ---

    def _seen(self, always: bool = False) -> tuple[dict[str, Any] | None, str, bool]:
        """Return (row of the site, why it cannot be read or an empty string, whether the server has a running task for the site).

        Arguments:
            always: read the row from the server, even if a successful update has read it already.
        """
        if not always and self._failure is None and self._attempt is not None and self._attempt.current.row is not None:
            return self._attempt.current.row, "", False
        client = self._tools.acts.client(self._case)
        try:
            return found_row(client, self._case), "", is_at_work(client.tasks(), self._case.id, self._case.key)
        except ItronError as error:
            return None, shortened(error.text(client.redactor.text)), False

    def _is_applied(self) -> bool:
        """Return whether the server shows the update despite a failure, such as a lost or invalid answer."""
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
    """Return the sentences for a site whose update was interrupted. seen: its current problem."""
    return "The run was interrupted while the site was updated", "Now %s" % seen if seen else "", case.restore_instruction()


def _version(row: dict[str, Any] | None) -> str | None:
    """Return the version in a row, or None."""
    return None if row is None or row.get("version") is None else str(row["version"])
