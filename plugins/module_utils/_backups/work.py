# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Backups of many sites brought to their policies: the run from the lists to the report. This is a private util of the collection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._backup.fields import backup_result
from .._backup.work import OPERATION as BACKUP_OPERATION
from .._backup.work import made_params
from .._base.errors import ItronError
from .._base.text import joined
from .._base.url import identity_of
from .._core.argspec import HEADER
from .._core.operation import Operation
from .._core.plan import summary_of_plan
from .._fleet.attempts import BackupAttempt, SiteAttempt
from .._fleet.fleet import FleetAttempt, failure_of, scope
from .._fleet.progress import Progress, told_first
from .._fleet.snapshot import collector_paused
from .._install.fields import install_result
from .._install.work import OPERATION as INSTALL_OPERATION
from .._install.work import InstallWork
from .._installs.items import site_params
from .._redaction.labels import is_secret_name
from .audit import Audit, audit_backups
from .options import BACKUPS, read_policies

if TYPE_CHECKING:
    from .._core.tasks import Clock
    from .._core.work import Report
    from .._redaction.redact import Redactor

# What the audit looks at.
_OF_INSTALLS = frozenset(("id", "url", "owner", "application"))
_OF_BACKUPS = frozenset(("install", "time", "size", "location"))
# Sites that the message of the task names.
_MAX_NAMED = 20


class Job:
    """One site, and what is done about its backups.

    url: of the site. place: the attempt at location and schedule, or None. due: options of itron_backup, or None. backup: the attempt
    at them, when there is one. C(outcome) is ok, planned, changed or failed.
    """

    def __init__(self, id: str, url: str) -> None:
        self.id = id
        self.url = url
        self.place: SiteAttempt | None = None
        self.due: dict[str, Any] | None = None
        self.backup: BackupAttempt | None = None
        self.outcome = "ok"
        self.error: ItronError | None = None
        self.failure: dict[str, Any] | None = None
        self.seconds = 0.0

    @property
    def attempts(self) -> list[SiteAttempt]:
        """What was prepared, in the order in which it is carried out."""
        return [attempt for attempt in (self.place, self.backup) if attempt is not None]

    @property
    def changed(self) -> bool:
        """Whether the server was changed, or would be in check mode."""
        return any(attempt.changed for attempt in self.attempts)

    @property
    def has_work(self) -> bool:
        """Whether something is to be done, or could not be planned."""
        return self.error is not None or self.due is not None or self.place is not None and bool(self.place.plan.steps)


class BackupsAttempt(FleetAttempt):
    """One run of itron_backups; has the shape of an Attempt (see FleetAttempt)."""

    def __init__(self, operation: Operation, redactor: Redactor, check_mode: bool, report: Report, clock: Clock | None = None) -> None:
        super().__init__(operation, redactor, check_mode, report, clock)
        self._audit = Audit([], [], [], {})
        self._jobs: list[Job] = []

    def go(self, params: dict[str, Any]) -> None:
        """Carry out the task; raises ItronError."""
        self._policies, self._everything = read_policies(params)
        self._connect(params)
        self._audit = self._look()
        if not params["audit"]:
            self._enforce()
        self._raise_failures()

    def _look(self) -> Audit:
        """Read the lists and compare them with the policies. Raises ItronError."""
        with collector_paused():
            rows = self._fleet.read(self._params["owned_accounts"])
            backups = self._fleet.lister.backups(**scope(self._params["owned_accounts"]))
            if self._check_mode:
                # A run asks for the backups of a site when its turn has come.
                self._fleet.snapshot.take_backups(backups)
            return audit_backups(self._policies, [install_result(row, is_secret_name, _OF_INSTALLS) or {} for row in rows],
                                 [backup_result(row, _OF_BACKUPS) or {} for row in backups], self._clock.wall(), self._everything)

    # --- planning ---

    def _enforce(self) -> None:
        """Bring sites and backups to their policies, and look at them again."""
        self._jobs = self._planned()
        if not self._jobs:
            return
        progress = Progress(self._report, len(self._jobs), self._clock)
        progress.begin_work(len(self._jobs))
        if not self._check_mode:
            self._fleet.snapshot.read_running("backup", "delete")
        self._in_pool(lambda job: self._carry_out(job, progress), self._jobs)
        if not self._check_mode:
            self._audit = self._look()

    def _planned(self) -> list[Job]:
        """Return a Job for each site that has something to be done."""
        jobs: dict[str, Job] = {}
        visits = []
        with collector_paused():
            for item in self._audit.places if self._params["places"] else ():
                job = jobs.setdefault(str(item["id"]), Job(str(item["id"]), str(item["url"])))
                if not self._plan_place(job, item):
                    visits.append(job)
            for due in self._audit.due:
                jobs.setdefault(due["install"], Job(due["install"], str(due["url"]))).due = due
        self._in_pool(self._visit, visits)
        return [job for job in jobs.values() if job.has_work]

    def _plan_place(self, job: Job, item: dict[str, Any]) -> bool:
        """Plan location and schedule from what the lists tell; return False if that takes a visit."""
        header, options = self._parted(item)
        try:
            job.place = self._fleet.attempt(SiteAttempt, INSTALL_OPERATION, header, site_params(options))
            return job.place.prepare_from_lists()
        except ItronError as error:
            self._fail(job, error)
            return True

    def _parted(self, options: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return (user, reseller and websites, the other options) of one site."""
        header = {name: options[name] for name in HEADER.options if name in options}
        return self._fleet.options_for(header), {name: value for name, value in options.items() if name not in header and name != "url"}

    def _visit(self, job: Job) -> None:
        """Plan location and schedule of a site that must be visited for it."""
        try:
            if job.place is not None:
                job.place.prepare()
        except ItronError as error:
            self._fail(job, error)

    # --- carrying out ---

    def _carry_out(self, job: Job, progress: Progress) -> None:
        """Bring one site to its policy: a new backup goes to the location that the site has then."""
        begin = self._clock.now()
        try:
            if job.error is None and job.place is not None:
                job.place.carry_out()
            if job.error is None and job.due is not None:
                self._back_up(job, job.due)
            if job.error is None:
                job.outcome = "ok" if not job.changed else "planned" if self._check_mode else "changed"
        except ItronError as error:
            self._fail(job, error)
        job.seconds = self._clock.now() - begin
        what = "would change" if job.outcome == "planned" else job.outcome
        told = job.failure["msg"] if job.failure else ", ".join(filter(None, (summary_of_plan(attempt.plan) for attempt in job.attempts)))
        progress.finished(what, identity_of(job.url), told, job.seconds)

    def _back_up(self, job: Job, due: dict[str, Any]) -> None:
        """Make and remove backups of a site. Raises ItronError."""
        header, options = self._parted(due)
        job.backup = self._fleet.attempt(BackupAttempt, BACKUP_OPERATION, header, made_params(options, header["user"]))
        job.backup.prepare()
        job.backup.carry_out()

    def _fail(self, job: Job, error: ItronError) -> None:
        """Let a site fail alone."""
        job.error, job.outcome = error, "failed"
        # Without an attempt, it is the options that cannot be.
        job.failure = job.attempts[-1].failure(error) if job.attempts else dict(error.failure(), msg=error.text(self._clean_text))

    # --- the result ---

    def _raise_failures(self) -> None:
        """Raise the failure of the task, if a site could not be brought to its policy, or does not meet it."""
        for job in self._jobs:
            for attempt in job.attempts:
                self._warn(job.url, attempt)
        failed = [job for job in self._jobs if job.error is not None]
        parts = []
        if failed:
            told = told_first(("%s: %s" % (job.url, (job.failure or {}).get("msg")) for job in failed), len(failed), "results")
            parts.append("%d of %d sites could not be brought to their policy: %s" % (len(failed), len(self._jobs), told))
        unmet = self._audit.summary["sites"] - self._audit.summary["ok"]
        if unmet and self._params["fail_on_findings"] and (self._params["audit"] or not self._check_mode):
            named = ", ".join(str(row["url"]) for row in self._audit.worst[:_MAX_NAMED])
            parts.append("%d of %d sites do not meet their backup policy: %s%s" % (
                unmet, self._audit.summary["sites"], named, ", ..." if unmet > _MAX_NAMED else ""))
        if parts:
            raise failure_of(joined(parts), (job.error for job in failed), "The result says of each site what is wrong. Run the play again afterwards.")

    def result(self, diff: bool) -> dict[str, Any]:
        """Return the documented result as far as it is known, without secrets."""
        with collector_paused():
            result = dict(self._clean({"sites": self._audit.sites, "worst": self._audit.worst}), summary=self._audit.summary,
                          changed=any(job.changed for job in self._jobs), results=[self._entry(job) for job in self._jobs])
        if diff:
            result["diff"] = [self._diff_of("%s (%s)" % (job.url, "backups" if attempt is job.backup else "edit"), attempt)
                              for job in self._jobs for attempt in job.attempts if attempt.changed]
        return result

    def _entry(self, job: Job) -> dict[str, Any]:
        """Return what the result says of a site with something to be done."""
        steps = [step for attempt in job.attempts for step in attempt.redactor.value(attempt.steps)]
        entry: dict[str, Any] = self._clean({"url": job.url, "id": job.id, "outcome": job.outcome, "changed": job.changed, "steps": steps,
                                             "failure": job.failure})
        return entry


OPERATION = Operation("itron_backups", BACKUPS, InstallWork, {"sites": [], "worst": [], "summary": {}, "results": []}, attempt=BackupsAttempt)
