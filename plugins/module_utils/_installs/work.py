# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Many installed applications in one task: one reading, all plans, then the writes in a bounded pool. This is a private util of the collection."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .._base.errors import InputError, ItronError, shortened
from .._base.narrow import known
from .._base.url import identity_of
from .._core.argspec import CONNECTION, HEADER, WAIT, ArgumentSpec
from .._core.connection import client_of, redactor_for, waiting_of
from .._core.operation import Attempt, Operation
from .._core.tasks import state_of, task_result
from .._install.work import OPERATION as ONE
from .._wire.client import Client
from .._wire.header import header
from .items import read_items, refuse
from .pool import in_pool
from .progress import Progress, summary_of_plan
from .snapshot import SharedWaiting, SiteClient, Snapshot, VisitNeeded, collector_paused

if TYPE_CHECKING:
    from .._core.work import Report
    from .._install.work import InstallWork
    from .._redaction.redact import Redactor
    from .items import Item

INSTALLS = ArgumentSpec({
    "installs": {"type": "list", "elements": "dict"},
    "installs_from": {"type": "list", "elements": "str"},
    "defaults": {"type": "dict"},
    "prune": {"type": "str", "choices": ["false", "detached", "absent"], "default": "false"},
    "prune_limit": {"type": "int", "default": 10},
    "max_parallel": {"type": "int", "default": 4},
    "on_error": {"type": "str", "choices": ["continue", "stop"], "default": "continue"},
}, required_one_of=[("installs", "installs_from")], mutually_exclusive=[("installs", "installs_from")])

# More than this at once is no politeness towards a server that also serves the sites.
MAX_PARALLEL = 64
# Failures that the message of the task tells in full; all of them are in the results.
MAX_TOLD = 5
# Commands after which a site is another one: while such a task of an earlier run works on it, nothing new is begun.
_TRANSFORMING = frozenset(("install", "import", "clone", "restore", "upgrade", "uninstall"))


class Job:
    """One site and how far it came.

    Arguments:
        item: an Item, or None for a site that is removed because nobody listed it. attempt: its Attempt. client: its SiteClient.

    C(outcome) is ok, planned, changed, started, failed or not_started. C(found) is the row that was there before, if any.
    """

    __slots__ = ("item", "attempt", "client", "outcome", "error", "seconds", "found")

    def __init__(self, item: Item | None, attempt: SiteAttempt, client: SiteClient) -> None:
        self.item = item
        self.attempt = attempt
        self.client = client
        self.outcome = "not_started"
        self.error: ItronError | None = None
        self.seconds = 0.0
        self.found: dict[str, Any] | None = None

    def prepare(self) -> None:
        """Read and plan; raises ItronError."""
        self.attempt.prepare()
        self.found = self.attempt.current.row

    @property
    def id(self) -> Any:
        """The id of the application, also of one that was removed; None if it is not known yet."""
        row = self.attempt.current.row if self.attempt.current is not None else None
        return (row or {}).get("id") or (self.found or {}).get("id") or self.attempt.work.desired.id

    @property
    def url(self) -> str:
        """The URL of the site as it is wanted, or else as it was found."""
        return str(self.attempt.work.desired.url or (self.found or {}).get("url") or self.attempt.work.desired.id)

    @property
    def has_steps(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.attempt.plan.steps)


class SiteAttempt(Attempt):
    """An Attempt at one site of many; C(busy) holds the running tasks of earlier runs, read once for all sites (see _running_tasks)."""

    work: InstallWork
    busy: dict[tuple[str, str], dict[str, Any]]

    def earlier_task(self) -> dict[str, Any] | None:
        """Return the running task of an earlier run that works on the site, or None."""
        row = self.current.row or {}
        return self.busy.get(("id", str(row.get("id")))) or self.busy.get(("url", identity_of(str(self.work.desired.url or row.get("url")))))


class BulkAttempt:
    """One run of itron_installs; has the shape of an Attempt.

    Arguments:
        operation: the Operation. redactor: knows the secrets of the options. check_mode: plan and ask, change nothing.
        report: callable(text, always=False) for lines of progress.
    """

    def __init__(self, operation: Operation, redactor: Redactor, check_mode: bool, report: Report) -> None:
        self.redactor = redactor
        self.warnings: list[str] = []
        self._check_mode = check_mode
        self._report = report
        self._jobs: list[Job] = []
        self._snapshot: Snapshot | None = None
        self._busy: dict[tuple[str, str], dict[str, Any]] = {}
        self._stop = threading.Event()

    # --- the run ---

    def go(self, params: dict[str, Any]) -> None:
        """Carry out the task; raises ItronError."""
        self._params = params
        _check_numbers(params)
        client, self.warnings = client_of(params, self.redactor, self._check_mode)
        waiting = waiting_of(params)
        self._waiting = SharedWaiting(waiting.wait, waiting.timeout, waiting.interval, waiting.settle, waiting.clock)
        self._transport = client.transport
        with collector_paused():
            self._jobs = self._start_all(self._items())
        if not self._jobs and params["prune"] == "false":
            return
        with collector_paused():
            self._open_snapshot()
        progress = Progress(self._report, len(self._jobs), self._waiting.clock)
        self._prepare_all(progress)
        pruned = self._prune()
        self._carry_out_all(progress, pruned)
        self._jobs += pruned
        self._raise_failures()

    def _items(self) -> list[Item]:
        """Return the validated Items. Raises InputError."""
        entries = self._params["installs"]
        if entries is None:
            raise InputError("installs_from: is read by the action plugin on the controller, and this is the module alone",
                             hint="Call it as hostops.installatron.itron_installs.")
        return read_items(entries, self._params["defaults"], {name: self._params.get(name) for name in HEADER.options})

    def _start_all(self, items: list[Item]) -> list[Job]:
        """Return a Job for each Item. Raises InputError that lists every item with an impossible option."""
        jobs, problems = [], []
        for item in items:
            redactor = redactor_for(dict(item.params, api_key=self._params["api_key"]))
            client = SiteClient(self._transport, self._params["api_key"], item.header, redactor, self._check_mode)
            attempt = SiteAttempt(ONE, redactor, self._check_mode, self._report_of_one)
            attempt.busy = self._busy
            try:
                attempt.start(client, self._waiting, item.params)
            except InputError as error:
                problems.append("%s: %s" % (item.place, error.text(redactor.text)))
            jobs.append(Job(item, attempt, client))
        refuse(problems)
        return jobs

    def _report_of_one(self, text: str, always: bool = False) -> None:
        """Leave out what a single task tells while it is waited for: with many sites, a line for each of them is enough."""

    def _open_snapshot(self) -> None:
        """Read the list of what is installed."""
        own = self._params.get("user")
        users = {job.client.owner for job in self._jobs} | ({own} if self._params["prune"] != "false" else set())
        task = header(self._params)
        if len(users) == 1:
            task["user"] = next(iter(users))
        # The lists hold the passwords of all databases: only texts that the server wrote are searched for them.
        lists = Client(self._transport, self._params["api_key"], task, redactor_for(self._params), self._check_mode)
        self._snapshot = Snapshot(lists, users, self._waiting)
        self._lists = lists
        for job in self._jobs:
            job.client.join(self._snapshot)
        self._snapshot.read()

    # --- planning ---

    def _prepare_all(self, progress: Progress) -> None:
        """Plan for every site; first what the lists tell, then, side by side, what needs a visit."""
        visits = []
        with collector_paused():
            for job in self._jobs:
                try:
                    self._prepare(job)
                except VisitNeeded:
                    job.client.visits = True
                    visits.append(job)
        self._in_pool(self._prepare, visits)
        self._refuse_same_rows()
        for job in self._jobs:
            if job.error is None and not job.has_steps:
                job.outcome = "ok"
                progress.unchanged(job.url)
        if self._params["on_error"] == "stop" and any(job.error for job in self._jobs):
            self._stop.set()

    def _prepare(self, job: Job) -> None:
        """Plan for one site; a site that cannot be planned for fails alone."""
        try:
            job.prepare()
        except ItronError as error:
            job.error, job.outcome = error, "failed"

    def _refuse_same_rows(self) -> None:
        """Refuse two items, one by id and one by URL, that turn out to be the same application."""
        seen: dict[str, Job] = {}
        problems = []
        for job in self._jobs:
            if job.found is None:
                continue
            other = seen.setdefault(str(job.found["id"]), job)
            if other is not job:
                problems.append("%s and %s are the same site (id %s)" % (_place(other), _place(job), job.found["id"]))
        refuse(problems)

    def _prune(self) -> list[Job]:
        """Return Jobs that remove what the user of the task has and nobody listed. Raises InputError if it is too much."""
        params = self._params
        if params["prune"] == "false":
            return []
        if any(job.error for job in self._jobs):
            self.warnings.append("prune: nothing is removed, for not every item of the list could be matched with the server")
            return []
        # An item may fail later or name a site of another user: whatever it matched stays.
        kept = {str(job.found["id"]) for job in self._jobs if job.found is not None}
        sites = {identity_of(job.url) for job in self._jobs}
        rows = [row for row in known(self._snapshot).listing(params["user"], self._lists.installs).rows
                if str(row.get("id")) not in kept and identity_of(str(row.get("url"))) not in sites
                # A server that lists more than was asked for must not cost anybody a site.
                and str(row.get("owner")) == params["user"]]
        if len(rows) > params["prune_limit"]:
            raise InputError("prune: %d sites of %s are not listed, and prune_limit is %d: %s" % (
                len(rows), params["user"], params["prune_limit"], ", ".join(sorted(str(row.get("url")) for row in rows)[:20])),
                hint="Nothing was sent. List what is to stay, or raise prune_limit if they are all to go.")
        return [self._prune_job(row) for row in sorted(rows, key=lambda row: str(row.get("url")))]

    def _prune_job(self, row: dict[str, Any]) -> Job:
        """Return the Job that removes one site."""
        entry = {"id": str(row["id"]), "state": self._params["prune"]}
        item = read_items([entry], None, {name: self._params.get(name) for name in HEADER.options})[0]
        job = self._start_all([item._replace(place="prune of %s" % row.get("url"))])[0]
        job.client.join(known(self._snapshot))
        job.prepare()
        job.item = None
        return job

    # --- carrying out ---

    def _carry_out_all(self, progress: Progress, pruned: list[Job]) -> None:
        """Carry out all plans, and the removals after everything else."""
        todo = [job for job in self._jobs if job.error is None and job.has_steps]
        progress.begin_work(len(todo) + len(pruned))
        for job in self._jobs:
            if job.error is not None:
                self._tell(progress, job, worked=False)
        if todo and not self._check_mode:
            self._busy.update(_running_tasks(known(self._snapshot).board.rows()))
        self._in_pool(lambda job: self._carry_out(job, progress), todo)
        self._in_pool(lambda job: self._carry_out(job, progress), pruned)

    def _in_pool(self, function: Callable[[Job], object], jobs: list[Job]) -> None:
        """Call a function for every job, so many at a time; nothing new is begun when the run is interrupted."""
        try:
            in_pool(function, jobs, self._params["max_parallel"])
        except BaseException:
            self._stop.set()
            raise

    def _carry_out(self, job: Job, progress: Progress) -> None:
        """Carry out one plan."""
        if self._stop.is_set():
            return
        clock = self._waiting.clock
        start = clock.now()
        try:
            job.client.live = True
            job.attempt.carry_out()
            job.outcome = _outcome(job, self._check_mode)
        except ItronError as error:
            job.error, job.outcome = error, "failed"
            if self._params["on_error"] == "stop":
                self._stop.set()
        job.seconds = clock.now() - start
        self._tell(progress, job)

    def _tell(self, progress: Progress, job: Job, worked: bool = True) -> None:
        """Write the line of progress for a finished site."""
        if job.error is not None:
            progress.finished("failed", job.url, self._told(job, job.error), job.seconds, worked)
        elif job.outcome != "not_started":
            what = {"planned": "would change"}.get(job.outcome, job.outcome)
            progress.finished(what, job.url, summary_of_plan(job.attempt.plan), job.seconds)

    # --- the result ---

    def _clean(self, job: Job, text: str) -> str:
        """Return a text without the secrets of the site, of the task, and of the lists."""
        return shortened(self._lists.redactor.text(job.attempt.redactor.text(text)))

    def _told(self, job: Job, error: ItronError) -> str:
        """Return why a site failed, in one line."""
        return shortened(error.text(lambda text: self._clean(job, text)))

    def _raise_failures(self) -> None:
        """Raise the failure of the task, if any site failed."""
        for job in self._jobs:
            self.warnings += ["%s: %s" % (job.url, job.attempt.redactor.text(warning)) for warning in job.attempt.warnings]
        failed = [(job, job.error) for job in self._jobs if job.error is not None]
        if not failed:
            return
        told = ["%s: %s" % (_place(job), self._told(job, error)) for job, error in failed[:MAX_TOLD]]
        if len(failed) > MAX_TOLD:
            told.append("%d more are in the results" % (len(failed) - MAX_TOLD))
        waiting = sum(job.outcome == "not_started" for job in self._jobs)
        if waiting:
            told.append("%d were not started (on_error: stop)" % waiting)
        first = failed[0][1]
        raise ItronError("%d of %d sites failed: %s" % (len(failed), len(self._jobs), "; ".join(told)), stage=first.stage, command=first.command,
                         errcode=first.errcode, errfield=first.errfield, http_status=first.http_status)

    def result(self, diff: bool) -> dict[str, Any]:
        """Return the documented result as far as it is known, without secrets."""
        with collector_paused():
            results = [self._entry(job) for job in self._jobs] if self._snapshot is not None else []
        result = {"changed": any(entry["changed"] for entry in results), "results": results, "summary": _summary(self._jobs, results)}
        if diff:
            result["diff"] = self._diff()
        return result

    def _entry(self, job: Job) -> dict[str, Any]:
        """Return what the result says of one site."""
        attempt = job.attempt
        entry: dict[str, Any] = {
            "item": job.item.number if job.item is not None else None, "url": job.url, "id": str(job.id) if job.id else None,
            "outcome": job.outcome, "changed": attempt.changed, "steps": [], "task": None, "failure": None,
        }
        if attempt.steps:
            entry["steps"] = attempt.redactor.value(attempt.steps)
            entry["task"] = attempt.redactor.value(task_result(attempt.task))
        if job.error is not None:
            failure = {name: self._clean(job, value) if isinstance(value, str) else value for name, value in job.error.failure().items()}
            entry["failure"] = dict(failure, msg=self._told(job, job.error))
        return entry

    def _diff(self) -> dict[str, Any]:
        """Return what changes, site by site."""
        before, after = {}, {}
        for job in sorted(self._jobs, key=lambda job: job.url):
            old, new = job.attempt.diff
            if old:
                before[job.url] = job.attempt.redactor.value(old)
            if new and (old or job.has_steps):
                after[job.url] = job.attempt.redactor.value(new)
        return {"before": before, "after": after}


def _check_numbers(params: dict[str, Any]) -> None:
    """Refuse numbers and combinations that cannot be. Raises InputError."""
    if not 1 <= params["max_parallel"] <= MAX_PARALLEL:
        raise InputError("max_parallel: must be from 1 to %d" % MAX_PARALLEL)
    if params["prune_limit"] < 0:
        raise InputError("prune_limit: must be 0 or more")
    if params["prune"] != "false" and not params["user"]:
        raise InputError("prune: needs user, for it removes what this user has and the list does not name",
                         hint="Give user, or leave prune out.")


def _running_tasks(rows: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the running tasks that make another site of a site, by its id and by its URL."""
    found = {}
    for row in rows:
        if str(row.get("cmd")) in _TRANSFORMING and state_of(row) == "running":
            if row.get("install"):
                found["id", str(row["install"])] = row
            if row.get("url"):
                found["url", identity_of(str(row["url"]))] = row
    return found


def _outcome(job: Job, check_mode: bool) -> str:
    """Return the outcome of a plan that was carried out."""
    if check_mode:
        return "planned" if job.attempt.changed else "ok"
    if any(step["outcome"] == "started" for step in job.attempt.steps):
        return "started"
    return "changed" if job.attempt.changed else "ok"


def _place(job: Job) -> str:
    return str(job.item.place) if job.item is not None else "prune of %s" % job.url


def _summary(jobs: list[Job], results: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the counts of a run."""
    outcomes = Counter(job.outcome for job in jobs)
    commands = Counter(step["command"] for entry in results for step in entry["steps"] if step["outcome"] != "failed")
    return dict({name: outcomes[name] for name in ("ok", "planned", "changed", "started", "failed", "not_started")},
                total=len(jobs), pruned=sum(job.item is None and job.outcome in ("changed", "planned") for job in jobs),
                steps=dict(sorted(commands.items())))


OPERATION = Operation("itron_installs", INSTALLS.merge(CONNECTION, HEADER, WAIT), ONE.work, {"results": [], "summary": {}}, attempt=BulkAttempt)
