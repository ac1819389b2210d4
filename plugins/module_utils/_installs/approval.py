# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Plans that are saved, approved, and applied exactly; pure. This is a private util of the collection.

A saved plan holds no secret: where one decides, it has a fingerprint, which nobody can compute or guess without the API key.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from .._base.errors import InputError, ItronError
from .._base.url import identity_of
from .._fleet.progress import summary_of_plan

if TYPE_CHECKING:
    from .._fleet.attempts import SiteAttempt

# Of the document; raised when an older collection would misread it.
FORMAT = 1
# What the key of the fingerprints is derived for, so that one of another kind is never equal.
_PURPOSE = b"hostops.installatron saved plan"
# Characters of a fingerprint: 80 bits.
_LENGTH = 20
# Members of a site that a person is told by name when they moved.
_MAX_NAMED = 8


class Seal:
    """Makes fingerprints with the API key."""

    def __init__(self, api_key: str) -> None:
        self._key = hmac.new(str(api_key).encode(), _PURPOSE, hashlib.sha256).digest()

    def of(self, value: Any) -> str:
        """Return the fingerprint of a nested value; the order of its keys makes no difference."""
        return hmac.new(self._key, canonical(value).encode(), hashlib.sha256).hexdigest()[:_LENGTH]


def canonical(value: Any) -> str:
    """Return a value as JSON that is the same for the same value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)


def site_plan(url: str, pruned: bool, header: dict[str, Any], attempt: SiteAttempt, seal: Seal, clean: Callable[[Any], Any]) -> dict[str, Any]:
    """Return what a saved plan says of one site.

    Arguments:
        url: of the site. pruned: whether it is removed because nobody lists it. header: user, reseller and websites in API
            form. attempt: the prepared SiteAttempt. clean: callable(value) -> value without secrets.
    """
    id = (attempt.found or {}).get("id")
    before, after = (clean(side) for side in attempt.diff)
    return {
        "url": url, "id": None if id is None else str(id), "action": clean(summary_of_plan(attempt.plan)), "pruned": pruned,
        "header": seal.of(header), "found": {name: seal.of(value) for name, value in attempt.work.lasting(attempt.current).items()},
        "steps": [_step(step.command, step.arguments, seal, clean) for step in attempt.plan.steps], "before": before, "after": after,
    }


def _step(command: str, arguments: dict[str, Any], seal: Seal, clean: Callable[[Any], Any]) -> dict[str, Any]:
    """Return a step: its arguments as they are, and fingerprints of those that hold a secret."""
    shown = clean(arguments)
    secret = {name: seal.of(value) for name, value in arguments.items() if shown.get(name) != value}
    return {"command": command, "arguments": {name: value for name, value in arguments.items() if name not in secret}, "secrets": secret}


def saved_plan(server: str, desired: Iterable[Any], sites: list[dict[str, Any]], total: int, seal: Seal) -> dict[str, Any]:
    """Return the document of a saved plan, with its digest.

    Arguments:
        server: its address. desired: all that the task wants, site by site. sites: what is to be done, see site_plan().
        total: number of sites that were compared.
    """
    document = {"format": FORMAT, "server": server, "desired": seal.of(sorted(map(canonical, desired))), "total": total,
                "sites": sorted(sites, key=_place)}
    return dict(document, digest=seal.of(document))


def _place(site: dict[str, Any]) -> tuple[str, str]:
    """Return where a site stands in a plan."""
    return str(site["url"]), str(site["id"])


class Approved:
    """A plan that was approved.

    Arguments:
        document: the plan, as it came. digest: the digest that was approved, or None. server: the address of the server of this run.
        seal: a Seal with its API key.

    Raises InputError for what is no plan, or one of another format, for another server, with another key, or edited by hand.
    """

    def __init__(self, document: Any, digest: str | None, server: str, seal: Seal) -> None:
        if not isinstance(document, dict) or not isinstance(document.get("sites"), list):
            raise InputError("approved_plan: this is no plan", hint="Make one in check mode with make_plan.")
        if document.get("format") != FORMAT:
            raise InputError("approved_plan: its format is %s, and this version of the collection applies format %d" % (document.get("format"), FORMAT),
                             hint="Make the plan again with this version.")
        if document.get("server") != server:
            raise InputError("approved_plan: it was made for %s, and this is %s" % (document.get("server"), server))
        own = seal.of({name: value for name, value in document.items() if name != "digest"})
        if own != document.get("digest"):
            raise InputError("approved_plan: its digest does not fit: it was edited, or made with another API key", hint="Make the plan again.")
        if digest is not None and own != digest:
            raise InputError("approved_digest: %s was approved, and this plan is %s" % (digest, own))
        self._desired = document["desired"]
        self._sites = {identity_of(site["url"]): site for site in document["sites"]}
        self._seal = seal

    def check_desired(self, desired: Iterable[Any]) -> None:
        """Raise InputError if the task wants anything else than when the plan was made; secrets count."""
        if self._seal.of(sorted(map(canonical, desired))) != self._desired:
            raise InputError("approved_plan: the sites of the task are not those that it was made for: a file, an option or a secret is another one",
                             hint="Make the plan again, and have it approved.")

    def has(self, url: object) -> bool:
        """Say whether something was approved for a site."""
        return identity_of(url) in self._sites

    def check(self, now: dict[str, Any]) -> None:
        """Raise ItronError that says what moved, if a site is not to be done as it was approved. now: see site_plan()."""
        approved = self._sites[identity_of(now["url"])]
        if not now["steps"] or all(now[name] == approved.get(name) for name in ("found", "steps", "header", "pruned")):
            return
        found, before = now["found"], approved.get("found") or {}
        moved = sorted(name for name in {*found, *before} if found.get(name) != before.get(name))
        told = ["on the server: %s%s" % (", ".join(moved[:_MAX_NAMED]), ", ..." if len(moved) > _MAX_NAMED else "")] if moved else []
        if now["steps"] != approved.get("steps"):
            told.append("approved was: %s; now it would be: %s" % (approved.get("action"), now["action"]))
        raise ItronError("the site moved since the plan was made (%s)" % ("; ".join(told) or "its user or websites"), stage="plan",
                         hint="Nothing was sent for it. Make the plan again.")
