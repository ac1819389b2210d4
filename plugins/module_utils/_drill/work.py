# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Restores backups to drill URLs in parallel. This is a private util of the collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .._base.url import identity_of
from .._core.argspec import given
from .._core.operation import Operation
from .._fleet.fleet import FleetAttempt, failure_of
from .._fleet.progress import Progress, told_first
from .._fleet.snapshot import collector_paused
from .._health.options import look_at, need_requests
from .._install.work import InstallWork
from .drill import Drill, Tools
from .options import DRILL, VERDICTS, check_options, lanes, refuse_used_databases

if TYPE_CHECKING:
    from .._core.tasks import Clock
    from .._core.work import Report
    from .._redaction.redact import Redactor


class DrillAttempt(FleetAttempt):
    """One run of itron_restore_drill. Has the interface of an Attempt.

    Arguments:
        look: callable(url, health, baseline, sleep) -> health of a site; requests its pages if omitted. For the others, see FleetAttempt.
    """

    def __init__(self, operation: Operation, redactor: Redactor, check_mode: bool, report: Report, clock: Clock | None = None,
                 look: Callable[..., dict[str, Any]] = look_at) -> None:
        super().__init__(operation, redactor, check_mode, report, clock)
        self._look_at = look
        self._drills: list[Drill] = []

    def go(self, params: dict[str, Any]) -> None:
        """Run the task. Raises ItronError."""
        check_options(params)
        need_requests()
        self._connect(params)
        sites = [given(site) for site in params["sites"]]
        if not sites:
            return
        with collector_paused():
            rows = self._fleet.read(owned_accounts=True)
            refuse_used_databases(sites, rows)
        tools = Tools(self._fleet, rows, self._look, self._clean_text, self._clock, params["replace"], self._check_mode)
        drills = {id(site): Drill(site, tools) for site in sites}
        self._drills = list(drills.values())
        progress = Progress(self._report, len(sites), self._clock)
        progress.begin_work(len(sites))
        self._in_pool(lambda lane: self._carry_out(lane, progress), [[drills[id(site)] for site in lane] for lane in lanes(sites)])
        self._raise_failures()

    def _carry_out(self, lane: list[Drill], progress: Progress) -> None:
        """Run the drills of a lane sequentially, and write a line for each."""
        for drill in lane:
            drill.go()
            what = "would drill" if drill.verdict == "planned" else str(drill.verdict)
            progress.finished(what, identity_of(drill.url), drill.reason, drill.seconds)

    def _look(self, url: str, keywords: list[str]) -> dict[str, Any]:
        """Return the health of a copy. Redirects count as failures because they may lead to the original site."""
        health = given(self._params["health"])
        health["keywords"] = list(health.get("keywords") or []) + keywords
        return self._look_at(url, dict(health, status=200, follow_redirects=False), None, self._clock.sleep)

    def _raise_failures(self) -> None:
        """Raise the failure of the task if a drill did not pass. Check mode never fails, because missing backups may exist at the time of the run."""
        for drill in self._drills:
            if drill.attempt is not None:
                self._warn(drill.drill_url, drill.attempt)
        bad = [drill for drill in self._drills if drill.verdict in self._params["fail_on"]]
        if not bad or self._check_mode:
            return
        told = told_first(("%s (%s) %s" % (drill.url, drill.verdict, drill.reason) for drill in bad), len(bad), "results")
        raise failure_of("%d of %d drills did not pass: %s" % (len(bad), len(self._drills), told), (drill.error for drill in bad),
                         "Remove remaining copies with itron_install and state: absent, then run the drill again.")

    def result(self, diff: bool) -> dict[str, Any]:
        """Return the documented result, as far as known, without secrets."""
        counts = Counter(drill.verdict for drill in self._drills)
        result = dict(self._clean({"drills": [drill.as_result() for drill in self._drills]}),
                      changed=any(drill.changed for drill in self._drills),
                      summary=dict({verdict: counts[verdict] for verdict in VERDICTS}, total=len(self._drills)))
        if diff:
            result["diff"] = [self._diff_of("%s (restore drill of %s)" % (drill.drill_url, drill.url), drill.attempt)
                              for drill in self._drills if drill.changed and drill.attempt is not None]
        return result


OPERATION = Operation("itron_restore_drill", DRILL, InstallWork, {"drills": [], "summary": {}}, attempt=DrillAttempt)
