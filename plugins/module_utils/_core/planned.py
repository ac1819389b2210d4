# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""One run of an operation at one object whose plan can be saved and approved. This is a private util of the collection."""

from __future__ import annotations

from typing import Any

from .._base.errors import ItronError
from .._wire.header import header
from .approval import Approval, wanted
from .operation import Attempt


class PlannedAttempt(Attempt):
    """An Attempt that returns its plan, or carries out an approved one. Its work has C(lasting) and C(place)."""

    work: Any
    _approval: Approval | None = None
    _saved: dict[str, Any] | None = None

    def go(self, params: dict[str, Any]) -> None:
        """Carry out the operation; raises ItronError."""
        self._approval = Approval(params, self._check_mode, [wanted(params)])
        self._header = header(params)
        super().go(params)

    def prepare(self) -> None:
        """Read and plan; raises ItronError, also if the plan is not the approved one."""
        super().prepare()
        approval = self._approval
        if approval is None or not (approval.wants_plan or approval.is_given):
            return
        site = approval.site(self.work.place(self.current), False, self._header, self, self.redactor.value)
        if approval.wants_plan:
            self._saved = approval.document([site] if self.plan.steps else [], 1)
        elif self.plan.steps and not approval.has(site):
            raise ItronError("approved_plan: the site would change, and is not in it (now it would be: %s)" % site["action"], stage="plan",
                             hint="Nothing was sent for it. Make the plan again.")
        else:
            approval.check(site)

    def result(self, diff: bool) -> dict[str, Any]:
        """Return the result as far as it is known, without secrets but those that the caller asked for."""
        result = super().result(diff)
        return result if self._saved is None else dict(result, plan=self._saved)
