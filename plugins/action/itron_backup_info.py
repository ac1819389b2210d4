# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin that runs the module itron_backup_info on the controller."""

from __future__ import annotations

from ansible_collections.hostops.installatron.plugins.module_utils._backup.info import OPERATION
from ansible_collections.hostops.installatron.plugins.plugin_utils._action import ItronAction


class ActionModule(ItronAction):
    """Action plugin of itron_backup_info."""

    operation = OPERATION
