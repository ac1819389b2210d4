# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup plugin that converts the answers to an AWX survey to variables."""

from __future__ import annotations

DOCUMENTATION = r"""
name: survey_answers
short_description: Convert the answers to a job template survey to variables
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Returns the variables for the answers to a survey. The role P(hostops.installatron.awx#role) creates the surveys, and the
    playbooks of this collection use this lookup in their first task.
  - AWX passes each answer in a variable whose name is the variable of the question with the prefix C(survey_).
  - Multiline text is converted to a list, digits to a number, and V(yes) and V(no) to booleans.
  - An empty answer sets no variable, so that defaults apply. An invalid answer is an error that contains the question.
options:
  _terms:
    description:
      - Name of the playbook, such as V(rollout).
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Set variables from the answers
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

- name: Show an answer
  ansible.builtin.debug:
    msg: "{{ rollout_exclude }}"
"""

RETURN = r"""
_raw:
  description: A dictionary with C(variable) and C(value) for each answer.
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
    """Lookup plugin."""

    def run(self, terms, variables=None, **kwargs):
        """Return the answers."""
        self.set_options(var_options=variables, direct=kwargs)
        found = []
        for term in terms:
            if term not in PLAYBOOKS:
                raise AnsibleError("survey_answers: %r has no survey. Choose from %s." % (str(term), ", ".join(PLAYBOOKS)))
            try:
                found += answered(PLAYBOOKS[term].survey, variables or {})
            except InputError as error:
                # The cause has the same message.
                raise AnsibleError(error.text()) from None
        return literal(found)
