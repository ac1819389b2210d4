# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup: the answers of a survey of AWX as variables of a playbook."""

from __future__ import annotations

DOCUMENTATION = r"""
name: survey_answers
short_description: Read the answers to the survey of a job template
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Returns the variables that the answers to a survey stand for. The surveys are those of the role P(hostops.installatron.awx#role), and the
    playbooks of this collection use it in their first task.
  - The answer to a question is in a variable with the name that the question sets, and C(survey_) before it, as AWX sends it. A text with lines
    becomes a list, a text with digits a number, V(yes) and V(no) become booleans.
  - An empty answer sets nothing, so a default holds. A bad answer is an error that names the question.
options:
  _terms:
    description:
      - The playbook, such as V(rollout).
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Take the answers of the survey
  ansible.builtin.set_fact:
    "{{ item.variable }}": "{{ item.value }}"
  loop: "{{ query('hostops.installatron.survey_answers', 'rollout') }}"
  loop_control:
    label: "{{ item.variable }}"
  vars:
    survey_rollout_canary: 2
    survey_rollout_exclude: |
      *.staging.example.com
      shop.example.com

- name: Show what was answered
  ansible.builtin.debug:
    msg: "{{ rollout_exclude }}"
"""

RETURN = r"""
_raw:
  description: For each answer, C(variable), and C(value).
  type: list
  elements: dict
"""

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_playbooks import PLAYBOOKS
from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_question import answered
from ansible_collections.hostops.installatron.plugins.plugin_utils._literal import literal


class LookupModule(LookupBase):
    """The lookup."""

    def run(self, terms, variables=None, **kwargs):
        """Return the answers."""
        self.set_options(var_options=variables, direct=kwargs)
        found = []
        for term in terms:
            if term not in PLAYBOOKS:
                raise AnsibleError("survey_answers: there is no survey of %r. Choose from %s." % (str(term), ", ".join(PLAYBOOKS)))
            try:
                found += answered(PLAYBOOKS[term].survey, variables or {})
            except InputError as error:
                # The cause would say the same again.
                raise AnsibleError(error.text()) from None
        return literal(found)
