# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs itron_restore_drill on the controller; documented in the module."""

from __future__ import annotations

from ansible_collections.hostops.installatron.plugins.module_utils._drill.work import OPERATION
from ansible_collections.hostops.installatron.plugins.plugin_utils._action import ItronAction


class ActionModule(ItronAction):
    """The operation of itron_restore_drill, run on the controller."""

    operation = OPERATION
