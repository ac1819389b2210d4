# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The decisions of the role rollout: which sites, in which waves, how many failures, when; pure. This is a private util of the collection."""

from __future__ import annotations

import datetime
import fnmatch
import math
import zoneinfo

from ansible_collections.hostops.installatron.plugins.module_utils._base.url import identity_of
from ansible_collections.hostops.installatron.plugins.module_utils._base.versions import newest, version_key

from ._given import listed
from ._interrupted import is_interrupted
from ._safe_update import failures, is_failure, key_of

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Verdicts after which a site is not visited again in the same rollout.
DONE = ("updated", "unchanged")
STATE_FORMAT = 1


def select(installs, sites=(), application=None, below=None, plugin=None, include=(), exclude=(), state=None):
    """Return the sites of a rollout, as safe_update takes them, in the order of the list or of the server.

    Arguments:
        installs: all that the server lists, with list_plugins if plugin is given. sites: the list of the user; if there is
            none, everything that the server lists. application: only this one. below: only where its version, or that of
            the plugin, is below this one. plugin: only sites that have it. include, exclude: patterns (*, ?) of URLs
            without scheme, of owners, or ids. state: of begin; a site in it is in the rollout whatever its version is now.

    C(place) of a site is its place in the list of the user, which has its websites.
    """
    include, exclude = listed(include), listed(exclude)
    visited = set(state["verdicts"]) | set(state["begun"]) if state else ()
    by_key = {}
    for row in installs:
        by_key[row["id"]] = by_key[identity_of(row["url"])] = row
    chosen = []
    # Without the websites, which hold credentials: Ansible prints items and facts.
    listing = [{"place": place, **{name: value for name, value in site.items() if name != "websites"}} for place, site in enumerate(sites)]
    for site in listing or [{"id": row["id"], "url": row["url"]} for row in installs]:
        row = by_key.get(site.get("id")) or by_key.get(identity_of(site.get("url") or ""))
        if row is None:
            # safe_update says so in its verdict; a pattern may still leave it out.
            row = {"id": site.get("id") or "", "url": site.get("url") or "", "owner": site.get("user"), "application": application}
        elif not _is_wanted(row, application, None if key_of(row) in visited else below, plugin):
            continue
        if (not include or _matches(row, include)) and not _matches(row, exclude):
            chosen.append(dict(site, id=row["id"] or None, url=row["url"]))
    return chosen


def _is_wanted(row, application, below, plugin):
    """Say whether application and version of an install are among those that are meant."""
    if application and row["application"] != application:
        return False
    version = row["version"]
    if plugin:
        found = [entry for entry in row.get("list_plugins") or [] if plugin in (entry["id"], entry["id"].partition("/")[0])]
        if not found:
            return False
        version = found[0].get("version")
    return not below or version is None or version_key(version) < version_key(below)


def _matches(row, patterns):
    """Say whether one of the patterns names an install."""
    names = [str(row["id"]), identity_of(row["url"]), str(row["url"]), str(row.get("owner") or "")]
    return any(fnmatch.fnmatchcase(name, str(pattern)) for pattern in patterns for name in names)


def hold(sites, installs, releases, now, days=0, security=True, version="latest"):
    """Return C(sites), those whose new version is old enough, each with its version, and C(held), the others with a reason.

    Arguments:
        sites: of select. installs: all that the server lists. releases: of itron_app_facts, all of each application. now:
            Unix time. days: what a release must be old. security: whether a way that leads over a security release is free
            at once. version: latest, latest_minor, or an exact one.
    """
    rows = {row["id"]: row for row in installs}
    going, held = [], []
    for site in sites:
        row = rows.get(site["id"])
        wanted = site.get("version") or version
        if not days or not wanted or row is None:
            going.append(site)
            continue
        found, fresh = _release(row, releases, wanted, now, days, security)
        if found:
            going.append(dict(site, version=found))
        elif fresh:
            held.append(dict(site, reason="released less than %g days ago: %s" % (days, ", ".join(fresh))))
        else:
            going.append(site)
    return {"sites": going, "held": held}


def _release(row, releases, wanted, now, days, security):
    """Return the newest version that an install may get, or None, and the versions that are too fresh."""
    ahead = [entry for entry in releases if entry["application"] == row["application"]
             and version_key(entry["version"]) > version_key(row["version"]) and _is_meant(entry["version"], row["version"], wanted)]
    free, fresh = [], []
    for entry in ahead:
        urgent = security and any("security" in (other.get("tags") or []) for other in ahead
                                  if version_key(other["version"]) <= version_key(entry["version"]))
        (free if urgent or _age(entry.get("date"), now) >= days else fresh).append(entry["version"])
    return newest(free), fresh


def _is_meant(candidate, installed, wanted):
    """Say whether a version is one that C(wanted) asks for."""
    if wanted == "latest":
        return True
    if wanted == "latest_minor":
        return candidate.split(".")[:2] == installed.split(".")[:2]
    return version_key(candidate) == version_key(wanted)


def _age(date, now):
    """Return the age of a date (YYYY-MM-DD) in days; a release without a date is as old as the world."""
    try:
        day = datetime.datetime.strptime(str(date)[:10], "%Y-%m-%d").replace(tzinfo=datetime.timezone.utc)
    except ValueError:
        return math.inf
    return (now - day.timestamp()) / 86400


def waves(sites, canary=1, sizes=("10%", "30%", "100%"), state=None, retry=("failed", "rolled_back", "skipped")):
    """Return the waves of a rollout without what is done: tables with C(name), C(sites) and C(of), their number at first.

    Arguments:
        sites: all of them. canary: how many go first, or a list of patterns that name those. sizes: of the waves after the
            canary, numbers of sites or, as C("10%"), how far the rollout then is; what is left makes the last wave.
        state: of an earlier run. retry: verdicts with which a site is visited again.
    """
    if isinstance(canary, int) or str(canary).strip().isdigit():
        first = sites[:max(int(canary), 0)]
    else:
        first = [site for site in sites if _matches(dict(site, owner=site.get("user")), listed(canary))]
    named = [id(site) for site in first]
    rest = [site for site in sites if id(site) not in named]
    parts, position = [("canary", first)], 0
    for number, size in enumerate(listed(sizes) + ["100%"], 1):
        end = _end(size, position, len(rest))
        parts.append(("wave %d" % number, rest[position:end]))
        position = end
    verdicts, begun = (state or {}).get("verdicts", {}), (state or {}).get("begun", {})
    made = []
    for name, members in parts:
        left = [dict(site, begun=begun.get(key_of(site))) for site in members if _is_left(verdicts.get(key_of(site)), retry)]
        if left:
            made.append({"name": name, "sites": left, "of": len(members)})
    return made


def _end(size, position, count):
    """Return where a wave ends. Raises ValueError for a size that is none."""
    text = str(size).strip()
    end = math.ceil(count * float(text[:-1]) / 100) if text.endswith("%") else position + int(text)
    if end < position and not text.endswith("%"):
        raise ValueError("a wave has at least 1 site: %s" % size)
    return min(max(end, position), count)


def _is_left(verdict, retry):
    """Say whether a site is still to be visited."""
    return verdict is None or (verdict["verdict"] not in DONE and verdict["verdict"] in listed(retry) + ["planned"])


def budget(wave, failed, max_failures=0, max_fail_percentage=0):
    """Return how many sites of a wave may fail: none in the canary, otherwise what both rules leave.

    Arguments:
        wave: one of waves. failed: number of sites that failed before in this run. max_failures: how many may in a run; -1
            any number. max_fail_percentage: of the sites of a wave; -1 any.
    """
    if wave["name"] == "canary":
        return 0
    left = []
    if max_failures >= 0:
        left.append(max(max_failures - failed, 0))
    if max_fail_percentage >= 0:
        left.append(math.floor(len(wave["sites"]) * max_fail_percentage / 100))
    return min(left) if left else -1


def in_window(window, now):
    """Return None if a maintenance window is open, otherwise why not.

    Arguments:
        window: C(days), a list of mon to sun on which it begins (all); C(start) and C(end), HH:MM, over midnight if the end
            is earlier; C(timezone), such as Europe/Berlin (UTC). An empty one is always open. now: Unix time.
    """
    if not window:
        return None
    zone = zoneinfo.ZoneInfo(window.get("timezone") or "UTC")
    here = datetime.datetime.fromtimestamp(now, zone)
    days = [str(day).lower()[:3] for day in listed(window.get("days")) or DAYS]
    unknown = [day for day in days if day not in DAYS]
    if unknown:
        raise ValueError("no day of the week: %s" % ", ".join(unknown))
    start, end = _clock(window.get("start", "00:00")), _clock(window.get("end", "24:00"))
    minute = here.hour * 60 + here.minute
    today, yesterday = DAYS[here.weekday()], DAYS[here.weekday() - 1]
    if start < end:
        is_open = today in days and start <= minute < end
    else:
        is_open = (today in days and minute >= start) or (yesterday in days and minute < end)
    return None if is_open else "the maintenance window is closed (%s, %s)" % (here.strftime("%a %H:%M"), zone.key)


def _clock(text):
    """Return the minutes since midnight of HH:MM. YAML reads 22:00 without quotes as the number 1320, which is the same."""
    if isinstance(text, int):
        return text
    hour, colon, minute = str(text).partition(":")
    if not colon or not 0 <= int(hour) <= 24 or not 0 <= int(minute) < 60:
        raise ValueError("no time of the day: %s" % text)
    return int(hour) * 60 + int(minute)


def begin(state, target, now, interrupted=()):
    """Return the state to go on with: that of an earlier run towards the same target that is not complete, or a new one.

    Arguments:
        state: read from the file, or None. target: what the rollout is about, any table. now: Unix time. interrupted:
            verdicts of a wave that came to no end, as safe_update resumed them.
    """
    if state and state.get("format") != STATE_FORMAT:
        raise ValueError("the state file is of another format; move it away to start anew")
    if state and state["target"] == target and not state["complete"]:
        return dict(merge(state, interrupted), runs=state["runs"] + 1, stopped="")
    new = {"format": STATE_FORMAT, "target": target, "started": now, "runs": 1, "stopped": "", "complete": False, "verdicts": {},
           "begun": {}}
    # What was in the middle of an update is not forgotten, whatever the update was about.
    return merge(new, [verdict for verdict in interrupted if is_interrupted(verdict)])


def merge(state, verdicts, name=None):
    """Return the state with the verdicts of a wave; a site that was only left out because of a stop stays open.

    Arguments:
        state: C(verdicts), what is known of sites, and C(begun), what an interrupted run had begun on sites that are open.
        verdicts: of safe_update, or as it resumed them. name: of the wave.
    """
    known, begun = dict(state["verdicts"]), dict(state.get("begun") or {})
    for verdict in verdicts:
        key = key_of(verdict)
        kept = {part: verdict[part] for part in ("url", "id", "verdict", "reason", "message", "version_before", "version_after", "backup")}
        if verdict["verdict"] == "open":
            begun[key] = kept
        elif verdict["verdict"] != "planned" and (verdict["verdict"], verdict["reason"]) != ("skipped", "stopped"):
            begun.pop(key, None)
            known[key] = dict(kept, wave=name)
    return dict(state, verdicts=known, begun=begun)


def why_stop(verdicts, allowed):
    """Return why a rollout does not go on after a wave, or nothing. allowed: of budget."""
    count = failures(verdicts)
    if 0 <= allowed < count:
        names = ", ".join(str(verdict["url"]) for verdict in verdicts if is_failure(verdict))
        return "%d sites failed, and at most %d may: %s" % (count, allowed, names)
    return ""


def soaked(verdicts, healths):
    """Return the verdicts on a wave after the soak time; a site that got worse meanwhile needs somebody.

    Arguments:
        verdicts: of a wave. healths: against the baseline, one for each updated site.
    """
    following = iter(healths)
    made = []
    for verdict in verdicts:
        health = next(following) if verdict["verdict"] == "updated" else None
        if health is not None and not health["healthy"]:
            verdict = dict(verdict, verdict="attention", reason="soak", message="worse after the soak time: %s" % "; ".join(health["regressions"]))
        made.append(verdict)
    return made


def summary(state, sites, held, stopped):
    """Return the result of a rollout: C(complete), C(stopped), numbers by verdict, and what is open."""
    verdicts = [state["verdicts"].get(key_of(site)) for site in sites]
    counts = {}
    for verdict in verdicts:
        name = verdict["verdict"] if verdict else "open"
        counts[name] = counts.get(name, 0) + 1
    return {"complete": not held and all(verdict and verdict["verdict"] in DONE for verdict in verdicts),
            "stopped": stopped, "total": len(sites), "held": len(held), "counts": counts,
            "attention": [verdict for verdict in verdicts if verdict and verdict["verdict"] not in DONE]}


STAGES = {function.__name__: function for function in (
    select, hold, waves, budget, in_window, begin, merge, why_stop, soaked, summary)}
