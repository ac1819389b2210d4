# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Compares two readings of the installed applications; pure functions. This is a private util of the collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from .._base.uri import mask_uri
from .._base.versions import newest, version_key
from .event import Event, with_sites

# Members of a row of C(installs) that are evaluated (section 3.5).
MEMBERS = frozenset(("id", "url", "installer", "version", "owner", "version-available"))
_SECURITY = "security"

# callable(application, lowest version) -> releases with C(version) and C(tags).
Releases = Callable[[str, str], list[dict[str, Any]]]


class Site(NamedTuple):
    """The stored state of an installed application.

    update: the available version, or None. security: the newest security release that the update includes, or None.
    missing: whether the last reading did not list it. A site that is missing twice has disappeared.
    """

    url: str
    application: str
    version: str
    user: str | None
    update: str | None = None
    security: str | None = None
    missing: bool = False


Sites = dict[str, Site]


def table_of(id: str, site: Site) -> dict[str, Any]:
    """Return the members of a site in an event."""
    return {"id": id, "url": site.url, "application": site.application, "version": site.version, "user": site.user}


def compare_sites(old: Sites | None, rows: Iterable[dict[str, Any]], releases: Releases, reports_first: bool) -> tuple[Sites, list[Event]]:
    """Compare a list of installed applications with the previous state.

    Arguments:
        old: the previous state; None for the first reading, which yields no events of appeared or changed sites. rows: of C(installs).
        releases: reads the catalog. Called only for applications with changes. reports_first: whether the first reading yields
            events about updates.

    Returns (new state, events).
    """
    before = old or {}
    seen = {id: site for id, site in map(_site_of, rows) if id}
    events = [] if old is None else list(_changes(old, seen))
    fresh = [id for id, site in seen.items() if _has_news(before.get(id), site)]
    security = _security_releases({id: seen[id] for id in fresh}, releases)
    for id, site in seen.items():
        known = before.get(id)
        newest_security = security.get(id) if id in security or known is None else known.security
        seen[id] = site._replace(security=newest_security if site.update else None)
    if old is not None or reports_first:
        events += _updates(before, seen, fresh)
        events += _security_events(before, seen, fresh)
    return dict(seen, **_missing(before, seen)), events


def _site_of(row: dict[str, Any]) -> tuple[str, Site]:
    """Return (id, Site) for a row of C(installs). Mask credentials in the URL."""
    available = row.get("version-available")
    return str(row.get("id") or ""), Site(
        mask_uri(str(row.get("url") or "")), str(row.get("installer") or ""), str(row.get("version") or ""),
        None if row.get("owner") is None else str(row["owner"]), str(available) if available else None)


def _changes(old: Sites, seen: Sites) -> Iterator[Event]:
    """Yield the events of sites that appeared, changed their version, or disappeared."""
    for id, site in seen.items():
        known = old.get(id)
        if known is None:
            yield {"kind": "site_appeared", "site": table_of(id, site)}
        elif known.version != site.version:
            yield {"kind": "version_changed", "site": table_of(id, site), "from_version": known.version}
    for id, known in old.items():
        # The list may be incomplete, so a site must be missing twice.
        if known.missing and id not in seen:
            yield {"kind": "site_disappeared", "site": table_of(id, known)}


def _missing(before: Sites, seen: Sites) -> Sites:
    """Return the sites that are missing for the first time. Sites that are missing again are dropped."""
    return {id: site._replace(missing=True) for id, site in before.items() if id not in seen and not site.missing}


def _has_news(known: Site | None, site: Site) -> bool:
    """Return whether the version or the available version of a site has changed."""
    return bool(site.version and site.update) and (known is None or (known.version, known.update) != (site.version, site.update))


def _security_releases(fresh: Sites, releases: Releases) -> dict[str, str | None]:
    """Return the newest security release that the update of each site includes, or None if there is none."""
    lowest: dict[str, str] = {}
    for site in fresh.values():
        lowest[site.application] = min(lowest.get(site.application, site.version), site.version, key=version_key)
    tagged = {application: [str(release["version"]) for release in releases(application, version) if _SECURITY in (release.get("tags") or ())]
              for application, version in lowest.items()}
    # Cache, because thousands of sites have only a few versions.
    answers: dict[tuple[str, str, str | None], str | None] = {}
    for site in fresh.values():
        key = (site.application, site.version, site.update)
        if key not in answers:
            answers[key] = newest(version for version in tagged[site.application]
                                  if version_key(site.version) < version_key(version) <= version_key(site.update))
    return {id: answers[site.application, site.version, site.update] for id, site in fresh.items()}


def _updates(before: Sites, seen: Sites, fresh: list[str]) -> Iterator[Event]:
    """Yield an event for each newly available version, with the sites that it is available for."""
    groups: dict[tuple[str, str], list[str]] = {}
    for id in fresh:
        if id not in before or before[id].update != seen[id].update:
            groups.setdefault((seen[id].application, str(seen[id].update)), []).append(id)
    for (application, version), ids in sorted(groups.items()):
        yield from with_sites("update_available", [table_of(id, seen[id]) for id in ids], application=application, version=version)


def _security_events(before: Sites, seen: Sites, fresh: list[str]) -> Iterator[Event]:
    """Yield one event for each security release that sites newly lack. The event has no list of sites because it may be long."""
    groups: dict[tuple[str, str], Counter[str]] = {}
    for id in fresh:
        site = seen[id]
        if site.security and (id not in before or before[id].security != site.security):
            groups.setdefault((site.application, site.security), Counter())[site.version] += 1
    for (application, version), installed in sorted(groups.items()):
        yield {"kind": "security_release", "application": application, "version": version, "count": sum(installed.values()),
               "installed": [{"version": old, "count": installed[old]} for old in sorted(installed, key=version_key)]}
