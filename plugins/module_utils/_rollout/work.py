# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Updates many sites in waves, each site after a backup. This is a private util of the collection."""

from __future__ import annotations

import functools
import json
import os
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from .._apps.catalog import releases
from .._apps.fields import app_result
from .._base.errors import InputError, ItronError
from .._base.files import write_json
from .._base.url import identity_of
from .._core.approval import Approval, wanted
from .._core.connection import server_name
from .._core.model import plain_text
from .._core.operation import Operation
from .._core.plan import summary_of_plan
from .._core.tasks import Clock
from .._fleet.fleet import FleetAttempt, failure_of
from .._fleet.progress import Progress, told_first
from .._fleet.snapshot import collector_paused
from .._health.options import look_at, need_requests
from .._install.work import InstallWork
from .._wire.header import header
from .acts import Acts
from .case import BRIEF, DONE, VERDICTS, Case, Options, is_unsettled
from .journal import Journal, JournalError
from .options import NOT_PLANNED, ROLLOUT, check_options, target_of
from .resume import InterruptedSites
from .select import Selection, hold_back
from .site import SiteRun, Tools
from .waves import Wave, failures_allowed, make_waves, window_of

if TYPE_CHECKING:
    from .._core.work import Report
    from .._fleet.attempts import SiteAttempt
    from .._redaction.redact import Redactor

# Verdicts without a line of their own at the end.
_NOT_LISTED = ("unchanged", "updated", "planned")


class RolloutAttempt(FleetAttempt):
    """One run of itron_rollout. Has the interface of an Attempt.

    Arguments:
        look: callable(url, health, baseline) -> health of a site; requests its pages if omitted. For the others, see FleetAttempt.
    """

    def __init__(self, operation: Operation, redactor: Redactor, check_mode: bool, report: Report, clock: Clock | None = None,
                 look: Callable[..., dict[str, Any]] | None = None) -> None:
        super().__init__(operation, redactor, check_mode, report, clock)
        self._look = look or self._look_at
        # By id() of the Case: the attempts to update, and why an update is impossible.
        self._attempts: dict[int, SiteAttempt] = {}
        self._refused: dict[int, str] = {}
        self._cases: list[Case] = []
        self._held: list[dict[str, Any]] = []
        self._waves: list[Wave] = []
        self._approval: Approval
        self._is_planned = False
        # Whether some sites are deferred to a later run.
        self._is_part = False
        self._stopped = ""
        self._failed = 0
        self._lock = threading.Lock()

    # --- the run ---

    def go(self, params: dict[str, Any]) -> None:
        """Run the task. Raises ItronError."""
        check_options(params)
        need_requests()
        self._connect(params)
        self._approval = Approval(params, self._check_mode, [wanted(params, *NOT_PLANNED)])
        self._acts = Acts(self._fleet, params["server_revert"])
        self._check_report()
        with Journal(params["journal"], server_name(params), not self._check_mode) as journal:
            self.warnings += journal.begin(target_of(params), params["resume"])
            self._tools = Tools(self._acts, journal, self._look, self._clock, params["time_box"])
            self._run(journal)
            self._end(journal)
        self._is_planned = True
        self._raise_failures()

    def _run(self, journal: Journal) -> None:
        """Select and plan the sites, then update the waves sequentially."""
        left = InterruptedSites(journal.state.interrupted, self._params["sites"] or [], self._tools, self._fleet.waiting, self._check_mode)
        try:
            self._in_pool(left.go, left.cases)
            rows = self._list()
            self._select(rows, journal, {case.key: case for case in left.cases})
            members = self._plan(journal.state.verdicts)
            self._waves = make_waves(members, self._params["canary"], self._params["waves"] or [])
            if self._params["canary_only"]:
                self._defer_to_later_run()
            self._to_do = sum(len(wave.cases) for wave in self._waves)
            progress = Progress(self._report, self._to_do, self._clock)
            progress.begin_work(self._to_do)
            for number, wave in enumerate(self._waves):
                self._carry_out(wave, number, progress)
        except JournalError as error:
            self._stopped = error.text()
        for case in self._cases:
            if case.verdict is None:
                case.close("skipped", "stopped", self._stopped)

    def _defer_to_later_run(self) -> None:
        """Remove all sites but the canary from this run (canary_only)."""
        later = {id(case) for wave in self._waves if wave.name != "canary" for case in wave.cases}
        self._waves = [wave for wave in self._waves if wave.name == "canary"]
        self._cases = [case for case in self._cases if id(case) not in later]
        self._is_part = bool(later)

    def _list(self) -> list[dict[str, Any]]:
        """Read the list of installed applications, the base of all plans from now on."""
        return self._fleet.read(self._params["owned_accounts"])

    def _select(self, rows: list[dict[str, Any]], journal: Journal, left: dict[str, Case]) -> None:
        """Find the sites of the rollout, including interrupted ones."""
        with collector_paused():
            selected = Selection(self._params, rows, {*journal.state.verdicts, *left}, self._visited).cases
        for case in selected:
            found = left.pop(case.key, None)
            if found is not None and found.verdict is not None:
                case = found
            elif found is not None:
                case.begun = found.begun
            self._cases.append(case)
        # Interrupted sites with a verdict are reported even if the options do not select them.
        self._cases += [case for case in left.values() if case.verdict is not None]

    def _visited(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return a row with the plugins of its site, which require a visit."""
        case = Case(str(row.get("url")), str(row.get("id")), Options(None, [], [], False, {}, {"user": plain_text(row.get("owner"))}))
        return dict(row, **self._acts.client(case).view(str(row["id"]), addons=True))

    # --- planning ---

    def _plan(self, verdicts: dict[str, dict[str, Any]]) -> list[Case]:
        """Plan all sites without a verdict. Return the sites that have an update, or had one in an earlier run."""
        self._hold_back()
        for case in self._cases:
            earlier = verdicts.get(case.key)
            if case.verdict is None and earlier is not None and self._is_settled(earlier):
                _restore_verdict(case, earlier)
        self._prepare_all([case for case in self._cases if case.verdict is None])
        self._approve(self._cases)
        # Includes sites of earlier runs, so that the canary of an interrupted run remains the canary.
        return [case for case in self._cases if case.verdict is None or (case.begun or case.key in verdicts) and case.reason != "current"]

    def _is_settled(self, earlier: dict[str, Any]) -> bool:
        """Return whether to keep the verdict of an earlier run."""
        return not is_unsettled(earlier) and earlier["verdict"] not in self._params["retry"]

    def _hold_back(self) -> None:
        """Remove the sites whose new version is too recent."""
        params = self._params
        applications = sorted({str(case.application) for case in self._cases if case.verdict is None})
        if not params["release_age"] or not applications:
            return
        found = [app_result(row) for row in releases(self._fleet.lister, application=applications)]
        kept = []
        for case in self._cases:
            why = "" if case.verdict else hold_back(case, found, self._clock.wall(), params["release_age"], params["security_at_once"])
            if why:
                self._held.append({"url": case.url, "id": case.id, "reason": why})
            else:
                kept.append(case)
        self._cases = kept

    def _prepare_all(self, cases: list[Case]) -> None:
        """Plan sites: first from the lists, then in parallel those that need a visit. Set the verdict of sites that are current."""
        with collector_paused():
            visits = [case for case in cases if not self._prepare(case)]
        self._in_pool(self._visit, visits)
        for case in cases:
            if id(case) not in self._refused and not self._attempts[id(case)].plan.steps:
                self._close_current(case)

    def _prepare(self, case: Case) -> bool:
        """Plan a site from the lists. Return False if it needs a visit first."""
        try:
            attempt = self._acts.update(case)
            self._attempts[id(case)] = attempt
            return attempt.prepare_from_lists()
        except ItronError as error:
            self._refuse(case, error)
            return True

    def _visit(self, case: Case) -> None:
        """Plan a site that needs a visit."""
        try:
            self._attempts[id(case)].prepare()
        except ItronError as error:
            self._refuse(case, error)

    def _refuse(self, case: Case, error: ItronError) -> None:
        """Store why a site cannot be updated. Its verdict follows in its wave."""
        attempt = self._attempts.get(id(case))
        case.error = error
        # If the attempt could not be created, the server reported an invalid owner.
        self._refused[id(case)] = attempt.failure_text(error) if attempt is not None else error.text(self._clean_text)

    def _close_current(self, case: Case) -> None:
        """Set the verdict of a site without an update."""
        case.version_after = case.version_before
        if case.begun:
            # The server finished the update of an interrupted run.
            case.load_begun()
            case.close("updated", "resumed")
        else:
            case.close("unchanged", "current")
        if case.begun or case.key in self._tools.journal.state.verdicts:
            self._tools.journal.note("verdict", case)
        del self._attempts[id(case)]

    # --- saved and approved plans ---

    def _approve(self, cases: list[Case]) -> None:
        """Skip sites whose updates were not approved, and sites that have changed since. Each plan is checked again before it is sent."""
        if not self._approval.is_given:
            return
        for case in cases:
            if case.verdict is not None or id(case) in self._refused:
                continue
            attempt = self._attempts[id(case)]
            if not self._approval.has(self._site_plan(case)):
                case.close("skipped", "not_approved", "the site would be updated, but the approved plan does not contain it")
                continue
            attempt.approval = functools.partial(self._check_approval, case)
            try:
                attempt.approval()
            except ItronError as error:
                case.error = error
                case.close("skipped", "moved", attempt.failure_text(error))

    def _check_approval(self, case: Case) -> None:
        """Raise ItronError if the plan of a site is not the approved one."""
        self._approval.check(self._site_plan(case))

    def _site_plan(self, case: Case) -> dict[str, Any]:
        """Return the entry of a site in a saved plan."""
        attempt = self._attempts[id(case)]
        return self._approval.site(str(case.url), False, header(case.options.header), attempt, lambda value: self._clean(attempt.redactor.value(value)))

    # --- a wave ---

    def _carry_out(self, wave: Wave, number: int, progress: Progress) -> None:
        """Update the sites of a wave, unless the rollout has stopped or the maintenance window is closed."""
        window = window_of(self._params["window"])
        if window is not None and not self._check_mode and not self._stopped:
            self._stopped = window.why_closed(self._clock.wall())
        if self._stopped:
            return
        for case in wave.cases:
            case.wave = wave.name
        self._report("%s: %d of %d sites" % (wave.name, len(wave.cases), self._to_do), always=True)
        if number:
            self._plan_again(wave.cases)
        self._allowed = failures_allowed(wave, self._failed, self._params["max_failures"], self._params["max_fail_percentage"])
        self._wave_failures: list[Case] = []
        self._in_pool(lambda case: self._check_with_server(case, progress), [case for case in wave.cases if case.verdict is None])
        if not self._check_mode:
            self._fleet.snapshot.read_running("backup")
        self._in_pool(lambda case: self._run_site(case, progress), [case for case in wave.cases if case.verdict is None])
        if not self._stopped and not self._check_mode and number + 1 < len(self._waves):
            self._soak(wave)
        self._failed += len(self._wave_failures)

    def _plan_again(self, cases: list[Case]) -> None:
        """Plan the sites of a later wave again, because the first plan is outdated."""
        versions = {str(row.get("id")): plain_text(row.get("version")) for row in self._list()}
        for case in cases:
            self._refused.pop(id(case), None)
            case.error = None
            if not case.begun:
                case.version_before = versions.get(str(case.id), case.version_before)
        self._prepare_all(cases)
        self._approve(cases)

    def _check_with_server(self, case: Case, progress: Progress) -> None:
        """Let the server validate the update, so that it can refuse before a backup is created."""
        why = self._refused.get(id(case), "")
        if not why:
            attempt = self._attempts[id(case)]
            try:
                attempt.ask()
            except ItronError as error:
                case.error = error
                why = attempt.failure_text(error)
        if why:
            case.close("skipped", "update_refused", why)
            self._tools.journal.note("verdict", case)
            self._count(case, progress, 0.0)

    def _run_site(self, case: Case, progress: Progress) -> None:
        """Run the stages of one site, unless the rollout has stopped."""
        if self._stopped:
            return
        start = self._clock.now()
        run = SiteRun(case, self._attempts[id(case)], self._tools)
        try:
            if self._check_mode:
                run.check()
            else:
                run.go()
        finally:
            if case.verdict is not None:
                self._count(case, progress, self._clock.now() - start)

    def _count(self, case: Case, progress: Progress, seconds: float) -> None:
        """Count a verdict and write its progress line. Stop if too many sites of the wave have failed."""
        with self._lock:
            if case.is_failure:
                self._wave_failures.append(case)
                self._judge_wave()
        progress.finished(*self._line(case), seconds)

    def _judge_wave(self) -> None:
        """Stop the rollout if the wave exceeds its limit of failures."""
        failed = self._wave_failures
        if 0 <= self._allowed < len(failed):
            self._stopped = "%d sites failed, but the limit is %d: %s" % (len(failed), self._allowed, ", ".join(sorted(str(case.url) for case in failed)))

    def _line(self, case: Case) -> tuple[str, str, str]:
        """Return the parts of the progress line of a site: verdict, site, details."""
        site = identity_of(case.url) if case.url else str(case.id)
        if case.verdict == "planned" and id(case) in self._attempts:
            return "would update", site, summary_of_plan(self._attempts[id(case)].plan)
        if case.verdict == "updated":
            return "updated", site, "%s -> %s" % (case.version_before, case.version_after) if case.version_before != case.version_after else ""
        return str(case.verdict), site, "(%s) %s" % (case.reason, case.message)

    def _soak(self, wave: Wave) -> None:
        """Wait, then check the updated sites of a wave again."""
        updated = [case for case in wave.cases if case.verdict == "updated"]
        if not self._params["soak"] or not updated:
            return
        self._report("%s: soaking for %d s" % (wave.name, self._params["soak"]), always=True)
        self._clock.sleep(self._params["soak"])
        self._in_pool(self._look_after_soak, updated)

    def _look_after_soak(self, case: Case) -> None:
        """Set the verdict attention if a site has got worse during the soak time."""
        case.after = self._look(str(case.url), case.options.health, case.before)
        if case.after["healthy"]:
            return
        case.close("attention", "soak", "worse after the soak time: %s" % "; ".join(case.after["regressions"]), case.restore_instruction())
        self._tools.journal.note("verdict", case)
        with self._lock:
            self._wave_failures.append(case)
            self._judge_wave()

    # --- shared ---

    def _in_pool(self, function: Callable[[Any], object], cases: Iterable[Any]) -> None:
        """Call a function for each case in the pool. If the run is interrupted, start no further cases."""
        try:
            super()._in_pool(function, cases)
        except BaseException as error:
            self._stopped = self._stopped or str(error) or type(error).__name__
            raise

    def _look_at(self, url: str, health: dict[str, Any], baseline: dict[str, Any] | None) -> dict[str, Any]:
        """Request the pages of a site and return its health."""
        return look_at(url, health, baseline, self._clock.sleep)

    # --- the result ---

    def _check_report(self) -> None:
        """Raise InputError if the report would overwrite a file that is not a report."""
        path = self._params["report"]
        if path is None or not os.path.exists(path):
            return
        try:
            with open(path, encoding="utf-8") as file:
                is_report = isinstance(json.load(file)["verdicts"], list)
        except (OSError, ValueError, KeyError, TypeError):
            is_report = False
        if not is_report:
            raise InputError("report: %s is not the report of a rollout; move it away, or set report to another file" % path)

    def _end(self, journal: Journal) -> None:
        """Write the report, the end of the journal, and the final progress lines."""
        summary = self._summary()
        try:
            journal.append("end", complete=self._is_complete(), stopped=self._stopped)
            if self._params["report"] is not None and not self._check_mode:
                told = self._clean([case.as_result(full=True) for case in self._cases])
                write_json(self._params["report"], {"summary": summary, "stopped": self._stopped, "verdicts": told})
        except (JournalError, OSError) as error:
            self.warnings.append("cannot write the end of the run to the journal or the report: %s" % error)
        self._report(self._summary_line(), always=True)
        for case in self._cases:
            if case.verdict not in _NOT_LISTED:
                self._report("%s %s (%s) %s" % (case.verdict, case.url or case.id, case.reason, case.message), always=True)

    def _summary(self) -> dict[str, int]:
        """Return the number of sites by verdict."""
        return dict({name: sum(case.verdict == name for case in self._cases) for name in VERDICTS}, total=len(self._cases))

    def _summary_line(self) -> str:
        """Return the counts that are not zero in one line."""
        parts = ["%s %d" % (name, number) for name, number in self._summary().items() if number]
        parts += ["held back %d" % len(self._held)] if self._held else []
        return ", ".join(parts) or "no site is selected"

    def _is_complete(self) -> bool:
        """Return whether the rollout is complete."""
        return not self._held and not self._stopped and not self._is_part and all(case.verdict in DONE for case in self._cases)

    def _raise_failures(self) -> None:
        """Raise the failure of the task if the run stopped or a verdict is in fail_on."""
        for wave in self._waves:
            for case in wave.cases:
                if id(case) in self._attempts:
                    self._warn(str(case.url), self._attempts[id(case)])
        fail_on = self._params["fail_on"]
        bad = [case for case in self._cases if case.verdict in fail_on]
        if not fail_on or not (bad or self._stopped):
            return
        parts = [self._stopped] if self._stopped else []
        if bad:
            told = told_first(("%s (%s) %s" % (case.url or case.id, case.reason, case.message) for case in bad), len(bad), "verdicts")
            parts.append("%d of %d sites need attention: %s" % (len(bad), len(self._cases), told))
        raise failure_of(". ".join(parts), (case.error for case in bad), "See the verdicts for what to do, then run the play again.")

    def result(self, diff: bool) -> dict[str, Any]:
        """Return the documented result, as far as known, without secrets."""
        told = [case.as_result() for case in self._cases if case.verdict != "unchanged"]
        result: dict[str, Any] = {
            "changed": any(case.changed for case in self._cases), "summary": self._summary(), "stopped": self._stopped,
            "complete": self._is_complete(), "waves": [{"name": wave.name, "sites": len(wave.cases)} for wave in self._waves],
            "held": self._held, "verdicts": told}
        result = dict(self._clean(result))
        if self._is_planned and self._approval.wants_plan:
            planned = [case for case in self._cases if case.verdict == "planned" and id(case) in self._attempts]
            result["plan"] = self._approval.document([self._site_plan(case) for case in planned], len(self._cases))
        if diff:
            changed = [case for case in self._cases if case.changed and id(case) in self._attempts]
            result["diff"] = [self._diff_of("%s (update)" % case.url, self._attempts[id(case)]) for case in changed]
        return result


def _restore_verdict(case: Case, earlier: dict[str, Any]) -> None:
    """Copy the verdict of an earlier run to a case."""
    for name in (*BRIEF, "before", "after"):
        setattr(case, name, earlier.get(name))
    case.id = earlier["id"]


OPERATION = Operation("itron_rollout", ROLLOUT, InstallWork, {"verdicts": [], "summary": {}}, attempt=RolloutAttempt)
