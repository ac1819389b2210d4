# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The encoding of requests and replies.

Requests are JSON or simple URL-encoded values (section 2), regardless of the content type: PHP's curl sends
a JSON string with the content type of a form (the example of section 3.3).
"""

import json
import re
from urllib.parse import unquote_plus

BRACKETS = re.compile(r"\[([^\[\]]*)\]")


class BadRequest(Exception):
    """The body is not a request."""


class RawJson(str):
    """JSON text. Long lists are built as text because encoding them again is slow."""


class Reply:
    """A reply of the server: `result`, `message`, `data` and, for background work, `task`.

    `status` is the HTTP status; version 1 of the API always uses 200.
    """

    status = 200

    def __init__(self, result=True, message="", data=None, **more):
        self.result = result
        self.message = message
        self.data = data
        self.more = more

    def encode(self):
        """Return the reply as UTF-8 JSON in the order of the specification's samples."""
        parts = ['"result": %s' % json.dumps(self.result), '"message": %s' % json.dumps(self.message)]
        extra = ['%s: %s' % (json.dumps(name), json.dumps(value)) for name, value in self.more.items()
                 if name != "task"]
        data = str(self.data) if isinstance(self.data, RawJson) else json.dumps(self.data)
        parts += extra + ['"data": %s' % data]
        if "task" in self.more:
            parts.append('"task": %s' % json.dumps(self.more["task"]))
        return ("{%s}" % ", ".join(parts)).encode()


def refusal_reply(refusal):
    """Return the reply for a `Refusal`; ``data`` is null on failure (sample of section 3.4)."""
    more = {}
    if refusal.errcode:
        more["errcode"] = refusal.errcode
    if refusal.errfield:
        more["errfield"] = refusal.errfield
    return Reply(False, refusal.message, None, **more)


def parse_body(body):
    """Return the arguments in a request `body` (bytes) as a dict; raise BadRequest if it is invalid."""
    text = body.decode("utf-8", "replace").strip()
    if text[:1] in "{[" and text:
        try:
            arguments = json.loads(text)
        except ValueError as error:
            raise BadRequest("The request is not valid JSON.") from error
        if not isinstance(arguments, dict):
            raise BadRequest("The request must be a JSON object.")
        return arguments
    return parse_pairs([pair.partition("=")[::2] for pair in text.split("&") if pair], decode=True)


def parse_pairs(pairs, decode=False):
    """Return `pairs` of name and value as a dict; brackets in names are interpreted as in PHP.

    ``websites[0][vhosts][http://company.com]=httpdocs`` becomes a list with a dict that contains a dict.
    """
    arguments = {}
    for name, value in pairs:
        if decode:
            name, value = unquote_plus(name), unquote_plus(value)
        # In the specification's examples, pairs of a wrapped line are separated by a space.
        name = name.strip()
        head, bracket, _rest = name.partition("[")
        keys = [head] + (BRACKETS.findall(name[len(head):]) if bracket else [])
        _put(arguments, keys, value)
    return _lists(arguments)


def _put(target, keys, value):
    """Store `value` under the nested `keys`; an empty key appends, as in ``a[]=1``."""
    for key in keys[:-1]:
        key = key or str(len(target))
        if not isinstance(target.get(key), dict):
            target[key] = {}
        target = target[key]
    target[keys[-1] or str(len(target))] = value


def _lists(value):
    """Convert dicts whose keys count 0, 1, 2, ... to lists."""
    if not isinstance(value, dict):
        return value
    value = {key: _lists(item) for key, item in value.items()}
    if value and list(value) == [str(number) for number in range(len(value))]:
        return list(value.values())
    return value
