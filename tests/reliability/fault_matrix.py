# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One fault at one request of a scenario, and the checks of the result."""

import re
from collections import Counter, namedtuple

from in_process import SETTLE, Place, comparable

Fault = namedtuple("Fault", "members cause timing task lasting writes", defaults=("", {}, False, False, False))
Fault.__doc__ = """One kind of fault.

members: of the sandbox's fault, or None for a refused connection. cause: regular expression that must match the message of
a failure. timing: options of the task. task: whether it affects the background task. lasting: whether
the server stays in this state until it is repaired. writes: whether it affects only writes and later requests.
"""

# Commands that the server executes in the background.
BACKGROUND = ("install", "import", "backup", "upgrade", "clone", "restore", "delete", "uninstall")
WRITING = (*BACKGROUND, "edit", "importbackup", "edituser", "deleteuser")
# Work that must not be done more often than in a run without faults: name of the figure, commands.
DOUBLES = {"duplicate installs": ("install", "import", "clone"), "duplicate backups": ("backup",)}
# The categories of problems.
KINDS = (
    *DOUBLES,
    "other duplicate work",
    "incorrect changed",
    "not converged",
    "exceeded time limits",
    "unclear messages",
    "crashes",
)
# Additional time in seconds that a run may take on a busy machine.
SLACK = 60.0

IMPATIENT = {"timeout": 0.5, "retries": 1}
SHORT_WAIT = {"wait_timeout": 1.0}


def _named(name, **more):
    return dict({"fault": name}, **more)


def _status(number, **more):
    return Fault(_named(str(number), **more), "HTTP status %d" % number)


BROKEN = "connection to .* was lost|no connection to"
# A server without v2 answers its requests with HTML, which causes another message.
HTML = "the response is HTML|has no REST interface .* it answered: <!DOCTYPE html>"
LATE = "no complete response from .* within"
FAULTS = {
    "refuse": Fault(None, "no connection to .*: .*refused"),
    "reset_before": Fault(_named("reset_before"), BROKEN),
    "reset_after": Fault(_named("reset_after"), BROKEN),
    # The work starts while the collection looks for the lost response; after that; and before the request times out.
    "late_work": Fault(_named("delay", seconds=0.5 + SETTLE / 2), LATE, IMPATIENT),
    "very_late_work": Fault(_named("delay", seconds=0.5 + 3 * SETTLE), LATE, IMPATIENT),
    "late_answer": Fault(_named("delay", seconds=1.5, after=True), LATE, IMPATIENT),
    "429": _status(429),
    "429_retry_after": _status(429, retry_after=1),
    "500": _status(500),
    "500_after": _status(500, after=True),
    "502": _status(502),
    "502_after": _status(502, after=True),
    "503": _status(503, retry_after=0),
    "503_after": _status(503, after=True),
    "504_after": _status(504, after=True),
    "redirect": Fault(_named("redirect"), "redirects to https://login.invalid/"),
    "redirect_after": Fault(_named("redirect", after=True), "redirects to https://login.invalid/"),
    "html": Fault(_named("html"), HTML),
    "html_after": Fault(_named("html", after=True), HTML),
    "plain_error": Fault(_named("plain_error"), "Error: The server is busy"),
    "plain_error_after": Fault(_named("plain_error", after=True), "Error: The server is busy"),
    "cut_json": Fault(_named("cut_json"), "truncated"),
    "cut_json_before": Fault(_named("cut_json", after=False), "truncated"),
    "empty": Fault(_named("empty"), "response is empty"),
    "empty_before": Fault(_named("empty", after=False), "response is empty"),
    "wrong_data": Fault(_named("wrong_data_type"), "data is a number|data is not a list|items that are not"),
    "wrong_rows": Fault(_named("wrong_data_type", data=[17]), "data is a list|items that are not|is not a list"),
    "no_data": Fault(_named("wrong_data_type", data=None), "data is null|data is not a list|items that are not"),
    "refused": Fault(_named("refused"), "Error: The request was refused"),
    "task_fails": Fault(_named("task_fails"), "task .* failed: Error: The task failed", task=True),
    "task_vanishes": Fault(_named("task_vanishes"), "no longer listed", task=True),
    "task_vanishes_undone": Fault(_named("task_vanishes", done=False), "no longer listed", task=True),
    "task_never_ends": Fault(_named("task_never_ends"), "still running after", SHORT_WAIT, task=True),
    "task_unknown_status": Fault(_named("task_unknown_status"), "", task=True),
    "task_unknown_for_ever": Fault(
        _named("task_unknown_status", forever=True), "still running after", SHORT_WAIT, task=True
    ),
    "down_refuse": Fault(None, "no connection to .*: .*refused", lasting=True),
    "down_reset": Fault(_named("reset_before", times=0), BROKEN, lasting=True),
    "down_503": Fault(_named("503", times=0), "HTTP status 503", lasting=True),
    # The server no longer responds, but does all the work in the end.
    "down_silent": Fault(_named("delay", seconds=2.5, times=0), LATE, IMPATIENT, lasting=True, writes=True),
    "down_html": Fault(_named("html", times=0), HTML, lasting=True),
}


class Baseline:
    """A run of a scenario without faults: its requests, and the resulting state and work of the server."""

    def __init__(self, bench, scenario):
        place = prepared(bench, scenario)
        before = since(bench)
        done = bench.run(scenario.operation, scenario.options(place), place)
        assert not done.failed, (scenario.name, done.result["msg"])
        self.requests = [entry["command"] for entry in bench.sandbox.control("GET", "/requests?since=%d" % before)]
        state = place.state()
        self.state, self.backups = comparable(state), len(state["backups"])
        self.work = finished(place)

    def positions(self, fault):
        """Return the numbers of the requests that a fault can affect."""
        return [
            number
            for number, command in enumerate(self.requests, 1)
            if (command in BACKGROUND or not fault.task) and (command in WRITING or not fault.writes)
        ]


class Cell:
    """One fault at one request. C(struck) is whether the fault was triggered; C(problems) is a list of (category, text)."""

    def __init__(self, bench, scenario, fault, nth, baseline):
        self._bench, self._scenario, self._fault, self._nth, self._baseline = bench, scenario, fault, nth, baseline
        self.place = prepared(bench, scenario)
        self.options = scenario.options(self.place)
        self.problems = []
        self.struck = False
        # Backups that the next run repeats: a rollout creates its own backup of each site that it still has to update.
        self._spare_backups = 0

    def play(self):
        """Run with the fault, without it, and once more; return this cell."""
        try:
            self._play()
        except Exception as error:  # report a crash like any other problem
            self._problem("crashes", "%s: %s" % (type(error).__name__, error))
        finally:
            self._bench.sandbox.control("DELETE", "/faults")
        return self

    def _play(self):
        before = self.place.state()
        done = self._strike()
        if not self.struck:
            return
        after = self.place.state()
        self.place.wait_until_quiet()
        self._judge(done, before, after, self.place.state())
        self._spare_backups = sum(verdict["verdict"] != "updated" for verdict in done.result.get("verdicts", ()))
        undone = self._fault in (FAULTS["task_never_ends"], self._scenario.waits and FAULTS["task_unknown_for_ever"]) or self._scenario.always
        if undone and _runs_on(self.place):
            # No run starts work while the task seems to run; an administrator has to end it.
            already = finished(self.place)
            again = self._run(**SHORT_WAIT)
            # If the first run also had other sites to do, this run can be a no-op.
            is_noop = "still running" in again.result["msg"] if again.failed else self._scenario.waits and not again.changed
            if not is_noop or finished(self.place) != already:
                self._problem(
                    "other duplicate work", "while a task was running, another run reported %r" % again.result.get("msg")
                )
            self._bench.sandbox.control("DELETE", "/tasks")
        self._converge()

    def _strike(self):
        """Run with the fault and return the Done object."""
        members, fault = self._fault.members, self._fault
        if members is None:
            with self._bench.refusing(self._nth, 0 if fault.lasting else 1):
                done = self._run(**fault.timing)
            self.struck = self._bench.refused >= self._nth
            return done
        added = self._bench.sandbox.control("POST", "/faults", dict(members, **self._where()))
        done = self._run(**fault.timing)
        entries = self._bench.sandbox.control("GET", "/faults")
        self.struck = any(entry["id"] == added["id"] and entry["seen"] >= entry["nth"] for entry in entries)
        self._bench.sandbox.control("DELETE", "/faults")
        return done

    def _where(self):
        """Return the members that select the request. Background work is selected by command, because the order of sites varies."""
        if not self._fault.task:
            return {"nth": self._nth}
        before = self._baseline.requests[: self._nth]
        return {"command": before[-1], "nth": before.count(before[-1])}

    def _run(self, **timing):
        return self._bench.run(self._scenario.operation, self.options, self.place, **timing)

    def _judge(self, done, before, after, later):
        """Record the problems of the run with the fault."""
        timing = dict({"timeout": 10, "retries": 3, "wait_timeout": 20}, **self._fault.timing)
        # A run over several sites processes them in rounds, each with its own time limits.
        rounds = -(-len(self.options.get("installs", [None])) // self.options.get("max_parallel", 1))
        # In the worst case, a write is sent twice, its lost response is looked for twice, and a read fails before and after.
        reading = timing["timeout"] * (timing["retries"] + 1)
        bound = rounds * (2 * timing["timeout"] + 2 * (SETTLE + reading) + 2 * reading) + SLACK
        if self._fault.task:
            bound = (timing["wait_timeout"] + 2 * SETTLE) * rounds + SLACK
        if done.seconds > bound:
            self._problem("exceeded time limits", "%.1f s, the limit is %.1f s" % (done.seconds, bound))
        self._judge_changed(done, before, after, later)
        if done.failed:
            self._judge_message(done)
        elif self._fault.lasting and self._nth <= len(self._baseline.requests) and done.changed != (before != after):
            self._problem("incorrect changed", "the server was down, and the task did not report it")

    def _judge_changed(self, done, before, after, later):
        """Compare C(changed) with the state of the server."""
        if done.changed == (before != after):
            return
        if done.failed and after != later and not done.changed:
            # The server did the work after the run had finished. The message must say that the outcome is unknown.
            if "does not show whether it was done" not in done.result["msg"]:
                self._problem(
                    "incorrect changed", "the work was done later, and the message does not say that this is possible"
                )
            return
        if done.failed and done.changed and (self._fault.lasting or before != later or _runs_on(self.place)):
            # The write was sent, and the state cannot be read: a sent write counts as done. Or the work started and was still running.
            return
        if done.changed and any(task["cmd"] == "restore" for task in self.place.tasks()):
            # A restore replaces files, which the records do not show. A failed restore may have started to do so.
            return
        self._problem(
            "incorrect changed",
            "changed: %s, but the server shows %s; %s"
            % (done.changed, "a change" if before != after else "none", done.result.get("msg")),
        )

    def _judge_message(self, done):
        """Check that a failure names the command, the cause, and a hint."""
        result = done.result
        failures = [result["failure"]] + [entry["failure"] for entry in result.get("results", ()) if entry["failure"]]
        if not any(failure["command"] and failure["stage"] for failure in failures):
            self._problem("unclear messages", "no command or stage: %s" % failures)
        command = str(result["failure"]["command"])
        if not (command in result["msg"] or command == "users" and "GET /users" in result["msg"]):
            self._problem("unclear messages", "the command %s is not named: %s" % (command, result["msg"]))
        if not re.search(self._fault.cause, result["msg"]):
            self._problem("unclear messages", "the cause is not named: %s" % result["msg"])
        if not any(failure["hint"] and failure["hint"] in result["msg"] for failure in failures):
            # If the server refuses with a reason, the reason replaces the hint.
            if self._fault.members is None or self._fault.members["fault"] != "refused":
                self._problem("unclear messages", "no hint: %s" % result["msg"])

    def _converge(self):
        """Run without faults twice: the first run completes the work, the second one is a no-op."""
        done = self._run()
        if done.failed:
            self._problem("not converged", "the next run failed: %s" % done.result["msg"])
            return
        self._count_work()
        state = self.place.state()
        if comparable(state) != self._baseline.state:
            self._problem("not converged", "%s instead of %s" % _difference(comparable(state), self._baseline.state))
        if not 0 <= len(state["backups"]) - self._baseline.backups <= failed_upgrades(self.place) + self._spare_backups:
            self._problem("not converged", "%d backups instead of %d" % (len(state["backups"]), self._baseline.backups))
        if self._scenario.always:
            return
        done = self._run()
        if done.failed or done.changed or self.place.state() != state:
            self._problem("not converged", "a third run: %s" % (done.result.get("msg") or done.result.get("steps")))

    def _count_work(self):
        """Record work that was done more often than in a run without faults."""
        extra = finished(self.place) - self._baseline.work - Counter(backup=self._spare_backups)
        for kind, commands in DOUBLES.items():
            for command in commands:
                if extra[command]:
                    self._problem(kind, "%s was executed %d times too often" % (command, extra[command]))
        addresses = Counter(row["url"].rstrip("/") for row in self.place.state()["installs"])
        if addresses and max(addresses.values()) > 1:
            self._problem("duplicate installs", "two installs at one URL: %s" % addresses)
        others = [command for command in extra if not any(command in commands for commands in DOUBLES.values())]
        if others and not self._scenario.always:
            self._problem("other duplicate work", ", ".join(others))

    def _problem(self, kind, text):
        self.problems.append(
            (
                kind,
                "%s at request %d (%s): %s"
                % (self._scenario.name, self._nth, (self._baseline.requests + ["?"] * self._nth)[self._nth - 1], text),
            )
        )


def prepared(bench, scenario):
    """Return a new Place in the initial state of a scenario."""
    return prepared_in(bench.sandbox, scenario)


def prepared_in(sandbox, scenario):
    """Return a new Place of a sandbox in the initial state of a scenario."""
    place = Place(sandbox)
    if "users_api" not in scenario.operation.spec.options:
        # The sandbox stores every user that a request names. Do that now, so that it does not count as a change.
        place.send("edituser")
    place.kept = (scenario.prepare(place) or {}) if scenario.prepare else {}
    return place


def since(bench):
    """Return the number of the last request."""
    return max([entry["n"] for entry in bench.sandbox.control("GET", "/requests")], default=0)


def finished(place):
    """Return how often the server completed each background command, as a Counter."""
    return Counter(task["cmd"] for task in place.tasks() if task["status"] not in ("failed", "processing"))


def failed_upgrades(place):
    """Return the number of failed upgrades. Each can leave a backup that the server made before the upgrade (C(revert))."""
    return sum(task["cmd"] == "upgrade" and task["status"] == "failed" for task in place.tasks())


def _difference(one, other):
    """Return excerpts of two texts around their first difference."""
    start = next((index for index, pair in enumerate(zip(one, other)) if pair[0] != pair[1]), min(len(one), len(other)))
    return one[max(0, start - 30) : start + 80], other[max(0, start - 30) : start + 80]


def _runs_on(place):
    """Return whether a task of the place is running."""
    return any(task["status"] not in ("failed", "complete") for task in place.tasks())
