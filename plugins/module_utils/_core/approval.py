# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Saved plans: creation, approval, and exact application; pure. This is a private util of the collection.

A saved plan contains no secrets. It contains fingerprints in their place, which cannot be computed or guessed without the API key.
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
# Options for the connection and for waiting, which do not affect the desired state.
_EXECUTION_OPTIONS = frozenset((*CONNECTION.options, *WAIT.options, *PACE.options, *PLANNING.options))

# Format of the document. Increased for changes that an older version of the collection would misinterpret.
FORMAT = 1
# Context of the key derivation, so that fingerprints never equal those of another kind.
_PURPOSE = b"hostops.installatron saved plan"
# Characters of a fingerprint: 80 bits.
_LENGTH = 20
# Maximum number of changed members that an error names.
_MAX_NAMED = 8


class Prepared(Protocol):
    """The interface of a prepared Attempt that a saved plan requires. Its work has C(lasting)."""

    work: Any
    current: Any
    plan: Plan
    diff: tuple[dict[str, Any], dict[str, Any]]


class Seal:
    """Creates fingerprints with the API key."""

    def __init__(self, api_key: str) -> None:
        self._key = hmac.new(str(api_key).encode(), _PURPOSE, hashlib.sha256).digest()

    def of(self, value: Any) -> str:
        """Return the fingerprint of a nested value, independent of the order of its keys."""
        return hmac.new(self._key, canonical(value).encode(), hashlib.sha256).hexdigest()[:_LENGTH]


def canonical(value: Any) -> str:
    """Return the canonical JSON of a value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)


def site_plan(url: str, pruned: bool, header: dict[str, Any], attempt: Prepared, seal: Seal, clean: Callable[[Any], Any]) -> dict[str, Any]:
    """Return the entry of one site in a saved plan.

    Arguments:
        url: URL of the site. pruned: whether the site is removed because the task does not list it. header: user, reseller and
            websites in API form. attempt: see Prepared. clean: callable(value) -> value without secrets.
    """
    row = attempt.current.row
    before, after = (clean(side) for side in attempt.diff)
    return {
        "url": url, "id": None if row is None else str(row["id"]), "action": clean(summary_of_plan(attempt.plan)), "pruned": pruned,
        "header": seal.of(header), "found": {name: seal.of(value) for name, value in attempt.work.lasting(attempt.current).items()},
        "steps": [_step(step.command, step.arguments, seal, clean) for step in attempt.plan.steps], "before": before, "after": after,
    }


def _step(command: str, arguments: dict[str, Any], seal: Seal, clean: Callable[[Any], Any]) -> dict[str, Any]:
    """Return a step with its arguments, and with fingerprints in place of secret arguments."""
    shown = clean(arguments)
    secret = {name: seal.of(value) for name, value in arguments.items() if shown.get(name) != value}
    return {"command": command, "arguments": {name: value for name, value in arguments.items() if name not in secret}, "secrets": secret}


def saved_plan(server: str, desired: Iterable[Any], sites: list[dict[str, Any]], total: int, seal: Seal) -> dict[str, Any]:
    """Return the document of a saved plan, with its digest.

    Arguments:
        server: address of the server. desired: the desired state of each site. sites: the sites to change, see site_plan().
        total: number of compared sites.
    """
    document = {"format": FORMAT, "server": server, "desired": seal.of(sorted(map(canonical, desired))), "total": total,
                "sites": sorted(sites, key=_place)}
    return dict(document, digest=seal.of(document))


def _place(site: dict[str, Any]) -> tuple[str, str]:
    """Return the sort key of a site in a plan."""
    return str(site["url"]), str(site["id"])


class Approved:
    """An approved plan.

    Arguments:
        document: the plan, not validated. digest: the approved digest, or None. server: address of the server of this run.
        seal: a Seal with its API key.

    Raises InputError for a document that is not a plan, has another format, is for another server or API key, or was edited.
    """

    def __init__(self, document: Any, digest: str | None, server: str, seal: Seal) -> None:
        if not isinstance(document, dict) or not isinstance(document.get("sites"), list):
            raise InputError("approved_plan: the value is not a saved plan", hint="Create one in check mode with make_plan.")
        if document.get("format") != FORMAT:
            raise InputError("approved_plan: the plan has format %s, but this version of the collection supports format %d" % (document.get("format"), FORMAT),
                             hint="Create the plan again with this version.")
        if document.get("server") != server:
            raise InputError("approved_plan: the plan was created for %s, but this task is for %s" % (document.get("server"), server))
        own = seal.of({name: value for name, value in document.items() if name != "digest"})
        if own != document.get("digest"):
            raise InputError("approved_plan: the digest does not match: the plan was edited, or created with another API key", hint="Create the plan again.")
        if digest is not None and own != digest:
            raise InputError("approved_digest: %s was approved, but the digest of this plan is %s" % (digest, own))
        self._desired = document["desired"]
        self._by_id = {str(site["id"]): site for site in document["sites"] if site["id"] is not None}
        self._by_site = {identity_of(site["url"]): site for site in document["sites"]}
        self._seal = seal

    def check_desired(self, desired: Iterable[Any]) -> None:
        """Raise InputError if the desired state, including its secrets, differs from the one that the plan was created for."""
        if self._seal.of(sorted(map(canonical, desired))) != self._desired:
            raise InputError("approved_plan: the task is not the one that the plan was created for: a file, an option or a secret has changed",
                             hint="Create the plan again, and have it approved.")

    def find(self, now: dict[str, Any]) -> dict[str, Any] | None:
        """Return the approved entry of a site, or None. now: see site_plan()."""
        return self._by_id.get(str(now["id"])) or self._by_site.get(identity_of(now["url"]))

    def check(self, now: dict[str, Any]) -> None:
        """Raise ItronError, which describes the changes, if the plan of a site differs from the approved one. now: see site_plan()."""
        approved = self.find(now) or {}
        if not now["steps"] or all(now[name] == approved.get(name) for name in ("found", "steps", "header", "pruned")):
            return
        found, before = now["found"], approved.get("found") or {}
        changed_names = sorted(name for name in {*found, *before} if found.get(name) != before.get(name))
        reasons = ["on the server: %s%s" % (", ".join(changed_names[:_MAX_NAMED]), ", ..." if len(changed_names) > _MAX_NAMED else "")] if changed_names else []
        if now["steps"] != approved.get("steps"):
            reasons.append("approved: %s; now: %s" % (approved.get("action"), now["action"]))
        raise ItronError("the site has changed since the plan was created (%s)" % ("; ".join(reasons) or "its user or websites"), stage="plan",
                         hint="Nothing was sent for this site. Create the plan again.")


class Approval:
    """Creates or applies the saved plan of one run.

    Arguments:
        params: the validated options of the task, including those of PLANNING. check_mode: whether the run makes no changes.
        desired: the desired state of each site, which an approved plan must match.

    Raises InputError for options that cannot be combined, and for a plan that is not for this task.
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
        """Whether the run executes an approved plan."""
        return self._approved is not None

    def site(self, url: str, pruned: bool, header: dict[str, Any], attempt: Prepared, clean: Callable[[Any], Any]) -> dict[str, Any]:
        """Return the entry of one site in a saved plan; see site_plan()."""
        return site_plan(url, pruned, header, attempt, self._seal, clean)

    def has(self, site: dict[str, Any]) -> bool:
        """Return whether a site may be changed: the approved plan contains it, or no approval is required."""
        return self._approved is None or self._approved.find(site) is not None

    def check(self, site: dict[str, Any]) -> None:
        """Raise ItronError, which describes the changes, if the plan of a site differs from the approved one."""
        if self._approved is not None:
            self._approved.check(site)

    def document(self, sites: list[dict[str, Any]], total: int) -> dict[str, Any]:
        """Return the saved plan. sites: the sites to change. total: number of compared sites."""
        return saved_plan(self._server, self._desired, sites, total, self._seal)


def wanted(params: dict[str, Any], *more: str) -> dict[str, Any]:
    """Return the options that describe the desired state of a task. more: names of additional options to exclude."""
    return {name: value for name, value in params.items() if name not in _EXECUTION_OPTIONS and name not in more}


def _check_options(params: dict[str, Any], check_mode: bool) -> None:
    """Raise InputError for options of saved plans that cannot be combined."""
    makes = params["make_plan"] or params["plan_dest"]
    if makes and not check_mode:
        raise InputError("make_plan: a plan can only be created in check mode",
                         hint="Run the play with --check, or set check_mode: true for the task.")
    if makes and params["approved_plan"] is not None:
        raise InputError("approved_plan: cannot be applied in a task that creates a plan")
    if params["approved_digest"] is not None and params["approved_plan"] is None:
        raise InputError("approved_digest: requires approved_plan")
    if isinstance(params["approved_plan"], str):
        raise InputError("approved_plan: only the action plugin can read a string or a file, and the module runs without it",
                         hint="Call the module by its full name, which begins with hostops.installatron, or pass the plan as a dictionary.")
