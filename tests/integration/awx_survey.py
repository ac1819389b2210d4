# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validation of AWX surveys and of their answers, based on AWX's public documentation."""

TYPES = {"text": str, "textarea": str, "password": str, "multiplechoice": str, "multiselect": str, "integer": int, "float": (int, float)}
MEMBERS = {"question_name", "question_description", "required", "type", "variable", "min", "max", "default", "choices", "new_question"}


def survey_problem(spec):
    """Return why AWX refuses a survey, or None."""
    for name, kind in (("name", str), ("description", str), ("spec", list)):
        if not isinstance(spec.get(name), kind):
            return "Field '%s' is missing from survey spec, or of another type." % name
    if set(spec) != {"name", "description", "spec"} or not spec["spec"]:
        return "'spec' doesn't contain any items, or the survey has unknown fields."
    variables = [question.get("variable") for question in spec["spec"]]
    if len(set(variables)) < len(variables):
        return "'variable' duplicated in survey question."
    return next((problem for problem in map(_question_problem, spec["spec"]) if problem), None)


def _question_problem(question):
    """Return why AWX refuses a question, or None."""
    name = question.get("variable")
    if set(question) - MEMBERS:
        return "%s: unknown fields %s" % (name, sorted(set(question) - MEMBERS))
    for member, kind in (("type", str), ("question_name", str), ("variable", str), ("required", bool)):
        if not isinstance(question.get(member), kind):
            return "'%s' in survey question %s expected to be %s." % (member, name, kind.__name__)
    if question["type"] not in TYPES:
        return "%s: type %s is not allowed" % (name, question["type"])
    if any(question.get(bound) is not None and not isinstance(question[bound], int) for bound in ("min", "max")):
        return "%s: the min or max limit is expected to be integer." % name
    default = question.get("default", "")
    if default != "" and (not isinstance(default, TYPES[question["type"]]) or isinstance(default, bool)):
        return "Default value %r in survey question %s is of another type." % (default, name)
    if question["type"] in ("multiplechoice", "multiselect"):
        choices = choices_of(question)
        defaults = [line for line in default.splitlines() if line.strip()]
        if not choices:
            return "Survey question %s must specify choices." % name
        if any(line not in choices for line in defaults) or question["type"] == "multiplechoice" and len(defaults) > 1:
            return "%s: the default must be one of the choices." % name
    return None


def choices_of(question):
    """Return the choices of a question. They may be a string with one choice per line."""
    choices = question.get("choices") or []
    return choices.split("\n") if isinstance(choices, str) else choices


def answers_problems(spec, answers, needs=True):
    """Return why AWX refuses answers, by variable. needs: whether a required question must be answered even if it has a default."""
    problems = {}
    questions = {question["variable"]: question for question in spec.get("spec", [])}
    for name, question in questions.items():
        if name in answers:
            problem = _answer_problem(question, answers[name])
            if problem:
                problems[name] = problem
        elif needs and question["required"]:
            problems[name] = "'%s' value missing" % name
    problems.update((name, "not allowed on launch") for name in answers if name not in questions)
    return problems


def _answer_problem(question, value):
    """Return why AWX refuses an answer, or None."""
    kind = question["type"]
    if kind == "multiselect":
        return None if isinstance(value, list) and all(item in choices_of(question) for item in value) else "expected to be a list of choices"
    if not isinstance(value, TYPES[kind]) or isinstance(value, bool):
        return "expected to be %s" % kind
    if kind == "multiplechoice":
        return None if value in choices_of(question) else "expected to be one of the choices"
    size = len(value) if isinstance(value, str) else value
    if kind in ("text", "textarea", "password") and value == "" and not question["required"]:
        return None
    if question.get("min") is not None and size < question["min"] or question.get("max") is not None and size > question["max"]:
        return "is too small or too large"
    return None


def defaults_of(spec):
    """Return the default answers of a survey."""
    found = {}
    for question in spec.get("spec", []):
        default = question.get("default", "")
        if question["type"] == "multiselect":
            found[question["variable"]] = [line for line in default.splitlines() if line]
        elif default != "" or question["type"] in ("text", "textarea"):
            found[question["variable"]] = default
    return found
