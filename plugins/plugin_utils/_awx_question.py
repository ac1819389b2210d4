# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The questions that AWX asks before it runs a playbook, and what an answer must be. This is a private util of the collection."""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError

# A survey variable is the variable of the playbook with this before it.
PREFIX = "survey_"
VERSION = r"latest|latest_minor|[0-9][0-9A-Za-z.+_-]*"
AGE = r"0*[1-9][0-9]* *[mhdw]"
SIZE = r"[1-9][0-9]*|[0-9]+([.][0-9]+)?%"
NAME = r"[A-Za-z0-9][A-Za-z0-9._/-]*"
# How long a text may be, in characters.
LINE, PAGE = 1024, 65536
_TRUE, _FALSE = ("yes", "true", "on", "1"), ("no", "false", "off", "0")
_AWX_TYPES = {"text": "text", "lines": "textarea", "sites": "textarea", "expressions": "textarea", "integer": "integer", "number": "float",
              "flag": "multiplechoice", "choice": "multiplechoice", "several": "multiselect"}


class Question(NamedTuple):
    """One question of a survey.

    Arguments:
        variable: of the playbook, which the answer sets. name: what the form shows, and what an error names. description: help below it.
        kind: V(text) (one line), V(lines) (a list, one entry on a line), V(sites) (lines with a URL or an id, as a list of tables),
            V(expressions) (lines with a regular expression), V(integer), V(number), V(flag) (yes or no), V(choice), V(several) (choices).
        default: as AWX shows it; None without one. required: whether an answer is needed; AWX then wants one from a program as well, whatever the default.
        least, most: bounds of a number. choices: of V(choice) and V(several).
        pattern: regular expression that the whole text, or each line, must match; example: one that does.
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
        """Return an answer as the variable of the playbook, None if it is empty. Raises InputError that names the question."""
        if answer is None or isinstance(answer, (str, list)) and not "".join(_lines(answer)):
            if self.required:
                raise self.error("has no answer", "Answer it.")
            return None
        return _READERS[self.kind](self, answer)

    def error(self, what: str, way_out: str) -> InputError:
        """Return the InputError of an answer."""
        return InputError("survey question %r (%s%s): the answer %s" % (self.name, PREFIX, self.variable, what), hint=way_out)

    def spec(self, default: Any = None) -> dict[str, Any]:
        """Return the question as AWX stores it. default: in place of the one of the question."""
        default = self.default if default is None else default
        least, most = self.least, self.most
        if self.kind in ("text", "lines", "sites", "expressions"):
            least, most = 0, LINE if self.kind == "text" else PAGE
        choices = ("yes", "no") if self.kind == "flag" else self.choices
        return {
            "question_name": self.name, "question_description": self.description, "required": self.required, "type": _AWX_TYPES[self.kind],
            "variable": PREFIX + self.variable, "min": least, "max": most, "default": "" if default is None else default, "choices": list(choices)}

    def default_value(self) -> Any:
        """Return what AWX sends for the default: a list where several may be chosen."""
        return str(self.default).split("\n") if self.kind == "several" and self.default is not None else self.default


def answered(questions: tuple[Question, ...], variables: dict[str, Any]) -> list[dict[str, Any]]:
    """Return C(variable) and C(value) for each question that has an answer among the variables. Raises InputError.

    Arguments:
        questions: of a survey. variables: by their names, the answers among others.

    A question that nobody asked, because its survey variable does not exist, sets nothing, also where AWX would need an answer.
    """
    found = []
    for question in questions:
        name = PREFIX + question.variable
        value = question.value(variables[name]) if name in variables else None
        if value is not None:
            found.append({"variable": question.variable, "value": value})
    return found


def survey_spec(title: str, questions: tuple[Question, ...], defaults: dict[str, Any]) -> dict[str, Any]:
    """Return a survey as AWX stores it. defaults: by variable, in place of those of the questions."""
    return {"name": title, "description": "", "spec": [question.spec(defaults.get(question.variable)) for question in questions]}


# --- how answers are read ---


def _lines(answer: Any) -> list[str]:
    """Return the lines of a text, or the entries of a list, without white space around them and without empty ones."""
    entries = answer if isinstance(answer, list) else str(answer).splitlines()
    return [text for text in (str(entry).strip() for entry in entries) if text]


def _checked(question: Question, text: str) -> str:
    """Return a text that matches the pattern of its question. Raises InputError."""
    if len(text) > LINE:
        raise question.error("has a line of %d characters" % len(text), "Write at most %d." % LINE)
    if any(ord(char) < 32 or ord(char) == 127 for char in text):
        raise question.error("has a control character", "Write visible characters on one line.")
    if question.pattern is not None and not re.fullmatch(question.pattern, text):
        raise question.error("cannot be %s" % _quoted(text), "Write it like %s." % question.example)
    return text


def _quoted(value: Any) -> str:
    """Return an answer for an error, in quotes and not too long."""
    text = repr(str(value))
    return text if len(text) <= 100 else text[:100] + "...'"


def _text(question: Question, answer: Any) -> str:
    """Read one line."""
    if not isinstance(answer, (str, int, float)) or isinstance(answer, bool):
        raise question.error("is no text", "Write one line.")
    return _checked(question, str(answer).strip())


def _list(question: Question, answer: Any) -> list[str]:
    """Read a list with an entry on each line."""
    if not isinstance(answer, (str, list, int, float)) or isinstance(answer, bool):
        raise question.error("is no text", "Write one entry on each line.")
    return [_checked(question, text) for text in _lines(answer)]


def _expressions(question: Question, answer: Any) -> list[str]:
    """Read a list of regular expressions."""
    found = _list(question, answer)
    for text in found:
        try:
            re.compile(text)
        except re.error as error:
            raise question.error("has %s, which is no regular expression (%s)" % (_quoted(text), error), "Write it like %s." % question.example) from error
    return found


def _sites(question: Question, answer: Any) -> list[dict[str, str]]:
    """Read sites: a URL or an id on each line."""
    return [{"url": text} if "/" in text or "." in text else {"id": text} for text in _list(question, answer)]


def _number(question: Question, answer: Any) -> float:
    """Read a number."""
    try:
        value = float(answer) if not isinstance(answer, bool) else None
    except (TypeError, ValueError):
        value = None
    if value is None or not math.isfinite(value):
        raise question.error("is %s, which is no number" % _quoted(answer), "Write digits.")
    if question.least is not None and value < question.least or question.most is not None and value > question.most:
        bounds = ["%s %d" % (word, bound) for word, bound in (("at least", question.least), ("at most", question.most)) if bound is not None]
        raise question.error("is %s" % _quoted(answer), "It must be %s." % " and ".join(bounds))
    return value


def _integer(question: Question, answer: Any) -> int:
    """Read a whole number."""
    value = _number(question, answer)
    if value != int(value):
        raise question.error("is %s, which is no whole number" % _quoted(answer), "Write digits only.")
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
