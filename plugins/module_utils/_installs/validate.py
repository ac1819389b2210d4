# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Checks the sites of files without a server, for itron_validate. This is a private util of the collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .._base.errors import InputError
from .._base.url import is_url, url_of
from .._core.argspec import HEADER, ArgumentSpec
from .._core.operation import Operation
from .._install.work import InstallWork
from .items import MAX_LISTED, Item, duplicates, examine, option_problems

if TYPE_CHECKING:
    from .._core.work import Report
    from .._redaction.redact import Redactor

VALIDATE = ArgumentSpec({
    "installs": {"type": "list", "elements": "dict"},
    "installs_from": {"type": "list", "elements": "str"},
    "defaults": {"type": "dict"},
}, required_one_of=[("installs", "installs_from")], mutually_exclusive=[("installs", "installs_from")])

# Options whose values only a server can check.
_SERVER_CHECKED = ("application", "version", "language", "settings", "plugins", "themes")


class Validation:
    """One check of descriptions. Has the interface of an Attempt but sends no requests."""

    def __init__(self, operation: Operation, redactor: Redactor, check_mode: bool, report: Report) -> None:
        self.redactor = redactor
        self.warnings: list[str] = []
        self._problems: list[str] = []
        self._unchecked: list[str] = []
        self._sites = 0

    def go(self, params: dict[str, Any]) -> None:
        """Check everything. Raises InputError with the first problems."""
        if params["installs"] is None:
            raise InputError("installs_from: only the action plugin can read the files, and the module runs without it",
                             hint="Call the module by its full name, hostops.installatron.itron_validate.")
        common = {name: params.get(name) for name in HEADER.options}
        items, problems = examine(params["installs"], params["defaults"], common)
        # The action plugin found file_problems while it read the files.
        self._problems = [*params.get("file_problems", ()), *problems, *option_problems(items), *duplicates(items), *_unknown_hosts(items)]
        self._sites = len(params["installs"])
        self._unchecked = list(_unchecked(items))
        if self._problems:
            raise InputError("%d problems in %d sites: %s" % (len(self._problems), self._sites, "; ".join(self._problems[:MAX_LISTED])),
                             hint="The result lists all problems." if len(self._problems) > MAX_LISTED else None)

    def result(self, diff: bool) -> dict[str, Any]:
        """Return the documented result."""
        result: dict[str, Any] = self.redactor.value({"sites": self._sites, "problems": self._problems, "unchecked": self._unchecked})
        return dict(result, changed=False)


def _unknown_hosts(items: list[Item]) -> Iterator[str]:
    """Yield a problem for each site whose host is not in the websites of its user (section 3.3, url)."""
    hosts: dict[str | None, set[str]] = {}
    for item in items:
        for website in item.header["websites"] or ():
            hosts.setdefault(item.header["user"], set()).update(map(_host, website.get("vhosts") or ()))
    for item in items:
        known = hosts.get(item.header["user"])
        url = item.params["url"]
        # option_problems() reports invalid URLs.
        if known and url and item.params["state"] == "present" and _host(url) not in known and is_url(url):
            yield "%s: url: no website of %s has the host %s" % (item.place, item.header["user"] or "the administrator", _host(url))


def _host(url: object) -> str:
    """Return the host and port of a URL."""
    return urlsplit(url_of(url)).netloc


def _unchecked(items: Iterable[Item]) -> Iterator[str]:
    """Yield a short text for each check that only a server can do."""
    items = list(items)
    for option in _SERVER_CHECKED:
        values = sorted({str(name) for item in items for name in _names(item.params.get(option))})
        if values:
            yield "%s: %s" % (option, ", ".join(values))
    bare = sum(item.header["websites"] is None for item in items)
    if bare:
        yield "url: the hosts of %d sites without websites" % bare


def _names(value: Any) -> Iterable[Any]:
    """Return the values of an option for the text; for settings, their names."""
    return () if value is None else value if isinstance(value, (list, dict)) else (value,)


OPERATION = Operation("itron_validate", VALIDATE.merge(HEADER), InstallWork, {}, attempt=Validation)
