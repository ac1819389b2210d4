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
from typing import TYPE_CHECKING, Any, Protocol

from .._base.errors import InputError, ItronError
from .._base.url import identity_of
from .argspec import CONNECTION, PACE, WAIT, ArgumentSpec
from .connection import server_name
from .plan import summary_of_plan

if TYPE_CHECKING:
    from .plan import Plan

PLANNING = ArgumentSpec({
    "make_plan": {"type": "bool", "default": False},
    "plan_dest": {"type": "path"},
    "approved_plan": {"type": "raw"},
    "approved_digest": {"type": "str"},
})
# Options that say how a task reaches the server and waits, not what it wants.
_HOW = frozenset((*CONNECTION.options, *WAIT.options, *PACE.options, *PLANNING.options))

# Of the document; raised when an older collection would misread it.
FORMAT = 1
# What the key of the fingerprints is derived for, so that one of another kind is never equal.
_PURPOSE = b"hostops.installatron saved plan"
# Characters of a fingerprint: 80 bits.
_LENGTH = 20
# Members of a site that a person is told by name when they moved.
_MAX_NAMED = 8


class Prepared(Protocol):
    """What a saved plan asks of an Attempt at a site that is prepared; its work has C(lasting)."""

    work: Any
    current: Any
    plan: Plan
    diff: tuple[dict[str, Any], dict[str, Any]]


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


def site_plan(url: str, pruned: bool, header: dict[str, Any], attempt: Prepared, seal: Seal, clean: Callable[[Any], Any]) -> dict[str, Any]:
    """Return what a saved plan says of one site.

    Arguments:
        url: of the site. pruned: whether it is removed because nobody lists it. header: user, reseller and websites in API
            form. attempt: see Prepared. clean: callable(value) -> value without secrets.
    """
    row = attempt.current.row
    before, after = (clean(side) for side in attempt.diff)
    return {
        "url": url, "id": None if row is None else str(row["id"]), "action": clean(summary_of_plan(attempt.plan)), "pruned": pruned,
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
        self._by_id = {str(site["id"]): site for site in document["sites"] if site["id"] is not None}
        self._by_site = {identity_of(site["url"]): site for site in document["sites"]}
        self._seal = seal

    def check_desired(self, desired: Iterable[Any]) -> None:
        """Raise InputError if the task wants anything else than when the plan was made; secrets count."""
        if self._seal.of(sorted(map(canonical, desired))) != self._desired:
            raise InputError("approved_plan: the sites of the task are not those that it was made for: a file, an option or a secret is another one",
                             hint="Make the plan again, and have it approved.")

    def find(self, now: dict[str, Any]) -> dict[str, Any] | None:
        """Return what was approved for a site, or None. now: see site_plan()."""
        return self._by_id.get(str(now["id"])) or self._by_site.get(identity_of(now["url"]))

    def check(self, now: dict[str, Any]) -> None:
        """Raise ItronError that says what moved, if a site that was found in the plan is not to be done as it was approved."""
        approved = self.find(now) or {}
        if not now["steps"] or all(now[name] == approved.get(name) for name in ("found", "steps", "header", "pruned")):
            return
        found, before = now["found"], approved.get("found") or {}
        moved = sorted(name for name in {*found, *before} if found.get(name) != before.get(name))
        told = ["on the server: %s%s" % (", ".join(moved[:_MAX_NAMED]), ", ..." if len(moved) > _MAX_NAMED else "")] if moved else []
        if now["steps"] != approved.get("steps"):
            told.append("approved was: %s; now it would be: %s" % (approved.get("action"), now["action"]))
        raise ItronError("the site moved since the plan was made (%s)" % ("; ".join(told) or "its user or websites"), stage="plan",
                         hint="Nothing was sent for it. Make the plan again.")


class Approval:
    """What one run has to do with saved plans.

    Arguments:
        params: the validated options of the task, those of PLANNING among them. check_mode: whether nothing is changed.
        desired: all that the task wants, site by site; a plan for anything else is another plan.

    Raises InputError for options that do not fit together, and for a plan that is not for this task.
    """

    def __init__(self, params: dict[str, Any], check_mode: bool, desired: Iterable[Any]) -> None:
        _check_options(params, check_mode)
        self._server = server_name(params)
        self._seal = Seal(params["api_key"])
        self._desired = list(desired)
        self.wants_plan = bool(params["make_plan"] or params["plan_dest"])
        self._approved: Approved | None = None
        if params["approved_plan"] is not None:
            self._approved = Approved(params["approved_plan"], params["approved_digest"], self._server, self._seal)
            self._approved.check_desired(self._desired)

    @property
    def is_given(self) -> bool:
        """Whether the run carries out an approved plan."""
        return self._approved is not None

    def site(self, url: str, pruned: bool, header: dict[str, Any], attempt: Prepared, clean: Callable[[Any], Any]) -> dict[str, Any]:
        """Return what a saved plan says of one site; see site_plan()."""
        return site_plan(url, pruned, header, attempt, self._seal, clean)

    def has(self, site: dict[str, Any]) -> bool:
        """Say whether a site may be worked on: it was approved, or no approval is asked for."""
        return self._approved is None or self._approved.find(site) is not None

    def check(self, site: dict[str, Any]) -> None:
        """Raise ItronError that says what moved, if a site is not to be done as it was approved."""
        if self._approved is not None:
            self._approved.check(site)

    def document(self, sites: list[dict[str, Any]], total: int) -> dict[str, Any]:
        """Return the saved plan. sites: what is to be done. total: number of sites that were compared."""
        return saved_plan(self._server, self._desired, sites, total, self._seal)


def wanted(params: dict[str, Any], *more: str) -> dict[str, Any]:
    """Return the options that say what a task wants. more: names of others that say how it is done."""
    return {name: value for name, value in params.items() if name not in _HOW and name not in more}


def _check_options(params: dict[str, Any], check_mode: bool) -> None:
    """Refuse options of plans that do not fit together. Raises InputError."""
    makes = params["make_plan"] or params["plan_dest"]
    if makes and not check_mode:
        raise InputError("make_plan: a plan is made in check mode, and this is a run that changes things",
                         hint="Run the play with --check, or set check_mode: true for the task.")
    if makes and params["approved_plan"] is not None:
        raise InputError("approved_plan: cannot be applied in a task that makes a plan")
    if params["approved_digest"] is not None and params["approved_plan"] is None:
        raise InputError("approved_digest: needs approved_plan")
    if isinstance(params["approved_plan"], str):
        raise InputError("approved_plan: a text or a file is read by the action plugin on the controller, and this is the module alone",
                         hint="Call the module by its full name, which begins with hostops.installatron, or give the plan as data.")
