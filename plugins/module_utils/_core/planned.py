# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""One run of an operation with a plan that can be saved and approved. This is a private util of the collection."""

from __future__ import annotations

from typing import Any

from .._base.errors import ItronError
from .._wire.header import header
from .approval import Approval, wanted
from .operation import Attempt


class PlannedAttempt(Attempt):
    """An Attempt that returns its plan, or executes an approved plan. Its work has C(lasting) and C(place)."""

    work: Any
    _approval: Approval | None = None
    _saved: dict[str, Any] | None = None

    def go(self, params: dict[str, Any]) -> None:
        """Execute the operation. Raises ItronError."""
        self._approval = Approval(params, self._check_mode, [wanted(params)])
        self._header = header(params)
        super().go(params)

    def prepare(self) -> None:
        """Read and plan. Raises ItronError, also if the plan is not the approved one."""
        super().prepare()
        approval = self._approval
        if approval is None or not (approval.wants_plan or approval.is_given):
            return
        site = approval.site(self.work.place(self.current), False, self._header, self, self.redactor.value)
        if approval.wants_plan:
            self._saved = approval.document([site] if self.plan.steps else [], 1)
        elif self.plan.steps and not approval.has(site):
            raise ItronError("approved_plan: the site would change (%s), but the plan does not contain it" % site["action"], stage="plan",
                             hint="Nothing was sent for this site. Create the plan again.")
        else:
            approval.check(site)

    def result(self, diff: bool) -> dict[str, Any]:
        """Return the result so far, without secrets except for requested ones."""
        result = super().result(diff)
        return result if self._saved is None else dict(result, plan=self._saved)
