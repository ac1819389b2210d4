# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private documentation fragment: saved plans (PLANNING in _core/approval.py)."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the options that save a plan and apply an approved plan."""

    DOCUMENTATION = r"""
options:
  make_plan:
    description:
      - Whether to return RV(plan) in check mode.
      - The plan contains no secrets. Identical states produce identical plans.
      - Outside check mode, the module fails, because the changes would be applied before they are approved.
    type: bool
    default: false
  plan_dest:
    description:
      - File on the controller to write the plan to, as JSON. Implies O(make_plan=true).
      - The file is not written if planning fails for a site.
    type: path
  approved_plan:
    description:
      - The approved RV(plan), as a dictionary, as a JSON string, or as the path of a file on the controller.
      - The module plans again and only applies changes that match the approved plan.
      - If the state of a site has changed, the module refuses that site and reports the difference. It does not change sites that
        are not in the plan.
      - The module refuses the whole plan, before it sends any request, if the plan has another format, was made for another
        server or with another API key, or was edited.
      - It also refuses a plan for other sites, options, or secrets than those of the task.
    type: raw
  approved_digest:
    description:
      - The approved digest. The module refuses a plan with a different digest.
    type: str
"""
