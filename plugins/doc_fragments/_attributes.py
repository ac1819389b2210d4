# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of what modules support. This is a private fragment of the collection."""

from __future__ import annotations


class ModuleDocFragment:
    """Attributes of the modules: a module says in its own documentation which of them it supports."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode and say what would change, without changing it.
  diff_mode:
    description: Returns what changed, or in check mode what would change, when in diff mode.
  idempotent:
    description:
      - When run twice in a row outside check mode with the same arguments, the second run changes nothing.
      - This assumes that nothing else changes the server between the two runs.
"""

    ACTIONGROUP_ITRON = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/hostops.installatron.itron) in C(module_defaults) to set options for all of these modules.
    support: full
    membership:
      - hostops.installatron.itron
"""
