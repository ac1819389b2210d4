# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of an operation with a scripted object and a scripted server."""

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import (
    Delivery,
    ItronError,
    RefusedError,
    ReplyError,
    TaskError,
    TransportError,
)
from ansible_collections.hostops.installatron.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.hostops.installatron.plugins.module_utils._core.operation import Attempt, Operation
from ansible_collections.hostops.installatron.plugins.module_utils._core.plan import NOTHING, Plan, Step
from ansible_collections.hostops.installatron.plugins.module_utils._core.tasks import Waiting
from ansible_collections.hostops.installatron.plugins.module_utils._redaction.redact import Redactor
from ansible_collections.hostops.installatron.plugins.module_utils._wire.client import Answer

TASK = {"id": "7", "status": "processing"}
DONE = {"id": "7", "status": "complete"}
FAILED = {"id": "7", "status": "failed", "message": "disk full"}


def plan(*commands):
    """Return a Plan that sends these commands."""
    return Plan(tuple(Step(command, {"id": "x"}) for command in commands), {"a": 1}, {"a": 2}, ("a note",))


class Script:
    """A Work and a Client in one object. Each call returns the next value of its list; the last one is returned repeatedly.

    Errors are raised. C(calls) has the names of the calls, C(asked) the last arguments of each call, C(time) the seconds
    slept.
    """

    ANSWERS = {"read": ["before", "again"], "plan": [plan("upgrade")], "predict": ["predicted"], "read_again": ["after"],
               "look": ["looked"], "moved": [False], "earlier": [None], "running": [None], "is_applied": [False], "finished": [True],
               "verify": [None], "needs_replan": [False], "shortfall": [["short"]], "is_harmless": [False], "blind": [False],
               "execute": [Answer()], "dry_run": [None], "tasks": [[]]}

    def __init__(self, **answers):
        self.answers = {name: list(values) for name, values in dict(self.ANSWERS, **answers).items()}
        self.calls, self.asked, self.lines, self.time, self.redactor = [], {}, [], 0.0, Redactor(["s3cret-of-this"])

    def __getattr__(self, name):
        def call(*arguments, **_more):
            self.calls.append(name)
            self.asked[name] = arguments
            values = self.answers[name]
            value = values.pop(0) if len(values) > 1 else values[0]
            if isinstance(value, Exception):
                raise value
            return value
        return call

    def now(self):
        """Return the seconds slept so far."""
        return self.time

    def sleep(self, seconds):
        """Let time pass."""
        self.time += seconds

    def sent(self, *names):
        """Return the calls with these names, in order."""
        return [name for name in self.calls if name in names]


def attempt(check=False, wait=True, level="none", **answers):
    """Run a scripted operation. Return (the Attempt, the Script, the raised error or None)."""
    script = Script(**answers)
    operation = Operation("itron_thing", ArgumentSpec({"wait": {}}), lambda client, params: client, {"thing": None})
    made = Attempt(operation, script.redactor, check, script.lines.append)
    made.start(script, Waiting(wait, 60.0, 2.0, 30.0, script), {"dryrun": level})
    try:
        made.prepare()
        made.carry_out()
    except ItronError as error:
        return made, script, error
    return made, script, None


def outcomes(made):
    """Return the outcome of every step."""
    return [step["outcome"] for step in made.steps]


@pytest.mark.parametrize(("level", "command", "answer", "outcome", "asked"), [
    ("none", "upgrade", None, "planned", 0),
    ("light", "upgrade", None, "verified", 1),
    ("light", "upgrade", RefusedError("no"), "refused", 1),
    ("light", "edit", None, "planned", 0),
])
def test_check_mode_no_writes(level, command, answer, outcome, asked):
    made, script, error = attempt(check=True, level=level, plan=[plan(command)], dry_run=[answer])
    assert outcomes(made) == [outcome] and script.sent("execute", "dry_run", "earlier") == ["dry_run"] * asked
    assert error is answer and made.changed is not bool(error)
    assert made.current == ("before" if error else "predicted")


def test_check_mode_empty_plan():
    assert attempt(check=True, plan=[NOTHING])[0].changed is False


def test_empty_plan_not_read_again():
    made, script, _error = attempt(plan=[NOTHING])
    assert made.changed is False and made.current == "before" and script.calls == ["read", "plan"]
    assert script.report == script.lines.append


def test_step_done_and_read_again():
    made, script, _error = attempt()
    assert (made.changed, made.current, made.diff, outcomes(made)) == (True, "after", ({"a": 1}, {"a": 2}), ["done"])
    assert made.warnings == ["a note", "short"] and made.task is None
    assert script.sent("execute", "verify", "read_again") == ["execute", "read_again"]


def test_step_verified_before_next():
    made, script, _error = attempt(plan=[plan("backup", "delete")])
    assert script.sent("execute", "verify", "read_again") == ["execute", "verify", "execute", "read_again"]
    made, script, error = attempt(plan=[plan("backup", "delete")], verify=[TaskError("it is broken")], moved=[True])
    assert script.sent("execute") == ["execute"] and outcomes(made) == ["failed"] and made.changed is True
    assert error.message == "backup: it is broken" and error.command == "backup"


# --- tasks ------------------------------------------------------------------------------------------------------------

def test_task_waited_for():
    made, _script, _error = attempt(execute=[Answer(task=TASK)], tasks=[[TASK], [DONE]])
    assert made.task == DONE and outcomes(made) == ["done"] and made.current == "after"


def test_task_gone_checks_object():
    made, script, _error = attempt(execute=[Answer(task=TASK)], finished=[False, True])
    assert made.task == TASK and script.sent("finished") == ["finished"] * 2


def test_task_not_waited_for():
    made, script, _error = attempt(wait=False, plan=[plan("backup", "delete")], execute=[Answer(task=TASK)])
    assert (made.task, made.changed, made.current, outcomes(made)) == (TASK, True, "predicted", ["started"])
    assert not script.sent("tasks", "verify", "read_again", "needs_replan", "shortfall")


@pytest.mark.parametrize(("rows", "warnings"), [
    (DONE, ["a note", "a note", "short"]),
    (FAILED, ["a note", "a task of an earlier run failed, so this run repeats it: task 7 failed: disk full", "a note", "short"]),
])
def test_earlier_task_waited_for_and_replanned(rows, warnings):
    made, script, _error = attempt(earlier=[TASK], tasks=[[rows]])
    assert script.sent("read", "plan", "execute") == ["read", "plan", "read", "plan", "execute"]
    assert made.warnings == warnings and made.changed is True


def test_earlier_task_not_waited_for():
    made, script, _error = attempt(wait=False, earlier=[TASK])
    assert (made.task, made.changed, made.current, made.diff, made.steps) == (TASK, False, "predicted", ({}, {}), [])
    assert not script.sent("execute", "tasks")


def test_earlier_task_only_for_background_commands():
    assert not attempt(plan=[plan("edit")], earlier=[TASK])[1].sent("earlier")


# --- a second plan ----------------------------------------------------------------------------------------------------

def test_replan_steps_and_diff():
    second = Plan((Step("edit", {}),), {"b": 1}, {"b": 2}, ())
    made, script, _error = attempt(needs_replan=[True], plan=[plan("upgrade"), second])
    assert script.sent("execute", "read") == ["read", "execute", "read", "execute"]
    assert made.diff == ({"a": 1}, {"a": 2}) and made.warnings == ["a note", "short"]


def test_replan_not_waited_for():
    made, script, _error = attempt(wait=False, needs_replan=[True], execute=[Answer(), Answer(task=TASK)])
    assert outcomes(made) == ["done", "started"] and not script.sent("shortfall")


def test_replan_read_error_keeps_changed():
    made, _script, error = attempt(needs_replan=[True], read=["before", ItronError("no answer", stage="read")])
    assert error.stage == "verify" and made.changed is True and outcomes(made) == ["done"]


# --- lost answers -----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("command", "delivery", "more", "sent", "hint"), [
    # A refusal and an unsent request: the server is not checked, because nothing can have changed.
    ("upgrade", Delivery.NOT_DONE, {}, 1, None),
    ("upgrade", Delivery.UNREACHED, {}, 1, None),
    # A lost answer: the request is sent a second time if the server refuses duplicates, but not a third time.
    ("upgrade", Delivery.LOST, {}, 2, "itron_task_info"),
    ("backup", Delivery.LOST, {}, 1, "itron_task_info"),
    ("upgrade", Delivery.GATEWAY, {}, 1, "itron_task_info"),
    ("upgrade", Delivery.GARBLED, {}, 1, "itron_task_info"),
    ("guixfer", Delivery.LOST, {"blind": [True]}, 1, "cannot show whether"),
])
def test_lost_answer_not_found(command, delivery, more, sent, hint):
    lost = TransportError("lost", stage="write", delivery=delivery)
    made, script, error = attempt(plan=[plan(command)], execute=[lost], **more)
    assert error is lost and script.sent("execute") == ["execute"] * sent and outcomes(made) == ["failed"]
    assert (hint in error.hint) if hint else (error.hint is None and not script.sent("running", "is_applied"))
    # The settle time for each request: 30 seconds, or 5 if the server has finished the request.
    assert script.time == (0 if not hint or more else 5 if delivery is Delivery.GARBLED else 30 * sent)


@pytest.mark.parametrize("found", [{"running": [None, TASK], "tasks": [[DONE]]}, {"is_applied": [False, True]}])
def test_lost_answer_found(found):
    made, script, error = attempt(execute=[TransportError("lost", delivery=Delivery.LOST)], **found)
    assert error is None and script.sent("execute") == ["execute"] and outcomes(made) == ["done"] and made.changed is True
    assert made.task == (DONE if "running" in found else None)


def test_lost_answer_resent():
    lost, refused = TransportError("lost", delivery=Delivery.LOST), RefusedError("occupied")
    made, script, error = attempt(execute=[lost, Answer()])
    assert error is None and outcomes(made) == ["done"] and script.sent("execute") == ["execute"] * 2
    made, script, error = attempt(execute=[lost, refused])
    assert error is refused and script.time == 30
    # The change is visible only after the second request. The first 30 seconds have seven checks.
    made, script, error = attempt(execute=[lost], is_applied=[False] * 7 + [True])
    assert error is None and outcomes(made) == ["done"] and script.time == 30.5 and script.sent("execute") == ["execute"] * 2


def test_lost_answer_recheck_error_tolerated():
    made, script, error = attempt(execute=[TransportError("lost", delivery=Delivery.LOST)],
                                  running=[TransportError("broken by s3cret-of-this"), None], is_applied=[True])
    assert error is None and outcomes(made) == ["done"]
    assert script.lines == ["upgrade: re-check failed after 0 s: broken by ********"]


# --- failures ---------------------------------------------------------------------------------------------------------

NEVER, UNKNOWN = ReplyError("no", stage="write"), ReplyError("what", stage="write", delivery=Delivery.GARBLED)


@pytest.mark.parametrize(("answers", "changed", "current"), [
    # The request had no effect: the object is not read.
    ({"execute": [NEVER], "moved": [True]}, False, "before"),
    ({"execute": [RefusedError("no")], "moved": [True]}, False, "before"),
    # The request may have had an effect: the object decides. If it cannot be read, the result is changed.
    ({"execute": [UNKNOWN], "moved": [True]}, True, "looked"),
    ({"execute": [UNKNOWN], "moved": [False]}, False, "looked"),
    ({"execute": [UNKNOWN], "look": [ItronError("no")]}, True, "before"),
    ({"execute": [Answer(task=TASK)], "tasks": [[FAILED]], "moved": [True]}, True, "looked"),
    ({"execute": [Answer(task=TASK)], "tasks": [[FAILED]], "moved": [False]}, False, "looked"),
    # An earlier step has changed something.
    ({"plan": [plan("edit", "upgrade")], "execute": [Answer(), UNKNOWN]}, True, "looked"),
    ({"plan": [plan("edit", "upgrade")], "execute": [Answer(), NEVER]}, True, "before"),
])
def test_failure_changed(answers, changed, current):
    made, _script, error = attempt(**answers)
    assert error and (made.changed, made.current) == (changed, current)


def test_failure_message_command_prefix():
    assert attempt(execute=[RefusedError("no")])[2].message == "upgrade: no"
    assert attempt(execute=[RefusedError("upgrade: no", command="upgrade")])[2].message == "upgrade: no"


@pytest.mark.parametrize("error", [RefusedError("gone"), TransportError("gone")])
def test_failure_harmless_refusal(error):
    made, script, ended = attempt(plan=[plan("delete", "edit")], execute=[error, Answer()], is_harmless=[True])
    if isinstance(error, RefusedError):
        assert ended is None and outcomes(made) == ["unneeded", "done"] and made.diff == ({}, {})
    else:
        assert ended is error and outcomes(made) == ["failed"]


@pytest.mark.parametrize(("error", "message"), [
    (TaskError("not there"), "not there"),
    (ReplyError("no"), "no (all steps were executed; only reading the result failed)"),
])
def test_failure_reading_result(error, message):
    made, script, ended = attempt(plan=[plan("edit", "upgrade")], read_again=[error])
    assert ended is error and (error.message, error.stage) == (message, "verify") and script.asked["look"][0].command == "upgrade"
    assert outcomes(made) == ["done", "failed"] and made.changed is True and made.current == "looked"
