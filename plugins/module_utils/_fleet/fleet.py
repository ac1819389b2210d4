# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Base of the runs over many sites: the connection, the lists, and the attempts. This is a private util of the collection."""

from __future__ import annotations

import abc
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from .._base.errors import ItronError
from .._base.text import printable_values
from .._core.argspec import HEADER
from .._core.connection import client_of, redactor_for, waiting_of
from .._core.operation import Attempt, Operation
from .._core.tasks import Clock
from .._core.work import silent
from .._wire.client import Client
from .._wire.header import header
from .attempts import SiteAttempt
from .pool import in_pool
from .snapshot import SharedWaiting, SiteClient, Snapshot

if TYPE_CHECKING:
    from .._core.work import Report
    from .._redaction.redact import Redactor

AnySiteAttempt = TypeVar("AnySiteAttempt", bound=SiteAttempt)


def scope(owned_accounts: bool) -> dict[str, str]:
    """Return the arguments of a list (sections 3.5 and 3.6) that includes the accounts that the user owns."""
    return {"filter-ownedaccounts": "yes"} if owned_accounts else {}


def failure_of(message: str, errors: Iterable[ItronError | None], hint: str | None = None) -> ItronError:
    """Return the failure of a task over many sites. errors: of the sites. The first error provides the details."""
    first = next((error for error in errors if error is not None), None) or ItronError("", stage="verify")
    return ItronError(message, stage=first.stage, command=first.command, errcode=first.errcode, errfield=first.errfield,
                      http_status=first.http_status, hint=hint)


def header_of(params: dict[str, Any], options: dict[str, Any], owner: str | None = None) -> dict[str, Any]:
    """Return the options of a site with its user. If that is the user of the task, add the reseller and the websites of the task.

    Arguments:
        params: the validated options of the task. options: of the site, none of them None. owner: the default for the user of
        the site. The user of the task is the default without an owner.
    """
    user = options.get("user") or owner or params.get("user")
    common = {name: params[name] for name in HEADER.options if user == params.get("user") and params.get(name) is not None}
    return {**common, **options, "user": user}


class Fleet:
    """Creates the clients and attempts of one run.

    Arguments:
        params: the validated options of the task. redactor: masks their secrets. check_mode: change nothing. clock: a Clock.

    C(lister) reads the lists, and its redactor masks their secrets. C(snapshot) stores the lists. C(waiting) paces the requests
    for tasks. Raises InputError for invalid options of the connection.
    """

    def __init__(self, params: dict[str, Any], redactor: Redactor, check_mode: bool, clock: Clock) -> None:
        client, self.warnings = client_of(params, redactor, check_mode)
        waiting = waiting_of(params)
        self.waiting = SharedWaiting(True, waiting.timeout, waiting.interval, waiting.settle, clock, sparing=True)
        # The lists contain the passwords of all databases. Only texts from the server are searched for them.
        self.lister = Client(client.transport, params["api_key"], header(params), redactor_for(params), check_mode)
        self.snapshot = Snapshot(self.lister, set(), self.waiting)
        self._params = params
        self._transport = client.transport
        self._api_key: str = params["api_key"]
        self._check_mode = check_mode

    def read(self, owned_accounts: bool) -> list[dict[str, Any]]:
        """Read C(installs) (section 3.5) into the snapshot and return its rows. owned_accounts: include the accounts that the user owns."""
        rows = self.lister.installs(**scope(owned_accounts))
        self.snapshot.take(rows)
        return rows

    def options_for(self, options: dict[str, Any], owner: str | None = None) -> dict[str, Any]:
        """Return the options of a site; see header_of."""
        return header_of(self._params, options, owner)

    def client(self, options: dict[str, Any]) -> SiteClient:
        """Return a client that does not use the snapshot. options: user, reseller, and websites. Raises InputError for invalid options."""
        client = self._client(options)
        client.go_live()
        return client

    def attempt(self, kind: type[AnySiteAttempt], operation: Operation, options: dict[str, Any], params: dict[str, Any]) -> AnySiteAttempt:
        """Return an attempt that plans from the snapshot. Raises InputError.

        Arguments:
            kind: its class. operation: an Operation. options: user, reseller, and websites. params: the validated options of the site.
        """
        client = self._client(options)
        return kind(operation, client.redactor, self._check_mode, client, self.snapshot, self.waiting, params)

    def live_attempt(self, operation: Operation, options: dict[str, Any], params: dict[str, Any]) -> Attempt:
        """Return an attempt that does not use the snapshot; see attempt()."""
        client = self.client(options)
        attempt = Attempt(operation, client.redactor, self._check_mode, silent)
        attempt.start(client, self.waiting, params)
        return attempt

    def _client(self, options: dict[str, Any]) -> SiteClient:
        """Return a client that answers from the snapshot."""
        redactor = redactor_for(dict(options, api_key=self._api_key))
        return SiteClient(self.snapshot, self._transport, self._api_key, header(options), redactor, self._check_mode)


class FleetAttempt(abc.ABC):
    """One run of an operation over many sites. Has the interface of an Attempt.

    Arguments:
        operation: the Operation. redactor: masks the secrets of the options. check_mode: plan and validate, but change nothing.
        report: callable(text, always=False) for progress lines. clock: a Clock; that of the system if omitted.
    """

    def __init__(self, operation: Operation, redactor: Redactor, check_mode: bool, report: Report, clock: Clock | None = None) -> None:
        self.redactor = redactor
        # Masks the secrets of the lists as well after they are read.
        self._list_redactor = redactor
        self.warnings: list[str] = []
        self._check_mode = check_mode
        self._report = report
        self._clock = clock or Clock()

    @abc.abstractmethod
    def go(self, params: dict[str, Any]) -> None:
        """Run the task. Raises ItronError."""

    @abc.abstractmethod
    def result(self, diff: bool) -> dict[str, Any]:
        """Return the documented result, as far as known, without secrets."""

    def _connect(self, params: dict[str, Any]) -> None:
        """Store the options and create the Fleet. Raises InputError."""
        self._params = params
        self._fleet = Fleet(params, self.redactor, self._check_mode, self._clock)
        self.warnings = self._fleet.warnings
        self._list_redactor = self._fleet.lister.redactor

    def _in_pool(self, function: Callable[[Any], object], items: Iterable[Any]) -> None:
        """Call a function for each item, with at most max_parallel calls at a time."""
        in_pool(function, items, self._params["max_parallel"])

    def _clean_text(self, text: str) -> str:
        """Return a text without the secrets of the task and of the lists."""
        return self._list_redactor.text(self.redactor.text(text))

    def _clean(self, value: Any) -> Any:
        """Return a value without the secrets of the task and of the lists."""
        return self._list_redactor.value(self.redactor.value(value))

    def _warn(self, url: str, attempt: Attempt) -> None:
        """Add the warnings of the attempt for one site."""
        self.warnings += ["%s: %s" % (url, attempt.redactor.text(warning)) for warning in attempt.warnings]

    def _diff_of(self, head: str, attempt: Attempt) -> dict[str, Any]:
        """Return the diff of one site. head: the site and the action."""
        before, after = (self._clean(attempt.redactor.value(side)) for side in attempt.diff)
        diff: dict[str, Any] = printable_values({"before_header": head, "after_header": head, "before": before, "after": after})
        return diff
