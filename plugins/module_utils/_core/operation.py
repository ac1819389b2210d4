# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The run of an operation: read, plan, dry run or apply, wait, verify. This is a private util of the collection."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from .._base.errors import Delivery, ItronError, RefusedError, ReplyError, TaskError, TransportError, shortened
from .._base.text import printable_values
from .._redaction.redact import Redactor
from .._wire.client import Answer, Client
from .._wire.commands import COMMANDS
from .connection import client_of, redactor_for, waiting_of
from .plan import NOTHING, Plan, Step
from .tasks import Waiting, task_result, wait_for_task
from .work import ReadWork, Report, Work, silent

if TYPE_CHECKING:
    from .argspec import ArgumentSpec

# Seconds to search for the effect of a command after an invalid reply.
ANSWERED_SETTLE = 5.0
_LOST_HINT = ("The server does not show whether it was done. Check itron_task_info and the list of installs, "
              "then run the play again.")
_BLIND_HINT = "The server cannot show whether it was done: run the play again."


class Carrier(Protocol):
    """The interface of the classes that execute an operation, such as Attempt."""

    redactor: Redactor
    warnings: list[str]

    def go(self, params: dict[str, Any]) -> None:
        """Execute the operation. Raises ItronError."""

    def result(self, diff: bool) -> dict[str, Any]:
        """Return the result so far, without secrets except for requested ones."""


class Operation(NamedTuple):
    """The definition of a module.

    name: name of the module. spec: its ArgumentSpec. work: callable(client, params) -> Work or ReadWork; for a ReadWork, its class.
    empty: module-specific result if nothing could be read. asked: result keys with secrets that the caller requests.
    public: result keys with texts of the vendor, in which a name such as C(passwd) refers to the description of a field. In these,
    only known secrets are masked. attempt: the class that executes the operation, if it is neither Attempt nor Reading.
    """

    name: str
    spec: ArgumentSpec
    work: Callable[[Client, dict[str, Any]], Any]
    empty: dict[str, Any]
    asked: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    attempt: Callable[[Operation, Redactor, bool, Report], Carrier] | None = None

    @property
    def reads(self) -> bool:
        """Whether the operation only reads. Its result then has no C(steps) and no C(task)."""
        return isinstance(self.work, type) and issubclass(self.work, ReadWork)

    @property
    def carrier(self) -> Callable[[Operation, Redactor, bool, Report], Carrier]:
        """The class that executes the operation."""
        return self.attempt or (Reading if self.reads else Attempt)


class Outcome(NamedTuple):
    """The result of a module, its warnings, and the Redactor with the secrets of the run."""

    result: dict[str, Any]
    warnings: list[str]
    redactor: Redactor


def run(operation: Operation, params: dict[str, Any], check_mode: bool = False, diff: bool = False, report: Report | None = None) -> Outcome:
    """Execute an operation and return its Outcome. The result of a failure contains C(failed) and C(msg).

    Arguments:
        operation: an Operation. params: the validated options. check_mode: whether to only plan and validate.
        diff: whether to return C(diff). report: callable(text) for progress lines.
    """
    attempt = operation.carrier(operation, redactor_for(params), check_mode, report or silent)
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


class Attempt:
    """One run of an operation. Records the executed steps, so that the result of a failure is accurate.

    Arguments:
        operation: an Operation. redactor: a Redactor with the secrets of the options. check_mode: whether to only plan and validate.
        report: callable(text) for progress lines; callable(text, always=True) for lines that must not be dropped.

    C(plan), C(current), C(changed), C(steps), C(task), C(diff) and C(warnings) contain the state of the run.
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
        """Execute the operation. Raises ItronError."""
        client, self.warnings = client_of(params, self.redactor, self._check_mode)
        self.start(client, waiting_of(params), params)
        self.prepare()
        self.carry_out()

    def start(self, client: Client, waiting: Waiting, params: dict[str, Any]) -> None:
        """Process the options, without a request. Raises InputError."""
        self._client = client
        self._waiting = waiting
        self._level = params.get("dryrun", "none")
        self.work = self._operation.work(client, params)
        self.work.report = self._report

    def prepare(self) -> None:
        """Read the current state and set C(plan). Raises ItronError."""
        self.current = self.work.read()
        self._make_plan()

    def carry_out(self) -> None:
        """Execute the plan, or in check mode let the server validate it. Raises ItronError."""
        plan = self.plan
        self.steps.clear()
        if self._check_mode:
            self.ask()
            self.changed = bool(plan.steps)
            self.current = self.work.predict(plan, self.current)
            return
        if not self._wait_for_earlier_task():
            return
        plan = self.plan
        if self._apply(plan) and plan.steps:
            if self.work.needs_replan(plan, self.current):
                self.current = self._read_for_second_plan()
                plan = self._make_plan(again=True)
                if not self._apply(plan):
                    return
            self.warnings += self.work.shortfall(plan, self.current)

    def _wait_for_earlier_task(self) -> bool:
        """Wait for a task of an earlier run and plan again, so that no task is started twice. Return False if the task is still running."""
        task = self.earlier_task()
        if task is None:
            return True
        if not self._waiting.wait:
            self.task, self.current, self.diff = task, self.work.predict(self.plan, self.current), ({}, {})
            return False
        try:
            wait_for_task(self._client, task, self._waiting, lambda: True, self._report)
        except TaskError as error:
            self.warnings.append("a task of an earlier run failed, so this run repeats it: %s" % error.message)
        self.prepare()
        return True

    def earlier_task(self) -> dict[str, Any] | None:
        """Return a running task of an earlier run with the effect of the first background step, or None."""
        step = next((step for step in self.plan.steps if COMMANDS[step.command].background), None)
        return self.work.earlier(step, self.current) if step is not None else None

    def _read_for_second_plan(self) -> Any:
        """Read the state before the second plan. Raises ItronError with the stage C(verify), because steps were executed."""
        try:
            return self.work.read()
        except ItronError as error:
            error.stage = "verify"
            raise

    def _make_plan(self, again: bool = False) -> Plan:
        """Return the plan for the current state, and record plan, diff and warnings. again: whether to keep the first plan and diff."""
        plan = self.work.plan(self.current)
        if not again:
            self.plan, self.diff = plan, (plan.before, plan.after)
        self.warnings += plan.notes
        return plan

    def ask(self) -> None:
        """Let the server validate the steps that support a dry run. Raises ItronError."""
        for step in self.plan.steps:
            record = self._record(step, "planned")
            if COMMANDS[step.command].dryrun and self._level != "none":
                record["outcome"] = "refused"
                self._client.dry_run(step.command, step.arguments, self._level)
                record["outcome"] = "verified"

    def _apply(self, plan: Plan) -> bool:
        """Execute all steps and read the result. Return False if a task is still running."""
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
        """Read the object after the last step. Raises ItronError if an effect is missing."""
        try:
            self.current = self.work.read_again(plan, self.current, answer)
        except ItronError as error:
            self.steps[-1]["outcome"] = "failed"
            if not isinstance(error, TaskError):
                error.message += " (all steps were executed; only reading the result failed)"
            error.stage = "verify"
            self._after_failure(plan.steps[-1], error)
            raise

    def _execute(self, step: Step, again: bool = True) -> Answer:
        """Send one step and return its Answer. If the reply is lost, read the outcome of the step from the server.

        Arguments:
            again: whether a guarded command may be sent again if the request was lost and shows no effect.
        """
        try:
            return self._client.execute(step.command, step.arguments, background=True)
        except ItronError as error:
            if not error.delivery.is_unknown:
                raise
            answer = self._settle(step, error)
            if answer is not None:
                return answer
            if not again or error.delivery is not Delivery.LOST or not COMMANDS[step.command].guarded:
                error.hint = "%s %s" % (_BLIND_HINT if self.work.blind(self.current) else _LOST_HINT, error.hint or "")
                raise
        return self._execute(step, again=False)

    def _settle(self, step: Step, error: ItronError) -> Answer | None:
        """Return an Answer for a step whose reply was lost, or None if the server shows no effect of the step."""
        blind = self.work.blind(self.current)
        seconds = 0 if blind else self._waiting.settle if error.delivery.is_open else min(self._waiting.settle, ANSWERED_SETTLE)
        for passed in self._waiting.looks(seconds):
            try:
                task = self.work.running(step, self.current)
                if task:
                    return Answer(task=task)
                if self.work.is_applied(step, self.current):
                    return Answer()
            except ItronError as reading:
                # The cause of the lost reply can also affect reading for a while.
                self._report("%s: re-check failed after %d s: %s" % (step.command, passed, self.redactor.text(reading.message)))
        return None

    def _after_failure(self, step: Step, error: ItronError) -> None:
        """Read the object after a failed step, and set C(changed) accordingly."""
        never_done = isinstance(error, (TransportError, ReplyError)) and error.stage == "write" and not error.delivery.is_unknown
        if never_done or isinstance(error, RefusedError):
            return
        earlier = any(record["outcome"] == "done" for record in self.steps)
        try:
            now = self.work.look(step, self.current)
        except ItronError:
            # The outcome is unknown, so the step counts as a change.
            self.changed = True
            return
        self.changed = earlier or self.work.moved(self.current, now)
        self.current = now

    def _record(self, step: Step, outcome: str) -> dict[str, Any]:
        """Add a step to the result and return its entry."""
        record = {"command": step.command, "arguments": dict(step.arguments), "outcome": outcome}
        self.steps.append(record)
        return record

    def result(self, diff: bool) -> dict[str, Any]:
        """Return the result so far, without secrets except for requested ones."""
        result: dict[str, Any] = {"changed": self.changed, "steps": self.steps}
        if "wait" in self._operation.spec.options:
            result.update(task=None if self.task is None else task_result(self.task))
        result.update(self._operation.empty if self.current is None else self.work.result(self.current))
        if diff:
            # Ansible prints the diff without escaping.
            result["diff"] = printable_values({"before": self.diff[0], "after": self.diff[1]})
        return _masked(self._operation, self.redactor, result)


class Reading:
    """One run of an operation that only reads.

    Arguments:
        operation: an Operation whose work is a ReadWork. redactor: a Redactor with the secrets of the options. check_mode: ignored.
        report: callable(text) for progress lines.
    """

    def __init__(self, operation: Operation, redactor: Redactor, check_mode: bool, report: Report) -> None:
        self.redactor = redactor
        self.warnings: list[str] = []
        self._operation = operation
        self._report = report
        self._module_result: dict[str, Any] = operation.empty
        self._as_json = False

    def go(self, params: dict[str, Any]) -> None:
        """Execute the operation. Raises ItronError."""
        self._as_json = bool(params.get("as_json"))
        client, self.warnings = client_of(params, self.redactor, read_only=True)
        work: ReadWork = self._operation.work(client, params)
        work.report = self._report
        current = work.read()
        self._module_result = work.result(current)
        self.warnings += work.check(current)

    def result(self, diff: bool) -> dict[str, Any]:
        """Return the result so far, without secrets except for requested ones."""
        result = _masked(self._operation, self.redactor, dict({"changed": False}, **self._module_result))
        if self._as_json:
            # The main list of a module is its first return value.
            result["json"] = json.dumps(result.pop(next(iter(self._operation.empty))))
        return result


def _masked(operation: Operation, redactor: Redactor, result: dict[str, Any]) -> dict[str, Any]:
    """Return a result without secrets except for requested ones."""
    asked = {key: result[key] for key in operation.asked if result.get(key)}
    redactor.allow(asked.values())
    public = {key: redactor.known(result[key]) for key in operation.public if key in result}
    return dict(redactor.value(result), **public, **asked)
