# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter: the decisions of the role safe_update."""

from __future__ import annotations

DOCUMENTATION = r"""
name: safe_update
short_description: Decide what becomes of sites in an update
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - The decisions of the role P(hostops.installatron.safe_update#role), stage by stage. It is there for the role; its input
    and output may change with it.
options:
  _input:
    description: The cases, one table for each site; for V(find) the sites, for V(read) a text, for V(failures), V(left) and V(resumed) verdicts.
    type: raw
    required: true
  stage:
    description: What has been learnt, or is needed next. Further keyword arguments are the facts that the stage takes in.
    type: str
    required: true
    choices: [find, items, probes, preview, baseline, backups, interrupted, start, updated, restored, stop, failures, report, read, left, resumed, recall]
"""

EXAMPLES = r"""
- name: Count the sites whose verdict speaks against going on
  ansible.builtin.debug:
    msg: "{{ verdicts | hostops.installatron.safe_update('failures') }}"
  vars:
    verdicts:
      - {url: https://www.example.com, verdict: rolled_back, reason: regression}
      - {url: https://www.example.org, verdict: updated, reason: healthy}
"""

RETURN = r"""
_value:
  description: The cases with what was learnt; for V(items) and V(probes) what modules and lookup take; for V(failures) a number; for V(report) a table.
  type: raw
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_stages
from ansible_collections.hostops.installatron.plugins.plugin_utils._interrupted import STAGES as STAGES_OF_THE_NEXT_RUN
from ansible_collections.hostops.installatron.plugins.plugin_utils._safe_update import STAGES


class FilterModule:
    """Names the filter."""

    def filters(self):
        """Return the filter by its name."""
        return {"safe_update": as_stages("safe_update", {**STAGES, **STAGES_OF_THE_NEXT_RUN})}
