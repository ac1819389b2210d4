# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Survey questions of AWX and the validation of their answers. This is a private util of the collection."""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError

# Prefix of a survey variable, before the name of the playbook's variable.
PREFIX = "survey_"
VERSION = r"latest|latest_minor|[0-9][0-9A-Za-z.+_-]*"
AGE = r"0*[1-9][0-9]* *[mhdw]"
SIZE = r"[1-9][0-9]*|[0-9]+([.][0-9]+)?%"
NAME = r"[A-Za-z0-9][A-Za-z0-9._/-]*"
# Limits of texts, in characters.
LINE, PAGE = 1024, 65536
_TRUE, _FALSE = ("yes", "true", "on", "1"), ("no", "false", "off", "0")
_AWX_TYPES = {"text": "text", "lines": "textarea", "sites": "textarea", "expressions": "textarea", "integer": "integer", "number": "float",
              "flag": "multiplechoice", "choice": "multiplechoice", "several": "multiselect"}


class Question(NamedTuple):
    """One question of a survey.

    Arguments:
        variable: of the playbook, which the answer sets. name: label in the form and in errors. description: help text.
        kind: V(text) (one line), V(lines) (a list, one entry per line), V(sites) (a URL or an id per line, as a list of dictionaries),
            V(expressions) (a regular expression per line), V(integer), V(number), V(flag) (yes or no), V(choice), V(several) (choices).
        default: as AWX shows it, or None. required: whether an answer is required. AWX then also requires it in API calls, even with a default.
        least, most: limits of a number. choices: of V(choice) and V(several).
        pattern: regular expression that the whole text, or each line, must match. example: a valid value.
    """

    variable: str
    name: str
    description: str
    kind: str = "text"
    default: Any = None
    required: bool = False
    least: int | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()
    pattern: str | None = None
    example: str = ""

    def value(self, answer: Any) -> Any:
        """Return the value of the playbook's variable for an answer, None if it is empty. Raises InputError that names the question."""
        if answer is None or isinstance(answer, (str, list)) and not "".join(_lines(answer)):
            if self.required:
                raise self.error("must not be empty", "Enter an answer.")
            return None
        return _READERS[self.kind](self, answer)

    def error(self, what: str, hint: str) -> InputError:
        """Return the InputError for an answer."""
        return InputError("survey question %r (%s%s): the answer %s" % (self.name, PREFIX, self.variable, what), hint=hint)

    def spec(self, default: Any = None) -> dict[str, Any]:
        """Return the question in the form that AWX stores. default: replaces that of the question."""
        default = self.default if default is None else default
        least, most = self.least, self.most
        if self.kind in ("text", "lines", "sites", "expressions"):
            least, most = 0, LINE if self.kind == "text" else PAGE
        choices = ("yes", "no") if self.kind == "flag" else self.choices
        return {
            "question_name": self.name, "question_description": self.description, "required": self.required, "type": _AWX_TYPES[self.kind],
            "variable": PREFIX + self.variable, "min": least, "max": most, "default": "" if default is None else default, "choices": list(choices)}

    def default_value(self) -> Any:
        """Return the default as AWX sends it: a list for several choices."""
        return str(self.default).split("\n") if self.kind == "several" and self.default is not None else self.default


def answered(questions: tuple[Question, ...], variables: dict[str, Any]) -> list[dict[str, Any]]:
    """Return C(variable) and C(value) for each question with an answer in the variables. Raises InputError.

    Arguments:
        questions: of a survey. variables: name -> value, including the answers.

    A question without a survey variable was not asked and sets nothing, even if an answer is required.
    """
    found = []
    for question in questions:
        name = PREFIX + question.variable
        value = question.value(variables[name]) if name in variables else None
        if value is not None:
            found.append({"variable": question.variable, "value": value})
    return found


def survey_spec(title: str, questions: tuple[Question, ...], defaults: dict[str, Any]) -> dict[str, Any]:
    """Return a survey in the form that AWX stores. defaults: by variable, replace those of the questions."""
    return {"name": title, "description": "", "spec": [question.spec(defaults.get(question.variable)) for question in questions]}


# --- parsing of answers ---


def _lines(answer: Any) -> list[str]:
    """Return the stripped lines of a text, or entries of a list, without empty ones."""
    entries = answer if isinstance(answer, list) else str(answer).splitlines()
    return [text for text in (str(entry).strip() for entry in entries) if text]


def _checked(question: Question, text: str) -> str:
    """Return a text after validation with the pattern of its question. Raises InputError."""
    if len(text) > LINE:
        raise question.error("has a line of %d characters" % len(text), "Enter at most %d." % LINE)
    if any(ord(char) < 32 or ord(char) == 127 for char in text):
        raise question.error("has a control character", "Enter visible characters on one line.")
    if question.pattern is not None and not re.fullmatch(question.pattern, text):
        raise question.error("cannot be %s" % _quoted(text), "Use the form %s." % question.example)
    return text


def _quoted(value: Any) -> str:
    """Return an answer for an error, quoted and shortened."""
    text = repr(str(value))
    return text if len(text) <= 100 else text[:100] + "...'"


def _text(question: Question, answer: Any) -> str:
    """Read one line."""
    if not isinstance(answer, (str, int, float)) or isinstance(answer, bool):
        raise question.error("is not a text", "Enter one line.")
    return _checked(question, str(answer).strip())


def _list(question: Question, answer: Any) -> list[str]:
    """Read a list with one entry per line."""
    if not isinstance(answer, (str, list, int, float)) or isinstance(answer, bool):
        raise question.error("is not a text", "Enter one entry per line.")
    return [_checked(question, text) for text in _lines(answer)]


def _expressions(question: Question, answer: Any) -> list[str]:
    """Read a list of regular expressions."""
    found = _list(question, answer)
    for text in found:
        try:
            re.compile(text)
        except re.error as error:
            raise question.error("contains %s, which is not a regular expression (%s)" % (_quoted(text), error),
                                 "Use the form %s." % question.example) from error
    return found


def _sites(question: Question, answer: Any) -> list[dict[str, str]]:
    """Read sites: one URL or id per line."""
    return [{"url": text} if "/" in text or "." in text else {"id": text} for text in _list(question, answer)]


def _number(question: Question, answer: Any) -> float:
    """Read a number."""
    try:
        value = float(answer) if not isinstance(answer, bool) else None
    except (TypeError, ValueError):
        value = None
    if value is None or not math.isfinite(value):
        raise question.error("is %s, which is not a number" % _quoted(answer), "Enter digits.")
    if question.least is not None and value < question.least or question.most is not None and value > question.most:
        bounds = ["%s %d" % (word, bound) for word, bound in (("at least", question.least), ("at most", question.most)) if bound is not None]
        raise question.error("is %s" % _quoted(answer), "It must be %s." % " and ".join(bounds))
    return value


def _integer(question: Question, answer: Any) -> int:
    """Read a whole number."""
    value = _number(question, answer)
    if value != int(value):
        raise question.error("is %s, which is not a whole number" % _quoted(answer), "Enter only digits.")
    return int(value)


def _flag(question: Question, answer: Any) -> bool:
    """Read yes or no."""
    text = str(answer).strip().lower()
    if text not in _TRUE + _FALSE:
        raise question.error("is %s" % _quoted(answer), "Choose yes or no.")
    return text in _TRUE


def _choice(question: Question, answer: Any) -> str:
    """Read one of the choices."""
    text = str(answer).strip()
    if text not in question.choices:
        raise question.error("is %s" % _quoted(answer), "Choose one of: %s." % ", ".join(question.choices))
    return text


def _several(question: Question, answer: Any) -> list[str]:
    """Read some of the choices."""
    return [_choice(question, text) for text in _lines(answer)]


_READERS = {"text": _text, "lines": _list, "sites": _sites, "expressions": _expressions, "integer": _integer, "number": _number, "flag": _flag,
            "choice": _choice, "several": _several}
