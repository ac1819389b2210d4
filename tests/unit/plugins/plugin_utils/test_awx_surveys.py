# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Surveys: the answers that a question accepts, and the match between questions and playbooks."""

import pathlib
import re

import pytest
import yaml

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_playbooks import PLAYBOOKS
from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_question import PREFIX, Question, answered

ROOT = pathlib.Path(__file__).resolve().parents[4]
ALL = [(key, question) for key, playbook in PLAYBOOKS.items() for question in playbook.survey]
IDS = ["%s %s" % (key, question.variable) for key, question in ALL]


def question(kind="text", **more):
    """Return a question."""
    return Question("rollout_x", "Which x", "", kind, **more)


@pytest.mark.parametrize(("kind", "more", "answer", "value"), [
    ("text", {}, " a b ", "a b"), ("text", {}, 5, "5"), ("text", {}, "{{ x }}", "{{ x }}"), ("text", {}, "", None), ("text", {}, " \n", None),
    ("text", {}, None, None), ("text", {"pattern": "[a-z]+"}, "abc", "abc"),
    ("lines", {}, "a\r\n\n b \n", ["a", "b"]), ("lines", {}, ["a", "b"], ["a", "b"]), ("lines", {}, [], None), ("lines", {}, "1,2", ["1,2"]),
    ("expressions", {}, "[.]a$", ["[.]a$"]),
    ("sites", {}, "http://a.example\n4yhfygnd10ws0wc8skck444s", [{"url": "http://a.example"}, {"id": "4yhfygnd10ws0wc8skck444s"}]),
    ("integer", {"least": 0, "most": 9}, 0, 0), ("integer", {"least": 0, "most": 9}, "9", 9), ("integer", {"least": -1}, -1, -1), ("integer", {}, 3.0, 3),
    ("number", {"least": 0}, "0.5", 0.5), ("number", {}, 2, 2.0),
    ("flag", {}, "yes", True), ("flag", {}, "no", False), ("flag", {}, True, True), ("flag", {}, False, False), ("flag", {}, "", None),
    ("choice", {"choices": ("a", "b")}, "b", "b"), ("several", {"choices": ("a", "b")}, ["a"], ["a"]), ("several", {"choices": ("a", "b")}, "a\nb", ["a", "b"]),
])
def test_answer_accepted(kind, more, answer, value):
    found = question(kind, **more).value(answer)
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(("kind", "more", "answer", "words"), [
    ("text", {"required": True}, "", "must not be empty"), ("text", {"required": True}, None, "must not be empty"),
    ("lines", {"required": True}, " \n ", "must not be empty"),
    ("text", {}, "a\nb", "control character"), ("text", {}, "a\x00", "control character"), ("text", {}, "a" * 1025, "1025 characters"),
    ("text", {}, {"a": 1}, "is not a text"), ("text", {}, True, "is not a text"), ("text", {"pattern": "[a-z]+", "example": "abc"}, "a1", "Use the form abc"),
    ("lines", {"pattern": "[a-z]+", "example": "abc"}, "abc\nA", "cannot be 'A'"), ("lines", {}, {"a": 1}, "is not a text"),
    ("lines", {}, "a\tb", "control character"),
    ("expressions", {"example": "a"}, "a\n(", "not a regular expression"),
    ("integer", {}, "x", "not a number"), ("integer", {}, "1.5", "not a whole number"),
    ("integer", {}, True, "not a number"), ("integer", {}, [1], "not a number"),
    ("integer", {"least": 0, "most": 9}, 10, "at least 0 and at most 9"), ("integer", {"least": 0, "most": 9}, -1, "at least 0"),
    ("number", {}, "nan", "not a number"), ("integer", {}, "inf", "not a number"),
    ("flag", {}, "maybe", "yes or no"), ("choice", {"choices": ("a", "b")}, "c", "one of: a, b"), ("several", {"choices": ("a",)}, ["a", "c"], "one of: a"),
])
def test_answer_refused_names_question(kind, more, answer, words):
    with pytest.raises(InputError) as info:
        question(kind, **more).value(answer)
    assert re.search(re.escape("'Which x' (survey_rollout_x)"), info.value.text()) and words in info.value.text()


def test_answers_ignore_unknown_variables():
    questions = (question(required=True), Question("rollout_y", "Which y", "", default="2"))
    assert answered(questions, {"rollout_x": "1", "other": 2}) == []
    assert answered(questions, {PREFIX + "rollout_x": "1", PREFIX + "rollout_y": ""}) == [{"variable": "rollout_x", "value": "1"}]


@pytest.mark.parametrize(("key", "asked"), ALL, ids=IDS)
def test_default_and_example_accepted(key, asked):
    if asked.default is not None:
        assert asked.value(asked.default_value()) is not None
    if asked.pattern is not None:
        assert asked.value(asked.example) is not None


@pytest.mark.parametrize(("key", "asked"), ALL, ids=IDS)
def test_variable_known_to_playbook(key, asked):
    text = (ROOT / "playbooks" / ("%s.yml" % PLAYBOOKS[key].playbook)).read_text(encoding="utf-8")
    assert "query('hostops.installatron.survey_answers', '%s')" % PLAYBOOKS[key].playbook in text
    known = {name for path in (ROOT / "roles").glob("*/meta/argument_specs.yml")
             for spec in yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"].values() for name in spec["options"]}
    assert asked.variable in known or re.search(r"\b%s\b" % asked.variable, text.replace("survey_answers", ""))


@pytest.mark.parametrize("key", sorted(PLAYBOOKS))
def test_variables_unique(key):
    variables = [asked.variable for asked in PLAYBOOKS[key].survey]
    assert len(set(variables)) == len(variables)
    assert PLAYBOOKS[PLAYBOOKS[key].playbook].survey == PLAYBOOKS[key].survey
