# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What an object must do for an operation: Work for what writes, ReadWork for what only reads. This is a private util of the collection."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, Any, Protocol

from .._base.errors import ItronError

if TYPE_CHECKING:
    from .._wire.client import Answer
    from .plan import Plan, Step


class Report(Protocol):
    """Takes a line of progress."""

    def __call__(self, text: str, always: bool = False) -> None:
        """Take a line; one that is not marked as always may be left out when lines come fast."""


def silent(text: str, always: bool = False) -> None:
    """Report nothing."""


class ReadWork(abc.ABC):
    """The work of a module that only reads; C(report) takes lines of progress."""

    report: Report = staticmethod(silent)

    @abc.abstractmethod
    def read(self) -> Any:
        """Look at the server and return the current state. Raises ItronError."""

    @abc.abstractmethod
    def result(self, current: Any) -> dict[str, Any]:
        """Return the module's own result keys."""

    def check(self, current: Any) -> list[str]:
        """Return warnings about the current state; raises ItronError if the task fails in spite of a good reading."""
        return []


class Work(abc.ABC):
    """The work of a module that writes: how one object is read, planned, and proven; C(report) takes lines of progress.

    An object whose commands have no background task, and that needs no second plan, has the five abstract methods and
    those of the others that it can say more about.
    """

    report: Report = staticmethod(silent)

    @abc.abstractmethod
    def read(self) -> Any:
        """Look at the server and return the current state. Raises ItronError."""

    @abc.abstractmethod
    def plan(self, current: Any) -> Plan:
        """Return the Plan for the current state; pure. Raises ItronError for what must not be done."""

    @abc.abstractmethod
    def predict(self, plan: Plan, current: Any) -> Any:
        """Return the state that read_again() is expected to return, without a look at the server."""

    @abc.abstractmethod
    def read_again(self, plan: Plan, current: Any, answer: Answer | None) -> Any:
        """Return the state after the last step; C(answer) is the one to that step. Raises TaskError if something is missing."""

    @abc.abstractmethod
    def result(self, current: Any) -> dict[str, Any]:
        """Return the module's own result keys."""

    def look(self, step: Step, current: Any) -> Any:
        """Return the state as a step left it that failed. Raises ItronError where it cannot be read, as here."""
        raise ItronError("%s: the server does not show what it did" % step.command, stage="verify")

    def moved(self, before: Any, after: Any) -> bool:
        """Say whether the object differs between two states."""
        return bool(before != after)

    def is_applied(self, step: Step, current: Any) -> bool:
        """Look at the server and say whether it shows what a step should do."""
        return False

    def finished(self, step: Step, current: Any) -> bool:
        """Say whether the object is as a step leaves it whose task the server had and does not list any more."""
        return self.is_applied(step, current)

    def running(self, step: Step, current: Any) -> dict[str, Any] | None:
        """Return the task of a step whose answer got lost, or None."""
        return None

    def earlier(self, step: Step, current: Any) -> dict[str, Any] | None:
        """Return a running task that does what a step would do, before the step is sent, or None."""
        return self.running(step, current)

    def verify(self, step: Step, current: Any) -> None:
        """Look at the server between two steps. Raises TaskError if the next step must not follow."""
        return None

    def needs_replan(self, plan: Plan, current: Any) -> bool:
        """Say whether to read and plan once more after the steps."""
        return False

    def shortfall(self, plan: Plan, current: Any) -> list[str]:
        """Return warnings for what the server accepted and does not show."""
        return []

    def is_harmless(self, step: Step, current: Any, error: ItronError) -> bool:
        """Say whether the server's refusal of a step means that there was nothing to do."""
        return False

    def blind(self, current: Any) -> bool:
        """Say whether nothing can be read that would show what a step did; a lost answer is then not looked for."""
        return False
