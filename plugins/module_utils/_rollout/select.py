# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Selects the sites of a rollout and the releases that are old enough; pure functions. This is a private util of the collection."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable
from typing import Any

from .._base.url import identity_of
from .._base.versions import newest, version_key
from .._core.argspec import HEADER
from .._core.model import plain_text
from .._fleet.fleet import header_of
from .._install.fields import addon_table
from .case import Case, Options, key_of
from .waves import matches, texts


class Selection:
    """The sites that a task selects.

    Arguments:
        params: the validated options of itron_rollout. rows: all rows of C(installs). known: keys of the sites that an
            earlier run began or finished. They remain selected although their version has changed.
        visit: callable(row) -> row with the plugins of the site. Called only for sites that match all other options.

    An empty list of sites selects nothing. Without a list, all sites are selected. C(cases) contains a Case for each site, in
    the order of the user's list or of the server. Sites that cannot be found have a verdict already.
    """

    def __init__(self, params: dict[str, Any], rows: list[dict[str, Any]], known: Iterable[str], visit: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        self._params = params
        self._known = frozenset(known)
        self._visit = visit
        self._include, self._exclude = texts(params["include"]), texts(params["exclude"])
        self._by_id = {str(row.get("id")): row for row in rows}
        self._by_site: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            self._by_site.setdefault(identity_of(row.get("url")), []).append(row)
        self.cases: list[Case] = []
        self._taken: set[str] = set()
        if params["sites"] is not None:
            for site in params["sites"]:
                self._add_listed(site)
        else:
            for row in rows:
                self._add({}, row)

    def _add_listed(self, site: dict[str, Any]) -> None:
        """Add a site of the user's list, even if the server does not have it."""
        rows = self._rows_of(site)
        if len(rows) == 1 and str(rows[0].get("id")) not in self._taken:
            self._add(site, rows[0])
            return
        if not self._is_named(site.get("id") or "", site.get("url") or "", site.get("user")):
            return
        case = Case(url=site.get("url"), id=site.get("id"), options=self._options(site, None))
        if len(rows) == 1:
            case.close("skipped", "twice", "the site is in the list more than once")
        elif rows:
            case.close("skipped", "ambiguous", "several installed applications have this URL; name one by its id")
        else:
            case.close("skipped", "not_installed", "the server does not list an application with this id or URL")
        self.cases.append(case)

    def _rows_of(self, site: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the rows that match an entry of the list. If two rows differ only in the scheme, the exact URL decides."""
        if site.get("id") in self._by_id:
            return [self._by_id[site["id"]]]
        url = str(site.get("url") or "")
        rows = self._by_site.get(identity_of(url), []) if url else []
        exact = [row for row in rows if str(row.get("url")).rstrip("/") == url.rstrip("/")]
        return exact if len(rows) > 1 and len(exact) == 1 else rows

    def _add(self, site: dict[str, Any], row: dict[str, Any]) -> None:
        """Add a site of the server if the options select it."""
        id, url = str(row.get("id")), str(row.get("url"))
        if not self._is_named(id, url, row.get("owner")) or not self._is_wanted(row, key_of(url, id)):
            return
        self._taken.add(id)
        self.cases.append(Case(url=url, id=id, options=self._options(site, row), application=str(row.get("installer")),
                               version_before=plain_text(row.get("version"))))

    def _is_named(self, id: object, url: object, owner: object) -> bool:
        """Return whether include and exclude select a site."""
        return (not self._include or matches(self._include, id, url, owner)) and not matches(self._exclude, id, url, owner)

    def _is_wanted(self, row: dict[str, Any], key: str) -> bool:
        """Return whether application, version, and plugin of a site match the options."""
        application, below, plugin = (self._params[name] for name in ("application", "below", "plugin"))
        if application and str(row.get("installer")) != application:
            return False
        below = None if key in self._known else below
        if not plugin:
            return not below or version_key(row.get("version")) < version_key(below)
        for name, item in addon_table(self._visit(row).get("list-plugins")).items():
            if plugin in (name, name.partition("/")[0]):
                return not below or item.get("Version") is None or version_key(item["Version"]) < version_key(below)
        return False

    def _options(self, site: dict[str, Any], row: dict[str, Any] | None) -> Options:
        """Return the options of a site. They take precedence over those of the task."""
        params = self._params

        def of_site(name: str) -> Any:
            return params[name] if site.get(name) is None else site[name]

        health = {name: value for table in (params["health"], site.get("health")) for name, value in (table or {}).items() if value is not None}
        own = {name: site[name] for name in HEADER.options if site.get(name) is not None}
        header = header_of(params, own, plain_text((row or {}).get("owner")))
        return Options(of_site("version") or None, texts(of_site("plugins")), texts(of_site("themes")), bool(of_site("rollback")), health, header)


def hold_back(case: Case, releases: list[dict[str, Any]], now: float, days: float, security: bool) -> str:
    """Choose the newest version that is old enough. Return why a site must wait for a version, or an empty string.

    Arguments:
        case: its desired version is replaced by the exact version. releases: as app_result returns them, for the
            application of the case and others. now: Unix time. days: the minimum age of a release. security: whether to
            install an update at once if it includes a security release.
    """
    wanted, installed = case.options.version, case.version_before
    if not days or not wanted or installed is None:
        return ""
    ahead = [entry for entry in releases if entry["application"] == case.application
             and version_key(entry["version"]) > version_key(installed) and _is_meant(entry["version"], installed, wanted)]
    free: list[str] = []
    fresh: list[str] = []
    for entry in ahead:
        urgent = security and any("security" in (other.get("tags") or []) for other in ahead
                                  if version_key(other["version"]) <= version_key(entry["version"]))
        (free if urgent or _age_in_days(entry.get("date"), now) >= days else fresh).append(entry["version"])
    version = newest(free)
    if version is not None:
        case.options = case.options._replace(version=version)
        return ""
    return "released less than %g days ago: %s" % (days, ", ".join(fresh)) if fresh else ""


def _is_meant(candidate: str, installed: str, wanted: str) -> bool:
    """Return whether the option version selects a version."""
    if wanted == "latest":
        return True
    if wanted == "latest_minor":
        return candidate.split(".")[:2] == installed.split(".")[:2]
    return version_key(candidate) == version_key(wanted)


def _age_in_days(date: object, now: float) -> float:
    """Return the age of a date (YYYY-MM-DD) in days, or infinity for a release without a date."""
    try:
        day = datetime.datetime.strptime(str(date)[:10], "%Y-%m-%d").replace(tzinfo=datetime.timezone.utc)
    except ValueError:
        return math.inf
    return (now - day.timestamp()) / 86400
