# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Read, plan, dry run or apply, wait, read again: what all modules share. This is a private util of the collection."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from urllib.parse import SplitResult, urlsplit

from .._base.errors import InputError, ItronError, RefusedError, ReplyError, TaskError, TransportError, shortened
from .._base.narrow import known
from .._base.text import printable_values
from .._base.uri import needs_encoding
from .._base.url import check_host
from .._redaction.labels import is_uri_name
from .._redaction.redact import Redactor, collect
from .._wire.client import Answer, Client
from .._wire.commands import COMMANDS
from .._wire.header import header
from .._wire.transport import CliTransport, HttpTransport
from .plan import NOTHING, Plan, Step
from .tasks import Waiting, task_result, wait_for_task

if TYPE_CHECKING:
    from .argspec import ArgumentSpec

MIN_KEY_LENGTH = 8
MAX_SECONDS = 1000000
MAX_RETRIES = 1000
# MiB; what is larger fits into no memory.
MAX_REPLY_SIZE = 65536
# Options that a warning names.
_MAX_NAMED = 5
# Seconds to look for the work of a command that was answered with something that is no reply.
ANSWERED_SETTLE = 5.0
_LOST_HINT = ("The server does not show that it was done. Look at itron_task_info and the list of installs, "
              "then run the play again.")
_BLIND_HINT = "Nothing shows whether it was done; run the play again."
# Options that hold no secret; a password that equals one of their values is not masked by value.
_OPEN_OPTIONS = ("user", "reseller", "application", "login", "url", "id", "version", "db_user", "db_name")


class Report(Protocol):
    """Takes a line of progress."""

    def __call__(self, text: str, always: bool = False) -> None:
        """Take a line; one that is not marked as always may be left out when lines come fast."""


class Carrier(Protocol):
    """What run() asks of the class that carries an operation out: Attempt, or another of its shape."""

    redactor: Redactor
    warnings: list[str]

    def go(self, params: dict[str, Any]) -> None:
        """Carry out the operation; raises ItronError."""

    def result(self, diff: bool) -> dict[str, Any]:
        """Return the result as far as it is known, without secrets but those that the caller asked for."""


class Operation(NamedTuple):
    """What a module does.

    name: of the module. spec: its ArgumentSpec. work: callable(client, params) -> an object with the methods

    * C(read()) -> current: look at the server.
    * C(plan(current)) -> Plan: pure.
    * C(is_applied(step, current)) -> bool: whether the server shows what a step should do.
    * C(finished(step, current)) -> bool: the same for a step whose task the server had and does not list any more (see Work).
    * C(verify(step, current)): raises TaskError if a step must not be followed by the next one (see Work).
    * C(read_again(plan, current, answer)) -> current: after the last step; raises TaskError if something is missing.
    * C(predict(plan, current)) -> current: what read_again would return, without looking.
    * C(running(step, current)) -> task or None: the task of a step whose answer got lost.
    * C(earlier(step, current)) -> task or None: a running task that an earlier run began for the same (see Work).
    * C(look(step, current)) -> current: the object after a step that failed.
    * C(moved(current, now)) -> bool: whether the object differs between two states.
    * C(shortfall(plan, current)) -> list of warnings: what the server accepted and does not show.
    * C(needs_replan(plan, current)) -> bool: whether to plan once more after the steps.
    * C(result(current)) -> dict: the module's own result keys.
    * C(is_harmless(step, current, error)) -> bool: whether a refusal means that there was nothing to do (see Work).
    * C(blind(current)) -> bool: whether nothing can be read that would show what a step did (see Work).

    empty: the module's own result keys when nothing could be read. reads: true for a module that never writes; its result
    has no C(steps) and no C(task), which only a module with the option C(wait) has. asked: result keys that hold a secret
    which the caller asked for. public: result keys with texts of the vendor's, in which a name such as C(passwd) stands for
    the description of a field, not for its value; only the secrets that are known by then are masked in them. Before
    C(read()), C(report) of the work is set to a callable(text) for lines of progress.
    attempt: the class that carries the operation out, if it is not Attempt; C(work) then is whatever that class needs.
    """

    name: str
    spec: ArgumentSpec
    work: Callable[[Client, dict[str, Any]], Any]
    empty: dict[str, Any]
    reads: bool = False
    asked: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    attempt: Callable[[Operation, Redactor, bool, Report], Carrier] | None = None


class Outcome(NamedTuple):
    """The dictionary that a module returns, the warnings that go with it, and the Redactor that knows the run's secrets."""

    result: dict[str, Any]
    warnings: list[str]
    redactor: Redactor


def run(operation: Operation, params: dict[str, Any], check_mode: bool = False, diff: bool = False, report: Report | None = None) -> Outcome:
    """Carry out one operation and return its Outcome; failures are in the result, with C(failed) and C(msg).

    Arguments:
        operation: an Operation. params: the validated options. check_mode: plan and ask, change nothing.
        diff: whether to return C(diff). report: callable(text) for lines of progress.
    """
    attempt = (operation.attempt or Attempt)(operation, redactor_for(params), check_mode, report or silent)
    failure = None
    try:
        attempt.go(params)
    except ItronError as error:
        failure = error
    redactor = attempt.redactor
    result = attempt.result(diff)
    if failure is not None:
        result.update(failed=True, msg=shortened(failure.text(redactor.text)), failure=printable_values(redactor.value(failure.failure())))
    return Outcome(result, [redactor.text(warning) for warning in attempt.warnings], redactor)


def redactor_for(params: dict[str, Any]) -> Redactor:
    """Return a Redactor that knows the secrets in a task's options."""
    return Redactor(collect(params), plain=[params.get(option) for option in _OPEN_OPTIONS])


class ReadWork:
    """The work of a module that only reads; subclasses have read() and result()."""

    report: Report

    def plan(self, current: Any) -> Plan:
        """Return the empty Plan: there is nothing to do."""
        return NOTHING

    def predict(self, plan: Plan, current: Any) -> Any:
        """Return the state as it is."""
        return current


class Work:
    """The work of a module that writes; subclasses have the methods that Operation lists."""

    report: Report

    if TYPE_CHECKING:
        # What every subclass has; Operation says what each of them does.
        def read(self) -> Any:
            ...

        def plan(self, current: Any) -> Plan:
            ...

        def is_applied(self, step: Step, current: Any) -> bool:
            ...

        def read_again(self, plan: Plan, current: Any, answer: Answer | None) -> Any:
            ...

        def predict(self, plan: Plan, current: Any) -> Any:
            ...

        def running(self, step: Step, current: Any) -> dict[str, Any] | None:
            ...

        def look(self, step: Step, current: Any) -> Any:
            ...

        def moved(self, current: Any, now: Any) -> bool:
            ...

        def shortfall(self, plan: Plan, current: Any) -> list[str]:
            ...

        def needs_replan(self, plan: Plan, current: Any) -> bool:
            ...

        def result(self, current: Any) -> dict[str, Any]:
            ...

    def finished(self, step: Step, current: Any) -> bool:
        """Say whether the object is as a step leaves it, though its task is not listed any more."""
        return self.is_applied(step, current)

    def earlier(self, step: Step, current: Any) -> dict[str, Any] | None:
        """Return a running task that does what a step would do, before it is sent; by default, there is no difference to running()."""
        return self.running(step, current)

    def verify(self, step: Step, current: Any) -> None:
        """Look at the server between two steps; by default, the proof after the last step is enough."""

    def is_harmless(self, step: Step, current: Any, error: ItronError) -> bool:
        """Say whether the server's refusal of a step means that there was nothing to do; by default, it never does."""
        return False

    def blind(self, current: Any) -> bool:
        """Say whether nothing can be read that would show what a step did; nobody then looks for a lost answer."""
        return False


def silent(text: str, always: bool = False) -> None:
    """Report nothing."""


def waiting_of(params: dict[str, Any]) -> Waiting:
    """Return the Waiting that a task's options ask for. Raises InputError."""
    for option in ("wait_timeout", "poll_interval"):
        if option in params:
            _check_seconds(option, params[option])
    return Waiting(params.get("wait", True), params.get("wait_timeout", 900), params.get("poll_interval", 2), params["timeout"])


def _check_seconds(option: str, value: float) -> None:
    """Refuse a time that is not above zero, or so long that the clocks of the operating system cannot count it."""
    if value <= 0:
        raise InputError("%s: must be more than 0 seconds" % option)
    # Written so that it also refuses what is no number at all.
    if not value <= MAX_SECONDS:
        raise InputError("%s: must be at most %d seconds" % (option, MAX_SECONDS))


def client_of(params: dict[str, Any], redactor: Redactor, read_only: bool) -> tuple[Client, list[str]]:
    """Return (Client, warnings) for a task's connection and header options. Raises InputError."""
    if len(params["api_key"]) < MIN_KEY_LENGTH:
        raise InputError("api_key: shorter than %d characters" % MIN_KEY_LENGTH,
                         hint="Give the whole key (ITRON_API_KEY); a short one could not be kept out of other output.")
    if not params["api_key"].isascii() or not params["api_key"].isprintable():
        raise InputError("api_key: holds characters that no key has", hint="Look for a line break or a blank that was copied with it.")
    _check_seconds("timeout", params["timeout"])
    if params["retries"] < 0:
        raise InputError("retries: must be 0 or more")
    if params["retries"] > MAX_RETRIES:
        raise InputError("retries: must be at most %d" % MAX_RETRIES)
    if not 1 <= params["max_reply_size"] <= MAX_REPLY_SIZE:
        raise InputError("max_reply_size: must be between 1 and %d (MiB)" % MAX_REPLY_SIZE)
    warnings = _encoding_warning(params)
    transport: HttpTransport | CliTransport
    if params["transport"] == "cli":
        transport = CliTransport(params["cli_path"], params["timeout"], params["max_reply_size"])
    else:
        transport = _http_transport(params, warnings)
    return Client(transport, params["api_key"], header(params), redactor, read_only), warnings


def _encoding_warning(params: dict[str, Any]) -> list[str]:
    """Return a warning that names the options whose URIs the server may read differently than the user means them, or none."""
    names = list(itertools.islice(_unencoded(params, ""), _MAX_NAMED + 1))
    if not names:
        return []
    more = " and more" if len(names) > _MAX_NAMED else ""
    return ["%s%s: login or password in the URI hold characters that must be URL-encoded (such as @ as %%40 and / as %%2F); "
            "the server may read the URI differently" % (", ".join(names[:_MAX_NAMED]), more)]


def _unencoded(value: Any, name: str) -> Iterator[str]:
    """Yield the names of the options below a value that are URIs with characters which must be encoded."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        inner = "%s[%d]" % (name, key) if isinstance(value, list) else "%s.%s" % (name, key) if name else str(key)
        if isinstance(item, (dict, list)):
            yield from _unencoded(item, inner)
        elif isinstance(item, str) and "://" in item and is_uri_name(key) and needs_encoding(item):
            yield inner


def _http_transport(params: dict[str, Any], warnings: list[str]) -> HttpTransport:
    """Return the HttpTransport for the connection options, and warn if the key travels in clear text."""
    parts, host, port = _address(params["api_url"], "api_url", "https://host/server/v1")
    if params.get("rest_url"):
        _address(params["rest_url"], "rest_url", "https://host")
    if parts.scheme == "http" and not _loopback(host):
        warnings.append("api_url: http:// sends the API key and all passwords to %s in clear text; use https://" % host)
    if parts.scheme == "https" and not params["validate_certs"] and not _loopback(host):
        warnings.append("validate_certs: false accepts any certificate, so whoever stands between here and %s can read the API key; "
                        "give ca_path instead" % host)
    server = "%s://%s%s" % (parts.scheme, "[%s]" % host if ":" in host else host, ":%d" % port if port else "")
    cert = (params["client_cert"], params["client_key"]) if params["client_key"] else params["client_cert"]
    return HttpTransport(params["api_url"], params.get("rest_url") or server, params["api_key"], params["timeout"], params["retries"],
                         (params["ca_path"] or True) if params["validate_certs"] else False, cert, params["max_reply_size"])


def _address(url: str, option: str, example: str) -> tuple[SplitResult, str, int | None]:
    """Return (parts, host, port) of an http:// or https:// address. Raises InputError that names the option."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    if not host or parts.scheme not in ("http", "https"):
        raise InputError("%s: %s is no http:// or https:// address" % (option, url), hint="Write it like %s." % example)
    if parts.username is not None:
        raise InputError("%s: user info does not belong into it" % option, hint="The key goes into api_key (ITRON_API_KEY).")
    check_host(host, option, url)
    return parts, host, port


def _loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


class Attempt:
    """One run of an operation: remembers what was done, so that a failure can tell the truth about it.

    Arguments:
        operation: an Operation. redactor: knows the secrets of the options. check_mode: plan and ask, change nothing.
        report: callable(text) for lines of progress; callable(text, always=True) for one that must not be left out.

    C(plan), C(current), C(changed), C(steps), C(task), C(diff) and C(warnings) say how far it came.
    """

    def __init__(self, operation: Operation, redactor: Redactor, check_mode: bool, report: Report) -> None:
        self._operation = operation
        self._check_mode = check_mode
        self._report = report
        self.work: Work
        self.redactor = redactor
        self.plan = NOTHING
        self.current: Any = None
        self.task: dict[str, Any] | None = None
        self.changed = False
        self.steps: list[dict[str, Any]] = []
        self.diff: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
        self.warnings: list[str] = []

    def go(self, params: dict[str, Any]) -> None:
        """Carry out the operation; raises ItronError."""
        client, self.warnings = client_of(params, self.redactor, self._check_mode)
        self.start(client, waiting_of(params), params)
        self.prepare()
        self.carry_out()

    def start(self, client: Client, waiting: Waiting, params: dict[str, Any]) -> None:
        """Take the options, without looking at the server; raises InputError."""
        self._client = client
        self._waiting = waiting
        self._level = params.get("dryrun", "none")
        self.work = self._operation.work(client, params)
        self.work.report = self._report

    def prepare(self) -> None:
        """Read and plan; raises ItronError. C(plan) then says what is to be done."""
        self.current = self.work.read()
        self._make_plan()

    def carry_out(self) -> None:
        """Carry out the plan, or in check mode ask the server about it; raises ItronError."""
        plan = self.plan
        if self._check_mode:
            self._dry_run(plan)
            self.changed = bool(plan.steps)
            self.current = self.work.predict(plan, self.current)
            return
        if not self._let_finish():
            return
        plan = self.plan
        if self._apply(plan) and plan.steps:
            if self.work.needs_replan(plan, self.current):
                self.current = self._read_for_more()
                plan = self._make_plan(keep_diff=True)
                if not self._apply(plan):
                    return
            self.warnings += self.work.shortfall(plan, self.current)

    def _let_finish(self) -> bool:
        """Wait for what an earlier run left running, and plan again: nothing is begun twice. Return False if it still runs."""
        task = self.earlier_task()
        if task is None:
            return True
        if not self._waiting.wait:
            self.task, self.current, self.diff = task, self.work.predict(self.plan, self.current), ({}, {})
            return False
        try:
            wait_for_task(self._client, task, self._waiting, lambda: True, self._report)
        except TaskError as error:
            self.warnings.append("a task of an earlier run failed, so this is done again: %s" % error.message)
        self.prepare()
        return True

    def earlier_task(self) -> dict[str, Any] | None:
        """Return the running task of an earlier run that does what the first long step would do, or None."""
        step = next((step for step in self.plan.steps if COMMANDS[step.command].background), None)
        return self.work.earlier(step, self.current) if step is not None else None

    def _read_for_more(self) -> Any:
        """Read everything again before the second plan; a failure does not undo what was done."""
        try:
            return self.work.read()
        except ItronError as error:
            error.stage = "verify"
            raise

    def _make_plan(self, keep_diff: bool = False) -> Plan:
        """Plan from the current state and note diff and warnings."""
        self.plan = plan = self.work.plan(self.current)
        if not keep_diff:
            self.diff = (plan.before, plan.after)
        self.warnings += plan.notes
        return plan

    def _dry_run(self, plan: Plan) -> None:
        """Ask the server whether it would carry out the steps that it can check."""
        for step in plan.steps:
            record = self._record(step, "planned")
            if COMMANDS[step.command].dryrun and self._level != "none":
                record["outcome"] = "refused"
                self._client.dry_run(step.command, step.arguments, self._level)
                record["outcome"] = "verified"

    def _apply(self, plan: Plan) -> bool:
        """Carry out all steps and read again; return False if a task was left running."""
        answer = None
        for step in plan.steps:
            record = self._record(step, "failed")
            try:
                answer = self._execute(step)
                self.changed = True
                if answer.task and not self._waiting.wait:
                    record["outcome"] = "started"
                    self.task = answer.task
                    self.current = self.work.predict(plan, self.current)
                    return False
                if answer.task:
                    self.task = answer.task
                    self.task = wait_for_task(self._client, answer.task, self._waiting,
                                              functools.partial(self.work.finished, step, self.current), self._report)
                if step is not plan.steps[-1]:
                    self.work.verify(step, self.current)
                record["outcome"] = "done"
            except ItronError as error:
                if isinstance(error, RefusedError) and self.work.is_harmless(step, self.current, error):
                    record["outcome"] = "unneeded"
                    self.diff = ({}, {})
                    continue
                if error.command is None:
                    error.command = step.command
                    error.message = "%s: %s" % (step.command, error.message)
                self._after_failure(step, error)
                raise
        if plan.steps:
            self._read_again(plan, answer)
        return True

    def _read_again(self, plan: Plan, answer: Answer | None) -> None:
        """Read the object after the last step, and turn what is missing into a failure."""
        try:
            self.current = self.work.read_again(plan, self.current, answer)
        except ItronError as error:
            self.steps[-1]["outcome"] = "failed"
            if not isinstance(error, TaskError):
                error.message += " (all steps were carried out; only reading the result back failed)"
            error.stage = "verify"
            self._after_failure(plan.steps[-1], error)
            raise

    def _execute(self, step: Step) -> Answer:
        """Send one step; a lost answer is settled. Returns an Answer."""
        try:
            return self._client.execute(step.command, step.arguments, background=True)
        except ItronError as error:
            if not error.unknown:
                raise
            answer = self._settle(step, error)
        if answer is not None:
            return answer
        # Lost and not to be seen anywhere: the server itself guards this command against doubles.
        try:
            return self._client.execute(step.command, step.arguments, background=True)
        except ItronError as error:
            if not error.unknown:
                raise
            answer = self._settle(step, error, again=False)
        # Only a step that may be sent again has none.
        return known(answer)

    def _settle(self, step: Step, error: ItronError, again: bool = True) -> Answer | None:
        """Find out what became of a step whose answer is lost.

        Returns the Answer that it must have been, or None if the step may be sent once more. Raises the error if that
        is not allowed or it cannot be known.
        """
        # A proxy that gave up says nothing of the server behind it; any other answer means that the server is through.
        open_end = error.resend or error.http_status in (502, 504)
        blind = self.work.blind(self.current)
        seconds = 0 if blind else self._waiting.settle if open_end else min(self._waiting.settle, ANSWERED_SETTLE)
        for passed in self._waiting.looks(seconds):
            try:
                task = self.work.running(step, self.current)
                if task:
                    return Answer(task=task)
                if self.work.is_applied(step, self.current):
                    return Answer()
            except ItronError as reading:
                # Whatever broke the answer may break the reading for a while, too.
                self._report("%s: looking again in vain after %d s: %s" % (step.command, passed, self.redactor.text(reading.message)))
        if again and error.resend and COMMANDS[step.command].guarded:
            return None
        error.hint = "%s %s" % (_BLIND_HINT if blind else _LOST_HINT, error.hint or "")
        raise error

    def _after_failure(self, step: Step, error: ItronError) -> None:
        """Set C(changed) to the truth after a step failed, by looking at the object once more."""
        never_done = isinstance(error, (TransportError, ReplyError)) and error.stage == "write" and not error.unknown
        if never_done or isinstance(error, RefusedError):
            return
        earlier = any(record["outcome"] == "done" for record in self.steps)
        try:
            now = self.work.look(step, self.current)
        except ItronError:
            # It cannot be known, so what was sent counts as done.
            self.changed = True
            return
        self.changed = earlier or self.work.moved(self.current, now)
        self.current = now

    def _record(self, step: Step, outcome: str) -> dict[str, Any]:
        """Remember a step for the result."""
        record = {"command": step.command, "arguments": dict(step.arguments), "outcome": outcome}
        self.steps.append(record)
        return record

    def result(self, diff: bool) -> dict[str, Any]:
        """Return the result as far as it is known, without secrets but those that the caller asked for."""
        result: dict[str, Any] = {"changed": self.changed}
        if not self._operation.reads:
            result.update(steps=self.steps)
        if "wait" in self._operation.spec.options and not self._operation.reads:
            result.update(task=task_result(self.task))
        result.update(self._operation.empty if self.current is None else self.work.result(self.current))
        if diff and not self._operation.reads:
            # Ansible prints it as it is.
            result["diff"] = printable_values({"before": self.diff[0], "after": self.diff[1]})
        asked = {key: result[key] for key in self._operation.asked if result.get(key)}
        self.redactor.allow(asked.values())
        public = {key: self.redactor.known(result[key]) for key in self._operation.public if key in result}
        return dict(self.redactor.value(result), **public, **asked)
