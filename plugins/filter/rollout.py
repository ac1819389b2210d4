# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter: the decisions of the role rollout."""

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout
short_description: Decide how an update spreads over many sites
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - The decisions of the role P(hostops.installatron.rollout#role). It is there for the role; its input and output may change with it.
options:
  _input:
    description: What the stage works on, for example the sites for V(waves), or the maintenance window for V(in_window).
    type: raw
    required: true
  stage:
    description: What is to be decided. Further keyword arguments are the facts for it.
    type: str
    required: true
    choices: [select, hold, waves, budget, in_window, begin, merge, why_stop, soaked, summary]
"""

EXAMPLES = r"""
- name: Show the sizes of the waves
  ansible.builtin.debug:
    msg: "{{ sites | hostops.installatron.rollout('waves', canary=1, sizes=['50%', '100%']) | map(attribute='of') }}"
  vars:
    sites:
      - {url: https://one.example.com}
      - {url: https://two.example.com}
      - {url: https://three.example.com}
"""

RETURN = r"""
_value:
  description: What was decided.
  type: raw
"""

from ansible_collections.hostops.installatron.plugins.plugin_utils._filters import as_stages
from ansible_collections.hostops.installatron.plugins.plugin_utils._rollout import STAGES


class FilterModule:
    """Names the filter."""

    def filters(self):
        """Return the filter by its name."""
        return {"rollout": as_stages("rollout", STAGES)}
