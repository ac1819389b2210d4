# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of saved plans (PLANNING in _core/approval.py). This is a private fragment of the collection."""

from __future__ import annotations


class ModuleDocFragment:
    """The options that save a plan, and that apply one as it was approved."""

    DOCUMENTATION = r"""
options:
  make_plan:
    description:
      - Return the plan, RV(plan), in check mode. It holds no secret, and two plans of the same state are the same.
      - A run without check mode is refused, for it would carry out what is to be approved first.
    type: bool
    default: false
  plan_dest:
    description:
      - File on the controller to write the plan to, as JSON. Implies O(make_plan). Nothing is written if a site could not be planned
        for.
    type: path
  approved_plan:
    description:
      - The plan that was approved, RV(plan), as data, as a text of JSON, or as the path of a file on the controller.
      - The task reads and plans anew, and carries out only what is the same as in the plan. A site that moved since is refused
        alone, and its message says what moved. A site that would change and is not in the plan is left alone.
      - A plan of another format, for another server, made with another API key or edited by hand is refused before anything is sent,
        and so is one that was made for other sites, options or secrets than those of the task.
    type: raw
  approved_digest:
    description:
      - The digest that was approved. A plan with another one is refused.
    type: str
"""
