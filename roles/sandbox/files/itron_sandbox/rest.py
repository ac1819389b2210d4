# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the newer interface that the first one lacks: reading users."""

import json

from .dispatch import check_key
from .errors import Refusal, invalid, not_found
from .wire import Reply, refusal_reply

STATUS = {"invalid_api_key": 403, "invalid_argument_user": 403, "user_not_found": 404}
LOGIN_PAGE = (200, {"Content-Type": "text/html"}, b"<!DOCTYPE html><html><body><form>Login</form></body></html>")


class RestReply(Reply):
    """A reply in the envelope of the newer interface, in which ``status`` repeats the HTTP status."""

    def __init__(self, data=None, refusal=None, **more):
        super().__init__(refusal is None, refusal.message if refusal else "The task is complete.\n", data, **more)
        self.status = STATUS.get(refusal.errcode, 400) if refusal else 200
        self.errcode = refusal.errcode if refusal else None
        self.errfield = refusal.errfield if refusal else None

    def encode(self):
        """Return the reply as UTF-8 JSON."""
        return json.dumps(dict({"result": self.result, "status": self.status, "errcode": self.errcode,
                                "errfield": self.errfield, "message": self.message, "data": self.data},
                               **self.more)).encode()


class RestRequest:
    """A request for users: ``GET /users`` or ``GET /users/{id}``; `key` is None for the command line."""

    content_type = None

    def __init__(self, method, path, query, key, interface="v2"):
        parts = [part for part in path.split("/") if part]
        self.identity = parts[1] if len(parts) > 1 else None
        self.method = method
        self.arguments = dict(query, **({"id": self.identity} if self.identity else {}))
        self.interface = interface
        self._key = key
        self._depth = len(parts)

    @property
    def command(self):
        """The method and the pattern of the path."""
        return "%s /users%s" % (self.method, "/{id}" if self.identity else "")

    def answer(self, world, fault):
        """Return the requested users."""
        if world.settings["rest"] == "v1":
            raise Refusal("Error: Unknown command.", "invalid_argument_cmd", "cmd")
        if self.interface != "cli":
            check_key(world, self._key)
        if self.method != "GET" or self._depth > 2:
            raise Refusal("Error: The sandbox only reads users here.", "sandbox_not_implemented")
        if self.identity:
            user = world.accounts.get(self.identity)
            if user is None:
                raise not_found("user", "id")
            return RestReply(shown(user))
        return self._list(world)

    def _list(self, world):
        """Return one page of the users in scope."""
        scope = self.arguments.get("user") or world.accounts.admin
        names = world.accounts.owned(scope) if scope != world.accounts.admin else world.accounts.names()
        offset, limit = (self._number(name, default) for name, default in (("offset", 0), ("limit", 50)))
        page = [shown(world.accounts.get(name) or world.accounts.blank(name))
                for name in names[offset:offset + limit]]
        return RestReply(page, total_count=len(names))

    def _number(self, name, default):
        """Return a number from the query."""
        value = str(self.arguments.get(name, default))
        if not value.isdigit():
            raise invalid(name, "A number is expected.")
        return int(value)

    def refuse(self, refusal):
        """Return the reply for a Refusal."""
        return refusal_reply(refusal) if refusal.errcode == "invalid_argument_cmd" else RestReply(None, refusal)


def shown(user):
    """Return a user in the form of the newer interface, which does not return ``package``."""
    return {"id": user["id"], "parent": user["parent"], "type": user["type"],
            "suspended": user["suspended"] == "yes", "locale": user["language"], "email": user["email"],
            "websites": [_website(website, user) for website in user["websites"]]}


def _website(website, user):
    """Return a website in the form of the newer interface, which returns ``reseller`` as ``parent``."""
    entry = {name: value for name, value in website.items() if name != "reseller"}
    entry["parent"] = website.get("reseller") or user["parent"]
    return entry
