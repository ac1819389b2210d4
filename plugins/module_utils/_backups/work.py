# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Enforcement of backup policies on many sites. This is a private util of the collection."""

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

# Members that the audit requires.
_INSTALL_MEMBERS = frozenset(("id", "url", "owner", "application"))
_BACKUP_MEMBERS = frozenset(("install", "time", "size", "location"))
# Maximum number of sites that the message of the task names.
_MAX_NAMED = 20


class Job:
    """The changes to the backups of one site.

    url: URL of the site. place: the attempt to set location and schedule, or None. due: options of itron_backup, or None. backup: the
    attempt to execute them, or None. C(outcome) is ok, planned, changed or failed.
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
        """The prepared attempts in execution order."""
        return [attempt for attempt in (self.place, self.backup) if attempt is not None]

    @property
    def changed(self) -> bool:
        """Whether the server was changed, or in check mode would be changed."""
        return any(attempt.changed for attempt in self.attempts)

    @property
    def has_work(self) -> bool:
        """Whether the site requires changes, or its plan failed."""
        return self.error is not None or self.due is not None or self.place is not None and bool(self.place.plan.steps)


class BackupsAttempt(FleetAttempt):
    """One run of itron_backups, with the interface of an Attempt (see FleetAttempt)."""

    def __init__(self, operation: Operation, redactor: Redactor, check_mode: bool, report: Report, clock: Clock | None = None) -> None:
        super().__init__(operation, redactor, check_mode, report, clock)
        self._audit = Audit([], [], [], {})
        self._jobs: list[Job] = []

    def go(self, params: dict[str, Any]) -> None:
        """Execute the task. Raises ItronError."""
        self._policies, self._everything = read_policies(params)
        self._connect(params)
        self._audit = self._read_audit()
        if not params["audit"]:
            self._enforce()
        self._raise_failures()

    def _read_audit(self) -> Audit:
        """Read the lists and compare them with the policies. Raises ItronError."""
        with collector_paused():
            rows = self._fleet.read(self._params["owned_accounts"])
            backups = self._fleet.lister.backups(**scope(self._params["owned_accounts"]))
            if self._check_mode:
                # A real run reads the backups of a site when it processes the site.
                self._fleet.snapshot.take_backups(backups)
            return audit_backups(self._policies, [install_result(row, is_secret_name, _INSTALL_MEMBERS) or {} for row in rows],
                                 [backup_result(row, _BACKUP_MEMBERS) or {} for row in backups], self._clock.wall(), self._everything)

    # --- planning ---

    def _enforce(self) -> None:
        """Apply the policies, and audit the result."""
        self._jobs = self._plan_jobs()
        if not self._jobs:
            return
        progress = Progress(self._report, len(self._jobs), self._clock)
        progress.begin_work(len(self._jobs))
        if not self._check_mode:
            self._fleet.snapshot.read_running("backup", "delete")
        self._in_pool(lambda job: self._carry_out(job, progress), self._jobs)
        if not self._check_mode:
            self._audit = self._read_audit()

    def _plan_jobs(self) -> list[Job]:
        """Return a Job for each site that requires changes."""
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
        """Plan location and schedule from the lists. Return False if that requires a visit of the site."""
        header, options = self._split_header(item)
        try:
            job.place = self._fleet.attempt(SiteAttempt, INSTALL_OPERATION, header, site_params(options))
            return job.place.prepare_from_lists()
        except ItronError as error:
            self._fail(job, error)
            return True

    def _split_header(self, options: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return (user, reseller and websites, the other options) of one site."""
        header = {name: options[name] for name in HEADER.options if name in options}
        return self._fleet.options_for(header), {name: value for name, value in options.items() if name not in header and name != "url"}

    def _visit(self, job: Job) -> None:
        """Plan location and schedule of a site that must be visited."""
        try:
            if job.place is not None:
                job.place.prepare()
        except ItronError as error:
            self._fail(job, error)

    # --- execution ---

    def _carry_out(self, job: Job, progress: Progress) -> None:
        """Apply the policy to one site. The location is set first, so that a new backup uses it."""
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
        details = job.failure["msg"] if job.failure else ", ".join(filter(None, (summary_of_plan(attempt.plan) for attempt in job.attempts)))
        progress.finished(what, identity_of(job.url), details, job.seconds)

    def _back_up(self, job: Job, due: dict[str, Any]) -> None:
        """Create and remove backups of a site. Raises ItronError."""
        header, options = self._split_header(due)
        job.backup = self._fleet.attempt(BackupAttempt, BACKUP_OPERATION, header, made_params(options, header["user"]))
        job.backup.prepare()
        job.backup.carry_out()

    def _fail(self, job: Job, error: ItronError) -> None:
        """Record the failure of a site."""
        job.error, job.outcome = error, "failed"
        # Without an attempt, the options are invalid.
        job.failure = job.attempts[-1].failure(error) if job.attempts else dict(error.failure(), msg=error.text(self._clean_text))

    # --- the result ---

    def _raise_failures(self) -> None:
        """Raise ItronError if a policy could not be applied, or a site does not meet its policy."""
        for job in self._jobs:
            for attempt in job.attempts:
                self._warn(job.url, attempt)
        failed = [job for job in self._jobs if job.error is not None]
        parts = []
        if failed:
            details = told_first(("%s: %s" % (job.url, (job.failure or {}).get("msg")) for job in failed), len(failed), "results")
            parts.append("the backup policy could not be applied to %d of %d sites: %s" % (len(failed), len(self._jobs), details))
        unmet = self._audit.summary["sites"] - self._audit.summary["ok"]
        if unmet and self._params["fail_on_findings"] and (self._params["audit"] or not self._check_mode):
            named = ", ".join(str(row["url"]) for row in self._audit.worst[:_MAX_NAMED])
            parts.append("%d of %d sites do not meet their backup policy: %s%s" % (
                unmet, self._audit.summary["sites"], named, ", ..." if unmet > _MAX_NAMED else ""))
        if parts:
            raise failure_of(joined(parts), (job.error for job in failed), "The result lists the problems of each site. Fix them, then run the play again.")

    def result(self, diff: bool) -> dict[str, Any]:
        """Return the documented result so far, without secrets."""
        with collector_paused():
            result = dict(self._clean({"sites": self._audit.sites, "worst": self._audit.worst}), summary=self._audit.summary,
                          changed=any(job.changed for job in self._jobs), results=[self._entry(job) for job in self._jobs])
        if diff:
            result["diff"] = [self._diff_of("%s (%s)" % (job.url, "backups" if attempt is job.backup else "edit"), attempt)
                              for job in self._jobs for attempt in job.attempts if attempt.changed]
        return result

    def _entry(self, job: Job) -> dict[str, Any]:
        """Return the entry of a site in the result."""
        steps = [step for attempt in job.attempts for step in attempt.redactor.value(attempt.steps)]
        entry: dict[str, Any] = self._clean({"url": job.url, "id": job.id, "outcome": job.outcome, "changed": job.changed, "steps": steps,
                                             "failure": job.failure})
        return entry


OPERATION = Operation("itron_backups", BACKUPS, InstallWork, {"sites": [], "worst": [], "summary": {}, "results": []}, attempt=BackupsAttempt)
