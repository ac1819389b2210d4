# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Manages many installed applications in one task: reads once, plans all, then writes in a bounded pool. This is a private util of the collection."""

from __future__ import annotations

import functools
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from .._base.errors import InputError, ItronError
from .._base.url import identity_of
from .._core.approval import PLANNING, Approval
from .._core.argspec import CONNECTION, HEADER, WAIT, ArgumentSpec
from .._core.connection import client_of, redactor_for, waiting_of
from .._core.operation import Operation
from .._core.plan import summary_of_plan
from .._core.tasks import task_result
from .._fleet.attempts import SiteAttempt
from .._fleet.fleet import FleetAttempt, failure_of
from .._fleet.pool import check_parallel
from .._fleet.progress import Progress, told_first
from .._fleet.snapshot import SharedWaiting, SiteClient, Snapshot, collector_paused
from .._install.work import InstallWork
from .._wire.client import Client
from .._wire.header import header
from .items import read_items, refuse

if TYPE_CHECKING:
    from .._core.work import Report
    from .._redaction.redact import Redactor
    from .items import Item

# Limit of sites in one message.
_MAX_NAMED = 20

INSTALLS = ArgumentSpec({
    "installs": {"type": "list", "elements": "dict"},
    "installs_from": {"type": "list", "elements": "str"},
    "defaults": {"type": "dict"},
    "prune": {"type": "str", "choices": ["false", "detached", "absent"], "default": "false"},
    "prune_limit": {"type": "int", "default": 10},
    "max_parallel": {"type": "int", "default": 4},
    "on_error": {"type": "str", "choices": ["continue", "stop"], "default": "continue"},
}, required_one_of=[("installs", "installs_from")], mutually_exclusive=[("installs", "installs_from")])


class Job:
    """One site and its progress.

    Arguments:
        item: an Item. attempt: its SiteAttempt. pruned: whether the site is removed because it is not listed.

    C(outcome) is ok, planned, changed, started, failed, or not_started. C(is_unapproved): whether it stays unchanged because its change was not approved.
    """

    __slots__ = ("item", "attempt", "pruned", "outcome", "error", "seconds", "is_unapproved")

    def __init__(self, item: Item, attempt: SiteAttempt, pruned: bool = False) -> None:
        self.item = item
        self.attempt = attempt
        self.pruned = pruned
        self.outcome = "not_started"
        self.error: ItronError | None = None
        self.seconds = 0.0
        self.is_unapproved = False

    @property
    def id(self) -> Any:
        """The id of the application, also after its removal; None if not known yet."""
        attempt = self.attempt
        row = attempt.current.row if attempt.current is not None else None
        return (row or {}).get("id") or (attempt.found or {}).get("id") or attempt.work.desired.id

    @property
    def url(self) -> str:
        """The desired URL of the site, or else its current URL."""
        desired = self.attempt.work.desired
        return str(desired.url or (self.attempt.found or {}).get("url") or desired.id)

    @property
    def has_steps(self) -> bool:
        """Whether the plan has any steps."""
        return bool(self.attempt.plan.steps)


class BulkAttempt(FleetAttempt):
    """One run of itron_installs. Has the interface of an Attempt (see FleetAttempt)."""

    def __init__(self, operation: Operation, redactor: Redactor, check_mode: bool, report: Report) -> None:
        super().__init__(operation, redactor, check_mode, report)
        self._operation = operation
        self._jobs: list[Job] = []
        self._snapshot: Snapshot | None = None
        self._stop = threading.Event()
        self._approval: Approval
        self._plan: dict[str, Any] | None = None

    # --- the run ---

    def go(self, params: dict[str, Any]) -> None:
        """Run the task. Raises ItronError."""
        self._params = params
        _check_numbers(params)
        client, self.warnings = client_of(params, self.redactor, self._check_mode)
        waiting = waiting_of(params)
        self._waiting = SharedWaiting(waiting.wait, waiting.timeout, waiting.interval, waiting.settle, waiting.clock)
        self._transport = client.transport
        with collector_paused():
            items = self._items()
            self._approval = Approval(params, self._check_mode, [{"prune": params["prune"]}, *([item.params, item.header] for item in items)])
            snapshot = self._snapshot_for(items)
            self._jobs = self._jobs_of(items, snapshot)
            if not self._jobs and params["prune"] == "false":
                self._plan = self._saved_plan([]) if self._approval.wants_plan else None
                return
            self._snapshot, self._list_redactor = snapshot, snapshot.redactor
            snapshot.read()
        progress = Progress(self._report, len(self._jobs), self._waiting.clock)
        self._prepare_all(progress)
        pruned = self._prune(snapshot)
        self._approve(pruned)
        # Must run before check mode replaces the current states with predictions.
        plan = self._saved_plan([*self._jobs, *pruned]) if self._approval.wants_plan else None
        self._carry_out_all(progress, pruned, snapshot)
        self._jobs += pruned
        if not any(job.error for job in self._jobs):
            # If a site failed, the plan would lack it and look as if the site needed no change.
            self._plan = plan
        self._raise_failures()

    def _items(self) -> list[Item]:
        """Return the validated Items. Raises InputError."""
        entries = self._params["installs"]
        if entries is None:
            raise InputError("installs_from: only the action plugin can read the files, and the module runs without it",
                             hint="Call the module by its full name, hostops.installatron.itron_installs.")
        return read_items(entries, self._params["defaults"], self._common())

    def _common(self) -> dict[str, Any]:
        """Return user, reseller, and websites of the task, the defaults for each site."""
        return {name: self._params.get(name) for name in HEADER.options}

    def _snapshot_for(self, items: list[Item]) -> Snapshot:
        """Return an unread Snapshot of the users whose sites are listed or pruned."""
        users = {item.header["user"] for item in items}
        if self._params["prune"] != "false":
            users.add(self._params.get("user"))
        task = header(self._params)
        if len(users) == 1:
            task["user"] = next(iter(users))
        # The lists contain the passwords of all databases. Only texts from the server are searched for them.
        client = Client(self._transport, self._params["api_key"], task, redactor_for(self._params), self._check_mode)
        return Snapshot(client, users, self._waiting)

    def _jobs_of(self, items: list[Item], snapshot: Snapshot) -> list[Job]:
        """Return a Job for each Item. Raises InputError that lists all items with invalid options."""
        jobs, problems = [], []
        for item in items:
            redactor = redactor_for(dict(item.params, api_key=self._params["api_key"]))
            try:
                jobs.append(self._job(item, snapshot, redactor))
            except InputError as error:
                problems.append("%s: %s" % (item.place, error.text(redactor.text)))
        refuse(problems)
        return jobs

    def _job(self, item: Item, snapshot: Snapshot, redactor: Redactor, pruned: bool = False) -> Job:
        """Return the Job for one Item. Raises InputError."""
        client = SiteClient(snapshot, self._transport, self._params["api_key"], item.header, redactor, self._check_mode)
        attempt = SiteAttempt(self._operation, redactor, self._check_mode, client, snapshot, self._waiting, item.params)
        return Job(item, attempt, pruned)

    # --- planning ---

    def _prepare_all(self, progress: Progress) -> None:
        """Plan all sites: first from the lists, then in parallel those that need a visit."""
        visits = []
        with collector_paused():
            for job in self._jobs:
                if not self._prepared(job, job.attempt.prepare_from_lists):
                    visits.append(job)
        self._in_pool(lambda job: self._prepared(job, job.attempt.prepare), visits)
        self._refuse_same_rows()
        for job in self._jobs:
            if job.error is None and not job.has_steps:
                job.outcome = "ok"
                progress.unchanged(job.url)
        if self._params["on_error"] == "stop" and any(job.error for job in self._jobs):
            self._stop.set()

    def _prepared(self, job: Job, prepare: Callable[[], bool | None]) -> bool:
        """Plan one site. If planning fails, only this site fails. Return False if the site needs a visit first."""
        try:
            return prepare() is not False
        except ItronError as error:
            job.error, job.outcome = error, "failed"
            return True

    def _refuse_same_rows(self) -> None:
        """Raise InputError if two items, one by id and one by URL, are the same application."""
        seen: dict[str, Job] = {}
        problems = []
        for job in self._jobs:
            found = job.attempt.found
            if found is None:
                continue
            other = seen.setdefault(str(found["id"]), job)
            if other is not job:
                problems.append("%s and %s are the same site (id %s)" % (other.item.place, job.item.place, found["id"]))
        refuse(problems)

    def _prune(self, snapshot: Snapshot) -> list[Job]:
        """Return Jobs that remove the unlisted sites of the task's user. Raises InputError if there are more than prune_limit."""
        params = self._params
        if params["prune"] == "false":
            return []
        if any(job.error for job in self._jobs):
            self.warnings.append("prune: nothing is removed because some items of the list could not be matched with the server")
            return []
        # An item may fail later or name a site of another user. Its site must never be pruned.
        kept = {str(job.attempt.found["id"]) for job in self._jobs if job.attempt.found is not None}
        sites = {identity_of(job.url) for job in self._jobs}
        rows = [row for row in snapshot.of_user(params["user"])
                if str(row.get("id")) not in kept and identity_of(str(row.get("url"))) not in sites
                # The server may list sites of other users; these must not be pruned.
                and str(row.get("owner")) == params["user"]]
        if len(rows) > params["prune_limit"]:
            raise InputError("prune: %d sites of %s are not listed, and prune_limit is %d: %s" % (
                len(rows), params["user"], params["prune_limit"], ", ".join(sorted(str(row.get("url")) for row in rows)[:20])),
                hint="Nothing was sent. List the sites to keep, or increase prune_limit to remove all of them.")
        return [self._prune_job(row, snapshot) for row in sorted(rows, key=lambda row: str(row.get("url")))]

    def _prune_job(self, row: dict[str, Any], snapshot: Snapshot) -> Job:
        """Return the Job that removes one site."""
        item = read_items([{"id": str(row["id"]), "state": self._params["prune"]}], None, self._common())[0]
        item = item._replace(place="prune of %s" % row.get("url"))
        job = self._job(item, snapshot, redactor_for(dict(item.params, api_key=self._params["api_key"])), pruned=True)
        job.attempt.prepare()
        return job

    # --- saved and approved plans ---

    def _approve(self, pruned: list[Job]) -> None:
        """Skip sites whose changes were not approved, and fail those that have changed since. Each plan is checked again before it is sent."""
        if not self._approval.is_given:
            return
        left = []
        for job in [*self._jobs, *pruned]:
            if job.error is not None or not job.has_steps:
                continue
            if not self._approval.has(self._site_plan(job)):
                job.is_unapproved = True
                left.append(job.url)
                continue
            job.attempt.approval = functools.partial(self._check_approval, job)
            self._prepared(job, job.attempt.approval)
        if left:
            self.warnings.append("approved_plan: %d sites would change but are not in the plan; they are not changed: %s" % (
                len(left), ", ".join(sorted(left)[:_MAX_NAMED])))

    def _check_approval(self, job: Job) -> None:
        """Raise ItronError if the plan of a site is not the approved one."""
        self._approval.check(self._site_plan(job))

    def _site_plan(self, job: Job) -> dict[str, Any]:
        """Return the entry of a site in a saved plan."""
        attempt = job.attempt
        return self._approval.site(job.url, job.pruned, job.item.header, attempt, lambda value: self._clean(attempt.redactor.value(value)))

    def _saved_plan(self, jobs: list[Job]) -> dict[str, Any]:
        """Return the plan of this run."""
        return self._approval.document([self._site_plan(job) for job in jobs if job.error is None and job.has_steps], len(jobs))

    # --- execution ---

    def _carry_out_all(self, progress: Progress, pruned: list[Job], snapshot: Snapshot) -> None:
        """Run all plans, the removals last."""
        pruned = [job for job in pruned if job.error is None and not job.is_unapproved]
        todo = [job for job in self._jobs if job.error is None and job.has_steps and not job.is_unapproved]
        progress.begin_work(len(todo) + len(pruned))
        for job in self._jobs:
            if job.error is not None:
                self._report_site(progress, job, worked=False)
        if todo and not self._check_mode:
            snapshot.read_running()
        self._in_pool(lambda job: self._carry_out(job, progress), todo)
        self._in_pool(lambda job: self._carry_out(job, progress), pruned)

    def _in_pool(self, function: Callable[[Any], object], items: Iterable[Any]) -> None:
        """Call a function for each job in the pool. If the run is interrupted, start no further jobs."""
        try:
            super()._in_pool(function, items)
        except BaseException:
            self._stop.set()
            raise

    def _carry_out(self, job: Job, progress: Progress) -> None:
        """Run one plan."""
        if self._stop.is_set():
            return
        clock = self._waiting.clock
        start = clock.now()
        try:
            job.attempt.carry_out()
            job.outcome = _outcome(job, self._check_mode)
        except ItronError as error:
            job.error, job.outcome = error, "failed"
            if self._params["on_error"] == "stop":
                self._stop.set()
        job.seconds = clock.now() - start
        self._report_site(progress, job)

    def _report_site(self, progress: Progress, job: Job, worked: bool = True) -> None:
        """Write the progress line of a finished site."""
        if job.error is not None:
            progress.finished("failed", job.url, job.attempt.failure_text(job.error), job.seconds, worked)
        elif job.outcome != "not_started":
            what = {"planned": "would change"}.get(job.outcome, job.outcome)
            progress.finished(what, job.url, summary_of_plan(job.attempt.plan), job.seconds)

    # --- the result ---

    def _raise_failures(self) -> None:
        """Raise the failure of the task, if any site failed."""
        for job in self._jobs:
            self._warn(job.url, job.attempt)
        failed = [(job, job.error) for job in self._jobs if job.error is not None]
        if not failed:
            return
        told = told_first(("%s: %s" % (job.item.place, job.attempt.failure_text(error)) for job, error in failed), len(failed), "results")
        waiting = sum(job.outcome == "not_started" for job in self._jobs)
        if waiting and self._params["on_error"] == "stop":
            told += "; %d were not started (on_error: stop)" % waiting
        raise failure_of("%d of %d sites failed: %s" % (len(failed), len(self._jobs), told), (error for _job, error in failed))

    def result(self, diff: bool) -> dict[str, Any]:
        """Return the documented result, as far as known, without secrets."""
        with collector_paused():
            results = [self._entry(job) for job in self._jobs] if self._snapshot is not None else []
        result = {"changed": any(entry["changed"] for entry in results), "results": results, "summary": _summary(self._jobs, results)}
        if self._plan is not None:
            result["plan"] = self._plan
        if diff:
            changed = sorted((job for job in self._jobs if job.has_steps and not job.is_unapproved), key=lambda job: job.url)
            result["diff"] = [self._diff_of("%s (%s)" % (job.url, summary_of_plan(job.attempt.plan)), job.attempt) for job in changed]
        return result

    def _entry(self, job: Job) -> dict[str, Any]:
        """Return the entry of one site in the result."""
        attempt = job.attempt
        entry: dict[str, Any] = {
            "item": None if job.pruned else job.item.number, "url": job.url, "id": str(job.id) if job.id else None,
            "outcome": job.outcome, "changed": attempt.changed, "steps": [], "task": None, "failure": None,
        }
        if attempt.steps:
            entry["steps"] = attempt.redactor.value(attempt.steps)
            entry["task"] = attempt.redactor.value(task_result(attempt.task)) if attempt.task is not None else None
        if job.error is not None:
            entry["failure"] = attempt.failure(job.error)
        return entry


def _check_numbers(params: dict[str, Any]) -> None:
    """Validate numbers and combinations of options. Raises InputError."""
    check_parallel(params["max_parallel"])
    if params["prune_limit"] < 0:
        raise InputError("prune_limit: must be 0 or more")
    if params["prune"] != "false" and not params["user"]:
        raise InputError("prune: requires user, because it removes the unlisted sites of this user",
                         hint="Set user, or omit prune.")


def _outcome(job: Job, check_mode: bool) -> str:
    """Return the outcome of a plan after its execution."""
    if check_mode:
        return "planned" if job.attempt.changed else "ok"
    if any(step["outcome"] == "started" for step in job.attempt.steps):
        return "started"
    return "changed" if job.attempt.changed else "ok"


def _summary(jobs: list[Job], results: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the counts of a run."""
    outcomes = Counter(job.outcome for job in jobs)
    commands = Counter(step["command"] for entry in results for step in entry["steps"] if step["outcome"] != "failed")
    return dict({name: outcomes[name] for name in ("ok", "planned", "changed", "started", "failed", "not_started")},
                total=len(jobs), pruned=sum(job.pruned and job.outcome in ("changed", "planned") for job in jobs),
                steps=dict(sorted(commands.items())))


OPERATION = Operation("itron_installs", INSTALLS.merge(CONNECTION, HEADER, WAIT, PLANNING), InstallWork, {"results": [], "summary": {}}, attempt=BulkAttempt)
