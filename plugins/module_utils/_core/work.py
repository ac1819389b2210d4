# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The interfaces of objects that operations manage: Work for writing, ReadWork for reading. This is a private util of the collection."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, Any, Protocol

from .._base.errors import ItronError

if TYPE_CHECKING:
    from .._wire.client import Answer
    from .plan import Plan, Step


class Report(Protocol):
    """Receives progress lines."""

    def __call__(self, text: str, always: bool = False) -> None:
        """Report a line. Lines without C(always) may be dropped if they are too frequent."""


def silent(text: str, always: bool = False) -> None:
    """Report nothing."""


class ReadWork(abc.ABC):
    """The work of a module that only reads. C(report) receives progress lines."""

    report: Report = staticmethod(silent)

    @abc.abstractmethod
    def read(self) -> Any:
        """Read the current state from the server. Raises ItronError."""

    @abc.abstractmethod
    def result(self, current: Any) -> dict[str, Any]:
        """Return the module-specific result."""

    def check(self, current: Any) -> list[str]:
        """Return warnings about the current state. Raises ItronError if the task must fail because of it."""
        return []


class Work(abc.ABC):
    """The work of a module that writes: reads, plans and verifies one object. C(report) receives progress lines.

    The abstract methods are sufficient for an object whose commands have no background task and that requires no second plan.
    """

    report: Report = staticmethod(silent)

    @abc.abstractmethod
    def read(self) -> Any:
        """Read the current state from the server. Raises ItronError."""

    @abc.abstractmethod
    def plan(self, current: Any) -> Plan:
        """Return the Plan for the current state; pure. Raises ItronError for a forbidden change."""

    @abc.abstractmethod
    def predict(self, plan: Plan, current: Any) -> Any:
        """Return the state that read_again() is expected to return, without a request."""

    @abc.abstractmethod
    def read_again(self, plan: Plan, current: Any, answer: Answer | None) -> Any:
        """Read the state after the last step. answer: the Answer of that step. Raises TaskError if an effect is missing."""

    @abc.abstractmethod
    def result(self, current: Any) -> dict[str, Any]:
        """Return the module-specific result."""

    def look(self, step: Step, current: Any) -> Any:
        """Read the state after a failed step. Raises ItronError if it cannot be read, which is the default."""
        raise ItronError("%s: the server does not show what it did" % step.command, stage="verify")

    def moved(self, before: Any, after: Any) -> bool:
        """Return whether the object differs between two states."""
        return bool(before != after)

    def is_applied(self, step: Step, current: Any) -> bool:
        """Read from the server whether it shows the effect of a step."""
        return False

    def finished(self, step: Step, current: Any) -> bool:
        """Return whether the object shows the effect of a step whose task the server no longer lists."""
        return self.is_applied(step, current)

    def running(self, step: Step, current: Any) -> dict[str, Any] | None:
        """Return the task of a step whose reply was lost, or None."""
        return None

    def earlier(self, step: Step, current: Any) -> dict[str, Any] | None:
        """Return a running task with the same effect as a step that is not sent yet, or None."""
        return self.running(step, current)

    def verify(self, step: Step, current: Any) -> None:
        """Check the server between two steps. Raises TaskError if the next step must not follow."""
        return None

    def needs_replan(self, plan: Plan, current: Any) -> bool:
        """Return whether to read and plan again after the steps."""
        return False

    def shortfall(self, plan: Plan, current: Any) -> list[str]:
        """Return warnings about values that the server accepted but does not show."""
        return []

    def is_harmless(self, step: Step, current: Any, error: ItronError) -> bool:
        """Return whether the server rejected a step because it was a no-op."""
        return False

    def blind(self, current: Any) -> bool:
        """Return whether the effect of a step cannot be read, so that a lost reply cannot be resolved."""
        return False
