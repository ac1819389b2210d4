# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private documentation fragment: attributes of the modules."""

from __future__ import annotations


class ModuleDocFragment:
    """Descriptions of the attributes. Each module documents its level of support."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode and return a changed status prediction without modifying the server.
  diff_mode:
    description: Returns details on what has changed, or would change in check mode, when in diff mode.
  idempotent:
    description:
      - When run twice in a row outside check mode, with the same arguments, the second invocation indicates no change.
      - This assumes that the server does not change between the two runs.
"""

    ACTIONGROUP_ITRON = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/hostops.installatron.itron) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - hostops.installatron.itron
"""
